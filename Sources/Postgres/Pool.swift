// A small pool of connections, shared by the threads of one process. The hot path needs none, so it is smaller than
// the number of threads, and a thread that waits for anybody but PostgreSQL must hold none.

import Glibc
import Threads

/// A fixed number of connections, opened when first needed and again when broken.
public final class Pool: Sendable {
  /// One place for a connection.
  private final class Slot: @unchecked Sendable {
    // @unchecked because only the thread that took the slot's index from `free` touches it until it gives it back.
    var connection: Connection?
  }

  /// How long to leave a server alone that could not be reached.
  private struct Backoff {
    var failures = 0
    var notBefore: UInt64 = 0
    var reason = ""
  }

  private let dsn: String
  private let password: String?
  private let timeout: Duration
  private let patience: Duration
  private let slots: [Slot]
  private let free: Locked<[Int]>
  private let available: CountingSemaphore
  private let backoff = Locked(Backoff())

  /// - Parameters:
  ///   - size: connections at most.
  ///   - timeout: for opening one and for each statement.
  ///   - patience: how long a thread waits for a free connection before it is ``PostgresError/Kind/unreachable``.
  public init(
    dsn: String, password: String?, size: Int, timeout: Duration, patience: Duration = .seconds(1)
  ) {
    self.dsn = dsn
    self.password = password
    self.timeout = timeout
    self.patience = patience
    slots = (0..<max(1, size)).map { _ in Slot() }
    free = Locked(Array(slots.indices))
    available = CountingSemaphore(slots: slots.count)
  }

  /// Runs `body` with a connection of its own.
  public func withConnection<Result>(
    _ body: (inout Connection) throws -> Result
  ) throws -> Result {
    guard available.wait(timeout: patience) else {
      throw PostgresError(.unreachable, "all \(slots.count) connections are in use")
    }
    let index = free.withLock { $0.removeLast() }
    defer {
      free.withLock { $0.append(index) }
      available.signal()
    }
    let slot = slots[index]
    var connection: Connection
    if let kept = slot.connection.take(), kept.isUsable, kept.isQuiet {
      connection = kept
    } else {
      connection = try open()
    }
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try body(&connection))
    } catch {
      result = .failure(error)
    }
    if connection.isUsable { slot.connection = consume connection }
    return try result.get()
  }

  /// Runs `body` in a transaction, once more for each serialization failure or deadlock, three times at most.
  public func transaction<Result>(
    _ body: (inout Connection) throws -> Result
  ) throws -> Result {
    for attempt in 1... {
      do {
        return try withConnection { connection in try connection.transaction(body) }
      } catch let error as PostgresError where error.isWorthRetrying && attempt < 3 {
        usleep(UInt32.random(in: 1_000...10_000) * UInt32(attempt))
      }
    }
    preconditionFailure("the loop ends by returning or throwing")
  }

  private func open() throws(PostgresError) -> Connection {
    let blocked = backoff.withLock { (state: inout Backoff) -> String? in
      state.notBefore > Self.now() ? state.reason : nil
    }
    if let blocked { throw PostgresError(.unreachable, blocked) }
    let began = Self.now()
    do {
      let connection = try Connection(dsn: dsn, password: password, timeout: timeout)
      backoff.withLock { $0 = Backoff() }
      return connection
    } catch {
      // Doubling from 50 ms to 2 s, with jitter so that workers do not come back in step.
      // Threads that fail together are one failure: the first of them has set the pause.
      backoff.withLock { state in
        guard state.notBefore <= began else { return }
        let pause = min(2_000, 50 << min(state.failures, 6))
        state.failures += 1
        state.notBefore = Self.now() + UInt64(Int.random(in: pause / 2...pause)) * 1_000_000
        state.reason = error.message
      }
      throw error
    }
  }

  private static func now() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }
}
