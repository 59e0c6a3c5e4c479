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
  var words = 0
  var opening: Section?
  var head: [Section] = []
  var middle: [Section] = []
  var tail: [Section] = []
  /// Sections that are asked for by themselves as well.
  var faq: Section?
  var conclusion: Section?
  private var usedFacts: Set<Int> = []
  private var usedSentences: Set<String> = []
  private var usedHeadings: Set<String> = []
  private var keywordLeads: [String]
  private var questionLeads: [String]
  private var leadTurn = 0

  init(brief: Brief, topic: Topic, keywords: [String], focus: String?, seed: UInt64) {
    self.brief = brief
    self.topic = topic
    target = brief.targetWords
    voice = Voice(tone: brief.tone, topic: topic)
    random = SeededRandom(seed: seed)
    phrases = TonePhrases.phrases(for: brief.tone)
    ledger = KeywordLedger(keywords: keywords, focus: focus, target: target)
    keywordLeads = random.shuffled(SharedPhrases.keywordLeads)
    questionLeads = random.shuffled(SharedPhrases.questionLeads)
  }

  // MARK: Phrases

  func filled(_ template: String) -> String {
    guard template.utf8.contains(UInt8(ascii: "{")) else { return template }
    var text = Voice.replace("{subject}", by: topic.subject, in: template)
    text = Voice.replace("{animals}", by: topic.animalsName, in: text)
    text = Voice.replace("{animal}", by: topic.animalName, in: text)
    return Voice.replace(
      "{Animals}", by: Phrasing.titleCased(topic.animalsName), in: text)
  }

  /// The sentence in the tone of the article, or nil when it was said before.
  mutating func say(_ template: String) -> String? {
    let sentence = voice.say(filled(template))
    guard usedSentences.insert(sentence).inserted else { return nil }
    note(sentence)
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

  /// A table whose cells are counted; cells may repeat, sentences may not.
  mutating func table(header: [String], rows: [[String]]) -> Block {
    let block = Block.table(header: header, rows: rows)
    for text in block.texts { note(text) }
    return block
  }

  // MARK: Facts

  func isFree(_ index: Int) -> Bool { !usedFacts.contains(index) }

  mutating func markUsed(_ index: Int) { usedFacts.insert(index) }

  func isSuitable(_ fact: Fact) -> Bool { topic.suits(fact) }

  /// Facts in a seeded order, those that name the cues of the topic first.
  mutating func ranked(_ indexes: [Int], cues: [[UInt8]]) -> [Int] {
    let wanted = topic.stage.map { $0 == .young ? "young" : "senior" }
    let (base, animal) = (base, topic.animal.map { WordList.lowered($0) })
    let scored = random.shuffled(indexes).map { index -> (index: Int, score: Int) in
      let fact = base.facts[index]
      var score = fact.stage == wanted ? 2 : 0
      if let animal, WordList.occurrences(of: animal, in: fact.lowered) > 0 { score += 2 }
      for cue in cues where WordList.occurrences(of: cue, in: fact.lowered) > 0 { score += 1 }
      return (index, score)
    }
    var result: [Int] = []
    for level in [3, 2, 1, 0] {
      result += scored.filter { level == 3 ? $0.score >= 3 : $0.score == level }.map(\.index)
    }
    return result
  }

  /// Writes one fact, with a keyword or a tone lead-in where one is due.
  mutating func write(_ index: Int, keywordDue: Bool, mayLead: Bool) -> String? {
    let fact = base.facts[index]
    usedFacts.insert(index)
    var lead = ""
    if keywordDue, let entry = ledger.due(for: fact.theme) {
      let pool = entry.isQuestion ? questionLeads : keywordLeads
      lead = Voice.replace("{keyword}", by: entry.spoken, in: pool[leadTurn % pool.count])
      leadTurn += 1
    } else if mayLead, !fact.isAdvice, fact.stage != "safety", !fact.source.hasPrefix("vet"),
      random.below(6) == 0
    {
      // Danger is said plainly; "as a rule of thumb" would weaken it.
      lead = random.pick(phrases.statementLeads) ?? ""
    }
    return say(lead.isEmpty ? fact.sentence : lead + Phrasing.uncapitalised(fact.sentence))
  }

  /// Two short facts about one theme make a sentence of a fair length.
  mutating func joinsNext(_ index: Int, _ next: Int) -> Bool {
    let first = base.facts[index]
    let second = base.facts[next]
    let limit = 18
    let short = first.words <= limit && second.words <= limit
    // ", and" reads well only before a plain clause.
    let plain = !second.sentence.utf8.contains(UInt8(ascii: ","))
    return short && (brief.tone.isFormal || plain) && first.isAdvice == second.isAdvice
      && first.theme == second.theme && first.stage != "safety" && second.stage != "safety"
      && random.below(12) > 0
  }

  mutating func aside() -> String? { sayOne(of: phrases.asides) }
}
