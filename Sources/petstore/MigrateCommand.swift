import ArgumentParser
import Host
import Settings
import Store

/// `petstore migrate`: brings the database's schema up to date.
struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Apply the migrations that the database lacks, as the role that owns it (PG_OWNER_DSN).")

  @OptionGroup var common: CommonOptions

  @Option(
    help:
      "Seconds to wait for PostgreSQL to take connections, 0 to 3600: it may come up later than this host's services.")
  var wait = 0

  func validate() throws {
    guard (0...3_600).contains(wait) else { throw ValidationError("--wait takes 0 to 3600 seconds") }
  }

  func run() throws {
    let settings = try common.load()
    waitForPostgreSQL(settings)
    var migrator = try Migrator(dsn: settings.pgOwnerDSN, password: settings.pgPassword)
    let applied = try migrator.run()
    StandardStream.output.write(
      applied.isEmpty
        ? "the schema is up to date\n" : applied.map { "applied \($0)\n" }.joined())
  }

  /// Returns when PostgreSQL takes connections, or when it has had its time.
  private func waitForPostgreSQL(_ settings: Settings) {
    let deadline = HostClock.monotonicNanoseconds() + UInt64(wait) * 1_000_000_000
    while HostClock.monotonicNanoseconds() < deadline {
      if (try? Migrator(dsn: settings.pgOwnerDSN, password: settings.pgPassword)) != nil { return }
      HostClock.sleep(.milliseconds(250))
    }
  }
}
