import Domain
import Harness
import Postgres
import Testing

@testable import Store

@Suite(.serialized) struct FeatureFlagTests {
  private let scratch: ScratchDatabase
  private let database: Database

  init() throws {
    scratch = try ScratchPostgres.database(for: "FeatureFlagTests")
    database = scratch.open()
    try scratch.look("TRUNCATE feature_flags")
  }

  @Test func `A flag that was set counts until it is taken back, and the trail has both`() throws {
    let account = try database.register()
    let board = FeatureFlagBoard(database: database, enforcement: AuthEnforcement())
    #expect(board.current.isOn(.registration))
    _ = try database.setFeatureFlag(.registration, to: "off", note: "moving", in: account.tenantID, by: someone)
    #expect(board.current.isOn(.registration), "what was read counts until it is read again")
    try board.refresh()
    #expect(!board.current.isOn(.registration))
    let record = try #require(try database.featureFlags().first { $0.flag == .registration })
    #expect(record.setting?.value == "off" && record.setting?.note == "moving")
    _ = try database.setFeatureFlag(.registration, to: nil, note: "", in: account.tenantID, by: someone)
    try board.refresh()
    #expect(board.current.isOn(.registration))
    #expect(
      try scratch.count(
        """
        SELECT count(*) FROM audit_events
        WHERE action = 'flag.changed' AND tenant_id = \(account.tenantID)
        """) == 2)
  }

  @Test func `A process that could never read them asks for credentials everywhere`() throws {
    let away = Database(pool: Pool(dsn: "host=/nowhere dbname=x", password: nil, size: 1, timeout: .milliseconds(200)))
    let board = FeatureFlagBoard(database: away, enforcement: try AuthEnforcement("off"))
    for group in RouteGroup.allCases { #expect(board.current.mode(of: group) == .enforce) }
    // Once read, the settings count, and go on to count while PostgreSQL is away.
    let there = FeatureFlagBoard(database: database, enforcement: try AuthEnforcement("off"))
    #expect(there.current.mode(of: .content) == .off)
  }

  @Test func `A name or value of another version is passed over`() throws {
    try scratch.look(
      "INSERT INTO feature_flags (name, value) VALUES ('of_tomorrow', 'on'), ('registration', 'sometimes')")
    let board = FeatureFlagBoard(database: database, enforcement: AuthEnforcement())
    #expect(board.current.isOn(.registration))
    #expect(try database.featureFlags().count == FeatureFlag.allCases.count)
  }

  @Test func `Many threads that begin at once read them once`() throws {
    let board = FeatureFlagBoard(database: scratch.open(connections: 1), enforcement: AuthEnforcement())
    let before = try scratch.count("SELECT count(*) FROM pg_stat_activity WHERE datname = \(scratch.name)")
    concurrently(16) { _ in _ = board.current }
    #expect(board.current.isOn(.registration))
    let after = try scratch.count("SELECT count(*) FROM pg_stat_activity WHERE datname = \(scratch.name)")
    #expect(after <= before + 1)
  }
}
