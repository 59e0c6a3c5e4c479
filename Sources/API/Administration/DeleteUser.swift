import Domain
import HTTP
import Store

/// `DELETE /api/v1/admin/users/{id}` erases an account at once, with everything that is held about it. A letter tells
/// its owner.
///
/// - 204.
/// - 401 `step_up_required`; 403 `insufficient_scope`; 404 `not_found`, also the second time; 409 `last_admin`.
@Sendable func deleteUser(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let id: ID<User> = try request.id()
  do {
    guard let epoch = try worker.services.database.erase(id, by: request.actor) else { throw Problem.notFound }
    try worker.erased(id, epoch)
  } catch AccountRefusal.lastAdmin {
    throw Problem.lastAdmin
  }
  return .nothing
}
