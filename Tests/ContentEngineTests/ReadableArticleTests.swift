import Testing
import TextAnalysis

@testable import ContentEngine

/// What the owner of a shop would not publish.
@Suite struct ReadableArticleTests {
  private func article(_ topic: String, seed: UInt64 = 7, _ change: (inout Brief) -> Void = { _ in }) -> Article {
    var brief = Brief(topic: topic)
    change(&brief)
    return ContentEngine.write(brief, seed: seed)
  }

  @Test(arguments: Tone.allCases) func `Articles read at the grade of a twelve-year-old, by both readings`(tone: Tone) {
    let grades = topicTable.map { topic, keywords in
      article(topic) {
        $0.keywords = keywords
        $0.tone = tone
      }.quality
    }
    let corrected = grades.map(\.corrected.fleschKincaidGrade).reduce(0, +) / Double(grades.count)
    let textstat = grades.map(\.textstat.fleschKincaidGrade).reduce(0, +) / Double(grades.count)
    #expect((5.9...9).contains(corrected), "\(tone): \(corrected)")
    #expect((6...9.2).contains(textstat), "\(tone): \(textstat)")
  }

  @Test(arguments: [
    ("How to stop a puppy from biting", "nip"), ("How to trim a dog's nails", "nail"),
    ("How to trim a rabbit's nails", "nail"), ("How to get a cat into a carrier", "carrier"),
    ("How to switch a cat to wet food", "food"), ("How to set up a budgie cage", "perch"),
  ]) func `The steps are those of the task`(topic: String, word: String) {
    let steps = article(topic).steps
    #expect(steps.count > 4, "\(topic)")
    #expect(steps.contains { $0.lowercased().contains(word) }, "\(topic): \(steps)")
  }

  @Test func `A task without known steps gets none of another one`() {
    #expect(article("How to photograph a rabbit").steps.isEmpty)
  }

  @Test(arguments: [
    ("Ball Python Feeding Guide", ["insect", "cricket", "waxworm", "spinach", "gecko", "shell"]),
    ("Betta Fish Care Guide", ["tetra", "corydoras", "discus", "pond", "goldfish"]),
    ("Leopard Gecko Care", ["crested", "tortoise", "turtle"]), ("Hedgehog Care", ["hamster", "ferret", "guinea pig"]),
  ]) func `What cannot be said of an animal is not said`(topic: String, foreign: [String]) {
    for seed in 1...8 as ClosedRange<UInt64> {
      let text = article(topic, seed: seed) { $0.length = .short }.content.lowercased()
      for word in foreign { #expect(!text.contains(word), "\(topic), \(seed): \(word)") }
    }
  }

  @Test func `An animal without facts of its own is answered with a warning`() {
    #expect(article("Hedgehog Care").warnings.contains { $0.contains("No facts on hedgehogs") })
    #expect(article("Hamster Care").warnings.isEmpty)
  }

  @Test func `The caller's shop is named where it is asked for`() {
    let named = article("Best Dog Toys") { $0.customInstructions = "Please mention our shop Paws & Co in Leeds." }
    #expect(named.content.contains("## Visit Paws & Co in Leeds") && named.content.contains("Paws & Co in Leeds is"))
    let plain = article("Best Dog Toys") { $0.customInstructions = "Send readers to the local store" }
    #expect(plain.content.contains("## Ask in Your Local Store"))
    #expect(named.warnings.isEmpty && plain.warnings.isEmpty)
  }

  @Test func `A guide to one kind of product speaks of that kind`() {
    let bed = article("Product description: orthopedic dog bed") { $0.length = .short }.content
    #expect(bed.contains("Orthopedic bed") && !bed.contains("Plastic crate") && !bed.lowercased().contains("palm"))
    let harness = article("Best Harness for a Dog That Pulls").content
    #expect(harness.contains("Front clip harness") && harness.contains("Two fingers should slide"))
    let post = article("Best Cat Scratching Post") { $0.customInstructions = "Compare prices" }.content
    #expect(post.contains("Tall sisal post") && !post.contains("kilocalories"))
  }

  @Test func `A question stays one, and emoji stay out of sentences`() {
    #expect(article("Why does my dog eat grass?").title == "Why Does My Dog Eat Grass?")
    let tanks = article("🐠🐠 Fish tanks!!!")
    #expect(tanks.title.hasPrefix("🐠🐠 Fish Tanks"))
    #expect(!tanks.content.split(separator: "\n").dropFirst().joined().contains("🐠"))
    #expect(article("🐠🐠") { $0.focusKeyword = "fish food" }.title == "Fish Food: A Practical Guide")
  }

  @Test(arguments: topicTable.indices) func `No heading stands over nothing, and no phrase of a tone comes twice`(
    index: Int
  ) {
    for tone in Tone.allCases {
      let content = article(topicTable[index].topic) {
        $0.tone = tone
        $0.length = .short
      }.content
      let lines = content.split(separator: "\n")
      for (first, second) in zip(lines, lines.dropFirst()) {
        #expect(!(first.hasPrefix("## ") && second.hasPrefix("## ")), "\(tone): \(first)")
      }
      for lead in ["You may have noticed this:", "Heads up:", "Reference point:", "A friendly reminder:"] {
        #expect(content.components(of: lead) <= 1, "\(tone): \(lead)")
      }
    }
  }

  @Test func `A keyword that is a name keeps its capital in sentences`() {
    let text = article("Labrador Retriever") { $0.keywords = ["labrador puppy"] }.content
    #expect(text.contains("Labrador puppy") && !text.contains("labrador puppy"))
  }

  @Test func `No part is planned twice, whoever asks for it`() {
    let wishes = "a schedule, pros and cons, mistakes to avoid, a checklist, when to see a vet, safety and prices"
    for topic in ["Guinea Pig Care", "Best Dog Toys", "Signs of Pain in Senior Cats", "Product description: dog bed"] {
      for format in [Format.markdown, .json] {
        let content = article(topic) {
          $0.customInstructions = wishes
          $0.format = format
          $0.length = .long
        }.content
        #expect(!content.contains("\"text\":\"\"") && !content.contains("\n\n\n"), "\(topic): an empty part")
        for row in ["Every week", "Book a visit within days"] {
          #expect(content.components(of: row) <= 1, "\(topic): \(row)")
        }
        let tables = content.components(of: "Option | Suits") + content.components(of: "Option | Pros")
        #expect(tables <= 1, "\(topic): the same options twice")
      }
    }
  }

  @Test(arguments: [
    ("Bearded Dragon vs Leopard Gecko", "Bearded dragon", "Leopard gecko"),
    ("Hamster or Guinea Pig for Children", "Hamster", "Guinea pig"), ("Budgie vs Cockatiel", "Budgie", "Cockatiel"),
  ]) func `A comparison of two animals tells of both`(topic: String, first: String, second: String) {
    let text = article(topic) { $0.length = .long }.content
    for animal in [first, second] {
      #expect(text.contains("| \(animal) |"), "\(topic): no row on \(animal)")
      #expect(text.components(of: animal.lowercased()) + text.components(of: animal) > 5, "\(topic): \(animal)")
    }
    #expect(text.contains("the choice between ") && !text.contains("the shelf"))
  }

  @Test func `A choice of bowls is no choice of foods`() {
    let text = article("Product description: steel dog water fountain").content
    #expect(text.contains("| Water fountain |") && !text.contains("| Wet food |"))
    #expect(article("Best Dog Food for Puppies").content.contains("| Growth formula |"))
  }

  @Test func `A keyword about another animal is not forced on this one`() {
    let text = article("Best Hay for Rabbits") {
      $0.keywords = ["rabbit hay", "dog leash"]
      $0.length = .long
    }.content.lowercased()
    #expect((1...3).contains(text.components(of: "dog leash")) && text.components(of: "rabbit hay") > 4)
    #expect(!text.contains("## dog leash"))
  }

  @Test func `Keywords are said with their article and their capitals`() {
    let text = article("Tortoise Care") {
      $0.keywords = ["uvb lamp", "pet lizard"]
      $0.length = .long
    }.content
    #expect(text.contains("a UVB lamp") && text.contains("a pet lizard") && !text.contains("an uvb"))
    #expect(article("Guinea Pig Care") { $0.keywords = ["vitamin c"] }.content.contains("vitamin C"))
  }

  @Test(arguments: [Tone.casual, .friendly, .conversational, .creative]) func `No aside begins a paragraph`(tone: Tone)
  {
    let asides = TonePhrases.phrases(for: tone).asides
    for (topic, _) in topicTable {
      let lines = article(topic) {
        $0.tone = tone
        $0.length = .long
      }.content.split(separator: "\n")
      for line in lines { #expect(!asides.contains { line.hasPrefix($0) }, "\(topic): \(line)") }
    }
  }

  @Test func `A title does not say the same name twice`() {
    let title = article("Golden Retriever Breed Profile") { $0.focusKeyword = "golden retriever puppy" }.title
    #expect(title.hasPrefix("Golden Retriever Puppy: ") && title.components(of: "Retriever") == 1)
  }

  @Test func `Tables read as lines of text in plain text`() {
    let text = article("Best Dog Toys") {
      $0.format = .plainText
      $0.customInstructions = "pros and cons"
    }.content
    #expect(text.contains("Rope toy – Pros: Suits tug games with a person; Cons and what to watch: "))
    let figures = article("Golden Retriever Breed Profile") { $0.format = .plainText }.content
    #expect(figures.contains("Weight: 25–34 kg") && !figures.contains("What to expect"))
  }

  @Test(arguments: [
    ("Guinea Pig Care", "Guinea pig"), ("Netherland Dwarf Rabbit", "Netherland Dwarf"), ("Dog Care", "Puppy"),
  ])
  func `The two sides of an animal are not those of a product`(topic: String, name: String) {
    let text = article(topic) { $0.customInstructions = "Show pros and cons" }.content
    #expect(text.contains("| \(name) |") && text.contains("Pros") && !text.contains("on the shelf"), "\(topic)")
  }

  @Test func `Questions about fish are about fish, and enough of them`() {
    let fish = article("Betta Fish FAQ") { $0.length = .long }
    #expect(fish.questions.count > 8)
    #expect(!fish.content.contains("treats needed") && !fish.content.contains("Gauze"))
    let snake = article("Corn Snake FAQ").content
    #expect(!snake.contains("treats needed") && !snake.contains("gecko refuse"))
  }

  @Test(arguments: Tone.allCases) func `Two facts in one sentence are not set against each other`(tone: Tone) {
    // "While" stands in the facts themselves, where it is meant.
    let voice = Voice(tone: tone, topic: Topic(topic: "Pet care", keywords: []))
    let tables = ["criteria", "procedures", "mistakes", "questions"].map { KnowledgeText.file($0) }
    let told = (KnowledgeBase.shared.facts.map(\.sentence) + tables)
      .filter { $0.contains(", while ") }.map(voice.say)
    for (topic, _) in topicTable {
      let text = article(topic) {
        $0.tone = tone
        $0.length = .long
      }.content
      for sentence in text.split(whereSeparator: { ".\n".contains($0) }) where sentence.contains(", while ") {
        let tail = sentence.firstRange(of: ", while ").map { sentence[$0.upperBound...] } ?? ""
        #expect(told.contains { $0.contains(tail.prefix(14)) }, "\(topic): \(sentence)")
      }
    }
  }

  @Test(arguments: Tone.allCases)
  func `Seven of eight articles of each tone are of grade 6 to 9, with short ones and keywords as the hardest half`(
    tone: Tone
  ) {
    // given short articles too, in which steps, lists and tables leave little prose
    let grades = topicTable.flatMap { topic, keywords in
      [Length.short, .medium].map { length in
        article(topic) {
          $0.keywords = keywords
          $0.tone = tone
          $0.length = length
        }.quality.corrected.fleschKincaidGrade
      }
    }
    // then
    let outside = grades.filter { !(6...9).contains($0) }
    #expect(outside.count * 8 <= grades.count, "\(tone): \(outside)")
  }

  @Test(arguments: topicTable.indices)
  func `The figures of an article are those of its text, joined or parted as it was`(
    index: Int
  ) {
    for tone in [Tone.casual, .technical] {
      for length in [Length.short, .medium] {
        // given
        let written = article(topicTable[index].topic) {
          $0.tone = tone
          $0.length = length
        }
        // then
        #expect(written.quality == ContentQuality(measuring: written.content), "\(tone), \(length)")
      }
    }
  }

  @Test func `Joined steps stay in their order`() {
    // given an article whose steps are simple enough to be joined
    for seed in 1...12 as ClosedRange<UInt64> {
      let steps = article("How to introduce a new kitten to a resident cat", seed: seed) { $0.length = .short }.steps
      // then
      let text = steps.joined(separator: " ").lowercased()
      let places = ["give the new cat", "rub a cloth", "swap rooms", "allow short meetings"].map {
        text.firstRange(of: $0)
      }
      #expect(steps.count >= 4 && places.allSatisfy { $0 != nil }, "\(seed): \(steps)")
      let starts = places.compactMap { $0?.lowerBound }
      #expect(starts == starts.sorted() && !text.contains("; then then"), "\(seed)")
    }
  }

  @Test(arguments: [
    ("How to introduce a new kitten to a resident cat", ["introduc", "new cat", "kitten"]),
    ("How to Trim a Rabbit's Nails", ["nail", "trim"]), ("Best Cat Scratching Post", ["scratch", "post"]),
  ]) func `What is told first is about the topic`(topic: String, words: [String]) {
    for seed in 1...8 as ClosedRange<UInt64> {
      let opening = article(topic, seed: seed).introduction ?? ""
      let sentences = opening.split(separator: ". ")
      #expect(sentences.allSatisfy { sentence in words.contains { sentence.lowercased().contains($0) } }, "\(opening)")
    }
  }

  @Test(arguments: [
    ("Toxic plants for cats", ["plant"], ["plant diet", "Vomiting that needs"]),
    ("Signs of heatstroke in dogs", ["panting", "cool water"], ["Kidney disease", "first heat"]),
    ("Goldfish pond care", ["pond"], ["sideboard", "eight hours a day on a timer"]),
    ("Winter care for outdoor rabbits", ["frost"], ["in summer", "hot days"]),
  ]) func `An article is about what its topic names`(topic: String, words: [String], foreign: [String]) {
    for seed in 1...5 as ClosedRange<UInt64> {
      let text = article(topic, seed: seed).content
      for word in words { #expect(text.components(of: word) > 0, "\(topic), \(seed): no \(word)") }
      for word in foreign { #expect(!text.contains(word), "\(topic), \(seed): \(word)") }
    }
  }

  @Test func `A harness has nothing to do with ticks`() {
    for seed in 1...8 as ClosedRange<UInt64> {
      let text = article("Best harness for a dog that pulls", seed: seed) { $0.length = .short }.content
      #expect(!text.contains("icks should") && !text.contains("Mats pull"), "\(seed)")
    }
  }

  @Test func `Nothing is written for search engines alone`() {
    for tone in Tone.allCases {
      for (topic, keywords) in topicTable {
        let text = article(topic) {
          $0.tone = tone
          $0.keywords = keywords
        }.content.lowercased()
        for phrase in ["look up", "a common search", "who came for", "more than one plan for"] {
          #expect(!text.contains(phrase), "\(topic), \(tone): \(phrase)")
        }
      }
    }
  }

  @Test(arguments: ["vets", "Veterinarians in small practices", "groomers", "dog trainers"])
  func `Who works with other people's animals is not advised as an owner`(audience: String) {
    let article = article("Dental Care for Dogs") { $0.targetAudience = audience }
    #expect(article.content.contains(" Can Tell Owners") && !article.content.contains("## Advice for"), "\(audience)")
    #expect(!article.content.contains("New owners do best"))
    #expect(article.warnings.contains { $0.contains("written for owners") })
  }

  @Test(
    arguments: [
      ("retired people", "elderly"), ("owners of senior dogs", nil), ("flat-faced cat owners", nil),
      ("pet parents", nil),
      ("new dog owners", "beginners"), ("families with kids", "children"), ("city dwellers", "apartment"),
      ("working dog handlers", nil), ("working people", "busy"), ("breeders", "experienced"),
    ] as [(String, String?)])
  func `An audience is the people and not their animals`(audience: String, stage: String?) {
    #expect(Audience(audience).stage == stage)
    #expect(Audience(audience).work.isEmpty)
  }

  @Test func `Lists have bullets in plain text`() {
    let text = article("Best Dog Toys") { $0.format = .plainText }.content
    #expect(text.contains("\n- Size: ") || text.contains("\n- Strength: ") || text.contains("\n- Purpose: "))
  }

  @Test func `A hay feeder is judged as one`() {
    // given a word that bowls are cued by too
    let text = article("Best hay feeder for rabbits") { $0.customInstructions = "a checklist" }.content
    // then
    #expect(text.contains("| Wire hay rack |") && !text.contains("| Timothy hay |"))
    #expect(
      text.contains("- Gaps: ") && !text.contains("whiskers, and ridges") && text.contains("A rack or tray that keeps"))
    #expect(article("Best hay for guinea pigs").content.contains("| Timothy hay |"))
    #expect(article("Best slow feeder bowl for dogs").content.contains("- Shape: "))
    #expect(article("Best harness for a dog that pulls").content.contains("- Fit: two fingers"))
  }

  @Test func `To compare prices is to compare nothing else`() {
    #expect(Wish.wishes(in: "Compare prices") == [.prices])
    #expect(Wish.wishes(in: "Include a price comparison and pros and cons") == [.prosAndCons, .prices])
    #expect(Wish.wishes(in: "Compare the options") == [.prosAndCons])
  }

  @Test func `A keyword about another animal is answered with a warning`() {
    let article = article("Best Hay for Rabbits") { $0.keywords = ["rabbit hay", "dog leash"] }
    let told = article.warnings.filter { $0.contains("“dog leash” is about another kind of animal") }
    #expect(told.count == 1 && !article.warnings.contains { $0.contains("“rabbit hay”") }, "\(article.warnings)")
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `A keyword about another animal that found no place is said to have none`(seed: UInt64) {
    var brief = Brief(topic: "Best hay feeder for guinea pigs", keywords: ["hay feeder", "cat toys"], length: .short)
    brief.targetAudience = "vets"
    let article = ContentEngine.write(brief, seed: seed)
    let isThere = article.content.lowercased().contains("cat toys")
    let told = article.warnings.filter { $0.contains("“cat toys” is about another kind of animal") }
    #expect(told.count == 1, "\(article.warnings)")
    #expect(told.allSatisfy { $0.contains("not written in") == !isThere && !$0.contains("0 times") }, "\(told)")
  }

  @Test func `Pictures show one animal`() {
    let ideas = article("Best Dog Toys").altTextIdeas
    #expect(!ideas.isEmpty && ideas.allSatisfy { !$0.hasPrefix("Dogs ") })
  }
}

extension String {
  fileprivate func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.firstRange(of: part) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
