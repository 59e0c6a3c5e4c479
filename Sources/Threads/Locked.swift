// A value behind a mutex.
//
// `Synchronization.Mutex` would do the same, but its futex lives in the uninstrumented runtime, so the thread
// sanitizer reports false races on everything that it guards. A pthread mutex keeps those runs meaningful.

public import Glibc

/// A value that only one thread at a time may touch.
public final class Locked<Value: ~Copyable>: @unchecked Sendable {
  // @unchecked because every access to `value` happens between lock and unlock of `mutex`.
  @usableFromInline var value: Value
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>

  public init(_ value: consuming sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value, alone. Not reentrant: calling it again from `body` deadlocks.
  @inlinable
  public func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
