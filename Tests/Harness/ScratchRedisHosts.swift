// Redis as it stands on other hosts: over TCP, a master with a replica, and a sentinel that looks after them.

import Domain
import Glibc
public import Redis
public import Store
import Threads

/// One server on a port of 127.0.0.1.
public final class ScratchRedisHost: Sendable {
  private let servant: Servant
  public let port: Int

  /// - Parameters:
  ///   - master: whose replica it is; nil for none.
  ///   - sentinel: whom it watches as a sentinel, by the name `scratch`.
  public init(replicaOf master: Int? = nil, sentinelOf watched: Int? = nil) throws {
    let port = try Self.freePort()
    self.port = port
    let start: String
    if let watched {
      start = """
        cat >sentinel.conf <<CONF
        port \(port)
        bind 127.0.0.1
        dir $PWD
        sentinel monitor scratch 127.0.0.1 \(watched) 1
        sentinel down-after-milliseconds scratch 500
        sentinel failover-timeout scratch 3000
        CONF
        redis-server sentinel.conf --sentinel &
        """
    } else {
      start = """
        redis-server --port \(port) --bind 127.0.0.1 --save '' --appendonly no --dir "$PWD" \
          --repl-diskless-sync-delay 0 \(master.map { "--replicaof 127.0.0.1 \($0)" } ?? "") &
        """
    }
    servant = try Servant("redis-host", script: start + "\necho $! >program", ending: "KILL")
    try servant.wait {
      guard var connection = try? Redis.Connection(host: "127.0.0.1", port: port, deadline: .seconds(1)) else {
        return false
      }
      return (try? connection.send(Command("PING"))) == .status("PONG")
    }
  }

  /// Runs one command.
  @discardableResult
  public func run(_ name: StaticString, _ arguments: String...) throws -> Reply {
    var command = Command(name)
    for argument in arguments { command.append(argument) }
    var connection = try Redis.Connection(host: "127.0.0.1", port: port, deadline: .seconds(5))
    return try connection.send(command)
  }

  /// A fact of INFO.
  public func fact(_ name: String) throws -> String? {
    let lines = (try run("INFO").text ?? "").split(whereSeparator: \.isNewline)
    return lines.first { $0.hasPrefix("\(name):") }.map { String($0.dropFirst(name.count + 1)) }
  }

  /// Ends it as a crash would.
  public func crash() throws {
    guard let number = try fact("process_id").flatMap({ pid_t($0) }) else { throw ScratchFailure("no process_id") }
    kill(number, SIGKILL)
  }

  /// A thread's link to it.
  public func link(breaker: Breaker = Breaker()) -> RedisLink {
    RedisLink(
      RedisEndpoint(
        servers: .one(.network(host: "127.0.0.1", port: port)), password: nil, deadline: .seconds(2)),
      breaker: breaker)
  }

  private static func freePort() throws -> Int {
    let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(probe) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(probe, raw, length) == 0 && getsockname(probe, raw, &length) == 0
      }
    }
    guard bound else { throw ScratchFailure("bind: errno \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
