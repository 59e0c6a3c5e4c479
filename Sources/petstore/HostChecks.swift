// What `petstore doctor` looks at beyond its own settings and databases: clocks, certificate, permissions, units, nginx.

import Crypto
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
