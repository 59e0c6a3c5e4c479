extension SEOMetrics {
  /// Measures a Markdown text with its title and description. The focus keyword is scored
  /// whether or not it is one of the keywords.
  public init(
    measuring markdown: String, title: String, description: String, keywords: [String],
    focus: String?
  ) {
    self.init(
      measuring: markdown, MeasuredText(markdown: markdown), title: title, description: description, keywords: keywords,
      focus: focus)
  }

  /// - Parameter text: the same text, measured already.
  init(
    measuring markdown: String, _ text: MeasuredText, title: String, description: String, keywords: [String],
    focus: String?
  ) {
    self.init()
    let cleaned = text.cleaned
    wordCount = text.words
    readingTimeMinutes = Double(wordCount) / 225
    let lowered = cleaned.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    var seen: Set<String> = []
    for keyword in keywords where !keyword.isEmpty && seen.insert(keyword).inserted {
      guard wordCount > 0 else { break }
      let count = WordList.occurrences(of: WordList.lowered(keyword), in: lowered)
      keywordFrequency.append(KeywordFrequency(keyword: keyword, frequency: count))
      let density = 100 * Double(count) / Double(wordCount)
      keywordDensity.append(KeywordDensity(keyword: keyword, density: density))
    }
    if let focus, wordCount > 0 {
      let count = WordList.occurrences(of: WordList.lowered(focus), in: lowered)
      focusKeywordScore = Self.focusScore(100 * Double(count) / Double(wordCount))
    }
    let name = focus ?? ""
    titleSEOScore = Self.titleScore(title, focus: name)
    metaDescriptionScore = Self.descriptionScore(description, focus: name)
    let bytes = Array(markdown.utf8)
    let lines = bytes.split(separator: 0x0A).filter { $0.first == 0x23 }.map { Array($0) }
    headingStructureScore = Self.headingScore(lines, focus: WordList.lowered(name))
    countLinks(bytes)
    overallSEOScore = Self.rounded(
      0.25 * focusKeywordScore + 0.20 * titleSEOScore + 0.15 * metaDescriptionScore
        + 0.20 * headingStructureScore + 0.10 * lengthScore + 7)
    contentQualityScore = Self.qualityScore(self)
    advise(hasTitle: !title.isEmpty, hasDescription: !description.isEmpty)
  }

  private var lengthScore: Double {
    wordCount >= 300 ? min(100, Double(wordCount) / 10) : Double(wordCount) / 300 * 50
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static func focusScore(_ density: Double) -> Double {
    switch density {
    case 1...2: 100
    case 0.5..<1: 80
    case 2...3: 70
    case let other where other > 0: 50
    default: 0
    }
  }

  private static func titleScore(_ title: String, focus: String) -> Double {
    if title.isEmpty { return 0 }
    var score: Double
    switch CallerText.length(title) {
    case 30...60: score = 40
    case 20...29, 61...70: score = 25
    default: score = 10
    }
    let lower = title.lowercased()
    if !focus.isEmpty, Voice.range(of: focus, in: lower) != nil { score += 40 }
    if !focus.isEmpty, lower.hasPrefix(focus) { score += 20 }
    return min(100, score)
  }

  private static func descriptionScore(_ description: String, focus: String) -> Double {
    if description.isEmpty { return 0 }
    var score: Double
    switch CallerText.length(description) {
    case 120...160: score = 50
    case 100...119, 161...180: score = 30
    default: score = 15
    }
    let lower = description.lowercased()
    if !focus.isEmpty, Voice.range(of: focus, in: lower) != nil { score += 30 }
    let calls = ["discover", "learn", "find out", "explore", "get", "start", "try"]
    if calls.contains(where: { Voice.range(of: $0, in: lower) != nil }) { score += 20 }
    return min(100, score)
  }

  private static func headingScore(_ lines: [[UInt8]], focus: [UInt8]) -> Double {
    var first = 0
    var second = 0
    var any = 0
    var score = 0.0
    for line in lines {
      let level = line.prefix { $0 == 0x23 }.count
      guard (1...6).contains(level), line.count > level + 1, line[level] == 0x20 else { continue }
      any += 1
      let lower = line.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
      if level == 1 {
        first += 1
        score += 20
        if !focus.isEmpty, WordList.occurrences(of: focus, in: lower) > 0 { score += 20 }
      } else if level == 2 {
        second += 1
        score += 10
      }
    }
    if any == 0 { return 0 }
    if first > 1 { score -= 20 }
    if (2...6).contains(second) { score += 20 }
    if first == 1, second >= 2 { score += 30 }
    return min(100, max(0, score))
  }

  /// `[text](url)`: http leads out of the site, everything else stays inside.
  private mutating func countLinks(_ bytes: [UInt8]) {
    let http = Array("http".utf8)
    for position in bytes.indices where bytes[position] == 0x5D {
      guard position + 1 < bytes.count, bytes[position + 1] == 0x28 else { continue }
      if bytes[(position + 2)...].starts(with: http) {
        externalLinksCount += 1
      } else {
        internalLinksCount += 1
      }
    }
  }

  private static func qualityScore(_ metrics: SEOMetrics) -> Double {
    let words = metrics.wordCount
    var score = words >= 1000 ? 40.0 : words >= 500 ? 30 : words >= 300 ? 20 : 10
    score += 0.3 * metrics.headingStructureScore
    let links = metrics.internalLinksCount + metrics.externalLinksCount
    score += links >= 3 ? 20 : links >= 1 ? 10 : 0
    if metrics.internalLinksCount > 0, metrics.externalLinksCount > 0 { score += 10 }
    return min(100, score)
  }

  private mutating func advise(hasTitle: Bool, hasDescription: Bool) {
    if focusKeywordScore < 50 {
      recommendations.append(
        "Improve focus keyword usage in content (aim for 1-2% density)")
    }
    if titleSEOScore < 70 {
      recommendations.append(
        "Optimize title length (30-60 characters) and include focus keyword")
    }
    if metaDescriptionScore < 70 {
      recommendations.append(
        "Improve meta description (120-160 characters with focus keyword)")
    }
    if headingStructureScore < 70 {
      recommendations.append("Improve heading structure with proper H1 and H2 tags")
    }
    if wordCount < 300 {
      recommendations.append("Increase content length to at least 300 words for better SEO")
    } else if wordCount < 500 {
      recommendations.append(
        "Consider expanding content to 500+ words for better ranking potential")
    }
    if internalLinksCount == 0 {
      recommendations.append("Add internal links to related content")
    }
    if externalLinksCount == 0 {
      recommendations.append("Add authoritative external links to support your content")
    }
    for entry in keywordDensity where entry.density > 4 {
      let tenths = Int((entry.density * 10).rounded())
      warnings.append(
        "Keyword '\(entry.keyword)' density too high (\(tenths / 10).\(tenths % 10)%) - "
          + "risk of keyword stuffing")
    }
    if !hasTitle { warnings.append("Missing title - critical for SEO") }
    if !hasDescription {
      warnings.append("Missing meta description - important for search results")
    }
    if wordCount < 100 {
      warnings.append("Content too short - may not rank well in search results")
    }
  }
}
