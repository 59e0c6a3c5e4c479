// Tokens of a sentence: words with their inner hyphens, dots, commas and apostrophes, and the marks between them. The
// rules are those of segtok 1.5's web tokenizer, the code is our own.

/// Splits sentences into words and marks.
enum WordTokenizer {
  /// The tokens in order, contractions in two ("don't" gives "do", "n't").
  static func tokens(of sentence: ArraySlice<UInt32>) -> [Scalars] {
    var result: [Scalars] = []
    var span: [Scalars] = []
    for piece in sentence.split(whereSeparator: ScalarClass.isSpace) {
      if let address = address(in: piece) {
        var before = Scalars(piece[..<address.lowerBound])
        if !before.isEmpty { split(before[...], into: &span) }
        before.removeAll()
        result += closed(span)
        span.removeAll()
        result.append(Scalars(piece[address]))
        if address.upperBound < piece.endIndex { split(piece[address.upperBound...], into: &span) }
      } else {
        split(unescaped(piece)[...], into: &span)
      }
    }
    result += closed(span)
    return result.flatMap(contractionSplit)
  }

  // MARK: Words

  /// Words and what lies between them.
  private static func split(_ text: ArraySlice<UInt32>, into tokens: inout [Scalars]) {
    var index = text.startIndex
    var gap = text.startIndex
    while index < text.endIndex {
      let end = endOfWord(text, index)
      if end == index {
        index += 1
        continue
      }
      if gap < index { tokens.append(Scalars(text[gap..<index])) }
      tokens.append(Scalars(text[index..<end]))
      index = end
      gap = end
    }
    if gap < text.endIndex { tokens.append(Scalars(text[gap...])) }
  }

  private static func endOfWord(_ text: ArraySlice<UInt32>, _ start: Int) -> Int {
    var index = start
    func at(_ position: Int) -> UInt32 { position < text.endIndex ? text[position] : 0 }
    while index < text.endIndex {
      let scalar = text[index]
      let next = at(index + 1)
      let second = at(index + 2)
      if ScalarClass.isAlphanumeric(scalar) {
        if next == 0x2E, !(second == 0x2E && at(index + 3) == 0x2E) {
          index += 2
        } else if next == 0x2C, ScalarClass.isAlphanumeric(second) {
          index += 2
        } else if next == 0x3A, ScalarClass.isDigit(scalar), ScalarClass.isDigit(second) {
          index += 2
        } else if isHyphen(next), ScalarClass.isAlphanumeric(second) {
          index += 2
        } else if isApostrophe(next), isHyphen(second), ScalarClass.isAlphanumeric(at(index + 3)) {
          index += 3
        } else if next == 0x27, ScalarClass.isAlphanumeric(second) {
          index += 2
        } else if next == 0x27, scalar == 0x73, index + 2 == text.endIndex {
          index += 2
        } else {
          index += 1
        }
      } else if isApostrophe(scalar), !isApostrophe(next) {
        index += 1
      } else {
        break
      }
    }
    return index
  }

  private static func isHyphen(_ scalar: UInt32) -> Bool {
    scalar == 0x2D || scalar == 0xAD || (scalar >= 0x2010 && scalar <= 0x2012)
  }

  /// Marks that look like an apostrophe, but for the ASCII one.
  private static func isApostrophe(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xB4, 0x2B9, 0x2BC, 0x2019, 0x2032: true
    default: false
    }
  }

  /// Cuts the sentence's end mark off its last word, and commas, semicolons and colons off any.
  private static func closed(_ tokens: [Scalars]) -> [Scalars] {
    var tokens = tokens
    for index in tokens.indices.suffix(3).reversed() {
      let word = tokens[index]
      guard let first = word.first, let last = word.last else { continue }
      let isWord = ScalarClass.isAlphanumeric(first)
      guard isWord || word.contains(where: ScalarClass.isTerminal) else { continue }
      if word.count == 1 || word == [0x2E, 0x2E, 0x2E] { break }
      if ScalarClass.isTerminal(last) {
        tokens[index].removeLast()
        tokens.insert([last], at: index + 1)
      } else if ScalarClass.isTerminal(first) {
        tokens[index].removeFirst()
        tokens.insert([first], at: index)
      }
      break
    }
    var result: [Scalars] = []
    for token in tokens {
      var word = token
      var marks: [Scalars] = []
      while word.count > 1, let last = word.last, last == 0x2C || last == 0x3B || last == 0x3A {
        word.removeLast()
        marks.append([last])
      }
      result.append(word)
      result += marks.reversed()
    }
    return result
  }

  private static let contractions: Set<String> = ["d", "ll", "m", "re", "s", "t", "ve"]

  private static func contractionSplit(_ token: Scalars) -> [Scalars] {
    guard let mark = token.lastIndex(where: { $0 == 0x27 || isApostrophe($0) }), mark > 0,
      token.count - mark - 1 <= 2, contractions.contains(String(token[(mark + 1)...])),
      token[..<mark].allSatisfy({ ScalarClass.isAlphanumeric($0) || isHyphen($0) })
    else { return [token] }
    var cut = mark
    if token.count > 2, token.last == 0x74, mark + 2 == token.count, token[mark - 1] == 0x6E { cut -= 1 }
    if cut == 0 { return [token] }
    return [Scalars(token[..<cut]), Scalars(token[cut...])]
  }

  // MARK: Addresses and entities

  /// Where a URL or an e-mail address lies in a piece without spaces.
  private static func address(in piece: ArraySlice<UInt32>) -> Range<Int>? {
    var start = piece.startIndex
    while start < piece.endIndex, "<\"'([{".unicodeScalars.contains(where: { $0.value == piece[start] }) { start += 1 }
    var end = piece.endIndex
    while end > start, ">\"')]}".unicodeScalars.contains(where: { $0.value == piece[end - 1] }) { end -= 1 }
    let text = piece[start..<end]
    if let at = text.firstIndex(of: 0x40), at > start, isHost(text[(at + 1)...]) { return start..<end }
    guard let first = text.first, first < 0x80, ScalarClass.isLetter(first) else { return nil }
    var host = text
    if let slash = host.firstIndex(where: { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }) { host = host[..<slash] }
    if let colon = host.firstIndex(of: 0x3A) {
      guard host[(colon + 1)...].allSatisfy({ ScalarClass.isDigit($0) }), colon + 1 < host.endIndex else { return nil }
      host = host[..<colon]
    }
    return host.count > 3 && isHost(host) ? start..<end : nil
  }

  /// Labels of word characters and hyphens with dots between them, one at least.
  private static func isHost(_ text: ArraySlice<UInt32>) -> Bool {
    let labels = text.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard labels.count >= 2, let last = labels.last, !last.isEmpty, last.allSatisfy(ScalarClass.isWord) else {
      return false
    }
    return labels.allSatisfy { label in !label.isEmpty && label.allSatisfy { ScalarClass.isWord($0) || $0 == 0x2D } }
  }

  private static let entities: [String: UInt32] = [
    "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0xA0, "ndash": 0x2013, "mdash": 0x2014,
    "hellip": 0x2026, "rsquo": 0x2019, "lsquo": 0x2018, "rdquo": 0x201D, "ldquo": 0x201C, "deg": 0xB0, "eacute": 0xE9,
    "frac12": 0xBD, "times": 0xD7, "copy": 0xA9, "reg": 0xAE, "trade": 0x2122, "euro": 0x20AC, "pound": 0xA3,
  ]

  /// Entities of HTML as the characters they stand for.
  private static func unescaped(_ piece: ArraySlice<UInt32>) -> Scalars {
    guard piece.contains(0x26) else { return Scalars(piece) }
    var out = Scalars()
    var index = piece.startIndex
    while index < piece.endIndex {
      let scalar = piece[index]
      if scalar == 0x26, let end = piece[index...].prefix(10).firstIndex(of: 0x3B) {
        let name = piece[(index + 1)..<end]
        var value = entities[String(name)]
        if name.first == 0x23 {
          let digits = String(name.dropFirst())
          value = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        }
        if let value, Unicode.Scalar(value) != nil {
          out.append(value)
          index = end + 1
          continue
        }
      }
      out.append(scalar)
      index += 1
    }
    return out
  }
}
