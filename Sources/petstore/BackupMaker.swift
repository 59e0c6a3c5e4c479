// How a backup is made: pg_dump ─► this process (counts, digests, frames) ─► age ─► the file. Nothing unsealed touches
// the disk. The file gets its name when it is whole and on the disk, its manifest after that.

import API
import Backup
import Crypto
import Domain
import HTTP
import Host
import Settings
import Store

/// What children need to know of PostgreSQL.
struct PostgresAccess {
  let dsn: String
  let password: Secret<String>?

  /// Starts a program of PostgreSQL's. A password goes over in memory, as the file that libpq looks for one in.
  func start(
    _ program: String, _ arguments: [String], input: OpenFile, output: OpenFile
  ) throws -> ChildProcess {
    guard let password else { return try ChildProcess(program, arguments, input: input, output: output) }
    var escaped = ""
    for character in password.exposed {
      if character == "\\" || character == ":" { escaped.append("\\") }
      escaped.append(character)
    }
    let file = try OpenFile.inMemory(Array("*:*:*:*:\(escaped)\n".utf8))
    return try ChildProcess(
      program, arguments, input: input, output: output, secretName: "PGPASSFILE", secretFile: file)
  }
}

/// Makes one backup.
struct BackupMaker: ~Copyable {
  let folder: String
  private let recipients: BackupRecipients
  private let retention: Retention
  private let access: PostgresAccess
  private var database: DatabaseCopy
  /// Held as long as this value lives: two backups at once would take each other's leftovers away.
  private let lock: OpenFile

  init(settings: Settings, folder: String, recipients: BackupRecipients) throws {
    guard let lock = try OpenFile.lock(folder: folder) else {
      throw ExitWithMessage("another backup into \(folder) is running; wait for it")
    }
    // Nobody is writing, so what was left half-made is nobody's.
    for name in Files.names(in: folder) where name.hasPrefix("petstore-") && name.hasSuffix(".partial") {
      Files.remove("\(folder)/\(name)")
    }
    let database = try DatabaseCopy(dsn: settings.pgOwnerDSN, password: settings.pgPassword)
    self.folder = folder
    self.recipients = recipients
    self.lock = lock
    self.database = database
    retention = Retention(days: settings.backupKeepDays, atLeast: settings.backupKeepAtLeast)
    access = PostgresAccess(dsn: settings.pgOwnerDSN, password: settings.pgPassword)
  }

  /// Gives the manifest, the name, and the older backups that were removed.
  mutating func run() throws -> (BackupManifest, BackupName, [BackupName]) {
    var name = BackupName(seconds: Int64(HostClock.wallSeconds()))
    while Files.exists("\(folder)/\(name.archive)") || Files.exists("\(folder)/\(name.manifest)") {
      HostClock.sleep(.milliseconds(100))
      name = BackupName(seconds: Int64(HostClock.wallSeconds()))
    }
    let archive = "\(folder)/\(name.archive)"
    let manifestFile = "\(folder)/\(name.manifest)"
    let manifest: BackupManifest
    do {
      manifest = try write(archive + ".partial", at: name.seconds)
      let list = try OpenFile(creating: manifestFile + ".partial")
      try list.write(manifest.encoded()[...])
      try list.sync()
      try Files.rename(archive + ".partial", to: archive)
      try Files.rename(manifestFile + ".partial", to: manifestFile)
      try lock.sync()
    } catch {
      Files.remove(archive + ".partial")
      Files.remove(manifestFile + ".partial")
      throw error
    }
    let expired = retention.expired(among: BackupName.whole(among: Files.names(in: folder)), now: name.seconds)
    for old in expired {
      // The manifest first: an archive without one does not count.
      Files.remove("\(folder)/\(old.manifest)")
      Files.remove("\(folder)/\(old.archive)")
    }
    return (manifest, name, expired)
  }

  private mutating func write(_ path: String, at time: Int64) throws -> BackupManifest {
    let file = try OpenFile(creating: path)
    let extensions = try database.extensionsOfSchema()
    let (access, recipients) = (access, recipients)
    let (facts, end) = try database.withSnapshot { facts, snapshot in
      let facts = BackupFacts(petstore: Services.version, database: facts)
      return (
        facts,
        try Self.pump(facts, snapshot: snapshot, extensions: extensions, access, recipients, into: file, time)
      )
    }
    try file.sync()
    try file.rewind()
    var digest = RunningDigest()
    var bytes = 0
    while true {
      let chunk = try file.read(1 << 20)
      if chunk.isEmpty { break }
      bytes += chunk.count
      digest.add(chunk[...])
    }
    return BackupManifest(facts: facts, end: end, bytes: bytes, sha256: Hexadecimal.encode(digest.finish()))
  }

  private static func pump(
    _ facts: BackupFacts, snapshot: String, extensions: [String], _ access: PostgresAccess,
    _ recipients: BackupRecipients, into file: OpenFile, _ time: Int64
  ) throws -> BackupEnd {
    let nothing = try OpenFile(reading: "/dev/null")
    let (dumpReading, dumpWriting) = try OpenFile.pipe()
    let (sealReading, sealWriting) = try OpenFile.pipe()
    var age = try ChildProcess("age", ["--encrypt"] + recipients.arguments, input: sealReading, output: file)
    sealReading.close()
    var dump = try access.start(
      "pg_dump",
      ["--format=custom", "--no-password", "--lock-wait-timeout=60s", "--snapshot=\(snapshot)"]
        + extensions.map { "--extension=\($0)" } + ["--dbname=\(access.dsn)"],
      input: nothing, output: dumpWriting)
    dumpWriting.close()
    var digest = RunningDigest()
    var bytes = 0
    var pending: [UInt8] = []
    do {
      try sealWriting.write(TapeArchive.member("facts.json", facts.json.encoded(), time: time)[...])
      while true {
        if StopSignal.wait(timeout: .zero) {
          throw ExitWithMessage("stopped before the backup was whole; nothing was kept")
        }
        let chunk = try dumpReading.read(256 << 10)
        digest.add(chunk[...])
        bytes += chunk.count
        pending += chunk
        if pending.count >= TapeArchive.longestMember || chunk.isEmpty && !pending.isEmpty {
          let piece = pending.prefix(TapeArchive.longestMember)
          try sealWriting.write(TapeArchive.member("dump", Array(piece), time: time)[...])
          pending.removeFirst(piece.count)
        } else if chunk.isEmpty {
          break
        }
      }
      let ending = dump.wait()
      guard ending.isGood else { throw ExitWithMessage("the database was not read whole: \(ending.description)") }
      let end = BackupEnd(
        dumpBytes: bytes, dumpSHA256: Hexadecimal.encode(digest.finish()),
        finishedAt: Timestamp.text(HostClock.wallSeconds()))
      try sealWriting.write(
        (TapeArchive.member("end.json", end.json.encoded(), time: time) + TapeArchive.end)[...])
      sealWriting.close()
      let sealed = age.wait()
      guard sealed.isGood else { throw ExitWithMessage("the backup was not sealed: \(sealed.description)") }
      return end
    } catch is FileFailure {
      // age went away, and knows why.
      sealWriting.close()
      dumpReading.close()
      throw ExitWithMessage("the backup could not be written: \(age.wait().description)")
    }
  }
}
