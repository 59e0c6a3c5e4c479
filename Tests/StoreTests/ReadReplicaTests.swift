import Harness
import Postgres
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct ReadReplicaTests {
  private let scratch: ScratchDatabase

  init() throws { scratch = try ScratchPostgres.database(for: "ReadReplicaTests") }

  @Test func `The lag is the age of the newest mark that was replayed`() {
    let second: UInt64 = 1_000_000_000
    var marks = (0..<5).map { ReadReplica.Mark(position: 100 + $0 * 10, time: UInt64($0) * second) }
    #expect(ReadReplica.lag(behind: &marks, replayed: 99, at: 4 * second) == nil)
    #expect(marks.count == 5)
    #expect(ReadReplica.lag(behind: &marks, replayed: 125, at: 4 * second) == 2 * second)
    #expect(marks.map(\.position) == [120, 130, 140])
    #expect(ReadReplica.lag(behind: &marks, replayed: 140, at: 4 * second) == 0)
    #expect(marks.map(\.position) == [140])
    // Nothing new is known of the primary: what was true ages.
    #expect(ReadReplica.lag(behind: &marks, replayed: 999, at: 9 * second) == 5 * second)
    // What never catches up does not fill the memory.
    for n in 0..<2_000 {
      marks.append(ReadReplica.Mark(position: 1_000 + n, time: UInt64(n) * second))
      _ = ReadReplica.lag(behind: &marks, replayed: 1, at: UInt64(n) * second)
    }
    #expect(marks.count <= 701)
  }

  private func database(
    replica dsn: String, _ noted: Locked<[ReportReader]>, _ clock: Locked<UInt64>
  ) -> Database {
    let pool = Pool(dsn: dsn, password: nil, size: 2, timeout: .seconds(1))
    return Database(
      pool: scratch.pool(size: 2),
      replica: ReadReplica(
        pool: pool, maxLag: .seconds(5), now: { clock.withLock { $0 } },
        note: { reader in noted.withLock { $0.append(reader) } }))
  }

  @Test(arguments: [
    ("host=/nowhere dbname=none user=petstore", "not reachable or not able to serve"),
    // The primary itself: no standby, however young.
    ("", "is no standby any more"),
  ])
  func `What is no standby answers nothing, and the primary answers without an error`(dsn: String, reason: String)
    throws
  {
    // given
    let noted = Locked<[ReportReader]>([])
    let database = database(replica: dsn.isEmpty ? scratch.dsn : dsn, noted, Locked(1))
    let account = try database.register()
    // when
    let report = try database.usage(of: account.principal, days: 7)
    // then
    #expect(report.requests == 0 && report.days.count == 7)
    #expect(noted.withLock { $0 } == [.primary])
    #expect(database.replica?.reason == reason)
  }

  @Test func `An error of the report itself is the caller's, and is not asked for twice`() throws {
    struct Mine: Error {}
    let noted = Locked<[ReportReader]>([])
    let database = database(replica: scratch.dsn, noted, Locked(1))
    #expect(throws: Mine.self) { try database.report(in: .service) { _ in throw Mine() } }
  }
}
