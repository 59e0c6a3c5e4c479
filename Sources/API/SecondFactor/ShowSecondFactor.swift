import Domain
import HTTP
import Store

/// `GET /api/v1/auth/mfa` shows how the account's second factor stands.
///
/// - 200.
@Sendable func showSecondFactor(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let status = try worker.services.database.secondFactor(of: request.principal.userID)
  return .json(
    .ok,
    [
      "enabled": .bool(status.isEnabled), "enabled_at": status.enabledAt.map(Timestamp.json) ?? .null,
      "recovery_codes_left": .integer(status.recoveryCodesLeft),
    ])
}
