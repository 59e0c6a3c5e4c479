import HTTP
import PublishedData
import Testing
import TextAnalysis

@Suite struct KeywordExtractorTests {
  @Test func `The best ten of the recorded texts are YAKE's, in its order`() throws {
    let texts = try PublishedData.recording("content/yake.json")["texts"]?.items ?? []
    #expect(texts.count >= 20)
    var same = 0
    for text in texts {
      let wanted = (text["default"]?.items ?? []).map { $0.items.first?.text ?? "" }
      let found = KeywordExtractor.keyphrases(of: text["text"]?.text ?? "", most: 10)
      if found.map(\.text) == wanted {
        same += 1
        for (phrase, recorded) in zip(found, text["default"]?.items ?? []) {
          let score = recorded.items.last?.decimal ?? .nan
          #expect(abs(phrase.score - score) <= 1e-9 + 1e-6 * abs(score), "\(phrase.text)")
        }
      }
    }
    #expect(Double(same) >= 0.9 * Double(texts.count), "the same in \(same) of \(texts.count) texts")
  }

  @Test func `Stop words and numbers alone have no keyword`() {
    #expect(KeywordExtractor.keyphrases(of: "It is what it is, and 12 of 3,000 were there.", most: 20).isEmpty)
    #expect(KeywordExtractor.keyphrases(of: "", most: 5).isEmpty)
  }

  @Test(arguments: 0..<40) func `Any text is read to its end`(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let parts = [
      "cat", "Dog", " ", ". ", "?! ", "(", ")", "[", "]", "don't", "n't", "'", "’s", "e.g.", "2.5", "https://a.b/c?d",
      "a@b.co",
      "\n", "&amp;", "&#x41;", "&", "-", "…", "🐈", "é", "\u{301}", "U.S.", ",", ";", ":", "10:30", "Mr. X", "\"", "A.",
    ]
    let text = (0..<200).map { _ in parts[next(parts.count)] }.joined()
    let found = KeywordExtractor.keyphrases(of: text, most: 10)
    #expect(found.count <= 10 && found.allSatisfy { !$0.text.isEmpty && !$0.score.isNaN })
  }
}
