import TextAnalysis

extension ContentQuality {
  /// Measures a Markdown text. An empty text keeps zeros, with a readability score of 50.
  public init(measuring markdown: String) { self.init(measuring: markdown, MeasuredText(markdown: markdown)) }

  /// - Parameter text: the same text, measured already.
  init(measuring markdown: String, _ text: MeasuredText) {
    let both = ReadabilityIndices.both(of: markdown)
    self.init(text, textstat: both.textstat, corrected: both.corrected)
  }

  /// From what was measured before.
  init(_ text: MeasuredText, textstat: ReadabilityIndices, corrected: ReadabilityIndices) {
    self.init()
    self.textstat = textstat
    self.corrected = corrected
    let sentences = text.sentenceLengths
    let paragraphs = text.paragraphLengths
    paragraphCount = paragraphs.count
    uniqueWords = text.uniqueWords
    if text.contentWords > 0 {
      vocabularyDiversity = Double(text.uniqueWords) / Double(text.contentWords)
    }
    if text.words > 0 { complexWordsRatio = Double(text.complexWords) / Double(text.words) }
    if corrected.sentences > 0, corrected.words > 0 {
      readabilityScore = Self.clamped(
        0.5 * Self.clamped(corrected.fleschReadingEase) + 0.3 * Self.clamped(100 - 5 * corrected.fleschKincaidGrade)
          + 0.2 * Self.clamped(100 - 4 * corrected.gunningFog))
    } else {
      readabilityScore = 50
    }
    var variance = 0.0
    if !sentences.isEmpty, !paragraphs.isEmpty {
      avgSentenceLength = Self.mean(sentences)
      avgParagraphLength = Self.mean(paragraphs)
      if sentences.count > 1 {
        let squares = sentences.map {
          (Double($0) - avgSentenceLength) * (Double($0) - avgSentenceLength)
        }
        variance = squares.reduce(0, +) / Double(sentences.count - 1)
      }
    }
    engagementScore = Self.clamped(
      0.3 * max(0, 100 - 3 * abs(avgSentenceLength - 17.5))
        + 0.3 * max(0, 100 - abs(avgParagraphLength - 75)) + 20 * vocabularyDiversity
        + 0.2 * max(0, 100 - 300 * abs(complexWordsRatio - 0.15)))
    suggest(variance: variance)
  }

  private static func clamped(_ value: Double) -> Double { min(100, max(0, value)) }

  private static func mean(_ values: [Int]) -> Double {
    Double(values.reduce(0, +)) / Double(values.count)
  }

  private mutating func suggest(variance: Double) {
    guard corrected.sentences > 0 else { return }
    if corrected.fleschReadingEase < 30 {
      readabilitySuggestions.append(
        "Content is very difficult to read. Consider shorter sentences and simpler words.")
    } else if corrected.fleschReadingEase < 50 {
      readabilitySuggestions.append(
        "Content is fairly difficult to read. Try using shorter sentences and more common words.")
    }
    if corrected.fleschKincaidGrade > 12 {
      readabilitySuggestions.append(
        "Content requires college-level reading. Consider simplifying for broader audience.")
    } else if corrected.fleschKincaidGrade > 9 {
      readabilitySuggestions.append(
        "Content is at high school level. Consider simplifying for general audience.")
    }
    if avgSentenceLength > 25 {
      readabilitySuggestions.append(
        "Sentences are too long. Aim for 15-20 words per sentence.")
    } else if avgSentenceLength < 10 {
      readabilitySuggestions.append(
        "Sentences are very short. Consider combining some for better flow.")
    }
    if avgParagraphLength > 150 {
      structureSuggestions.append(
        "Paragraphs are too long. Break them into smaller chunks for better readability.")
    } else if avgParagraphLength < 30 {
      structureSuggestions.append(
        "Paragraphs are very short. Consider combining related ideas.")
    }
    if paragraphCount < 3 {
      structureSuggestions.append(
        "Content needs more paragraphs for better structure and readability.")
    } else if paragraphCount > 20 {
      structureSuggestions.append(
        "Consider organizing content with subheadings to improve structure.")
    }
    if variance < 5 {
      structureSuggestions.append(
        "Add variety to sentence lengths for better flow and engagement.")
    }
  }
}
