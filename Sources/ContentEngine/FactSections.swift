// The middle of an article: sections of facts until the word target is met.

extension Draft {
  private struct Pool {
    var headings: [String]
    var facts: Facts
    var cap: Int
  }

  /// Which facts a pool has. They are looked up when its turn comes, which it does not in a short article.
  private enum Facts {
    case ranked([Int])
    case theme(Theme)
    case themes([(Species, [Theme])])
    /// Those of other kinds of animals as well.
    case all(Species)
  }

  private mutating func indexes(of facts: Facts) -> [Int] {
    // Constants of their own: a closure that captures the draft copies it for every fact.
    let (base, topic) = (base, topic)
    func suitable(_ species: Species, _ theme: Theme) -> [Int] {
      base.factIndexes(species, theme).filter { topic.suits(base.facts[$0]) }
    }
    switch facts {
    case .ranked(let indexes): return indexes
    case .theme(let theme):
      return ranked(suitable(topic.species, theme), cues: topic.cues.map { WordList.lowered($0) })
    case .themes(let groups):
      return groups.flatMap { species, themes in themes.flatMap { suitable(species, $0) } }
    case .all(let species): return Theme.allCases.flatMap { base.factIndexes(species, $0) }
    }
  }

  /// Fills the words that the planned sections leave. Returns false when facts ran out.
  mutating func writeFactSections() -> Bool {
    let budget = target - words
    guard budget > 0 else { return true }
    // A fact with its lead-in takes about 19 words; a lead-in stands before at most three
    // facts in five, so that a long list of keywords cannot drown the article.
    let expected = max(1, budget / 19)
    let rate = min(0.6, Double(ledger.missing) / Double(expected))
    var due = 0.5
    var lastTheme: Theme?
    for pool in pools() {
      let remaining = target - words
      if remaining < 14 { return true }
      var candidates = indexes(of: pool.facts).filter { isFree($0) && ledger.allows(base.facts[$0].lowered) }
      guard candidates.count >= 3 || (remaining < 60 && !candidates.isEmpty) else { continue }
      if remaining < 45, let last = middle.indices.last {
        finish(section: last, from: candidates, theme: lastTheme, due: &due, rate: rate)
        return true
      }
      // A heading with nothing below it would be worse than a short article.
      guard remaining >= 60 || candidates.contains(where: { base.facts[$0].words <= remaining }) else { return true }
      guard var section = section(pool.headings) else { continue }
      var lines: [String] = []
      var written = 0
      // A rest too small for another section stays in this one.
      while !candidates.isEmpty, written < pool.cap || target - words < 55 {
        let left = target - words
        if left < 6 { break }
        let index = left < 32 ? closest(candidates, to: left) : next(of: candidates)
        if left < 32, base.facts[index].words > left + 6 { break }
        candidates.removeAll { $0 == index }
        guard ledger.allows(base.facts[index].lowered) else { continue }
        guard isFree(index) else { continue }
        append(index, from: &candidates, to: &lines, due: &due, rate: rate, left: left)
        written += 1
      }
      section.blocks += paragraphs(lines)
      middle.append(section)
      switch pool.facts {
      case .ranked: lastTheme = topic.theme
      case .theme(let theme): lastTheme = theme
      case .themes, .all: lastTheme = nil
      }
    }
    return target - words <= max(14, target / 10)
  }

  private mutating func append(
    _ index: Int, from candidates: inout [Int], to lines: inout [String], due: inout Double, rate: Double, left: Int
  ) {
    // Where the theme of a keyword is at hand, its turn comes sooner: it may not come again.
    let suits = ledger.isDue(for: base.facts[index].theme)
    due += suits ? max(rate, 0.5) : rate
    if suits, due >= 1, left > 20, let entry = ledger.due(for: base.facts[index].theme) {
      due = min(due - 1, 0.6)
      let missing = ledger.missing
      // A fact that speaks of the keyword carries it best.
      let best =
        speaks(of: entry, index) ? nil : candidates.prefix(12).firstIndex { speaks(of: entry, $0) && isFree($0) }
      let chosen = best.map { candidates[$0] } ?? index
      if let best { candidates[best] = index }
      if let line = write(chosen, naming: entry) { lines.append(line) }
      // A danger takes no keyword beside it; the next fact has its turn.
      if ledger.missing == missing { due += 1 }
      return
    }
    if due >= 2, left > 30, let entry = ledger.needy, !entry.isQuestion, !lines.isEmpty {
      let bridge = random.pick(entry.isForeign ? SharedPhrases.foreignLines : SharedPhrases.storeLines) ?? ""
      if let line = say(Voice.replace("{keyword}", by: entry.spoken, in: bridge)) {
        lines[lines.count - 1] += " " + line
        due -= 1
      }
    }
    if left > 45, let place = partner(of: index, among: candidates), isFree(candidates[place]) {
      let next = candidates.remove(at: place)
      if let line = say(joined(index, next)) {
        lines.append(line)
        markUsed(index)
        markUsed(next)
        return
      }
    }
    if let line = write(index, mayLead: left > 40) { lines.append(line) }
    // It answers the advice before it, and so never begins a paragraph.
    if left > 60, !readingLevel.isLow, base.facts[index].isAdvice, !base.facts[index].isWarning, random.below(6) == 0,
      !lines.isEmpty,
      let aside = aside()
    {
      lines[lines.count - 1] += " " + aside
    }
  }

  private mutating func finish(
    section: Int, from candidates: [Int], theme: Theme?, due: inout Double, rate: Double
  ) {
    // The last words are of the theme of the section that they close, or about care at large.
    let left = target - words
    let own = theme.map { base.factIndexes(topic.species, $0) } ?? []
    let near = own.filter { isFree($0) && isSuitable(base.facts[$0]) && base.facts[$0].words <= left + 6 }
    let general = [topic.species, .any].flatMap { base.factIndexes($0, .generalCare) }
      .filter { isFree($0) && isSuitable(base.facts[$0]) && base.facts[$0].stage != "experienced" }
    var candidates = !near.isEmpty ? near : general.isEmpty ? candidates : general
    var lines: [String] = []
    while target - words >= 8, !candidates.isEmpty {
      let index = closest(candidates, to: target - words)
      if base.facts[index].words > target - words + 6 { break }
      candidates.removeAll { $0 == index }
      due += rate
      if let line = write(index) { lines.append(line) }
    }
    guard !lines.isEmpty else { return }
    // A sentence alone is no paragraph.
    if lines.count < 3, case .paragraph(let before)? = middle[section].blocks.last {
      middle[section].blocks[middle[section].blocks.count - 1] = .paragraph(before + lines)
    } else {
      middle[section].blocks.append(.paragraph(lines))
    }
  }

  /// The next fact, or one soon after it where that one's length suits the reading grade better.
  private func next(of candidates: [Int]) -> Int {
    let nearest = candidates.prefix(4)
    let base = base
    func words(_ index: Int) -> Int { base.facts[index].words }
    let better: Int?
    if readingLevel.isLow {
      better = nearest.max { words($0) < words($1) }
    } else if readingLevel.isHigh {
      better = nearest.min { words($0) < words($1) }
    } else {
      better = nil
    }
    return better ?? candidates[0]
  }

  private func closest(_ candidates: [Int], to count: Int) -> Int {
    candidates.min { first, second in
      abs(base.facts[first].words - count) < abs(base.facts[second].words - count)
    } ?? candidates[0]
  }

  /// Three to five sentences make a paragraph.
  private mutating func paragraphs(_ lines: [String]) -> [Block] {
    var blocks: [Block] = []
    var start = 0
    while start < lines.count {
      var end = min(lines.count, start + 3 + random.below(3))
      if lines.count - end == 1 { end = lines.count }
      blocks.append(.paragraph(Array(lines[start..<end])))
      start = end
    }
    return blocks
  }

  /// Ranks the facts about what the topic names: those of its theme, and those of others that speak of the same thing.
  mutating func rankCore() {
    let species = topic.species
    let isFish = species == .fish
    // Constants of their own: a closure that captures the draft copies it for every fact.
    let (base, topic) = (base, topic)
    func suitable(_ species: Species, _ theme: Theme) -> [Int] {
      base.factIndexes(species, theme).filter { topic.suits(base.facts[$0]) }
    }
    var main = suitable(species, topic.theme)
    // Water is in baths and boats as well, where it is no home, and ticks are pulled as well as leashes.
    let telling = topic.cues.filter { ($0 != "water" || isFish) && !Topic.looseWords.contains($0) }
      .map { WordList.lowered($0) }
    // Facts of other themes that name what the topic names ("crate") belong to its core.
    for theme in Theme.allCases where theme != topic.theme {
      main += suitable(species, theme).filter { index in
        telling.contains { WordList.occurrences(of: $0, in: base.facts[index].lowered) > 0 }
      }
    }
    core = ranked(main, cues: topic.cues.map { WordList.lowered($0) })
  }

  /// Groups of facts in the order in which they serve the topic.
  private mutating func pools() -> [Pool] {
    let species = topic.species
    let isFish = species == .fish
    let isBird = species == .bird
    let cap = target < 600 ? 6 : 8
    func headings(_ theme: Theme) -> [String] {
      SharedPhrases.headings(theme, fish: isFish, bird: isBird)
    }
    var pools: [Pool] = []
    // Keywords head the sections of their theme; the first always heads the core.
    var named = ledger.entries.filter { !$0.isQuestion && !$0.isForeign && CallerText.length($0.keyword) <= 45 }
      .prefix(4)
    func keywordHeading(_ theme: Theme, _ ending: String, always: Bool) -> [String] {
      guard topic.isRecognised else { return [] }
      let found = named.firstIndex { entry in
        let fits = always || entry.theme == theme || (entry.theme == nil && theme == topic.theme)
        return fits && entry.count + 3 <= entry.ceiling
      }
      guard let found else { return [] }
      return [Phrasing.titleCased(named.remove(at: found).keyword) + ending]
    }
    let endings = [": What Matters Most", ": The Details", " in Daily Life"]
    for turn in 0..<3 {
      let names =
        keywordHeading(topic.theme, endings[turn], always: turn == 0) + headings(topic.theme)
      pools.append(Pool(headings: names, facts: .ranked(core), cap: cap + 1))
    }
    for theme in topic.theme.related + Theme.allCases where theme != topic.theme {
      pools.append(
        Pool(
          headings: keywordHeading(theme, ": Good to Know", always: false) + headings(theme), facts: .theme(theme),
          cap: cap))
    }
    let general = Facts.themes([(.any, [topic.theme] + topic.theme.related)])
    let rest = Facts.themes([(species, Theme.allCases)])
    let all = Facts.themes([(.any, Theme.allCases)])
    let both = Facts.themes([(species, Theme.allCases), (.any, Theme.allCases)])
    for (names, facts) in [
      (["Good Habits for Every Owner"], general), (["More Points to Remember"], rest),
      (["What Holds for All Pets"], all), (["Further Advice"], rest), (["Small Things That Help"], all),
      (["Also Worth Knowing"], both), (["Notes for Later"], both), (["Extra Details"], both),
      (["The Last Details"], both),
    ] {
      pools.append(Pool(headings: names, facts: facts, cap: target > 1800 ? 14 : cap))
    }
    if species == .any {
      let owners: [(Species, String)] = [
        (.dog, "Dog Owners"), (.cat, "Cat Owners"), (.rabbit, "Rabbit Owners"),
        (.bird, "Bird Owners"), (.fish, "Fish Keepers"),
      ]
      for prefix in ["Notes for ", "More Notes for "] {
        for (kind, name) in owners {
          let found = Facts.themes([(kind, [topic.theme] + topic.theme.related)])
          pools.append(Pool(headings: [prefix + name], facts: found, cap: 10))
        }
      }
    }
    // Kinds of animals beside the one asked for come last, under a heading that says so.
    if topic.animal != nil || topic.pair != nil {
      for heading in [
        "How Related Animals Compare", "More on Related Animals", "Other Animals of This Group",
      ] {
        pools.append(Pool(headings: [heading], facts: .all(species), cap: 24))
      }
    }
    return pools
  }
}
