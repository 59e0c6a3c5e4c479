/// A named key of an account; only a name for its identities.
public enum Key {}

/// Who a request acts for, as far as a request needs to know: an account as its key shows it, at one epoch.
///
/// Immutable: when anything in it changes, the account's epoch does, and every worker loads a new one. A class so that
/// passing it on costs one reference count.
public final class Principal: Sendable {
  public let userID: ID<User>
  public let tenantID: ID<Tenant>
  public let keyID: ID<Key>
  public let epoch: Int
  public let email: String
  public let companyName: String
  public let tier: Tier
  public let role: Role
  public let isActive: Bool
  public let scopes: ScopeSet
  public let limits: AccountLimits
  /// Seconds since 1970, or nil for never.
  public let keyExpiry: Double?
  /// Seconds since 1970.
  public let createdAt: Double
  public let updatedAt: Double

  public init(
    userID: ID<User>, tenantID: ID<Tenant>, keyID: ID<Key>, epoch: Int, email: String,
    companyName: String, tier: Tier, role: Role, isActive: Bool, scopes: ScopeSet,
    limits: AccountLimits, keyExpiry: Double?, createdAt: Double, updatedAt: Double
  ) {
    self.userID = userID
    self.tenantID = tenantID
    self.keyID = keyID
    self.epoch = epoch
    self.email = email
    self.companyName = companyName
    self.tier = tier
    self.role = role
    self.isActive = isActive
    self.scopes = scopes
    self.limits = limits
    self.keyExpiry = keyExpiry
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
