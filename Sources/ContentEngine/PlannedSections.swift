// The sections that the type of the article and the wishes of the caller ask for.

extension Draft {
  private var size: Int { target < 300 ? 0 : target < 600 ? 1 : target < 1100 ? 2 : 3 }

  /// The rows for this species and theme, or none: a table about the wrong thing misleads.
  private func rows(_ table: [TableRow], _ theme: Theme) -> [[String]] {
    table.filter { row in
      row.species == topic.species && row.theme == theme && fits(row)
    }.map(\.cells)
  }

  private func fits(_ row: TableRow) -> Bool {
    !topic.excludes(row.animals)
  }

  private func fits(_ text: String) -> Bool {
    guard topic.animal != nil || topic.pair != nil else { return true }
    return !topic.excludes(Animals.mentions(in: text, species: topic.species))
  }

  mutating func planOpening() {
    guard brief.includeIntroduction else { return }
    var lines: [String] = []
    let openers =
      topic.type == .productDescription
      ? SharedPhrases.productOpeners
      : topic.isOnIllness ? SharedPhrases.signOpeners(isFormal: brief.tone.isFormal) : phrases.openers
    if let line = sayOne(of: openers) { lines.append(line) }
    if let named = ledger.entries.first, !named.isQuestion, !named.isForeign, ledger.missing > 0, size > 0,
      topic.isRecognised, let keyword = ledger.namedTogether, keyword != topic.subject
    {
      let options = [
        "The focus is on \(keyword), with advice for daily life.",
        "This text is about \(keyword), in plain words and with reasons.",
        "The main points are those on \(keyword).",
      ]
      if let line = sayOne(of: options) { lines.append(line) }
    }
    // What is told first is the nearest to the topic, and none of its details.
    if size > 0, target - words > 300, topic.type != .breedProfile || topic.breed == nil {
      let (base, told) = (base, topic.told.map { WordList.lowered($0) })
      let stage = topic.stage.map { $0 == .young ? "young" : "senior" }
      let plain = core.prefix(24).filter { index in
        let fact = base.facts[index]
        return (fact.stage == "all" || fact.stage == stage) && !fact.isAdvice && !fact.isWarning && fact.words > 9
          && ledger.allows(fact.lowered)
      }
      let near = plain.filter { index in told.contains { WordList.place(of: $0, in: base.facts[index].lowered) != nil }
      }
      let first = near.isEmpty && topic.cues.isEmpty ? plain : near
      lines += first.prefix(size > 1 ? 2 : 1).compactMap { isFree($0) ? write($0) : nil }
    }
    opening = Section(heading: "", anchor: "", blocks: [.paragraph(lines)])
  }

  mutating func planHead() {
    guard target >= 200 else { return }
    switch topic.type {
    case .buyingGuide:
      addCriteria()
      if !wishes.contains(.prosAndCons) { addOptions(["Options at a Glance", "The Choices Compared"]) }
    case .comparison:
      if let pair = topic.pair {
        if !wishes.contains(.prosAndCons) { addOptions(["Side by Side", "The Comparison"]) }
        for animal in pair { addAnimal(animal) }
      } else {
        if !wishes.contains(.prosAndCons) { addOptions(["Side by Side", "The Comparison"]) }
        addCriteria()
      }
    case .howTo: addProcedure()
    case .signsOf: addSigns()
    case .productDescription:
      addCriteria()
      if !wishes.contains(.prosAndCons) { addOptions(["Which Kind Suits Whom", "Kinds at a Glance"]) }
      addSafeUse()
      addChecklist()
    case .faq:
      // The questions are the article; facts fill what they leave.
      addQuestions(atMost: 16, until: target * 7 / 10)
      if faq != nil, let section = tail.popLast() { head.append(section) }
    case .breedProfile:
      addBreed()
      addRoutine()
    case .careGuide: if size > 1, !topic.isPond { addRoutine() }
    }
    // A breed has figures of its own.
    // One table is enough for a short article: what stands around it is the reading.
    let bringsTable = wishes.contains(.prosAndCons) || wishes.contains(.schedule)
    let hasTable = bringsTable || head.contains { $0.blocks.contains { if case .table = $0 { true } else { false } } }
    guard size > 1 || (size == 1 && !hasTable) else { return }
    if topic.isRecognised, topic.type != .breedProfile || topic.breed == nil { addNumbers() }
  }

  mutating func planTail() {
    for wish in wishes { add(wish) }
    addAudience()
    let isGuide = topic.type == .buyingGuide || topic.type == .comparison
    if isGuide, size > 0, !wishes.contains(.mistakes) { addMistakes() }
    if topic.type == .buyingGuide, size > 1, !wishes.contains(.checklist) { addChecklist() }
    if topic.type == .signsOf || topic.theme == .health, size > 0 { addVet() }
    if brief.includeFAQ, topic.type != .faq { addQuestions() }
    addConclusion()
    if topic.needsHealthNote {
      let note = say(SharedPhrases.healthNote)
      if let note, !tail.isEmpty { tail[tail.count - 1].blocks.append(.paragraph([note])) }
    }
  }

  private mutating func add(_ wish: Wish) {
    switch wish {
    case .prosAndCons: addOptions(["Pros and Cons"], header: ["Option", "Pros", "Cons and what to watch", "Price"])
    case .prices:
      addPrices()
    case .schedule: addRoutine()
    case .safety: addFacts("Safety First", stage: "safety", limit: 5)
    case .checklist: addChecklist()
    case .mistakes: addMistakes()
    case .vet: addVet()
    case .localShop: addShop()
    }
  }

  /// What holds for every product; what is known of the theme would speak of other things.
  private mutating func addSafeUse() {
    guard var section = section(["Safe Use"]) else { return }
    section.blocks.append(
      .paragraph(
        sayAll([
          "Check seams, edges and loose parts before the first use and once a week from then on.",
          "Stay close during the first days until it is clear how the {animal} uses it.",
          "Replace it when parts come off, because swallowed pieces can block the gut and need a vet at once.",
        ])))
    head.append(section)
  }

  private mutating func addPrices() {
    guard var section = section(["Prices and Budget"]) else { return }
    let found = base.factIndexes(topic.species, topic.theme)
      .filter { base.facts[$0].stage == "budget" && isSuitable(base.facts[$0]) && isFree($0) }
    var lines = found.prefix(2).compactMap { write($0) }
    let general = [
      "Prices differ from store to store, so compare what is included and how long it will last.",
      "The price for each month of use says more than the price on the tag, because cheap things are bought twice.",
      "Add the running costs to the price before you decide, since food, filters and covers are bought again and again.",
    ]
    lines += sayAll(Array(general.prefix(lines.count > 1 ? 1 : size < 2 ? 2 : 3)))
    section.blocks.append(.paragraph(lines))
    head.append(section)
  }

  /// The caller's own shop, by its name where the instructions give one.
  private mutating func addShop() {
    let name = brief.customInstructions.flatMap { ShopName.named(in: CallerText.clean($0)) }
    guard var section = section([name.map { "Visit " + $0 } ?? "Ask in Your Local Store"]) else { return }
    let shop = name ?? "A local store"
    section.blocks.append(
      .paragraph(
        sayAll([
          "\(shop) is a good place to compare sizes and materials by hand before anything is bought.",
          "Bring a photo of the home of the {animal} and its weight, and the staff can help with {subject}.",
        ])))
    tail.append(section)
  }

  /// What to judge a thing by: what holds for the thing that the topic names, or else for all of its theme.
  private var criteria: [(theme: Theme, cells: [String])] {
    Self.rowsOnThing(base.criteria.filter { $0.theme == topic.theme }, at: 2, of: topic)
  }

  /// The rows on the thing that the topic names, by the cue words in a column of their own; of two things the one that it names
  /// more of, so that a hay feeder is neither hay nor a bowl. Without one, the rows that hold for all of the theme.
  private static func rowsOnThing(
    _ rows: [(theme: Theme, cells: [String])], at column: Int, of topic: Topic
  ) -> [(theme: Theme, cells: [String])] {
    let words = WordList.tokens(of: topic.text)
    let named = rows.map { row -> Int in
      guard row.cells.count > column else { return 0 }
      return row.cells[column].split(separator: " ").map { cue in
        let parts = cue.split(separator: "+")
        return parts.allSatisfy { words.contains(String($0)) } ? parts.count : 0
      }.max() ?? 0
    }
    let most = named.max() ?? 0
    return zip(rows, named).filter { row, count in most > 0 ? count == most : row.cells.count == column }.map(\.0)
  }

  private mutating func addCriteria() {
    let found = criteria.filter { row in
      // A criterion stands either in the list or in the table.
      !head.contains { $0.blocks.contains { if case .table = $0 { $0.texts.contains(row.cells[0]) } else { false } } }
    }
    guard !found.isEmpty, var section = section(["What to Look For", "How to Judge Quality"]) else {
      return
    }
    let items = random.shuffled(found).prefix(size < 2 ? 2 : size + 2).compactMap { row in
      say(row.cells[0] + ": " + Phrasing.uncapitalised(row.cells[1]))
    }
    section.blocks.append(.bullets(items))
    head.append(section)
  }

  private mutating func addOptions(
    _ headings: [String], header: [String] = ["Option", "Suits", "Watch for", "Price"]
  ) {
    var found =
      topic.pair.map { pair in
        let cues = pair.flatMap { [$0, Animals.plural($0)] }
        return self.rows(base.options, .generalCare).filter { cues.contains($0[0].lowercased()) }
      } ?? self.rows(base.options, topic.theme)
    let named = topic.pair == nil ? found.filter(namesTopic) : []
    if named.count > 1 { found = named }
    // In an article on bowls the choice is between bowls, and not between foods.
    let things = Set(
      criteria.flatMap { $0.cells.count > 2 ? $0.cells[2].split { $0 == " " || $0 == "+" }.map(String.init) : [] })
    if !things.isEmpty, topic.pair == nil {
      // The bowls and feeders for all are those of dogs and cats.
      let isShared = topic.species == .dog || topic.species == .cat
      let general = base.options.filter { isShared && $0.species == .any && $0.theme == topic.theme }.map(\.cells)
      let shared = (self.rows(base.options, topic.theme) + general).map { row in
        (row: row, count: things.intersection(WordList.tokens(of: row[0])).count)
      }
      let most = shared.map(\.count).max() ?? 0
      let own = shared.filter { $0.count > 0 && $0.count == most }.map(\.row)
      if own.count > 1, named.count < 2 || topic.theme == .feeding { found = own }
    }
    if found.count < 2, topic.species == .any {
      found = base.options.filter { $0.species == .any }.map(\.cells)
    }
    // Who asks for the two sides of one animal gets those.
    if header[1] == "Pros", topic.pair == nil, topic.theme == .generalCare || topic.breed != nil {
      if let breed = topic.breed { found = [[breed.name, breed.character, breed.care, "-"]] }
      if let animal = topic.animal {
        found = self.rows(base.options, .generalCare).filter { $0[0].lowercased() == animal }
      }
      if found.count == 1, var section = section(headings) {
        let cells = [
          found[0][0], topic.breed == nil ? "Suits " + Phrasing.uncapitalised(found[0][1]) : found[0][1], found[0][2],
        ]
        section.blocks.append(table(header: Array(header.prefix(3)), rows: [cells]))
        head.append(section)
        return
      }
    }
    if found.count >= 2 {
      let isAdded = (head + tail).contains { section in
        section.blocks.contains {
          if case .table(let cells, _) = $0 { cells[0] == "Option" } else { false }
        }
      }
      if isAdded, header[1] != "Pros" { return }
      guard var section = section(headings) else { return }
      let isPros = header[1] == "Pros"
      let rows = byStage(random.shuffled(found)).prefix(size + 2).map { row in
        isPros ? [row[0], "Suits " + Phrasing.uncapitalised(row[1])] + row[2...] : row
      }
      section.blocks.append(table(header: header, rows: rows))
      head.append(section)
      return
    }
    let rows = criteria.map { ["\($0.cells[0])", $0.cells[1]] }.filter { row in
      // A criterion stands either in the list or in the table.
      !head.contains { $0.blocks.contains { $0.texts.contains { $0.hasPrefix(row[0] + ":") } } }
    }
    guard rows.count > 1, var section = section(headings) else { return }
    section.blocks.append(table(header: ["Point", "Why it counts"], rows: rows))
    head.append(section)
  }

  /// Whether a row names what the topic names: "Orthopedic bed" in an article on beds.
  private func namesTopic(_ row: [String]) -> Bool {
    let words = WordList.tokens(of: row[0].lowercased() + " " + row[1].lowercased())
    let named = WordList.tokens(of: topic.text).filter { word in
      word.utf8.count > 2 && !CallerText.smallWords.contains(word) && !Classification.commonWords.contains(word)
        && Classification.speciesWords[word] == nil
    }
    return named.contains { cue in words.contains { $0 == cue || (cue.count > 5 && $0.hasPrefix(cue.prefix(5))) } }
  }

  /// The rows that name the life stage of the topic first, and last those that name another one.
  private func byStage(_ rows: [[String]]) -> [[String]] {
    guard let stage = topic.stage else { return rows }
    let (own, others) =
      stage == .young
      ? (["pupp", "kitten", "first year", "growth"], ["senior", "old ", "over ten"])
      : (["senior", "old ", "over ten", "sore mouths"], ["pupp", "kitten", "first year", "growth"])
    let (ownBytes, otherBytes) = (own.map { Array($0.utf8) }, others.map { Array($0.utf8) })
    let ranked = rows.map { row in
      let text = WordList.lowered(row.joined(separator: " "))
      func names(_ marks: [[UInt8]]) -> Bool { marks.contains { WordList.place(of: $0, in: text) != nil } }
      return (row: row, rank: names(ownBytes) ? 0 : names(otherBytes) ? 2 : 1)
    }
    return [0, 1].flatMap { level in ranked.filter { $0.rank == level }.map(\.row) }
  }

  /// What is known of one of two animals that are compared.
  private mutating func addAnimal(_ animal: String) {
    let cue = WordList.lowered(animal)
    let (base, topic) = (base, topic)
    let found = Theme.allCases.flatMap { base.factIndexes(topic.species, $0) }
      .filter { WordList.occurrences(of: cue, in: base.facts[$0].lowered) > 0 && topic.suits(base.facts[$0]) }
    guard !found.isEmpty, var section = section([Phrasing.titleCased(Animals.plural(animal)) + " in Short"]) else {
      return
    }
    // From all themes, so that both are seen from the same sides.
    let order = [Theme.generalCare, .housing, .feeding, .health, .training].flatMap { theme in
      found.filter { base.facts[$0].theme == theme }.prefix(2)
    }
    let lines = order.prefix(size < 2 ? 3 : 7).compactMap { index in
      isFree(index) ? write(index) : nil
    }
    section.blocks.append(.paragraph(lines))
    head.append(section)
  }

  /// Who the breed is: figures in a table, and what it asks of its people.
  private mutating func addBreed() {
    guard let breed = topic.breed else { return }
    if var section = section(["The Breed at a Glance", "Breed Facts"]) {
      let rows = [
        ["Weight", breed.weight], ["Lifespan", breed.lifespan], ["Coat", breed.coat],
        ["Need for exercise", breed.energy],
      ]
      section.blocks.append(table(header: ["Trait", "What to expect"], rows: rows))
      head.append(section)
    }
    if var section = section(["Character and Daily Life", "What They Are Like"]) {
      section.blocks.append(.paragraph(sayAll([breed.character, breed.care])))
      head.append(section)
    }
    if var section = section(["Health to Watch", "What the Vet Should Look At"]) {
      let lines = [
        breed.health, "Ask a breeder for the health tests of both parents.",
        "Any sudden change in appetite, breathing or movement is a reason to call the vet.",
      ]
      section.blocks.append(.paragraph(sayAll(size > 0 ? lines : [lines[0]])))
      head.append(section)
    }
  }

  private mutating func addProcedure() {
    let words = WordList.words(of: topic.text.lowercased())
    var best: (score: Int, species: Species, theme: Theme, cues: String)?
    for row in base.procedures where row.cells[1] == "need" && row.species == topic.species {
      let cues = row.cells[0]
      if let best, best.cues == cues, best.theme == row.theme { continue }
      let named = cues.split(separator: " ").count { cue in
        words.contains { $0 == cue || ($0.hasPrefix(cue) && cue.count > 3) }
      }
      // Steps of another task than the one that was asked for would be worse than none.
      guard named > 0 || topic.species == .any else { continue }
      let score = named * 2 + (row.theme == topic.theme ? 3 : 0)
      if score > best?.score ?? -1 { best = (score, row.species, row.theme, cues) }
    }
    guard let best else { return }
    let chosen = base.procedures.filter {
      $0.species == best.species && $0.theme == best.theme && $0.cells[0] == best.cues
    }
    func texts(_ kind: String) -> [String] {
      chosen.filter { $0.cells[1] == kind && fits($0.cells[2]) }.map { $0.cells[2] }
    }
    let isShort = target < 600
    if target >= 300, var needs = section(["What You Need", "Before You Begin"]) {
      needs.blocks.append(.bullets(sayAll(texts("need").prefix(isShort ? 2 : 3).map { $0 + "." })))
      head.append(needs)
    }
    if var steps = section(["Step by Step", "The Steps in Order"]) {
      steps.blocks.append(.steps(sayAll(texts("step"))))
      head.append(steps)
    }
    let trouble = target < 300 ? [] : Array(texts("trouble").prefix(isShort ? 1 : 2))
    if !trouble.isEmpty, var section = section(["Troubleshooting", "If It Does Not Work"]) {
      section.blocks.append(.bullets(sayAll(trouble)))
      head.append(section)
    }
  }

  private mutating func addSigns() {
    // Those of the illness that the topic names; where none are known, what is said holds for illness in general.
    let words = Set(WordList.tokens(of: topic.text))
    var found = base.signs.filter { row in
      row.species == topic.species && row.cells.count > 3
        && row.cells[3].split(separator: " ").contains { words.contains(String($0)) } && fits(row)
    }.map { Array($0.cells.prefix(3)) }
    let isNamed = found.count > 2
    if !isNamed {
      found = rows(base.signs.filter { $0.cells.count == 3 }, topic.theme)
      if found.count < 3 { found += rows(base.signs.filter { $0.cells.count == 3 }, .health) }
      if found.isEmpty { found = base.signs.filter { $0.species == .any }.map(\.cells) }
    }
    let isGeneral = !isNamed && topic.theme == .health && !topic.cues.isEmpty
    let headings = isGeneral ? ["Signs of Illness in General"] : ["Signs at a Glance", "What to Watch For"]
    guard var section = section(headings) else { return }
    let rows = Array(random.shuffled(found).prefix(size + 3))
    section.blocks.append(table(header: ["Sign", "What it may mean", "How urgent"], rows: rows))
    head.append(section)
  }

  /// What the facts of the theme say in numbers, as a table.
  private mutating func addNumbers() {
    let cues = topic.cues.map { WordList.lowered($0) }
    let told = topic.told.map { WordList.lowered($0) }
    let isNarrow =
      !cues.isEmpty
      && (topic.type == .howTo || topic.type == .signsOf || topic.theme == .training || topic.theme == .health)
    var labels: Set<String> = []
    var rows: [[String]] = []
    for index in topic.species == .any ? ranked(base.factIndexes(topic.species, topic.theme), cues: cues) : core {
      let fact = base.facts[index]
      // The figures of other illnesses and of other tasks say nothing of this one.
      if isNarrow, !told.contains(where: { WordList.occurrences(of: $0, in: fact.lowered) > 0 }) { continue }
      if topic.type == .signsOf, fact.theme != .health, fact.theme != .seasons, fact.theme != .dental { continue }
      // The figures of a newborn or of an old animal are no figures of all.
      guard isSuitable(fact), topic.stage != nil || (fact.stage != "young" && fact.stage != "senior") else { continue }
      for quantity in fact.quantities where rows.count < size + 4 {
        // A label that names another kind of animal would mislead beside this one.
        guard labels.insert(quantity.label.lowercased()).inserted, fits(quantity.label) else { continue }
        rows.append([quantity.label, quantity.value])
      }
    }
    guard rows.count >= 3, var section = section(["The Numbers at a Glance", "Key Figures"]) else { return }
    section.blocks.append(table(header: ["What", "How much"], rows: rows))
    head.append(section)
  }

  private mutating func addVet() {
    guard isFirst("vet"), var section = section(["When to Call the Vet", "When a Vet Is Needed"]) else { return }
    let lines = sayAll([
      "Call a vet at once for hard breathing, collapse, heavy bleeding or a known poison.",
      "Book a visit within days for pain, weight loss or a sign that comes back.",
      "Write down when the sign began and what the {animal} ate, since the vet will ask.",
    ])
    section.blocks.append(.paragraph(lines))
    tail.append(section)
  }

  private mutating func addRoutine() {
    let found = base.routines.filter { $0.species == topic.species }.map(\.cells)
    guard !found.isEmpty, isFirst("routine"), var section = section(["A Simple Schedule", "Routine and Schedule"])
    else {
      return
    }
    section.blocks.append(table(header: ["When", "What to do"], rows: found))
    if topic.species == .dog, topic.theme == .feeding {
      let meals = [
        ["Up to three months", "Four meals a day."], ["Three to six months", "Three meals a day."],
        ["Over six months", "Two meals a day."],
      ]
      section.blocks.append(table(header: ["Age", "Feeding schedule"], rows: meals))
    }
    head.append(section)
  }

  private mutating func addMistakes() {
    var found = base.mistakes.filter {
      $0.species == topic.species && $0.theme == topic.theme && fits($0)
    }
    if found.count < 2 {
      let near = topic.theme.related.prefix(3)
      found += base.mistakes.filter { $0.species == topic.species && near.contains($0.theme) && fits($0) }
    }
    if found.count < 2, topic.species != .any { found += base.mistakes.filter { $0.species == .any } }
    guard isFirst("mistakes"), var section = section(["Common Mistakes", "Mistakes to Avoid"]) else { return }
    let items = random.shuffled(Array(found.prefix(6))).prefix(size + 1).map { $0.cells[0] }
    section.blocks.append(.bullets(sayAll(items)))
    tail.append(section)
  }

  private mutating func addChecklist() {
    let found = Self.rowsOnThing(base.checklists.filter { $0.theme == topic.theme }, at: 1, of: topic).map {
      $0.cells[0]
    }
    guard !found.isEmpty, isFirst("checklist"), var section = section(["Quick Checklist", "Checklist"]) else { return }
    section.blocks.append(.bullets(sayAll(Array(found.prefix(size < 2 ? 3 : 4)))))
    tail.append(section)
  }

  private mutating func addFacts(_ heading: String, stage: String, limit: Int) {
    let order = [topic.theme] + Theme.allCases.filter { $0 != topic.theme }
    var found = order.flatMap { base.factIndexes(topic.species, $0) }
      .filter { base.facts[$0].stage == stage && isSuitable(base.facts[$0]) }
    if found.count < 3 {
      found += order.flatMap { base.factIndexes(.any, $0) }
        .filter { base.facts[$0].stage == stage && !found.contains($0) }
    }
    guard !found.isEmpty, var section = section([heading]) else { return }
    let lines = found.prefix(limit).compactMap { write($0) }
    section.blocks.append(.paragraph(lines))
    head.append(section)
  }

  private mutating func addAudience() {
    guard let typed = brief.targetAudience else { return }
    let audience = Phrasing.lowered(CallerText.clean(typed))
    guard CallerText.hasWords(audience) else { return }
    let short = CallerText.shorten(audience, to: 60)
    let reader = Audience(audience)
    let isForOwners = reader.work.isEmpty
    let name = Phrasing.titleCased(short)
    guard var section = section([isForOwners ? "Advice for " + name : "What " + name + " Can Tell Owners"]) else {
      return
    }
    // The facts are written for owners. Those who work with other people's animals pass them on.
    let isTheirs = reader.work.contains(topic.theme)
    let themes = isForOwners ? [.generalCare, .feeding, .housing] : isTheirs ? [topic.theme] : reader.work
    let stage = isForOwners ? reader.stage ?? "all" : "all"
    let found = [topic.species, .any].flatMap { species in themes.flatMap { base.factIndexes(species, $0) } }
      .filter { base.facts[$0].stage == stage && isSuitable(base.facts[$0]) && isFree($0) }
    let lines = (stage == "all" ? ranked(found, cues: []) : found).prefix(size < 2 ? 2 : 4).compactMap { write($0) }
    section.blocks.append(.paragraph(lines))
    tail.append(section)
  }

  /// Questions take the place of facts when those run out.
  mutating func fillWithQuestions() {
    guard !brief.includeFAQ, topic.type != .faq else { return }
    addQuestions(atMost: 12, until: target)
    if let section = tail.popLast() { middle.append(section) }
  }

  private mutating func addQuestions(atMost limit: Int? = nil, until end: Int = .max) {
    var found = base.questions.filter { $0.species == topic.species && $0.theme == topic.theme }
    // A reader of dental care does not ask about litter.
    let near = Array(topic.theme.related.prefix(3))
    let more = base.questions.filter { $0.species == topic.species && near.contains($0.theme) }
    found = random.shuffled(found) + random.shuffled(more)
    if topic.type == .faq {
      found += base.questions.filter { row in
        row.species == topic.species && row.theme != topic.theme && !near.contains(row.theme)
      }
    }
    // Of a fish or a snake nobody asks about treats or bandages.
    found += base.questions.filter {
      $0.species == .any && topic.species != .any && topic.species != .fish && topic.species != .reptile
    }
    let suitable = found.filter { fits($0) }
    let title = ["Frequently Asked Questions"]
    guard !suitable.isEmpty, var section = section(title) else { return }
    let usual = topic.type == .howTo && size < 2 ? 2 : size + 2
    for row in suitable.prefix(limit ?? usual) where words < end - 12 {
      guard let question = say(row.cells[0]), let answer = say(row.cells[1]) else { continue }
      section.blocks.append(
        .heading(level: 3, text: question, anchor: CallerText.slug(question)))
      section.blocks.append(.paragraph([answer]))
    }
    faq = section
    tail.append(section)
  }

  private mutating func addConclusion() {
    guard brief.includeConclusion, var section = section(["Conclusion", "In Short"]) else { return }
    var lines: [String] = []
    let closers = topic.isOnIllness ? SharedPhrases.signClosers(isFormal: brief.tone.isFormal) : phrases.closers
    if let line = sayOne(of: closers) { lines.append(line) }
    if size > 0, ledger.mayNameFirst, let names = ledger.namedTogether,
      let line = sayOne(of: [
        "Keep these notes on \(names) at hand.", "With these notes on \(names), the next step is easier.",
        "Come back to these points on \(names) when a question comes up.",
      ])
    {
      lines.append(line)
    }
    if size > 1, !topic.isOnIllness, let line = sayOne(of: phrases.farewells) { lines.append(line) }
    section.blocks.append(.paragraph(lines))
    conclusion = section
    tail.append(section)
  }
}
