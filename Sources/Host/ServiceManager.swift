// What a daemon says to systemd, and what it gets from it (man 3 sd_notify, man 3 sd_listen_fds).
//
// The protocol is one datagram to the socket named by NOTIFY_SOCKET; libsystemd would add a dependency for that.

import Glibc

/// The service manager that started this process, if one did.
public enum ServiceManager {
  /// The first descriptor that systemd hands over: SD_LISTEN_FDS_START.
  public static let firstListenDescriptor: Int32 = 3

  /// Whether systemd handed over a listening socket to exactly this process.
  public static var handedOverSocket: Bool {
    guard let pid = environment("LISTEN_PID"), pid == String(getpid()),
      let count = environment("LISTEN_FDS").flatMap({ Int($0) })
    else { return false }
    return count >= 1
  }

  /// How often the watchdog wants to hear from us, or nil if it is off. Half the time-out, as the manual advises.
  public static var watchdogInterval: Duration? {
    guard let microseconds = environment("WATCHDOG_USEC").flatMap({ Int64($0) }), microseconds > 0
    else { return nil }
    return .microseconds(microseconds / 2)
  }

  /// Sends a state such as `READY=1`; does nothing when nobody listens.
  public static func notify(_ state: String) {
    guard let path = environment("NOTIFY_SOCKET"), !path.isEmpty else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = withUnixAddress(path) { address, length in
      var state = state
      return state.withUTF8 { bytes in
        sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), address, length)
      }
    }
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// Runs `body` with the address of a unix socket. A leading `@` names the abstract namespace. Gives nil if the path
/// is longer than the 107 bytes that the kernel allows.
func withUnixAddress<Result>(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result? {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  var bytes = Array(path.utf8)
  guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
  if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
  }
}
