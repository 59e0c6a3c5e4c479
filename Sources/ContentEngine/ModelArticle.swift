// A model's text, brought into the form of every article: the same metadata, measures, formats and guards.

import TextAnalysis

extension ContentEngine {
  /// Words below which a text is no article.
  private static let leastWords = 60

  /// Makes an article of what a language model wrote for a brief.
  ///
  /// The text is read as Markdown and printed anew, so that no markup of the model's own comes out. Contents are added where
  /// the brief asks for them; an article about health closes with the note that every one has.
  ///
  /// - Parameter seed: chooses among titles and descriptions where the model's own cannot be used.
  /// - Returns: nil where the text is no article.
  public static func finish(_ text: String, for brief: Brief, seed: UInt64) -> Article? {
    let keywords = brief.keywords.map { CallerText.clean($0).lowercased() }.filter { CallerText.hasWords($0) }
    let focus = brief.focusKeyword.map { CallerText.clean($0).lowercased() }
      .flatMap { CallerText.hasWords($0) ? $0 : nil }
    let topic = Topic(topic: brief.topic, keywords: focus.map { [$0] + keywords } ?? keywords)
    var random = SeededRandom(seed: seed)

    var blocks = TextConversion.blocks(of: withoutFence(text)).map(cleaned).filter { !$0.texts.joined().isEmpty }
    guard blocks.reduce(0, { $0 + $1.wordCount }) >= leastWords else { return nil }
    var warnings = topic.warnings
    let given = takeTitle(from: &blocks)
    let title = usable(given, focus: focus) ?? Headline.title(for: topic, focus: focus, random: &random)
    var parts = Parts(blocks)
    if !brief.includeIntroduction, !parts.sections.isEmpty { parts.opening = [] }
    if !brief.includeConclusion { parts.sections.removeAll(where: \.isConclusion) }
    if !brief.includeFAQ { parts.sections.removeAll(where: \.isFAQ) }
    if brief.includeConclusion, !parts.sections.contains(where: \.isConclusion) {
      warnings.append("The model wrote no conclusion.")
    }
    if brief.includeFAQ, !parts.sections.contains(where: \.isFAQ) {
      warnings.append("The model wrote no questions and answers.")
    }
    if topic.needsHealthNote { parts.close(with: SharedPhrases.healthNote) }

    let all = parts.assembled(title: title, contents: brief.includeTableOfContents)
    let markdown = Rendering.markdown(all)
    let description = Self.description(of: all, topic: topic, focus: focus, random: &random)
    let excerpt = Headline.excerpt(of: all, fallback: description)
    let measured = MeasuredText(markdown: markdown)
    let quality = ContentQuality(measuring: markdown, measured)
    let seo = SEOMetrics(
      measuring: markdown, measured, title: title, description: description, keywords: keywords, focus: focus)
    let target = brief.targetWords
    if abs(seo.wordCount - target) * 10 > target {
      warnings.append("The model wrote \(seo.wordCount) words where \(target) were asked for.")
    }
    warnings += FoodSafety.warnings(in: markdown)
    for keyword in keywords where Voice.range(of: keyword, in: markdown.lowercased()) == nil {
      warnings.append("The model did not use the keyword “\(keyword)”.")
    }
    let slug = CallerText.slug(title)
    func part(_ blocks: [Block]?) -> String? {
      blocks.flatMap { $0.isEmpty ? nil : Rendering.render($0, as: brief.format) }
    }
    return Article(
      title: title, content: brief.format == .markdown ? markdown : Rendering.render(all, as: brief.format),
      introduction: brief.includeIntroduction ? part(parts.opening) : nil,
      conclusion: part(parts.sections.last(where: \.isConclusion)?.blocks),
      faq: part(parts.sections.first(where: \.isFAQ)?.blocks), excerpt: excerpt,
      metaTags: MetaTags(
        title: title, description: description, keywords: keywords, ogTitle: title, ogDescription: excerpt,
        twitterTitle: title, twitterDescription: description),
      slug: slug.isEmpty ? "pet-care-guide" : slug, categories: Headline.categories(topic),
      tags: Headline.tags(topic, keywords: keywords), seo: seo, quality: quality, warnings: warnings,
      suggestions: seo.recommendations + quality.readabilitySuggestions, wordCount: seo.wordCount,
      questions: parts.sections.filter(\.isFAQ).flatMap(\.questions), steps: parts.sections.flatMap(\.steps),
      altTextIdeas: AltTexts.ideas(for: topic, sections: parts.sections))
  }

  /// Some models put a whole Markdown text into a block of code.
  private static func withoutFence(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    guard let first = lines.first, first.hasPrefix("```"), lines.count > 2, lines.last?.hasPrefix("```") == true else {
      return text
    }
    return lines.dropFirst().dropLast().joined(separator: "\n")
  }

  /// What would be markup when it is printed goes, as it does from callers' words.
  private static func cleaned(_ block: Block) -> Block {
    func clean(_ text: String) -> String { CallerText.clean(text, keepingQuotes: true) }
    switch block {
    case .heading(let level, let text, let anchor):
      return .heading(level: min(level, 3), text: clean(text), anchor: anchor)
    case .paragraph(let lines):
      return .paragraph(lines.flatMap { SentenceSplitter.sentences(in: clean($0)) })
    case .bullets(let items): return .bullets(items.map(clean).filter { !$0.isEmpty })
    case .steps(let items): return .steps(items.map(clean).filter { !$0.isEmpty })
    case .table(let header, let rows): return .table(header: header.map(clean), rows: rows.map { $0.map(clean) })
    case .contents: return block
    }
  }

  /// Takes the heading of level 1 out, if the text begins with one.
  private static func takeTitle(from blocks: inout [Block]) -> String? {
    guard case .heading(1, let text, _)? = blocks.first else { return nil }
    blocks.removeFirst()
    return text
  }

  /// A model's title within the rules for titles, or nil.
  private static func usable(_ title: String?, focus: String?) -> String? {
    guard let title = title.map(CallerText.trimPunctuation),
      (10...Headline.titleLimit).contains(CallerText.length(title)),
      focus.map({ Voice.range(of: $0, in: title.lowercased()) != nil }) ?? true
    else { return nil }
    return title
  }

  /// The first sentences of the article where they have the length of a description; else one of the engine's own.
  private static func description(
    of blocks: [Block], topic: Topic, focus: String?, random: inout SeededRandom
  ) -> String {
    var text = ""
    for case .paragraph(let lines) in blocks {
      for sentence in lines {
        let longer = text.isEmpty ? sentence : text + " " + sentence
        if CallerText.length(longer) > 160 { break }
        text = longer
      }
      break
    }
    return CallerText.length(text) >= 120 ? text : Headline.description(for: topic, focus: focus, random: &random)
  }
}

/// A text by its headings of level 2.
private struct Parts {
  var opening: [Block] = []
  var sections: [Section] = []

  init(_ blocks: [Block]) {
    for block in blocks {
      if case .heading(1...2, let text, let anchor) = block {
        sections.append(Section(heading: text, anchor: anchor))
      } else if sections.isEmpty {
        opening.append(block)
      } else {
        sections[sections.count - 1].blocks.append(block)
      }
    }
    // Contents of the model's own, which nobody asked for.
    sections.removeAll { $0.heading.lowercased().hasSuffix("contents") || $0.blocks.isEmpty }
  }

  mutating func close(with note: String) {
    let isThere = sections.contains { section in section.blocks.contains { $0.texts.contains { $0.contains(note) } } }
    guard !isThere else { return }
    if sections.isEmpty {
      opening.append(.paragraph([note]))
    } else {
      sections[sections.count - 1].blocks.append(.paragraph([note]))
    }
  }

  func assembled(title: String, contents: Bool) -> [Block] {
    var blocks: [Block] = [.heading(level: 1, text: title, anchor: CallerText.slug(title))] + opening
    if contents, !sections.isEmpty {
      blocks.append(.contents(sections.map { (text: $0.heading, anchor: $0.anchor) }))
    }
    for section in sections {
      blocks.append(.heading(level: 2, text: section.heading, anchor: section.anchor))
      blocks += section.blocks
    }
    return blocks
  }
}

extension Section {
  fileprivate var isConclusion: Bool {
    let name = heading.lowercased()
    return ["conclusion", "final thoughts", "summary", "in short", "key takeaways"].contains { name.contains($0) }
  }

  fileprivate var isFAQ: Bool {
    let name = heading.lowercased()
    return name.contains("faq") || name.contains("frequently asked") || name.contains("questions")
  }
}
