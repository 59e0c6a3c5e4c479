import Glibc

/// A thread of the operating system, started at once and joined by hand.
public struct Thread: ~Copyable, Sendable {
  private let handle: pthread_t

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - stackSize: bytes. 2 MiB leaves room for the deepest JSON that the parser accepts.
  ///   - body: what it runs; the thread ends when it returns.
  public init(stackSize: Int = 2 << 20, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackSize)
    defer { pthread_attr_destroy(&attributes) }
    let start = Unmanaged.passRetained(Start(body)).toOpaque()
    var handle = pthread_t()
    let failed = pthread_create(
      &handle, &attributes,
      { argument in
        if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start)
    guard failed == 0 else {
      preconditionFailure("pthread_create: \(String(cString: strerror(failed)))")
    }
    self.handle = handle
  }

  /// Waits until the thread has ended.
  public consuming func join() {
    pthread_join(handle, nil)
  }
}
