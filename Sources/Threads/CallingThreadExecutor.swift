// Asynchronous functions for a program of threads.
//
// The default executor is libdispatch's: it starts threads of its own, sets their priority, and complains on standard error
// where the sandbox does not allow that. A thread that waits for the function anyway can as well run it.

/// Runs an asynchronous function on the thread that waits for it.
public final class CallingThreadExecutor: TaskExecutor {
  private let jobs = Locked<[UnownedJob]>([])
  private let arrived = CountingSemaphore(slots: 1)

  private init() { _ = arrived.wait(timeout: .zero) }

  /// Runs `body` to its end.
  ///
  /// - Throws: what `body` throws.
  public static func wait<Value: Sendable>(
    for body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let executor = CallingThreadExecutor()
    let outcome = Locked<Result<Value, any Error>?>(nil)
    Task(executorPreference: executor) {
      let result: Result<Value, any Error>
      do {
        result = .success(try await body())
      } catch {
        result = .failure(error)
      }
      outcome.withLock { $0 = result }
    }
    while true {
      if let result = outcome.withLock({ $0 }) { return try result.get() }
      executor.runNext()
    }
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrived.signal()
  }

  private func runNext() {
    guard arrived.wait(timeout: .seconds(60)) else { return }
    let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    job?.runSynchronously(on: asUnownedTaskExecutor())
  }
}
