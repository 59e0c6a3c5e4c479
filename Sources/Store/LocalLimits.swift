// Limits while Redis is away: each process counts for itself and admits a limit divided by the number of workers, so
// that all together never admit more than the limit. A window that began before Redis went may hold what was admitted
// until then as well: at most twice the limit in a window that lies across the moment (ARCHITECTURE.md, "Redis away").

public import Domain
import Threads

/// Rolling windows in memory, for one process.
public final class LocalLimits: Sendable {
  fileprivate struct Window {
    var stamps: [Int64] = []
    var first = 0
  }

  private let workers: Int
  private let windows = Locked<[String: [Window]]>([:])
  /// Subjects at most; beyond it all are forgotten, which only an outage with that many callers brings.
  private static let capacity = 50_000

  /// - Parameter workers: how many processes share each limit.
  public init(workers: Int) { self.workers = max(1, workers) }

  /// Decides and, if there is room in every window, counts.
  ///
  /// - Parameter now: nanoseconds on the monotonic clock.
  public func admit(_ subject: String, _ policies: [LimitPolicy], now: UInt64) -> LimitDecision {
    windows.withLock { all in
      if all.count >= Self.capacity { all = [:] }
      var mine = all.removeValue(forKey: subject) ?? []
      if mine.count != policies.count { mine = policies.map { _ in Window() } }
      let now = Int64(clamping: now)
      var decision = LimitDecision(violated: [], windows: [])
      for (index, policy) in policies.enumerated() {
        let length = Int64(policy.seconds) * 1_000_000_000
        let quota = policy.quota / workers
        mine[index].forget(before: now - length)
        let used = mine[index].stamps.count - mine[index].first
        if used >= quota { decision.violated.append(policy.name) }
        let oldest = used > 0 ? mine[index].stamps[mine[index].first] : now
        let wait = used >= quota || used > 0 ? oldest + length - now : 0
        decision.windows.append(
          WindowState(
            remaining: max(0, quota - used), reset: Int((wait + 999_999_999) / 1_000_000_000)))
      }
      if decision.isAdmitted {
        for index in policies.indices {
          mine[index].stamps.append(now)
          decision.windows[index].remaining -= 1
          if decision.windows[index].reset == 0 {
            decision.windows[index].reset = policies[index].seconds
          }
        }
      }
      all[subject] = mine
      return decision
    }
  }

  /// Forgets what was counted of a subject.
  public func forget(_ subject: String) { windows.withLock { $0[subject] = nil } }
}

extension LocalLimits.Window {
  /// Drops stamps that have left the window; those at the window's very start have.
  fileprivate mutating func forget(before limit: Int64) {
    while first < stamps.count, stamps[first] <= limit { first += 1 }
    if first > 1_024, first * 2 > stamps.count {
      stamps.removeFirst(first)
      first = 0
    }
  }
}

/// Leases while Redis is away: an account's share of running requests in this process.
public final class LocalLeases: Sendable {
  private let workers: Int
  private let out = Locked<[ID<User>: Int]>([:])

  /// - Parameter workers: how many processes share each cap.
  public init(workers: Int) { self.workers = max(1, workers) }

  /// Takes a lease if one is left; give it back with ``release(_:)``.
  public func take(_ user: ID<User>, cap: Int) -> Bool {
    out.withLock { out in
      guard out[user, default: 0] < cap / workers else { return false }
      out[user, default: 0] += 1
      return true
    }
  }

  public func release(_ user: ID<User>) {
    out.withLock { out in
      let left = out[user, default: 1] - 1
      out[user] = left > 0 ? left : nil
    }
  }
}

/// Which sessions this process has prolonged in PostgreSQL a moment ago, as it does while Redis is away: a write for each
/// call would make those calls wait for each other.
public final class SessionTouches: Sendable {
  private let touched = Locked<[ID<Session>: UInt64]>([:])
  private static let interval: UInt64 = 60_000_000_000
  private static let capacity = 50_000

  public init() {}

  /// Whether the last time is more than a minute ago; then this is one.
  ///
  /// - Parameter now: nanoseconds on the monotonic clock.
  public func isDue(_ session: ID<Session>, now: UInt64) -> Bool {
    touched.withLock { touched in
      if let last = touched[session], now < last + Self.interval { return false }
      if touched.count >= Self.capacity { touched = [:] }
      touched[session] = now
      return true
    }
  }
}
