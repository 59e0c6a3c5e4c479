import Domain
import HTTP
import Host
import Store

/// `POST /api/v1/auth/mfa/totp/confirm` proves with a `code` that the app has the secret. From here on a login asks for a
/// code.
///
/// - 200 with ten recovery codes, shown this once.
/// - 401 `second_factor_wrong`, `step_up_required`; 409 `second_factor_absent` where none was begun; 429.
@Sendable func confirmTOTP(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let code = body.string("code", 1...64)
  try body.check()
  let subject = GuessSubject(email: request.principal.email, address: request.request.remoteAddress)
  if let wait = worker.countGuess(subject, addressIsKnown: true) { throw Problem.tooManyAttempts(retryAfter: wait) }
  guard case .app(let digits) = SecondFactorCode(code) else { throw Problem.secondFactorWrong }
  do {
    let confirmed = try worker.services.database.confirmSecondFactor(
      of: request.principal, code: digits, now: HostClock.wallSeconds(), worker.services.master,
      by: request.actor)
    worker.forgiveGuesses(subject)
    try worker.tellEpoch(of: request.principal.userID, confirmed.epoch)
    return .json(
      .ok,
      [
        "message": "The second factor is on. Keep the recovery codes: they are not shown again.",
        "recovery_codes": JSON(confirmed.recoveryCodes),
      ])
  } catch SecondFactorRefusal.wrongCode {
    throw Problem.secondFactorWrong
  } catch SecondFactorRefusal.absent {
    throw Problem.secondFactorAbsent
  }
}
