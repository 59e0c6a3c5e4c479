import Domain
import HTTP
import Store

/// `PATCH /api/v1/auth/profile` changes what an owner may change: the company's name.
///
/// - 200 with the profile as it is now; members that an owner may not change are named in `notices`.
/// - 422 `validation_failed`.
@Sendable func updateProfile(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let text = body.optionalString("company_name", 1...200)
  try body.check()
  var notices: [String] = []
  for member in ["email", "subscription_tier", "role", "is_active", "tenant_id", "user_id"]
  where body.has(member) {
    notices.append("\(member) cannot be changed here and stays as it is.")
  }
  let principal = request.principal
  guard let text else { return answer(principal, notices) }
  guard let companyName = DisplayName(text, limit: 200) else {
    body.refuse(
      "company_name", "Value must hold a visible character and no control characters",
      type: "value_error")
    try body.check()
    throw Problem.internalError
  }
  let (epoch, updatedAt) = try worker.services.database.updateProfile(
    of: principal, companyName: companyName, by: request.actor)
  try worker.tellEpoch(of: principal.userID, epoch)
  let changed = Principal(
    userID: principal.userID, tenantID: principal.tenantID, keyID: principal.keyID, session: principal.session,
    epoch: epoch, email: principal.email, emailIsVerified: principal.emailIsVerified,
    companyName: companyName.description, tier: principal.tier, role: principal.role,
    isActive: principal.isActive, hasSecondFactor: principal.hasSecondFactor, hasProviders: principal.hasProviders,
    scopes: principal.scopes,
    limits: principal.limits, expiry: principal.expiry, createdAt: principal.createdAt,
    updatedAt: updatedAt)
  return answer(changed, notices)
}

private func answer(_ principal: Principal, _ notices: [String]) -> Response {
  guard case .object(let members) = ProfileAnswer.json(principal) else {
    return .json(.ok, ProfileAnswer.json(principal))
  }
  return .json(.ok, .object(members + [.init("notices", JSON(notices))]))
}
