import Harness
import Redis
import Testing

@Suite(.serialized) struct ConnectionTests {
  private let redis: ScratchRedis

  init() throws { redis = try ScratchRedis.server(for: "RedisTests") }

  @Test func `Every kind of answer is read as what it is`() throws {
    var connection = try redis.connect()
    #expect(try connection.send(Command("PING")) == .status("PONG"))
    #expect(try connection.send(Command("SET", "k", "v")) == .status("OK"))
    #expect(try connection.send(Command("GET", "k")) == .bytes(Array("v".utf8)))
    #expect(try connection.send(Command("GET", "none")) == .null)
    #expect(try connection.send(Command("INCRBY", "n", "-7")) == .integer(-7))
    let script = "return {1, 'a', {2, {}}, false, redis.status_reply('S')}"
    #expect(
      try connection.send(Command("EVAL", script, "0"))
        == .array([
          .integer(1), .bytes([97]), .array([.integer(2), .array([])]), .null, .status("S"),
        ]))
    guard case .error(let message) = try connection.send(Command("INCR", "k")) else {
      Issue.record("no error")
      return
    }
    #expect(message.hasPrefix("ERR"))
    #expect((connection.isUsable) as Bool)
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 1_000, 70_000])
  func `Arguments of any bytes and any number arrive whole`(size: Int) throws {
    var connection = try redis.connect()
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var set = Command("SET", "bytes")
    set.append(bytes)
    #expect(try connection.send(set) == .status("OK"))
    #expect(try connection.send(Command("GET", "bytes")) == .bytes(bytes))
    // and in pieces, one an argument
    _ = try connection.send(Command("DEL", "list"))
    guard size > 0 else { return }
    var push = Command("RPUSH", "list")
    for index in 0..<size { push.append(index) }
    #expect(try connection.send(push) == .integer(size))
  }

  @Test func `Arguments encoded ahead and in two parts are arguments like others`() throws {
    var connection = try redis.connect()
    let fragment = Command.Fragment(["a", "", "\r\n$5\r\n", "é"])
    var command = Command("EVAL", "return ARGV", "0", "first")
    command.append(fragment)
    command.append("in two ", "parts")
    command.append(-12)
    let expected = ["first", "a", "", "\r\n$5\r\n", "é", "in two parts", "-12"]
    #expect(try connection.send(command).elements?.map(\.text) == expected)
  }

  @Test func `No text of a caller can become a command`() throws {
    var connection = try redis.connect()
    _ = try connection.send(Command("SET", "safe", "1"))
    let evil = "x\r\n*1\r\n$8\r\nFLUSHALL\r\n"
    #expect(try connection.send(Command("ECHO", evil)).text == evil)
    #expect(try connection.send(Command("GET", "safe")).text == "1")
  }

  @Test func `A late answer is never read as another's`() throws {
    // given
    var connection = try redis.connect(deadline: .milliseconds(100))
    _ = try connection.send(Command("SET", "first", "one"))
    _ = try connection.send(Command("SET", "second", "two"))
    try redis.freeze()
    defer { redis.thaw() }
    // when
    let clock = ContinuousClock()
    var error: RedisError?
    let took = clock.measure {
      error = #expect(throws: RedisError.self) {
        try connection.send(Command("GET", "first"))
      }
    }
    // then
    #expect(error?.kind == .noAnswer)
    #expect(took > .milliseconds(80) && took < .seconds(2))
    #expect((!connection.isUsable) as Bool)
    // and when the answer is there at last, nobody reads it
    redis.thaw()
    let refused = #expect(throws: RedisError.self) {
      try connection.send(Command("GET", "second"))
    }
    #expect(refused?.kind == .unreachable)
    var fresh = try redis.connect()
    #expect(try fresh.send(Command("GET", "second")).text == "two")
  }

  @Test func `A connection on which more came than the answer is done`() throws {
    // given: a command with two answers, as a shortened one leaves a rest that the next command would read
    var connection = try redis.connect()
    // when
    let error = #expect(throws: RedisError.self) { try connection.send(Command("SUBSCRIBE", "a", "b")) }
    // then
    #expect(error?.kind == .noAnswer)
    #expect((!connection.isUsable) as Bool)
  }

  @Test func `A connection that Redis closed is done`() throws {
    var connection = try redis.connect()
    let id = try #require(try connection.send(Command("CLIENT", "ID")).integer)
    try redis.run("CLIENT", "KILL", "ID", String(id))
    let error = #expect(throws: RedisError.self) { try connection.send(Command("PING")) }
    #expect(error?.kind == .noAnswer)
    #expect((!connection.isUsable) as Bool)
  }

  @Test func `Nobody there is told at once`() {
    let clock = ContinuousClock()
    let took = clock.measure {
      let error = #expect(throws: RedisError.self) {
        _ = try Connection(socket: "/nowhere/redis.sock", deadline: .seconds(5))
      }
      #expect(error?.kind == .unreachable)
    }
    #expect(took < .seconds(1))
  }

  @Test func `A wrong password is a connection that cannot be had, and is not told on`() throws {
    try redis.run("CONFIG", "SET", "requirepass", "right")
    defer {
      if var connection = try? redis.connect() {
        _ = try? connection.authenticate(password: "right")
        _ = try? connection.send(Command("CONFIG", "SET", "requirepass", ""))
      }
    }
    var connection = try redis.connect()
    let error = #expect(throws: RedisError.self) {
      try connection.authenticate(password: "wrong-4711")
    }
    #expect(error?.kind == .unreachable)
    #expect(error.map { !"\($0)".contains("4711") } == true)
    var second = try redis.connect()
    try second.authenticate(password: "right")
    #expect(try second.send(Command("PING")) == .status("PONG"))
  }
}
