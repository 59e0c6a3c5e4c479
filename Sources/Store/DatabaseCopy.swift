// A database as a whole: what is in it at one moment, and what must happen to one that was brought back. As the role that
// owns the tables, whom row-level security does not hide any row from.

public import Domain
public import Postgres
import Schema

/// A connection of the owner's, for backups and restoring.
public struct DatabaseCopy: ~Copyable {
  private var connection: Postgres.Connection

  /// What stands in epoch_changes for everybody: after a restore no epoch that Redis knows may be believed.
  static let everybody = ID<User>(high: 0, low: 0)

  /// - Parameter dsn: of the role that owns the tables.
  public init(dsn: String, password: Secret<String>?) throws(PostgresError) {
    // Counting a large table takes its time, and the snapshot is held as long as pg_dump reads.
    connection = try Postgres.Connection(dsn: dsn, password: password?.exposed, timeout: .seconds(6 * 3600))
  }

  /// Runs `body` with the facts of a moment and the name under which another connection sees the same moment.
  public mutating func withSnapshot<Result>(_ body: (DatabaseFacts, String) throws -> Result) throws -> Result {
    try connection.query("SET default_transaction_isolation = 'repeatable read'")
    return try connection.transaction { connection in
      let name = try connection.query("SELECT pg_export_snapshot()").first?.string(0) ?? ""
      return try body(try Self.facts(&connection), name)
    }
  }

  /// The extensions that a dump has to bring along: those of this role, and the one that the schema needs. Others, such as
  /// pg_stat_statements, are the administrator's, and this role could not make them anew.
  public mutating func extensionsOfSchema() throws -> [String] {
    let rows = try connection.query(
      """
      SELECT extname::text FROM pg_extension
      WHERE pg_get_userbyid(extowner) = current_user OR extname = 'pgcrypto' ORDER BY 1
      """)
    return try rows.map { row in try row.string(0) }
  }

  /// What is in the way of a restore, each with what to do; empty if nothing is.
  public mutating func obstacles() throws -> [String] {
    var lines: [String] = []
    let tables = try connection.query(Self.tables)
    if let first = try tables.first?.string(1) {
      lines.append(
        "the database is not empty: \(tables.count) tables, such as \(first). Restore into a new one: as postgres,"
          + " 'dropdb petstore' if nothing in it is needed any more, then 'createdb --owner petstore_owner petstore'")
    }
    if try connection.query("SELECT FROM pg_roles WHERE rolname = 'petstore'").isEmpty {
      lines.append("the role petstore, who gets the rights, is missing: as postgres, 'createuser petstore'")
    }
    let others = try connection.query(
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
      """
    ).first?.int(0)
    if let others, others > 0 {
      lines.append(
        "\(others) others are connected to the database. Stop the service first:"
          + " systemctl stop 'petstore-worker@*.socket' petstore.target")
    }
    return lines
  }

  /// The facts of the database as it is now.
  public mutating func facts() throws -> DatabaseFacts {
    try withSnapshot { facts, _ in facts }
  }

  /// What is wrong with the audit trail of a database that was brought back; empty if nothing is.
  public mutating func auditFaults() throws -> [String] {
    var lines: [String] = []
    let guards = try connection.query(
      """
      SELECT count(*) FROM pg_trigger
      WHERE tgrelid = 'audit_events'::regclass AND tgenabled = 'O'
        AND tgname IN ('audit_events_append_only', 'audit_events_no_truncate', 'audit_events_seal')
      """
    ).first?.int(0)
    if guards != 3 {
      lines.append("its triggers (append-only, no truncate, seal) are not all there: \(guards ?? 0) of 3")
    }
    let rights = try connection.query(
      """
      SELECT has_table_privilege('petstore', 'audit_events', 'SELECT, INSERT')
             AND NOT has_table_privilege('petstore', 'audit_events', 'UPDATE, DELETE, TRUNCATE')
      """
    ).first?.bool(0)
    if rights != true { lines.append("role petstore may do more or less with it than read and add") }
    let next = try connection.query(
      """
      SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('audit_events', 'id')::regclass), 0)
             >= coalesce((SELECT max(id) FROM audit_events), 0)
      """
    ).first?.bool(0)
    if next != true { lines.append("its numbers would begin again: the next event would get the number of an old one") }
    // An event that its person's key does not open makes decrypt fail, or gives no JSON.
    do {
      let closed = try connection.query(
        """
        SELECT count(*) FROM audit_events e JOIN users u ON u.id = e.person_id
        WHERE e.sealed IS NOT NULL AND petstore_open_event(e.person_id, e.sealed) IS NULL
        """
      ).first?.int(0)
      if let closed, closed > 0 {
        lines.append("\(closed) events of living accounts have lost the key that opens them")
      }
    } catch {
      lines.append("not every sealed event opens: \(error)")
    }
    return lines
  }

  /// Makes void what any worker or Redis remembers of accounts, whatever history it comes from. Gives the number of accounts.
  ///
  /// The database has gone back, so epochs that it will reach were used before and may be believed somewhere. Each
  /// account goes on from the time in milliseconds, which is more than it can have had before: fewer changes than that
  /// were made since the last restore. And Redis is told, through petstore watch, to forget all epochs: an epoch that it
  /// does not have counts as another one, so everybody is read anew, also accounts that are gone.
  public mutating func voidEpochs() throws -> Int {
    try connection.transaction { connection in
      let changed = try connection.query(
        """
        WITH changed AS (
          UPDATE users SET auth_epoch = greatest(auth_epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
          RETURNING 1)
        SELECT count(*) FROM changed
        """
      ).first?.int(0)
      try connection.query("DELETE FROM epoch_changes")
      try connection.query("INSERT INTO epoch_changes (user_id, epoch) VALUES (\(Self.everybody)::uuid, 0)")
      return changed ?? 0
    }
  }

  /// Gathers what the planner needs to know of the new tables.
  public mutating func analyze() throws {
    // Catalogues are not this role's, and it is told so for each.
    try connection.query("SET client_min_messages = error")
    try connection.query("ANALYZE")
  }

  // MARK: - Facts

  private static func facts(_ connection: inout Postgres.Connection) throws -> DatabaseFacts {
    // Rows are compared as texts: these settle how values are written.
    try connection.query(
      """
      SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
             set_config('intervalstyle', 'iso_8601', true), set_config('bytea_output', 'hex', true),
             set_config('extra_float_digits', '1', true), set_config('row_security', 'off', true)
      """)
    let moment = try connection.query(
      """
      SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text,
             split_part(current_setting('server_version'), ' ', 1)
      """
    ).first
    let tables = try connection.query(
      """
      WITH tables AS (\(shared: Self.tables)),
      counted AS MATERIALIZED (
        SELECT name, query_to_xml(
          'SELECT count(*) AS rows, coalesce(sum((''x'' || left(encode(sha256(convert_to(t::text, ''UTF8'')), ''hex''), 15))'
            || '::bit(60)::bigint), 0) AS checksum FROM ONLY ' || quoted || ' AS t', false, true, '') AS answer
        FROM tables)
      SELECT name, (xpath('/row/rows/text()', answer))[1]::text::bigint, (xpath('/row/checksum/text()', answer))[1]::text
      FROM counted
      ORDER BY name COLLATE "C"
      """)
    let rights = try connection.query(
      """
      WITH granted AS (
        SELECT c.relname || ' ' || coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC') || ' ' || a.privilege_type
               AS what
        FROM pg_class c
        CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.grantee <> c.relowner
          AND pg_get_userbyid(c.relowner) = current_user
        UNION ALL
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') '
               || coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC') || ' ' || a.privilege_type
        FROM pg_proc p
        CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'petstore%' AND a.grantee <> p.proowner)
      SELECT count(*),
             encode(sha256(convert_to(coalesce(string_agg(what, E'\\n' ORDER BY what COLLATE "C"), ''), 'UTF8')), 'hex')
      FROM granted
      """
    ).first
    guard let moment, let rights else { throw PostgresError(.connectionLost, "no answer") }
    return DatabaseFacts(
      schema: try Migrator.version(&connection), server: try moment.string(2), takenAt: try moment.string(0),
      walPosition: try moment.string(1),
      tables: try tables.map { row in
        DatabaseFacts.Table(name: try row.string(0), rows: try row.int(1), checksum: try row.string(2))
      },
      rights: DatabaseFacts.Table(name: "rights", rows: try rights.int(0), checksum: try rights.string(1)))
  }

  /// Tables with rows of their own that belong to no extension: `quoted` for a statement, `name` for people.
  private static let tables: SQL = """
    SELECT format('%I.%I', n.nspname, c.relname) AS quoted, n.nspname || '.' || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    """
}
