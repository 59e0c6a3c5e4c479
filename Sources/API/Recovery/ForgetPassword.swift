import Domain
import HTTP
import Store

/// `POST /api/v1/auth/password/forgot` asks for a letter with a code that resets the password.
///
/// - 202 whatever the address: whether it has an account, only its mailbox learns. The work done here is the same, since
///   petstore watch looks the account up later.
/// - 422 `validation_failed`; 429 `too_many_attempts`, for an address without account alike.
@Sendable func forgetPassword(_ request: Request, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request)
  let email = try body.requireEmail("email")
  try worker.limitRecovery(to: email, from: request.remoteAddress)
  try worker.services.database.addLetter(
    .resetPassword, to: email, user: nil, parameters: [("address", request.remoteAddress)])
  return .json(
    .accepted, ["message": "If there is an account with this address, a letter is on its way to it."])
}
