// Accounts, kept in PostgreSQL.

public import Crypto
public import Domain
import Postgres

/// An account as registration wants it.
public struct NewAccount: Sendable {
  public var email: EmailAddress
  public var passwordHash: PasswordHash
  public var companyName: DisplayName
  public var tier: Tier
  public var role: Role

  public init(
    email: EmailAddress, passwordHash: PasswordHash, companyName: DisplayName, tier: Tier = .free,
    role: Role = .free
  ) {
    self.email = email
    self.passwordHash = passwordHash
    self.companyName = companyName
    self.tier = tier
    self.role = role
  }
}

/// An account as login needs it.
public struct LoginAccount: Sendable {
  public let userID: ID<User>
  public let tenantID: ID<Tenant>
  public let passwordHash: PasswordHash?
  public let isActive: Bool
  public let hasSecondFactor: Bool
  public let profile: Profile
  /// Whether this account was logged in from the asked address before.
  public let addressIsKnown: Bool
}

/// An account as its owner sees it.
public struct Profile: Sendable {
  public let userID: ID<User>
  public let tenantID: ID<Tenant>
  public let email: String
  public let emailIsVerified: Bool
  public let companyName: String
  public let tier: Tier
  public let role: Role
  public let isActive: Bool
  public let hasSecondFactor: Bool
  public let limits: AccountLimits
  /// Seconds since 1970.
  public let createdAt: Double
  public let updatedAt: Double

  public init(
    userID: ID<User>, tenantID: ID<Tenant>, email: String, emailIsVerified: Bool, companyName: String, tier: Tier,
    role: Role, isActive: Bool, hasSecondFactor: Bool, limits: AccountLimits, createdAt: Double, updatedAt: Double
  ) {
    self.userID = userID
    self.tenantID = tenantID
    self.email = email
    self.emailIsVerified = emailIsVerified
    self.companyName = companyName
    self.tier = tier
    self.role = role
    self.isActive = isActive
    self.hasSecondFactor = hasSecondFactor
    self.limits = limits
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

/// Why an account could not be added.
public enum AccountRefusal: Error, Sendable { case emailTaken, noSuchAccount, lastAdmin }

extension Database {
  /// Adds an account with its personal tenant and first key, and the audit event of it.
  ///
  /// - Throws: ``AccountRefusal/emailTaken``.
  public func addAccount(
    _ account: NewAccount, key: APIKey?, action: AuditAction = .accountRegistered,
    by actor: AuditActor
  ) throws -> (userID: ID<User>, tenantID: ID<Tenant>, keyID: ID<Key>?) {
    let userID = ID<User>.random()
    let tenantID = ID<Tenant>.random()
    do {
      let keyID = try transaction(in: .tenant(tenantID)) { connection in
        try connection.query(
          """
          INSERT INTO users (id, email, password_hash, company_name, subscription_tier, role)
          VALUES (\(userID), \(account.email), \(account.passwordHash.text), \(account.companyName.description),
                  \(account.tier.rawValue), \(account.role.rawValue))
          """)
        try connection.query(
          "INSERT INTO tenants (id, name) VALUES (\(tenantID), \(account.companyName.description))")
        try connection.query(
          """
          INSERT INTO memberships (tenant_id, user_id, role) VALUES (\(tenantID), \(userID), 'owner')
          """)
        let actor = AuditActor(
          userID: actor.userID ?? userID, keyID: actor.keyID, address: actor.address,
          requestID: actor.requestID)
        try AuditLog.add(
          action, subject: userID.description, tenant: tenantID, by: actor,
          details: [("tier", account.tier.rawValue), ("role", account.role.rawValue)],
          to: &connection)
        let letter: LetterKind? =
          switch action {
          case .accountRegistered: .verifyEmail
          // Made by somebody else: its owner has yet to choose a password.
          case .accountCreated: .invitation
          default: nil
          }
        if let letter {
          try Letterbox.add(letter, to: account.email.description, user: userID, to: &connection)
        }
        return try key.map {
          try addKey(
            NewKey(name: "default", key: $0, scopes: .standard(for: account.role), expiresAt: nil), userID: userID,
            tenantID: tenantID, by: actor, to: &connection)
        }
      }
      return (userID, tenantID, keyID)
    } catch let error as PostgresError where error.violatedUnique == "users_email_key" {
      throw AccountRefusal.emailTaken
    }
  }

  /// Finds an account for login; nil if there is none of that address.
  ///
  /// - Parameter concurrent: content requests that may run at once for an account without a row of its own.
  public func loginAccount(
    email: EmailAddress, from address: AddressGroup, concurrent: Int
  ) throws -> LoginAccount? {
    try transaction(in: .service) { connection in
      try connection.query(
        """
        SELECT u.id, m.tenant_id, u.password_hash, u.is_active, u.email, u.company_name, u.subscription_tier, u.role,
               u.created_at, u.updated_at, r.requests_per_minute, r.requests_per_hour, r.requests_per_day,
               r.concurrent, a.address IS NOT NULL, u.has_second_factor, u.email_verified_at IS NOT NULL
        FROM users u
        JOIN LATERAL (SELECT tenant_id FROM memberships WHERE user_id = u.id ORDER BY created_at LIMIT 1) m ON true
        LEFT JOIN rate_limits r ON r.user_id = u.id
        LEFT JOIN known_addresses a ON a.user_id = u.id AND a.address = \(address.description)
        WHERE u.email = \(email)
        """
      ).first.map { row in
        let tier = Tier(rawValue: try row.string(6)) ?? .free
        let userID: ID<User> = try row.id(0)
        let tenantID: ID<Tenant> = try row.id(1)
        return LoginAccount(
          userID: userID, tenantID: tenantID, passwordHash: PasswordHash(try row.string(2)),
          isActive: try row.bool(3), hasSecondFactor: try row.bool(15),
          profile: Profile(
            userID: userID, tenantID: tenantID, email: try row.string(4), emailIsVerified: try row.bool(16),
            companyName: try row.string(5), tier: tier,
            role: Role(rawValue: try row.string(7)) ?? .free, isActive: try row.bool(3),
            hasSecondFactor: try row.bool(15),
            limits: try row.limits(of: tier, from: 10, concurrent: concurrent),
            createdAt: try row.timestamp(8), updatedAt: try row.timestamp(9)),
          addressIsKnown: try row.bool(14))
      }
    }
  }

  /// Notes a login: a session begins, the address is known from here on, the new key (if one was asked for) and a better
  /// hash (if the old one was of an old kind) are kept.
  public func recordLogin(
    of account: LoginAccount, from address: AddressGroup, session: NewSession, rule: SessionRule, key: NewKey?,
    upgrade: PasswordHash?, by actor: AuditActor
  ) throws -> (session: SessionIdentity, keyID: ID<Key>?, epoch: Int) {
    try transaction(in: .tenant(account.tenantID)) { connection in
      try connection.query(
        """
        INSERT INTO known_addresses (user_id, address) VALUES (\(account.userID), \(address.description))
        ON CONFLICT (user_id, address) DO UPDATE SET last_seen = now()
        """)
      if let upgrade {
        try connection.query(
          """
          UPDATE users SET password_hash = \(upgrade.text)
          WHERE id = \(account.userID) AND password_hash = \(account.passwordHash?.text)
          """)
        try AuditLog.add(
          .passwordUpgraded, subject: account.userID.description, tenant: account.tenantID,
          by: actor, to: &connection)
      }
      try AuditLog.add(
        .loginSucceeded, subject: account.userID.description, tenant: account.tenantID, by: actor,
        to: &connection)
      let keyID = try key.map {
        try addKey(
          $0, userID: account.userID, tenantID: account.tenantID, by: actor, to: &connection)
      }
      let session = try addSession(
        session, userID: account.userID, tenantID: account.tenantID, keyID: nil, role: account.profile.role,
        rule: rule, by: actor, to: &connection)
      return (session, keyID, try Self.epoch(of: account.userID, &connection))
    }
  }

  /// Notes a login that failed or was locked out. `account` is nil where there is none of that address.
  public func recordFailedLogin(
    _ action: AuditAction, account: LoginAccount?, emailDigest: String, by actor: AuditActor
  ) throws {
    let tenant = account?.tenantID ?? AuditLog.noTenant
    try transaction(in: .tenant(tenant)) { connection in
      try AuditLog.add(
        action, subject: account?.userID.description ?? "email:\(emailDigest)", tenant: tenant,
        by: actor, to: &connection)
    }
  }

  /// Notes an event that changes nothing else.
  public func recordEvent(
    _ action: AuditAction, subject: String, tenant: ID<Tenant>, by actor: AuditActor
  ) throws {
    try transaction(in: .tenant(tenant)) { connection in
      try AuditLog.add(action, subject: subject, tenant: tenant, by: actor, to: &connection)
    }
  }

  /// Changes what an owner may change of a profile. Gives the new epoch and the time of the change.
  public func updateProfile(
    of principal: Principal, companyName: DisplayName, by actor: AuditActor
  ) throws -> (epoch: Int, updatedAt: Double) {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      let rows = try connection.query(
        """
        UPDATE users SET company_name = \(companyName.description)
        WHERE id = \(principal.userID)
        RETURNING auth_epoch, updated_at
        """)
      guard let row = rows.first else { throw AccountRefusal.noSuchAccount }
      try AuditLog.add(
        .accountUpdated, subject: principal.userID.description, tenant: principal.tenantID,
        by: actor, details: [("members", "company_name")], to: &connection)
      return (try row.int(0), try row.timestamp(1))
    }
  }

  /// Changes an account's tier, for operators. The role follows unless it is `admin`.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``.
  public func setTier(
    _ tier: Tier, of email: EmailAddress
  ) throws -> (userID: ID<User>, epoch: Int) {
    try change(UserChange(tier: tier), of: email)
  }

  /// Limits of one account's own; nil leaves the tier's.
  public struct LimitOverrides: Sendable {
    public var perMinute: Int?
    public var perHour: Int?
    public var perDay: Int?
    public var concurrent: Int?

    public init(perMinute: Int?, perHour: Int?, perDay: Int?, concurrent: Int?) {
      self.perMinute = perMinute
      self.perHour = perHour
      self.perDay = perDay
      self.concurrent = concurrent
    }
  }

  /// Sets limits of one account's own, for operators.
  ///
  /// - Throws: ``AccountRefusal/noSuchAccount``.
  public func setLimits(
    _ limits: LimitOverrides, of email: EmailAddress
  ) throws -> (userID: ID<User>, epoch: Int) {
    func wish(_ limit: Int?) -> LimitChanges.Wish { limit.map { .own($0) } ?? .tier }
    return try change(
      UserChange(
        limits: LimitChanges(
          perMinute: wish(limits.perMinute), perHour: wish(limits.perHour), perDay: wish(limits.perDay),
          concurrent: wish(limits.concurrent))),
      of: email)
  }

  private func change(
    _ change: UserChange, of email: EmailAddress
  ) throws -> (userID: ID<User>, epoch: Int) {
    let id = try userID(of: email)
    return try transaction(in: .service) { connection in
      try Self.apply(change, to: id, by: .operatorAtHost, &connection)
      return (id, try Self.epoch(of: id, &connection))
    }
  }

  /// Makes void whatever any worker remembers of an account. Gives the new epoch.
  public func raiseEpoch(of principal: Principal) throws -> Int {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      try connection.query("UPDATE users SET auth_epoch = auth_epoch + 1 WHERE id = \(principal.userID)")
      return try Self.epoch(of: principal.userID, &connection)
    }
  }

  static func epoch(
    of user: ID<User>, _ connection: inout Postgres.Connection
  ) throws(PostgresError) -> Int {
    guard let row = try connection.query("SELECT auth_epoch FROM users WHERE id = \(user)").first
    else { throw PostgresError(.unexpectedRow, "no user \(user)") }
    return try row.int(0)
  }

  static func personalTenant(
    of user: ID<User>, _ connection: inout Postgres.Connection
  ) throws(PostgresError) -> ID<Tenant> {
    let rows = try connection.query(
      "SELECT tenant_id FROM memberships WHERE user_id = \(user) ORDER BY created_at LIMIT 1")
    return try rows.first?.id(0) ?? AuditLog.noTenant
  }
}

extension Row {
  /// The limits of an account: the tier's, unless a row of its own (four columns from `column` on) says otherwise.
  func limits(of tier: Tier, from column: Int, concurrent: Int) throws(PostgresError) -> AccountLimits {
    let standard = AccountLimits.of(tier, concurrent: concurrent)
    return AccountLimits(
      perMinute: try optionalInt(column) ?? standard.perMinute,
      perHour: try optionalInt(column + 1) ?? standard.perHour,
      perDay: try optionalInt(column + 2) ?? standard.perDay,
      concurrent: try optionalInt(column + 3) ?? standard.concurrent)
  }
}
