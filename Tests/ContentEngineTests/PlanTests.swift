import ContentEngine
import Testing

@Suite struct PlanTests {
  private func content(_ topic: String, _ change: (inout Brief) -> Void = { _ in }) -> String {
    var brief = Brief(topic: topic, keywords: [])
    change(&brief)
    return ContentEngine.write(brief, seed: 11).content
  }

  @Test func `A buying guide has criteria, a comparison table, mistakes and a checklist`() {
    let text = content("Best Cat Litter for Kittens")
    #expect(text.contains("| Option | Suits | Watch for | Price |"))
    #expect(text.lowercased().contains("checklist"))
    #expect(text.contains("Mistakes"))
    #expect(text.contains("What to Look For") || text.contains("How to Judge Quality"))
  }

  @Test func `A how-to has needs, numbered steps and troubleshooting`() {
    let text = content("How to Train a Puppy to Use a Crate")
    #expect(text.contains("\n1. ") && text.contains("\n5. "))
    #expect(text.contains("What You Need") || text.contains("Before You Begin"))
    #expect(text.contains("Troubleshooting") || text.contains("If It Does Not Work"))
    #expect(text.contains("crate"))
  }

  @Test func `Signs of illness are a table of urgency with a word on the vet`() {
    let text = content("Signs of Dental Disease in Dogs")
    #expect(text.contains("| Sign | What it may mean | How urgent |"))
    #expect(text.contains("Vet"))
    #expect(text.contains("does not replace an examination by a vet"))
  }

  @Test func `Instructions and audience become sections`() {
    let text = content("Best Dog Food for Puppies") {
      $0.targetAudience = "new dog owners"
      $0.customInstructions = "Include pros and cons, a price comparison, feeding schedules, safety"
    }
    for heading in ["Pros and Cons", "Prices and Budget", "Safety First", "New Dog Owners"] {
      #expect(text.contains(heading))
    }
    #expect(text.contains("Four meals a day"))
  }

  @Test func `Parts that are switched off are left out`() {
    let text = content("Dog Grooming at Home") {
      $0.includeConclusion = false
      $0.includeTableOfContents = false
    }
    #expect(!text.contains("## Conclusion") && !text.contains("## In Short"))
    #expect(!text.contains("](#"))
    #expect(content("Dog Grooming at Home").contains("](#"))
    let questions = content("Dog Grooming at Home") { $0.includeFAQ = true }
    #expect(questions.contains("## Frequently Asked Questions"))
    #expect(questions.contains("### "))
  }

  @Test func `An unknown topic is a general article with a warning`() {
    let article = ContentEngine.write(Brief(topic: "Quarterly Sales Strategy"), seed: 1)
    #expect(article.warnings.contains { $0.contains("not recognised") })
    #expect(!article.content.lowercased().contains("quarterly sales strategy has"))
    #expect(article.content.contains("vet"))
    #expect(article.wordCount > 700)
  }

  @Test func `A hamster article does not advise on guinea pigs`() {
    let text = content("Hamster Food") { $0.length = .short }
    #expect(!text.contains("vitamin C") && !text.contains("ferret"))
  }

  @Test func `The topic stands in sentences in its natural form`() {
    let text = content("Best Dog Food for Puppies")
    #expect(text.contains("about dog food for puppies") || text.contains("on dog food for puppies"))
    let german = content("German Shepherd Training")
    #expect(!german.contains("german"))
  }
}
