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

  func run() throws {
    let settings = try common.load()
    var migrator = try Migrator(dsn: settings.pgOwnerDSN, password: settings.pgPassword)
    let applied = try migrator.run()
    StandardStream.output.write(
      applied.isEmpty
        ? "the schema is up to date\n" : applied.map { "applied \($0)\n" }.joined())
  }
}
