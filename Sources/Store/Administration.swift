// Accounts as administrators see and change them: through the API, and with petstore user on the host.

public import Crypto
public import Domain
import Postgres

/// An account as an administrator sees it. Times are seconds since 1970.
public struct UserRecord: Sendable {
  public let profile: Profile
  /// When somebody last logged in with the password; nil if nobody ever did.
  public let lastLoginAt: Double?
  /// How many of its sessions are alive.
  public let sessions: Int
  /// How many of its API keys work.
  public let keys: Int
  /// When the account is erased, where its owner asked for that.
  public let eraseAt: Double?
}

/// What the settings add to what is kept of an account.
public struct AccountTerms: Sendable {
  /// Content requests that may run at once for an account without a number of its own.
  public var concurrent: Int
  /// Seconds after which a session that nobody used has ended.
  public var idleSeconds: Int

  public init(concurrent: Int, idleSeconds: Int) {
    self.concurrent = concurrent
    self.idleSeconds = idleSeconds
  }
}

/// Which accounts a list shows; nil for any.
public struct UserFilter: Sendable {
  /// A part of the e-mail address or of the company's name, in either case.
  public var text: String?
  public var role: Role?
  public var tier: Tier?
  public var isActive: Bool?

  public init(text: String? = nil, role: Role? = nil, tier: Tier? = nil, isActive: Bool? = nil) {
    self.text = text
    self.role = role
    self.tier = tier
    self.isActive = isActive
  }

  /// What `text` is as a pattern of LIKE: its own wildcards stand for themselves.
  fileprivate var pattern: String? {
    guard let text else { return nil }
    var pattern = "%"
    for scalar in text.unicodeScalars {
      if scalar == "\\" || scalar == "%" || scalar == "_" { pattern.unicodeScalars.append("\\") }
      pattern.unicodeScalars.append(scalar)
    }
    return pattern + "%"
  }
}

/// One page of the list of accounts.
public struct UserPage: Sendable {
  public let users: [UserRecord]
  /// Where the next page begins; nil where there is none.
  public let next: PageCursor<User>?
  /// How many accounts the filter lets through, on all pages.
  public let total: Int
}

/// What becomes of the limits that an account has of its own.
public struct LimitChanges: Sendable, Equatable {
  public enum Wish: Sendable, Equatable {
    case unchanged
    /// None of its own: the tier's.
    case tier
    case own(Int)

    fileprivate var isUnchanged: Bool { self == .unchanged }
    fileprivate var value: Int? {
      guard case .own(let value) = self else { return nil }
      return value
    }
  }

  public var perMinute: Wish
  public var perHour: Wish
  public var perDay: Wish
  public var concurrent: Wish

  public init(perMinute: Wish, perHour: Wish, perDay: Wish, concurrent: Wish) {
    self.perMinute = perMinute
    self.perHour = perHour
    self.perDay = perDay
    self.concurrent = concurrent
  }
}

/// What an administrator changes of an account; nil leaves it as it is.
public struct UserChange: Sendable {
  public var companyName: DisplayName?
  /// Follows a changed tier where it is nil, unless the account is an administrator's.
  public var role: Role?
  public var tier: Tier?
  public var isActive: Bool?
  public var limits: LimitChanges?

  public init(
    companyName: DisplayName? = nil, role: Role? = nil, tier: Tier? = nil, isActive: Bool? = nil,
    limits: LimitChanges? = nil
  ) {
    self.companyName = companyName
    self.role = role
    self.tier = tier
    self.isActive = isActive
    self.limits = limits
  }
}

/// What an administrator takes away from whoever holds an account, so that its owner begins anew.
public struct UserReset: Sendable {
  /// A letter lets the owner choose another one.
  public var password: Bool
  public var secondFactor: Bool
  public var sessions: Bool
  public var keys: Bool

  public init(password: Bool, secondFactor: Bool, sessions: Bool, keys: Bool) {
    self.password = password
    self.secondFactor = secondFactor
    self.sessions = sessions
    self.keys = keys
  }

  public var isEmpty: Bool { !(password || secondFactor || sessions || keys) }
}

/// What a reset came to.
public struct UserResetOutcome: Sendable {
  public let passwordReset: Bool
  /// false where there was none, too.
  public let secondFactorRemoved: Bool
  public let sessionsEnded: Int
  public let keysRevoked: Int
  public let epoch: Int
}

extension PasswordHash {
  /// The hash of a password that nobody knows: for an account whose owner has yet to choose one.
  ///
  /// - Throws: ``Busy``, ``Failure``.
  public static func unusable() throws -> PasswordHash { try make(Base64URL.encode(SecureRandom.bytes(32))) }
}

// MARK: - Looking

extension Database {
  /// Accounts, newest first, a page at a time. What is made or erased between two pages shifts nothing.
  ///
  /// - Parameter limit: accounts on a page, 1 or more.
  public func users(
    _ filter: UserFilter, after cursor: PageCursor<User>? = nil, limit: Int, _ terms: AccountTerms
  ) throws -> UserPage {
    try transaction(in: .service) { connection in
      let counted = try connection.query(
        """
        SELECT count(*) FROM users u
        WHERE (\(filter.pattern)::text IS NULL OR u.email ILIKE \(filter.pattern)::text
               OR u.company_name ILIKE \(filter.pattern)::text COLLATE "und-x-icu")
          AND (\(filter.role?.rawValue)::text IS NULL OR u.role = \(filter.role?.rawValue)::text)
          AND (\(filter.tier?.rawValue)::text IS NULL OR u.subscription_tier = \(filter.tier?.rawValue)::text)
          AND (\(filter.isActive)::boolean IS NULL OR u.is_active = \(filter.isActive)::boolean)
        """)
      // One more than asked for tells whether there is a next page.
      var found = try Self.users(filter, id: nil, after: cursor, limit: limit + 1, terms, &connection)
      let next = found.count > limit ? found[limit - 1].place : nil
      found = Array(found.prefix(limit))
      return UserPage(users: found.map(\.user), next: next, total: try counted.first?.int(0) ?? 0)
    }
  }

  /// One account.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``.
  public func user(_ id: ID<User>, _ terms: AccountTerms) throws -> UserRecord {
    try transaction(in: .service) { connection in try Self.user(id, terms, &connection) }
  }

  /// Whose address this is.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``.
  public func userID(of email: EmailAddress) throws -> ID<User> {
    let rows = try pool.withConnection { connection in
      try connection.query("SELECT id FROM users WHERE email = \(email)")
    }
    guard let row = rows.first else { throw AccountRefusal.noSuchAccount }
    return try row.id(0)
  }

  private static func user(
    _ id: ID<User>, _ terms: AccountTerms, _ connection: inout Postgres.Connection
  ) throws -> UserRecord {
    let found = try users(UserFilter(), id: id, after: nil, limit: 1, terms, &connection)
    guard let user = found.first?.user else { throw AccountRefusal.noSuchAccount }
    return user
  }

  private static func users(
    _ filter: UserFilter, id: ID<User>?, after cursor: PageCursor<User>?, limit: Int, _ terms: AccountTerms,
    _ connection: inout Postgres.Connection
  ) throws -> [(user: UserRecord, place: PageCursor<User>)] {
    let rows = try connection.query(
      """
      WITH place AS (
        SELECT timestamptz 'epoch' + \(cursor?.createdAt)::bigint * interval '1 microsecond' AS created_at)
      SELECT u.id, m.tenant_id, u.email, u.company_name, u.subscription_tier, u.role, u.is_active,
             u.email_verified_at IS NOT NULL, u.has_second_factor, u.created_at, u.updated_at, u.erase_at,
             r.requests_per_minute, r.requests_per_hour, r.requests_per_day, r.concurrent,
             (SELECT max(a.last_seen) FROM known_addresses a WHERE a.user_id = u.id),
             (SELECT count(*)
              FROM sessions s
              LEFT JOIN api_keys k ON k.id = s.key_id
              WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now()
                AND s.last_seen_at > now() - make_interval(secs => \(Double(terms.idleSeconds))::float8)
                AND (s.key_id IS NULL OR k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true))),
             (SELECT count(*)
              FROM api_keys k
              WHERE k.user_id = u.id AND k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true)),
             (extract(epoch FROM u.created_at) * 1000000)::bigint
      FROM users u
      CROSS JOIN place p
      LEFT JOIN LATERAL (
        SELECT tenant_id FROM memberships WHERE user_id = u.id ORDER BY created_at LIMIT 1) m ON true
      LEFT JOIN rate_limits r ON r.user_id = u.id
      WHERE (\(id)::uuid IS NULL OR u.id = \(id)::uuid)
        AND (\(filter.pattern)::text IS NULL OR u.email ILIKE \(filter.pattern)::text
             OR u.company_name ILIKE \(filter.pattern)::text COLLATE "und-x-icu")
        AND (\(filter.role?.rawValue)::text IS NULL OR u.role = \(filter.role?.rawValue)::text)
        AND (\(filter.tier?.rawValue)::text IS NULL OR u.subscription_tier = \(filter.tier?.rawValue)::text)
        AND (\(filter.isActive)::boolean IS NULL OR u.is_active = \(filter.isActive)::boolean)
        AND (\(cursor?.id)::uuid IS NULL
             OR u.created_at <= p.created_at AND (u.created_at < p.created_at OR u.id > \(cursor?.id)::uuid))
      ORDER BY u.created_at DESC, u.id
      LIMIT \(limit)::integer
      """)
    return try rows.map { row in
      let userID: ID<User> = try row.id(0)
      let tier = Tier(rawValue: try row.string(4)) ?? .free
      let profile = Profile(
        userID: userID, tenantID: try row.optionalID(1) ?? AuditLog.noTenant, email: try row.string(2),
        emailIsVerified: try row.bool(7), companyName: try row.string(3), tier: tier,
        role: Role(rawValue: try row.string(5)) ?? .free, isActive: try row.bool(6),
        hasSecondFactor: try row.bool(8),
        limits: try row.limits(of: tier, from: 12, concurrent: terms.concurrent),
        createdAt: try row.timestamp(9), updatedAt: try row.timestamp(10))
      let user = UserRecord(
        profile: profile, lastLoginAt: try row.optionalTimestamp(16), sessions: try row.int(17),
        keys: try row.int(18), eraseAt: try row.optionalTimestamp(11))
      return (user, PageCursor<User>(createdAt: try row.int(19), id: userID))
    }
  }
}

// MARK: - Changing

extension Database {
  /// Changes an account. Suspending it ends its sessions; making it active again calls off a deletion that its owner
  /// asked for. What is already as it is asked to be leaves no event. Gives the account as it is now, and its epoch.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``, ``AccountRefusal/lastAdmin``.
  public func changeUser(
    _ id: ID<User>, _ change: UserChange, _ terms: AccountTerms, by actor: AuditActor
  ) throws -> (user: UserRecord, epoch: Int) {
    try refusingLastAdmin {
      try transaction(in: .service) { connection in
        try Self.apply(change, to: id, by: actor, &connection)
        return (try Self.user(id, terms, &connection), try Self.epoch(of: id, &connection))
      }
    }
  }

  /// The same within a running transaction that may see all tenants' rows.
  static func apply(
    _ change: UserChange, to id: ID<User>, by actor: AuditActor, _ connection: inout Postgres.Connection
  ) throws {
    let found = try connection.query(
      """
      SELECT company_name, role, subscription_tier, is_active, erase_at IS NOT NULL
      FROM users WHERE id = \(id)
      FOR NO KEY UPDATE
      """)
    guard let row = found.first else { throw AccountRefusal.noSuchAccount }
    let formerName = try row.string(0)
    let companyName = change.companyName?.description ?? formerName
    let (formerRole, formerTier) = (try row.string(1), try row.string(2))
    let tier = change.tier?.rawValue ?? formerTier
    let followsTier = tier != formerTier && formerRole != Role.admin.rawValue
    let role = change.role?.rawValue ?? (followsTier ? tier : formerRole)
    let wasActive = try row.bool(3)
    let isActive = change.isActive ?? wasActive
    let callsOffDeletion = try change.isActive == true && row.bool(4)
    try connection.query(
      """
      UPDATE users
      SET company_name = \(companyName), role = \(role), subscription_tier = \(tier), is_active = \(isActive)::boolean,
          erase_at = CASE WHEN \(callsOffDeletion)::boolean THEN NULL ELSE erase_at END
      WHERE id = \(id)
      """)

    let tenant = try personalTenant(of: id, &connection)
    func note(_ action: AuditAction, _ details: [(String, String)]) throws(PostgresError) {
      try AuditLog.add(
        action, subject: id.description, tenant: tenant, by: actor, details: details, to: &connection)
    }
    if companyName != formerName { try note(.accountUpdated, [("members", "company_name")]) }
    if tier != formerTier { try note(.accountTierChanged, [("tier", tier), ("from", formerTier)]) }
    if role != formerRole { try note(.accountRoleChanged, [("role", role), ("from", formerRole)]) }
    if change.isActive == false {
      let ended = try endSessions(of: id, except: nil, reason: "account_suspended", by: actor, &connection)
      if wasActive { try note(.accountSuspended, [("sessions_ended", String(ended))]) }
    }
    if isActive && !wasActive || callsOffDeletion {
      try note(.accountActivated, callsOffDeletion ? [("deletion", "called off")] : [])
    }
    if let limits = change.limits { try note(.accountLimitsChanged, setLimits(limits, of: id, &connection)) }
  }

  /// Sets an account's own limits. Gives what they are now, for the audit trail.
  private static func setLimits(
    _ limits: LimitChanges, of id: ID<User>, _ connection: inout Postgres.Connection
  ) throws(PostgresError) -> [(String, String)] {
    let (minute, hour) = (limits.perMinute, limits.perHour)
    let (day, concurrent) = (limits.perDay, limits.concurrent)
    let rows = try connection.query(
      """
      INSERT INTO rate_limits AS own (user_id, requests_per_minute, requests_per_hour, requests_per_day, concurrent)
      VALUES (\(id), \(minute.value)::integer, \(hour.value)::integer, \(day.value)::integer,
              \(concurrent.value)::integer)
      ON CONFLICT (user_id) DO UPDATE
      SET requests_per_minute =
            CASE WHEN \(minute.isUnchanged)::boolean THEN own.requests_per_minute ELSE excluded.requests_per_minute END,
          requests_per_hour =
            CASE WHEN \(hour.isUnchanged)::boolean THEN own.requests_per_hour ELSE excluded.requests_per_hour END,
          requests_per_day =
            CASE WHEN \(day.isUnchanged)::boolean THEN own.requests_per_day ELSE excluded.requests_per_day END,
          concurrent = CASE WHEN \(concurrent.isUnchanged)::boolean THEN own.concurrent ELSE excluded.concurrent END,
          updated_at = now()
      RETURNING own.requests_per_minute, own.requests_per_hour, own.requests_per_day, own.concurrent
      """)
    guard let row = rows.first else { throw PostgresError(.unexpectedRow, "no limits") }
    var details: [(String, String)] = []
    for (column, name) in ["minute", "hour", "day", "concurrent"].enumerated() {
      details.append((name, try row.optionalInt(column).map(String.init) ?? "tier"))
    }
    return details
  }

  /// Takes away what is asked for, so that the account's owner begins anew; letters tell the owner.
  ///
  /// - Parameter unusable: what takes the password's place, where it is reset: see ``Crypto/PasswordHash/unusable()``.
  /// - Throws: ``AccountRefusal/noSuchAccount``.
  public func resetUser(
    _ id: ID<User>, _ reset: UserReset, unusable: PasswordHash?, by actor: AuditActor
  ) throws -> UserResetOutcome {
    try transaction(in: .service) { connection in
      let email = try Self.lockedEmail(of: id, &connection)
      var details: [(String, String)] = []
      if reset.password, let unusable {
        try Self.setPassword(unusable, of: id, &connection)
        try Letterbox.add(
          .resetPassword, to: email, user: id, parameters: [("reason", "administrator")], to: &connection)
        details.append(("password", "letter"))
      }
      var removed = false
      if reset.secondFactor {
        removed = try Self.removeSecondFactor(of: id, by: actor, &connection)
        details.append(("second_factor", removed ? "removed" : "absent"))
      }
      var ended = 0
      if reset.sessions {
        ended = try Self.endSessionsAsAdministrator(of: id, email: email, by: actor, &connection)
        details.append(("sessions_ended", String(ended)))
      }
      var revoked = 0
      if reset.keys {
        revoked = try Self.revokeKeys(of: id, except: nil, by: actor, &connection)
        details.append(("api_keys_revoked", String(revoked)))
      }
      try AuditLog.add(
        .accountReset, subject: id.description, tenant: try Self.personalTenant(of: id, &connection), by: actor,
        details: details, to: &connection)
      return UserResetOutcome(
        passwordReset: reset.password && unusable != nil, secondFactorRemoved: removed, sessionsEnded: ended,
        keysRevoked: revoked, epoch: try Self.epoch(of: id, &connection))
    }
  }

  /// Ends all sessions of an account; a letter tells the owner if there were any.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``.
  public func endSessionsOfUser(_ id: ID<User>, by actor: AuditActor) throws -> (count: Int, epoch: Int) {
    try transaction(in: .service) { connection in
      let email = try Self.lockedEmail(of: id, &connection)
      let count = try Self.endSessionsAsAdministrator(of: id, email: email, by: actor, &connection)
      return (count, try Self.epoch(of: id, &connection))
    }
  }

  private static func endSessionsAsAdministrator(
    of id: ID<User>, email: String, by actor: AuditActor, _ connection: inout Postgres.Connection
  ) throws -> Int {
    let ended = try endSessions(of: id, except: nil, reason: "administrator", by: actor, &connection)
    if ended > 0 {
      try Letterbox.add(
        .sessionsEnded, to: email, user: id, parameters: [("reason", "administrator")], to: &connection)
    }
    return ended
  }

  /// An account's address; its row is locked for the rest of the transaction.
  private static func lockedEmail(
    of id: ID<User>, _ connection: inout Postgres.Connection
  ) throws -> String {
    let rows = try connection.query("SELECT email FROM users WHERE id = \(id) FOR NO KEY UPDATE")
    guard let row = rows.first else { throw AccountRefusal.noSuchAccount }
    return try row.string(0)
  }
}
