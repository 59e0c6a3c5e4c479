import Threads

/// Counts from many threads.
final class Counter: Sendable {
  private let count = Locked(0)

  func add(_ amount: Int = 1) { count.withLock { $0 += amount } }
  var value: Int { count.withLock { $0 } }
}
