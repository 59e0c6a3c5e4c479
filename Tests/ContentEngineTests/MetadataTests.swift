import ContentEngine
import Testing
import TextAnalysis

@Suite struct MetadataTests {
  /// A small generator, so that a failing topic can be made again.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test func `Random Unicode topics give an article within all limits`() {
    var generator = Generator(state: 42)
    let ranges: [ClosedRange<UInt32>] = [
      32...126, 0xA1...0x17F, 0x400...0x45F, 0x4E00...0x4E80, 0x1F400...0x1F43F, 0x600...0x66F,
      0x300...0x330, 0x2000...0x206F, 0...31,
    ]
    for round in 0..<400 {
      var topic = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 3...200, using: &generator) {
        let range = ranges.randomElement(using: &generator) ?? 32...126
        let value = UInt32.random(in: range, using: &generator)
        if let scalar = Unicode.Scalar(value) { topic.append(scalar) }
      }
      let brief = Brief(
        topic: String(topic), keywords: [String(topic.prefix(20))],
        tone: Tone.allCases[round % 7], length: .short, format: Format.allCases[round % 4],
        focusKeyword: round % 3 == 0 ? String(topic.suffix(60)) : nil)
      let article = ContentEngine.write(brief, seed: UInt64(round))
      check(article, "\(round): \(String(topic))")
    }
  }

  @Test(arguments: ["   ", "!!!", "🐶", "\n\n\n", "###", String(repeating: "x", count: 200)])
  func `Topics without words do not break an article`(topic: String) {
    check(ContentEngine.write(Brief(topic: topic), seed: 1), topic)
  }

  private func check(_ article: Article, _ name: String) {
    let comment = Comment(rawValue: name)
    #expect((10...60).contains(article.title.unicodeScalars.count), comment)
    #expect((50...160).contains(article.metaTags.description.unicodeScalars.count), comment)
    #expect(article.excerpt.unicodeScalars.count <= 300, comment)
    #expect((article.metaTags.ogDescription ?? "").unicodeScalars.count <= 300, comment)
    #expect(!article.slug.isEmpty && article.slug.utf8.allSatisfy { $0 < 128 }, comment)
    #expect(article.slug == article.slug.lowercased(), comment)
    #expect(article.content.unicodeScalars.count >= 100, comment)
    #expect(abs(article.wordCount - (article.wordCount > 500 ? 800 : 400)) <= 80, comment)
  }

  @Test func `A focus keyword stands in the title and is scored without being listed`() {
    let brief = Brief(
      topic: "Caring for Older Dogs", keywords: ["dog care"], focusKeyword: "senior dog food")
    let article = ContentEngine.write(brief, seed: 1)
    #expect(article.title.hasPrefix("Senior Dog Food"))
    #expect(article.seo.focusKeywordScore >= 80)
    #expect(article.seo.overallSEOScore > 80)
    #expect(article.metaTags.description.contains("senior dog food"))
  }

  @Test func `Long topics are shortened at a word`() {
    let topic = "The Very Best Food for Small and Large Dogs That Live in the City and Run a Lot"
    let title = ContentEngine.write(Brief(topic: topic), seed: 1).title
    #expect(topic.hasPrefix(title))
    #expect(topic.dropFirst(title.count).hasPrefix(" "))
  }

  @Test func `Slugs fold accents`() {
    let article = ContentEngine.write(Brief(topic: "Café Crème for Dogs"), seed: 1)
    #expect(article.slug.hasPrefix("cafe-creme-for-dogs"))
  }

  @Test func `Words with accents and digits count as words`() {
    let quality = ContentQuality(measuring: "The café sells b12 pills. Don't take the 2nd one.")
    #expect(quality.corrected.sentences == 2)
    let seo = SEOMetrics(
      measuring: "The café sells b12 pills.", title: "", description: "", keywords: [],
      focus: nil)
    #expect(seo.wordCount == 5)
    #expect(ContentQuality(measuring: "").readabilityScore == 50)
  }

  @Test(arguments: ["a", "ab", "abc", ""])
  func `The description of one long line of wide letters holds no broken letter`(start: String) {
    let text = "# Title\r\n\r\n" + start + String(repeating: "🐶 dog", count: 700)
    let description = ContentAnalysis(text, title: nil, keywords: []).metaTags.description
    #expect(!description.isEmpty && description.count <= 160 && !description.contains("\u{FFFD}"))
    #expect(!description.contains("Title") && !description.contains("\r"))
  }
}
