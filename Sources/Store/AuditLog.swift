// The audit trail: a row beside each change, in the same transaction, so that neither is ever there alone.

public import Domain
public import Postgres

/// What happened; the names that the audit log is searched by.
public enum AuditAction: String, Sendable, CaseIterable {
  case accountRegistered = "account.registered"
  case accountImported = "account.imported"
  case accountUpdated = "account.updated"
  case accountTierChanged = "account.tier_changed"
  case accountLimitsChanged = "account.limits_changed"
  case loginSucceeded = "login.succeeded"
  case loginFailed = "login.failed"
  case loginLocked = "login.locked"
  case passwordUpgraded = "password.upgraded"
  case keyCreated = "key.created"
  case keyRevoked = "key.revoked"
  case keyRotated = "key.rotated"
}

/// Who acted, from where, in which request.
public struct AuditActor: Sendable {
  public let userID: ID<User>?
  public let keyID: ID<Key>?
  public let address: String
  public let requestID: String

  public init(userID: ID<User>?, keyID: ID<Key>?, address: String, requestID: String) {
    self.userID = userID
    self.keyID = keyID
    self.address = address
    self.requestID = requestID
  }

  /// An operator at the host's own command line.
  public static let operatorAtHost = AuditActor(
    userID: nil, keyID: nil, address: "local", requestID: "-")
}

/// Writes audit events.
public enum AuditLog {
  /// The tenant of events that belong to none, such as a failed login to an account that does not exist.
  public static let noTenant = ID<Tenant>(high: 0, low: 0)

  /// Adds an event to the running transaction.
  ///
  /// - Parameter details: names and values for people; no secrets, no text of the request beyond what is named.
  public static func add(
    _ action: AuditAction, subject: String, tenant: ID<Tenant>, by actor: AuditActor,
    details: [(String, String)] = [], to connection: inout Postgres.Connection
  ) throws(PostgresError) {
    try connection.query(
      """
      INSERT INTO audit_events (tenant_id, actor_id, key_id, action, subject, address, request_id, details)
      VALUES (\(tenant), \(actor.userID), \(actor.keyID), \(action.rawValue), \(subject), \(actor.address),
              \(actor.requestID), jsonb_object(\(details.map(\.0))::text[], \(details.map(\.1))::text[]))
      """)
  }
}
