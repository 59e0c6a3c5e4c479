import Glibc
import Harness
import Testing

@testable import Postgres

@Suite(.serialized) struct HostListTests {
  private let scratch: ScratchDatabase

  init() throws { scratch = try ScratchPostgres.database(for: "HostListTests", migrated: false) }

  @Test func `Each host has its own port, or all have one`() throws {
    let several = try #require(HostList(dsn: "host=a,b,/run/x port=1,,3 dbname=d target_session_attrs=read-write"))
    #expect(several.hosts.map(\.name) == ["a", "b", "/run/x"])
    #expect(several.hosts.map(\.port) == ["1", "", "3"])
    #expect(several.attributes == "read-write")
    let one = try #require(HostList(dsn: "postgresql://petstore@a,b/d?port=7"))
    #expect(one.hosts.map(\.name) == ["a", "b"])
    #expect(HostList(dsn: "host='a") == nil)
  }

  @Test func `The host that answered last is asked first, and a standby is preferred wherever it stands`() throws {
    let list = try #require(HostList(dsn: "host=a,b,c target_session_attrs=prefer-standby"))
    let attempts = list.attempts(beginningWith: 1)
    #expect(attempts.map { $0.host.name } == ["b", "c", "a", "b", "c", "a"])
    #expect(attempts.map(\.attributes) == ["standby", "standby", "standby", "any", "any", "any"])
  }

  @Test func `Of a connection string only what is reached over the network needs a way there`() {
    #expect(
      ConnectionString.networkHosts("host=/run/postgresql,db-1,db-2 hostaddr=,10.0.0.1, dbname=x") == [
        "10.0.0.1", "db-2",
      ])
    #expect(ConnectionString.networkHosts("dbname=x") == [])
  }

  @Test func `A host that does not answer at all costs its share of the time, once`() throws {
    // given: a socket that accepts nothing: its backlog takes the connection, and nobody ever says a word
    let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(silent) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(silent, raw, length) == 0 && getsockname(silent, raw, &length) == 0
      }
    }
    #expect(bound)
    #expect(listen(silent, 8) == 0)
    let port = UInt16(bigEndian: address.sin_port)
    let dsn = "host=127.0.0.1,\(scratch.folder) port=\(port),5432 dbname=\(scratch.name) user=petstore"
    // when
    let clock = ContinuousClock()
    let first = try clock.measure { _ = try Connection(dsn: dsn, password: nil, timeout: .seconds(1)) }
    let second = try clock.measure { _ = try Connection(dsn: dsn, password: nil, timeout: .seconds(1)) }
    // then
    #expect(first > .milliseconds(400) && first < .milliseconds(950))
    #expect(second < .milliseconds(300))
  }

  @Test func `Where nobody may be written to, read-write finds no host`() throws {
    let error = #expect(throws: PostgresError.self) {
      _ = try Connection(
        dsn: "host=/nowhere,\(scratch.folder) dbname=\(scratch.name) user=petstore target_session_attrs=standby",
        password: nil, timeout: .seconds(2))
    }
    #expect(error?.kind == PostgresError.Kind.unreachable)
  }

  @Test func `A connection that has become read-only is not used again (25006)`() throws {
    // given
    try scratch.look("CREATE TABLE IF NOT EXISTS t (n int)")
    try scratch.look("GRANT ALL ON t TO petstore")
    let pool = scratch.pool(size: 1)
    let write: SQL = "INSERT INTO t VALUES (1)"
    func backend() throws -> Int {
      try pool.withConnection { connection in try connection.query("SELECT pg_backend_pid()").first?.int(0) ?? 0 }
    }
    _ = try pool.withConnection { connection in try connection.query(write) }
    let before = try backend()
    try pool.withConnection { connection in
      _ = try connection.query("SELECT set_config('default_transaction_read_only', 'on', false)")
    }
    #expect(try backend() == before)
    // when
    let error = #expect(throws: PostgresError.self) {
      _ = try pool.withConnection { connection in try connection.query(write) }
    }
    // then
    guard case .refused("25006", _) = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    _ = try pool.withConnection { connection in try connection.query(write) }
    #expect(try backend() != before)
  }
}
