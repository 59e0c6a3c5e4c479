/// Writes articles about pets from its own knowledge, without a model, a clock or the network.
///
/// The order of work: read the topic, plan the sections its type asks for, count their words,
/// fill the rest with facts, print, then measure. The same brief and seed give the same bytes.
public enum ContentEngine {
  public static func write(_ brief: Brief, seed: UInt64) -> Article {
    let keywords = brief.keywords.map { CallerText.clean($0).lowercased() }
      .filter { CallerText.hasWords($0) }
    let focus = brief.focusKeyword.map { CallerText.clean($0).lowercased() }
      .flatMap { CallerText.hasWords($0) ? $0 : nil }
    let topic = Topic(topic: brief.topic, keywords: focus.map { [$0] + keywords } ?? keywords)
    var draft = Draft(brief: brief, topic: topic, keywords: keywords, focus: focus, seed: seed)
    let title = Headline.title(for: topic, focus: focus, random: &draft.random)

    draft.note(title)
    draft.rankCore()
    draft.planOpening()
    draft.planHead()
    draft.planTail()
    let planned = draft.words
    var sufficed = draft.writeFactSections()
    if !sufficed {
      draft.fillWithQuestions()
      sufficed = draft.target - draft.words <= draft.target / 10
    }
    var blocks = assemble(draft, title: title)
    var markdown = Rendering.markdown(blocks)
    var measured = MeasuredText(markdown: markdown)
    var quality = ContentQuality(measuring: markdown, measured)
    if let levelled = draft.level(quality) {
      blocks = assemble(draft, title: title)
      markdown = Rendering.markdown(blocks)
      measured = MeasuredText(markdown: markdown)
      quality =
        levelled.map { ContentQuality(measured, textstat: $0.textstat, corrected: $0.corrected) }
        ?? ContentQuality(measuring: markdown, measured)
    }

    let content = brief.format == .markdown ? markdown : Rendering.render(blocks, as: brief.format)
    let description = Headline.description(for: topic, focus: focus, random: &draft.random)
    let excerpt = Headline.excerpt(of: blocks, fallback: description)
    let seo = SEOMetrics(
      measuring: markdown, measured, title: title, description: description, keywords: keywords,
      focus: focus)

    let warnings = warnings(of: draft, seo, suffice: sufficed, planned: planned)
    let slug = CallerText.slug(title)
    let sections = draft.head + draft.middle + draft.tail
    func part(_ blocks: [Block]?) -> String? { blocks.map { Rendering.render($0, as: brief.format) } }
    return Article(
      title: title, content: content, introduction: part(draft.opening?.blocks),
      conclusion: part(draft.conclusion?.blocks), faq: part(draft.faq?.blocks), excerpt: excerpt,
      metaTags: MetaTags(
        title: title, description: description, keywords: keywords, ogTitle: title,
        ogDescription: excerpt, twitterTitle: title, twitterDescription: description),
      slug: slug.isEmpty ? "pet-care-guide" : slug,
      categories: Headline.categories(topic), tags: Headline.tags(topic, keywords: keywords),
      seo: seo, quality: quality, warnings: warnings,
      suggestions: seo.recommendations + quality.readabilitySuggestions, wordCount: seo.wordCount,
      questions: sections.flatMap(\.questions), steps: sections.flatMap(\.steps),
      altTextIdeas: AltTexts.ideas(for: topic, sections: sections))
  }

  /// What the brief asked for and the article has not.
  private static func warnings(
    of draft: Draft, _ seo: SEOMetrics, suffice: Bool, planned: Int
  ) -> [String] {
    let (brief, target) = (draft.brief, draft.target)
    var warnings = draft.topic.warnings
    if !suffice {
      warnings.append("The known facts on this topic suffice for \(seo.wordCount) of \(target) words.")
    } else if planned > target + target / 10 {
      warnings.append("The requested sections need more words than the word target allows.")
    }
    if let instructions = brief.customInstructions, CallerText.hasWords(instructions),
      Wish.wishes(in: instructions).isEmpty
    {
      warnings.append("No known section was recognised in the custom instructions.")
    }
    for entry in draft.ledger.entries where entry.isForeign {
      guard let found = seo.keywordFrequency.first(where: { $0.keyword == entry.keyword }),
        found.frequency * 200 < seo.wordCount
      else { continue }
      let kind = "The keyword “\(entry.keyword)” is about another kind of animal"
      let often = found.frequency == 1 ? "once" : "\(found.frequency) times"
      warnings.append(
        found.frequency == 0
          ? kind + " and is not written in: it found no place."
          : kind + ": it is written in \(often), below a density of 0.5 %.")
    }
    if let audience = brief.targetAudience.map({ CallerText.clean($0) }), !Audience(audience).work.isEmpty {
      warnings.append("The facts are written for owners; the section on the target audience holds what it can pass on.")
    }
    return warnings
  }

  private static func assemble(_ draft: Draft, title: String) -> [Block] {
    let sections = draft.head + draft.middle + draft.tail
    var blocks: [Block] = [.heading(level: 1, text: title, anchor: CallerText.slug(title))]
    if let opening = draft.opening { blocks += opening.blocks }
    if draft.brief.includeTableOfContents, !sections.isEmpty {
      blocks.append(.contents(sections.map { (text: $0.heading, anchor: $0.anchor) }))
    }
    for section in sections {
      blocks.append(.heading(level: 2, text: section.heading, anchor: section.anchor))
      blocks += section.blocks
    }
    return blocks
  }
}
