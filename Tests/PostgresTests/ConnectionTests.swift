import Glibc
import Harness
import Testing
import Threads

@testable import Postgres

@Suite(.serialized) struct ConnectionTests {
  private let scratch: ScratchDatabase

  init() throws { scratch = try ScratchPostgres.database(for: "ConnectionTests", migrated: false) }

  private func connect(_ timeout: Duration = .seconds(5)) throws -> Postgres.Connection {
    try Connection(dsn: scratch.ownerDSN, password: nil, timeout: timeout)
  }

  private func seconds(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return clock.measure(body) / .seconds(1)
  }

  @Test func `A value is never part of the text`() {
    let evil = "'; DROP TABLE users; --"
    let sql: SQL = "SELECT \(evil), \(5), \(nil as String?), \([evil, "b"]) WHERE \(true)"
    #expect(sql.text == "SELECT $1, $2, $3, $4 WHERE $5")
    let expected: [String?] = [evil, "5", nil, "{\"\(evil)\",\"b\"}", "t"]
    #expect(sql.parameters == expected)
  }

  @Test(arguments: [
    "", "'", "''", "\\", "\"", "{}", "NULL", "$1", "a\nb", "é\u{1F436}", "%s", "\u{7f}",
    "Robert'); DROP TABLE students;--",
  ])
  func `Any text comes back as it went, alone and in a list`(text: String) throws {
    var connection = try connect()
    let row = try #require(
      try connection.query(
        """
        SELECT \(text)::text, (\([text, "x", text])::text[])[1], (\([text, "x", text])::text[])[3],
               array_length(\([text, "x", text])::text[], 1)
        """
      ).first)
    #expect(try row.string(0) == text)
    #expect(try row.string(1) == text && row.string(2) == text)
    #expect(try row.int(3) == 3)
  }

  @Test func `Every type reads as what it is`() throws {
    var connection = try connect()
    let row = try #require(
      try connection.query(
        """
        SELECT \(-5)::smallint, \(-70_000)::integer, \(Int.min)::bigint, \(true)::boolean,
               \(false)::boolean, \(-1.5e300)::float8, '2024-02-29 12:00:00.25+00'::timestamptz,
               '00112233-4455-6677-8899-aabbccddeeff'::uuid, NULL::text, NULL::uuid,
               '1969-12-31 23:59:59+00'::timestamptz, \([1, 2] as [Int])::bigint[] = '{1,2}'
        """
      ).first)
    #expect(try row.int(0) == -5 && row.int(1) == -70_000 && row.int(2) == Int.min)
    #expect(try row.bool(3) && !row.bool(4))
    #expect(try row.double(5) == -1.5e300)
    #expect(try row.timestamp(6) == 1_709_208_000.25)
    let uuid = try row.uuid(7)
    #expect(uuid.high == 0x0011_2233_4455_6677 && uuid.low == 0x8899_aabb_ccdd_eeff)
    #expect(try row.optionalString(8) == nil && row.optionalUUID(9) == nil)
    #expect(try row.timestamp(10) == -1)
    #expect(try row.bool(11))
    for misread in [
      { _ = try row.string(8) }, { _ = try row.int(7) }, { _ = try row.uuid(0) },
      { _ = try row.double(0) }, { _ = try row.string(99) },
    ] as [() throws -> Void] {
      let error = #expect(throws: PostgresError.self, performing: misread)
      #expect(error?.kind == PostgresError.Kind.unexpectedRow)
    }
  }

  @Test func `An error of the server names its state and leaves the connection good`() throws {
    var connection = try connect()
    try connection.run(
      script: "CREATE TEMP TABLE one (id int CONSTRAINT one_only UNIQUE); INSERT INTO one VALUES (1)")
    let error = #expect(throws: PostgresError.self) {
      try connection.query("INSERT INTO one VALUES (\(1)::int)")
    }
    #expect(error?.violatedUnique == "one_only")
    #expect(error?.isWorthRetrying == false)
    let syntax = #expect(throws: PostgresError.self) { try connection.query("SELEKT") }
    #expect(syntax?.kind == PostgresError.Kind.refused(state: "42601", constraint: nil as String?))
    #expect((connection.isUsable) as Bool)
    #expect(try connection.query("SELECT 1").first?.int(0) == 1)
  }

  @Test func `A statement runs many times under one plan, and two of them side by side`() throws {
    var connection = try connect()
    for number in 0..<100 {
      #expect(try connection.query("SELECT \(number)::bigint * 2").first?.int(0) == number * 2)
      #expect(try connection.query("SELECT \(number)::bigint * 3").first?.int(0) == number * 3)
    }
    let count = try connection.query("SELECT count(*) FROM pg_prepared_statements").first?.int(0)
    #expect(count == 3)
  }

  @Test func `A statement whose first preparation fails can be tried again`() throws {
    var connection = try connect()
    #expect(throws: PostgresError.self) { try connection.query("SELECT * FROM later") }
    try connection.run(script: "CREATE TEMP TABLE later (id int)")
    #expect(try connection.query("SELECT * FROM later").isEmpty)
    // and one whose table has changed its columns under the plan
    #expect(throws: Never.self) {
      try connection.query("SELECT id FROM later")
      try connection.run(script: "ALTER TABLE later ALTER id TYPE bigint")
    }
    _ = try? connection.query("SELECT id FROM later")
    #expect((connection.isUsable) as Bool)
  }

  // MARK: - Deadlines and broken connections

  @Test func `The server ends a statement at its limit, and the connection serves on`() throws {
    var connection = try connect(.milliseconds(200))
    var error: PostgresError?
    let took = seconds {
      error = #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(30)") }
    }
    #expect(error?.kind == PostgresError.Kind.refused(state: "57014", constraint: nil as String?))
    #expect(took < 2)
    #expect((connection.isUsable) as Bool)
    #expect(try connection.query("SELECT 1").first?.int(0) == 1)
  }

  @Test func `A server that does not end it meets our own deadline, and the connection is done`()
    throws
  {
    var connection = try connect(.milliseconds(200))
    try connection.query("SELECT set_config('statement_timeout', '0', false)")
    var error: PostgresError?
    let took = seconds {
      error = #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(30)") }
    }
    #expect(error?.kind == PostgresError.Kind.deadline)
    #expect(took > 0.4 && took < 2)
    #expect((!connection.isUsable) as Bool)
    let again = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
    #expect(again?.kind == PostgresError.Kind.connectionLost)
  }

  @Test func `A frozen backend holds a thread no longer than the deadline`() throws {
    // given
    var connection = try connect(.milliseconds(300))
    let backend = try #require(
      try connection.query("SELECT pg_backend_pid()").first?.int(0))
    kill(pid_t(backend), SIGSTOP)
    defer { kill(pid_t(backend), SIGCONT) }
    // when
    var error: PostgresError?
    let took = seconds {
      error = #expect(throws: PostgresError.self) { try connection.query("SELECT 2") }
    }
    // then
    #expect(error?.kind == PostgresError.Kind.deadline)
    #expect(took < 2)
  }

  @Test func `A connection that an administrator ended is done`() throws {
    var connection = try connect()
    let backend = try #require(try connection.query("SELECT pg_backend_pid()").first?.int(0))
    try scratch.look("SELECT pg_terminate_backend(\(backend)::int)")
    #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
    #expect((!connection.isUsable) as Bool)
  }

  @Test func `A server that is not there is unreachable at once, one that is silent in time`() throws {
    // given: a socket that nobody accepts from
    var template = Array("/tmp/psd-mute-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = folder + "/.s.PGSQL.5432"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0 && listen(descriptor, 5) == 0)
    defer {
      close(descriptor)
      unlink(path)
      rmdir(folder)
    }
    // when, then
    for dsn in ["host=/nowhere dbname=x", "host=\(folder) dbname=x"] {
      let took = seconds {
        let error = #expect(throws: PostgresError.self) {
          _ = try Connection(dsn: dsn, password: nil, timeout: .milliseconds(400))
        }
        #expect(error?.kind == PostgresError.Kind.unreachable)
      }
      #expect(took < 2)
    }
  }

  @Test func `A refusal to connect does not tell the password`() throws {
    let error = #expect(throws: PostgresError.self) {
      _ = try Connection(
        dsn: scratch.dsn + " dbname=nothing", password: "geheim-4711",
        timeout: .seconds(2))
    }
    #expect(error.map { !"\($0)".contains("geheim") } == true)
  }

  // MARK: - Transactions

  @Test func `A transaction that throws leaves nothing, one that returns leaves all`() throws {
    struct Changed: Error {}
    var connection = try connect()
    try connection.run(script: "CREATE TEMP TABLE t (id int)")
    #expect(throws: Changed.self) {
      try connection.transaction { connection in
        try connection.query("INSERT INTO t VALUES (1)")
        throw Changed()
      }
    }
    #expect(throws: PostgresError.self) {
      try connection.transaction { connection in
        try connection.query("INSERT INTO t VALUES (2)")
        try connection.query("SELECT 1 / 0")
      }
    }
    try connection.transaction { connection in
      _ = try connection.query("INSERT INTO t VALUES (3)")
    }
    let left = try connection.query("SELECT id FROM t").map { try $0.int(0) }
    #expect(left == [3])
  }

  @Test func `A commit that the server refuses is an error, not a success`() throws {
    var connection = try connect()
    try connection.run(
      script: "CREATE TEMP TABLE d (id int CONSTRAINT late UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    let error = #expect(throws: PostgresError.self) {
      try connection.transaction { connection in
        _ = try connection.query("INSERT INTO d VALUES (1), (1)")
      }
    }
    #expect(error?.violatedUnique == "late")
    #expect(try connection.query("SELECT count(*) FROM d").first?.int(0) == 0)
  }

  @Test func `An error that is swallowed inside does not make a transaction look committed`() throws {
    var connection = try connect()
    try connection.run(script: "CREATE TEMP TABLE s (id int)")
    // PostgreSQL answers COMMIT with ROLLBACK here, which is no error of its own.
    #expect(throws: PostgresError.self) {
      try connection.transaction { connection in
        try connection.query("INSERT INTO s VALUES (1)")
        _ = try? connection.query("SELECT 1 / 0")
      }
    }
    #expect(try connection.query("SELECT count(*) FROM s").first?.int(0) == 0)
  }
}
