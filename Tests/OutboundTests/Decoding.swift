// Readers for what Outbound writes, straight from the RFCs and sharing nothing with it.

/// Undoes quoted-printable (RFC 2045 section 6.7); nil if it is none.
func decodeQuotedPrintable(_ bytes: [UInt8]) -> [UInt8]? {
  var decoded: [UInt8] = []
  var index = 0
  while index < bytes.count {
    guard bytes[index] == UInt8(ascii: "=") else {
      decoded.append(bytes[index])
      index += 1
      continue
    }
    guard index + 2 < bytes.count else { return nil }
    let next = String(decoding: bytes[(index + 1)..<(index + 3)], as: UTF8.self)
    if next != "\r\n" {
      guard let byte = UInt8(next, radix: 16) else { return nil }
      decoded.append(byte)
    }
    index += 3
  }
  return decoded
}

/// Undoes folding and encoded words (RFC 5322 section 2.2.3, RFC 2047 section 6.2); nil if a word is cut inside a
/// character or is too long.
func decodeHeader(_ value: String) -> String? {
  let unfolded = value.replacing("\r\n ", with: " ")
  guard unfolded.hasPrefix("=?") else { return unfolded }
  var text = ""
  // Blanks between two encoded words do not count.
  for word in unfolded.split(separator: " ") {
    guard word.count <= 75, word.hasPrefix("=?UTF-8?Q?"), word.hasSuffix("?=") else { return nil }
    let inside = word.dropFirst(10).dropLast(2).replacing("_", with: "=20")
    guard let bytes = decodeQuotedPrintable(Array(inside.utf8)), let part = String(validating: bytes, as: UTF8.self)
    else { return nil }
    text += part
  }
  return text
}

/// The lines of a message; nil if a line break is anything but CR LF, or the last line has none.
func linesOfMessage(_ bytes: [UInt8]) -> [[UInt8]]? {
  var lines: [[UInt8]] = []
  var line: [UInt8] = []
  var index = 0
  while index < bytes.count {
    switch bytes[index] {
    case 0x0D:
      guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return nil }
      lines.append(line)
      line = []
      index += 1
    case 0x0A: return nil
    default: line.append(bytes[index])
    }
    index += 1
  }
  return line.isEmpty ? lines : nil
}

/// Text of characters that are hard on encoders, the same for the same seed.
struct RandomText: RandomNumberGenerator {
  var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    // xorshift64*
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func text(upTo limit: Int, lineBreaks: Bool) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...limit, using: &self) {
      switch Int.random(in: 0..<10, using: &self) {
      case 0: text += " "
      case 1: text += one(of: lineBreaks ? ["\n", "\r\n", "\r", " \n", "\t\n"] : ["="])
      case 2: text += one(of: ["=", "==", "=_letter", "--", ".", "\t", "?=", "=?"])
      case 3...5: text.unicodeScalars.append(Unicode.Scalar(UInt8.random(in: 0x21...0x7E, using: &self)))
      case 6, 7: append(UInt32.random(in: 0xA1...0xD7FF, using: &self), to: &text)
      default: append(UInt32.random(in: 0x1_0000...0x10_FFFF, using: &self), to: &text)
      }
    }
    return text
  }

  private mutating func one(of texts: [String]) -> String { texts.randomElement(using: &self) ?? "" }

  private func append(_ value: UInt32, to text: inout String) {
    if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
  }
}
