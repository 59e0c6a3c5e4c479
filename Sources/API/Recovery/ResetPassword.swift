import Crypto
import Domain
import HTTP
import Store

/// `POST /api/v1/auth/password/reset` sets a new password with the code of a letter, once. All sessions end. The second
/// factor, where there is one, stays, and is asked for at the next login.
///
/// - 200.
/// - 400 `invalid_code`; 422; 429 `too_many_attempts`.
@Sendable func resetPassword(_ request: Request, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request)
  let code = body.string("token", 1...200)
  let newText = body.string("new_password", 1...Password.byteLimit)
  try body.check()
  try worker.limitCodes(from: request.remoteAddress)
  do {
    let redeemable = try worker.services.database.resetCode(code)
    let new = body.newPassword(
      newText, "new_password", email: redeemable.email, worker.services.passwordPolicy)
    try body.check()
    guard let new else { throw Problem.internalError }
    let reset = try worker.services.database.resetPassword(
      code: code, to: try PasswordHash.make(new.text.exposed),
      by: AuditActor(userID: nil, keyID: nil, address: request.remoteAddress, requestID: request.id))
    try worker.tellEpoch(of: reset.userID, reset.epoch)
  } catch RecoveryRefusal.invalidCode {
    throw Problem.invalidCode
  }
  return .json(.ok, ["message": "The password is set. Log in with it."])
}
