import Domain
import HTTP
import Store

/// `DELETE /api/v1/admin/users/{id}/sessions` ends all sessions of an account; a letter tells its owner. API keys stay.
/// Never refused for a quota: it may be urgent.
///
/// - 200 with how many sessions ended.
/// - 403 `insufficient_scope`, 404 `not_found`.
@Sendable func endUserSessions(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let id: ID<User> = try request.id()
  do {
    let (count, epoch) = try worker.services.database.endSessionsOfUser(id, by: request.actor)
    try worker.tellEpoch(of: id, epoch)
    return .json(.ok, ["message": "All sessions have ended.", "sessions_ended": .integer(count)])
  } catch AccountRefusal.noSuchAccount {
    throw Problem.notFound
  }
}
