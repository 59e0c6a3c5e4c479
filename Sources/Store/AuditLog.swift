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
  case sessionStarted = "session.started"
  case sessionEnded = "session.ended"
  case refreshReused = "session.refresh_reused"
  case signingKeyRotated = "signing_key.rotated"
  case signingKeyRevoked = "signing_key.revoked"
  case passwordChanged = "password.changed"
  case passwordReset = "password.reset"
  case emailVerified = "email.verified"
  case emailChanged = "email.changed"
  case secondFactorEnabled = "second_factor.enabled"
  case secondFactorDisabled = "second_factor.disabled"
  case secondFactorFailed = "second_factor.failed"
  case recoveryCodeUsed = "second_factor.recovery_code_used"
  case recoveryCodesMade = "second_factor.recovery_codes_made"
  case stepUpSucceeded = "step_up.succeeded"
  case stepUpFailed = "step_up.failed"
  case accountCreated = "account.created"
  case accountSuspended = "account.suspended"
  case accountActivated = "account.activated"
  case accountRoleChanged = "account.role_changed"
  case accountReset = "account.reset"
  case accountExported = "account.exported"
  case accountDeletionAsked = "account.deletion_asked"
  case accountErased = "account.erased"
  case providerConfigured = "ai_provider.configured"
  case providerPreferred = "ai_provider.preferred"
  case providerRemoved = "ai_provider.removed"
  case flagChanged = "flag.changed"
}

/// Who acted, from where, in which request.
public struct AuditActor: Sendable {
  public let userID: ID<User>?
  public let keyID: ID<Key>?
  public let sessionID: ID<Session>?
  public let address: String
  public let requestID: String

  public init(
    userID: ID<User>?, keyID: ID<Key>?, sessionID: ID<Session>? = nil, address: String, requestID: String
  ) {
    self.userID = userID
    self.keyID = keyID
    self.sessionID = sessionID
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
      INSERT INTO audit_events (tenant_id, actor_id, key_id, session_id, action, subject, address, request_id, details)
      VALUES (\(tenant), \(actor.userID), \(actor.keyID), \(actor.sessionID), \(action.rawValue), \(subject),
              \(actor.address), \(actor.requestID), jsonb_object(\(details.map(\.0))::text[], \(details.map(\.1))::text[]))
      """)
  }
}
