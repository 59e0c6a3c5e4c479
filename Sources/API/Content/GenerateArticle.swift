import ContentEngine
public import Domain
import HTTP
import Host
import Logging
import Providers
import Store

/// `POST /api/v1/blog/generate`, also `POST /api/v1/generate`, writes an article: of the tenant's AI providers the first
/// that can, else the built-in engine.
///
/// - 200 with the article, its metadata and analysis; as server-sent events for a client that accepts `text/event-stream`.
/// - 403 `premium_feature` for such a client; 422 `validation_failed`, 429 `quota-exceeded` or `too_many_concurrent`.
@Sendable func generateArticle(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let brief = ArticleRequest.brief(&body)
  let preferred = body.optionalString("preferred_provider", 1...64)
  try body.check()
  if request.request.accepts("text/event-stream") {
    try worker.requirePremium("Articles that are shown while they are written", of: request.principal)
    return streamArticle(brief, preferred, request.principal, worker)
  }
  guard
    let written = try worker.services.writer.write(
      brief, for: request.principal.tenantID, asksProviders: request.principal.hasProviders, preferred: preferred)
  else { throw Problem.internalError }
  worker.services.metrics.count(written.article, seconds: written.seconds)
  return .json(.ok, ArticleAnswer.json(written, now: HostClock.wallSeconds()))
}

/// The same as server-sent events (HTML standard, section 9.2): `provider` who is asked, `delta` each piece of its text,
/// `restart` that the text so far is void, `result` the whole answer.
private func streamArticle(
  _ brief: Brief, _ preferred: String?, _ principal: Principal, _ worker: Worker
) -> Response {
  let services = worker.services
  return Response(
    .ok, fields: [Field("Content-Type", "text/event-stream"), Field("Cache-Control", "no-store")]
  ) { send in
    func event(_ name: String, _ data: JSON) -> Bool {
      send(Array("event: \(name)\ndata: ".utf8) + data.encoded() + [0x0A, 0x0A])
    }
    // So that a client knows at once that it is heard.
    guard send(Array(": writing\n\n".utf8)) else { return }
    do {
      let written = try services.writer.write(
        brief, for: principal.tenantID, asksProviders: principal.hasProviders, preferred: preferred
      ) { happening in
        switch happening {
        case .began(let provider):
          event("provider", ["name": .string(provider.name), "model": .string(provider.model)])
        case .text(let text): event("delta", ["text": .string(text)])
        case .failed(let provider, let fault):
          event("restart", ["provider": .string(provider.name), "reason": .string(fault.description)])
        }
      }
      guard let written else { return }
      services.metrics.count(written.article, seconds: written.seconds)
      _ = event("result", ArticleAnswer.json(written, now: HostClock.wallSeconds()))
    } catch {
      services.log.warning("an article could not be streamed", metadata: ["reason": "\(error)"])
      _ = event("error", ["message": "The article could not be written; try again."])
    }
  }
}

extension ArticleWriter {
  /// Writes the article of a batch's item: for petstore watch.
  ///
  /// - Parameters:
  ///   - request: the request as ``ArticleRequest/json(_:)`` gave it.
  ///   - asksProviders: whether the tenant has any.
  /// - Returns: the article as it is answered, as JSON.
  /// - Throws: ``Problem`` for a request that an older version kept and this one does not understand.
  public func write(request: [UInt8], for tenant: ID<Tenant>, asksProviders: Bool) throws -> [UInt8] {
    var body = RequestBody(try JSON(parsing: request), at: [])
    let brief = ArticleRequest.brief(&body)
    try body.check()
    guard let written = try write(brief, for: tenant, asksProviders: asksProviders, preferred: nil) else {
      throw Problem.internalError
    }
    return ArticleAnswer.json(written, now: HostClock.wallSeconds()).encoded()
  }
}

/// The members of a generation request, as the contract of the earlier service has them.
enum ArticleRequest {
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
