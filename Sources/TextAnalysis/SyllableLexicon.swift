// How many syllables a word has: a rule of vowel groups, and a lexicon of the words that the rule gets wrong.
//
// The lexicon holds counts (facts) taken from the CMU Pronouncing Dictionary, first pronunciation of each word; so the
// answer is the dictionary's for each of its 126,000 words, and the rule's for any other. scripts/make-lexicon makes it.

import CLexicon

/// Counts syllables, each word of a text once.
struct SyllableCounter {
  private var known = HashedWords(capacity: 400)
  private var letters: [UInt8] = []

  mutating func syllables(_ word: Scalars) -> Int {
    let hash = SyllableLexicon.hash(word)
    if let count = known[hash] { return Int(count) }
    let count = SyllableLexicon.syllables(word, hash: hash, &letters)
    if let small = UInt8(exactly: count) { known.insert(hash, number: small) }
    return count
  }
}

/// Syllables of English words.
enum SyllableLexicon {
  /// The number of syllables of a lower-case word of letters and apostrophes; 1 for anything without a vowel.
  ///
  /// - Parameter letters: room to work in.
  static func syllables(_ word: Scalars, hash: UInt64, _ letters: inout [UInt8]) -> Int {
    exceptions[hash].map(Int.init) ?? byRule(word, &letters)
  }

  /// Words of three and more syllables that children of ten know (after Dale and Chall's list of 3,000 words).
  static func isEasy(_ word: Scalars) -> Bool { easyWords.contains(hash(word)) }

  /// Vowel groups, less silent ones, plus vowels that meet without melting into one.
  private static func byRule(_ word: Scalars, _ letters: inout [UInt8]) -> Int {
    letters.removeAll(keepingCapacity: true)
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

  private static let exceptions: HashedWords = {
    var table = HashedWords(capacity: 11_500)
    withLines(of: petstore_syllables()) { line in
      // "3 antigone marineland …"
      guard let first = line.first, first >= 0x31, first <= 0x39 else { return }
      let count = first - 0x30
      for word in line.dropFirst().split(separator: 0x20) { table.insert(hash(word), number: count) }
    }
    return table
  }()

  private static let easyWords: HashedWords = {
    var words = HashedWords(capacity: 500)
    withLines(of: petstore_easy_words()) { line in
      guard line.first != UInt8(ascii: "#") else { return }
      for word in line.split(separator: 0x20) { words.insert(hash(word)) }
    }
    return words
  }()

  static func hash(_ word: some Sequence<some FixedWidthInteger>) -> UInt64 {
    word.reduce(HashedWords.basis) { HashedWords.step($0, UInt64(truncatingIfNeeded: $1)) }
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

  /// The letter at a place; 0 beyond both ends.
  private subscript(_ index: Int) -> UInt8 { index >= 0 && index < letters.count ? letters[index] : 0 }

  private func isVowel(_ index: Int) -> Bool { Self.isVowel(self[index]) }

  private static func isVowel(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
      UInt8(ascii: "y"):
      return true
    default: return false
    }
  }

  private func has(_ text: StaticString, at index: Int) -> Bool {
    guard index >= 0, index + text.utf8CodeUnitCount <= letters.count else { return false }
    for offset in 0..<text.utf8CodeUnitCount where letters[index + offset] != text.utf8Start[offset] { return false }
    return true
  }

  private func ends(_ text: StaticString) -> Bool { has(text, at: letters.count - text.utf8CodeUnitCount) }

  var syllables: Int {
    var count = 0
    var inside = false
    for letter in letters {
      let vowel = Self.isVowel(letter)
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
    guard self[index] == UInt8(ascii: "l"), index > 0 else { return false }
    let before = self[index - 1]
    return !Self.isVowel(before) && before != UInt8(ascii: "r") && before != UInt8(ascii: "l")
  }

  private var endsInSilentE: Bool {
    let last = letters.count - 1
    return last > 0 && self[last] == UInt8(ascii: "e") && !isVowel(last - 1) && !hasSyllabicL(last - 1)
  }

  private var endsInSilentES: Bool {
    let e = letters.count - 2
    guard ends("es"), e > 0, !isVowel(e - 1) else { return false }
    switch self[e - 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "x"), UInt8(ascii: "z"), UInt8(ascii: "c"), UInt8(ascii: "g"): return false
    case UInt8(ascii: "h") where self[e - 2] == UInt8(ascii: "s") || self[e - 2] == UInt8(ascii: "c"): return false
    default: return !hasSyllabicL(e - 1)
    }
  }

  private var endsInSilentED: Bool {
    let e = letters.count - 2
    guard ends("ed"), e > 0, !isVowel(e - 1), self[e - 1] != UInt8(ascii: "t"), self[e - 1] != UInt8(ascii: "d") else {
      return false
    }
    return !hasSyllabicL(e - 1)
  }

  private var hasSilentEInside: Bool {
    if ends("ely"), letters.count > 3, !isVowel(letters.count - 4) { return true }
    for index in letters.indices.dropFirst() where letters[index] == UInt8(ascii: "e") && !isVowel(index - 1) {
      if has("eless", at: index) || has("ement", at: index) || has("eness", at: index) || has("eful", at: index) {
        return true
      }
    }
    return false
  }

  private var hasHiatus: Bool {
    for index in letters.indices {
      switch (letters[index], self[index + 1]) {
      case (UInt8(ascii: "e"), UInt8(ascii: "o")), (UInt8(ascii: "i"), UInt8(ascii: "u")): return true
      case (UInt8(ascii: "u"), UInt8(ascii: "o")) where self[index + 2] == UInt8(ascii: "u"): return true
      case (UInt8(ascii: "i"), UInt8(ascii: "a")) where index > 0:
        if !softens(index - 1) { return true }
      case (UInt8(ascii: "i"), UInt8(ascii: "o")) where index > 0:
        if !softens(index - 1), self[index + 2] != UInt8(ascii: "u") { return true }
      case (UInt8(ascii: "u"), UInt8(ascii: "a")) where index > 0:
        let (before, after) = (self[index - 1], self[index + 2])
        if before != UInt8(ascii: "g"), before != UInt8(ascii: "q"), after != 0, after != UInt8(ascii: "r") {
          return true
        }
      default: break
      }
    }
    return false
  }

  /// Whether the letter there makes one sound of a following "ia" or "io", as in "nation".
  private func softens(_ index: Int) -> Bool {
    switch self[index] {
    case UInt8(ascii: "t"), UInt8(ascii: "s"), UInt8(ascii: "g"), UInt8(ascii: "c"), UInt8(ascii: "x"): true
    default: false
    }
  }
}
