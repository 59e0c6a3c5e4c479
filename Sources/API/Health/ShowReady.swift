import HTTP
import Host
import Store

/// `GET /ready` asks each dependency.
///
/// - 200 `ready`; 200 `degraded` while Redis is away (limits are divided among the workers).
/// - 503 `unavailable` while PostgreSQL is: only callers that are known already can be served.
///
/// A standby that is away, or too old, changes nothing: the primary answers in its place.
@Sendable func showReady(_ request: Request, _ worker: Worker) throws -> Response {
  let postgres = probe { try worker.services.database.ping() }
  let redis = probe { try worker.redis.probe() }
  var dependencies: [JSON.Member] = [.init("postgresql", postgres.json), .init("redis", redis.json)]
  let database = worker.services.database
  if let replica = database.replica {
    let began = HostClock.monotonicNanoseconds()
    let reason = replica.isFit(database.pool) ? nil : replica.reason
    dependencies.append(.init("postgresql_replica", Probe(reason: reason, since: began).json))
  }
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
      "dependencies": .object(dependencies),
    ], fields: postgres.reason == nil ? [] : [Field("Retry-After", "1")])
}

private struct Probe {
  let reason: String?
  let milliseconds: Double

  init(reason: String?, since began: UInt64) {
    self.reason = reason
    milliseconds = Double(HostClock.monotonicNanoseconds() - began) / 1e6
  }

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
  return Probe(reason: reason, since: began)
}
