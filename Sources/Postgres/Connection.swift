// One connection to PostgreSQL through libpq, with deadlines of our own.
//
// libpq waits for ever where it can: its connect time-out is two seconds at least, and nothing fires when a backend is
// frozen under an open connection. So every wait here is a poll of the socket with a deadline.

import CPostgres
import Glibc

/// A connection, owned by one thread at a time.
public struct Connection: ~Copyable {
  private let raw: OpaquePointer
  private var prepared: [String: String] = [:]
  /// Milliseconds on the monotonic clock until which the running call may wait.
  private var deadline: Int64 = 0
  private let timeout: Duration
  /// False once the connection must not be used again.
  public private(set) var isUsable = true

  /// Whether the server has said nothing since the last answer. What it says unasked is that it ends the connection:
  /// a connection that lay idle is looked at before the next statement is lost on it.
  var isQuiet: Bool {
    var event = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
    return poll(&event, 1, 0) == 0
  }

  /// Opens a connection: to the first host that takes it, where the string names several.
  ///
  /// - Parameters:
  ///   - dsn: a libpq connection string.
  ///   - password: kept out of `dsn`, which may be logged.
  ///   - timeout: bounds the opening, and every statement, on both sides. Several hosts share it.
  public init(dsn: String, password: String?, timeout: Duration) throws(PostgresError) {
    self.timeout = timeout
    let milliseconds = Self.milliseconds(timeout)
    // Before the string, which may say otherwise: so that a connection to a host that was cut off is known to be dead
    // before a statement is lost on it.
    var keywords = [
      "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname", "application_name",
      "options",
    ]
    var values = [
      "2", "1", "3", "5000", dsn, "petstore",
      "-c statement_timeout=\(milliseconds) -c lock_timeout=\(milliseconds)"
        + " -c idle_in_transaction_session_timeout=\(milliseconds * 2)"
        // A server elsewhere gives up what a host held that was cut off, locks above all, after five seconds and not
        // after two hours. Over a unix socket these say nothing.
        + " -c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
        + " -c tcp_user_timeout=5000",
    ]
    if let password {
      keywords.append("password")
      values.append(password)
    }
    let end = Self.now() + milliseconds
    guard let list = HostList(dsn: dsn), list.hosts.count > 1 else {
      raw = try Self.open(keywords, values, until: end)
      return
    }
    var failure = PostgresError(.unreachable, "no host is named")
    let attempts = list.attempts(beginningWith: HostList.lastAnswered(dsn))
    for (number, attempt) in attempts.enumerated() {
      // What is left, shared by those that are left; one that refuses at once leaves its part to the others.
      let share = max(0, end - Self.now()) / Int64(attempts.count - number)
      let own = [
        ("host", attempt.host.name), ("hostaddr", attempt.host.address), ("port", attempt.host.port),
        ("target_session_attrs", attempt.attributes),
      ].filter { $0.1 != nil }
      do throws(PostgresError) {
        // Later keywords override those of the connection string, which "dbname" is expanded to.
        raw = try Self.open(
          keywords + own.map(\.0), values + own.map { $0.1 ?? "" }, until: Self.now() + share)
        HostList.remember(attempt.index, dsn)
        return
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func open(
    _ keywords: [String], _ values: [String], until deadline: Int64
  ) throws(PostgresError) -> OpaquePointer {
    let opened = withCStrings(keywords) { keywords in
      withCStrings(values) { values in PQconnectStartParams(keywords, values, 1) }
    }
    guard let opened else { throw PostgresError(.unreachable, "out of memory") }
    var next = PGRES_POLLING_WRITING
    while next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING {
      if PQstatus(opened) == CONNECTION_BAD
        || !wait(for: PQsocket(opened), writing: next == PGRES_POLLING_WRITING, until: deadline)
      {
        break
      }
      next = PQconnectPoll(opened)
    }
    guard next == PGRES_POLLING_OK else {
      let message = message(opened)
      PQfinish(opened)
      throw PostgresError(.unreachable, message.isEmpty ? "no answer in time" : message)
    }
    PQsetnonblocking(opened, 1)
    return opened
  }

  deinit { PQfinish(raw) }

  /// Runs one statement, prepared on its first use, and gives its rows.
  @discardableResult
  public mutating func query(_ sql: SQL) throws(PostgresError) -> [Row] {
    beginDeadline()
    let name: String
    if let known = prepared[sql.text] {
      name = known
    } else {
      name = "s\(prepared.count)"
      try send { PQsendPrepare($0, name, sql.text, 0, nil) }
      _ = try results()
      prepared[sql.text] = name
    }
    let parameters = sql.parameters
    try send { raw in
      Self.withCStrings(parameters) { values in
        PQsendQueryPrepared(raw, name, Int32(parameters.count), values, nil, nil, 1)
      }
    }
    return try results()
  }

  /// Runs a script of several statements without parameters, such as a migration.
  public mutating func run(script: SQL) throws(PostgresError) {
    beginDeadline()
    try send { PQsendQuery($0, script.text) }
    _ = try results()
  }

  /// Runs `body` in a transaction: committed if it returns, rolled back if it throws.
  public mutating func transaction<Result, Failure: Error>(
    _ body: (inout Connection) throws(Failure) -> Result
  ) throws -> Result {
    try query("BEGIN")
    do {
      let result = try body(&self)
      // An error that the body swallowed has ended the transaction all the same, and COMMIT would say nothing of it.
      guard PQtransactionStatus(raw) == PQTRANS_INTRANS else {
        throw PostgresError(
          .refused(state: "25P02", constraint: nil), "a statement of this transaction failed before")
      }
      try query("COMMIT")
      return result
    } catch {
      if isUsable { _ = try? query("ROLLBACK") }
      throw error
    }
  }

  /// Sets the longest that a statement may run from here on; zero takes the limit away (for migrations).
  public mutating func setStatementTimeout(_ timeout: Duration) throws(PostgresError) {
    let milliseconds = String(Self.milliseconds(timeout))
    try query("SELECT set_config('statement_timeout', \(milliseconds), false)")
  }

  // MARK: - Sending and waiting

  private mutating func beginDeadline() {
    // The server's own statement_timeout comes first and gives the better error; this is for servers that hang.
    deadline = Self.now() + Self.milliseconds(timeout) + 250
  }

  private mutating func send(_ call: (OpaquePointer) -> Int32) throws(PostgresError) {
    guard isUsable else { throw PostgresError(.connectionLost, "the connection has failed before") }
    guard call(raw) == 1 else { throw lost(.connectionLost) }
    while true {
      switch PQflush(raw) {
      case 0: return
      case 1:
        guard Self.wait(for: PQsocket(raw), writing: true, until: deadline) else {
          throw lost(.deadline)
        }
      default: throw lost(.connectionLost)
      }
    }
  }

  private mutating func results() throws(PostgresError) -> [Row] {
    var rows: [Row] = []
    var failure: PostgresError?
    while true {
      while PQisBusy(raw) == 1 {
        guard Self.wait(for: PQsocket(raw), writing: false, until: deadline) else {
          throw lost(.deadline)
        }
        guard PQconsumeInput(raw) == 1 else { throw lost(.connectionLost) }
      }
      guard let result = PQgetResult(raw) else { break }
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_TUPLES_OK: rows = Self.rows(result)
      case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
      default: failure = failure ?? Self.failure(result)
      }
    }
    if let failure {
      if failure.endsConnection || PQstatus(raw) != CONNECTION_OK { isUsable = false }
      throw failure
    }
    return rows
  }

  private mutating func lost(_ kind: PostgresError.Kind) -> PostgresError {
    isUsable = false
    let message = Self.message(raw)
    return PostgresError(kind, message.isEmpty ? "no answer in time" : message)
  }

  private static func rows(_ result: OpaquePointer) -> [Row] {
    let columns = PQnfields(result)
    return (0..<PQntuples(result)).map { row in
      Row(
        columns: (0..<columns).map { column in
          guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column)
          else { return nil }
          let length = Int(PQgetlength(result, row, column))
          return [UInt8](UnsafeRawBufferPointer(start: start, count: length))
        })
    }
  }

  private static func failure(_ result: OpaquePointer) -> PostgresError {
    func field(_ code: Int32) -> String? {
      PQresultErrorField(result, code).map { String(cString: $0) }
    }
    guard let state = field(petstore_pg_diag_sqlstate()) else {
      return PostgresError(.connectionLost, String(cString: PQresultErrorMessage(result)))
    }
    return PostgresError(
      .refused(state: state, constraint: field(petstore_pg_diag_constraint())),
      field(petstore_pg_diag_message()) ?? "")
  }

  private static func message(_ connection: OpaquePointer) -> String {
    guard let message = PQerrorMessage(connection) else { return "" }
    return String(cString: message).split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func wait(for socket: Int32, writing: Bool, until deadline: Int64) -> Bool {
    guard socket >= 0 else { return false }
    var event = pollfd(fd: socket, events: Int16(writing ? POLLOUT : POLLIN), revents: 0)
    while true {
      let left = deadline - now()
      guard left > 0 else { return false }
      let ready = poll(&event, 1, Int32(min(left, 60_000)))
      if ready > 0 { return true }
      if ready < 0, errno != EINTR { return false }
    }
  }

  private static func now() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }

  /// Lends C strings, nil for NULL, ended by a null pointer.
  private static func withCStrings<Result>(
    _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    let copies = strings.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { UnsafePointer<CChar>($0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
