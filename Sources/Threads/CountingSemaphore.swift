import Glibc

/// A counting semaphore with a deadline: so many at once, the others wait, but not for ever.
public final class CountingSemaphore: @unchecked Sendable {
  // @unchecked because `free` is only touched with `mutex` held.
  private var free: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  /// - Parameter slots: how many may pass at once; at least 1.
  public init(slots: Int) {
    free = max(1, slots)
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    // The monotonic clock: a step of the wall clock must neither end nor prolong a wait.
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Takes a slot, waiting at most `timeout`. Gives false if none came free in time.
  public func wait(timeout: Duration) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let (seconds, attoseconds) = timeout.components
    deadline.tv_sec += Int(seconds)
    deadline.tv_nsec += Int(attoseconds / 1_000_000_000)
    if deadline.tv_nsec >= 1_000_000_000 {
      deadline.tv_sec += 1
      deadline.tv_nsec -= 1_000_000_000
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while free == 0 {
      if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return false }
    }
    free -= 1
    return true
  }

  /// Gives a slot back.
  public func signal() {
    pthread_mutex_lock(mutex)
    free += 1
    pthread_cond_signal(changed)
    pthread_mutex_unlock(mutex)
  }
}
