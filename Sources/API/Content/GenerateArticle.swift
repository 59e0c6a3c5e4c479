import ContentEngine
public import Domain
import HTTP
import Host
import Store

/// `POST /api/v1/blog/generate`, also `POST /api/v1/generate`, writes an article.
///
/// - 200 with the article, its metadata and analysis.
/// - 422 `validation_failed`, 429 `quota-exceeded` or `too_many_concurrent`.
@Sendable func generateArticle(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let brief = try ArticleRequest.brief(request.request)
  let began = HostClock.monotonicNanoseconds()
  let article = ContentEngine.write(brief, seed: ArticleRequest.seed(brief, request.principal.tenantID))
  let seconds = Double(HostClock.monotonicNanoseconds() - began) / 1e9
  worker.services.metrics.count(article, seconds: seconds)
  return .json(.ok, ArticleAnswer.json(article, seconds: seconds, now: HostClock.wallSeconds()))
}

/// Writes the article of a batch's item: for petstore watch.
///
/// - Parameter request: the request as ``ArticleRequest/json(_:)`` gave it.
/// - Returns: the article as it is answered, as JSON.
/// - Throws: ``Problem`` for a request that an older version kept and this one does not understand.
public func writeArticle(request: [UInt8], tenant: ID<Tenant>) throws -> [UInt8] {
  var body = RequestBody(try JSON(parsing: request), at: [])
  let brief = ArticleRequest.brief(&body)
  try body.check()
  let began = HostClock.monotonicNanoseconds()
  let article = ContentEngine.write(brief, seed: ArticleRequest.seed(brief, tenant))
  let seconds = Double(HostClock.monotonicNanoseconds() - began) / 1e9
  return ArticleAnswer.json(article, seconds: seconds, now: HostClock.wallSeconds()).encoded()
}

/// The members of a generation request, as the contract of the earlier service has them.
enum ArticleRequest {
  static func brief(_ request: Request) throws(Problem) -> Brief {
    var body = try RequestBody(of: request)
    let brief = brief(&body)
    try body.check()
    return brief
  }

  /// Reads the members; what is wrong with them is in the body's errors.
  static func brief(_ body: inout RequestBody) -> Brief {
    let topic = body.string("topic", 3...200)
    let keywords = body.strings("keywords", atMost: 20)
    let tone = body.word("tone", default: Tone.professional)
    let length = body.word("length", default: Length.medium)
    let format = body.word("format", default: Format.markdown)
    let audience = body.optionalString("target_audience", 0...200)
    let focus = body.optionalString("focus_keyword", 0...100)
    let introduction = body.bool("include_introduction", default: true)
    let conclusion = body.bool("include_conclusion", default: true)
    let faq = body.bool("include_faq", default: false)
    let contents = body.bool("include_toc", default: true)
    let words = body.optionalInteger("word_count_target", 100...10_000)
    let instructions = body.optionalString("custom_instructions", 0...1_000)
    return Brief(
      topic: topic, keywords: keywords.map(folded).filter { !$0.isEmpty }, tone: tone,
      length: length, format: format, targetAudience: audience,
      focusKeyword: focus.map(folded).flatMap { $0.isEmpty ? nil : $0 },
      includeIntroduction: introduction, includeConclusion: conclusion, includeFAQ: faq,
      includeTableOfContents: contents, wordCountTarget: words, customInstructions: instructions)
  }

  /// A request as a batch keeps and shows it, with all that was left out.
  static func json(_ brief: Brief) -> JSON {
    [
      "topic": .string(brief.topic), "keywords": JSON(brief.keywords), "tone": .string(brief.tone.rawValue),
      "length": .string(brief.length.rawValue), "format": .string(brief.format.rawValue),
      "target_audience": JSON(brief.targetAudience), "focus_keyword": JSON(brief.focusKeyword),
      "include_introduction": .bool(brief.includeIntroduction), "include_conclusion": .bool(brief.includeConclusion),
      "include_faq": .bool(brief.includeFAQ), "include_toc": .bool(brief.includeTableOfContents),
      "word_count_target": brief.wordCountTarget.map { .integer($0) } ?? .null,
      "custom_instructions": JSON(brief.customInstructions), "competitor_urls": [], "readability_target": "general",
    ]
  }

  /// The same request gives a tenant the same text, and another tenant another one.
  static func seed(_ brief: Brief, _ tenant: ID<Tenant>) -> UInt64 {
    brief.topic.utf8.reduce(tenant.high ^ tenant.low) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  static func folded(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed()).lowercased()
  }
}
