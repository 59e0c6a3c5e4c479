// The second factor of accounts: a TOTP secret (RFC 6238), sealed, and recovery codes, hashed. Every code is taken once.

public import Crypto
public import Domain
import Postgres

/// How an account's second factor stands.
public struct SecondFactorStatus: Sendable {
  public let isEnabled: Bool
  /// Seconds since 1970.
  public let enabledAt: Double?
  public let recoveryCodesLeft: Int
}

/// A code of the second factor, as its owner types it: six digits of the app, or a recovery code.
public enum SecondFactorCode: Sendable {
  case app(String)
  case recovery(String)

  /// Blanks and dashes are how people write codes down, and not part of them. nil for what can be no code.
  public init?(_ text: String) {
    let bare = text.filter { $0 != " " && $0 != "-" }
    if bare.utf8.count == TOTP.digits, bare.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      self = .app(bare)
    } else if bare.utf8.count == RecoveryCode.length {
      self = .recovery(bare.uppercased())
    } else {
      return nil
    }
  }
}

/// Recovery codes: 80 random bits in base32, shown in groups of four.
public enum RecoveryCode {
  public static let count = 10
  static let length = 16

  static func random() -> String { Base32.encode(SecureRandom.bytes(10)) }
  /// As people read it.
  static func grouped(_ code: String) -> String {
    stride(from: 0, to: length, by: 4).map { String(code.dropFirst($0).prefix(4)) }.joined(separator: "-")
  }
  /// A plain hash is enough for 80 random bits behind a limit of attempts.
  static func hash(_ code: String) -> String { Hexadecimal.encode(SHA256.digest(code)) }
}

/// Why a change of the second factor was refused.
public enum SecondFactorRefusal: Error, Sendable { case present, absent, wrongCode }

extension Database {
  private static let purpose = "second factor"

  public func secondFactor(of user: ID<User>) throws -> SecondFactorStatus {
    let rows = try pool.withConnection { connection in
      try connection.query(
        """
        SELECT u.has_second_factor, f.confirmed_at,
               (SELECT count(*) FROM recovery_codes r WHERE r.user_id = u.id AND r.used_at IS NULL)
        FROM users u
        LEFT JOIN second_factors f ON f.user_id = u.id
        WHERE u.id = \(user)
        """)
    }
    guard let row = rows.first else { throw SecondFactorRefusal.absent }
    return SecondFactorStatus(
      isEnabled: try row.bool(0), enabledAt: try row.optionalTimestamp(1), recoveryCodesLeft: try row.int(2))
  }

  /// Keeps a new secret that counts once it is confirmed; one that was not confirmed is replaced.
  ///
  /// - Throws: ``SecondFactorRefusal/present``.
  public func beginSecondFactor(
    of principal: Principal, secret: [UInt8], sealedWith master: MasterKey
  ) throws {
    let sealed = master.seal(secret, for: Self.purpose, context: principal.userID.description)
    let rows = try transaction(in: .tenant(principal.tenantID)) { connection in
      try connection.query(
        """
        INSERT INTO second_factors (user_id, sealed_secret)
        VALUES (\(principal.userID), decode(\(Hexadecimal.encode(sealed)), 'hex'))
        ON CONFLICT (user_id) DO UPDATE
        SET sealed_secret = excluded.sealed_secret, created_at = now(), last_step = 0
        WHERE second_factors.confirmed_at IS NULL
        RETURNING user_id
        """)
    }
    guard !rows.isEmpty else { throw SecondFactorRefusal.present }
  }

  /// Makes the secret count, if the code proves that its owner's app has it. Gives the recovery codes, readable this
  /// once, and the account's epoch. The session in which it happened has proven the second factor.
  ///
  /// - Parameter now: seconds since 1970.
  /// - Throws: ``SecondFactorRefusal``.
  public func confirmSecondFactor(
    of principal: Principal, code: String, now: Double, _ master: MasterKey, by actor: AuditActor
  ) throws -> (recoveryCodes: [String], epoch: Int) {
    try transaction(in: .service) { connection in
      let rows = try connection.query(
        """
        SELECT sealed_secret FROM second_factors
        WHERE user_id = \(principal.userID) AND confirmed_at IS NULL
        FOR UPDATE
        """)
      guard let row = rows.first, let sealed = try row.bytes(0) else { throw SecondFactorRefusal.absent }
      guard let secret = master.open(sealed, for: Self.purpose, context: principal.userID.description),
        let step = TOTP.match(code, secret: secret, now: now, lastUsed: nil)
      else { throw SecondFactorRefusal.wrongCode }
      try connection.query(
        """
        UPDATE second_factors SET confirmed_at = now(), last_step = \(Int(step))::bigint
        WHERE user_id = \(principal.userID)
        """)
      try connection.query("UPDATE users SET has_second_factor = true WHERE id = \(principal.userID)")
      try connection.query(
        """
        UPDATE sessions SET second_factor_at = now(), authenticated_at = coalesce(authenticated_at, now())
        WHERE id = \(principal.session?.id)::uuid
        """)
      let codes = try Self.replaceRecoveryCodes(of: principal.userID, &connection)
      try AuditLog.add(
        .secondFactorEnabled, subject: principal.userID.description, tenant: principal.tenantID, by: actor,
        to: &connection)
      try Letterbox.add(
        .secondFactorChanged, to: principal.email, user: principal.userID,
        parameters: [("what", "enabled"), ("address", actor.address)], to: &connection)
      return (codes, try Self.epoch(of: principal.userID, &connection))
    }
  }

  /// New recovery codes in place of all old ones.
  public func makeRecoveryCodes(of principal: Principal, by actor: AuditActor) throws -> [String] {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      let codes = try Self.replaceRecoveryCodes(of: principal.userID, &connection)
      try AuditLog.add(
        .recoveryCodesMade, subject: principal.userID.description, tenant: principal.tenantID, by: actor,
        to: &connection)
      return codes
    }
  }

  private static func replaceRecoveryCodes(
    of user: ID<User>, _ connection: inout Postgres.Connection
  ) throws -> [String] {
    try connection.query("DELETE FROM recovery_codes WHERE user_id = \(user)")
    let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.random() }
    for code in codes {
      try connection.query(
        "INSERT INTO recovery_codes (user_id, code_hash) VALUES (\(user), \(RecoveryCode.hash(code)))")
    }
    return codes.map(RecoveryCode.grouped)
  }

  /// Takes a code, once: of several that come with it at the same time, one succeeds.
  ///
  /// - Parameter now: seconds since 1970.
  public func takeSecondFactor(
    _ code: SecondFactorCode, of user: ID<User>, tenant: ID<Tenant>, now: Double, _ master: MasterKey,
    by actor: AuditActor
  ) throws -> Bool {
    try transaction(in: .service) { connection in
      switch code {
      case .app(let digits):
        let rows = try connection.query(
          """
          SELECT sealed_secret, last_step FROM second_factors
          WHERE user_id = \(user) AND confirmed_at IS NOT NULL
          FOR UPDATE
          """)
        guard let row = rows.first, let sealed = try row.bytes(0),
          let secret = master.open(sealed, for: Self.purpose, context: user.description),
          let step = TOTP.match(digits, secret: secret, now: now, lastUsed: UInt64(try row.int(1)))
        else { return false }
        try connection.query(
          "UPDATE second_factors SET last_step = \(Int(step))::bigint WHERE user_id = \(user)")
        return true
      case .recovery(let text):
        let rows = try connection.query(
          """
          UPDATE recovery_codes SET used_at = now()
          WHERE user_id = \(user) AND code_hash = \(RecoveryCode.hash(text)) AND used_at IS NULL
          RETURNING user_id
          """)
        guard !rows.isEmpty else { return false }
        try AuditLog.add(
          .recoveryCodeUsed, subject: user.description, tenant: tenant, by: actor, to: &connection)
        return true
      }
    }
  }

  /// Takes the second factor away. Gives the account's epoch.
  ///
  /// - Throws: ``SecondFactorRefusal/absent``.
  public func removeSecondFactor(of user: ID<User>, by actor: AuditActor) throws -> Int {
    try transaction(in: .service) { connection in
      guard try Self.removeSecondFactor(of: user, by: actor, &connection) else { throw SecondFactorRefusal.absent }
      return try Self.epoch(of: user, &connection)
    }
  }

  /// The same within a running transaction. Says whether there was one.
  static func removeSecondFactor(
    of user: ID<User>, by actor: AuditActor, _ connection: inout Postgres.Connection
  ) throws -> Bool {
    try connection.query("DELETE FROM second_factors WHERE user_id = \(user)")
    try connection.query("DELETE FROM recovery_codes WHERE user_id = \(user)")
    let rows = try connection.query(
      """
      UPDATE users SET has_second_factor = false WHERE id = \(user) AND has_second_factor
      RETURNING email
      """)
    guard let row = rows.first else { return false }
    try AuditLog.add(
      .secondFactorDisabled, subject: user.description,
      tenant: try personalTenant(of: user, &connection), by: actor, to: &connection)
    try Letterbox.add(
      .secondFactorChanged, to: try row.string(0), user: user,
      parameters: [("what", "disabled"), ("address", actor.address)], to: &connection)
    return true
  }
}
