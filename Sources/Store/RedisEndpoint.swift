// Where Redis is, and how a connection to its master is made.

public import Domain
import Redis
import Threads

/// Where Redis is and how long to wait for it.
public struct RedisEndpoint: Sendable {
  public let servers: RedisServers
  public let password: Secret<String>?
  /// What the sentinels themselves ask for.
  public let sentinelPassword: Secret<String>?
  public let deadline: Duration
  /// The sentinel that answered last is asked first.
  private let lastSentinel = SentinelMemory()

  public init(
    servers: RedisServers, password: Secret<String>?, sentinelPassword: Secret<String>? = nil, deadline: Duration
  ) {
    self.servers = servers
    self.password = password
    self.sentinelPassword = sentinelPassword
    self.deadline = deadline
  }

  public init(socket: String, password: Secret<String>?, deadline: Duration) {
    self.init(servers: .one(.socket(socket)), password: password, deadline: deadline)
  }

  /// A connection, and what tells this server, in this part of its life, from every other.
  struct Opened: ~Copyable {
    var connection: Redis.Connection
    /// Empty where nothing can take the server's place.
    let identity: String
  }

  /// Connects to the master.
  func open() throws(RedisError) -> Opened {
    switch servers {
    case .one(let address):
      var connection = try connect(address, password)
      let identity = servers.mayLoseWrites ? try Self.identity(of: &connection) : ""
      return Opened(connection: connection, identity: identity)
    case .sentinels(let sentinels, let master):
      // A sentinel that was cut off names the master of before; its role, or the next sentinel, tells.
      var failure = RedisError(kind: .unreachable, message: "no sentinel is named")
      let first = lastSentinel.index
      for offset in sentinels.indices {
        let index = (first + offset) % sentinels.count
        do throws(RedisError) {
          let address = try ask(sentinels[index], for: master)
          var connection = try connect(address, password)
          let identity = try Self.identity(of: &connection)
          lastSentinel.index = index
          return Opened(connection: connection, identity: identity)
        } catch {
          failure = error
        }
      }
      throw failure
    }
  }

  /// Where a sentinel says that the master is.
  func ask(_ sentinel: ServerAddress, for master: String) throws(RedisError) -> ServerAddress {
    var connection = try connect(sentinel, sentinelPassword)
    let reply = try connection.send(Command("SENTINEL", "get-master-addr-by-name", master))
    guard let parts = reply.elements, parts.count == 2, let host = parts[0].text,
      let port = parts[1].text.flatMap({ Int($0) })
    else {
      let words = if case .error(let message) = reply { message } else { "knows no master named \(master)" }
      throw RedisError(kind: .unreachable, message: "sentinel \(sentinel): \(words)")
    }
    return .network(host: host, port: port)
  }

  /// What each sentinel says: for whoever looks after them.
  public func sentinelReports() -> [SentinelReport] {
    guard case .sentinels(let sentinels, let master) = servers else { return [] }
    return sentinels.map { sentinel in
      do throws(RedisError) {
        let address = try ask(sentinel, for: master)
        var connection = try connect(sentinel, sentinelPassword)
        let quorum = try connection.send(Command("SENTINEL", "ckquorum", master))
        let words: String? = if case .error(let message) = quorum { message } else { nil }
        return SentinelReport(sentinel: sentinel, master: address, failure: words)
      } catch {
        return SentinelReport(sentinel: sentinel, master: nil, failure: error.message)
      }
    }
  }

  /// Every master and replica that a sentinel knows: any of them may be the master one day.
  public func serversKnownToSentinels() -> [ServerAddress] {
    guard case .sentinels(let sentinels, let master) = servers else { return [] }
    var found: [ServerAddress] = []
    for sentinel in sentinels {
      guard let address = try? ask(sentinel, for: master) else { continue }
      found.append(address)
      guard var connection = try? connect(sentinel, sentinelPassword),
        let replicas = try? connection.send(Command("SENTINEL", "replicas", master)).elements
      else { continue }
      for replica in replicas {
        let words = (replica.elements ?? []).map { $0.text ?? "" }
        func value(_ name: String) -> String? {
          stride(from: 0, to: words.count - 1, by: 2).first { words[$0] == name }.map { words[$0 + 1] }
        }
        guard let host = value("ip"), let port = value("port").flatMap({ Int($0) }) else { continue }
        found.append(.network(host: host, port: port))
      }
    }
    return found
  }

  private func connect(
    _ address: ServerAddress, _ password: Secret<String>?
  ) throws(RedisError) -> Redis.Connection {
    var connection: Redis.Connection
    switch address {
    case .socket(let path): connection = try Redis.Connection(socket: path, deadline: deadline)
    case .network(let host, let port):
      connection = try Redis.Connection(host: host, port: port, deadline: deadline)
    }
    if let password { try connection.authenticate(password: password.exposed) }
    return connection
  }

  /// The process and its replication history: a restart changes the one, a promotion the other.
  ///
  /// - Throws: if the server is not a master.
  private static func identity(of connection: inout Redis.Connection) throws(RedisError) -> String {
    var facts: [Substring: Substring] = [:]
    for section in ["server", "replication"] {
      let reply = try connection.send(Command("INFO", section))
      if case .error(let message) = reply { throw RedisError(kind: .unreachable, message: message) }
      let text = reply.text ?? ""
      for line in text.split(whereSeparator: \.isNewline) {
        guard let colon = line.firstIndex(of: ":") else { continue }
        facts[line[..<colon]] = line[line.index(after: colon)...]
      }
    }
    guard facts["role"] == "master" else {
      throw RedisError(kind: .unreachable, message: "READONLY: the server is a replica")
    }
    guard let process = facts["run_id"], let history = facts["master_replid"] else {
      throw RedisError(kind: .unreachable, message: "no sense in the answer to INFO")
    }
    return "\(process):\(history)"
  }
}

/// What one sentinel says of the master.
public struct SentinelReport: Sendable {
  public let sentinel: ServerAddress
  /// Where it says that the master is.
  public let master: ServerAddress?
  /// Why it is of no use, or could not bring about a failover.
  public let failure: String?
}

/// Which sentinel answered last, for all threads of a process.
private final class SentinelMemory: Sendable {
  private let state = Locked(0)
  var index: Int {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
