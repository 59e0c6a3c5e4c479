import Domain
import HTTP
import Host
import Store
import Tokens

/// `POST /api/v1/auth/revoke` ends the session of a token (RFC 7009). Whoever holds a token may: no other credential is
/// asked for. Both tokens of the session, and all of its earlier ones, end with it.
///
/// - 200, also for a token that is not valid (RFC 7009 section 2.2).
/// - 400 with `error`: `unsupported_token_type` for an API key, which its owner revokes at /api/v1/auth/keys/{id}.
@Sendable func revokeToken(_ request: Request, _ worker: Worker) throws -> Response {
  let text = try FormBody(of: request).require("token")
  guard !text.hasPrefix(APIKey.marker) else {
    throw OAuthRefusal(.unsupportedTokenType, "An API key is revoked with DELETE /api/v1/auth/keys/{id}.")
  }
  let claims: SessionToken
  do {
    claims = try worker.services.tokens.verifyEither(text, at: HostClock.wallSeconds())
  } catch is TokenProblem {
    return .json(.ok, [:])
  }
  do {
    let epoch = try worker.services.database.endSession(
      claims.sessionID, of: claims.userID, reason: "token_revoked",
      by: AuditActor(
        userID: claims.userID, keyID: nil, sessionID: claims.sessionID, address: request.remoteAddress,
        requestID: request.id))
    try worker.tellEpoch(of: claims.userID, epoch)
  } catch SessionRefusal.noSuchSession {
    // Ended long ago and forgotten.
  }
  return .json(.ok, [:])
}
