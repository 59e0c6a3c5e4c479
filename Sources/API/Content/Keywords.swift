import ContentEngine
import Domain
import HTTP
import TextAnalysis

/// `POST /api/v1/keywords/analyze` judges keywords by how specific they are, and names searches beside them.
///
/// - 200 with an analysis for each keyword, by its name.
/// - 422 `validation_failed` for none or more than 50; 429.
@Sendable func analyzeKeywords(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  if !body.has("keywords") { body.refuse("keywords", "Field required", type: "missing") }
  let keywords = body.strings("keywords", atMost: 50, 0...200)
  // Taken as ever, and without effect: nothing here knows a country's searches.
  _ = body.optionalString("location", 0...10_000)
  _ = body.optionalString("language", 0...10_000)
  if keywords.isEmpty, !body.hasRefused("keywords") {
    body.refuse("keywords", "List should have at least 1 item after validation, not 0", type: "too_short")
  }
  try body.check()
  var seen: Set<String> = []
  let members = keywords.filter { seen.insert($0).inserted }.map { keyword -> JSON.Member in
    let advice = KeywordAdvice(keyword)
    return JSON.Member(
      keyword,
      [
        "keyword": .string(advice.keyword), "search_volume": nil, "difficulty": .string(advice.difficulty.rawValue),
        "competition": .number(advice.competition), "related_keywords": JSON(advice.relatedKeywords),
        "long_tail_keywords": JSON(advice.longTailKeywords), "cpc": nil, "trend_score": 0.0,
        "recommended": .bool(advice.isRecommended), "reason": .string(advice.reason),
      ])
  }
  return .json(.ok, ["keyword_analysis": .object(members)])
}

/// `POST /api/v1/keywords/extract` finds the phrases that a text is about, by YAKE.
///
/// - 200 with the phrases, best first, and the same with their scores (lower is better).
/// - 422 `validation_failed`, 429.
@Sendable func extractKeywords(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let content = body.string("content", 100...ContentLimits.text)
  let most = body.integer("max_keywords", 5...50, default: 20)
  try body.check()
  let phrases = KeywordExtractor.keyphrases(of: content, most: most)
  return .json(
    .ok,
    [
      "extracted_keywords": JSON(phrases.map(\.text)),
      "keyword_scores": .array(phrases.map { ["keyword": .string($0.text), "score": .number($0.score)] }),
    ])
}

/// `POST /api/v1/keywords/suggest` names searches beside a keyword.
///
/// - 200 with the searches, the shorter ones first.
/// - 422 `validation_failed`, 429.
@Sendable func suggestKeywords(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let keyword = body.string("keyword", 2...100)
  try body.check()
  return .json(.ok, ["keyword_suggestions": JSON(KeywordSuggestions(keyword).all)])
}
