import Domain
import HTTP
import Settings

/// `GET /.well-known/oauth-authorization-server` tells standard clients where everything is (RFC 8414).
///
/// - 200 with the metadata.
@Sendable func showAuthorizationServer(_ request: Request, _ worker: Worker) throws -> Response {
  let base = worker.services.settings.publicURL
  let metadata: JSON = [
    "issuer": .string(worker.services.settings.tokenIssuer),
    "token_endpoint": .string(base + "/api/v1/auth/token"),
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
    "grant_types_supported": ["client_credentials", "refresh_token"],
    "response_types_supported": [],
    "jwks_uri": .string(base + "/.well-known/jwks.json"),
    "introspection_endpoint": .string(base + "/api/v1/auth/introspect"),
    "revocation_endpoint": .string(base + "/api/v1/auth/revoke"),
    "revocation_endpoint_auth_methods_supported": ["none"],
    "scopes_supported": JSON(Scope.allCases.sorted().map(\.rawValue)),
    "service_documentation": .string(base + "/docs/"),
  ]
  return Response(
    .ok,
    fields: [Field("Content-Type", "application/json"), Field("Cache-Control", "public, max-age=300")],
    body: metadata.encoded())
}
