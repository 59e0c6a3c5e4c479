import Crypto
import Domain
import Harness
import Postgres
import Testing

@testable import Store

@Suite(.serialized) struct AccountTests {
  private let scratch: ScratchDatabase
  private let database: Database

  init() throws {
    scratch = try ScratchPostgres.database(for: "AccountTests")
    database = scratch.open()
  }

  private func events(_ subject: String) throws -> [String] {
    try scratch.look("SELECT action FROM audit_events WHERE subject = \(subject) ORDER BY id")
      .map { try $0.string(0) }
  }

  @Test func `A new account has its tenant, membership, key and audit events`() throws {
    // when
    let account = try database.register(email: "Anna.Pet@Example.com")
    // then
    #expect(account.principal.email == "anna.pet@example.com")
    #expect(account.principal.tenantID == account.tenantID)
    #expect(account.principal.scopes == ScopeSet.standard(for: .free).allowed(to: .free) && account.principal.isActive)
    #expect(account.principal.limits == AccountLimits.of(.free))
    #expect(try events(account.userID.description) == ["account.registered"])
    #expect(try events(account.keyID.description) == ["key.created"])
    let row = try #require(
      try scratch.look(
        """
        SELECT tenant_id = \(account.tenantID)::uuid AND actor_id = \(account.userID)::uuid
               AND address = '192.0.2.7' AND request_id = 'req-0123456789abcdef'
        FROM audit_trail WHERE subject = \(account.userID.description)
        """
      ).first)
    #expect(try row.bool(0))
  }

  @Test func `An address that is taken adds nothing at all`() throws {
    // given
    let account = try database.register()
    func rows() throws -> Int {
      try scratch.count(
        """
        SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM tenants) + (SELECT count(*) FROM memberships)
             + (SELECT count(*) FROM api_keys) + (SELECT count(*) FROM audit_events)
        """)
    }
    let before = try rows()
    // when
    #expect(throws: AccountRefusal.emailTaken) {
      try database.register(email: account.email.description.uppercased())
    }
    // then
    #expect(try rows() == before)
  }

  @Test func `Two registrations of one address at once make one account`() throws {
    // given
    let database = database
    let (made, refused) = (Counter(), Counter())
    // when
    concurrently(4) { _ in
      do {
        _ = try database.register(email: "race@example.com")
        made.add()
      } catch AccountRefusal.emailTaken {
        refused.add()
      } catch {}
    }
    // then
    #expect(made.value == 1 && refused.value == 3)
  }

  @Test func `No key, plain or in part beyond its prefix, is kept anywhere`() throws {
    let account = try database.register()
    let secret = String(account.key.text.exposed.dropFirst(13).prefix(20))
    for table in ["users", "api_keys", "audit_events", "tenants", "memberships"] {
      let query = SQL(
        trusted: "SELECT count(*) FROM \(table) t WHERE t::text LIKE '%\(secret)%'")
      #expect(try scratch.count(query) == 0, "\(table)")
    }
  }

  @Test func `Login finds an account, its tenant and whether the address is known`() throws {
    // given
    let account = try database.register(tier: .standard)
    let address = AddressGroup("2001:db8:1:2::3")
    // when
    let stranger = try #require(
      try database.loginAccount(email: account.email, from: address, concurrent: 10))
    _ = try database.recordLogin(
      of: stranger, from: address, session: .plain, rule: .roomy, key: nil, upgrade: nil, by: someone)
    let known = try #require(
      try database.loginAccount(
        email: account.email, from: AddressGroup("2001:db8:1:2:ffff::1"), concurrent: 10))
    // then
    #expect(!stranger.addressIsKnown && known.addressIsKnown)
    #expect(known.userID == account.userID && known.tenantID == account.tenantID)
    #expect(known.profile.limits == AccountLimits.of(.standard))
    #expect(
      try events(account.userID.description) == ["account.registered", "login.succeeded"])
    let nobody = try #require(EmailAddress("nobody@example.com"))
    #expect(try database.loginAccount(email: nobody, from: address, concurrent: 10) == nil)
  }

  @Test func `A better hash takes the old one's place, once, and raises the epoch`() throws {
    // given
    let account = try database.register()
    let address = AddressGroup("192.0.2.1")
    let found = try #require(
      try database.loginAccount(email: account.email, from: address, concurrent: 10))
    let better = try #require(
      PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$" + String(repeating: "b", count: 66)))
    // when
    let first = try database.recordLogin(
      of: found, from: address, session: .plain, rule: .roomy, key: nil, upgrade: better, by: someone)
    // then
    #expect(first.epoch == account.principal.epoch + 1)
    let now = try #require(
      try database.loginAccount(email: account.email, from: address, concurrent: 10))
    #expect(now.passwordHash == better)
    #expect(try events(account.userID.description).contains("password.upgraded"))
  }

  @Test func `A failed login is written down, for an unknown address too`() throws {
    try database.recordFailedLogin(
      .loginFailed, account: nil, emailDigest: "abc123", by: someone)
    #expect(try events("email:abc123") == ["login.failed"])
  }

  @Test func `A profile changes with its audit event, and the new epoch is told`() throws {
    // given
    let account = try database.register()
    let name = try #require(DisplayName("Fins & Feathers", limit: 200))
    // when
    let changed = try database.updateProfile(
      of: account.principal, companyName: name, by: someone)
    // then
    #expect(changed.epoch == account.principal.epoch + 1)
    let loaded = try #require(
      try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(account.key.hash)))
    #expect(loaded.principal.companyName == "Fins & Feathers")
    #expect(loaded.principal.epoch == changed.epoch)
    #expect(
      try events(account.userID.description) == ["account.registered", "account.updated"])
  }

  @Test func `An operator sets tier and limits, and an administrator stays one`() throws {
    // given
    let account = try database.register()
    let admin = try database.register()
    try scratch.look("UPDATE users SET role = 'admin' WHERE id = \(admin.userID)::uuid")
    // when
    let premium = try database.setTier(.premium, of: account.email)
    _ = try database.setTier(.premium, of: admin.email)
    let limited = try database.setLimits(
      .init(perMinute: 7, perHour: nil, perDay: nil, concurrent: 3), of: account.email)
    // then
    #expect(premium.epoch == 2 && limited.epoch == 3)
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600)
    let loaded = try #require(try principals.load(.keyHash(account.key.hash))).principal
    #expect(loaded.tier == .premium && loaded.role == .premium)
    #expect(
      loaded.limits
        == AccountLimits(perMinute: 7, perHour: 50_000, perDay: 500_000, concurrent: 3))
    #expect(try #require(try principals.load(.keyHash(admin.key.hash))).principal.role == .admin)
    #expect(
      try events(account.userID.description)
        == ["account.registered", "account.tier_changed", "account.role_changed", "account.limits_changed"])
    let nobody = try #require(EmailAddress("nobody@example.com"))
    #expect(throws: AccountRefusal.noSuchAccount) { try database.setTier(.free, of: nobody) }
  }

  @Test func `A change and its audit event come together or not at all`() throws {
    // given: a database in which nothing can be written to the trail
    let own = try ScratchPostgres.database(for: "AccountTests.noTrail")
    let database = own.open()
    let account = try database.register()
    try own.look("ALTER TABLE audit_events ADD CONSTRAINT nothing CHECK (false) NOT VALID")
    let name = try #require(DisplayName("Changed", limit: 200))
    // when
    #expect(throws: PostgresError.self) { try database.register() }
    #expect(throws: PostgresError.self) {
      try database.updateProfile(of: account.principal, companyName: name, by: someone)
    }
    #expect(throws: PostgresError.self) {
      try database.revokeKey(account.keyID, of: account.principal, by: someone)
    }
    #expect(throws: PostgresError.self) { try database.setTier(.premium, of: account.email) }
    // then
    #expect(try own.count("SELECT count(*) FROM users WHERE id <> \(PublicAccount.userID)") == 1)
    #expect(
      try own.count(
        """
        SELECT count(*) FROM users
        WHERE id = \(account.userID) AND auth_epoch = 1 AND company_name <> 'Changed'
        """) == 1)
    #expect(
      try own.count("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL AND id <> \(PublicAccount.keyID)") == 1)
  }
}
