// A strict parser of JSON texts (RFC 8259). What two parsers could read differently is refused: duplicate names,
// invalid UTF-8, lone surrogates, a byte order mark, numbers beyond the range of a double.

extension JSON {
  /// Why a text is not accepted, and at which byte.
  public struct SyntaxError: Error, Equatable, Sendable {
    public let message: String
    /// Bytes from the start of the text.
    public let offset: Int
  }

  /// How deep arrays and objects may nest: enough for any real client, little enough for any stack.
  public static let depthLimit = 128

  /// Parses a whole text.
  public init(parsing text: [UInt8]) throws(SyntaxError) {
    var parser = Parser(text: text)
    self = try parser.document()
  }
}

private struct Parser {
  let text: [UInt8]
  var offset = 0

  init(text: [UInt8]) { self.text = text }

  mutating func document() throws(JSON.SyntaxError) -> JSON {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard offset == text.count else { throw error("Unexpected text after the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSON.SyntaxError) -> JSON {
    guard let byte = peek() else { throw error("The text ends where a value should begin") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("A value cannot begin here")
    }
  }

  private mutating func object(depth: Int) throws(JSON.SyntaxError) -> JSON {
    guard depth < JSON.depthLimit else { throw error("Nested too deep") }
    offset += 1
    var members: [JSON.Member] = []
    var names: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard peek() == UInt8(ascii: "\"") else { throw error("A member name must be a string") }
      let start = offset
      let name = try string()
      guard names.insert(name).inserted else {
        offset = start
        throw error("This member name occurs twice")
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw error("A colon is missing") }
      skipSpace()
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("A comma or closing brace is missing") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSON.SyntaxError) -> JSON {
    guard depth < JSON.depthLimit else { throw error("Nested too deep") }
    offset += 1
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      skipSpace()
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("A comma or closing bracket is missing") }
    return .array(values)
  }

  private mutating func string() throws(JSON.SyntaxError) -> String {
    let start = offset
    offset += 1
    var bytes: [UInt8] = []
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        guard let string = String(validating: bytes, as: UTF8.self) else {
          offset = start
          throw error("This string is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        offset += 1
        try escape(into: &bytes)
      case 0..<0x20: throw error("A control character must be escaped")
      default:
        bytes.append(byte)
        offset += 1
      }
    }
    throw error("The text ends within a string")
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSON.SyntaxError) {
    guard let byte = peek() else { throw error("The text ends within a string") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0c)
    case UInt8(ascii: "n"): bytes.append(0x0a)
    case UInt8(ascii: "r"): bytes.append(0x0d)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = try hexadecimal()
      if 0xd800..<0xdc00 ~= scalar {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
          throw error("Half of a surrogate pair is missing")
        }
        let low = try hexadecimal()
        guard 0xdc00..<0xe000 ~= low else { throw error("Half of a surrogate pair is missing") }
        scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let unicode = Unicode.Scalar(scalar) else {
        throw error("Half of a surrogate pair is missing")
      }
      bytes.append(contentsOf: String(Character(unicode)).utf8)
    default:
      offset -= 1
      throw error("This escape is not known")
    }
  }

  private mutating func hexadecimal() throws(JSON.SyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("Four hexadecimal digits must follow \\u")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  private mutating func number() throws(JSON.SyntaxError) -> JSON {
    let start = offset
    var whole = true
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) {
      whole = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      whole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let digits = String(decoding: text[start..<offset], as: UTF8.self)
    if whole, let integer = Int(digits) { return .integer(integer) }
    guard let value = Double(digits), value.isFinite else {
      offset = start
      throw error("This number is out of range")
    }
    return .number(value)
  }

  private mutating func digits() throws(JSON.SyntaxError) {
    let start = offset
    while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { offset += 1 }
    guard offset > start else { throw error("A digit is missing") }
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.SyntaxError) -> JSON {
    for byte in word.description.utf8 {
      guard take(byte) else { throw error("This word is not known") }
    }
    return value
  }

  private func peek() -> UInt8? { offset < text.count ? text[offset] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      offset += 1
    }
  }

  private func error(_ message: String) -> JSON.SyntaxError {
    JSON.SyntaxError(message: message, offset: offset)
  }
}
