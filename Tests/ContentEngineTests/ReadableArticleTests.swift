import ContentEngine
import Testing
import TextAnalysis

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
