// What a text is for, how finished it should be, and who is to have written it: each changes the brief, and so the text.

/// What a text is for.
public enum ContentStrategy: String, CaseIterable, Sendable {
  case seoOptimized = "seo_optimized"
  case engagementFocused = "engagement_focused"
  case conversionOptimized = "conversion_optimized"
  case educational, promotional, technical, creative

  /// What it does, for people.
  public var summary: String {
    switch self {
    case .seoOptimized: "Written to be found: contents, questions and answers, the first keyword as focus"
    case .engagementFocused: "Written to be read to the end: a conversational tone, mistakes to avoid"
    case .conversionOptimized: "Written to help buying: prices, pros and cons, a checklist"
    case .educational: "Written to teach: questions and answers, mistakes to avoid, when to see a vet"
    case .promotional: "Written to recommend: options with pros and cons, a friendly tone"
    case .technical: "Written for those who want figures: a technical tone, a schedule, safety"
    case .creative: "Written to be enjoyed: a creative tone, without a table of contents"
    }
  }

  /// The brief with what the strategy adds; what the caller asked for stays.
  public func applied(to brief: Brief, toneGiven: Bool) -> Brief {
    var brief = brief
    func ask(_ wishes: String) {
      brief.customInstructions = [brief.customInstructions, wishes].compactMap { $0 }.joined(separator: ". ")
    }
    func speak(_ tone: Tone) { if !toneGiven { brief.tone = tone } }
    switch self {
    case .seoOptimized:
      brief.includeFAQ = true
      if brief.focusKeyword == nil { brief.focusKeyword = brief.keywords.first }
    case .engagementFocused:
      speak(.conversational)
      ask("mistakes to avoid")
    case .conversionOptimized: ask("pros and cons, prices, a checklist")
    case .educational:
      brief.includeFAQ = true
      ask("mistakes to avoid, when to see a vet")
    case .promotional:
      speak(.friendly)
      ask("pros and cons")
    case .technical:
      speak(.technical)
      ask("a schedule, safety")
    case .creative:
      speak(.creative)
      brief.includeTableOfContents = false
    }
    return brief
  }
}

/// How finished a text should be.
public enum QualityTarget: String, CaseIterable, Sendable {
  case draft, good, excellent
  case publicationReady = "publication_ready"

  public var summary: String {
    switch self {
    case .draft: "The main points: no contents, no closing"
    case .good: "A whole article"
    case .excellent: "A whole article with questions and answers"
    case .publicationReady: "The same with a checklist, mistakes to avoid and safety"
    }
  }

  /// The brief with what the target adds or leaves out.
  public func applied(to brief: Brief) -> Brief {
    var brief = brief
    switch self {
    case .draft:
      brief.includeTableOfContents = false
      brief.includeConclusion = false
    case .good: break
    case .excellent: brief.includeFAQ = true
    case .publicationReady:
      brief.includeFAQ = true
      brief.customInstructions = [brief.customInstructions, "a checklist, mistakes to avoid, safety"]
        .compactMap { $0 }.joined(separator: ". ")
    }
    return brief
  }
}

/// Who is to have written a text: a strategy with a tone.
public enum WriterPreset: String, CaseIterable, Sendable {
  case seoFocused = "seo_focused"
  case engagementFocused = "engagement_focused"
  case conversionFocused = "conversion_focused"
  case technicalWriter = "technical_writer"
  case creativeWriter = "creative_writer"
  case enterpriseWriter = "enterprise_writer"
  case startupWriter = "startup_writer"
  case minimalWriter = "minimal_writer"

  public var strategy: ContentStrategy {
    switch self {
    case .seoFocused: .seoOptimized
    case .engagementFocused, .startupWriter: .engagementFocused
    case .conversionFocused: .conversionOptimized
    case .technicalWriter: .technical
    case .creativeWriter: .creative
    case .enterpriseWriter: .educational
    case .minimalWriter: .promotional
    }
  }

  public var tone: Tone {
    switch self {
    case .seoFocused, .minimalWriter: .professional
    case .engagementFocused: .conversational
    case .conversionFocused: .friendly
    case .technicalWriter: .technical
    case .creativeWriter: .creative
    case .enterpriseWriter: .authoritative
    case .startupWriter: .casual
    }
  }

  public var length: Length { self == .minimalWriter ? .short : .medium }

  public var summary: String {
    "Strategy \(strategy.rawValue), tone \(tone.rawValue), length \(length.rawValue) unless others are given"
  }
}
