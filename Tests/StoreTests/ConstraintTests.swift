// What the database itself refuses, whoever asks: each constraint violated once, rows out of scope, the audit trail.

import Domain
import Harness
import Postgres
import Testing

@testable import Store

@Suite(.serialized) struct ConstraintTests {
  private let scratch: ScratchDatabase
  private let database: Database
  private let account: Account

  init() throws {
    scratch = try ScratchPostgres.database(for: "ConstraintTests")
    database = scratch.open()
    account = try database.register()
  }

  /// SQLSTATE and constraint of what a statement violates; `:user`, `:tenant`, `:key` and `:new` stand for ids.
  private func refusal(_ statement: String) throws -> PostgresError.Kind? {
    var text = statement
    for (name, value) in [
      (":user", account.userID.description), (":tenant", account.tenantID.description),
      (":key", account.keyID.description), (":new", ID<User>.random().description),
    ] {
      text = text.split(separator: name, omittingEmptySubsequences: false)
        .joined(separator: "'\(value)'")
    }
    do {
      try scratch.look(SQL(trusted: text))
      return nil
    } catch let error as PostgresError {
      return error.kind
    }
  }

  private static let hash = "'$2b$12$' || repeat('a', 53)"
  private static let checks: [(constraint: String, statement: String)] = [
    ("users_email_folded", "UPDATE users SET email = 'A@b.example' WHERE id = :user"),
    ("users_email_folded", "UPDATE users SET email = repeat('a', 255) WHERE id = :user"),
    ("users_password_hash_form", "UPDATE users SET password_hash = 'secret' WHERE id = :user"),
    ("users_company_name_length", "UPDATE users SET company_name = '' WHERE id = :user"),
    ("users_company_name_length", "UPDATE users SET company_name = repeat('a', 201) WHERE id = :user"),
    ("users_tier", "UPDATE users SET subscription_tier = 'gold' WHERE id = :user"),
    ("users_role", "UPDATE users SET role = 'root' WHERE id = :user"),
    ("tenants_name_length", "UPDATE tenants SET name = '' WHERE id = :tenant"),
    ("memberships_role", "UPDATE memberships SET role = 'god' WHERE user_id = :user"),
    ("api_keys_name_length", "UPDATE api_keys SET name = '' WHERE id = :key"),
    ("api_keys_key_hash_hex", "UPDATE api_keys SET key_hash = repeat('G', 64) WHERE id = :key"),
    ("api_keys_prefix_form", "UPDATE api_keys SET key_prefix = 'psd_live_abcde' WHERE id = :key"),
    (
      "rate_limits_minute",
      "INSERT INTO rate_limits (user_id, requests_per_minute) VALUES (:user, 0)"
    ),
    (
      "rate_limits_hour",
      "INSERT INTO rate_limits (user_id, requests_per_hour) VALUES (:user, 70000001)"
    ),
    ("rate_limits_day", "INSERT INTO rate_limits (user_id, requests_per_day) VALUES (:user, -1)"),
    (
      "rate_limits_concurrent",
      "INSERT INTO rate_limits (user_id, concurrent) VALUES (:user, 0)"
    ),
    (
      "audit_events_action_form",
      """
      INSERT INTO audit_events (tenant_id, action, subject, address, request_id)
      VALUES (:tenant, 'Nonsense', '', '', '')
      """
    ),
  ]

  @Test(arguments: checks.indices)
  func `A value that makes no sense is refused by a constraint of that name`(index: Int) throws {
    let (constraint, statement) = Self.checks[index]
    #expect(
      try refusal(statement)
        == PostgresError.Kind.refused(state: "23514", constraint: constraint))
  }

  @Test func `What must be unique is`() throws {
    let other = try database.register()
    let cases = [
      ("users_email_key", "UPDATE users SET email = '\(other.email)' WHERE id = :user"),
      ("api_keys_key_hash_key", "UPDATE api_keys SET key_hash = '\(other.key.hash)' WHERE id = :key"),
      ("memberships_pkey", "INSERT INTO memberships VALUES (:tenant, :user, 'member')"),
      (
        "api_keys_name_key",
        """
        INSERT INTO api_keys (id, user_id, tenant_id, name, key_hash, key_prefix, scopes)
        VALUES (:new, :user, :tenant, 'default', repeat('1', 64), 'psd_live_abcd', '{}')
        """
      ),
    ]
    for (constraint, statement) in cases {
      #expect(
        try refusal(statement)
          == PostgresError.Kind.refused(state: "23505", constraint: constraint))
    }
  }

  @Test func `Nothing points to what is not there`() throws {
    for statement in [
      "INSERT INTO rate_limits (user_id) VALUES (:new)",
      "INSERT INTO known_addresses VALUES (:new, '192.0.2.1')",
      "INSERT INTO memberships VALUES (:tenant, :new, 'member')",
      "UPDATE api_keys SET replaced_by = :new WHERE id = :key",
    ] {
      guard case .refused("23503", _) = try refusal(statement) else {
        Issue.record("accepted: \(statement)")
        continue
      }
    }
  }

  @Test func `A histogram has twelve classes`() throws {
    #expect(UsageCounts().histogram.count == 12)
    try scratch.look("SELECT petstore_ensure_usage_partition(now())")
    let statement = """
      INSERT INTO api_usage (hour, tenant_id, user_id, endpoint, latency_histogram)
      VALUES (date_trunc('hour', now()), :tenant, :user, 'x', '{1,2}')
      """
    #expect(
      try refusal(statement)
        == PostgresError.Kind.refused(state: "23514", constraint: "api_usage_histogram_length"))
  }

  // MARK: - Scopes

  private static let tables = ["memberships", "api_keys", "api_usage", "audit_events"]

  private func visible(_ scope: RowScope?) throws -> [String: Int] {
    try scratch.look("SELECT petstore_ensure_usage_partition(now())")
    try scratch.look(
      """
      INSERT INTO api_usage (hour, tenant_id, user_id, endpoint)
      VALUES (date_trunc('hour', now()), \(account.tenantID)::uuid, \(account.userID)::uuid, 'x')
      ON CONFLICT DO NOTHING
      """)
    var counts: [String: Int] = [:]
    for table in Self.tables {
      let query = SQL(
        trusted: "SELECT count(*) FROM \(table) WHERE tenant_id = '\(account.tenantID)'")
      func count(_ connection: inout Postgres.Connection) throws -> Int {
        try connection.query(query).first?.int(0) ?? -1
      }
      counts[table] =
        if let scope {
          try database.transaction(in: scope, count)
        } else {
          try database.pool.withConnection(count)
        }
    }
    return counts
  }

  @Test func `Without a scope no tenant's rows are seen`() throws {
    #expect(try visible(nil) == Dictionary(uniqueKeysWithValues: Self.tables.map { ($0, 0) }))
  }

  @Test func `In another tenant's scope none of this tenant's rows are seen`() throws {
    let other = try database.register()
    #expect(
      try visible(.tenant(other.tenantID))
        == Dictionary(uniqueKeysWithValues: Self.tables.map { ($0, 0) }))
  }

  @Test func `In its own scope and the service's they are`() throws {
    let expected = ["memberships": 1, "api_keys": 1, "api_usage": 1, "audit_events": 2]
    #expect(try visible(.tenant(account.tenantID)) == expected)
    #expect(try visible(.service) == expected)
  }

  @Test func `A scope ends with its transaction`() throws {
    let pool = scratch.pool(size: 1)
    let database = Database(pool: pool)
    _ = try database.transaction(in: .service) { try $0.query("SELECT 1") }
    let left = try pool.withConnection { connection in
      try connection.query("SELECT count(*) FROM api_keys").first?.int(0)
    }
    #expect(left == 0)
  }

  @Test func `Nobody writes into another tenant`() throws {
    let other = try database.register()
    let error = #expect(throws: PostgresError.self) {
      try database.transaction(in: .tenant(other.tenantID)) { connection in
        try connection.query(
          "INSERT INTO memberships VALUES (\(account.tenantID), \(other.userID), 'owner')")
      }
    }
    #expect(error?.kind == PostgresError.Kind.refused(state: "42501", constraint: nil as String?))
  }

  @Test func `The application's role changes no schema and reads no partition past its scope`()
    throws
  {
    _ = try visible(nil)
    for statement in [
      "CREATE TABLE mine ()", "DROP TABLE users", "ALTER TABLE api_keys DISABLE ROW LEVEL SECURITY",
      "TRUNCATE users", "DELETE FROM users", "SET ROLE petstore_owner",
    ] {
      #expect(throws: PostgresError.self, "\(statement)") {
        try database.pool.withConnection { try $0.run(script: SQL(trusted: statement)) }
      }
    }
    let month = try #require(
      try scratch.look(
        "SELECT 'api_usage_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')"
      ).first?.string(0))
    let seen =
      try? database.pool.withConnection { connection in
        try connection.query(SQL(trusted: "SELECT count(*) FROM \(month)")).first?.int(0)
      } ?? 0
    #expect((seen ?? 0) == 0, "a partition shows every tenant's usage")
  }

  // MARK: - The audit trail

  @Test(arguments: [
    "UPDATE audit_events SET action = 'x.y'", "DELETE FROM audit_events", "TRUNCATE audit_events",
  ])
  func `The audit trail only grows, for its owner and a superuser too`(statement: String) throws {
    let before = try scratch.count("SELECT count(*) FROM audit_events")
    for dsn in [scratch.dsn, scratch.ownerDSN, scratch.superuserDSN] {
      var connection = try Postgres.Connection(dsn: dsn, password: nil, timeout: .seconds(5))
      if dsn != scratch.superuserDSN {
        try connection.query("SELECT set_config('petstore.scope', 'service', false)")
      }
      let error = #expect(throws: PostgresError.self) {
        try connection.run(script: SQL(trusted: statement))
      }
      #expect(
        error?.kind == PostgresError.Kind.refused(state: "42501", constraint: nil as String?))
    }
    #expect(try scratch.count("SELECT count(*) FROM audit_events") == before)
  }

  @Test(arguments: AuditAction.allCases)
  func `Every action that the product knows is accepted by the trail`(action: AuditAction) throws {
    try database.transaction(in: .tenant(account.tenantID)) { connection in
      try AuditLog.add(
        action, subject: "x", tenant: account.tenantID, by: .operatorAtHost,
        details: [("quote\"", "back\\slash, {brace} 'and' NULL")], to: &connection)
    }
  }
}
