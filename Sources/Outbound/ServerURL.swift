// Which servers are called, and by which way: the operator's decision, whatever a tenant configures.

import Domain

/// The base of an HTTP API: scheme, host, port and a path that others are added to.
public struct ServerURL: Hashable, Sendable, CustomStringConvertible {
  /// Whether TLS protects the way.
  public let isSecure: Bool
  /// A DNS name or IPv4 address, in lower case.
  public let host: String
  public let port: Int
  /// Empty, or with a slash at its beginning and none at its end.
  public let path: String

  /// `host:port`: what an operator allows.
  public var authority: String { "\(host):\(port)" }

  public var description: String {
    let standard = isSecure ? 443 : 80
    return (isSecure ? "https://" : "http://") + host + (port == standard ? "" : ":\(port)") + path
  }

  /// Reads `http://` or `https://` with a host, perhaps a port and perhaps a path of letters, digits and `-._~/`. Nothing
  /// else: no user name, no query, no fragment, no percent signs, no step to a parent.
  ///
  /// - Returns: nil for anything else.
  public init?(_ text: String) {
    let isSecure: Bool
    var rest: Substring
    if text.hasPrefix("https://") {
      (isSecure, rest) = (true, text.dropFirst(8))
    } else if text.hasPrefix("http://") {
      (isSecure, rest) = (false, text.dropFirst(7))
    } else {
      return nil
    }
    guard text.utf8.count <= 300 else { return nil }
    self.isSecure = isSecure
    var path = ""
    if let slash = rest.firstIndex(of: "/") {
      path = String(rest[slash...])
      rest = rest[..<slash]
    }
    while path.hasSuffix("/") { path.removeLast() }
    guard path.utf8.allSatisfy({ Self.isWord($0) || "-._~/".utf8.contains($0) }), !path.contains("//"),
      !path.split(separator: "/").contains(where: { $0.allSatisfy { $0 == "." } })
    else { return nil }
    self.path = path
    var port = isSecure ? 443 : 80
    if let colon = rest.firstIndex(of: ":") {
      let digits = rest[rest.index(after: colon)...]
      guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
        (1...65_535).contains(number)
      else { return nil }
      port = number
      rest = rest[..<colon]
    }
    self.port = port
    let labels = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...253).contains(rest.utf8.count),
      labels.allSatisfy({ label in
        (1...63).contains(label.utf8.count) && label.utf8.allSatisfy { Self.isWord($0) || $0 == 0x2D }
          && label.first != "-" && label.last != "-"
      })
    else { return nil }
    host = rest.lowercased()
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}

/// The ways that the operator has opened to other servers.
public struct WaysOut: Sendable {
  /// How a server is reached.
  public enum Route: Sendable, Equatable {
    case network
    /// Through a socket that leads there, such as one of systemd-socket-proxyd.
    case socket(String)
  }

  private let hosts: Set<String>
  private let sockets: String
  private let exists: @Sendable (String) -> Bool

  /// - Parameters:
  ///   - hosts: `host:port` of the servers that are called over the network.
  ///   - sockets: a folder with a socket `host:port.sock` for each further server.
  ///   - exists: whether there is a file of that path.
  public init(hosts: Set<String>, sockets: String, exists: @escaping @Sendable (String) -> Bool) {
    self.hosts = hosts
    self.sockets = sockets
    self.exists = exists
  }

  /// nil where no way is open.
  public func route(to server: ServerURL) -> Route? {
    if hosts.contains(server.authority) { return .network }
    guard !sockets.isEmpty else { return nil }
    let path = "\(sockets)/\(server.authority).sock"
    return exists(path) ? .socket(path) : nil
  }
}
