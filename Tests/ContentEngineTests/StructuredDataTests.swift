import ContentEngine
import Testing

@Suite struct StructuredDataTests {
  @Test func `Questions and steps are those of the text`() {
    let brief = Brief(topic: "How to Train a Puppy to Use a Crate", length: .long, includeFAQ: true)
    let article = ContentEngine.write(brief, seed: 7)
    #expect(article.questions.count >= 2 && article.steps.count >= 3)
    for entry in article.questions {
      #expect(entry.question.hasSuffix("?") && article.content.contains("### " + entry.question))
      #expect(article.content.contains(entry.answer))
    }
    for step in article.steps { #expect(article.content.contains(". " + step)) }
  }

  @Test func `An article without questions or steps claims none`() {
    let article = ContentEngine.write(Brief(topic: "Signs of Dental Disease in Dogs", length: .short), seed: 7)
    #expect(article.questions.isEmpty && article.steps.isEmpty)
  }

  @Test(arguments: topicTable.indices)
  func `Every article has three to five texts for pictures that name the animal`(index: Int) {
    let (topic, keywords) = topicTable[index]
    let ideas = ContentEngine.write(Brief(topic: topic, keywords: keywords), seed: 1).altTextIdeas
    #expect((3...5).contains(ideas.count) && Set(ideas).count == ideas.count, "\(topic): \(ideas)")
    for idea in ideas {
      #expect(idea.count <= 125 && !idea.contains("  ") && idea.first?.isUppercase == true, "\(idea)")
      #expect(!idea.hasPrefix("A a") && !idea.hasPrefix("A e") && !idea.hasPrefix("A i"), "\(idea)")
    }
  }
}
