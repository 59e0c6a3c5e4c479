import ContentEngine
import Domain
import HTTP

/// `POST /api/v1/optimize` rewrites a text where its keywords fit, and says what it changed and why.
///
/// - 200 with the text, its lengths in words before and after, and the changes.
/// - 422 `validation_failed`, 429.
@Sendable func optimizeContent(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let content = body.string("content", 100...ContentLimits.text)
  let keywords = body.strings("keywords", atMost: 20, 0...200)
  let focus = body.optionalString("focus_keyword", 0...10_000)
  try body.check()
  let optimized = OptimizedContent(content, keywords: keywords, focus: focus)
  func words(_ text: String) -> JSON { .integer(text.split(whereSeparator: \.isWhitespace).count) }
  return .json(
    .ok,
    [
      "optimized_content": .string(optimized.content), "original_length": words(content),
      "optimized_length": words(optimized.content),
      "changes": .array(
        optimized.changes.map { change in
          [
            "type": .string(change.kind.rawValue), "keyword": JSON(change.keyword), "before": .string(change.before),
            "after": .string(change.after), "reason": .string(change.reason),
          ]
        }),
    ])
}
