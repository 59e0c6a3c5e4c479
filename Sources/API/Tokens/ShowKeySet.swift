import HTTP

/// `GET /.well-known/jwks.json` publishes the keys that sign our tokens (RFC 7517): those that will sign soon as well, and
/// those whose tokens still live.
///
/// - 200 with the key set. Caches may keep it for five minutes, half as long as a new key waits before it signs.
@Sendable func showKeySet(_ request: Request, _ worker: Worker) throws -> Response {
  Response(
    .ok,
    fields: [
      Field("Content-Type", "application/jwk-set+json"), Field("Cache-Control", "public, max-age=300"),
    ], body: try worker.services.tokens.published().encoded())
}
