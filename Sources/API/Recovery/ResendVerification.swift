import Domain
import HTTP
import Store

/// `POST /api/v1/auth/email/resend` asks for a new letter with the code that verifies an address.
///
/// - 202 whatever the address, as for a forgotten password.
/// - 422 `validation_failed`; 429 `too_many_attempts`.
@Sendable func resendVerification(_ request: Request, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request)
  let email = try body.requireEmail("email")
  try worker.limitRecovery(to: email, from: request.remoteAddress)
  try worker.services.database.addLetter(.verifyEmail, to: email, user: nil)
  return .json(
    .accepted,
    ["message": "If there is an account with this address that is not verified yet, a letter is on its way to it."])
}
