import Domain
import HTTP
import Host
import Store
import Tokens

/// `POST /api/v1/auth/introspect` says what a token is worth now (RFC 7662). One may ask about one's own tokens and keys;
/// whoever may read users, about everybody's. About all others the answer is that they are not active.
///
/// - 200 with `active` and, where it is true, what the token stands for.
/// - 400, 401, 429 with `error`.
@Sendable func introspectToken(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let text = try FormBody(of: request.request).require("token")
  let inactive = Response.json(.ok, ["active": false])
  let reference: PrincipalReference
  var claims: SessionToken?
  if let key = APIKey(text) {
    reference = .keyHash(key.hash)
  } else {
    do {
      let verified = try worker.services.tokens.verifyEither(text, at: HostClock.wallSeconds())
      claims = verified
      reference = .session(verified.sessionID)
    } catch is TokenProblem {
      return inactive
    }
  }
  // From PostgreSQL: the answer is about this moment.
  guard let owner = try worker.services.principals.load(reference)?.principal, owner.isActive,
    owner.userID == request.principal.userID || request.principal.scopes.contains(.usersRead),
    owner.expiry.map({ HostClock.wallSeconds() < $0 }) ?? true
  else { return inactive }
  if let claims, claims.kind == .refresh,
    try !worker.services.database.isPresent(claims.generation, of: claims.sessionID)
  {
    return inactive
  }
  var members: [JSON.Member] = [
    .init("active", true), .init("scope", .string(owner.scopes.text)),
    .init("username", .string(owner.email)), .init("sub", .string(owner.userID.description)),
    .init("tid", .string(owner.tenantID.description)),
  ]
  if let claims {
    members += [
      .init("client_id", .string(claims.clientID)),
      .init("token_type", claims.kind == .access ? "Bearer" : "refresh_token"),
      .init("exp", .integer(claims.expiresAt)), .init("iat", .integer(claims.issuedAt)),
      .init("nbf", .integer(claims.notBefore)), .init("jti", .string(claims.tokenID.description)),
      .init("sid", .string(claims.sessionID.description)),
      .init("iss", .string(worker.services.tokens.format.issuer)),
      .init("aud", .string(worker.services.tokens.format.audience)),
    ]
  } else {
    members += [.init("client_id", JSON(owner.keyID?.description)), .init("token_type", "api_key")]
    if let expiry = owner.expiry { members.append(.init("exp", .integer(Int(expiry)))) }
  }
  return .json(.ok, .object(members))
}
