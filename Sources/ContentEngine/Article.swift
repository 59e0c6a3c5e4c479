public import TextAnalysis

/// A finished article with all that a page needs around it.
public struct Article: Sendable {
  public var title: String
  /// The text in the format of the brief. For `json` this is a JSON array of blocks.
  public var content: String
  /// Parts of the content by themselves, in its format; nil where the brief leaves them out.
  public var introduction: String?
  public var conclusion: String?
  public var faq: String?
  public var excerpt: String
  public var metaTags: MetaTags
  public var slug: String
  public var categories: [String]
  public var tags: [String]
  public var seo: SEOMetrics
  public var quality: ContentQuality
  /// What the engine could not do as asked, in words for the caller.
  public var warnings: [String]
  public var suggestions: [String]
  public var wordCount: Int
  /// The questions that it answers and the numbered steps that it gives, in its order.
  public var questions: [QuestionAndAnswer] = []
  public var steps: [String] = []
  /// Texts for pictures that would fit, each at most 125 characters.
  public var altTextIdeas: [String] = []
}

/// What goes into the head of the page.
public struct MetaTags: Sendable, Equatable {
  public var title: String
  public var description: String
  public var keywords: [String]
  public var canonicalURL: String?
  public var ogTitle: String?
  public var ogDescription: String?
  public var ogImage: String?
  public var ogType = "article"
  public var twitterCard = "summary_large_image"
  public var twitterTitle: String?
  public var twitterDescription: String?
  public var twitterImage: String?
}

/// The share of a keyword in percent of all words.
public struct KeywordDensity: Sendable, Equatable {
  public var keyword: String
  public var density: Double
}

/// How often a keyword occurs.
public struct KeywordFrequency: Sendable, Equatable {
  public var keyword: String
  public var frequency: Int
}

/// How well a text is prepared for search engines. Scores run from 0 to 100.
public struct SEOMetrics: Sendable, Equatable {
  public var keywordDensity: [KeywordDensity] = []
  public var keywordFrequency: [KeywordFrequency] = []
  public var focusKeywordScore = 0.0
  public var titleSEOScore = 0.0
  public var metaDescriptionScore = 0.0
  public var headingStructureScore = 0.0
  public var wordCount = 0
  public var readingTimeMinutes = 0.0
  public var internalLinksCount = 0
  public var externalLinksCount = 0
  public var overallSEOScore = 0.0
  public var contentQualityScore = 0.0
  public var recommendations: [String] = []
  public var warnings: [String] = []
}

/// How well a text reads. Scores run from 0 to 100, ratios from 0 to 1.
public struct ContentQuality: Sendable, Equatable {
  /// By the definitions of textstat, of the text as it stands.
  public var textstat = ReadabilityIndices("")
  /// As people read it; scores and suggestions are made of these.
  public var corrected = ReadabilityIndices("")
  public var paragraphCount = 0
  public var avgSentenceLength = 0.0
  public var avgParagraphLength = 0.0
  public var uniqueWords = 0
  public var vocabularyDiversity = 0.0
  public var complexWordsRatio = 0.0
  public var readabilityScore = 0.0
  public var engagementScore = 0.0
  public var readabilitySuggestions: [String] = []
  public var structureSuggestions: [String] = []
}
