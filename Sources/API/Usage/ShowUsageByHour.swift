import Domain
import HTTP
import Store

/// `GET /api/v1/usage/hours?hours=24` shows the account's own usage hour by hour, with errors and latencies: for those
/// whose role may view analytics.
///
/// - 200 with each hour in which something was called, oldest first.
/// - 403 `insufficient_scope`; 422 `validation_failed` for hours outside 1 to 744.
@Sendable func showUsageByHour(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let hours = try RequestQuery(of: request.request).integer("hours", default: 24, 1...744)
  let series = try worker.services.database.usageByHour(of: request.principal, hours: hours)
  func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
  return .json(
    .ok,
    [
      "hours": .integer(hours),
      "series": .array(
        series.map { hour in
          [
            "hour": Timestamp.json(hour.begins), "endpoint": .string(hour.endpoint),
            "requests": .integer(hour.requests), "errors": .integer(hour.errors),
            "avg_latency_ms": number(hour.averageLatency), "p50_latency_ms": number(hour.latency50),
            "p95_latency_ms": number(hour.latency95), "p99_latency_ms": number(hour.latency99),
          ]
        }),
    ])
}
