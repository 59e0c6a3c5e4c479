// The keys that sign tokens, kept in PostgreSQL. The private half is sealed: only who has the master key can use it.

public import Crypto
public import Domain
import Postgres

/// A signing key as it is kept. Times are seconds since 1970.
public struct SigningKeyRecord: Sendable {
  public let keyID: String
  public let key: RSAPrivateKey
  public let createdAt: Double
  public let signsFrom: Double
  public let expiresAt: Double?
}

/// Why signing keys could not be used.
public enum SigningKeyRefusal: Error, Sendable, CustomStringConvertible {
  /// The key was sealed with another master key, or what is kept was altered.
  case cannotOpen(keyID: String)
  case noSuchKey
  /// It is the only one: without it nobody could log in.
  case lastKey

  public var description: String {
    switch self {
    case .cannotOpen(let keyID):
      "the signing key \(keyID) does not open with this master key: the credential master-key is not the one that sealed it"
    case .noSuchKey: "there is no such signing key"
    case .lastKey: "it is the only signing key: run 'petstore keys rotate --now' first"
    }
  }
}

extension Database {
  private static let purpose = "signing key"
  /// "psds" in ASCII.
  private static let lock = 1_886_610_547

  /// The keys that are believed still, oldest first.
  public func signingKeys(_ master: MasterKey) throws -> [SigningKeyRecord] {
    let rows = try pool.withConnection { connection in
      try connection.query(
        """
        SELECT key_id, sealed_key, created_at, signs_from, expires_at
        FROM signing_keys
        WHERE revoked_at IS NULL AND coalesce(expires_at > now(), true)
        ORDER BY signs_from
        """)
    }
    return try rows.map { row in
      let keyID = try row.string(0)
      guard let sealed = try row.bytes(1),
        let der = master.open(sealed, for: Self.purpose, context: keyID)
      else { throw SigningKeyRefusal.cannotOpen(keyID: keyID) }
      return SigningKeyRecord(
        keyID: keyID, key: try RSAPrivateKey(der: der), createdAt: try row.timestamp(2),
        signsFrom: try row.timestamp(3), expiresAt: try row.optionalTimestamp(4))
    }
  }

  /// Keeps a new key. Keys before it are believed until the last token that they may sign has ended.
  ///
  /// - Parameters:
  ///   - lead: seconds for which it is published before it signs.
  ///   - longestLife: seconds that a token lives at most.
  ///   - onlyIfNone: adds nothing where there is a key already: for the first one, which several may want to make.
  public func addSigningKey(
    _ key: RSAPrivateKey, keyID: String, lead: Int, longestLife: Int, sealedWith master: MasterKey,
    onlyIfNone: Bool = false
  ) throws {
    let sealed = master.seal(try key.der(), for: Self.purpose, context: keyID)
    try transaction(in: .service) { connection in
      try connection.query("SELECT pg_advisory_xact_lock(\(Self.lock)::bigint)")
      if onlyIfNone {
        let living = try connection.query(
          "SELECT 1 FROM signing_keys WHERE revoked_at IS NULL AND coalesce(expires_at > now(), true) LIMIT 1")
        guard living.isEmpty else { return }
      }
      try connection.query(
        """
        UPDATE signing_keys
        SET expires_at = now() + make_interval(secs => \(Double(lead + longestLife))::float8)
        WHERE expires_at IS NULL AND revoked_at IS NULL
        """)
      try connection.query(
        """
        INSERT INTO signing_keys (key_id, sealed_key, signs_from)
        VALUES (\(keyID), decode(\(Hexadecimal.encode(sealed)), 'hex'),
                now() + make_interval(secs => \(Double(lead))::float8))
        """)
      try AuditLog.add(
        .signingKeyRotated, subject: keyID, tenant: AuditLog.noTenant, by: .operatorAtHost,
        details: [("lead_seconds", String(lead))], to: &connection)
    }
  }

  /// Takes all belief from a key at once. Everybody whose session may hold one of its tokens gets a new epoch, so every
  /// worker looks at the keys again before it believes the next token. Gives those epochs.
  ///
  /// - Throws: ``SigningKeyRefusal/noSuchKey``, ``SigningKeyRefusal/lastKey``.
  public func revokeSigningKey(_ keyID: String) throws -> [(userID: ID<User>, epoch: Int)] {
    try transaction(in: .service) { connection in
      try connection.query("SELECT pg_advisory_xact_lock(\(Self.lock)::bigint)")
      let others = try connection.query(
        """
        SELECT 1 FROM signing_keys
        WHERE key_id <> \(keyID) AND revoked_at IS NULL AND coalesce(expires_at > now(), true) AND signs_from <= now()
        LIMIT 1
        """)
      guard !others.isEmpty else { throw SigningKeyRefusal.lastKey }
      let changed = try connection.query(
        "UPDATE signing_keys SET revoked_at = now() WHERE key_id = \(keyID) AND revoked_at IS NULL RETURNING key_id")
      guard !changed.isEmpty else { throw SigningKeyRefusal.noSuchKey }
      try AuditLog.add(
        .signingKeyRevoked, subject: keyID, tenant: AuditLog.noTenant, by: .operatorAtHost, to: &connection)
      return try connection.query(
        """
        UPDATE users SET auth_epoch = auth_epoch + 1
        WHERE id IN (SELECT user_id FROM sessions WHERE revoked_at IS NULL)
        RETURNING id, auth_epoch
        """
      ).map { row in (try row.id(0), try row.int(1)) }
    }
  }
}
