// Passwords and addresses that change: by their owner's wish, or by a code from a letter.

public import Crypto
public import Domain
import Postgres

/// What a code from a letter stands for.
public struct RedeemableCode: Sendable {
  public let userID: ID<User>
  public let email: EmailAddress
}

/// Why a change was refused.
public enum RecoveryRefusal: Error, Sendable {
  /// Unknown, used, or too old.
  case invalidCode
  case emailTaken
}

extension Database {
  /// The account's password hash; nil where it has none that is known.
  public func passwordHash(of user: ID<User>) throws -> PasswordHash? {
    try pool.withConnection { connection in
      try connection.query("SELECT password_hash FROM users WHERE id = \(user)")
    }.first.flatMap { PasswordHash(try $0.string(0)) }
  }

  /// Sets a new password, ends all other sessions and, if asked to, revokes the account's keys but the caller's.
  ///
  /// - Returns: how many sessions ended, and the account's epoch.
  public func changePassword(
    of principal: Principal, to hash: PasswordHash, revokeKeys: Bool, by actor: AuditActor
  ) throws -> (sessionsEnded: Int, epoch: Int) {
    try transaction(in: .service) { connection in
      try Self.setPassword(hash, of: principal.userID, &connection)
      try connection.query(
        "UPDATE sessions SET authenticated_at = now() WHERE id = \(principal.session?.id)::uuid")
      let ended = try Self.endSessions(
        of: principal.userID, except: principal.session?.id, reason: "password_changed", by: actor, &connection)
      if revokeKeys {
        try Self.revokeKeys(of: principal.userID, except: principal.keyID, by: actor, &connection)
      }
      try AuditLog.add(
        .passwordChanged, subject: principal.userID.description, tenant: principal.tenantID, by: actor,
        to: &connection)
      try Letterbox.add(
        .passwordChanged, to: principal.email, user: principal.userID, parameters: [("address", actor.address)],
        to: &connection)
      return (ended, try Self.epoch(of: principal.userID, &connection))
    }
  }

  /// Revokes all keys of an account but one. Gives how many.
  @discardableResult
  static func revokeKeys(
    of user: ID<User>, except kept: ID<Key>?, by actor: AuditActor, _ connection: inout Postgres.Connection
  ) throws -> Int {
    let revoked = try connection.query(
      """
      UPDATE api_keys SET revoked_at = now()
      WHERE user_id = \(user) AND revoked_at IS NULL AND id IS DISTINCT FROM \(kept)::uuid
      RETURNING id, tenant_id
      """)
    for row in revoked {
      let id: ID<Key> = try row.id(0)
      try AuditLog.add(.keyRevoked, subject: id.description, tenant: try row.id(1), by: actor, to: &connection)
    }
    return revoked.count
  }

  static func setPassword(
    _ hash: PasswordHash, of user: ID<User>, _ connection: inout Postgres.Connection
  ) throws(PostgresError) {
    try connection.query("UPDATE users SET password_hash = \(hash.text) WHERE id = \(user)")
    // What could set another one is void: codes that reset it, and codes that move the account to another mailbox,
    // which may be that of whoever knew the old password.
    try connection.query(
      """
      UPDATE letter_codes SET used_at = now()
      WHERE user_id = \(user) AND purpose IN ('reset_password', 'change_email') AND used_at IS NULL
      """)
    try connection.query(
      """
      UPDATE letters SET done_at = now()
      WHERE id IN (
        SELECT id FROM letters
        WHERE user_id = \(user) AND kind = 'confirm_new_email' AND done_at IS NULL AND failed_at IS NULL
        FOR UPDATE SKIP LOCKED)
      """)
  }

  /// Whose password a code may reset; it stays unused.
  ///
  /// - Throws: ``RecoveryRefusal/invalidCode``.
  public func resetCode(_ code: String) throws -> RedeemableCode {
    let rows = try pool.withConnection { connection in
      try connection.query(
        """
        SELECT c.user_id, u.email
        FROM letter_codes c
        JOIN users u ON u.id = c.user_id
        WHERE c.code_hash = \(LetterCode.hash(code)) AND c.purpose = 'reset_password'
          AND c.used_at IS NULL AND c.expires_at > now()
        """)
    }
    guard let row = rows.first, let email = EmailAddress(try row.string(1)) else {
      throw RecoveryRefusal.invalidCode
    }
    return RedeemableCode(userID: try row.id(0), email: email)
  }

  /// Sets a password by a code, once: of several that come with it at once, one succeeds. All sessions end; whoever has
  /// the code reads the account's mail, so the address is verified.
  ///
  /// - Throws: ``RecoveryRefusal/invalidCode``.
  public func resetPassword(
    code: String, to hash: PasswordHash, by actor: AuditActor
  ) throws -> (userID: ID<User>, epoch: Int) {
    try transaction(in: .service) { connection in
      let (userID, email) = try Self.redeem(code, for: ["reset_password"], &connection)
      try Self.setPassword(hash, of: userID, &connection)
      try connection.query(
        """
        UPDATE users SET email_verified_at = coalesce(email_verified_at, now())
        WHERE id = \(userID) AND email = \(email)
        """)
      let actor = AuditActor(userID: userID, keyID: nil, address: actor.address, requestID: actor.requestID)
      try Self.endSessions(of: userID, except: nil, reason: "password_reset", by: actor, &connection)
      try AuditLog.add(
        .passwordReset, subject: userID.description, tenant: try Self.personalTenant(of: userID, &connection),
        by: actor, to: &connection)
      try Letterbox.add(
        .passwordChanged, to: email, user: userID, parameters: [("address", actor.address)], to: &connection)
      return (userID, try Self.epoch(of: userID, &connection))
    }
  }

  /// Verifies an address by a code, or puts a new one in the old one's place; the latter ends all sessions.
  ///
  /// - Throws: ``RecoveryRefusal``.
  public func verifyEmail(code: String, by actor: AuditActor) throws -> (userID: ID<User>, email: String, epoch: Int) {
    do {
      return try transaction(in: .service) { connection in
        let (userID, email) = try Self.redeem(code, for: ["verify_email", "change_email"], &connection)
        let tenant = try Self.personalTenant(of: userID, &connection)
        let actor = AuditActor(userID: userID, keyID: nil, address: actor.address, requestID: actor.requestID)
        guard let row = try connection.query("SELECT email FROM users WHERE id = \(userID) FOR UPDATE").first
        else { throw RecoveryRefusal.invalidCode }
        let former = try row.string(0)
        if former == email {
          try connection.query(
            "UPDATE users SET email_verified_at = coalesce(email_verified_at, now()) WHERE id = \(userID)")
          try AuditLog.add(.emailVerified, subject: userID.description, tenant: tenant, by: actor, to: &connection)
        } else {
          try connection.query(
            "UPDATE users SET email = \(email), email_verified_at = now() WHERE id = \(userID)")
          // Codes that went to the former address open nothing any more.
          try connection.query(
            "UPDATE letter_codes SET used_at = now() WHERE user_id = \(userID) AND used_at IS NULL")
          try Self.endSessions(of: userID, except: nil, reason: "email_changed", by: actor, &connection)
          try AuditLog.add(.emailChanged, subject: userID.description, tenant: tenant, by: actor, to: &connection)
          try Letterbox.add(
            .emailChanged, to: former, user: userID, parameters: [("address", actor.address), ("new", email)],
            to: &connection)
        }
        return (userID, email, try Self.epoch(of: userID, &connection))
      }
    } catch let error as PostgresError where error.violatedUnique == "users_email_key" {
      throw RecoveryRefusal.emailTaken
    }
  }

  private static func redeem(
    _ code: String, for purposes: [String], _ connection: inout Postgres.Connection
  ) throws -> (userID: ID<User>, email: String) {
    let rows = try connection.query(
      """
      UPDATE letter_codes SET used_at = now()
      WHERE code_hash = \(LetterCode.hash(code)) AND purpose = ANY (\(purposes)::text[])
        AND used_at IS NULL AND expires_at > now()
      RETURNING user_id, email
      """)
    guard let row = rows.first else { throw RecoveryRefusal.invalidCode }
    return (try row.id(0), try row.string(1))
  }
}
