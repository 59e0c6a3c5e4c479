import CFastCGI
import Glibc

/// A call about a socket failed.
public struct SocketFailure: Error, CustomStringConvertible, Sendable {
  public let description: String

  init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
  init(refused: String) { description = refused }
}

/// The unix socket that requests come through.
public struct ListeningSocket: Sendable {
  let descriptor: Int32
  /// The path, where this process made the socket itself.
  let path: String?

  /// A socket that systemd handed over.
  public init(handedOver descriptor: Int32) throws(SocketFailure) {
    var type: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &type, &length) == 0, type == 1 else {
      throw SocketFailure(refused: "descriptor \(descriptor) is not a listening socket")
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.descriptor = descriptor
    path = nil
  }

  /// Makes a socket of its own. Mode 0660: whoever reaches this socket is believed about the client's address, so only
  /// the owner and nginx's group may. A full backlog is an instant 502, hence its length.
  public init(path: String, backlog: Int32 = 4096) throws(SocketFailure) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SocketFailure(refused: "\(path): a unix socket's path has at most 107 bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketFailure("socket") }
    unlink(path)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, chmod(path, 0o660) == 0, listen(descriptor, backlog) == 0 else {
      throw SocketFailure(path)
    }
    self.descriptor = descriptor
    self.path = path
  }
}
