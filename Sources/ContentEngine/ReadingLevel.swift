// The reading grade of an article, held between 6 and 9 while it is written and once more when it is done.
//
// A grade of 6 to 9 is what adults read with ease. It is made of two things, words a sentence and syllables a word, of which
// the first is ours to choose: a low text gets the longer of its next facts and joins neighbours, a high one the shorter and
// parts them. Both readings count (see ``ReadabilityIndices``): the corrected one reads prose alone, textstat's runs headings
// and tables into the sentences beside them and is higher by one to three grades.

import TextAnalysis

/// Words, syllables and sentences of the prose so far. Syllables by the rule of vowel groups, which is within 2 % of the lexicon
/// over an article and costs a fiftieth.
struct ReadingLevel {
  /// The grades that an article is held to, a little inside what is promised.
  static let wanted = 6.02...8.98

  private var sentences = 0
  private var words = 0
  private var syllables = 0
  /// Below it longer sentences are wanted.
  private let floor: Double
  /// Above it shorter ones are.
  private let ceiling: Double

  /// Formal tones may have longer sentences. In a short article headings and tables weigh most in textstat's reading, which
  /// leaves the least room above.
  init(isFormal: Bool, isShort: Bool) {
    ceiling = isShort ? 6.6 : isFormal ? 7.1 : 6.6; floor = isFormal && !isShort ? 6.55 : 6.3
  }

  mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    var position = 0
    while position < bytes.count {
      let isEnd = bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: "?")
      // "1.5" ends nothing.
      if isEnd, position + 1 == bytes.count || bytes[position + 1] == UInt8(ascii: " ") { sentences += 1 }
      position += 1
    }
    WordList.forEachWord(in: bytes) { range in
      words += 1
      syllables += MeasuredText.syllables(in: bytes, range)
    }
  }

  /// The Flesch–Kincaid grade that the text would have if it ended here; nil where there is too little to tell.
  private var grade: Double? {
    guard sentences > 3 else { return nil }
    let length = Double(words) / Double(sentences)
    return 0.39 * length + 11.8 * Double(syllables) / Double(words) - 15.59
  }

  var isLow: Bool { grade.map { $0 < floor } ?? false }
  var isHigh: Bool { grade.map { $0 > ceiling } ?? false }
}

extension Draft {
  /// A changed draft: both readings of it, or nil where numbers of steps went and it has to be read once more.
  typealias Levelled = (textstat: ReadabilityIndices, corrected: ReadabilityIndices)?

  /// Joins or parts sentences of a finished draft until its grade is inside. Returns nil where nothing was to be done.
  mutating func level(_ quality: ContentQuality) -> Levelled? {
    let (read, seen) = (quality.corrected, quality.textstat)
    guard read.sentences > 0, read.words > 0 else { return nil }
    let low = ReadingLevel.wanted.lowerBound
    let high = ReadingLevel.wanted.upperBound
    /// The sentences that give a grade to the words of a text.
    func sentences(_ text: ReadabilityIndices, at grade: Double) -> Double {
      let length = (grade + 15.59 - 11.8 * Double(text.syllables) / Double(text.words)) / 0.39
      return Double(text.words) / max(1, length)
    }
    if read.fleschKincaidGrade < low {
      let joined = join(read.sentences - Int(sentences(read, at: low)))
      return joined.steps > 0 ? .some(nil) : Self.changed(read, seen, by: -joined.all)
    }
    guard read.fleschKincaidGrade > high || seen.fleschKincaidGrade > high else { return nil }
    // Never so many that the one reading falls out below while the other comes in from above.
    let room = Int(sentences(read, at: low)) - read.sentences
    let wanted = max(
      Int(sentences(read, at: high).rounded(.up)) - read.sentences,
      Int(sentences(seen, at: high).rounded(.up)) - seen.sentences)
    return Self.changed(read, seen, by: part(min(room, wanted)))
  }

  /// The readings of a text after a change of its sentences, without the cost of another reading.
  private static func changed(
    _ corrected: ReadabilityIndices, _ textstat: ReadabilityIndices, by sentences: Int
  ) -> Levelled? {
    guard sentences != 0 else { return nil }
    var (textstat, corrected) = (textstat, corrected)
    textstat.add(sentences: sentences)
    corrected.add(sentences: sentences)
    return (textstat, corrected)
  }

  /// Joins up to `count` pairs of neighbours, those first that speak of the same thing.
  private mutating func join(_ count: Int) -> (all: Int, steps: Int) {
    var left = count
    left -= Self.joinKin(&middle, atMost: left)
    // Of steps the order is known, and "then" says it.
    let steps = Self.change(&head, atMost: left) { block, limit in
      guard case .steps(var lines) = block else { return 0 }
      let joined = Self.joinSteps(&lines, atMost: limit)
      block = .steps(lines)
      return joined
    }
    left -= steps
    left -= Self.joinKin(&head, atMost: left)
    left -= Self.joinKin(&tail, atMost: left)
    // At last neighbours of one paragraph, unless one of them is a danger.
    func joinAny(_ block: inout Block, _ limit: Int) -> Int {
      guard case .paragraph(var lines) = block else { return 0 }
      let joined = Self.joinNeighbours(&lines, atMost: min(limit, lines.count / 3 + 1))
      block = .paragraph(lines)
      return joined
    }
    left -= Self.change(&middle, atMost: left, joinAny)
    if left > 0, var section = opening {
      for block in section.blocks.indices { left -= joinAny(&section.blocks[block], left) }
      opening = section
    }
    return (count - left, steps)
  }

  private mutating func part(_ count: Int) -> Int {
    guard count > 0 else { return 0 }
    return Self.change(&middle, atMost: count) { block, limit in
      guard case .paragraph(var lines) = block else { return 0 }
      let parted = Self.part(&lines, atMost: limit)
      block = .paragraph(lines)
      return parted
    }
  }

  /// Calls `change` with each block until as many sentences are changed as may be. Returns how many that are.
  private static func change(
    _ sections: inout [Section], atMost limit: Int, _ change: (inout Block, Int) -> Int
  ) -> Int {
    var changed = 0
    for section in sections.indices {
      for block in sections[section].blocks.indices where changed < limit {
        changed += change(&sections[section].blocks[block], limit - changed)
      }
    }
    return changed
  }

  /// Joins two sentences of a section that speak of one thing, wherever they stand in it.
  private static func joinKin(_ sections: inout [Section], atMost limit: Int) -> Int {
    var joined = 0
    for section in sections.indices where joined < limit {
      joined += joinKin(&sections[section].blocks, atMost: limit - joined)
    }
    return joined
  }

  private static func joinKin(_ blocks: inout [Block], atMost limit: Int) -> Int {
    var places: [(block: Int, words: Int, isAdvice: Bool, telling: Set<String>, line: String)] = []
    for (index, block) in blocks.enumerated() {
      guard case .paragraph(let lines) = block else { continue }
      places += lines.filter { isWhole($0) }.map {
        (index, WordList.count($0), KnowledgeBase.isAdvice($0), tellingWords(of: $0), $0)
      }
    }
    var joined = 0
    var taken: Set<Int> = []
    for first in places.indices where !taken.contains(first) && joined < limit {
      let one = places[first]
      let partner = places.indices.dropFirst(first + 1).first { second in
        let other = places[second]
        return !taken.contains(second) && one.words + other.words < 38 && !one.telling.isDisjoint(with: other.telling)
          && one.isAdvice == other.isAdvice
      }
      guard let partner else { continue }
      let other = places[partner]
      replace(other.line, by: nil, in: &blocks[other.block])
      replace(one.line, by: one.line.dropLast() + "; " + Phrasing.uncapitalised(other.line), in: &blocks[one.block])
      taken.insert(partner)
      joined += 1
    }
    blocks.removeAll { if case .paragraph(let lines) = $0 { lines.isEmpty } else { false } }
    return joined
  }

  private static func replace(_ line: String, by other: String?, in block: inout Block) {
    guard case .paragraph(var lines) = block, let index = lines.firstIndex(of: line) else { return }
    if let other { lines[index] = other } else { lines.remove(at: index) }
    block = .paragraph(lines)
  }

  private static let dangerWords: Set<String> = [
    "poison", "poisonous", "toxic", "kill", "deadly", "die", "never", "emergency", "once", "today", "same", "now",
  ]

  private static func isDanger(_ line: String) -> Bool {
    WordList.tokens(of: line).contains(where: dangerWords.contains)
  }

  /// A danger stands alone, and is kin to nothing.
  private static func tellingWords(of line: String) -> Set<String> {
    guard !isDanger(line) else { return [] }
    return Set(
      WordList.tokens(of: line).filter {
        $0.utf8.count > 4 && !Classification.commonWords.contains($0) && !Fact.commonStems.contains($0)
          && Classification.speciesWords[$0] == nil
      })
  }

  private static func joinNeighbours(_ lines: inout [String], atMost limit: Int) -> Int {
    join(&lines, with: "; ", atMost: limit, leaving: 1) { first, second in
      isWhole(first, mayLead: true) && isWhole(second) && !isDanger(first) && !isDanger(second)
        && WordList.count(first) + WordList.count(second) < 34
        && KnowledgeBase.isAdvice(first) == KnowledgeBase.isAdvice(second)
    }
  }

  private static func joinSteps(_ lines: inout [String], atMost limit: Int) -> Int {
    join(&lines, with: "; then ", atMost: limit, leaving: 5) { first, second in
      isWhole(first) && isWhole(second) && WordList.count(first) + WordList.count(second) < 32
    }
  }

  /// Joins neighbours that fit, each line once at most, and leaves so many lines.
  private static func join(
    _ lines: inout [String], with joint: String, atMost limit: Int, leaving least: Int,
    where fits: (String, String) -> Bool
  ) -> Int {
    var joined = 0
    var index = 0
    while index + 1 < lines.count, joined < limit, lines.count > least {
      if fits(lines[index], lines[index + 1]) {
        lines[index] = lines[index].dropLast() + joint + Phrasing.uncapitalised(lines[index + 1])
        lines.remove(at: index + 1)
        joined += 1
      }
      index += 1
    }
    return joined
  }

  /// Parts at semicolons, which stand between two whole sentences.
  private static func part(_ lines: inout [String], atMost limit: Int) -> Int {
    var parted = 0
    var index = 0
    while index < lines.count, parted < limit {
      if let cut = Voice.range(of: "; ", in: lines[index]) {
        let line = lines[index]
        lines[index] = line[..<cut.lowerBound] + "."
        lines.insert(Phrasing.capitalised(String(line[cut.upperBound...])), at: index + 1)
        parted += 1
      }
      index += 1
    }
    return parted
  }

  /// One sentence without a joint of its own, and no question.
  private static func isWhole(_ line: String, mayLead: Bool = false) -> Bool {
    guard line.hasSuffix(".") else { return false }
    return !line.utf8.dropLast().contains { ";.?“".utf8.contains($0) || (!mayLead && $0 == UInt8(ascii: ":")) }
  }
}
