import Domain
import Harness
import Postgres
import Redis
import Testing

@testable import Store

@Suite(.serialized) struct DatabaseCopyTests {
  private let scratch: ScratchDatabase
  private let redis: ScratchRedis
  private let database: Database
  private let account: Account

  init() throws {
    scratch = try ScratchPostgres.database(for: "DatabaseCopyTests")
    redis = try ScratchRedis.server(for: "DatabaseCopyTests")
    database = scratch.open()
    account = try database.register()
  }

  private func facts() throws -> DatabaseFacts {
    var copy = try DatabaseCopy(dsn: scratch.ownerDSN, password: nil)
    return try copy.facts()
  }

  private func table(_ facts: DatabaseFacts, _ name: String) throws -> DatabaseFacts.Table {
    try #require(facts.tables.first { $0.name == "public.\(name)" })
  }

  @Test func `Every row of every tenant is counted, and a change of one shows`() throws {
    // given
    let before = try facts()
    // when
    try scratch.look("UPDATE api_keys SET name = name || '.' WHERE user_id = \(account.userID)::uuid")
    // then
    let after = try facts()
    #expect(try table(before, "api_keys").rows == scratch.count("SELECT count(*) FROM api_keys"))
    #expect(try table(before, "users").rows == scratch.count("SELECT count(*) FROM users"))
    let rows = try table(before, "api_keys").rows
    #expect(before.differences(from: after) == ["public.api_keys has \(rows) rows, but not the same ones"])
  }

  @Test func `The same rows give the same facts`() throws {
    #expect(try facts().differences(from: facts()).isEmpty)
  }

  @Test func `A right that another role lost, or got, shows`() throws {
    let before = try facts()
    try scratch.look("GRANT TRUNCATE ON posts TO petstore")
    #expect(try before.differences(from: facts()).contains { $0.contains("rights") })
    try scratch.look("REVOKE TRUNCATE ON posts FROM petstore")
    #expect(try before.rights == facts().rights)
  }

  @Test func `A snapshot does not see what comes after it`() throws {
    var copy = try DatabaseCopy(dsn: scratch.ownerDSN, password: nil)
    let (before, name) = try copy.withSnapshot { facts, name in
      _ = try database.register()
      return (facts, name)
    }
    #expect(!name.isEmpty)
    #expect(try table(facts(), "users").rows == table(before, "users").rows + 1)
  }

  @Test func `An audit trail in order has no faults; one without its guard, its keys or its numbers has`() throws {
    var copy = try DatabaseCopy(dsn: scratch.ownerDSN, password: nil)
    #expect(try copy.auditFaults().isEmpty)
    func faults(while change: SQL, and back: SQL) throws -> [String] {
      try scratch.look(change)
      let faults = try copy.auditFaults()
      try scratch.look(back)
      return faults
    }
    #expect(
      try faults(
        while: "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
        and: "ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only"
      ).contains { $0.contains("append-only") })
    #expect(
      try faults(while: "GRANT DELETE ON audit_events TO petstore", and: "REVOKE DELETE ON audit_events FROM petstore")
        .contains { $0.contains("more or less") })
    #expect(
      try faults(
        while: "UPDATE person_keys SET key = sha256(key) WHERE user_id = \(account.userID)::uuid",
        and: "DELETE FROM users WHERE id = \(account.userID)::uuid"
      ).contains { $0.contains("not every sealed event opens") })
    #expect(
      try faults(
        while: "SELECT setval('audit_events_id_seq', 1, false)",
        and: "SELECT setval('audit_events_id_seq', (SELECT max(id) FROM audit_events))"
      ).contains { $0.contains("begin again") })
    #expect(try copy.auditFaults().isEmpty)
  }

  @Test func `A database with tables is no place to restore into, and who is connected is counted`() throws {
    var copy = try DatabaseCopy(dsn: scratch.ownerDSN, password: nil)
    let lines = try database.pool.withConnection { _ in try copy.obstacles() }
    #expect(lines.contains { $0.contains("not empty") && $0.contains("createdb") })
    #expect(lines.contains { $0.contains("connected") })
  }

  @Test func `After a restore nothing that a worker remembers is believed, also of accounts that are gone`() throws {
    // given a worker that knows two accounts, and a Redis that believes it
    var repair = EpochRepair(database: database, link: redis.link())
    while try repair.run() > 0 {}
    var link = redis.link()
    let lost = try database.register()
    func admit(_ account: Account) throws -> Admission {
      try link.admit(
        Call(endpoint: "show_profile"), for: account.cached, source: .cache, name: CallName(thread: "t", number: 1),
        completions: "", idleSeconds: 3_600)
    }
    for account in [account, lost] {
      try link.raiseEpoch(of: account.userID, to: account.cached.principal.epoch)
      guard case .admitted = try admit(account) else {
        Issue.record("a cached principal is not admitted to begin with")
        return
      }
    }
    // when the database goes back to before the second one
    try scratch.look("ALTER TABLE users DISABLE TRIGGER USER")
    try scratch.look("DELETE FROM users WHERE id = \(lost.userID)::uuid")
    try scratch.look("ALTER TABLE users ENABLE TRIGGER USER")
    var copy = try DatabaseCopy(dsn: scratch.ownerDSN, password: nil)
    let accounts = try copy.voidEpochs()
    #expect(try repair.run() == 1)
    // then
    #expect(accounts == (try scratch.count("SELECT count(*) FROM users")))
    #expect(try admit(account) == .epochDiffers)
    #expect(try admit(lost) == .epochDiffers)
    #expect(try repair.run() == 0)
  }

  @Test func `No epoch of an account is ever used again, however often it is restored`() throws {
    func epoch() throws -> Int {
      try scratch.count("SELECT auth_epoch FROM users WHERE id = \(account.userID)::uuid")
    }
    var copy = try DatabaseCopy(dsn: scratch.ownerDSN, password: nil)
    _ = try copy.voidEpochs()
    let first = try epoch()
    for _ in 0..<5 {
      try scratch.look("UPDATE users SET company_name = company_name || '.' WHERE id = \(account.userID)::uuid")
    }
    let used = try epoch()
    // The same backup once more.
    try scratch.look("ALTER TABLE users DISABLE TRIGGER USER")
    try scratch.look("UPDATE users SET auth_epoch = 1 WHERE id = \(account.userID)::uuid")
    try scratch.look("ALTER TABLE users ENABLE TRIGGER USER")
    _ = try copy.voidEpochs()
    #expect(used == first + 5)
    #expect(try epoch() > used)
  }
}
