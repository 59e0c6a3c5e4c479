/// A named key of an account; only a name for its identities.
public enum Key {}

/// Who a request acts for, as far as a request needs to know: an account as its key or session shows it, at one epoch.
///
/// Immutable: when anything in it changes, the account's epoch does, and every worker loads a new one. A class so that
/// passing it on costs one reference count.
public final class Principal: Sendable {
  public let userID: ID<User>
  public let tenantID: ID<Tenant>
  /// The key that was presented, or that the session was opened with.
  public let keyID: ID<Key>?
  /// The session, where a token was presented.
  public let session: SessionFacts?
  public let epoch: Int
  public let email: String
  public let emailIsVerified: Bool
  public let companyName: String
  public let tier: Tier
  public let role: Role
  public let isActive: Bool
  public let hasSecondFactor: Bool
  /// Whether the tenant has an AI provider that articles are asked of.
  public let hasProviders: Bool
  /// What the key or session may be used for, as far as the role allows.
  public let scopes: ScopeSet
  public let limits: AccountLimits
  /// When key or session end: seconds since 1970, or nil for never.
  public let expiry: Double?
  /// Seconds since 1970.
  public let createdAt: Double
  public let updatedAt: Double

  /// - Parameter scopes: what key or session were given; what the role does not allow is taken away here.
  public init(
    userID: ID<User>, tenantID: ID<Tenant>, keyID: ID<Key>?, session: SessionFacts?, epoch: Int,
    email: String, emailIsVerified: Bool, companyName: String, tier: Tier, role: Role, isActive: Bool,
    hasSecondFactor: Bool, hasProviders: Bool, scopes: ScopeSet, limits: AccountLimits, expiry: Double?,
    createdAt: Double, updatedAt: Double
  ) {
    self.userID = userID
    self.tenantID = tenantID
    self.keyID = keyID
    self.session = session
    self.epoch = epoch
    self.email = email
    self.emailIsVerified = emailIsVerified
    self.companyName = companyName
    self.tier = tier
    self.role = role
    self.isActive = isActive
    self.hasSecondFactor = hasSecondFactor
    self.hasProviders = hasProviders
    self.scopes = scopes.allowed(to: role)
    self.limits = limits
    self.expiry = expiry
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
