import Domain
import Testing

@Suite struct ServerAddressTests {
  @Test func `A socket, a name, an address of either kind`() {
    #expect(ServerAddress("/run/redis.sock") == .socket("/run/redis.sock"))
    #expect(ServerAddress("data-1.internal:6379") == .network(host: "data-1.internal", port: 6_379))
    #expect(ServerAddress("10.0.0.5:1") == .network(host: "10.0.0.5", port: 1))
    #expect(ServerAddress("[fd00::5]:26379") == .network(host: "fd00::5", port: 26_379))
    #expect(ServerAddress("[fd00::5]:26379")?.description == "[fd00::5]:26379")
  }

  @Test(arguments: [
    "", ":", "host", "host:", ":6379", "host:0", "host:65536", "host:-1", "host:6379x", "fd00::5:6379", "[fd00::5]",
    "[host]:6379", "ho st:6379", "host\n:6379", "redis://host:6379", "user@host:6379", "run/redis.sock",
    "/" + String(repeating: "a", count: 107),
  ])
  func `Anything else is none`(text: String) {
    #expect(ServerAddress(text) == nil)
  }

  @Test func `Only a Redis behind a socket goes down with the workers' own host`() throws {
    let network = try #require(ServerAddress("10.0.0.5:6379"))
    #expect(!RedisServers.one(.socket("/run/redis.sock")).mayLoseWrites)
    #expect(RedisServers.one(network).mayLoseWrites)
    #expect(RedisServers.sentinels([.socket("/run/sentinel.sock")], master: "petstore").mayLoseWrites)
    #expect(RedisServers.sentinels([.socket("/run/s"), network], master: "petstore").hosts == ["10.0.0.5"])
  }
}
