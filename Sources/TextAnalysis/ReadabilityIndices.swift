// Readability by the definitions of textstat 0.7.13 (PyPI), which readers of such figures compare with, and by our own.
//
// Those definitions count what a machine sees: every word runs together with its hyphens, "Dr." ends a sentence, a
// sentence of one or two words is none, a heading is the beginning of the next sentence. The corrected figures read the
// text as people do.

/// Counts of a text and the indices made of them.
public struct ReadabilityIndices: Sendable, Equatable {
  public private(set) var sentences = 0
  public private(set) var words = 0
  public private(set) var syllables = 0
  /// Words of three and more syllables.
  public private(set) var polysyllables = 0
  /// Words of three and more syllables that are not easy ones.
  public private(set) var difficultWords = 0
  /// Letters, digits and underscores.
  public private(set) var letters = 0
  /// Everything but white space.
  public private(set) var characters = 0
  /// Runs of anything between white space.
  public private(set) var tokens = 0

  private init() {}

  /// Measures a text by the definitions of textstat 0.7.13 for English.
  public init(_ text: String) {
    var counter = SyllableCounter()
    self.init(text.scalars, &counter)
  }

  /// Measures the prose of a Markdown text as people read it: abbreviations and decimals end no sentence, a list item is a
  /// sentence of its own, headings and tables are apart, marks, links' targets and tags are not read.
  public init(corrected markdown: String) {
    var counter = SyllableCounter()
    self.init(corrected: markdown.scalars, &counter)
  }

  /// Both readings of one text, for less than the sum.
  public static func both(of markdown: String) -> (textstat: ReadabilityIndices, corrected: ReadabilityIndices) {
    let scalars = markdown.scalars
    var counter = SyllableCounter()
    return (Self(scalars, &counter), Self(corrected: scalars, &counter))
  }

  private init(_ text: Scalars, _ counter: inout SyllableCounter) {
    measure(text, &counter)
    sentences = Self.textstatSentences(in: text)
  }

  private init(corrected markdown: Scalars, _ counter: inout SyllableCounter) {
    for block in MarkdownText.blocks(of: markdown) {
      measure(block, &counter)
      for sentence in SentenceSplitter.sentences(in: block) where sentence.contains(where: ScalarClass.isWord) {
        sentences += 1
      }
    }
  }

  /// Follows a change of the text that needs no second reading: sentences of more than two words, joined by semicolons or parted
  /// at them.
  public mutating func add(sentences: Int) { self.sentences += sentences }

  /// Flesch reading ease (Flesch 1948): higher is easier; not clamped.
  public var fleschReadingEase: Double {
    words == 0 ? 0 : 206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord
  }

  /// Flesch–Kincaid grade (Kincaid et al. 1975), in school years.
  public var fleschKincaidGrade: Double {
    words == 0 ? 0 : 0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59
  }

  /// Gunning fog index (Gunning 1952), in school years.
  public var gunningFog: Double {
    words == 0 ? 0 : 0.4 * (wordsPerSentence + 100 * Double(difficultWords) / Double(words))
  }

  /// SMOG grade (McLaughlin 1969).
  public var smogIndex: Double {
    sentences == 0 ? 0 : 1.043 * (30 * Double(polysyllables) / Double(sentences)).squareRoot() + 3.1291
  }

  /// Automated readability index (Smith and Senter 1967).
  public var automatedReadabilityIndex: Double {
    guard tokens > 0, characters > 0, words > 0, sentences > 0 else { return 0 }
    return 4.71 * Double(characters) / Double(tokens) + 0.5 * wordsPerSentence - 21.43
  }

  /// Coleman–Liau index (Coleman and Liau 1975).
  public var colemanLiauIndex: Double {
    guard words > 0, letters > 0, sentences > 0 else { return 0 }
    let hundred = 100 / Double(words)
    return 0.058 * Double(letters) * hundred - 0.296 * Double(sentences) * hundred - 15.8
  }

  private var wordsPerSentence: Double { sentences == 0 ? 0 : Double(words) / Double(sentences) }
  private var syllablesPerWord: Double { words == 0 ? 0 : Double(syllables) / Double(words) }

  /// Adds all but the sentences.
  private mutating func measure(_ text: Scalars, _ counter: inout SyllableCounter) {
    var word = Scalars()
    word.reserveCapacity(32)
    var inToken = false
    for (index, scalar) in text.enumerated() {
      if ScalarClass.isSpace(scalar) {
        add(&word, &counter)
        inToken = false
        continue
      }
      characters += 1
      if !inToken { tokens += 1 }
      inToken = true
      if ScalarClass.isWord(scalar) {
        letters += 1
        word.append(lowered(scalar))
      } else if scalar == 0x27, Self.isContraction(text, after: index) {
        word.append(scalar)
      }
    }
    add(&word, &counter)
  }

  private mutating func add(_ word: inout Scalars, _ counter: inout SyllableCounter) {
    guard !word.isEmpty else { return }
    words += 1
    let count = counter.syllables(word)
    syllables += count
    if count >= 3 {
      polysyllables += 1
      if !SyllableLexicon.isEasy(word) { difficultWords += 1 }
    }
    word.removeAll(keepingCapacity: true)
  }

  /// An apostrophe stays in its word before t, s, d, ve, ll and re.
  private static func isContraction(_ text: Scalars, after index: Int) -> Bool {
    guard index + 1 < text.count else { return false }
    let next = text[index + 1]
    switch next {
    case 0x74, 0x73, 0x64: return true  // t s d
    default: break
    }
    guard index + 2 < text.count else { return false }
    return switch (next, text[index + 2]) {
    case (0x76, 0x65), (0x6C, 0x6C), (0x72, 0x65): true  // ve ll re
    default: false
    }
  }

  /// Runs from a word's edge over anything but `.!?` and through those marks; runs of one or two words do not count.
  private static func textstatSentences(in text: Scalars) -> Int {
    guard !text.isEmpty else { return 0 }
    func isMark(_ scalar: UInt32) -> Bool { scalar == 0x2E || scalar == 0x21 || scalar == 0x3F }
    var count = 0
    var index = 0
    var wasWord = false
    while index < text.count {
      let isWord = ScalarClass.isWord(text[index])
      guard isWord != wasWord, !isMark(text[index]) else {
        wasWord = isWord
        index += 1
        continue
      }
      let start = index
      while index < text.count, !isMark(text[index]) { index += 1 }
      if countWords(text[start..<index]) > 2 { count += 1 }
      while index < text.count, isMark(text[index]) { index += 1 }
      wasWord = index > start && ScalarClass.isWord(text[index - 1])
    }
    return max(1, count)
  }

  private static func countWords(_ text: ArraySlice<UInt32>) -> Int {
    var count = 0
    var inside = false
    for scalar in text {
      if ScalarClass.isSpace(scalar) {
        inside = false
      } else if !inside, ScalarClass.isWord(scalar) {
        inside = true
        count += 1
      }
    }
    return count
  }
}
