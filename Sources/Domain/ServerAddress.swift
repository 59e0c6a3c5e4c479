// Where a server listens, and by which servers Redis is found.

/// A unix socket, or a host and a port.
public enum ServerAddress: Hashable, Sendable, CustomStringConvertible {
  case socket(String)
  case network(host: String, port: Int)

  /// Reads `/path`, `host:port` or `[IPv6]:port`; nil for anything else.
  public init?(_ text: String) {
    if text.hasPrefix("/") {
      // struct sockaddr_un has room for no more.
      guard text.utf8.count <= 107 else { return nil }
      self = .socket(text)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    let isPlain = host.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"),
        UInt8(ascii: "%"):
        true
      default: false
      }
    }
    guard !host.isEmpty, isPlain else { return nil }
    self = .network(host: String(host), port: port)
  }

  public var description: String {
    switch self {
    case .socket(let path): path
    case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  /// The host, where it is one.
  public var host: String? {
    if case .network(let host, _) = self { return host }
    return nil
  }
}

/// How Redis is found.
public enum RedisServers: Hashable, Sendable {
  case one(ServerAddress)
  /// Redis Sentinel knows who is master.
  case sentinels([ServerAddress], master: String)

  /// Whether this Redis may lose what it has acknowledged, or be reached by some and not by others, while workers run
  /// on: a restart or a failover on another host. One behind a unix socket goes down with the workers' own host.
  public var mayLoseWrites: Bool {
    if case .one(.socket) = self { return false }
    return true
  }

  /// Hosts that must be reached, apart from the master's, which only the sentinels know.
  public var hosts: [String] {
    switch self {
    case .one(let address): address.host.map { [$0] } ?? []
    case .sentinels(let addresses, _): addresses.compactMap(\.host)
    }
  }
}
