// Where sentences end. The rules are those of segtok 1.5 (F. Leitner), the splitter that YAKE stands on, because the
// keywords of a text depend on them; the code is our own.

/// Splits text into sentences.
public enum SentenceSplitter {
  /// The sentences of a text in order, each with its end mark and without the space around it.
  public static func sentences(in text: String) -> [String] {
    sentences(in: text.unicodeScalars.map(\.value)).map { slice in
      String(String.UnicodeScalarView(slice.compactMap { Unicode.Scalar($0) }))
    }
  }

  /// Fragments below this length, in scalars, inside brackets are no sentences of their own.
  private static let shortSentence = 55

  private struct Piece {
    var text: ArraySlice<UInt32>
    var marker: ArraySlice<UInt32>
  }

  /// The sentences in order, each as a slice with its end mark and without the space around it.
  static func sentences(in text: Scalars) -> [ArraySlice<UInt32>] {
    var result: [ArraySlice<UInt32>] = []
    var last: ArraySlice<UInt32>?
    for current in joined(pieces(of: text), of: text) {
      guard let before = last else {
        last = current
        continue
      }
      if continues(before, current) {
        last = text[before.startIndex..<current.endIndex]
      } else {
        result.append(trimmed(before))
        last = current
      }
    }
    if let last { result.append(trimmed(last)) }
    return result.filter { !$0.isEmpty }
  }

  /// Cuts after each mark that is followed by space: the mark, a closing quote, closing brackets, the space.
  private static func pieces(of text: Scalars) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var index = 0
    while index < text.count {
      guard ScalarClass.isTerminal(text[index]) else {
        index += 1
        continue
      }
      var end = index + 1
      if end < text.count, isRightQuote(text[end]) { end += 1 }
      while end < text.count, text[end] == 0x5D || text[end] == 0x29 { end += 1 }
      let space = end
      while end < text.count, ScalarClass.isSpace(text[end]) { end += 1 }
      if end == space {
        index += 1
        continue
      }
      pieces.append(Piece(text: text[start..<index], marker: text[index..<end]))
      start = end
      index = end
    }
    pieces.append(Piece(text: text[start...], marker: text[text.endIndex...]))
    return pieces
  }

  /// Puts pieces together again that a mark does not end.
  private static func joined(_ pieces: [Piece], of text: Scalars) -> [ArraySlice<UInt32>] {
    var result: [ArraySlice<UInt32>] = []
    var begin: Int?
    for (index, piece) in pieces.enumerated() {
      if begin == nil { begin = piece.text.startIndex }
      guard let first = piece.marker.first else { continue }
      let next = index + 1 < pieces.count ? pieces[index + 1].text : []
      let isDot = first == 0x2E
      if piece.text.last.map(ScalarClass.isSpace) ?? false { continue }
      if isDot, endsInAbbreviation(piece.text) { continue }
      if isDot, !next.isEmpty,
        isLoneWord(next) || (endsInDay(piece.text) && beginsWithMonth(next))
          || (endsInMiddleInitial(piece.text) && beginsWithUpperWord(next))
      {
        continue
      }
      if let start = begin { result.append(text[start..<piece.marker.endIndex]) }
      begin = nil
    }
    if let begin, begin < text.count { result.append(text[begin...]) }
    return result
  }

  private static func trimmed(_ text: ArraySlice<UInt32>) -> ArraySlice<UInt32> {
    var text = text
    while let first = text.first, ScalarClass.isSpace(first) { text.removeFirst() }
    while let last = text.last, ScalarClass.isSpace(last) { text.removeLast() }
    return text
  }

  private static func isRightQuote(_ scalar: UInt32) -> Bool {
    scalar == 0x27 || scalar == 0x22 || scalar == 0x2019 || scalar == 0x201D
  }

  // MARK: What a mark does not end

  private static let abbreviations: Set<String> = {
    let lower = [
      "approx", "cf", "f.e", "fe", "fig", "figs", "e.g", "eg", "i.e", "ie", "i.v", "iv", "med", "nat", "nr", "p.e",
      "phil", "prof", "rer", "sci", "univ", "vol", "vs", "z.B",
    ]
    let upper = [
      "Capt", "Col", "Dr", "Gen", "Mag", "Mr", "Mrs", "Mt", "No", "Sgt", "Sr", "Sra", "Srta", "St", "Jän", "Jan",
      "Ene", "Feb", "Mär", "Mar", "Apr", "Abr", "May", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Okt", "Nov",
      "Dic", "Dez", "Dec", "E.U", "U.K", "U.S",
    ]
    let capitalised = lower.map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
    return Set(lower + upper + capitalised)
  }()

  private static let titles: Set<String> = [
    "by", "captain", "commander", "doctor", "docktor", "general", "mister", "miss", "master", "magister", "professor",
    "señor", "señora", "señorita",
  ]

  private static func endsInAbbreviation(_ text: ArraySlice<UInt32>) -> Bool {
    guard let last = text.last else { return false }
    if text.count == 1, !ScalarClass.isSpace(last) { return true }
    if text.allSatisfy({ ScalarClass.isDigit($0) }) { return true }
    var start = text.endIndex
    while start > text.startIndex, ScalarClass.isWord(text[start - 1]) || text[start - 1] == 0x2E { start -= 1 }
    let tail = text[start...]
    if !tail.isEmpty, tail.count <= 6 {
      if abbreviations.contains(String(tail)) { return true }
      if let dot = tail.lastIndex(of: 0x2E), abbreviations.contains(String(tail[(dot + 1)...])) { return true }
    }
    return endsInInitial(text)
  }

  /// A single capital after a title, "and", a comma or an opening bracket.
  private static func endsInInitial(_ text: ArraySlice<UInt32>) -> Bool {
    guard let last = text.last, ScalarClass.isUpper(last) else { return false }
    var rest = text.dropLast()
    // "A.-B" and "A.B" count as their last letter.
    if rest.last == 0x2D { rest = rest.dropLast() }
    if rest.count >= 2, rest.last == 0x2E, let letter = rest.dropLast().last, ScalarClass.isUpper(letter) {
      rest = rest.dropLast(2)
    }
    guard let before = rest.last else { return false }
    if before == 0x28 || before == 0x5B { return true }
    guard ScalarClass.isSpace(before) else { return false }
    rest = rest.dropLast()
    if rest.last == 0x2C { return !precededByInitial(rest.dropLast()) }
    var start = rest.endIndex
    while start > rest.startIndex, ScalarClass.isLetter(rest[start - 1]) { start -= 1 }
    let word = String(rest[start...])
    if word == "and" { return !precededByInitial(rest[..<start].dropLast()) }
    return titles.contains(word.prefix(1).lowercased() + word.dropFirst())
  }

  private static func precededByInitial(_ text: ArraySlice<UInt32>) -> Bool {
    guard let last = text.last, ScalarClass.isUpper(last) else { return false }
    return text.dropLast().last.map { !ScalarClass.isWord($0) } ?? true
  }

  private static func isHyphen(_ scalar: UInt32) -> Bool {
    scalar == 0x2D || scalar == 0xAD || (scalar >= 0x2010 && scalar <= 0x2012)
  }

  /// The whole piece is one lower-case word.
  private static func isLoneWord(_ text: ArraySlice<UInt32>) -> Bool {
    guard let first = text.first, ScalarClass.isLower(first) else { return false }
    return text.allSatisfy { ScalarClass.isLower($0) || ScalarClass.isDigit($0) || isHyphen($0) }
  }

  private static func endsInDay(_ text: ArraySlice<UInt32>) -> Bool {
    let digits = text.suffix(while: { ScalarClass.isDigit($0) })
    guard digits.count == 1 || digits.count == 2 else { return false }
    if digits.count == 2, let first = digits.first, first > 0x33 { return false }
    return digits.startIndex == text.startIndex || !ScalarClass.isWord(text[digits.startIndex - 1])
  }

  private static let months: Set<String> = [
    "Jan", "Jän", "Ene", "Feb", "Mar", "Mär", "Apr", "Abr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Okt", "Nov",
    "Dec", "Dez", "Dic",
  ]

  private static func beginsWithMonth(_ text: ArraySlice<UInt32>) -> Bool {
    if let first = text.first, ScalarClass.isDigit(first) { return first != 0x30 || text.count > 1 }
    return months.contains(String(text.prefix(3)))
  }

  private static func endsInMiddleInitial(_ text: ArraySlice<UInt32>) -> Bool {
    guard let last = text.last, ScalarClass.isUpper(last) else { return false }
    var rest = text.dropLast()
    let gap = rest.suffix(while: { !ScalarClass.isWord($0) })
    guard !gap.isEmpty else { return false }
    rest = rest.dropLast(gap.count)
    let word = rest.suffix(while: { ScalarClass.isWord($0) })
    guard word.count > 1, let first = word.first, ScalarClass.isUpper(first) else { return false }
    return word.dropFirst().allSatisfy { ScalarClass.isLower($0) }
  }

  private static func beginsWithUpperWord(_ text: ArraySlice<UInt32>) -> Bool {
    guard let first = text.first, ScalarClass.isUpper(first) else { return false }
    let rest = text.dropFirst()
    let lower = rest.prefix { ScalarClass.isLower($0) }
    return !lower.isEmpty && (lower.count == rest.count || !ScalarClass.isWord(rest[lower.endIndex]))
  }

  // MARK: What a sentence goes on with

  private static let continuations: Set<String> = [
    "and", "are", "between", "by", "from", "has", "into", "is", "of", "or", "than", "that", "through", "via", "was",
    "were", "whether", "with",
  ]

  private static func continues(_ last: ArraySlice<UInt32>, _ current: ArraySlice<UInt32>) -> Bool {
    let word = current.prefix { ScalarClass.isWord($0) }
    if isBeforeLower(last), let first = current.first, ScalarClass.isLower(first) { return true }
    let isShort = current.count < shortSentence || last.count < shortSentence
    if isShort, isOpen(last, 0x28, 0x29), isUnopened(current, 0x28, 0x29) { return true }
    if isShort, isOpen(last, 0x5B, 0x5D), isUnopened(current, 0x5B, 0x5D) { return true }
    return word.count <= 7 && continuations.contains(String(word))
  }

  /// Ends in a quotation, a bracket or an abbreviation of one or two letters.
  private static func isBeforeLower(_ text: ArraySlice<UInt32>) -> Bool {
    var end = text.endIndex
    while end > text.startIndex, ScalarClass.isSpace(text[end - 1]) { end -= 1 }
    guard end < text.endIndex else { return false }
    var rest = text[..<end]
    let brackets = rest.suffix(while: { $0 == 0x29 || $0 == 0x5D }).count
    rest = rest.dropLast(brackets)
    if brackets > 0, let last = rest.last, ScalarClass.isTerminal(last) { return true }
    if rest.last == 0x22, let mark = rest.dropLast().last, ScalarClass.isTerminal(mark) { return true }
    guard brackets == 0, rest.last == 0x2E else { return false }
    let word = rest.dropLast().suffix(while: { ScalarClass.isWord($0) })
    if String(word) == "spp" { return true }
    guard let first = word.first, ScalarClass.isLetter(first) else { return false }
    return word.count == 1 || (word.count == 2 && word.last.map(ScalarClass.isLower) ?? false)
  }

  /// A bracket that is opened and not closed.
  private static func isOpen(_ text: ArraySlice<UInt32>, _ open: UInt32, _ close: UInt32) -> Bool {
    guard let start = text.firstIndex(of: open) else { return false }
    var depth = 0
    for scalar in text[start...] { depth += scalar == open ? 1 : scalar == close ? -1 : 0 }
    return depth > 0
  }

  /// A bracket that is closed and was not opened.
  private static func isUnopened(_ text: ArraySlice<UInt32>, _ open: UInt32, _ close: UInt32) -> Bool {
    guard let end = text.lastIndex(of: close) else { return false }
    var depth = 0
    for scalar in text[...end].reversed() { depth += scalar == close ? 1 : scalar == open ? -1 : 0 }
    return depth > 0
  }
}

extension ArraySlice<UInt32> {
  /// The longest end whose scalars all fit.
  fileprivate func suffix(while fits: (UInt32) -> Bool) -> ArraySlice<UInt32> {
    var start = endIndex
    while start > startIndex, fits(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
