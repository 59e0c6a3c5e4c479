import Crypto
import Domain
import HTTP
import Store

/// `POST /api/v1/auth/password` changes the password: with the current one, and the second factor's `code` where the
/// account has one. All other sessions end; with `revoke_keys` all other API keys too. A letter tells the owner.
///
/// - 200 with how many sessions ended.
/// - 401 `wrong_credentials`, `second_factor_required`, `second_factor_wrong`; 422; 429 `too_many_attempts`.
@Sendable func changePassword(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let principal = request.principal
  var body = try RequestBody(of: request.request)
  let currentText = body.string("current_password", 1...Password.byteLimit)
  let newText = body.string("new_password", 1...Password.byteLimit)
  let code = body.optionalString("code", 1...64)
  let revokeKeys = body.bool("revoke_keys", default: false)
  let new = body.newPassword(
    newText, "new_password", email: EmailAddress(principal.email), worker.services.passwordPolicy)
  try body.check()
  guard let new, let current = Password(currentText) else { throw Problem.wrongCredentials }
  try worker.proveOwner(current, code: code, of: request)
  let change = try worker.services.database.changePassword(
    of: principal, to: try PasswordHash.make(new.text.exposed), revokeKeys: revokeKeys, by: request.actor)
  try worker.tellEpoch(of: principal.userID, change.epoch)
  return .json(
    .ok, ["message": "The password is changed.", "sessions_ended": .integer(change.sessionsEnded)])
}
