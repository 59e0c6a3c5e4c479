import ContentEngine
import Domain
import HTTP
import Host

/// `POST /api/v1/analyze` measures a text: readability, search-engine preparation, dangers.
///
/// - 200 with the measures, in the shape of a generated article.
/// - 422 `validation_failed`, 429.
@Sendable func analyzeContent(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let content = body.string("content", 50...ContentLimits.text)
  let title = body.optionalString("title", 0...200)
  let keywords = body.strings("keywords", atMost: 20)
  try body.check()
  let began = HostClock.monotonicNanoseconds()
  let analysis = ContentAnalysis(content, title: title, keywords: keywords)
  let seconds = Double(HostClock.monotonicNanoseconds() - began) / 1e9
  return .json(
    .ok,
    ArticleAnswer.json(analysis, of: content, seconds: seconds, now: HostClock.wallSeconds()))
}

/// What a text may hold.
enum ContentLimits {
  /// Unicode scalars: more than any article, and well below the limit of a request's body.
  static let text = 200_000
}
