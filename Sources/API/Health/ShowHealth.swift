import HTTP
import Host

/// `GET /` says what this is and where to go on.
///
/// - 200.
@Sendable func showRoot(_ request: Request, _ worker: Worker) throws -> Response {
  .json(
    .ok,
    [
      "message": "PetStore Direct content API", "version": .string(Services.version),
      "environment": "self-hosted", "docs": "/docs/", "openapi": "/openapi.yaml",
      "health": "/health", "ready": "/ready", "live": "/live",
      "endpoints": [
        "register": "/api/v1/auth/register", "login": "/api/v1/auth/login",
        "profile": "/api/v1/auth/profile", "keys": "/api/v1/auth/keys", "usage": "/api/v1/usage",
        "generate": "/api/v1/blog/generate", "config": "/api/v1/config", "analyze": "/api/v1/analyze",
        "keywords": "/api/v1/keywords/extract", "batch": "/api/v1/batch", "posts": "/api/v1/posts",
        "providers": "/api/v1/ai/providers/list", "images": "/api/v1/images/generate", "metrics": "/api/v1/metrics",
      ],
    ])
}

/// `GET /health` says that a worker answers.
///
/// - 200.
@Sendable func showHealth(_ request: Request, _ worker: Worker) throws -> Response {
  .json(
    .ok,
    [
      "status": "healthy", "timestamp": .number(HostClock.wallSeconds()),
      "version": .string(Services.version),
    ])
}

/// `GET /live` says since when this worker has been answering.
///
/// - 200.
@Sendable func showLive(_ request: Request, _ worker: Worker) throws -> Response {
  let uptime = HostClock.monotonicNanoseconds() - worker.services.startedAt
  return .json(
    .ok,
    [
      "status": "alive", "timestamp": .number(HostClock.wallSeconds()),
      "uptime": .number(Double(uptime) / 1e9),
    ])
}

/// `GET /metrics` counts for Prometheus; nginx lets only the host itself ask.
///
/// - 200, text.
@Sendable func showMetrics(_ request: Request, _ worker: Worker) throws -> Response {
  Response(
    .ok,
    fields: [
      Field("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
      Field("Cache-Control", "no-store"),
    ], body: Array(worker.services.metrics.page().utf8))
}
