import COpenSSL

/// One object of OpenSSL's, freed when its owner goes.
struct Handle: ~Copyable {
  /// Good for as long as the handle lives.
  let pointer: OpaquePointer
  private let release: @convention(c) (OpaquePointer?) -> Void

  /// Takes what a call has made; throws if it made nothing.
  init(_ pointer: OpaquePointer?, _ release: @convention(c) (OpaquePointer?) -> Void) throws(CryptoFailure) {
    guard let pointer else { throw CryptoFailure() }
    self.pointer = pointer
    self.release = release
  }

  deinit { release(pointer) }
}

/// OpenSSL could not do what it was asked to: out of memory, or data that it does not take.
public struct CryptoFailure: Error, CustomStringConvertible {
  public let description: String

  /// Takes the reason out of OpenSSL's queue of this thread, and empties the queue: another library in this process
  /// that asks it later must not find our errors there.
  init() {
    let reason = ERR_reason_error_string(ERR_peek_last_error())
    description = "OpenSSL: " + (reason.map { String(cString: $0) } ?? "no reason given")
    ERR_clear_error()
  }

  /// Throws unless a call gave 1, OpenSSL's word for "done".
  static func check(_ result: Int32) throws(CryptoFailure) {
    guard result == 1 else { throw CryptoFailure() }
  }
}
