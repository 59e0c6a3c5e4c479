// Words as the analysis counts them, over UTF-8 bytes for speed.

enum WordList {
  /// Lower-case words without a plural s: "Dogs' foods" gives dog, food.
  static func tokens(of text: String) -> [String] {
    var result: [String] = []
    for word in words(of: text.lowercased()) {
      var token = word
      if token.hasSuffix("'s") || token.hasSuffix("’s") { token.removeLast(2) }
      let keeps = token.hasSuffix("ss") || token.hasSuffix("us") || token.hasSuffix("is")
      if token.utf8.count > 3, token.hasSuffix("s"), !keeps { token.removeLast() }
      result.append(token)
    }
    return result
  }

  static func words(of text: String) -> [String] {
    // Where all is ASCII a byte is a character.
    guard text.utf8.contains(where: { $0 >= 0x80 }) else {
      return text.utf8.split { byte in
        (byte | 0x20) &- 0x61 >= 26 && byte &- 0x30 >= 10 && byte != UInt8(ascii: "'")
      }.map { String(Substring($0)) }
    }
    return text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") })
      .map(String.init)
  }

  /// The number of words. Letters of every script and digits make words; an apostrophe inside
  /// a word belongs to it.
  static func count(_ text: String) -> Int {
    var total = 0
    forEachWord(in: Array(text.utf8)) { _ in total += 1 }
    return total
  }

  /// Calls `body` with the byte range of each word.
  static func forEachWord(in bytes: [UInt8], _ body: (Range<Int>) -> Void) {
    var start = -1
    var position = 0
    while position < bytes.count {
      let width = wordCharacterWidth(bytes, position)
      if width > 0 {
        if start < 0 { start = position }
        position += width
      } else if start >= 0, bytes[position] == 0x27, position + 1 < bytes.count,
        wordCharacterWidth(bytes, position + 1) > 0
      {
        position += 1
      } else {
        if start >= 0 { body(start..<position) }
        start = -1
        position += 1
      }
    }
    if start >= 0 { body(start..<bytes.count) }
  }

  /// The byte count of the letter or digit at a position, or 0 when none begins there.
  @inline(__always)
  private static func wordCharacterWidth(_ bytes: [UInt8], _ position: Int) -> Int {
    let byte = bytes[position]
    // Asked of every byte of a text several times.
    guard byte >= 0x80 else {
      return (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 ? 1 : 0
    }
    return wideCharacterWidth(bytes, position)
  }

  @inline(never)
  private static func wideCharacterWidth(_ bytes: [UInt8], _ position: Int) -> Int {
    let byte = bytes[position]
    if byte < 0xC0 { return 0 }
    let width = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    if position + width > bytes.count { return 0 }
    var value = UInt32(byte) & (width == 4 ? 0x07 : width == 3 ? 0x0F : 0x1F)
    for offset in 1..<width { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
    guard let scalar = Unicode.Scalar(value) else { return 0 }
    let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    // Combining accents continue a word.
    return isWord || (0x300...0x36F).contains(value) ? width : 0
  }

  /// ASCII lower case; other bytes stay as they are.
  static func lowered(_ text: String) -> [UInt8] {
    text.lowercased().utf8.map { $0 }
  }

  /// Where `needle` occurs first.
  static func place(of needle: [UInt8], in hay: [UInt8]) -> Int? {
    guard let first = needle.first, hay.count >= needle.count else { return nil }
    var position = 0
    while position <= hay.count - needle.count {
      if hay[position] == first {
        var offset = 1
        while offset < needle.count, hay[position + offset] == needle[offset] { offset += 1 }
        if offset == needle.count { return position }
      }
      position += 1
    }
    return nil
  }

  /// How often `needle` occurs, without overlaps.
  static func occurrences(of needle: [UInt8], in hay: [UInt8]) -> Int {
    guard let first = needle.first, hay.count >= needle.count else { return 0 }
    var total = 0
    var position = 0
    let last = hay.count - needle.count
    while position <= last {
      if hay[position] != first {
        position += 1
        continue
      }
      var offset = 1
      while offset < needle.count, hay[position + offset] == needle[offset] { offset += 1 }
      if offset == needle.count {
        total += 1
        position += needle.count
      } else {
        position += 1
      }
    }
    return total
  }
}
