// What callers type, made safe and readable before any of it reaches an article.
//
// Markup is taken out here, once, and not at each place that prints: a `<script>` that never
// enters an article cannot leave it in any format. HTML is still escaped when it is rendered.

enum CallerText {
  /// The text on one line, without tags, control characters and Markdown marks.
  ///
  /// - Parameter keepingQuotes: whether straight quotation marks stay.
  static func clean(_ text: String, keepingQuotes: Bool = false) -> String {
    var kept: [UInt8] = []
    kept.reserveCapacity(text.utf8.count)
    var insideTag = false
    var pendingSpace = false
    let scalars = Array(text.unicodeScalars)
    for (position, scalar) in scalars.enumerated() {
      if insideTag {
        if scalar == ">" { insideTag = false }
        continue
      }
      if scalar == "<" {
        let next = position + 1 < scalars.count ? scalars[position + 1] : " "
        let opensTag = next.properties.isAlphabetic || next == "/" || next == "!"
        insideTag = opensTag && scalars[position...].contains(">")
        pendingSpace = true
        continue
      }
      if isDropped(scalar), !(keepingQuotes && scalar == "\"") {
        pendingSpace = true
        continue
      }
      if pendingSpace && !kept.isEmpty { kept.append(UInt8(ascii: " ")) }
      pendingSpace = false
      UTF8.encode(scalar).map { kept += $0 }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ">", "|", "`", "[", "]", "*", "#", "\\", "_", "~", "{", "}", "\"": return true
    case "\u{200D}": return false
    default: break
    }
    if scalar.isASCII { return scalar.value <= 32 || scalar.value == 127 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return true
    default: return false
    }
  }

  /// True when there is at least one letter or digit to write about.
  static func hasWords(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
  }

  /// The limits of the contract count Unicode code points.
  static func length(_ text: String) -> Int { text.unicodeScalars.count }

  /// The longest beginning of whole words within the limit, without a dangling small word.
  static func shorten(_ text: String, to limit: Int) -> String {
    if length(text) <= limit { return text }
    var words: [Substring] = []
    var used = 0
    for word in text.split(separator: " ") {
      let needed = word.unicodeScalars.count + (words.isEmpty ? 0 : 1)
      if used + needed > limit { break }
      words.append(word)
      used += needed
    }
    while let last = words.last, words.count > 1, smallWords.contains(last.lowercased()) {
      words.removeLast()
    }
    if words.isEmpty {
      // A single endless word: cut between characters, never inside one.
      var cut = ""
      var scalars = 0
      for character in text {
        scalars += character.unicodeScalars.count
        if scalars > limit { break }
        cut.append(character)
      }
      return cut
    }
    return trimPunctuation(words.joined(separator: " "))
  }

  private static let marks: Set<Character> = [
    ".", ",", ":", ";", "-", "–", "—", "!", "?", " ", "&", "/", "(", "'", "…", "+", "=",
  ]

  static func trimPunctuation(_ text: String) -> String {
    var result = Substring(text)
    while let last = result.last, marks.contains(last) { result.removeLast() }
    while let first = result.first, marks.contains(first) { result.removeFirst() }
    return String(result)
  }

  static let smallWords: Set<String> = [
    "a", "an", "the", "and", "or", "of", "for", "in", "on", "to", "with", "at", "by", "from",
    "vs", "your", "my", "is", "are", "how", "as",
  ]

  /// Words that stay small within a title.
  static let titleSmallWords: Set<String> = [
    "a", "an", "the", "and", "or", "of", "for", "in", "on", "to", "with", "at", "by", "from", "vs", "as", "but", "nor",
  ]

  /// Lower-case ASCII words joined by hyphens; accents are folded, other scripts left out.
  static func slug(_ text: String) -> String {
    var result = ""
    var pendingHyphen = false
    for scalar in text.lowercased().unicodeScalars {
      if let letters = foldedLetters(scalar) {
        if pendingHyphen && !result.isEmpty { result.append("-") }
        pendingHyphen = false
        result += letters
      } else if scalar != "'" && scalar != "’" && !isCombiningMark(scalar) {
        pendingHyphen = true
      }
      if result.utf8.count >= 80 { break }
    }
    return result
  }

  private static func isCombiningMark(_ scalar: Unicode.Scalar) -> Bool {
    (0x300...0x36F).contains(scalar.value)
  }

  private static func foldedLetters(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "a"..."z", "0"..."9": String(scalar)
    case "à", "á", "â", "ã", "ä", "å", "ā", "ă", "ą": "a"
    case "è", "é", "ê", "ë", "ē", "ė", "ę", "ě": "e"
    case "ì", "í", "î", "ï", "ī", "į", "ı": "i"
    case "ò", "ó", "ô", "õ", "ö", "ø", "ō", "ő": "o"
    case "ù", "ú", "û", "ü", "ū", "ů", "ű": "u"
    case "ç", "ć", "č": "c"
    case "ñ", "ń", "ň": "n"
    case "ś", "š", "ş": "s"
    case "ý", "ÿ": "y"
    case "ź", "ż", "ž": "z"
    case "ł": "l"
    case "ß": "ss"
    case "æ": "ae"
    case "œ": "oe"
    default: nil
    }
  }
}
