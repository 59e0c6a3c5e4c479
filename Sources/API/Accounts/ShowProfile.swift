import Domain
import HTTP
import Store

/// `GET /api/v1/auth/profile` shows the caller's account, from the principal: no SQL.
///
/// - 200 with the profile.
@Sendable func showProfile(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(.ok, encoded: worker.profileBody(request.principal))
}

/// A profile as it is answered.
enum ProfileAnswer {
  static func json(_ principal: Principal) -> JSON {
    json(
      Profile(
        userID: principal.userID, tenantID: principal.tenantID, email: principal.email,
        emailIsVerified: principal.emailIsVerified, companyName: principal.companyName, tier: principal.tier,
        role: principal.role, isActive: principal.isActive, hasSecondFactor: principal.hasSecondFactor,
        limits: principal.limits, createdAt: principal.createdAt,
        updatedAt: principal.updatedAt))
  }

  static func json(_ profile: Profile) -> JSON {
    [
      "user_id": .string(profile.userID.description), "email": .string(profile.email),
      "email_verified": .bool(profile.emailIsVerified), "mfa_enabled": .bool(profile.hasSecondFactor),
      "company_name": .string(profile.companyName),
      "subscription_tier": .string(profile.tier.rawValue), "role": .string(profile.role.rawValue),
      "is_active": .bool(profile.isActive), "tenant_id": .string(profile.tenantID.description),
      "created_at": Timestamp.json(profile.createdAt),
      "updated_at": Timestamp.json(profile.updatedAt),
      "limits": [
        "requests_per_minute": .integer(profile.limits.perMinute),
        "requests_per_hour": .integer(profile.limits.perHour),
        "requests_per_day": .integer(profile.limits.perDay),
        "concurrent": .integer(profile.limits.concurrent),
      ],
    ]
  }
}
