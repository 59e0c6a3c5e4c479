// Sessions, kept in PostgreSQL; in Redis each has a key that lives as long as the session is used (admit.lua).

public import Domain
import Crypto
import Postgres

/// A session to be opened.
public struct NewSession: Sendable {
  public var id = ID<Session>.random()
  public var scopes: ScopeSet
  /// Seconds that each of its access tokens lives.
  public var accessSeconds: Int
  public var userAgent: String
  public var address: String
  /// Whether the password, and the second factor, were proven just now.
  public var isAuthenticated: Bool
  public var hasSecondFactor: Bool

  public init(
    scopes: ScopeSet, accessSeconds: Int, userAgent: String, address: String, isAuthenticated: Bool,
    hasSecondFactor: Bool
  ) {
    self.scopes = scopes
    self.accessSeconds = accessSeconds
    self.userAgent = String(String.UnicodeScalarView(userAgent.unicodeScalars.filter { $0 != "\0" }.prefix(512)))
    self.address = address
    self.isAuthenticated = isAuthenticated
    self.hasSecondFactor = hasSecondFactor
  }
}

/// How many sessions there may be and how long they last.
public struct SessionRule: Sendable {
  public var lifetimes: SessionLifetimes
  /// Sessions of one account at most; a further one ends that which was not used for longest.
  public var cap: Int

  public init(lifetimes: SessionLifetimes, cap: Int) {
    self.lifetimes = lifetimes
    self.cap = cap
  }
}

/// What is signed into a session's tokens. Times are seconds since 1970.
public struct SessionIdentity: Sendable {
  public let id: ID<Session>
  public let userID: ID<User>
  public let tenantID: ID<Tenant>
  public let keyID: ID<Key>?
  public let generation: Int
  public let role: Role
  public let scopes: ScopeSet
  public let accessSeconds: Int
  /// When the session ends whatever happens.
  public let expiresAt: Double
}

/// A session as its owner sees it. Times are seconds since 1970.
public struct SessionRecord: Sendable {
  public let id: ID<Session>
  public let keyID: ID<Key>?
  public let scopes: ScopeSet
  public let userAgent: String
  public let address: String
  public let createdAt: Double
  public let lastSeenAt: Double
  public let expiresAt: Double
  public let hasSecondFactor: Bool
}

/// What became of a refresh token.
public enum RefreshOutcome: Sendable {
  /// The sealed pair: of the new generation, or the present one once more.
  case pair(sealed: [UInt8], sessionID: ID<Session>)
  /// An old token: the session has ended.
  case reused(userID: ID<User>, epoch: Int)
  case disabled
  case ended
}

/// Why a session could not be found.
public enum SessionRefusal: Error, Sendable { case noSuchSession }

extension Database {
  /// Opens a session within a running transaction. The account's row is locked first, so that the cap is exact.
  func addSession(
    _ new: NewSession, userID: ID<User>, tenantID: ID<Tenant>, keyID: ID<Key>?, role: Role, rule: SessionRule,
    by actor: AuditActor, to connection: inout Postgres.Connection
  ) throws -> SessionIdentity {
    try connection.query("SELECT 1 FROM users WHERE id = \(userID) FOR NO KEY UPDATE")
    let displaced = try connection.query(
      """
      UPDATE sessions SET revoked_at = now(), revoked_reason = 'too_many'
      WHERE id IN (
        SELECT id FROM sessions
        WHERE user_id = \(userID) AND revoked_at IS NULL AND expires_at > now()
        ORDER BY last_seen_at DESC, id
        OFFSET \(rule.cap - 1)::integer)
      RETURNING id
      """)
    for row in displaced {
      let id: ID<Session> = try row.id(0)
      try AuditLog.add(
        .sessionEnded, subject: id.description, tenant: tenantID, by: actor, details: [("reason", "too_many")],
        to: &connection)
    }
    let inserted = try connection.query(
      """
      INSERT INTO sessions (id, user_id, tenant_id, key_id, scopes, access_seconds, user_agent, address,
                            authenticated_at, second_factor_at, expires_at)
      VALUES (\(new.id), \(userID), \(tenantID), \(keyID), \(new.scopes.scopes.map(\.rawValue)),
              \(new.accessSeconds)::integer, \(new.userAgent), \(new.address),
              CASE WHEN \(new.isAuthenticated)::boolean THEN now() END,
              CASE WHEN \(new.hasSecondFactor)::boolean THEN now() END,
              now() + make_interval(secs => \(Double(rule.lifetimes.absolute))::float8))
      RETURNING expires_at
      """)
    guard let row = inserted.first else { throw PostgresError(.unexpectedRow, "no session") }
    try AuditLog.add(
      .sessionStarted, subject: new.id.description, tenant: tenantID, by: actor,
      details: [("with", keyID == nil ? "password" : "key")], to: &connection)
    return SessionIdentity(
      id: new.id, userID: userID, tenantID: tenantID, keyID: keyID, generation: 0, role: role,
      scopes: new.scopes.allowed(to: role), accessSeconds: new.accessSeconds, expiresAt: try row.timestamp(0))
  }

  /// Opens a session for whoever holds an API key; it ends with the key. Gives the account's epoch, which has risen if
  /// an older session had to give way.
  public func addSession(
    _ new: NewSession, for principal: Principal, rule: SessionRule, by actor: AuditActor
  ) throws -> (session: SessionIdentity, epoch: Int) {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      let session = try addSession(
        new, userID: principal.userID, tenantID: principal.tenantID, keyID: principal.keyID,
        role: principal.role, rule: rule, by: actor, to: &connection)
      return (session, try Self.epoch(of: principal.userID, &connection))
    }
  }

  /// The account's sessions that have not ended, last used first.
  public func sessions(of user: ID<User>, idleSeconds: Int) throws -> [SessionRecord] {
    try transaction(in: .service) { connection in
      try connection.query(
        """
        SELECT id, key_id, array_to_string(scopes, ' '), user_agent, address, created_at, last_seen_at, expires_at,
               second_factor_at IS NOT NULL
        FROM sessions
        WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > now()
          AND last_seen_at > now() - make_interval(secs => \(Double(idleSeconds))::float8)
        ORDER BY last_seen_at DESC, id
        """
      ).map { row in
        SessionRecord(
          id: try row.id(0), keyID: try row.optionalID(1), scopes: ScopeSet(words: try row.string(2)),
          userAgent: try row.string(3), address: try row.string(4), createdAt: try row.timestamp(5),
          lastSeenAt: try row.timestamp(6), expiresAt: try row.timestamp(7),
          hasSecondFactor: try row.bool(8))
      }
    }
  }

  /// Ends a session of an account. Ending one that has ended already changes nothing. Gives the account's epoch.
  ///
  /// - Throws: ``SessionRefusal/noSuchSession``.
  public func endSession(
    _ id: ID<Session>, of user: ID<User>, reason: String, by actor: AuditActor
  ) throws -> Int {
    try transaction(in: .service) { connection in
      let found = try connection.query(
        "SELECT tenant_id FROM sessions WHERE id = \(id) AND user_id = \(user) FOR UPDATE")
      guard let row = found.first else { throw SessionRefusal.noSuchSession }
      let changed = try connection.query(
        """
        UPDATE sessions SET revoked_at = now(), revoked_reason = \(reason)
        WHERE id = \(id) AND revoked_at IS NULL
        RETURNING id
        """)
      if !changed.isEmpty {
        try AuditLog.add(
          .sessionEnded, subject: id.description, tenant: try row.id(0), by: actor,
          details: [("reason", reason)], to: &connection)
      }
      return try Self.epoch(of: user, &connection)
    }
  }

  /// Ends all sessions of an account but one. Gives how many ended and the account's epoch.
  public func endSessions(
    of user: ID<User>, except kept: ID<Session>?, reason: String, by actor: AuditActor
  ) throws -> (count: Int, epoch: Int) {
    try transaction(in: .service) { connection in
      let count = try Self.endSessions(of: user, except: kept, reason: reason, by: actor, &connection)
      return (count, try Self.epoch(of: user, &connection))
    }
  }

  /// The same within a running transaction that may see them.
  @discardableResult
  static func endSessions(
    of user: ID<User>, except kept: ID<Session>?, reason: String, by actor: AuditActor,
    _ connection: inout Postgres.Connection
  ) throws -> Int {
    let ended = try connection.query(
      """
      UPDATE sessions SET revoked_at = now(), revoked_reason = \(reason)
      WHERE user_id = \(user) AND revoked_at IS NULL AND id IS DISTINCT FROM \(kept)::uuid
      RETURNING id, tenant_id
      """)
    for row in ended {
      let id: ID<Session> = try row.id(0)
      try AuditLog.add(
        .sessionEnded, subject: id.description, tenant: try row.id(1), by: actor, details: [("reason", reason)],
        to: &connection)
    }
    return ended.count
  }

  /// Exchanges a refresh token. The session's row is locked while it is decided, so of any number that come at once one
  /// begins the new generation and the others get what it made.
  ///
  /// - Parameters:
  ///   - issue: makes the pair of a generation and seals it.
  public func refresh(
    _ id: ID<Session>, presented: Int, rule: SessionRule, by actor: AuditActor,
    issue: (SessionIdentity) throws -> [UInt8]
  ) throws -> RefreshOutcome {
    try transaction(in: .service) { connection in
      let found = try connection.query(
        """
        SELECT s.user_id, s.tenant_id, s.key_id, s.generation, s.acked_generation, s.sealed_successor,
               extract(epoch FROM clock_timestamp() - s.rotated_at)::float8,
               array_to_string(
                 CASE WHEN k.id IS NULL THEN s.scopes
                      ELSE ARRAY(SELECT unnest(s.scopes) INTERSECT SELECT unnest(k.scopes)) END, ' '),
               s.access_seconds, least(s.expires_at, k.expires_at),
               u.role, u.is_active, u.email
        FROM sessions s
        JOIN users u ON u.id = s.user_id
        LEFT JOIN api_keys k ON k.id = s.key_id
        WHERE s.id = \(id) AND s.revoked_at IS NULL AND s.expires_at > now()
          AND s.last_seen_at > now() - make_interval(secs => \(Double(rule.lifetimes.idle))::float8)
          AND (s.key_id IS NULL OR k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true))
        FOR UPDATE OF s
        """)
      guard let row = found.first else { return .ended }
      let userID: ID<User> = try row.id(0)
      let tenantID: ID<Tenant> = try row.id(1)
      let present = try row.int(3)
      guard try row.bool(11) else { return .disabled }
      let decision = RefreshDecision(
        presented: presented, present: present, acknowledged: try row.int(4),
        sinceRotation: try row.bytes(6) == nil ? nil : try row.double(6))
      switch decision {
      case .repeatSuccessor:
        guard let sealed = try row.bytes(5) else { return .ended }
        return .pair(sealed: sealed, sessionID: id)
      case .rotate:
        let role = Role(rawValue: try row.string(10)) ?? .free
        let sealed = try issue(
          SessionIdentity(
            id: id, userID: userID, tenantID: tenantID, keyID: try row.optionalID(2), generation: present + 1,
            role: role, scopes: ScopeSet(words: try row.string(7)).allowed(to: role),
            accessSeconds: try row.int(8), expiresAt: try row.timestamp(9)))
        try connection.query(
          """
          UPDATE sessions
          SET generation = generation + 1, acked_generation = \(present)::bigint,
              sealed_successor = decode(\(Hexadecimal.encode(sealed)), 'hex'), rotated_at = clock_timestamp(),
              last_seen_at = now()
          WHERE id = \(id)
          """)
        return .pair(sealed: sealed, sessionID: id)
      case .endSession:
        try connection.query(
          "UPDATE sessions SET revoked_at = now(), revoked_reason = 'refresh_reused' WHERE id = \(id)")
        try AuditLog.add(
          .refreshReused, subject: id.description, tenant: tenantID,
          by: AuditActor(
            userID: userID, keyID: nil, sessionID: id, address: actor.address, requestID: actor.requestID),
          details: [("presented", String(presented)), ("present", String(present))], to: &connection)
        try Letterbox.add(.sessionsEnded, to: try row.string(12), user: userID, to: &connection)
        return .reused(userID: userID, epoch: try Self.epoch(of: userID, &connection))
      }
    }
  }

  /// Whether a generation is a living session's present one: its refresh token can still be exchanged.
  public func isPresent(_ generation: Int, of session: ID<Session>) throws -> Bool {
    try transaction(in: .service) { connection in
      try connection.query(
        "SELECT 1 FROM sessions WHERE id = \(session) AND generation = \(generation)::bigint AND revoked_at IS NULL")
    }.isEmpty == false
  }

  /// Notes that a token of a generation has been used: its parent's grace is over.
  public func acknowledge(_ generation: Int, of session: ID<Session>) throws {
    try transaction(in: .service) { connection in
      _ = try connection.query(
        """
        UPDATE sessions SET acked_generation = \(generation)::bigint
        WHERE id = \(session) AND acked_generation < \(generation)::bigint AND generation >= \(generation)::bigint
        """)
    }
  }

  /// Notes that a session is used, at most once a minute: for while Redis, which does so otherwise, is away.
  public func touchSession(_ id: ID<Session>) throws {
    try transaction(in: .service) { connection in
      _ = try connection.query(
        """
        UPDATE sessions SET last_seen_at = now()
        WHERE id = \(id) AND last_seen_at < now() - interval '1 minute'
        """)
    }
  }

  /// Notes a fresh proof of who is there. Gives the account's epoch: caches hold the time of the proof.
  public func notePresence(
    in session: ID<Session>, of principal: Principal, secondFactor: Bool, by actor: AuditActor
  ) throws -> Int {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      try connection.query(
        """
        UPDATE sessions
        SET authenticated_at = now(),
            second_factor_at = CASE WHEN \(secondFactor)::boolean THEN now() ELSE second_factor_at END
        WHERE id = \(session) AND user_id = \(principal.userID)
        """)
      try AuditLog.add(
        .stepUpSucceeded, subject: session.description, tenant: principal.tenantID, by: actor,
        to: &connection)
      return try Self.epoch(of: principal.userID, &connection)
    }
  }

  /// Marks what nobody used for too long as ended, and forgets what ended a month ago. Gives how many rows it changed.
  public func cleanSessions(idleSeconds: Int, most: Int = 1_000) throws -> Int {
    try transaction(in: .service) { connection in
      let ended = try connection.query(
        """
        UPDATE sessions SET revoked_at = now(), revoked_reason = 'idle'
        WHERE id IN (
          SELECT id FROM sessions
          WHERE revoked_at IS NULL AND last_seen_at < now() - make_interval(secs => \(Double(idleSeconds))::float8)
          LIMIT \(most)::integer FOR UPDATE SKIP LOCKED)
        RETURNING id
        """)
      let forgotten = try connection.query(
        """
        DELETE FROM sessions
        WHERE id IN (
          SELECT id FROM sessions WHERE least(expires_at, revoked_at) < now() - interval '30 days'
          LIMIT \(most)::integer FOR UPDATE SKIP LOCKED)
        RETURNING id
        """)
      return ended.count + forgotten.count
    }
  }
}
