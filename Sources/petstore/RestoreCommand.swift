import ArgumentParser
import Backup
import Crypto
import Domain
import Host
import Postgres
import Schema
import Settings
import Store

/// `petstore restore`: a backup into an empty database, and the proof that it is what was backed up.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring a backup back into an empty database, as petstore_owner, and check all of it.",
    discussion: """
      The service must be stopped, and is started when this has ended well. What was changed after the backup is lost: keys \
      and sessions that were ended since then open again. With --recovered no file is read: the database has been \
      brought back by point-in-time recovery, and is checked and made ready.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "FILE.tar.age") var file: String?
  @Option(help: "The file with the key that opens it (AGE-SECRET-KEY-…).") var identity: String?
  @Flag(help: "The database is back already, by point-in-time recovery.") var recovered = false

  func validate() throws {
    if recovered {
      guard file == nil, identity == nil else { throw ValidationError("--recovered takes no FILE and no --identity") }
    } else {
      guard file != nil else { throw ValidationError("name the FILE.tar.age to restore") }
      guard identity != nil else { throw ValidationError("name the file of the key that opens it: --identity KEYFILE") }
    }
  }

  func run() throws {
    StopSignal.block()
    let settings = try common.load()
    let began = HostClock.monotonicNanoseconds()
    var database = try DatabaseCopy(dsn: settings.pgOwnerDSN, password: settings.pgPassword)
    var faults: [String] = []
    var original: DatabaseFacts?
    if let file, let identity { original = try restore(file, identity, &database, settings) }
    let facts = try database.facts()
    if let original {
      let differences = original.differences(from: facts)
      faults += differences
      if differences.isEmpty {
        say("rows: \(facts.rows) in \(facts.tables.count) tables, each table the same rows as in the backup")
        say("rights: the \(facts.rights.rows) of other roles are as they were")
      }
    } else {
      try requireKnown(facts.schema)
      say("schema: \(facts.schema)")
      say("rows: \(facts.rows) in \(facts.tables.count) tables")
    }
    let auditFaults = try database.auditFaults()
    faults += auditFaults.map { "the audit trail: \($0)" }
    if auditFaults.isEmpty {
      let events = facts.tables.first { $0.name == "public.audit_events" }?.rows ?? 0
      say("audit trail: \(events) events, append-only, all of living accounts open, numbers go on")
    }
    faults += masterKeyFaults(settings)
    guard faults.isEmpty else {
      throw ExitWithMessage(
        "the database is back, but not as it was; do not start the service on it:\n"
          + faults.map { "  \($0)" }.joined(separator: "\n"))
    }
    let accounts = try database.voidEpochs()
    say(
      "epochs: those of \(accounts) accounts begin anew; petstore watch makes Redis forget the old ones when it starts")
    try database.analyze()
    let known = Schema.migrations.count
    if facts.schema < known {
      say(
        "next: 'petstore migrate' brings the schema from \(facts.schema) to \(known); petstore.target does so when it starts"
      )
    }
    let seconds = Double(HostClock.monotonicNanoseconds() - began) / 1e9
    StandardStream.output.write("restored and checked in \(Self.tenths(seconds)) s\n")
  }

  private func restore(
    _ file: String, _ identity: String, _ database: inout DatabaseCopy, _ settings: Settings
  ) throws -> DatabaseFacts {
    let archive = try BackupArchive(file)
    let manifest = try archive.compareChecksum()
    say(
      manifest == nil
        ? "checksum: not compared, there is no manifest beside the file" : "checksum: as in the manifest")
    // Read to its end before anything is written: what is damaged late must not be half in the database.
    let contents = try archive.read(identity: identity) { _ in }
    try archive.compare(contents, with: manifest)
    say(
      "seal: opened to its end; a backup of petstore \(contents.facts.petstore), as of \(contents.facts.database.takenAt)"
    )
    try requireKnown(contents.facts.database.schema)
    let obstacles = try database.obstacles()
    guard obstacles.isEmpty else { throw ExitWithMessage(obstacles.joined(separator: "\n")) }
    let access = PostgresAccess(dsn: settings.pgOwnerDSN, password: settings.pgPassword)
    let again: BackupArchive.Contents
    do {
      again = try archive.read(
        identity: identity, into: "pg_restore",
        ["--single-transaction", "--exit-on-error", "--no-owner", "--no-password", "--dbname=\(access.dsn)"],
        access: access)
    } catch {
      throw ExitWithMessage("nothing was restored: \(error)")
    }
    guard again.facts == contents.facts, again.end == contents.end else {
      throw ExitWithMessage("\(file) was changed while it was being read; empty the database and begin again")
    }
    return contents.facts.database
  }

  private func requireKnown(_ schema: Int) throws {
    let known = Schema.migrations.count
    guard schema <= known else {
      throw ExitWithMessage(
        "the backup's schema is at \(schema), newer than this version's \(known): install the petstore that made it, or a later one"
      )
    }
    guard schema > 0 else { throw ExitWithMessage("there is no schema in it: not a database of petstore") }
  }

  /// Whether the master key is the one that sealed what the database holds.
  private func masterKeyFaults(_ settings: Settings) -> [String] {
    guard settings.masterKey != nil else {
      StandardStream.output.write(
        "      master key: this user cannot read it; 'runuser -u petstore -- petstore doctor' tells whether it fits\n")
      return []
    }
    do {
      let owner = Database(
        pool: Pool(dsn: settings.pgOwnerDSN, password: settings.pgPassword?.exposed, size: 1, timeout: .seconds(30)))
      let keys = try owner.signingKeys(try settings.requireMasterKey())
      say("master key: opens \(keys.count) signing keys")
      return []
    } catch {
      return ["\(error); put the one in place that belongs to this backup and run 'petstore restore --recovered'"]
    }
  }

  private func say(_ text: String) { StandardStream.output.write("ok    \(text)\n") }

  private static func tenths(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
