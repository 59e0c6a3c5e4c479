import HTTP
import PublishedData
import Testing
import TextAnalysis

@Suite struct ReadabilityIndicesTests {
  /// Texts whose words are in the CMU dictionary, or of which textstat's guess (hyphenation) and ours are the same.
  private static let dictionaryTexts: Set<String> = [
    "p01-crate-training", "p03-litter", "p05-kids-hamster", "p08-product-harness", "p10-heatstroke", "p16-story",
    "p18-grooming", "p20-kitten-social", "t02-abbreviations", "t03-numbers", "t05-markdown", "t07-no-punctuation",
    "t08-short-sentences",
  ]

  @Test func `Every index of the recorded texts is textstat's`() throws {
    let texts = try PublishedData.recording("content/readability.json")["texts"]?.items ?? []
    #expect(texts.count >= 20)
    for text in texts {
      let name = text["id"]?.text ?? ""
      let wanted = text["textstat"] ?? .null
      let found = ReadabilityIndices(text["text"]?.text ?? "")
      #expect(found.words == wanted["lexicon_count"]?.number, "\(name)")
      #expect(found.sentences == wanted["sentence_count"]?.number, "\(name)")
      var indices = [
        ("automated_readability_index", found.automatedReadabilityIndex),
        ("coleman_liau_index", found.colemanLiauIndex),
      ]
      if Self.dictionaryTexts.contains(name) {
        #expect(found.syllables == wanted["syllable_count"]?.number, "\(name)")
        indices += [
          ("flesch_reading_ease", found.fleschReadingEase), ("flesch_kincaid_grade", found.fleschKincaidGrade),
          ("gunning_fog", found.gunningFog), ("smog_index", found.smogIndex),
        ]
      }
      for (index, value) in indices {
        #expect(abs(value - (wanted[index]?.decimal ?? .nan)) < 0.01, "\(name) \(index)")
      }
    }
  }

  @Test(arguments: [
    ("Dr. Smith weighed 2.5 kg of food. The cat ate it all.", 2), ("# Cats\n\nCats sleep.", 1), ("# Cats\n## Dogs", 2),
    ("- [Cats](#cats)\n- [Dogs](#dogs)\n\nCats sleep.", 1),
    ("- See [the page](#cats)\n- two dogs", 2),
    ("- one cat\n- two dogs\n- three birds", 3), ("| Age | Meals |\n|---|---|\n| 8 weeks | 4 |", 4), ("", 0),
    ("...", 0),
  ])
  func `The corrected figures read sentences as people do`(text: String, sentences: Int) {
    #expect(ReadabilityIndices(corrected: text).sentences == sentences)
  }

  @Test(arguments: ["", "...", "🐈"]) func `A text without words has no grade`(text: String) {
    #expect(ReadabilityIndices(text).fleschReadingEase == 0 && ReadabilityIndices(text).fleschKincaidGrade == 0)
  }

  @Test func `No text makes an index that is no number`() {
    for text in ["", " ", ".", "...", "1", "🐈", "a", "'", "é", "\u{301}", "-", "# ", "don't", "Ω."] {
      for indices in [ReadabilityIndices(text), ReadabilityIndices(corrected: text)] {
        #expect(indices.fleschReadingEase.isFinite && indices.fleschKincaidGrade.isFinite)
        #expect(indices.gunningFog.isFinite && indices.smogIndex.isFinite)
        #expect(indices.automatedReadabilityIndex.isFinite && indices.colemanLiauIndex.isFinite)
      }
    }
  }
}
