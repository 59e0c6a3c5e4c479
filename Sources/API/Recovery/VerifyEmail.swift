import Domain
import HTTP
import Store

/// `POST /api/v1/auth/email/verify` sends the code of a letter back: it verifies the address, or puts a new one in the old
/// one's place, which ends all sessions.
///
/// - 200 with the address.
/// - 400 `invalid_code`; 409 `email_taken` when somebody else has taken the address meanwhile; 429.
@Sendable func verifyEmail(_ request: Request, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request)
  let code = body.string("token", 1...200)
  try body.check()
  try worker.limitCodes(from: request.remoteAddress)
  do {
    let verified = try worker.services.database.verifyEmail(
      code: code,
      by: AuditActor(userID: nil, keyID: nil, address: request.remoteAddress, requestID: request.id))
    try worker.tellEpoch(of: verified.userID, verified.epoch)
    return .json(.ok, ["message": "The address is verified.", "email": .string(verified.email)])
  } catch RecoveryRefusal.invalidCode {
    throw Problem.invalidCode
  } catch RecoveryRefusal.emailTaken {
    throw Problem.emailTaken
  }
}
