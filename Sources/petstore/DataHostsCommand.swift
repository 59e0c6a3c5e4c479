import ArgumentParser
import Domain
import Host
import Postgres
import Settings
import Store

/// `petstore data-hosts`: whom the services must be able to reach over the network, by the settings.
struct DataHostsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data-hosts", abstract: "Print the hosts of PostgreSQL and Redis, where they are not on this one.",
    discussion: """
      One address or name a line; nothing where all is reached over unix sockets. petstore-setup lets the units reach \
      these and no others. With Redis Sentinel the masters' addresses are asked of the sentinels.
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    let settings = try common.load()
    var hosts: [String] = []
    for dsn in [settings.pgDSN, settings.pgOwnerDSN, settings.pgReplicaDSN] where !dsn.isEmpty {
      hosts += ConnectionString.networkHosts(dsn)
    }
    hosts += settings.redisServers.hosts
    hosts += settings.redisEndpoint(deadline: .seconds(1)).serversKnownToSentinels().compactMap(\.host)
    var seen: Set<String> = []
    StandardStream.output.write(hosts.filter { seen.insert($0).inserted }.map { $0 + "\n" }.joined())
  }
}
