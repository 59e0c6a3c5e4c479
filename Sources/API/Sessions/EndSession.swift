import Domain
import HTTP
import Store

/// `DELETE /api/v1/auth/sessions/{id}` ends one session of the account, the caller's own or another.
///
/// - 204; again, for one that has ended already.
/// - 404 `not_found` for a session that is none of the account's.
@Sendable func endSession(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  do {
    let epoch = try worker.services.database.endSession(
      try request.id(), of: request.principal.userID, reason: "ended_by_owner", by: request.actor)
    try worker.tellEpoch(of: request.principal.userID, epoch)
  } catch SessionRefusal.noSuchSession {
    throw Problem.notFound
  }
  return .nothing
}
