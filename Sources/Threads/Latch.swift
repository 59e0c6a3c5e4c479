/// A door that is opened once, for all who wait before it.
public final class Latch: Sendable {
  /// Whoever takes it gives it back, so that the next one passes, too.
  private let token = CountingSemaphore(slots: 1)

  public init() { _ = token.wait(timeout: .zero) }

  /// Lets everybody pass, now and later.
  public func open() { token.signal() }

  public var isOpen: Bool { wait(timeout: .zero) }

  /// Waits at most `timeout`. Gives false if the latch was not opened in time.
  @discardableResult
  public func wait(timeout: Duration) -> Bool {
    guard token.wait(timeout: timeout) else { return false }
    token.signal()
    return true
  }
}
