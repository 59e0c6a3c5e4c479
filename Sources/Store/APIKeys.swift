// API keys, kept in PostgreSQL by their hash alone.

import Crypto
public import Domain
import Postgres

/// A key to be added.
public struct NewKey: Sendable {
  public var name: String
  public var key: APIKey
  public var scopes: ScopeSet
  /// Seconds since 1970; nil for never.
  public var expiresAt: Double?

  public init(name: String, key: APIKey, scopes: ScopeSet, expiresAt: Double?) {
    self.name = name
    self.key = key
    self.scopes = scopes
    self.expiresAt = expiresAt
  }
}

/// A key as its owner sees it. Times are seconds since 1970.
public struct KeyRecord: Sendable {
  public let id: ID<Key>
  public let name: String
  public let prefix: String
  public let scopes: ScopeSet
  public let createdAt: Double
  public let expiresAt: Double?
  public let lastUsedAt: Double?
  public let revokedAt: Double?
  public let replacedBy: ID<Key>?

  /// How a key stands at a moment.
  public enum Status: String, Sendable { case active, expired, revoked, rotating }

  public func status(at now: Double) -> Status {
    if revokedAt != nil { return .revoked }
    if let expiresAt, expiresAt <= now { return .expired }
    return replacedBy == nil ? .active : .rotating
  }
}

/// Why a change of keys was refused.
public enum KeyRefusal: Error, Sendable {
  case nameTaken, noSuchKey, notActive
  /// The key may do what the calling key may not.
  case widerThanCaller([Scope])
}

extension APIKey {
  /// SHA-256 of the key, in hexadecimal. A plain hash is enough for 256 random bits: there is nothing to guess.
  public var hash: String { Hexadecimal.encode(SHA256.digest(text.exposed)) }
}

extension Database {

  /// An account's keys, newest first.
  public func keys(of principal: Principal) throws -> [KeyRecord] {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      try connection.query(
        """
        SELECT id, name, key_prefix, array_to_string(scopes, ' '), created_at, expires_at, last_used_at, revoked_at,
               replaced_by
        FROM api_keys
        WHERE user_id = \(principal.userID)
        ORDER BY created_at DESC, id
        """
      ).map { row in try KeyRecord(row) }
    }
  }

  /// Adds a key to the account.
  ///
  /// - Throws: ``KeyRefusal/nameTaken``.
  public func addKey(
    _ new: NewKey, for principal: Principal, by actor: AuditActor
  ) throws -> KeyRecord {
    try refusingTakenName {
      try transaction(in: .tenant(principal.tenantID)) { connection in
        let id = try addKey(
          new, userID: principal.userID, tenantID: principal.tenantID, by: actor, to: &connection)
        return try Self.key(id, of: principal, &connection)
      }
    }
  }

  /// Adds a key to the account of an address, for operators.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``, ``KeyRefusal/nameTaken``.
  public func addKey(_ new: NewKey, toAccount email: EmailAddress) throws -> ID<Key> {
    try refusingTakenName {
      try transaction(in: .service) { connection in
        guard let row = try connection.query("SELECT id FROM users WHERE email = \(email)").first
        else { throw AccountRefusal.noSuchAccount }
        let userID: ID<User> = try row.id(0)
        return try addKey(
          new, userID: userID, tenantID: try Self.personalTenant(of: userID, &connection),
          by: .operatorAtHost, to: &connection)
      }
    }
  }

  /// Adds a key within a running transaction.
  func addKey(
    _ new: NewKey, userID: ID<User>, tenantID: ID<Tenant>, by actor: AuditActor,
    to connection: inout Postgres.Connection
  ) throws(PostgresError) -> ID<Key> {
    let id = ID<Key>.random()
    try connection.query(
      """
      INSERT INTO api_keys (id, user_id, tenant_id, name, key_hash, key_prefix, scopes, expires_at)
      VALUES (\(id), \(userID), \(tenantID), \(new.name), \(new.key.hash), \(new.key.displayPrefix),
              \(new.scopes.scopes.map(\.rawValue)), to_timestamp(\(new.expiresAt)::float8))
      """)
    try AuditLog.add(
      .keyCreated, subject: id.description, tenant: tenantID, by: actor,
      details: [("name", new.name), ("prefix", new.key.displayPrefix)], to: &connection)
    return id
  }

  /// Revokes a key; one that is revoked already stays so. Gives the account's new epoch.
  ///
  /// - Throws: ``KeyRefusal/noSuchKey``.
  public func revokeKey(
    _ id: ID<Key>, of principal: Principal, by actor: AuditActor
  ) throws -> (key: KeyRecord, epoch: Int) {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      let changed = try connection.query(
        """
        UPDATE api_keys SET revoked_at = now()
        WHERE id = \(id) AND user_id = \(principal.userID) AND revoked_at IS NULL
        RETURNING id
        """)
      if !changed.isEmpty {
        try AuditLog.add(
          .keyRevoked, subject: id.description, tenant: principal.tenantID, by: actor,
          to: &connection)
      }
      let key = try Self.key(id, of: principal, &connection)
      return (key, try Self.epoch(of: principal.userID, &connection))
    }
  }

  /// Puts a new key in a key's place; the old one works on for `overlap` seconds, or to its own end if that is sooner.
  ///
  /// - Throws: ``KeyRefusal/noSuchKey``, ``KeyRefusal/notActive`` for a key that is revoked, expired or replaced,
  ///   ``KeyRefusal/widerThanCaller(_:)`` for one with scopes that the calling key lacks.
  public func rotateKey(
    _ id: ID<Key>, of principal: Principal, to key: APIKey, overlap: Int, by actor: AuditActor
  ) throws -> (new: KeyRecord, previous: KeyRecord, epoch: Int) {
    try refusingTakenName {
      try transaction(in: .tenant(principal.tenantID)) { connection in
        let found = try connection.query(
          """
          SELECT name, array_to_string(scopes, ' '),
                 revoked_at IS NULL AND replaced_by IS NULL AND coalesce(expires_at > now(), true)
          FROM api_keys
          WHERE id = \(id) AND user_id = \(principal.userID)
          FOR UPDATE
          """)
        guard let row = found.first else { throw KeyRefusal.noSuchKey }
        guard try row.bool(2) else { throw KeyRefusal.notActive }
        // The successor has the scopes of the key: whoever makes one must have them all.
        let missing = ScopeSet(words: try row.string(1)).allowed(to: principal.role).scopes
          .filter { !principal.scopes.contains($0) }
        guard missing.isEmpty else { throw KeyRefusal.widerThanCaller(missing) }
        let newID = ID<Key>.random()
        // The name is unique among keys that are not replaced; so the old key must point to the new one first, and
        // the reference is checked at the end of the statement: hence one statement for both.
        try connection.query(
          """
          WITH successor AS (
            INSERT INTO api_keys (id, user_id, tenant_id, name, key_hash, key_prefix, scopes, expires_at)
            SELECT \(newID)::uuid, user_id, tenant_id, \("rotating " + newID.description)::text, \(key.hash)::text,
                   \(key.displayPrefix)::text, scopes, expires_at
            FROM api_keys
            WHERE id = \(id)
            RETURNING id
          )
          UPDATE api_keys
          SET replaced_by = \(newID),
              expires_at = least(expires_at, now() + make_interval(secs => \(Double(overlap))::float8))
          WHERE id = \(id)
          """)
        try connection.query(
          "UPDATE api_keys SET name = \(try row.string(0)) WHERE id = \(newID)")
        try AuditLog.add(
          .keyRotated, subject: id.description, tenant: principal.tenantID, by: actor,
          details: [("successor", newID.description), ("overlap_seconds", String(overlap))],
          to: &connection)
        return (
          try Self.key(newID, of: principal, &connection),
          try Self.key(id, of: principal, &connection),
          try Self.epoch(of: principal.userID, &connection)
        )
      }
    }
  }

  private static func key(
    _ id: ID<Key>, of principal: Principal, _ connection: inout Postgres.Connection
  ) throws -> KeyRecord {
    let rows = try connection.query(
      """
      SELECT id, name, key_prefix, array_to_string(scopes, ' '), created_at, expires_at, last_used_at, revoked_at,
             replaced_by
      FROM api_keys
      WHERE id = \(id) AND user_id = \(principal.userID)
      """)
    guard let row = rows.first else { throw KeyRefusal.noSuchKey }
    return try KeyRecord(row)
  }

  private func refusingTakenName<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as PostgresError where error.violatedUnique == "api_keys_name_key" {
      throw KeyRefusal.nameTaken
    }
  }
}

extension KeyRecord {
  fileprivate init(_ row: Row) throws(PostgresError) {
    self.init(
      id: try row.id(0), name: try row.string(1), prefix: try row.string(2),
      scopes: ScopeSet(words: try row.string(3)), createdAt: try row.timestamp(4),
      expiresAt: try row.optionalTimestamp(5), lastUsedAt: try row.optionalTimestamp(6),
      revokedAt: try row.optionalTimestamp(7), replacedBy: try row.optionalID(8))
  }
}

extension ScopeSet {
  /// Scopes as words between spaces. A word that is not known, from a newer version, gives no right.
  init(words: String) { self.init(words.split(separator: " ").compactMap { Scope(rawValue: String($0)) }) }
}
