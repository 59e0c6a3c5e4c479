// Migrations: forward only, numbered, each in a transaction of its own, all under one advisory lock so that two hosts
// may start at the same moment. Safe while the previous version serves: a step that waits for a lock longer than a
// second gives up instead of making everybody queue behind it.

public import Domain
public import Postgres
public import Schema

/// Brings the schema up to date.
public struct Migrator: ~Copyable {
  private var connection: Postgres.Connection

  /// "psd" in ASCII; any constant that nobody else locks.
  private static let lock = 7_370_596

  public init(dsn: String, password: Secret<String>?) throws(PostgresError) {
    connection = try Postgres.Connection(
      dsn: dsn, password: password?.exposed, timeout: .seconds(600))
  }

  /// Applies what is missing and gives the names of what it applied.
  public mutating func run(_ migrations: [Migration] = Schema.migrations) throws -> [String] {
    // That a table exists already is no news for an operator.
    try connection.query("SET client_min_messages = warning")
    try connection.query("SELECT pg_advisory_lock(\(Self.lock)::bigint)")
    defer { _ = try? connection.query("SELECT pg_advisory_unlock(\(Self.lock)::bigint)") }
    try connection.run(
      script: """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          version     integer PRIMARY KEY,
          name        text NOT NULL,
          applied_at  timestamptz NOT NULL DEFAULT now()
        );
        GRANT SELECT ON schema_migrations TO petstore;
        """)
    let applied = try Self.version(&connection)
    var names: [String] = []
    for migration in migrations where migration.version > applied {
      try connection.transaction { connection in
        try connection.query("SET LOCAL lock_timeout = '1s'")
        try connection.run(script: SQL(trusted: migration.sql))
        try connection.query(
          """
          INSERT INTO schema_migrations (version, name)
          VALUES (\(migration.version)::integer, \(migration.name))
          """)
      }
      names.append(migration.name)
    }
    return names
  }

  /// The version that a database is at; 0 when it is empty.
  public static func version(_ connection: inout Postgres.Connection) throws(PostgresError) -> Int {
    try connection.query("SELECT coalesce(max(version), 0) FROM schema_migrations").first?.int(0)
      ?? 0
  }
}
