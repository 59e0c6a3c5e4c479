import Crypto
import Domain
import HTTP
import Store

/// `POST /api/v1/admin/users/{id}/reset` takes away what somebody else may have got hold of, or what the owner has lost:
/// `password` (a letter lets the owner choose another), `second_factor`, `sessions`, `api_keys`; at least one is true.
///
/// - 200 with what was done.
/// - 401 `step_up_required`; 403 `insufficient_scope`; 404 `not_found`; 422 `validation_failed`.
@Sendable func resetUser(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let id: ID<User> = try request.id()
  var body = try RequestBody(of: request.request)
  let reset = UserReset(
    password: body.optionalBool("password") ?? false, secondFactor: body.optionalBool("second_factor") ?? false,
    sessions: body.optionalBool("sessions") ?? false, keys: body.optionalBool("api_keys") ?? false)
  try body.check()
  guard !reset.isEmpty else {
    throw Problem.validationFailed([
      FieldError(
        [.name("body")], "At least one of password, second_factor, sessions and api_keys should be true",
        type: "value_error")
    ])
  }
  do {
    let outcome = try worker.services.database.resetUser(
      id, reset, unusable: reset.password ? try .unusable() : nil, by: request.actor)
    try worker.tellEpoch(of: id, outcome.epoch)
    return .json(
      .ok,
      [
        "password_reset": .bool(outcome.passwordReset), "second_factor_removed": .bool(outcome.secondFactorRemoved),
        "sessions_ended": .integer(outcome.sessionsEnded), "api_keys_revoked": .integer(outcome.keysRevoked),
      ])
  } catch AccountRefusal.noSuchAccount {
    throw Problem.notFound
  }
}
