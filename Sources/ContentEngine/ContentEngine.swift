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
    draft.planOpening()
    draft.planHead()
    draft.planTail()
    let planned = draft.words
    var sufficed = draft.writeFactSections()
    if !sufficed {
      draft.fillWithQuestions()
      sufficed = draft.target - draft.words <= draft.target / 10
    }
    let blocks = assemble(draft, title: title)

    let markdown = Rendering.markdown(blocks)
    let content = brief.format == .markdown ? markdown : Rendering.render(blocks, as: brief.format)
    let description = Headline.description(for: topic, focus: focus, random: &draft.random)
    let excerpt = Headline.excerpt(of: blocks, fallback: description)
    let measured = MeasuredText(markdown: markdown)
    let quality = ContentQuality(measuring: markdown, measured)
    let seo = SEOMetrics(
      measuring: markdown, measured, title: title, description: description, keywords: keywords,
      focus: focus)

    var warnings = topic.warnings
    if !sufficed {
      warnings.append(
        "The known facts on this topic suffice for \(seo.wordCount) of \(draft.target) words.")
    } else if planned > draft.target + draft.target / 10 {
      warnings.append("The requested sections need more words than the word target allows.")
    }
    if let instructions = brief.customInstructions, CallerText.hasWords(instructions),
      Wish.wishes(in: instructions).isEmpty
    {
      warnings.append("No known section was recognised in the custom instructions.")
    }
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
