/// The encoding of bodies (RFC 2045 section 6.7).
enum QuotedPrintable {
  /// Characters on a line, the mark of a soft line break among them.
  static let lineLimit = 76

  /// Text as lines of at most 76 characters of visible ASCII, spaces and tabs, ended by CR LF. Line breaks of any kind
  /// become CR LF; if the text does not end in one, one is added.
  static func encode(_ text: String) -> [UInt8] {
    var encoded: [UInt8] = []
    for line in lines(of: text) {
      var column = 0
      for (index, byte) in line.enumerated() {
        let isLast = index == line.count - 1
        let isPlain =
          (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
          // Blanks at the end of a line are taken away on the way (rule 3).
          || (byte == 0x20 || byte == 0x09) && !isLast
        let width = isPlain ? 1 : 3
        // Only at the end of a line may the last place be used: elsewhere it is the soft break's.
        if column + width > lineLimit - (isLast ? 0 : 1) {
          encoded += "=\r\n".utf8
          column = 0
        }
        if isPlain { encoded.append(byte) } else { encoded += escape(byte) }
        column += width
      }
      encoded += "\r\n".utf8
    }
    return encoded
  }

  /// `=` and two hexadecimal digits.
  static func escape(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private static func lines(of text: String) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == 0x0A, previous == 0x0D {
        // The break was made at its CR.
      } else if byte == 0x0A || byte == 0x0D {
        lines.append([])
      } else {
        lines[lines.count - 1].append(byte)
      }
      previous = byte
    }
    if lines.count > 1, lines.last == [] { lines.removeLast() }
    return lines
  }
}
