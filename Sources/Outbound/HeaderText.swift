/// Words in headers: ASCII as it is, anything else as encoded words (RFC 2047), folded. No input gives a line break
/// that is not followed by a space, so none can begin a header of its own.
enum HeaderText {
  /// Characters on a line with an encoded word (RFC 2047 section 2).
  private static let lineLimit = 76
  /// Characters of one encoded word, its marks among them.
  private static let wordLimit = 75
  private static let opening = "=?UTF-8?Q?"
  private static let closing = "?="

  /// The value of a header that is free text, such as Subject.
  ///
  /// - Parameter column: how much of the first line is taken already.
  static func unstructured(_ text: String, after column: Int) -> String {
    let clean = oneLine(text)
    let isPlain = clean.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !clean.contains("=?")
    return isPlain && column + clean.utf8.count <= lineLimit ? clean : encodedWords(clean, after: column)
  }

  /// A display name (RFC 5322 section 3.2.5: words or a quoted string).
  static func phrase(_ text: String, after column: Int) -> String {
    let clean = oneLine(text)
    // What a quoted string takes without a backslash.
    let isPlain = clean.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    return isPlain && !clean.contains("=?") && column + clean.utf8.count + 2 <= lineLimit
      ? "\"\(clean)\"" : encodedWords(clean, after: column)
  }

  /// Line breaks and other control characters become spaces, and spaces at both ends go.
  private static func oneLine(_ text: String) -> String {
    var scalars = text.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: " " as Unicode.Scalar
      default: scalar
      }
    }[...]
    while scalars.first == " " { scalars.removeFirst() }
    while scalars.last == " " { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func encodedWords(_ text: String, after column: Int) -> String {
    var words: [String] = []
    var word = ""
    // The first line has the header's name before it; the others begin with a space.
    var room = min(wordLimit, lineLimit - column) - opening.count - closing.count
    for scalar in text.unicodeScalars {
      // A character must not be cut in two (RFC 2047 section 5).
      let encoded = encode(scalar)
      if word.utf8.count + encoded.utf8.count > room {
        words.append(word)
        word = ""
        room = wordLimit - opening.count - closing.count
      }
      word += encoded
    }
    words.append(word)
    return words.map { opening + $0 + closing }.joined(separator: "\r\n ")
  }

  /// The Q encoding, with no more left as it is than section 5 rule 3 allows in a phrase.
  private static func encode(_ scalar: Unicode.Scalar) -> String {
    if scalar == " " { return "_" }
    if scalar.isASCII,
      "!*+-/".unicodeScalars.contains(scalar) || scalar.properties.isAlphabetic
        || ("0"..."9").contains(scalar)
    {
      return String(scalar)
    }
    return String(
      decoding: String(scalar).utf8.flatMap { QuotedPrintable.escape($0) }, as: UTF8.self)
  }
}
