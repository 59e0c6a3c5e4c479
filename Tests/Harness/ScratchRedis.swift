// A private Redis on a unix socket: one a suite, since some suites empty, stop or freeze theirs.

import Glibc
public import Redis
public import Store
import Threads

/// The private server.
public final class ScratchRedis: Sendable {
  private let servant: Servant
  private static let running = Locked<[String: ScratchRedis]>([:])

  /// The server of a suite, started when first asked for.
  public static func server(for suite: String) throws -> ScratchRedis {
    try running.withLock { running throws in
      if let known = running[suite] { return known }
      let server = try ScratchRedis()
      running[suite] = server
      return server
    }
  }

  private init() throws(ScratchFailure) {
    servant = try Servant(
      "redis",
      script: """
        redis-server --port 0 --unixsocket "$PWD/socket" --unixsocketperm 777 --save '' \
          --appendonly no --dir "$PWD" &
        echo $! >program
        """,
      ending: "KILL")
    let socket = socket
    try servant.wait {
      guard var connection = try? Redis.Connection(socket: socket, deadline: .seconds(1)) else {
        return false
      }
      return (try? connection.send(Command("PING"))) == .status("PONG")
    }
  }

  public var socket: String { servant.folder + "/socket" }

  /// A new folder that goes with the server.
  public func makeFolder() throws -> String {
    var template = Array("\(servant.folder)/XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ScratchFailure("mkdtemp: errno \(errno)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A connection with much patience.
  public func connect(deadline: Duration = .seconds(5)) throws -> Redis.Connection {
    try Redis.Connection(socket: socket, deadline: deadline)
  }

  /// A thread's link, with a breaker of its own unless one is given.
  public func link(
    breaker: Breaker = Breaker(), deadline: Duration = .seconds(5)
  ) -> RedisLink {
    RedisLink(
      RedisEndpoint(socket: socket, password: nil, deadline: deadline), breaker: breaker)
  }

  /// Runs one command.
  @discardableResult
  public func run(_ name: StaticString, _ arguments: String...) throws -> Reply {
    var command = Command(name)
    for argument in arguments { command.append(argument) }
    var connection = try connect()
    return try connection.send(command)
  }

  /// Forgets everything.
  public func empty() throws { try run("FLUSHALL") }

  /// Stops the process where it stands; what is sent to it waits in its sockets.
  public func freeze() throws { kill(try processID(), SIGSTOP) }

  /// Lets a frozen process run on.
  public func thaw() { kill(frozen.withLock { $0 }, SIGCONT) }

  private let frozen = Locked<pid_t>(0)

  private func processID() throws -> pid_t {
    let text = try run("INFO", "server").text ?? ""
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("process_id:") }
    guard let number = line.flatMap({ pid_t($0.dropFirst("process_id:".count)) }) else {
      throw ScratchFailure("no process_id in INFO")
    }
    frozen.withLock { $0 = number }
    return number
  }
}
