import Glibc

/// A thread of the operating system, started at once; joined by hand, or let go when nobody holds it any more.
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
    let (handle, failed) = Self.create(stackSize, body)
    guard failed == 0 else {
      preconditionFailure("pthread_create: \(String(cString: strerror(failed)))")
    }
    self.handle = handle
  }

  /// Starts a thread that nobody joins. Gives false where the system allows no more.
  public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let (handle, failed) = create(2 << 20, body)
    guard failed == 0 else { return false }
    pthread_detach(handle)
    return true
  }

  /// A thread that is neither joined nor let go keeps its stack for good.
  deinit { pthread_detach(handle) }

  private static func create(_ stackSize: Int, _ body: @escaping @Sendable () -> Void) -> (pthread_t, Int32) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackSize)
    defer { pthread_attr_destroy(&attributes) }
    let start = Unmanaged.passRetained(Start(body))
    var handle = pthread_t()
    let failed = pthread_create(
      &handle, &attributes,
      { argument in
        if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start.toOpaque())
    if failed != 0 { start.release() }
    return (handle, failed)
  }

  /// Waits until the thread has ended.
  public consuming func join() {
    pthread_join(handle, nil)
    discard self
  }
}
