// Usage: how calls are written down, in Redis and, while Redis is away, in a spool file. Always as a field and an amount
// to add to it; hours count from 1970:
//   a,user,tenant,key,endpoint,hour       calls admitted by an API key
//   t,user,tenant,session,endpoint,hour   calls admitted by a session's token
//   c,user,tenant,endpoint,hour,error,class   calls ended; error 0 or 1, class of the latency histogram
//   l,user,tenant,endpoint,hour           microseconds that ended calls took
// An admission is counted by the script that admits it, exactly. How a call ended is known later; a thread adds that up
// and sends it with a later call, so a worker that is killed loses at most a tenth of a second of latencies and errors.
//
// A line of a spool file is `field amount when doubt`; doubt is the call's name (thread and number) where Redis did not
// answer and may have counted it, else `-`. With `!` before the name the call was refused in the end: if Redis did count
// it, that is taken back.

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
  ///
  /// - Parameter doubt: the call's name, where Redis may have counted it.
  public func admission(_ cached: CachedPrincipal, endpoint: String, doubt: CallName?) throws {
    try note(cached, endpoint, mark: doubt.map { "\($0.thread)/\($0.number)" } ?? "-")
  }

  /// Notes a call that was refused here though Redis may have counted it.
  public func refusal(_ cached: CachedPrincipal, endpoint: String, doubt: CallName) throws {
    try note(cached, endpoint, mark: "!\(doubt.thread)/\(doubt.number)")
  }

  private func note(_ cached: CachedPrincipal, _ endpoint: String, mark: String) throws {
    let when = Int(HostClock.wallSeconds() * 1000)
    try append("\(cached.eventPrefix)\(endpoint),\(when / 3_600_000) 1 \(when) \(mark)\n")
  }

  /// Notes what ended calls came to.
  public func completions(_ text: String) throws {
    let words = text.split(separator: " ")
    let when = Int(HostClock.wallSeconds() * 1000)
    var lines = ""
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      lines += "\(words[index]) \(words[index + 1]) \(when) -\n"
    }
    try append(lines)
  }

  /// Closes the file: Redis is back, and the reader may take the rest and remove it.
  public func close() {
    state.withLock { $0.file = nil }
  }

  private func append(_ line: String) throws {
    let failure: FileFailure? = state.withLock { state in
      do throws(FileFailure) {
        if state.file == nil {
          // Other hosts have instances and processes of the same names, and PostgreSQL knows all files by name.
          let unique = String(UInt64.random(in: .min ... .max), radix: 36)
          let name = "\(instance)-\(HostClock.processID)-\(HostClock.monotonicNanoseconds())-\(unique).spool"
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

/// Calls that have ended, added up by one thread until they are sent.
public struct Completions {
  private struct Kind: Hashable {
    let principal: ObjectIdentifier
    let endpoint: String
    let isError: Bool
    let latencyClass: Int
  }

  private struct Sum {
    let principal: CachedPrincipal
    var count = 0
    var microseconds = 0
  }

  private var sums: [Kind: Sum] = [:]
  private var since: UInt64 = 0

  public init() {}

  public var isEmpty: Bool { sums.isEmpty }

  /// Adds a call.
  ///
  /// - Parameter now: nanoseconds on the monotonic clock.
  public mutating func add(
    _ cached: CachedPrincipal, endpoint: String, status: Int, microseconds: Int, now: UInt64
  ) {
    if sums.isEmpty { since = now }
    let kind = Kind(
      principal: ObjectIdentifier(cached), endpoint: endpoint, isError: status >= 400,
      latencyClass: UsageCounts.latencyClass(microseconds))
    sums[kind, default: Sum(principal: cached)].count += 1
    sums[kind]?.microseconds += max(0, microseconds)
  }

  /// Whether it is time to send: a tenth of a second has gone by, or much has come together.
  public func areDue(now: UInt64) -> Bool {
    !sums.isEmpty && (now &- since > 100_000_000 || sums.count > 50)
  }

  /// Fields and amounts in turn, between spaces; nothing is left here.
  public mutating func take() -> String {
    defer { sums.removeAll(keepingCapacity: true) }
    let hour = Int(HostClock.wallSeconds()) / 3_600
    return sums.map { kind, sum in
      let place = "\(sum.principal.completionPrefix)\(kind.endpoint),\(hour)"
      return "c,\(place),\(kind.isError ? 1 : 0),\(kind.latencyClass) \(sum.count)"
        + " l,\(place) \(sum.microseconds)"
    }.joined(separator: " ")
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

  static func latencyClass(_ microseconds: Int) -> Int {
    boundaries.firstIndex { microseconds <= $0 * 1_000 } ?? boundaries.count
  }
}

/// What a number of fields and amounts come to.
struct UsageBatch: Sendable {
  private(set) var counts: [UsageCounts.Place: UsageCounts] = [:]
  /// The latest use of each key, in ms since 1970.
  private(set) var keyUses: [String: Int] = [:]
  /// The same of each session.
  private(set) var sessionUses: [String: Int] = [:]

  /// Adds a field. One that makes no sense is left out: it cannot be mended later.
  ///
  /// - Parameter when: ms since 1970, for the keys' last use.
  mutating func add(_ field: some StringProtocol, _ amount: Int, when: Int) {
    let parts = field.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count >= 5, let user = ID<User>(parts[1]), let tenant = ID<Tenant>(parts[2]) else {
      return
    }
    func place(_ endpoint: Int) -> UsageCounts.Place? {
      guard let hour = Int(parts[endpoint + 1]) else { return nil }
      return UsageCounts.Place(
        user: user.description, tenant: tenant.description, endpoint: String(parts[endpoint]),
        hour: hour)
    }
    switch (parts[0], parts.count) {
    case ("a", 6):
      guard let key = ID<Key>(parts[3]), let place = place(4) else { return }
      counts[place, default: UsageCounts()].requests += amount
      keyUses[key.description] = max(when, keyUses[key.description] ?? 0)
    case ("t", 6):
      guard let session = ID<Session>(parts[3]), let place = place(4) else { return }
      counts[place, default: UsageCounts()].requests += amount
      sessionUses[session.description] = max(when, sessionUses[session.description] ?? 0)
    case ("c", 7):
      guard let place = place(3), let error = Int(parts[5]), let index = Int(parts[6]),
        UsageCounts().histogram.indices.contains(index)
      else { return }
      counts[place, default: UsageCounts()].completed += amount
      if error == 1 { counts[place]?.errors += amount }
      counts[place]?.histogram[index] += amount
    case ("l", 5):
      guard let place = place(3) else { return }
      counts[place, default: UsageCounts()].microseconds += amount
    default: return
    }
  }
}
