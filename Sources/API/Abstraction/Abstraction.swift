import ContentEngine
import Domain
import HTTP
import Host

/// `GET /api/v1/abstraction/strategies` lists what a text can be for.
@Sendable func listStrategies(_ request: Request, _ worker: Worker) throws -> Response {
  .json(.ok, ["strategies": AbstractionAnswer.list(ContentStrategy.allCases.map { ($0.rawValue, $0.summary) })])
}

/// `GET /api/v1/abstraction/quality-levels` lists how finished a text can be.
@Sendable func listQualityLevels(_ request: Request, _ worker: Worker) throws -> Response {
  .json(.ok, ["quality_levels": AbstractionAnswer.list(QualityTarget.allCases.map { ($0.rawValue, $0.summary) })])
}

/// `GET /api/v1/abstraction/presets` lists writers: a strategy, a tone and a length.
@Sendable func listPresets(_ request: Request, _ worker: Worker) throws -> Response {
  .json(.ok, ["presets": AbstractionAnswer.list(WriterPreset.allCases.map { ($0.rawValue, $0.summary) })])
}

/// `POST /api/v1/abstraction/blog/generate` writes an article for a strategy, in parts.
///
/// - 200 with the article, its parts and its measures; 422; 429.
@Sendable func generateByStrategy(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let topic = body.string("topic", 3...200)
  let keywords = body.strings("keywords", atMost: 20)
  let audience = body.optionalString("target_audience", 0...200)
  let preset: WriterPreset? = body.optionalWord("preset")
  let strategy = body.word("content_strategy", default: preset?.strategy ?? .seoOptimized)
  let tone: Tone? = body.has("tone") ? body.word("tone", default: .professional) : nil
  let length = body.word("length", default: preset?.length ?? .medium)
  let format = body.word("format", default: Format.html)
  let quality = body.word("quality_target", default: QualityTarget.good)
  let preferred = body.optionalString("preferred_provider", 0...10_000).flatMap { $0.isEmpty ? nil : $0 }
  _ = body.dictionary("additional_context")
  _ = body.dictionary("seo_requirements")
  try body.check()
  var brief = Brief(
    topic: topic, keywords: keywords.map(ArticleRequest.folded).filter { !$0.isEmpty },
    tone: tone ?? preset?.tone ?? .professional, length: length, format: format, targetAudience: audience)
  brief = strategy.applied(to: brief, toneGiven: tone != nil || preset != nil)
  brief = quality.applied(to: brief)
  guard
    let written = try worker.services.writer.write(
      brief, for: request.principal.tenantID, asksProviders: request.principal.hasProviders, preferred: preferred)
  else { throw Problem.internalError }
  let (article, seconds) = (written.article, written.seconds)
  let (seo, readability) = (article.seo.overallSEOScore, article.quality.readabilityScore)
  let overall = article.overallQuality
  worker.services.metrics.count(article, seconds: seconds)
  worker.services.metrics.count(strategy.event)
  return .json(
    .ok,
    [
      "title": .string(article.title), "content": .string(article.content),
      "meta_description": .string(article.metaTags.description), "introduction": .string(article.introduction ?? ""),
      "conclusion": .string(article.conclusion ?? ""), "faq_section": JSON(article.faq), "seo_score": .number(seo),
      "readability_score": .number(readability), "quality_score": .number(overall),
      "provider_used": .string(written.provider),
      "generation_time": .number(seconds), "cost": ProviderAnswer.dollars(written.nanodollars),
      "tokens_used": .integer(written.tokens),
      "metadata": [
        "strategy_used": .string(strategy.rawValue),
        "quality_metrics": [
          "readability_score": .number(readability), "seo_score": .number(seo),
          "engagement_score": .number(article.quality.engagementScore), "overall_quality": .number(overall),
          "recommendations": JSON(article.suggestions),
        ],
        "enhanced_keywords": JSON(article.tags), "original_keywords": JSON(keywords),
      ],
      "warnings": JSON(article.warnings),
    ])
}

enum AbstractionAnswer {
  static func list(_ entries: [(name: String, summary: String)]) -> JSON {
    .array(entries.map { ["name": .string($0.name), "description": .string($0.summary)] })
  }
}
