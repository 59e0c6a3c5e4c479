import HTTP
import Host
import Store

/// `GET /ready` asks each dependency.
///
/// - 200 `ready`; 200 `degraded` while Redis is away (limits are divided among the workers).
/// - 503 `unavailable` while PostgreSQL is: only callers that are known already can be served.
@Sendable func showReady(_ request: Request, _ worker: Worker) throws -> Response {
  let postgres = probe { try worker.services.database.ping() }
  let redis = probe { try worker.redis.probe() }
  let status =
    postgres.reason != nil ? "unavailable" : redis.reason != nil ? "degraded" : "ready"
  return .json(
    postgres.reason == nil ? .ok : .serviceUnavailable,
    [
      "status": .string(status), "timestamp": .number(HostClock.wallSeconds()),
      "services": [
        "blog_writer": "available", "seo_optimizer": "available",
        "keyword_analyzer": "available", "ai_enhancement": false,
      ],
      "dependencies": ["postgresql": postgres.json, "redis": redis.json],
    ], fields: postgres.reason == nil ? [] : [Field("Retry-After", "1")])
}

private struct Probe {
  let reason: String?
  let milliseconds: Double

  var json: JSON {
    [
      "status": .string(reason == nil ? "up" : "down"), "reason": JSON(reason),
      "latency_ms": .number(milliseconds),
    ]
  }
}

/// The reason is for strangers too: it says what is wrong, not where or with which words the dependency said so.
private func probe(_ call: () throws -> Void) -> Probe {
  let began = HostClock.monotonicNanoseconds()
  var reason: String?
  do {
    try call()
  } catch let error as RedisUnavailable {
    reason = error.mayHaveRun ? "no answer in time" : "not reachable or not able to serve"
  } catch {
    reason = "not reachable or not able to serve"
  }
  return Probe(
    reason: reason, milliseconds: Double(HostClock.monotonicNanoseconds() - began) / 1e6)
}
