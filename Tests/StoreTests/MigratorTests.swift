import Glibc
import Harness
import Postgres

import Testing
import Threads

@testable import Schema
@testable import Store

@Suite(.serialized) struct MigratorTests {
  private static let repository = "\(#filePath)".split(separator: "/").dropLast(3)
    .reduce("") { $0 + "/" + $1 }

  @Test func `Every migration in the folder is in the list, in order and without gaps`() throws {
    // given
    let folder = try #require(opendir(Self.repository + "/Sources/Schema/Migrations"))
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".sql") { names.append(String(name.dropLast(4))) }
    }
    // then
    #expect(names.sorted() == Schema.migrations.map(\.name))
    #expect(Schema.migrations.map(\.version) == Array(1...Schema.migrations.count))
  }

  @Test func `A second run finds nothing to do`() throws {
    // given
    let scratch = try ScratchPostgres.database(for: "MigratorTests.twice", migrated: false)
    // when
    var first = try Migrator(dsn: scratch.ownerDSN, password: nil)
    let applied = try first.run()
    var second = try Migrator(dsn: scratch.ownerDSN, password: nil)
    let again = try second.run()
    // then
    #expect(applied == Schema.migrations.map(\.name))
    #expect(again == [])
  }

  @Test func `Two hosts that migrate at the same moment apply each step once`() throws {
    // given
    let scratch = try ScratchPostgres.database(for: "MigratorTests.race", migrated: false)
    let applied = Locked<[String]>([])
    let failures = Locked<[String]>([])
    // when
    concurrently(4) { _ in
      do {
        var migrator = try Migrator(dsn: scratch.ownerDSN, password: nil)
        let names = try migrator.run()
        applied.withLock { $0 += names }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    // then
    #expect(failures.withLock { $0 } == [])
    #expect(applied.withLock { $0 } == Schema.migrations.map(\.name))
    #expect(try scratch.count("SELECT count(*) FROM schema_migrations") == Schema.migrations.count)
  }

  @Test func `A step that fails leaves nothing of itself and the steps before it`() throws {
    // given
    let scratch = try ScratchPostgres.database(for: "MigratorTests.failing", migrated: false)
    var migrator = try Migrator(dsn: scratch.ownerDSN, password: nil)
    let good = Migration(version: 1, name: "V0001_good", sql: "CREATE TABLE good ()")
    let bad = Migration(
      version: 2, name: "V0002_bad", sql: "CREATE TABLE half (); SELECT 1 / 0")
    // when
    #expect(throws: PostgresError.self) { try migrator.run([good, bad]) }
    // then
    #expect(try scratch.count("SELECT count(*) FROM schema_migrations") == 1)
    #expect(try scratch.count("SELECT count(*) FROM pg_class WHERE relname = 'good'") == 1)
    #expect(try scratch.count("SELECT count(*) FROM pg_class WHERE relname = 'half'") == 0)
  }

  @Test func `A step that would queue behind a reader gives up instead`() throws {
    // given
    let scratch = try ScratchPostgres.database(for: "MigratorTests.lock", migrated: false)
    var migrator = try Migrator(dsn: scratch.ownerDSN, password: nil)
    _ = try migrator.run([Migration(version: 1, name: "V0001_t", sql: "CREATE TABLE t ()")])
    var reader = try scratch.superuser()
    try reader.query("BEGIN")
    try reader.query("LOCK TABLE t IN ACCESS SHARE MODE")
    // when
    let step = Migration(version: 2, name: "V0002_t", sql: "ALTER TABLE t ADD COLUMN a int")
    let failure = #expect(throws: PostgresError.self) {
      try migrator.run([Migration(version: 1, name: "V0001_t", sql: ""), step])
    }
    // then: 55P03 is lock_not_available
    #expect(failure?.kind == PostgresError.Kind.refused(state: "55P03", constraint: nil))
  }
}
