// The tone of an article, laid over neutral facts.
//
// Formal tones keep full forms and join short statements; informal tones contract, speak to
// the reader and break compound sentences. Lead-ins and asides come from `TonePhrases`.

struct Voice: Sendable {
  let tone: Tone
  private let replacements: [(plain: String, spoken: String)]

  init(tone: Tone, topic: Topic) {
    self.tone = tone
    guard !tone.isFormal else {
      replacements = []
      return
    }
    var pairs = Self.contractions
    let animals = ["dog", "cat", "rabbit", "hamster", "puppy", "kitten", "bird", "fish", "tank"]
    for animal in animals {
      pairs.append((plain: "the \(animal) ", spoken: "your \(animal) "))
      pairs.append((plain: "the \(animal).", spoken: "your \(animal)."))
      pairs.append((plain: "The \(animal) ", spoken: "Your \(animal) "))
    }
    replacements = pairs
  }

  private static let contractions: [(plain: String, spoken: String)] = [
    ("do not ", "don't "), ("Do not ", "Don't "), ("does not ", "doesn't "),
    ("is not ", "isn't "), ("are not ", "aren't "), ("cannot ", "can't "),
    ("should not ", "shouldn't "), ("will not ", "won't "), ("has not ", "hasn't "),
    ("must not ", "mustn't "), ("it is ", "it's "), ("that is ", "that's "),
  ].map { (plain: $0.0, spoken: $0.1) }

  /// The sentence in this tone.
  func say(_ sentence: String) -> String {
    if replacements.isEmpty { return sentence }
    var result = sentence
    let bytes = Array(sentence.utf8)
    for pair in replacements where WordList.occurrences(of: Array(pair.plain.utf8), in: bytes) > 0 {
      result = Self.replace(pair.plain, by: pair.spoken, in: result, wholeWords: true)
    }
    if tone == .casual || tone == .conversational { result = breakCompound(result) }
    return result
  }

  /// ", so " begins a new sentence in speech, when the whole is long and both halves can stand alone.
  private func breakCompound(_ sentence: String) -> String {
    guard let cut = Self.range(of: ", so ", in: sentence) else { return sentence }
    let tail = sentence[cut.upperBound...]
    guard tail.split(separator: " ").count > 6, WordList.count(sentence) > 30, !tail.hasPrefix("that ") else {
      return sentence
    }
    return sentence[..<cut.lowerBound] + ". So " + tail
  }

  /// Whether a text has the words, and not only their letters.
  static func hasWords(_ needle: String, in text: String) -> Bool {
    var rest = text[...]
    while let found = range(of: needle, in: String(rest)) {
      let whole = String(rest)
      let before = found.lowerBound > whole.startIndex ? whole[whole.index(before: found.lowerBound)] : " "
      let after = found.upperBound < whole.endIndex ? whole[found.upperBound] : " "
      // Most plurals are one letter longer.
      let isPlural = after == "s" && !(whole[found.upperBound...].dropFirst().first?.isLetter ?? false)
      if !before.isLetter, !after.isLetter || isPlural { return true }
      rest = Substring(whole[found.upperBound...])
    }
    return false
  }

  static func range(of needle: String, in text: String) -> Range<String.Index>? {
    let (hay, pattern) = (text.utf8.span, needle.utf8.span)
    guard !pattern.isEmpty, hay.count >= pattern.count else { return nil }
    for place in 0...(hay.count - pattern.count) where hay[place] == pattern[0] {
      var offset = 1
      while offset < pattern.count, hay[place + offset] == pattern[offset] { offset += 1 }
      guard offset == pattern.count else { continue }
      let start = text.utf8.index(text.startIndex, offsetBy: place)
      return start..<text.utf8.index(start, offsetBy: pattern.count)
    }
    return nil
  }

  /// - Parameter wholeWords: leaves what begins within a word: "rabbit is" holds an "it is".
  static func replace(_ needle: String, by value: String, in text: String, wholeWords: Bool = false) -> String {
    guard range(of: needle, in: text) != nil else { return text }
    var result = ""
    var rest = text[...]
    while let found = range(of: needle, in: String(rest)) {
      let whole = String(rest)
      let isWithin =
        wholeWords
        && (found.lowerBound > whole.startIndex ? whole[whole.index(before: found.lowerBound)].isLetter : false)
      result += whole[..<found.lowerBound] + (isWithin ? needle : value)
      rest = Substring(whole[found.upperBound...])
    }
    return result + rest
  }
}
