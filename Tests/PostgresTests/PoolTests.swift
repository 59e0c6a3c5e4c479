import Glibc
import Harness
import Postgres
import Testing
import Threads

@Suite(.serialized) struct PoolTests {
  private let scratch: ScratchDatabase

  init() throws { scratch = try ScratchPostgres.database(for: "PoolTests", migrated: false) }

  private func concurrently(_ threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let ended = Locked(0)
    for index in 0..<threads {
      _ = Thread {
        body(index)
        ended.withLock { $0 += 1 }
      }
    }
    for _ in 0..<20_000 where ended.withLock({ $0 }) < threads { usleep(1_000) }
  }

  @Test func `Many threads share few connections`() throws {
    // given
    let pool = scratch.pool(size: 3)
    let backends = Locked<Set<Int>>([])
    let failures = Locked<[String]>([])
    // when
    concurrently(16) { _ in
      do {
        for _ in 0..<30 {
          let backend = try pool.withConnection { connection in
            try connection.query("SELECT pg_backend_pid()").first?.int(0) ?? 0
          }
          backends.withLock { _ = $0.insert(backend) }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    // then
    #expect(failures.withLock { $0 } == [])
    #expect((1...3).contains(backends.withLock { $0.count }))
  }

  @Test func `A thread that finds none free is told so after its patience`() throws {
    let pool = scratch.pool(size: 1, patience: .milliseconds(100))
    try pool.withConnection { _ in
      let clock = ContinuousClock()
      var error: PostgresError?
      let took = clock.measure {
        error = #expect(throws: PostgresError.self) { try pool.withConnection { _ in } }
      }
      #expect(error?.kind == PostgresError.Kind.unreachable)
      #expect(error?.message == "all 1 connections are in use")
      #expect(took > .milliseconds(90) && took < .seconds(2))
    }
    #expect(throws: Never.self) { try pool.withConnection { _ in } }
  }

  @Test func `A body that throws gives its connection back`() throws {
    struct Mine: Error {}
    let pool = scratch.pool(size: 1, patience: .milliseconds(100))
    for _ in 0..<5 {
      #expect(throws: Mine.self) { try pool.withConnection { _ in throw Mine() } }
    }
    #expect(throws: Never.self) { try pool.withConnection { _ in } }
  }

  @Test func `A connection that broke is replaced`() throws {
    // given
    let pool = scratch.pool(size: 1)
    func backend() throws -> Int {
      try pool.withConnection {
        try $0.query("SELECT pg_backend_pid()").first?.int(0) ?? 0
      }
    }
    let first = try backend()
    // when
    try scratch.look("SELECT pg_terminate_backend(\(first)::int)")
    usleep(100_000)
    // then: nobody's statement was lost on it
    #expect(try backend() != first)
  }

  @Test func `A server that cannot be reached is left alone for a while, then tried again`() throws {
    // given: a name that is no folder yet
    let link = "/tmp/psd-link-\(getpid())"
    unlink(link)
    defer { unlink(link) }
    let real = try #require(scratch.dsn.split(separator: " ").first?.dropFirst(5))
    let dsn = scratch.dsn.split(separator: " ").dropFirst().reduce("host=\(link)") { $0 + " " + $1 }
    let pool = Pool(dsn: dsn, password: nil, size: 4, timeout: .seconds(2))
    // when: a thousand attempts
    let clock = ContinuousClock()
    let took = clock.measure {
      for _ in 0..<1_000 {
        let error = #expect(throws: PostgresError.self) { try pool.withConnection { _ in } }
        #expect(error?.kind == PostgresError.Kind.unreachable)
        #expect(error?.message.contains(link) == true)
      }
    }
    // then: most cost nothing, and the server's return is noticed within two seconds and some
    #expect(took < .seconds(2))
    #expect(symlink(String(real), link) == 0)
    var back = false
    let waited = clock.measure {
      for _ in 0..<500 where !back {
        back = (try? pool.withConnection { _ in true }) ?? false
        if !back { usleep(10_000) }
      }
    }
    #expect(back && waited < .seconds(4))
  }

  @Test func `Threads that fail together are one failure, and the server's return is noticed soon`() throws {
    // given: sixteen threads that find no server at one moment
    let link = "/tmp/psd-link-together-\(getpid())"
    unlink(link)
    defer { unlink(link) }
    let real = try #require(scratch.dsn.split(separator: " ").first?.dropFirst(5))
    let dsn = scratch.dsn.split(separator: " ").dropFirst().reduce("host=\(link)") { $0 + " " + $1 }
    let pool = Pool(dsn: dsn, password: nil, size: 16, timeout: .seconds(2))
    let gate = CountingSemaphore(slots: 0)
    let ready = Locked(0)
    let thread = Thread {
      for _ in 0..<2_000 where ready.withLock({ $0 }) < 16 { usleep(1_000) }
      for _ in 0..<16 { gate.signal() }
    }
    concurrently(16) { _ in
      ready.withLock { $0 += 1 }
      _ = gate.wait(timeout: .seconds(5))
      _ = try? pool.withConnection { _ in }
    }
    thread.join()
    // when
    #expect(symlink(String(real), link) == 0)
    usleep(300_000)
    // then: sixteen failures one after the other would have closed it for one to two seconds
    #expect(throws: Never.self) { try pool.withConnection { _ in } }
  }

  @Test func `A transaction that lost a race is tried again, and a mistake is not`() throws {
    // given
    let pool = scratch.pool(size: 8)
    try scratch.look("CREATE TABLE races (id int, n int)")
    try scratch.look("INSERT INTO races VALUES (1, 0), (2, 0)")
    try scratch.look("GRANT ALL ON races TO petstore")
    let (done, lost) = (Locked(0), Locked(0))
    // when: rows taken in either order
    concurrently(2) { index in
      for _ in 0..<10 {
        do {
          try pool.transaction { connection in
            try connection.query("UPDATE races SET n = n + 1 WHERE id = \(1 + index)::int")
            usleep(10_000)
            try connection.query("UPDATE races SET n = n + 1 WHERE id = \(2 - index)::int")
          }
          done.withLock { $0 += 1 }
        } catch {
          lost.withLock { $0 += 1 }
        }
      }
    }
    // then: what was done is counted twice, once in each row; a loss is rare after three attempts
    let (count, given) = (done.withLock { $0 }, lost.withLock { $0 })
    #expect(try scratch.count("SELECT sum(n)::bigint FROM races") == 2 * count)
    #expect(count + given == 20 && count > 10)
    // and
    var attempts = 0
    #expect(throws: PostgresError.self) {
      try pool.transaction { connection in
        attempts += 1
        try connection.query("SELECT 1 / 0")
      }
    }
    #expect(attempts == 1)
  }
}
