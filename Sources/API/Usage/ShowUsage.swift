import HTTP
import Store

/// `GET /api/v1/usage?days=30` shows the account's own usage, as far as `petstore watch` has taken it in.
///
/// - 200 with totals, by endpoint and by day.
/// - 422 `validation_failed` for days outside 1 to 366.
@Sendable func showUsage(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let days = try RequestQuery(of: request.request).integer("days", default: 30, 1...366)
  let report = try worker.services.database.usage(of: request.principal, days: days)
  func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
  return .json(
    .ok,
    [
      "days": .integer(days), "from": .string(report.from), "to": .string(report.to),
      "totals": [
        "requests": .integer(report.requests), "errors": .integer(report.errors),
        "avg_latency_ms": number(report.averageLatency),
      ],
      "by_endpoint": .array(
        report.endpoints.map { endpoint in
          [
            "endpoint": .string(endpoint.name), "requests": .integer(endpoint.requests),
            "errors": .integer(endpoint.errors), "avg_latency_ms": number(endpoint.averageLatency),
            "p95_latency_ms": number(endpoint.latency95),
          ]
        }),
      "by_day": .array(
        report.days.map { day in
          [
            "date": .string(day.date), "requests": .integer(day.requests),
            "errors": .integer(day.errors),
          ]
        }),
    ])
}
