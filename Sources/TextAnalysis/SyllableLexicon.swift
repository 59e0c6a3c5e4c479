// How many syllables a word has: a rule of vowel groups, and a lexicon of the words that the rule gets wrong.
//
// The lexicon holds counts (facts) taken from the CMU Pronouncing Dictionary, first pronunciation of each word; so the
// answer is the dictionary's for each of its 126,000 words, and the rule's for any other. scripts/make-lexicon makes it.

import CLexicon

/// Syllables of English words.
enum SyllableLexicon {
  /// The number of syllables of a lower-case word of letters and apostrophes; 1 for anything without a vowel.
  static func syllables(_ word: ArraySlice<UInt32>) -> Int {
    var hash = UInt64(0xCBF2_9CE4_8422_2325)
    for scalar in word { hash = (hash ^ UInt64(scalar)) &* 0x100_0000_01B3 }
    if let count = exceptions[hash] { return Int(count) }
    return byRule(word)
  }

  /// Words of three and more syllables that children of ten know (after Dale and Chall's list of 3,000 words).
  static func isEasy(_ word: ArraySlice<UInt32>) -> Bool {
    var hash = UInt64(0xCBF2_9CE4_8422_2325)
    for scalar in word { hash = (hash ^ UInt64(scalar)) &* 0x100_0000_01B3 }
    return easyWords.contains(hash)
  }

  /// Vowel groups, less silent ones, plus vowels that meet without melting into one.
  static func byRule(_ word: ArraySlice<UInt32>) -> Int {
    var letters: [UInt8] = []
    letters.reserveCapacity(word.count)
    for scalar in word where scalar != 0x27 { letters.append(scalar < 0x80 ? UInt8(scalar) : plain(scalar)) }
    return Word(letters).syllables
  }

  /// Latin letters with accents as their plain vowel, so that "café" has two.
  private static func plain(_ scalar: UInt32) -> UInt8 {
    switch scalar {
    case 0xE0...0xE6: UInt8(ascii: "a")
    case 0xE8...0xEB: UInt8(ascii: "y")  // never silent at the end, unlike a plain e
    case 0xEC...0xEF: UInt8(ascii: "i")
    case 0xF2...0xF6, 0xF8: UInt8(ascii: "o")
    case 0xF9...0xFC: UInt8(ascii: "u")
    default: UInt8(ascii: "x")
    }
  }

  static let exceptions: [UInt64: UInt8] = {
    var table: [UInt64: UInt8] = [:]
    table.reserveCapacity(11_500)
    withLines(of: petstore_syllables()) { line in
      // "3 antigone marineland …"
      guard let first = line.first, first >= 0x31, first <= 0x39 else { return }
      let count = first - 0x30
      for word in line.dropFirst().split(separator: 0x20) { table[hash(word)] = count }
    }
    return table
  }()

  private static let easyWords: Set<UInt64> = {
    var words: Set<UInt64> = []
    withLines(of: petstore_easy_words()) { line in
      guard line.first != UInt8(ascii: "#") else { return }
      for word in line.split(separator: 0x20) { words.insert(hash(word)) }
    }
    return words
  }()

  private static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
    var hash = UInt64(0xCBF2_9CE4_8422_2325)
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  private static func withLines(
    of data: petstore_data, _ body: (UnsafeBufferPointer<UInt8>.SubSequence) -> Void
  ) {
    for line in UnsafeBufferPointer(start: data.bytes, count: data.count).split(separator: 0x0A) { body(line) }
  }
}

/// The rule, over plain lower-case letters. scripts/make-lexicon has the same in Python; a test holds them together.
private struct Word {
  let letters: [UInt8]

  init(_ letters: [UInt8]) { self.letters = letters }

  private func isVowel(_ index: Int) -> Bool {
    guard letters.indices.contains(index) else { return false }
    switch letters[index] {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
      UInt8(ascii: "y"):
      return true
    default: return false
    }
  }

  private func isOne(of set: StaticString, _ index: Int) -> Bool {
    guard letters.indices.contains(index) else { return false }
    return set.withUTF8Buffer { $0.contains(letters[index]) }
  }

  private func has(_ text: StaticString, at index: Int) -> Bool {
    text.withUTF8Buffer { wanted in
      index >= 0 && index + wanted.count <= letters.count
        && (0..<wanted.count).allSatisfy { letters[index + $0] == wanted[$0] }
    }
  }

  private func ends(_ text: StaticString) -> Bool { has(text, at: letters.count - text.utf8CodeUnitCount) }

  var syllables: Int {
    var count = 0
    var inside = false
    for index in letters.indices {
      let vowel = isVowel(index)
      if vowel, !inside { count += 1 }
      inside = vowel
    }
    if count > 1, endsInSilentE { count -= 1 }
    if count > 1, endsInSilentES { count -= 1 }
    if count > 1, endsInSilentED { count -= 1 }
    if count > 1, hasSilentEInside { count -= 1 }
    if ends("ism") || ends("isms") { count += 1 }
    if hasHiatus { count += 1 }
    if ends("ing"), isVowel(letters.count - 4), !ends("quing"), !ends("qing") { count += 1 }
    return max(1, count)
  }

  /// A consonant and l before the end: the "le" of "table" is a syllable.
  private func hasSyllabicL(_ index: Int) -> Bool {
    isOne(of: "l", index) && letters.indices.contains(index - 1) && !isOne(of: "aeiouyrl", index - 1)
  }

  private var endsInSilentE: Bool {
    let last = letters.count - 1
    return ends("e") && last > 0 && !isVowel(last - 1) && !hasSyllabicL(last - 1)
  }

  private var endsInSilentES: Bool {
    let e = letters.count - 2
    guard ends("es"), e > 0, !isVowel(e - 1) else { return false }
    if isOne(of: "sxzcg", e - 1) || has("sh", at: e - 2) || has("ch", at: e - 2) { return false }
    return !hasSyllabicL(e - 1)
  }

  private var endsInSilentED: Bool {
    let e = letters.count - 2
    guard ends("ed"), e > 0, !isVowel(e - 1), !isOne(of: "td", e - 1) else { return false }
    return !hasSyllabicL(e - 1)
  }

  private var hasSilentEInside: Bool {
    if ends("ely"), letters.count > 3, !isVowel(letters.count - 4) { return true }
    for index in letters.indices.dropFirst() where !isVowel(index - 1) {
      if has("eless", at: index) || has("ement", at: index) || has("eness", at: index) || has("eful", at: index) {
        return true
      }
    }
    return false
  }

  private var hasHiatus: Bool {
    for index in letters.indices {
      if has("eo", at: index) || has("uou", at: index) || has("iu", at: index) { return true }
      guard index > 0 else { continue }
      let soft = isOne(of: "tsgcx", index - 1)
      if !soft, has("ia", at: index) { return true }
      if !soft, has("io", at: index), !isOne(of: "u", index + 2) { return true }
      if !isOne(of: "gq", index - 1), has("ua", at: index), letters.indices.contains(index + 2),
        !isOne(of: "r", index + 2)
      {
        return true
      }
    }
    return false
  }
}
