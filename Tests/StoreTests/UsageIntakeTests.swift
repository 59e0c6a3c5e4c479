import Domain
import Glibc
import Harness
import Host
import Postgres
import Redis
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct UsageIntakeTests {
  private let scratch: ScratchDatabase
  private let redis: ScratchRedis
  private let database: Database
  private let spools: String

  init() throws {
    scratch = try ScratchPostgres.database(for: "UsageIntakeTests")
    redis = try ScratchRedis.server(for: "UsageIntakeTests")
    database = scratch.open()
    spools = try redis.makeFolder()
    try redis.empty()
    try scratch.look("TRUNCATE api_usage, usage_cursors, usage_spools")
  }

  private func intake() -> UsageIntake {
    // A pool of its own: a test may have killed every other connection.
    UsageIntake(database: scratch.open(connections: 1), link: redis.link(), spoolFolder: spools)
  }

  /// Takes in until nothing is left.
  private func drain() throws {
    var last = intake()
    var idle = 0
    while idle < 2 { idle = try last.takeStreams() + last.takeSpools() == 0 ? idle + 1 : 0 }
  }

  private func counted(_ account: Account, _ endpoint: String = "show_profile") throws -> Int {
    try scratch.count(
      """
      SELECT coalesce(sum(request_count), 0)::bigint FROM api_usage
      WHERE user_id = \(account.userID)::uuid AND endpoint = \(endpoint)
      """)
  }

  private func admit(
    _ account: Account, _ link: inout RedisLink, _ name: CallName,
    _ completions: String = ""
  ) throws {
    let admission = try link.admit(
      Call(endpoint: "show_profile"), for: account.cached, source: .database, name: name,
      completions: completions, idleSeconds: 3_600)
    guard case .admitted = admission else { throw Refused() }
  }

  private struct Refused: Error {}

  @Test func `Calls, errors, latencies and the use of a key arrive in api_usage`() throws {
    // given
    let account = try database.register()
    var link = redis.link()
    var completions = Completions()
    #expect(completions.isEmpty && !completions.areDue(now: 0))
    for (status, microseconds) in [(200, 900), (200, 1_000), (404, 30_000), (500, 9_000_000)] {
      completions.add(
        account.cached, endpoint: "show_profile", status: status, microseconds: microseconds,
        now: 0)
    }
    #expect(completions.areDue(now: 200_000_000))
    // when
    for number in 1...3 { try admit(account, &link, CallName(thread: "t", number: number)) }
    try admit(account, &link, CallName(thread: "t", number: 4), completions.take())
    try drain()
    // then
    let rows = try scratch.look(
      """
      SELECT sum(request_count)::bigint, sum(error_count)::bigint, sum(completed_count)::bigint,
             sum(latency_sum_us)::bigint, max(array_to_string(latency_histogram, ' '))
      FROM api_usage WHERE user_id = \(account.userID)::uuid
      """)
    let row = try #require(rows.first)
    #expect(try (row.int(0), row.int(1), row.int(2)) == (4, 2, 4))
    #expect(try row.int(3) == 9_031_900)
    #expect(try row.string(4) == "2 0 0 0 0 1 0 0 0 0 0 1")
    let key = try #require(try database.keys(of: account.principal).first)
    let used = try #require(key.lastUsedAt)
    #expect(abs(used - HostClock.wallSeconds()) < 30)
    let report = try database.usage(of: account.principal, days: 7)
    #expect(report.requests == 4 && report.errors == 2 && report.days.count == 7)
    #expect(report.endpoints.map(\.name) == ["show_profile"])
    #expect(report.endpoints.first?.latency95 == 2_500)
    #expect(report.averageLatency.map { abs($0 - 2_257.975) < 0.001 } == true)
    let other = try database.register()
    #expect(try database.usage(of: other.principal, days: 7).requests == 0)
  }

  @Test func `Readers killed at any point lose nothing and count nothing twice`() throws {
    // given
    let accounts = try (0..<5).map { _ in try database.register() }
    try scratch.look(
      """
      INSERT INTO rate_limits (user_id, requests_per_minute, requests_per_hour, requests_per_day)
      SELECT id, 1000000, 1000000, 1000000 FROM users ON CONFLICT DO NOTHING
      """)
    let generous = try accounts.map { account in
      try #require(
        try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(account.key.hash)))
    }
    let (server, scratch, folder) = (redis, scratch, spools)
    let (running, crashes, failures) = (Counter(), Counter(), Locked<[String]>([]))
    let spared = Locked<Set<String>>([])
    let expected = Locked([Int](repeating: 0, count: 5))
    running.add(3)
    // when: three threads call, two readers take in, one thread kills readers' connections
    concurrently(6) { thread in
      do {
        switch thread {
        case 0..<3:
          defer { running.add(-1) }
          var link = server.link()
          let id = try link.send(Command("CLIENT", "ID")).integer ?? 0
          spared.withLock { _ = $0.insert(String(id)) }
          let spool = UsageSpool(folder: folder, instance: "t\(thread)")
          for number in 0..<1_500 {
            let index = Int.random(in: 0..<5)
            if Int.random(in: 0..<10) == 0 {
              try spool.admission(generous[index], endpoint: "show_profile", doubt: nil)
            } else {
              let admission = try link.admit(
                Call(endpoint: "show_profile"), for: generous[index], source: .databaseAgain,
                name: CallName(thread: "t\(thread)", number: number), completions: "", idleSeconds: 3_600)
              guard case .admitted = admission else { throw Refused() }
            }
            expected.withLock { $0[index] += 1 }
            if number % 100 == 99 { spool.close() }
            HostClock.sleep(.microseconds(Int.random(in: 0...2_000)))
          }
          spool.close()
        case 3, 4:
          // Some die and begin anew, some go on after an error, as petstore watch does.
          let database = scratch.open(connections: 1)
          while running.value > 0 {
            var intake = UsageIntake(
              database: database, link: server.link(), spoolFolder: folder)
            for _ in 0..<Int.random(in: 1...20) where running.value > 0 {
              do {
                _ = try intake.takeStreams()
                _ = try intake.takeSpools()
              } catch {
                crashes.add()
                if Bool.random() { break }
              }
            }
          }
        default:
          while running.value > 0 {
            HostClock.sleep(.microseconds(Int.random(in: 0...15_000)))
            if Bool.random() {
              try scratch.look(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE usename = 'petstore' AND datname = current_database()
                """)
            } else {
              let keep = spared.withLock { $0 }
              guard keep.count == 3 else { continue }
              for line in (try server.run("CLIENT", "LIST").text ?? "").split(separator: "\n") {
                let id = line.dropFirst(3).prefix { $0 != " " }
                if !keep.contains(String(id)) {
                  try server.run("CLIENT", "KILL", "ID", String(id))
                }
              }
            }
          }
        }
      } catch {
        failures.withLock { $0.append("thread \(thread): \(error)") }
      }
    }
    try drain()
    // then
    #expect(failures.withLock { $0 } == [])
    #expect(crashes.value > 5)
    for (index, account) in accounts.enumerated() {
      #expect(try counted(account) == expected.withLock { $0[index] })
    }
    #expect(Files.names(in: spools) == [])
  }

  @Test func `A second reader with an old picture counts nothing twice`() throws {
    // given: both have read the cursors
    let account = try database.register()
    var first = intake()
    var second = intake()
    _ = try first.takeStreams()
    _ = try second.takeStreams()
    var link = redis.link()
    for number in 1...5 { try admit(account, &link, CallName(thread: "t", number: number)) }
    // when
    #expect(try first.takeStreams() == 1)
    // The stream is put back as if it had not been trimmed, which a crash before XTRIM leaves.
    _ = try second.takeStreams()
    _ = try second.takeStreams()
    // then
    #expect(try counted(account) == 5)
  }

  @Test func `An entry that was counted but not trimmed is not counted again`() throws {
    // given
    let account = try database.register()
    let stream = UsageShards.streams[Int(account.userID.low % 16)]
    let owner = "\(account.userID),\(account.tenantID)"
    let hour = Int(HostClock.wallSeconds()) / 3_600
    let field = "a,\(owner),\(account.keyID),show_profile,\(hour)"
    try redis.run("XADD", stream, "1000-1", field, "7")
    var first = intake()
    #expect(try first.takeStreams() == 1)
    // when: XTRIM keeps the entry that it names, which shows what a crash before it would leave
    #expect(try redis.run("XLEN", stream) == .integer(1))
    try drain()
    // then
    #expect(try counted(account) == 7)
  }

  @Test func `Entries and lines that make no sense are passed over`() throws {
    // given
    let account = try database.register()
    let owner = "\(account.userID),\(account.tenantID)"
    let hour = Int(HostClock.wallSeconds()) / 3_600
    let good = "a,\(owner),\(account.keyID),show_profile,\(hour)"
    let nonsense = [
      "", "x", "a,b,c,d,e,f", "a,\(owner),nokey,show_profile,\(hour)", "q,\(owner),x,1",
      "c,\(owner),show_profile,\(hour),0,99", "l,\(owner),show_profile,never",
      "a,\(owner),\(account.keyID),a,b,\(hour)",
    ]
    // when
    for field in nonsense { try redis.run("XADD", "{3}:usage", "*", field, "1") }
    try redis.run("XADD", "{3}:usage", "*", good, "2", good, "many")
    let lines = nonsense.map { "\($0) 1 0 -\n" } + ["no line at all\n", "\n", "\(good) 3 1 -\n"]
    try Files.write(Array(lines.joined().utf8), to: "\(spools)/x.spool")
    try drain()
    // then
    #expect(try counted(account) == 5)
    #expect(Files.names(in: spools) == [])
  }

  @Test func `A line torn by a crash is dropped, and the lines before it count once`() throws {
    // given
    let account = try database.register()
    let spool = UsageSpool(folder: spools, instance: "t")
    for _ in 0..<3 { try spool.admission(account.cached, endpoint: "show_profile", doubt: nil) }
    let name = try #require(Files.names(in: spools).first)
    let whole = try Files.read("\(spools)/\(name)")
    // when: taken in while in use, then more lines, then the torn one
    var reader = intake()
    #expect(try reader.takeSpools() == 3)
    try spool.admission(account.cached, endpoint: "show_profile", doubt: nil)
    let file = try #require(fopen("\(spools)/\(name)", "a"))
    _ = whole.prefix(40).withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
    #expect(try reader.takeSpools() == 1)
    #expect(try reader.takeSpools() == 0)
    #expect(Files.names(in: spools) == [name])
    spool.close()
    #expect(try reader.takeSpools() == 0)
    // then
    #expect(try counted(account) == 4)
    #expect(Files.names(in: spools) == [])
  }

  @Test func `A file that stays in use for days is not counted anew when another one is finished`()
    throws
  {
    // given: a quiet worker's file, taken in two days ago and still open
    let account = try database.register()
    let quiet = UsageSpool(folder: spools, instance: "quiet")
    for _ in 0..<3 { try quiet.admission(account.cached, endpoint: "show_profile", doubt: nil) }
    var reader = intake()
    #expect(try reader.takeSpools() == 3)
    try scratch.look("UPDATE usage_spools SET taken_at = now() - interval '2 days'")
    // when
    let other = UsageSpool(folder: spools, instance: "other")
    try other.admission(account.cached, endpoint: "show_profile", doubt: nil)
    other.close()
    for _ in 0..<4 { _ = try reader.takeSpools() }
    quiet.close()
    for _ in 0..<4 { _ = try reader.takeSpools() }
    // then
    let calls = try counted(account)
    #expect(calls == 4)
    #expect(Files.names(in: spools) == [])
  }

  @Test func `Of a call in doubt Redis is asked whether it ran`() throws {
    // given: one call ran, one did not, one is of a thread that Redis never heard of
    let account = try database.register()
    var link = redis.link()
    try admit(account, &link, CallName(thread: "ran", number: 5))
    try admit(account, &link, CallName(thread: "lost", number: 6))
    try admit(account, &link, CallName(thread: "taken", number: 8))
    let spool = UsageSpool(folder: spools, instance: "t")
    for name in [
      CallName(thread: "ran", number: 5), CallName(thread: "lost", number: 7),
      CallName(thread: "unheard", number: 1),
    ] {
      try spool.admission(account.cached, endpoint: "show_profile", doubt: name)
    }
    // Refused in the end: one that Redis had counted, one that it had not.
    try spool.refusal(
      account.cached, endpoint: "show_profile", doubt: CallName(thread: "taken", number: 8))
    try spool.refusal(
      account.cached, endpoint: "show_profile", doubt: CallName(thread: "unheard", number: 2))
    spool.close()
    // when: nothing is decided at once, since a Redis that wakes runs what lies in its sockets
    var reader = intake()
    _ = try reader.takeStreams()
    #expect(try reader.takeSpools() == 0)
    #expect(try counted(account) == 3)
    let deadline = HostClock.monotonicNanoseconds() + 10_000_000_000
    while !Files.names(in: spools).isEmpty, HostClock.monotonicNanoseconds() < deadline {
      _ = try reader.takeStreams()
      _ = try reader.takeSpools()
      HostClock.sleep(.milliseconds(50))
    }
    // then: two that had been counted, two of three in doubt, and the third is taken back
    #expect(try counted(account) == 4)
    #expect(Files.names(in: spools) == [])
  }

  @Test func `A file that another reader has finished meanwhile is not counted again`() throws {
    // given: a reader that stands still between reading a file and counting it
    let own = try ScratchPostgres.database(for: "UsageIntakeTests.twoReaders")
    let account = try own.open().register()
    try own.look("SELECT petstore_ensure_usage_partition(now())")
    let spool = UsageSpool(folder: spools, instance: "t")
    for _ in 0..<3 { try spool.admission(account.cached, endpoint: "show_profile", doubt: nil) }
    spool.close()
    var quick = UsageIntake(database: own.open(), link: redis.link(), spoolFolder: spools)
    let (server, folder, ended) = (redis, spools, CountingSemaphore(slots: 1))
    var gate = try own.superuser()
    try gate.run(
      script: """
        CREATE OR REPLACE FUNCTION petstore_ensure_usage_partition(instant timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER
        AS $$ SELECT CASE WHEN current_setting('application_name') = 'slow'
                          THEN pg_advisory_xact_lock(4711) END $$
        """)
    try gate.query("SELECT pg_advisory_lock(4711)")
    _ = ended.wait(timeout: .zero)
    _ = Thread {
      let pool = Pool(
        dsn: own.dsn, password: nil, size: 1,
        timeout: .seconds(20))
      var slow = UsageIntake(
        database: Database(pool: pool), link: server.link(), spoolFolder: folder)
      _ = try? pool.withConnection { try $0.query("SET application_name = 'slow'") }
      _ = try? slow.takeSpools()
      ended.signal()
    }
    for _ in 0..<500
    where try own.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
      == 0
    {
      HostClock.sleep(.milliseconds(10))
    }
    // when: the other one does all there is to do, and the first goes on
    #expect(try quick.takeSpools() == 3)
    _ = try quick.takeSpools()
    #expect(Files.names(in: spools) == [])
    try gate.query("SELECT pg_advisory_unlock(4711)")
    #expect(ended.wait(timeout: .seconds(20)))
    // then
    let calls = try own.count("SELECT coalesce(sum(request_count), 0)::bigint FROM api_usage")
    #expect(calls == 3)
  }

  @Test(arguments: [false, true])
  func `A stream that Redis lost and began anew by an earlier clock is read from its beginning`(
    otherTraffic: Bool
  ) throws {
    // given
    let account = try database.register()
    let field = "a,\(account.userID),\(account.tenantID),\(account.keyID),show_profile,480000"
    try redis.run("XADD", "{3}:usage", "5000000-0", field, "1")
    var reader = intake()
    while try reader.takeStreams() > 0 {}
    // when
    try redis.empty()
    try redis.run("XADD", "{3}:usage", "4000000-0", field, "10")
    for _ in 0..<20 {
      if otherTraffic { try redis.run("XADD", "{4}:usage", "*", field, "100") }
      _ = try reader.takeStreams()
    }
    // then
    let calls = try counted(account)
    #expect(calls % 100 == 11)
  }

  @Test func `Usage of many months, hours and accounts goes to its own rows`() throws {
    // given
    let accounts = try (0..<3).map { _ in try database.register() }
    let now = Int(HostClock.wallSeconds()) / 3_600
    // when
    for account in accounts {
      for hours in [0, 1, 24, 24 * 40, 24 * 400] {
        let owner = "\(account.userID),\(account.tenantID)"
        try redis.run(
          "XADD", "{1}:usage", "*", "a,\(owner),\(account.keyID),show_profile,\(now - hours)",
          "2", "c,\(owner),show_profile,\(now - hours),1,3", "1")
      }
    }
    try drain()
    // then
    #expect(try scratch.count("SELECT count(*) FROM api_usage") == 15)
    for account in accounts {
      let report = try database.usage(of: account.principal, days: 30)
      #expect(report.requests == 6 && report.errors == 3)
      #expect(report.endpoints.first?.latency95 == 10)
    }
    #expect(
      try scratch.count("SELECT count(*) FROM api_usage WHERE date_trunc('hour', hour) <> hour")
        == 0)
  }

  @Test func `Usage that arrives while its account is being erased is not written`() throws {
    // given: an erasure that has not committed yet
    let account = try database.register()
    let field = "a,\(account.userID),\(account.tenantID),\(account.keyID),show_profile,480000"
    try redis.run("XADD", "{5}:usage", "*", field, "1")
    var eraser = try scratch.superuser()
    try eraser.run(script: "BEGIN")
    try eraser.query("SELECT petstore_erase(\(account.userID))")
    // when: its usage is taken in meanwhile
    let (scratch, server, folder) = (scratch, redis, spools)
    let ended = CountingSemaphore(slots: 1)
    _ = ended.wait(timeout: .zero)
    _ = Thread {
      var intake = UsageIntake(database: scratch.open(connections: 1), link: server.link(), spoolFolder: folder)
      _ = try? intake.takeStreams()
      ended.signal()
    }
    HostClock.sleep(.milliseconds(300))
    try eraser.run(script: "COMMIT")
    #expect(ended.wait(timeout: .seconds(20)))
    // then
    #expect(try counted(account) == 0)
  }
}
