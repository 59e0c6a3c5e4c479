import Domain
import HTTP
import Store

/// `POST /api/v1/auth/email` asks for another address: with the current password, and the second factor's `code` where
/// the account has one. It takes the old one's place when the code in the letter to it is sent back.
///
/// - 202 whether or not the address has an account already: its owner learns of the attempt by letter, the caller not.
/// - 401 `wrong_credentials`, `second_factor_required`, `second_factor_wrong`; 422; 429 `too_many_attempts`.
@Sendable func changeEmail(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let passwordText = body.string("current_password", 1...Password.byteLimit)
  let code = body.optionalString("code", 1...64)
  let email = try body.requireEmail("new_email")
  guard let password = Password(passwordText) else { throw Problem.wrongCredentials }
  try worker.proveOwner(password, code: code, of: request)
  try worker.limitRecovery(to: email, from: request.request.remoteAddress)
  try worker.services.database.addLetter(
    .confirmNewEmail, to: email, user: request.principal.userID,
    parameters: [("address", request.request.remoteAddress)])
  return .json(.accepted, ["message": "A letter with a code is on its way to the new address."])
}
