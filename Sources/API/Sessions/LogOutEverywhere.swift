import Domain
import HTTP
import Store

/// `POST /api/v1/auth/logout-all` ends all sessions of the account, the caller's too. API keys stay.
///
/// - 200 with how many sessions ended.
@Sendable func logOutEverywhere(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let (count, epoch) = try worker.services.database.endSessions(
    of: request.principal.userID, except: nil, reason: "logout_all", by: request.actor)
  try worker.tellEpoch(of: request.principal.userID, epoch)
  return .json(.ok, ["message": "All sessions have ended.", "sessions_ended": .integer(count)])
}
