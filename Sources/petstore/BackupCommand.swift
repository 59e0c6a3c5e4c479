import ArgumentParser
import Backup
import Domain
import Host
import Settings

/// `petstore backup`: the database as one sealed file.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Back the database up, sealed for the keys in BACKUP_RECIPIENTS_FILE; list and check backups.",
    subcommands: [Make.self, List.self, Verify.self], defaultSubcommand: Make.self)

  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "make",
      abstract: "Make a backup, as petstore_owner, and remove those that are older than BACKUP_KEEP_DAYS.",
      discussion: "What is kept elsewhere: the identity that opens backups, the credential master-key, /etc/petstore.")

    @OptionGroup var common: CommonOptions
    @Option(help: "The folder to write to; BACKUP_DIRECTORY without it.") var to: String?
    @Option(help: "A public key (age1…) to seal for, instead of those in BACKUP_RECIPIENTS_FILE; may be repeated.")
    var recipient: [String] = []

    func run() throws {
      StopSignal.block()
      let settings = try common.load()
      var backup = try BackupMaker(
        settings: settings, folder: to ?? settings.backupDirectory,
        recipients: try BackupRecipients(settings: settings, named: recipient))
      let (manifest, name, removed) = try backup.run()
      for old in removed { StandardStream.output.write("removed \(old): older than BACKUP_KEEP_DAYS\n") }
      StandardStream.output.write(
        "made \(backup.folder)/\(name.archive): \(manifest.facts.database.tables.count) tables,"
          + " \(manifest.facts.database.rows) rows, \(manifest.bytes) bytes, as of \(manifest.facts.database.takenAt)\n"
      )
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Show the backups of a folder, oldest first.")

    @OptionGroup var common: CommonOptions
    @Option(help: "The folder; BACKUP_DIRECTORY without it.") var from: String?

    func run() throws {
      let settings = try common.load()
      let folder = from ?? settings.backupDirectory
      let files = Files.names(in: folder)
      for name in BackupName.whole(among: files) {
        do {
          let manifest = try BackupManifest(try Files.read("\(folder)/\(name.manifest)"), name: name.manifest)
          StandardStream.output.write(
            "\(folder)/\(name.archive)  \(manifest.facts.database.takenAt)  schema \(manifest.facts.database.schema)"
              + "  \(manifest.facts.database.rows) rows  \(manifest.bytes) bytes\n")
        } catch {
          StandardStream.output.write("\(folder)/\(name.archive)  \(error)\n")
        }
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Check a backup: its checksum, and with the identity everything that is in it.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "FILE.tar.age") var file: String
    @Option(help: "The file with the key that opens it (AGE-SECRET-KEY-…).") var identity: String?

    func run() throws {
      _ = try common.load()
      StopSignal.block()
      let archive = try BackupArchive(file)
      let manifest = try archive.compareChecksum()
      guard let identity else {
        guard manifest != nil else {
          throw ExitWithMessage(
            "\(file): there is no manifest beside it to compare its checksum with; give --identity to look inside")
        }
        StandardStream.output.write(
          "ok    checksum: as in the manifest\n      what is inside was not looked at: that takes --identity\n")
        return
      }
      // pg_restore reads every row, and writes the script that it would run to nowhere.
      let contents = try archive.read(
        identity: identity, into: "pg_restore", ["--file=/dev/null"], access: PostgresAccess(dsn: "", password: nil))
      try archive.compare(contents, with: manifest)
      if manifest != nil {
        StandardStream.output.write("ok    checksum: as in the manifest\n")
      } else {
        StandardStream.output.write("      there is no manifest beside it to compare with\n")
      }
      let database = contents.facts.database
      StandardStream.output.write(
        """
        ok    seal: opened to its end
        ok    dump: \(contents.end.dumpBytes) bytes, read by pg_restore to its end
              \(database.tables.count) tables, \(database.rows) rows, schema \(database.schema), as of \(database.takenAt)

        """)
    }
  }
}
