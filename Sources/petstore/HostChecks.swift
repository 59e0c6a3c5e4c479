// What `petstore doctor` looks at beyond its own settings and databases: clocks, certificate, permissions, units, nginx.

import Crypto
import Domain
import Host
import Redis
import Settings
import Store

/// Checks of the host. Each gives a line, or throws what is wrong and what to do.
struct HostChecks {
  let settings: Settings

  /// Whether the package's units run this host: else (scripts/up) there is nothing to look at.
  static var isInstalled: Bool {
    Files.exists("/run/systemd/system") && Files.exists("/lib/systemd/system/petstore.target")
  }

  private static let local = "/etc/nginx/petstore/local"

  /// This clock beside PostgreSQL's and Redis's: expiry is decided by each, and people see all three.
  func clocks() throws -> String {
    var means = "PostgreSQL"
    var worst = try settings.database().clock() - HostClock.wallSeconds()
    var link = settings.redisLink()
    let time = try link.send(Command("TIME")).elements ?? []
    if time.count == 2, let seconds = time[0].text.flatMap({ Double($0) }),
      abs(seconds - HostClock.wallSeconds()) > abs(worst) + 1
    {
      worst = seconds - HostClock.wallSeconds()
      means = "Redis"
    }
    guard abs(worst) < 3 else {
      throw ExitWithMessage(
        "\(means)'s clock is \(Int(worst)) s off this host's: keep every host's time by NTP (timedatectl set-ntp true)")
    }
    return "agree with PostgreSQL's and Redis's"
  }

  /// Whether the sentinels agree, and could bring about a failover.
  func sentinels() throws -> String {
    let reports = settings.redisEndpoint(deadline: .seconds(1)).sentinelReports()
    let away = reports.filter { $0.master == nil }
    let masters = Set(reports.compactMap(\.master))
    guard !masters.isEmpty else {
      throw ExitWithMessage(
        "no sentinel of REDIS_SENTINELS answers (\(Self.list(away))): look at redis-sentinel there, at the firewall, and at"
          + " the units' IPAddressAllow (petstore-setup writes it)")
    }
    guard masters.count == 1 else {
      throw ExitWithMessage(
        "the sentinels name different masters, \(masters.map(\.description).sorted().joined(separator: ", ")): one was cut"
          + " off, or a failover runs now; ask again in a minute, then 'redis-cli -p 26379 sentinel reset' on the odd one"
      )
    }
    guard away.isEmpty else {
      throw ExitWithMessage(
        "of \(reports.count) sentinels \(away.count) do not answer (\(Self.list(away))): service goes on, but one fewer may"
          + " be too few for a failover; start them, or take them out of REDIS_SENTINELS")
    }
    let unable = reports.filter { $0.failure != nil }
    guard unable.isEmpty else {
      throw ExitWithMessage(
        "a failover would not be made (\(Self.list(unable))): each sentinel must reach the others, and the quorum, the"
          + " last number of its line 'sentinel monitor', must be met")
    }
    return "\(reports.count) agree that \(masters.first?.description ?? "") is master, and could make another one"
  }

  private static func list(_ reports: [SentinelReport]) -> String {
    reports.map { "\($0.sentinel): \($0.failure ?? "")" }.joined(separator: "; ")
  }

  /// Whether the standby could answer reports now.
  func replica() throws -> String {
    guard let replica = settings.database(noting: { _ in }).replica else { return "none" }
    let primary = settings.database().pool
    // The first look has nothing to compare with where the standby is an instant behind.
    for _ in 0..<3 where !replica.isFit(primary) { HostClock.sleep(.milliseconds(1_100)) }
    if replica.isFit(primary) { return "reached, at most PG_REPLICA_MAX_LAG_MS behind" }
    let fix: String
    switch replica.reason {
    case "is no standby any more":
      fix = "it was promoted: name the new standby in PG_REPLICA_DSN, and the new primary in PG_DSN"
    case "lags behind":
      fix = "look at pg_stat_replication on the primary: no row means that the standby receives nothing"
    default:
      fix = "look at PG_REPLICA_DSN, the standby's pg_hba.conf and log, and the units' IPAddressAllow"
    }
    throw ExitWithMessage(
      "\(replica.reason ?? ""); the primary answers in its place meanwhile: \(fix)")
  }

  /// The certificate that nginx is told to show.
  func certificate() throws -> String {
    let listen = String(decoding: try Files.read("\(Self.local)/listen.conf"), as: UTF8.self)
    let line = listen.split(separator: "\n").first { $0.drop { $0 == " " }.hasPrefix("ssl_certificate ") }
    guard let path = line?.split(whereSeparator: { $0 == " " || $0 == ";" }).dropFirst().first else {
      throw ExitWithMessage("\(Self.local)/listen.conf names no ssl_certificate")
    }
    let fix = "petstore-setup --certificate FULLCHAIN --key KEY puts a new one in place"
    let certificate: Certificate
    do {
      certificate = try Certificate(pem: try Files.read(String(path)))
    } catch {
      throw ExitWithMessage("\(path): \(error); \(fix)")
    }
    let days = certificate.secondsLeft / 86_400
    guard certificate.secondsSinceBegin >= 0 else {
      throw ExitWithMessage("\(path) is not valid yet: look at the clock")
    }
    guard certificate.secondsLeft > 0 else { throw ExitWithMessage("\(path) has expired; \(fix)") }
    guard days >= 21 else { throw ExitWithMessage("\(path) ends in \(days) days; \(fix)") }
    return "good for \(days) more days"
  }

  /// Secrets that others may read are none; settings that others may write are theirs.
  func permissions() throws -> String {
    var wrong: [String] = []
    let folder = "/etc/petstore/credentials"
    for name in Files.names(in: folder) where (Files.permissions("\(folder)/\(name)") ?? 0) & 0o007 != 0 {
      wrong.append("\(folder)/\(name) is open to everybody: chmod o= \(folder)/\(name)")
    }
    for file in ["/etc/petstore/petstore.env", "/etc/petstore/tls/server.crt"]
    where (Files.permissions(file) ?? 0) & 0o022 != 0 {
      wrong.append("\(file) may be written by others than root: chmod go-w \(file)")
    }
    if let mode = Files.permissions("/etc/petstore/tls/server.key"), mode & 0o077 != 0 {
      wrong.append("the certificate's key is open to others than root: chmod go= /etc/petstore/tls/server.key")
    }
    guard wrong.isEmpty else { throw ExitWithMessage(wrong.joined(separator: "; ")) }
    return "credentials, key and settings belong to those who should have them"
  }

  /// Every unit that the settings ask for.
  func units() throws -> String {
    var units = ["petstore.target", "petstore-migrate.service", "petstore-watch.service", "nginx.service"]
    for instance in settings.pools.flatMap(\.instances) {
      units += ["petstore-worker@\(instance).socket", "petstore-worker@\(instance).service"]
    }
    let states = HostProgram.run("/usr/bin/systemctl", ["is-active"] + units).output.split(separator: "\n")
    guard states.count == units.count else { throw ExitWithMessage("systemctl does not answer: \(states)") }
    let away = zip(units, states).filter { $1 != "active" }.map { "\($0) is \($1)" }
    guard away.isEmpty else {
      throw ExitWithMessage(
        "\(away.joined(separator: ", ")): petstore-setup starts what the settings ask for; journalctl -u UNIT -n 20 says why it ended"
      )
    }
    return "\(units.count) run"
  }

  /// nginx's site, and that it asks the workers that there are.
  func nginx() throws -> String {
    guard Files.exists("/etc/nginx/sites-enabled/petstore.conf") else {
      throw ExitWithMessage("the site is not enabled: petstore-setup")
    }
    let upstreams = String(decoding: try Files.read("\(Self.local)/upstreams.conf"), as: UTF8.self)
    for instance in settings.pools.flatMap(\.instances) where !upstreams.contains("/\(instance).sock ") {
      throw ExitWithMessage("nginx does not know the worker \(instance): petstore-setup")
    }
    guard HostProgram.isRoot else { return "the site is enabled and knows every worker" }
    let tried = HostProgram.run("/usr/sbin/nginx", ["-t"])
    guard tried.status == 0 else { throw ExitWithMessage("nginx -t: \(tried.output)") }
    return "takes its configuration, and knows every worker"
  }
}
