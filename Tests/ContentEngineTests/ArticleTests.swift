import ContentEngine
import Testing
import TextAnalysis

@Suite struct ArticleTests {
  @Test(arguments: topicTable.indices)
  func `Every topic, tone and length keeps the promises of an article`(index: Int) {
    let (topic, keywords) = topicTable[index]
    for tone in Tone.allCases {
      for length in Length.allCases {
        let brief = Brief(
          topic: topic, keywords: keywords, tone: tone, length: length,
          includeFAQ: tone == .friendly)
        let article = ContentEngine.write(brief, seed: UInt64(index))
        let name = Comment(rawValue: "\(topic), \(tone), \(length)")
        let target = length.targetWords
        #expect(abs(article.wordCount - target) * 10 <= target, name)
        #expect((10...60).contains(article.title.unicodeScalars.count), name)
        #expect((120...160).contains(article.metaTags.description.unicodeScalars.count), name)
        #expect(article.excerpt.unicodeScalars.count <= 300, name)
        #expect((article.metaTags.twitterDescription ?? "").count <= 200, name)
        #expect((4...12).contains(article.quality.textstat.fleschKincaidGrade), name)
        #expect(!article.content.contains("{"), name)
        #expect(!article.content.contains("  "), name)
        #expect(!article.content.contains(" a a ") && !article.content.contains(" the the "), name)
        let said = sentences(article.content)
        let twice = Dictionary(grouping: said) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(twice.isEmpty, "\(topic), \(tone), \(length): \(twice.joined(separator: " / "))")
        for entry in article.seo.keywordDensity where entry.keyword.contains(" ") {
          #expect((0.45...2.05).contains(entry.density), "\(topic), \(tone), \(length): \(entry)")
        }
        let unmet = article.warnings.filter { !$0.contains("names no kind") }
        #expect(unmet.isEmpty, "\(topic), \(length): \(unmet)")
      }
    }
  }

  @Test(arguments: [100, 150, 250, 500, 1000, 1700, 2500])
  func `A word count target wins over the length`(target: Int) {
    for (topic, _) in topicTable.prefix(5) {
      let brief = Brief(topic: topic, length: .extended, wordCountTarget: target)
      let article = ContentEngine.write(brief, seed: 3)
      #expect(abs(article.wordCount - target) * 10 <= target, "\(topic): \(article.wordCount)")
    }
  }

  @Test func `More words than the facts give are answered with a warning`() {
    let brief = Brief(topic: "Hamster Cage Setup", wordCountTarget: 10_000)
    let article = ContentEngine.write(brief, seed: 1)
    #expect(article.warnings.contains { $0.contains("suffice") })
  }

  @Test func `The same seed writes the same article and another seed another one`() {
    let brief = Brief(topic: "Best Dog Food for Puppies", keywords: ["puppy food"])
    let first = ContentEngine.write(brief, seed: 1)
    #expect(first.content == ContentEngine.write(brief, seed: 1).content)
    #expect(first.content != ContentEngine.write(brief, seed: 2).content)
  }

  @Test func `A tone changes the wording`() {
    var texts: Set<String> = []
    for tone in Tone.allCases {
      let brief = Brief(topic: "Rabbit Care", tone: tone)
      texts.insert(ContentEngine.write(brief, seed: 5).content)
    }
    #expect(texts.count == Tone.allCases.count)
    let formal = ContentEngine.write(Brief(topic: "Cat Care", tone: .technical), seed: 5)
    let casual = ContentEngine.write(Brief(topic: "Cat Care", tone: .casual), seed: 5)
    #expect(!formal.content.contains("n't") && !formal.content.contains("'re"))
    #expect(casual.content.contains("'"))
    // One article may be long by chance; a tone is not.
    func meanSentence(_ tone: Tone) -> Double {
      topicTable.map { ContentEngine.write(Brief(topic: $0.topic, tone: tone), seed: 5).quality.avgSentenceLength }
        .reduce(0, +) / Double(topicTable.count)
    }
    #expect(meanSentence(.casual) < meanSentence(.technical))
  }
}
