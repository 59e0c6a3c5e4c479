import ContentEngine
import HTTP

/// An article for search engines, as JSON-LD (W3C Recommendation JSON-LD 1.1) in the words of schema.org.
enum LinkedData {
  /// One document with an Article, and a FAQPage and a HowTo where the article has questions or steps.
  ///
  /// - Returns: text to be put between `<script type="application/ld+json">` and its end as it is: it holds no `<`, so
  ///   nothing in it can end the element.
  static func text(_ article: Article) -> String {
    var graph = [
      describe(
        title: article.title, description: article.metaTags.description, keywords: article.tags,
        section: article.categories.first, words: article.wordCount)
    ]
    if !article.questions.isEmpty {
      graph.append([
        "@type": "FAQPage",
        "mainEntity": .array(
          article.questions.map { entry in
            [
              "@type": "Question", "name": .string(entry.question),
              "acceptedAnswer": ["@type": "Answer", "text": .string(entry.answer)],
            ]
          }),
      ])
    }
    if !article.steps.isEmpty {
      graph.append([
        "@type": "HowTo", "name": .string(article.title), "description": .string(article.metaTags.description),
        "step": .array(
          article.steps.enumerated().map { number, step in
            ["@type": "HowToStep", "position": .integer(number + 1), "text": .string(step)]
          }),
      ])
    }
    return text(graph)
  }

  /// The same for a caller's text, of which only the measures are known.
  static func text(_ analysis: ContentAnalysis) -> String {
    text([
      describe(
        title: analysis.metaTags.title, description: analysis.metaTags.description,
        keywords: analysis.metaTags.keywords, section: nil, words: analysis.seo.wordCount)
    ])
  }

  private static func describe(
    title: String, description: String, keywords: [String], section: String?, words: Int
  ) -> JSON {
    var members: [JSON.Member] = [
      .init("@type", "Article"), .init("headline", .string(title)), .init("description", .string(description)),
      .init("inLanguage", "en"), .init("wordCount", .integer(words)),
    ]
    if !keywords.isEmpty { members.append(.init("keywords", JSON(keywords))) }
    if let section { members.append(.init("articleSection", .string(section))) }
    return .object(members)
  }

  private static func text(_ graph: [JSON]) -> String {
    let document: JSON = ["@context": "https://schema.org", "@graph": .array(graph)]
    // In JSON a `<` can only stand within a string, where it may be written so (RFC 8259 section 7).
    var bytes: [UInt8] = []
    for byte in document.encoded() {
      if byte == UInt8(ascii: "<") { bytes += Array("\\u003c".utf8) } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
