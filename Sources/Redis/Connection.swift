// One connection to Redis through hiredis, with a deadline for every answer.
//
// After a time-out the answer may still come, and the next command would read it as its own. So a connection that
// has failed in any way is closed, never cleared and used on. The same goes for one on which more came than the answer:
// a length that was changed on its way leaves the rest for the next command.

import CHiredis
import Glibc

/// What Redis answered.
public enum Reply: Sendable, Equatable {
  case null
  case integer(Int)
  case bytes([UInt8])
  case status(String)
  case array([Reply])
  /// Redis refused the command: `NOSCRIPT …`, `READONLY …`, `OOM …`; the connection stays good.
  case error(String)

  /// The answer as text, if it is a string.
  public var text: String? {
    switch self {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .status(let text): text
    default: nil
    }
  }

  public var integer: Int? {
    if case .integer(let value) = self { return value }
    return nil
  }

  public var elements: [Reply]? {
    if case .array(let values) = self { return values }
    return nil
  }
}

/// Why no answer came.
public struct RedisError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The command never left: no connection could be made.
    case unreachable
    /// The command was sent and no answer came in time: Redis may still run it.
    case noAnswer
  }

  public let kind: Kind
  public let message: String
  public var description: String { "Redis: \(kind): \(message)" }

  public init(kind: Kind, message: String) {
    self.kind = kind
    self.message = message
  }
}

/// A command in the making: names, numbers and bytes, encoded as they come (RESP, section "Arrays").
public struct Command: Sendable {
  /// Room in front for `*count`, which is known last.
  private static let room = 8
  fileprivate var bytes: [UInt8]
  fileprivate var count = 0

  public init(_ name: StaticString) {
    bytes = [UInt8](repeating: 0, count: Self.room)
    bytes.reserveCapacity(1_024)
    append(name.description)
  }

  /// A command and its arguments.
  public init(_ name: StaticString, _ arguments: String...) {
    self.init(name)
    for argument in arguments { append(argument) }
  }

  @inline(__always)
  public mutating func append(_ argument: String) {
    begin(argument.utf8.count)
    bytes.append(contentsOf: argument.utf8)
    end()
  }

  /// Appends one argument that is written in two parts.
  public mutating func append(_ first: String, _ second: String) {
    begin(first.utf8.count + second.utf8.count)
    bytes.append(contentsOf: first.utf8)
    bytes.append(contentsOf: second.utf8)
    end()
  }

  public mutating func append(_ argument: [UInt8]) {
    begin(argument.count)
    bytes.append(contentsOf: argument)
    end()
  }

  public mutating func append(_ argument: Int) { append(String(argument)) }

  /// Appends arguments that were encoded once and are sent often.
  public mutating func append(_ fragment: Fragment) {
    bytes.append(contentsOf: fragment.bytes)
    count += fragment.count
  }

  /// Arguments encoded ahead.
  public struct Fragment: Sendable {
    fileprivate let bytes: [UInt8]
    fileprivate let count: Int

    /// One argument of any bytes.
    public init(bytes argument: [UInt8]) {
      var command = Command("")
      let name = command.bytes.count
      command.append(argument)
      bytes = Array(command.bytes[name...])
      count = 1
    }

    public init(_ arguments: [String]) {
      var command = Command("")
      let name = command.bytes.count
      for argument in arguments { command.append(argument) }
      bytes = Array(command.bytes[name...])
      count = arguments.count
    }
  }

  private mutating func begin(_ length: Int) {
    bytes.append(UInt8(ascii: "$"))
    bytes.append(contentsOf: String(length).utf8)
    bytes.append(13)
    bytes.append(10)
    count += 1
  }

  private mutating func end() {
    bytes.append(13)
    bytes.append(10)
  }

  /// Lends the whole command as it is sent.
  fileprivate consuming func withEncoded<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let head = Array("*\(count)\r\n".utf8)
    // `*` and up to five digits: the room holds any count that a command could have.
    let start = Self.room - head.count
    bytes.replaceSubrange(start..<Self.room, with: head)
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }
}

/// A connection, owned by one thread.
public struct Connection: ~Copyable {
  private let raw: UnsafeMutablePointer<redisContext>
  /// False once the connection must not be used again.
  public private(set) var isUsable = true

  /// Connects to a unix socket.
  ///
  /// - Parameters:
  ///   - deadline: for connecting, and for each answer.
  public init(socket: String, deadline: Duration) throws(RedisError) {
    try self.init(deadline: deadline) { limit in redisConnectUnixWithTimeout(socket, limit) }
  }

  /// Connects over TCP: without TLS, which hiredis 0.14 does not have.
  ///
  /// - Parameters:
  ///   - host: an address, or a name that the system resolves; that it may take longer than the deadline.
  public init(host: String, port: Int, deadline: Duration) throws(RedisError) {
    try self.init(deadline: deadline) { limit in
      redisConnectWithTimeout(host, Int32(truncatingIfNeeded: port), limit)
    }
  }

  private init(
    deadline: Duration, _ open: (timeval) -> UnsafeMutablePointer<redisContext>?
  ) throws(RedisError) {
    let (seconds, attoseconds) = deadline.components
    let limit = timeval(
      tv_sec: Int(seconds), tv_usec: max(1, Int(attoseconds / 1_000_000_000_000)))
    guard let context = open(limit) else {
      throw RedisError(kind: .unreachable, message: "out of memory")
    }
    guard context.pointee.err == 0, redisSetTimeout(context, limit) == REDIS_OK else {
      let message = Self.message(context)
      redisFree(context)
      throw RedisError(kind: .unreachable, message: message)
    }
    raw = context
  }

  deinit { redisFree(raw) }

  /// Proves who we are.
  ///
  /// - Throws: ``RedisError`` of kind `unreachable` if the password is refused.
  public mutating func authenticate(password: String) throws(RedisError) {
    if case .error = try send(Command("AUTH", password)) {
      isUsable = false
      throw RedisError(kind: .unreachable, message: "the password was refused")
    }
  }

  /// Sends one command and waits for its answer.
  public mutating func send(_ command: consuming Command) throws(RedisError) -> Reply {
    guard isUsable else { throw RedisError(kind: .unreachable, message: "the connection has failed") }
    let raw = raw
    let appended = command.withEncoded {
      redisAppendFormattedCommand(raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    var answer: UnsafeMutableRawPointer?
    guard appended == REDIS_OK, redisGetReply(raw, &answer) == REDIS_OK, let answer else {
      isUsable = false
      throw RedisError(kind: .noAnswer, message: Self.message(raw))
    }
    defer { freeReplyObject(answer) }
    guard raw.pointee.reader.pointee.pos == raw.pointee.reader.pointee.len else {
      isUsable = false
      throw RedisError(kind: .noAnswer, message: "more came than the answer")
    }
    return Self.reply(answer.assumingMemoryBound(to: redisReply.self).pointee)
  }

  private static func reply(_ raw: redisReply) -> Reply {
    switch raw.type {
    case REDIS_REPLY_INTEGER: .integer(Int(raw.integer))
    case REDIS_REPLY_STRING: .bytes([UInt8](UnsafeRawBufferPointer(start: raw.str, count: raw.len)))
    case REDIS_REPLY_STATUS: .status(text(raw))
    case REDIS_REPLY_ERROR: .error(text(raw))
    case REDIS_REPLY_ARRAY:
      .array(
        (0..<raw.elements).map { index in
          raw.element[index].map { reply($0.pointee) } ?? .null
        })
    default: .null
    }
  }

  private static func text(_ raw: redisReply) -> String {
    String(decoding: UnsafeRawBufferPointer(start: raw.str, count: raw.len), as: UTF8.self)
  }

  private static func message(_ context: UnsafeMutablePointer<redisContext>) -> String {
    withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: 128) { String(cString: $0) }
    }
  }
}
