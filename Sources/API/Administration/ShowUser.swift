import Domain
import HTTP
import Store

/// `GET /api/v1/admin/users/{id}` shows an account.
///
/// - 200 with the account.
/// - 403 `insufficient_scope`, 404 `not_found`.
@Sendable func showUser(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  do {
    let user = try worker.services.database.user(try request.id(), worker.services.accountTerms)
    return .json(.ok, UserAnswer.json(user))
  } catch AccountRefusal.noSuchAccount {
    throw Problem.notFound
  }
}
