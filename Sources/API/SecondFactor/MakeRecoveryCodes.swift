import Domain
import HTTP
import Store

/// `POST /api/v1/auth/mfa/recovery-codes` makes new recovery codes in place of all old ones.
///
/// - 201 with ten codes, shown this once.
/// - 401 `step_up_required`; 409 `second_factor_absent`.
@Sendable func makeRecoveryCodes(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  guard request.principal.hasSecondFactor else { throw Problem.secondFactorAbsent }
  let codes = try worker.services.database.makeRecoveryCodes(of: request.principal, by: request.actor)
  return .json(
    .created,
    ["message": "Keep the recovery codes: they are not shown again.", "recovery_codes": JSON(codes)])
}
