import Domain
import HTTP
import Host
import Logging
import Store
import Tokens

/// `POST /api/v1/auth/refresh` exchanges a refresh token, which can be used once, for the next pair: see RefreshDecision.
///
/// - 200 with the tokens. Asking again within ten seconds, before the new pair is used, gives the same pair.
/// - 401 `invalid_grant`; for a token that was exchanged before the whole session has ended.
/// - 403 `account_disabled`.
@Sendable func refreshTokens(_ request: Request, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request)
  let token = body.string("refresh_token", 1...CompactJWS.lengthLimit)
  try body.check()
  return .json(.ok, .object(try worker.exchangeRefreshToken(token, request).members))
}

extension Worker {
  /// - Throws: `invalidGrant`, `accountDisabled`.
  func exchangeRefreshToken(_ text: String, _ request: Request) throws -> TokenPair {
    let claims: SessionToken
    do {
      claims = try services.tokens.verify(text, as: .refresh, at: HostClock.wallSeconds())
    } catch is TokenProblem {
      services.metrics.count(.tokenRefused)
      throw Problem.invalidGrant
    }
    let services = services
    let outcome = try services.database.refresh(
      claims.sessionID, presented: claims.generation, rule: services.sessionRule,
      by: AuditActor(
        userID: nil, keyID: nil, sessionID: claims.sessionID, address: request.remoteAddress,
        requestID: request.id)
    ) { session in try services.tokens.issue(session).sealed(with: services.master) }
    switch outcome {
    case .pair(let sealed, let sessionID):
      guard let pair = TokenPair(sealed: sealed, of: sessionID, with: services.master) else {
        throw Problem.internalError
      }
      services.metrics.count(.tokensRefreshed)
      return pair
    case .reused(let userID, let epoch):
      try tellEpoch(of: userID, epoch)
      services.metrics.count(.refreshReused)
      services.log.warning(
        "a refresh token was used twice: its session has ended",
        metadata: ["request_id": "\(request.id)", "session_id": "\(claims.sessionID)"])
      throw Problem.invalidGrant
    case .disabled: throw Problem.accountDisabled
    case .ended: throw Problem.invalidGrant
    }
  }
}
