// An article in the making: what has been said, how many words it took, what is left.

struct Draft {
  let brief: Brief
  let topic: Topic
  let voice: Voice
  let phrases: TonePhrases
  let target: Int
  let base = KnowledgeBase.shared
  var random: SeededRandom
  var ledger: KeywordLedger
  /// What the custom instructions ask for.
  let wishes: [Wish]
  var words = 0
  private(set) var readingLevel: ReadingLevel
  var opening: Section?
  var head: [Section] = []
  var middle: [Section] = []
  var tail: [Section] = []
  /// Sections that are asked for by themselves as well.
  var faq: Section?
  var conclusion: Section?
  /// The facts about what the topic names, the nearest first.
  var core: [Int] = []
  private var usedFacts: Set<Int> = []
  private var usedSentences: Set<String> = []
  private var usedHeadings: Set<String> = []
  private var plannedParts: Set<String> = []
  private var keywordLeads: [String]
  private var keywordClauses: [String]
  private var keywordAdvice: [String]
  private var keywordTails: [String]
  private var questionLeads: [String]
  private var toneLeads: [String]
  private var usedBridges: Set<String> = []
  private var leadTurn = 0
  private var bridged = 0

  init(brief: Brief, topic: Topic, keywords: [String], focus: String?, seed: UInt64) {
    self.brief = brief
    self.topic = topic
    target = brief.targetWords
    voice = Voice(tone: brief.tone, topic: topic)
    readingLevel = ReadingLevel(isFormal: brief.tone.isFormal, isShort: target < 600)
    random = SeededRandom(seed: seed)
    phrases = TonePhrases.phrases(for: brief.tone)
    ledger = KeywordLedger(keywords: keywords, focus: focus, target: target, species: topic.species)
    wishes = brief.customInstructions.map { Wish.wishes(in: CallerText.clean($0)) } ?? []
    keywordLeads = random.shuffled(SharedPhrases.keywordLeads)
    keywordClauses = random.shuffled(SharedPhrases.keywordClauses)
    toneLeads = random.shuffled(phrases.statementLeads)
    keywordAdvice = random.shuffled(SharedPhrases.keywordAdvice)
    keywordTails = random.shuffled(SharedPhrases.keywordTails)
    questionLeads = random.shuffled(SharedPhrases.questionLeads)
  }

  // MARK: Phrases

  func filled(_ template: String) -> String {
    guard template.utf8.contains(UInt8(ascii: "{")) else { return template }
    // An animal that is a keyword as well is said in other words once it has been said often.
    let isSpared = ledger.isNearCeiling(topic.animalsName)
    let animals = isSpared ? topic.groupName.plural : topic.animalsName
    var text = Voice.replace("{subject}", by: topic.subject, in: template)
    text = Voice.replace("{animals}", by: animals, in: text)
    text = Voice.replace("{animal}", by: isSpared ? topic.groupName.singular : topic.animalName, in: text)
    return Voice.replace("{Animals}", by: Phrasing.titleCased(animals), in: text)
  }

  /// The sentence in the tone of the article, or nil when it was said before.
  mutating func say(_ template: String) -> String? {
    let sentence = voice.say(filled(template))
    guard usedSentences.insert(sentence).inserted else { return nil }
    note(sentence)
    readingLevel.add(sentence)
    return sentence
  }

  mutating func sayOne(of templates: [String]) -> String? {
    for template in random.shuffled(templates) {
      if let sentence = say(template) { return sentence }
    }
    return nil
  }

  mutating func sayAll(_ templates: [String]) -> [String] {
    templates.compactMap { say($0) }
  }

  mutating func note(_ text: String) {
    words += WordList.count(text)
    ledger.note(text)
  }

  /// A section whose heading is new in this article. With contents, a heading is read twice.
  mutating func section(_ candidates: [String]) -> Section? {
    for candidate in candidates {
      let heading = voice.say(filled(candidate))
      guard usedHeadings.insert(heading.lowercased()).inserted else { continue }
      let slug = CallerText.slug(heading)
      let anchor = slug.isEmpty ? "section-\(usedHeadings.count)" : slug
      note(heading)
      if brief.includeTableOfContents { note(heading) }
      return Section(heading: heading, anchor: anchor)
    }
    return nil
  }

  /// False when a part is in the plan already: an article's type and its caller may ask for the same.
  mutating func isFirst(_ part: String) -> Bool { plannedParts.insert(part).inserted }

  /// A table whose cells are counted; cells may repeat, sentences may not.
  mutating func table(header: [String], rows: [[String]]) -> Block {
    let block = Block.table(header: header, rows: rows)
    for text in block.texts { note(text) }
    return block
  }

  // MARK: Facts

  func isFree(_ index: Int) -> Bool { !usedFacts.contains(index) }

  /// Counts a fact as told, and with it all that say nearly the same.
  mutating func markUsed(_ index: Int) {
    usedFacts.insert(index)
    for rival in base.rivals[index] { usedFacts.insert(rival) }
  }

  func isSuitable(_ fact: Fact) -> Bool { topic.suits(fact) }

  /// Facts in a seeded order, those that name the cues of the topic first.
  mutating func ranked(_ indexes: [Int], cues: [[UInt8]]) -> [Int] {
    let wanted = topic.stage.map { $0 == .young ? "young" : "senior" }
    let isForExperts = brief.targetAudience.map { Audience($0).stage } == "experienced"
    let (base, animal) = (base, topic.animal.map { WordList.lowered($0) })
    let scored = random.shuffled(indexes).map { index -> (index: Int, score: Int) in
      let fact = base.facts[index]
      var score = fact.stage == wanted ? 2 : 0
      if let animal, WordList.occurrences(of: animal, in: fact.lowered) > 0 { score += 2 }
      for cue in cues where WordList.occurrences(of: cue, in: fact.lowered) > 0 { score += 1 }
      // What breeders ask is not what owners do.
      if score == 0, fact.stage == "experienced", !isForExperts { score = -1 }
      return (index, score)
    }
    var result: [Int] = []
    for level in [3, 2, 1, 0] {
      result += scored.filter { level == 3 ? $0.score >= 3 : $0.score == level }.map(\.index)
    }
    return result
  }

  /// Writes one fact, with a lead-in of the tone where it may have one.
  mutating func write(_ index: Int, mayLead: Bool = false) -> String? {
    let fact = base.facts[index]
    markUsed(index)
    // Danger is said plainly; "as a rule" would weaken it.
    guard mayLead, !fact.isAdvice, !fact.isWarning, random.below(6) == 0, !toneLeads.isEmpty else {
      return say(fact.sentence)
    }
    // Each once: a phrase that comes back is a tic.
    return say(toneLeads.removeFirst() + Phrasing.uncapitalised(fact.sentence))
  }

  /// Writes one fact and a keyword with it.
  mutating func write(_ index: Int, naming entry: KeywordLedger.Entry) -> String? {
    let fact = base.facts[index]
    markUsed(index)
    func named(_ template: String) -> String { Voice.replace("{keyword}", by: entry.spoken, in: template) }
    if !entry.isQuestion, !speaks(of: entry, index) {
      // "A note on a lamp: cedar harms the lungs" is nonsense; a danger takes no word beside it at all.
      guard !fact.isWarning, bridged < 6 + target / 200 else { return say(fact.sentence) }
      bridged += 1
      if entry.isForeign {
        return say(fact.sentence, before: SharedPhrases.foreignLines.map(named))
      }
      if fact.isPlain, fact.words < 22 {
        leadTurn += 1
        return say(fact.sentence.dropLast() + named(keywordTails[leadTurn % keywordTails.count]) + ".")
      }
      return say(fact.sentence, before: SharedPhrases.bridges.map(named))
    }
    let pool =
      entry.isQuestion
      ? questionLeads
      : fact.isAdvice ? keywordAdvice : fact.isPlain && !fact.isWarning ? keywordClauses : keywordLeads
    leadTurn += 1
    return say(named(pool[leadTurn % pool.count]) + Phrasing.uncapitalised(fact.sentence))
  }

  /// A fact with a word on a keyword after it; as one sentence where longer ones are wanted.
  private mutating func say(_ fact: String, before bridges: [String]) -> String? {
    for bridge in random.shuffled(bridges) where usedBridges.insert(bridge).inserted {
      return say(readingLevel.isLow ? fact.dropLast() + "; " + Phrasing.uncapitalised(bridge) : fact + " " + bridge)
    }
    return say(fact)
  }

  /// Whether a fact names what a keyword names: the last of its words, since a hay rack is a rack and no hay.
  func speaks(of entry: KeywordLedger.Entry, _ index: Int) -> Bool {
    if entry.isForeign { return false }
    return entry.cues.last.map { WordList.place(of: $0, in: base.facts[index].lowered) != nil } ?? true
  }

  /// The place of the candidate that makes one sentence with a fact: both short, of one theme and about one thing.
  mutating func partner(of index: Int, among candidates: [Int]) -> Int? {
    let first = base.facts[index]
    guard !first.isWarning, !readingLevel.isHigh, first.words <= (brief.tone.isFormal ? 24 : 21) else { return nil }
    var best: (place: Int, kinship: Int)?
    for (place, candidate) in candidates.prefix(24).enumerated() {
      let second = base.facts[candidate]
      // Two commas with "and" read as a list.
      let isList = first.isAdvice ? first.isList || second.isList : first.isList && second.isList
      guard brief.tone.isFormal || !isList, second.theme == first.theme, second.isAdvice == first.isAdvice,
        second.isPlain || first.isPlain,
        !second.isWarning, !base.rivals[index].contains(candidate),
        first.words + second.words <= (brief.tone.isFormal ? 40 : 35) + (readingLevel.isLow ? 5 : 0),
        ledger.allows(second.lowered)
      else { continue }
      let kinship = first.kinship(with: second)
      // Two that share two words in five say nearly the same, and "and" between them makes that plain.
      if kinship > 1, kinship * 5 >= min(first.stems.count, second.stems.count) * 2 { continue }
      // A chain of parts is joined only to what is clearly of the same thing.
      guard kinship > 1 || !(first.isList || second.isList) else { continue }
      if kinship > best?.kinship ?? 0 { best = (place, kinship) }
    }
    return best?.place
  }

  /// Two facts as one sentence.
  mutating func joined(_ index: Int, _ next: Int) -> String {
    var (first, second) = (base.facts[index], base.facts[next])
    // A sentence with commas of its own reads best in front.
    if !second.isPlain { swap(&first, &second) }
    let joints = first.isPlain ? Self.plainJoints : Self.widerJoints
    let joint = joints[random.below(brief.tone.isFormal ? joints.count : joints.count - 1)]
    return first.sentence.dropLast() + joint + Phrasing.uncapitalised(second.sentence)
  }

  // The last of each is for formal tones alone.
  private static let plainJoints = [", and ", ", and ", "; "]
  // "While" promises a contrast, which two facts about one thing seldom have; after a "because", "and" would go on with the reason.
  private static let widerJoints = ["; ", "; "]

  mutating func aside() -> String? { sayOne(of: phrases.asides) }
}
