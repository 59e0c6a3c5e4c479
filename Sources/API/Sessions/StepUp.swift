import Domain
import HTTP
import Settings
import Store

/// `POST /api/v1/auth/step-up` proves anew who is there, for the calls that ask for it: with the second factor's `code`
/// where the account has one, else with the `password`. The session remembers it for REAUTHENTICATION_SECONDS.
///
/// - 200 with the seconds for which it counts.
/// - 400 `no_session` for an API key.
/// - 401 `wrong_credentials`, `second_factor_wrong`; 429 `too_many_attempts`: see Lockout.
@Sendable func stepUp(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let principal = request.principal
  guard let session = principal.session else { throw Problem.noSession }
  var body = try RequestBody(of: request.request)
  if principal.hasSecondFactor {
    let code = body.string("code", 1...64)
    try body.check()
    try worker.proveSecondFactor(code, of: request)
  } else {
    let text = body.string("password", 1...Password.byteLimit)
    try body.check()
    guard let password = Password(text) else { throw Problem.wrongCredentials }
    try worker.provePassword(password, of: request)
  }
  let epoch = try worker.services.database.notePresence(
    in: session.id, of: principal, secondFactor: principal.hasSecondFactor, by: request.actor)
  try worker.tellEpoch(of: principal.userID, epoch)
  return .json(.ok, ["expires_in": .integer(worker.services.settings.reauthenticationSeconds)])
}
