import Domain
import HTTP
import Store

/// `PATCH /api/v1/admin/users/{id}` changes an account: `company_name`, `role`, `subscription_tier`, `is_active`, and
/// `limits` of its own, where null gives the tier's back. The role follows a changed tier unless it is given or `admin`.
/// Suspending ends all sessions; making active calls off a deletion that was asked for. When the answer comes, every
/// worker goes by what it says.
///
/// - 200 with the account as it is now; members that cannot be changed here are named in `notices`.
/// - 401 `step_up_required`; 403 `insufficient_scope`; 404 `not_found`.
/// - 409 `last_admin`, 422 `validation_failed`.
@Sendable func updateUser(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let id: ID<User> = try request.id()
  var body = try RequestBody(of: request.request)
  let change = UserChange(
    companyName: body.displayName("company_name", required: false), role: body.optionalWord("role"),
    tier: body.optionalWord("subscription_tier"), isActive: body.optionalBool("is_active"),
    limits: body.limitChanges("limits"))
  try body.check()
  let notices = ["user_id", "email", "email_verified", "mfa_enabled", "password", "tenant_id"]
    .filter(body.has).map { "\($0) cannot be changed here and stays as it is." }
  do {
    let (user, epoch) = try worker.services.database.changeUser(
      id, change, worker.services.accountTerms, by: request.actor)
    try worker.tellEpoch(of: id, epoch)
    return .json(.ok, UserAnswer.json(user, notices: notices))
  } catch AccountRefusal.noSuchAccount {
    throw Problem.notFound
  } catch AccountRefusal.lastAdmin {
    throw Problem.lastAdmin
  }
}

extension RequestBody {
  /// Limits of an account's own; nil where none is named.
  fileprivate mutating func limitChanges(_ name: String) -> LimitChanges? {
    let limits = integers(
      in: name,
      [
        ("requests_per_minute", AccountLimits.quotas), ("requests_per_hour", AccountLimits.quotas),
        ("requests_per_day", AccountLimits.quotas), ("concurrent", AccountLimits.concurrencies),
      ])
    func wish(_ member: String) -> LimitChanges.Wish {
      switch limits[member] {
      case .none: .unchanged
      case .some(.none): .tier
      case .some(.some(let limit)): .own(limit)
      }
    }
    guard !limits.isEmpty else { return nil }
    return LimitChanges(
      perMinute: wish("requests_per_minute"), perHour: wish("requests_per_hour"), perDay: wish("requests_per_day"),
      concurrent: wish("concurrent"))
  }
}
