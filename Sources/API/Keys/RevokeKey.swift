import Domain
import HTTP
import Store

/// `DELETE /api/v1/auth/keys/{id}` revokes a key, also the calling one. When the answer comes, no worker takes the key
/// any more.
///
/// - 200 with the key; again 200 if it was revoked before.
/// - 404 `not_found` for a key of somebody else too.
@Sendable func revokeKey(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  do {
    let (key, epoch) = try worker.services.database.revokeKey(
      try request.id(), of: request.principal, by: request.actor)
    try worker.tellEpoch(of: request.principal.userID, epoch)
    return .json(.ok, ["message": "The key is revoked.", "key": KeyAnswer.json(key)])
  } catch KeyRefusal.noSuchKey {
    throw Problem.notFound
  }
}
