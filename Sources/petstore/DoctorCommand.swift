import ArgumentParser
import Domain
import Host
import Postgres
import Redis
import Schema
import Settings
import Store

/// `petstore doctor`: looks at everything a worker needs and says what to do about what is wrong.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check settings, PostgreSQL, Redis, files, clocks, units, nginx and certificate; say what to do.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let settings = try common.load()
    var failures = 0
    /// Says how a check went; false if it failed.
    @discardableResult
    func report(_ what: String, _ check: () throws -> String) -> Bool {
      do {
        StandardStream.output.write("ok    \(what): \(try check())\n")
        return true
      } catch {
        failures += 1
        StandardStream.output.write("FAIL  \(what): \(error)\n")
        return false
      }
    }
    report("settings") { "read" }
    let host = HostChecks(settings: settings)
    if HostChecks.isInstalled, common.config == nil {
      report("permissions") { try host.permissions() }
      report("nginx") { try host.nginx() }
      if HostProgram.isRoot {
        // The databases know their own by the system user's name.
        let rest = HostProgram.run(
          "/usr/sbin/runuser", ["-u", "petstore", "--", CommandLine.arguments[0], "doctor"], deadline: 60_000)
        // The settings were read above.
        for line in rest.output.split(separator: "\n") where !Self.isSaid(line) {
          StandardStream.output.write(line + "\n")
        }
        if failures > 0 || rest.status != 0 { throw ExitCode(1) }
        return
      }
      report("units") { try host.units() }
      report("certificate") { try host.certificate() }
    }
    let hasDatabase = report("PostgreSQL") {
      try settings.database().pool.withConnection { connection in
        let version = try Migrator.version(&connection)
        let wanted = Schema.migrations.count
        guard version >= wanted else {
          throw ExitWithMessage("the schema is at \(version), this version needs \(wanted): run 'petstore migrate'")
        }
        // Every migration bears the version before it, so that an upgrade can be taken back.
        return version == wanted
          ? "reached, schema \(version)"
          : "reached, schema \(version): a later version has been here, this one needs \(wanted)"
      }
    }
    let hasRedis = report("Redis") {
      if case .one(.socket(let socket)) = settings.redisServers, !Files.exists(socket) {
        throw ExitWithMessage(
          "REDIS_SOCKET=\(socket): no such socket; systemctl start redis-server@petstore, or petstore-setup")
      }
      var link = settings.redisLink()
      let reply = try link.send(Command("PING"))
      guard reply == .status("PONG") else { throw ExitWithMessage("does not answer PING") }
      let policy = try link.send(Command("CONFIG", "GET", "maxmemory-policy"))
      guard policy.elements?.last?.text == "noeviction" else {
        throw ExitWithMessage(
          "maxmemory-policy must be noeviction: an evicted key would forget what a limit has counted")
      }
      return "reached, keeps what it is given"
    }
    if case .sentinels = settings.redisServers {
      report("Redis Sentinel") { try HostChecks(settings: settings).sentinels() }
    }
    if !settings.pgReplicaDSN.isEmpty {
      report("PostgreSQL standby") { try HostChecks(settings: settings).replica() }
    }
    report("master key") {
      _ = try settings.requireMasterKey()
      return "read"
    }
    // What needs the database is not said to be broken where the database is.
    if hasDatabase {
      reportData(settings, report)
      if hasRedis { report("clocks") { try host.clocks() } }
    }
    report("backups") { try BackupChecks.newest(settings) }
    report("common passwords") { "\(try settings.passwordPolicy().commonCount) known" }
    for (name, folder) in [
      ("METRICS_DIRECTORY", settings.metricsDirectory), ("SPOOL_DIRECTORY", settings.spoolDirectory),
    ] {
      report(name) {
        try Files.makeFolder(folder)
        let probe = "\(folder)/.doctor"
        try Files.write([], to: probe)
        Files.remove(probe)
        return "\(folder) can be written"
      }
    }
    if failures > 0 { throw ExitCode(1) }
  }

  /// Whether root has said a line of the service's user already.
  private static func isSaid(_ line: Substring) -> Bool {
    ["settings:", "permissions:", "nginx:"].contains { line.dropFirst(6).hasPrefix($0) }
  }

  private func reportData(
    _ settings: Settings, _ report: (String, () throws -> String) -> Bool
  ) {
    _ = report("signing keys") {
      let keys = try settings.database().signingKeys(try settings.requireMasterKey())
      return keys.isEmpty ? "read; no signing key yet, the first login makes it" : "opens \(keys.count) signing keys"
    }
    _ = report("letters") {
      let waiting = try settings.database().lettersWaiting()
      if let error = waiting.lastError {
        throw ExitWithMessage(
          "\(waiting.count) wait, the oldest for \(waiting.oldestSeconds) s: the mail relay said '\(error)'; look at SMTP_URL"
        )
      }
      return settings.mailDirectory.isEmpty
        ? "\(waiting.count) wait for \(settings.smtpURL)" : "\(waiting.count) wait for \(settings.mailDirectory)"
    }
  }
}
