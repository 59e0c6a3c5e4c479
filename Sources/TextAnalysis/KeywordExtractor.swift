// Keyphrases of a single text by YAKE (R. Campos et al., "YAKE! Keyword extraction from single documents using multiple
// local features", Information Sciences 509, 2020), as version 0.7.3 of its authors' package computes them. Own code.

import Glibc

/// A phrase of the text and how little it is one by chance.
public struct Keyphrase: Sendable, Equatable {
  /// As it stands in the text where it comes first.
  public let text: String
  /// Above 0; the lower, the more a keyword.
  public let score: Double
}

/// Extracts keyphrases of one to three words.
public struct KeywordExtractor {
  /// Kept phrases that are more alike than this to a better one are left out.
  private static let similarityLimit = 0.9
  private static let longest = 3

  private enum Tag { case number, unusual, acronym, name, plain }

  private struct Term {
    let isStopWord: Bool
    var frequency = 0.0
    var acronyms = 0.0
    var names = 0.0
    var sentences: [Int] = []
    /// How often each term came next, and before.
    var next: [Int: Double] = [:]
    var previous: [Int: Double] = [:]
    var weight = 0.0
  }

  private struct Candidate {
    let text: String
    let terms: [Int]
    var frequency = 0.0
    var isValid = false
  }

  private struct Word {
    let text: String
    let lower: String
    let tag: Tag
    let term: Int
  }

  private var terms: [Term] = []
  private var termNumbers: [String: Int] = [:]
  private var candidates: [Candidate] = []
  private var candidateNumbers: [String: Int] = [:]
  private var sentenceCount = 0

  /// The best phrases of a text, best first.
  ///
  /// - Parameter most: how many at most, 1 or more.
  public static func keyphrases(of text: String, most: Int) -> [Keyphrase] {
    var extractor = KeywordExtractor()
    extractor.read(text)
    extractor.weigh()
    return extractor.best(most)
  }

  private init() {}

  // MARK: Reading

  private mutating func read(_ text: String) {
    let scalars = text.scalars.map { $0 == 0x0A || $0 == 0x09 ? 0x20 : $0 }
    let sentences = SentenceSplitter.sentences(in: scalars)
    sentenceCount = sentences.count
    for (number, sentence) in sentences.enumerated() {
      var block: [Word] = []
      let tokens = WordTokenizer.tokens(of: sentence).filter { !($0.first == 0x27 && $0.count > 1) }
      for (position, token) in tokens.enumerated() {
        if token.allSatisfy(ScalarClass.isPunctuation) {
          block.removeAll(keepingCapacity: true)
          continue
        }
        let text = String(token)
        let lower = text.lowercased()
        let word = Word(text: text, lower: lower, tag: Self.tag(token, position), term: term(lower))
        note(word, in: number)
        if Self.counts(word.tag), let before = block.last, Self.counts(before.tag) {
          terms[before.term].next[word.term, default: 0] += 1
          terms[word.term].previous[before.term, default: 0] += 1
        }
        block.append(word)
        for length in 1...min(Self.longest, block.count) { note(block.suffix(length)) }
      }
    }
  }

  private static func counts(_ tag: Tag) -> Bool { tag != .number && tag != .unusual }

  private mutating func term(_ lower: String) -> Int {
    var name = lower
    let isListed = StopWords.contains(lower)
    if lower.count > 3, lower.hasSuffix("s") { name.removeLast() }
    if let known = termNumbers[name] { return known }
    let letters = name.unicodeScalars.reduce(0) { $0 + (ScalarClass.isPunctuation($1.value) ? 0 : 1) }
    terms.append(Term(isStopWord: isListed || StopWords.contains(name) || letters < 3))
    termNumbers[name] = terms.count - 1
    return terms.count - 1
  }

  private mutating func note(_ word: Word, in sentence: Int) {
    terms[word.term].frequency += 1
    if word.tag == .acronym { terms[word.term].acronyms += 1 }
    if word.tag == .name { terms[word.term].names += 1 }
    if terms[word.term].sentences.last != sentence { terms[word.term].sentences.append(sentence) }
  }

  private mutating func note(_ words: ArraySlice<Word>) {
    guard let first = words.first, let last = words.last else { return }
    let key = words.count == 1 ? first.lower : words.map(\.lower).joined(separator: " ")
    let number: Int
    if let known = candidateNumbers[key] {
      number = known
    } else {
      number = candidates.count
      candidateNumbers[key] = number
      candidates.append(Candidate(text: words.map(\.text).joined(separator: " "), terms: words.map(\.term)))
    }
    candidates[number].frequency += 1
    if !candidates[number].isValid {
      candidates[number].isValid =
        !terms[first.term].isStopWord && !terms[last.term].isStopWord && words.allSatisfy { Self.counts($0.tag) }
    }
  }

  private static func tag(_ token: Scalars, _ position: Int) -> Tag {
    var (digits, letters, marks, capitals, small, dots, commas) = (0, 0, 0, 0, 0, 0, 0)
    for scalar in token {
      if ScalarClass.isDigit(scalar) { digits += 1 }
      if ScalarClass.isLetter(scalar) { letters += 1 }
      if ScalarClass.isPunctuation(scalar) { marks += 1 }
      if ScalarClass.isUpper(scalar) { capitals += 1 }
      if ScalarClass.isLower(scalar) { small += 1 }
      if scalar == 0x2E { dots += 1 }
      if scalar == 0x2C { commas += 1 }
    }
    if digits > 0, dots <= 1, digits + dots + commas == token.count { return .number }
    if (digits > 0) == (letters > 0) || marks > 1 { return .unusual }
    if capitals > 0, small == 0 { return .acronym }
    if token.count > 1, position > 0, capitals == 1, let first = token.first, ScalarClass.isUpper(first) {
      return .name
    }
    return .plain
  }

  // MARK: Weighing

  private mutating func weigh() {
    let counted = terms.filter { !$0.isStopWord }.map(\.frequency)
    guard !counted.isEmpty, let most = terms.map(\.frequency).max() else { return }
    let mean = counted.reduce(0, +) / Double(counted.count)
    let deviation = (counted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(counted.count)).squareRoot()
    for index in terms.indices {
      let term = terms[index]
      let links = Self.diversity(term.next) + Self.diversity(term.previous)
      let relatedness = 1 + links * term.frequency / most
      let frequency = term.frequency / (mean + deviation)
      let spread = Double(term.sentences.count) / Double(sentenceCount)
      let casing = max(term.acronyms, term.names) / (1 + log(term.frequency))
      let position = log(log(3 + Self.median(term.sentences)))
      terms[index].weight = position * relatedness / (casing + frequency / relatedness + spread / relatedness)
    }
  }

  /// Different neighbours per neighbour.
  private static func diversity(_ links: [Int: Double]) -> Double {
    links.isEmpty ? 0 : Double(links.count) / links.values.reduce(0, +)
  }

  private static func median(_ sorted: [Int]) -> Double {
    let middle = sorted.count / 2
    if sorted.count % 2 == 1 { return Double(sorted[middle]) }
    return (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2
  }

  private func score(_ candidate: Candidate) -> Double {
    var product = 1.0
    var sum = 0.0
    for (place, number) in candidate.terms.enumerated() {
      let term = terms[number]
      guard term.isStopWord, place > 0, place + 1 < candidate.terms.count else {
        product *= term.weight
        sum += term.weight
        continue
      }
      let (before, after) = (candidate.terms[place - 1], candidate.terms[place + 1])
      let comes = (terms[before].next[number] ?? 0) / terms[before].frequency
      let goes = (term.next[after] ?? 0) / terms[after].frequency
      let chance = comes * goes
      product *= 2 - chance
      sum -= 1 - chance
    }
    return product / ((sum + 1) * candidate.frequency)
  }

  // MARK: Choosing

  private func best(_ most: Int) -> [Keyphrase] {
    let scored = candidates.indices.filter { candidates[$0].isValid }
      .map { (index: $0, score: score(candidates[$0])) }
      .sorted { $0.score != $1.score ? $0.score < $1.score : $0.index < $1.index }
    var kept: [Keyphrase] = []
    var forms: [PhraseForm] = []
    for candidate in scored {
      let form = PhraseForm(candidates[candidate.index].text)
      if forms.contains(where: { form.similarity(to: $0) > Self.similarityLimit }) { continue }
      kept.append(Keyphrase(text: candidates[candidate.index].text, score: candidate.score))
      forms.append(form)
      if kept.count == most { break }
    }
    return kept
  }
}

/// A phrase as it is compared with others.
private struct PhraseForm {
  let scalars: Scalars
  let letters: Set<UInt32>
  let words: [ArraySlice<UInt32>]

  init(_ text: String) {
    scalars = text.lowercased().scalars
    letters = Set(scalars)
    words = scalars.split(separator: 0x20)
  }

  private var trigrams: Set<UInt64> {
    guard scalars.count > 2 else { return [] }
    var runs: Set<UInt64> = []
    for index in 0..<scalars.count - 2 {
      let (first, second, third) = (UInt64(scalars[index]), UInt64(scalars[index + 1]), UInt64(scalars[index + 2]))
      runs.insert(first << 42 | second << 21 | third)
    }
    return runs
  }

  /// From 0 to 1: length, characters, words and runs of three characters in common.
  func similarity(to other: PhraseForm) -> Double {
    let (longer, shorter) = (max(scalars.count, other.scalars.count), min(scalars.count, other.scalars.count))
    if Double(longer - shorter) > Double(longer) * 0.6 { return 0 }
    if longer > 3, scalars.first != other.scalars.first || scalars.last != other.scalars.last { return 0 }
    if shorter >= 3, scalars[1] != other.scalars[1] { return 0 }
    if abs(words.count - other.words.count) > 1 { return 0 }
    if scalars == other.scalars { return 1 }
    let ratio = Double(shorter) / Double(longer)
    if ratio < 0.3 { return 0 }
    let common = Self.jaccard(letters, other.letters)
    if common < 0.2 { return 0 }
    if longer <= 4 { return common * ratio }
    if words.count > 1 || other.words.count > 1 {
      let overlap = Self.jaccard(Set(words), Set(other.words))
      if overlap > 0.4 { return overlap }
    }
    return min(1, 0.3 * ratio + 0.2 * common + 0.5 * Self.jaccard(trigrams, other.trigrams))
  }

  private static func jaccard<Element>(_ one: Set<Element>, _ other: Set<Element>) -> Double {
    let common = one.intersection(other).count
    let all = one.count + other.count - common
    return all == 0 ? 0 : Double(common) / Double(all)
  }
}
