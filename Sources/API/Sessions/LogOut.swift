import Domain
import HTTP
import Store

/// `POST /api/v1/auth/logout` ends the caller's session: from the answer on neither of its tokens opens anything, on any
/// worker.
///
/// - 200.
/// - 400 `no_session` for an API key.
@Sendable func logOut(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  guard let session = request.principal.session else { throw Problem.noSession }
  let epoch = try worker.services.database.endSession(
    session.id, of: request.principal.userID, reason: "logout", by: request.actor)
  try worker.tellEpoch(of: request.principal.userID, epoch)
  return .json(.ok, ["message": "You are logged out."])
}
