// Usage events: how a call is written down, in the stream and, while Redis is away, in a spool file.
//
// Two kinds, because an admission is counted in the script that admits it, before anybody knows how the call ends:
//   admission   user,tenant,key,endpoint
//   completion  user,tenant,endpoint,status,microseconds,when     (when: ms since 1970; several joined by ';')
// A spool file has a line an event: `a nonce when doubt event` or `c event`; doubt is 1 where Redis did not answer and
// may have counted the call.

import Domain
import Host
import Threads

/// Writes usage events to a file of its own while Redis is away.
public final class UsageSpool: Sendable {
  private struct State: ~Copyable {
    var file: LockedAppendFile?
  }

  private let folder: String
  private let instance: String
  private let state = Locked(State())

  /// - Parameters:
  ///   - folder: where spool files lie.
  ///   - instance: part of the file's name.
  public init(folder: String, instance: String) {
    self.folder = folder
    self.instance = instance
  }

  /// Notes an admitted call.
  public func admission(
    _ cached: CachedPrincipal, endpoint: String, nonce: String, mayHaveRun: Bool
  ) throws {
    let when = Int(HostClock.wallSeconds() * 1000)
    try append("a \(nonce) \(when) \(mayHaveRun ? 1 : 0) \(cached.eventPrefix)\(endpoint)\n")
  }

  /// Notes ended calls.
  public func completions(_ events: String) throws { try append("c \(events)\n") }

  /// Closes the file: Redis is back, and the reader may take the rest and remove it.
  public func close() {
    state.withLock { $0.file = nil }
  }

  private func append(_ line: String) throws {
    let failure: FileFailure? = state.withLock { state in
      do throws(FileFailure) {
        if state.file == nil {
          let name = "\(instance)-\(HostClock.processID)-\(HostClock.monotonicNanoseconds()).spool"
          state.file = try LockedAppendFile(creating: "\(folder)/\(name)")
        }
        try state.file?.append(Array(line.utf8))
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}

/// A call that has ended.
public struct Completion: Sendable {
  public static func event(
    _ cached: CachedPrincipal, endpoint: String, status: Int, microseconds: Int
  ) -> String {
    let principal = cached.principal
    let when = Int(HostClock.wallSeconds() * 1000)
    return "\(principal.userID),\(principal.tenantID),\(endpoint),\(status),\(microseconds),\(when)"
  }
}

/// Counts of one account, tenant, endpoint and hour.
struct UsageCounts: Sendable {
  struct Place: Hashable, Sendable {
    let user: String
    let tenant: String
    let endpoint: String
    /// Hours since 1970.
    let hour: Int
  }

  var requests = 0
  var errors = 0
  var completed = 0
  var microseconds = 0
  var histogram = [Int](repeating: 0, count: boundaries.count + 1)

  /// Upper ends of the histogram's classes in milliseconds; V0002_usage.sql names them too.
  static let boundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500]

  mutating func complete(status: Int, microseconds: Int) {
    completed += 1
    if status >= 400 { errors += 1 }
    self.microseconds += microseconds
    let index = Self.boundaries.firstIndex { microseconds <= $0 * 1_000 } ?? Self.boundaries.count
    histogram[index] += 1
  }
}

/// What a number of events come to.
struct UsageBatch: Sendable {
  private(set) var counts: [UsageCounts.Place: UsageCounts] = [:]
  /// The latest use of each key, in ms since 1970.
  private(set) var keyUses: [String: Int] = [:]

  /// Counts an admission at `when`, ms since 1970. An event that makes no sense is left out: it cannot be mended later.
  mutating func admission(_ event: some StringProtocol, when: Int) {
    let parts = event.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 4, let user = ID<User>(parts[0]), let tenant = ID<Tenant>(parts[1]),
      let key = ID<Key>(parts[2])
    else { return }
    let place = UsageCounts.Place(
      user: user.description, tenant: tenant.description, endpoint: String(parts[3]),
      hour: when / 3_600_000)
    counts[place, default: UsageCounts()].requests += 1
    keyUses[key.description] = max(when, keyUses[key.description] ?? 0)
  }

  /// Counts ended calls.
  mutating func completions(_ events: some StringProtocol) {
    for event in events.split(separator: ";") {
      let parts = event.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 6, let user = ID<User>(parts[0]), let tenant = ID<Tenant>(parts[1]),
        let status = Int(parts[3]), let microseconds = Int(parts[4]), let when = Int(parts[5])
      else { continue }
      let place = UsageCounts.Place(
        user: user.description, tenant: tenant.description, endpoint: String(parts[2]),
        hour: when / 3_600_000)
      counts[place, default: UsageCounts()].complete(status: status, microseconds: microseconds)
    }
  }
}
