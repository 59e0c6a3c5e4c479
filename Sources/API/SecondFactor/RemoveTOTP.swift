import Domain
import HTTP
import Store

/// `DELETE /api/v1/auth/mfa/totp` takes the second factor away. A letter tells the owner.
///
/// - 204.
/// - 401 `step_up_required`: the second factor itself must have been proven a moment ago. 409 `second_factor_absent`.
@Sendable func removeTOTP(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  do {
    let epoch = try worker.services.database.removeSecondFactor(
      of: request.principal.userID, by: request.actor)
    try worker.tellEpoch(of: request.principal.userID, epoch)
  } catch SecondFactorRefusal.absent {
    throw Problem.secondFactorAbsent
  }
  return .nothing
}
