/// How an article should sound.
public enum Tone: String, CaseIterable, Sendable {
  case professional, casual, friendly, authoritative, conversational, technical, creative

  /// Formal tones keep the third person and write words out in full.
  var isFormal: Bool {
    switch self {
    case .professional, .authoritative, .technical: true
    case .casual, .friendly, .conversational, .creative: false
    }
  }
}

/// How long an article should be when the brief names no word count.
public enum Length: String, CaseIterable, Sendable {
  case short, medium, long, extended

  /// The number of words that the length stands for.
  public var targetWords: Int {
    switch self {
    case .short: 400
    case .medium: 800
    case .long: 1400
    case .extended: 2200
    }
  }
}

/// The markup in which the content of an article is handed over.
public enum Format: String, CaseIterable, Sendable {
  case markdown, html
  case plainText = "plain_text"
  case json
}

/// What a caller wants written. Every member is honoured or answered with a warning.
public struct Brief: Sendable {
  public var topic: String
  public var keywords: [String]
  public var tone: Tone
  public var length: Length
  public var format: Format
  public var targetAudience: String?
  public var focusKeyword: String?
  public var includeIntroduction: Bool
  public var includeConclusion: Bool
  public var includeFAQ: Bool
  public var includeTableOfContents: Bool
  public var wordCountTarget: Int?
  public var customInstructions: String?

  public init(
    topic: String,
    keywords: [String] = [],
    tone: Tone = .professional,
    length: Length = .medium,
    format: Format = .markdown,
    targetAudience: String? = nil,
    focusKeyword: String? = nil,
    includeIntroduction: Bool = true,
    includeConclusion: Bool = true,
    includeFAQ: Bool = false,
    includeTableOfContents: Bool = true,
    wordCountTarget: Int? = nil,
    customInstructions: String? = nil
  ) {
    self.topic = topic
    self.keywords = keywords
    self.tone = tone
    self.length = length
    self.format = format
    self.targetAudience = targetAudience
    self.focusKeyword = focusKeyword
    self.includeIntroduction = includeIntroduction
    self.includeConclusion = includeConclusion
    self.includeFAQ = includeFAQ
    self.includeTableOfContents = includeTableOfContents
    self.wordCountTarget = wordCountTarget
    self.customInstructions = customInstructions
  }

  /// The explicit word count wins over the length.
  var targetWords: Int { max(100, min(10_000, wordCountTarget ?? length.targetWords)) }
}
