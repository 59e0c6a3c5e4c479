import Domain
import Harness
import Host
import Redis
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct EpochWarrantTests {
  private let database: Database
  private let account: Account
  private let profile = Call(endpoint: "show_profile")

  init() throws {
    database = try ScratchPostgres.database(for: "EpochWarrantTests").open()
    account = try database.register()
  }

  /// A clock that a test moves.
  private final class Clock: Sendable {
    private let value = Locked<UInt64>(1_000_000_000_000)
    func callAsFunction() -> UInt64 { value.withLock { $0 } }
    func advance(milliseconds: UInt64) { value.withLock { $0 += milliseconds * 1_000_000 } }
  }

  private struct NoLeader: Error {}

  private func principal() throws -> CachedPrincipal {
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600, needsWarrant: true)
    return try #require(try principals.load(.keyHash(account.key.hash)))
  }

  private func admit(
    _ cached: CachedPrincipal, _ source: PrincipalSource, by link: inout RedisLink
  ) throws -> String {
    if source != .cache { try link.prepare() }
    switch try link.admit(
      profile, for: cached, source: source, name: CallName(thread: "t", number: 1), completions: "", idleSeconds: 3_600)
    {
    case .admitted: return "admitted"
    case .epochDiffers: return "differs"
    case .refused, .tooManyConcurrent: return "refused"
    }
  }

  /// Lets the other servers' last warrants run out, and gives one to `link`'s.
  private func vouch(for link: inout RedisLink) throws {
    let clock = Clock()
    var warrant = EpochWarrant(database: database, now: { clock() })
    clock.advance(milliseconds: 2_201)
    #expect(try warrant.renew(&link, tellChanges: { _ in true }, isLeading: {}))
  }

  @Test func `Without a warrant only what was just read from PostgreSQL counts, and no epoch is written`() throws {
    // given
    let redis = try ScratchRedisHost()
    var link = redis.link()
    let cached = try principal()
    let key = AccountKeys(account.userID).epoch
    // when, then
    #expect(try admit(cached, .cache, by: &link) == "differs")
    #expect(try admit(cached, .database, by: &link) == "admitted")
    #expect(try redis.run("GET", key) == .null)
    try redis.run("SET", key, String(cached.principal.epoch))
    #expect(try admit(cached, .cache, by: &link) == "differs")
    // and a warrant that names another server is none
    try redis.run("SET", AccountKeys(account.userID).warrant, "somebody:else")
    #expect(try admit(cached, .cache, by: &link) == "differs")
    // and with one it is as ever
    try vouch(for: &link)
    #expect(try admit(cached, .cache, by: &link) == "admitted")
    try redis.run("DEL", key)
    #expect(try admit(cached, .cache, by: &link) == "differs")
    #expect(try admit(cached, .database, by: &link) == "admitted")
    #expect(try admit(cached, .cache, by: &link) == "admitted")
  }

  @Test func `Calls with leases and windows of their own obey the warrant too`() throws {
    let redis = try ScratchRedisHost()
    var link = redis.link()
    let cached = try principal()
    for call in [
      Call(endpoint: "a", takesLease: true),
      Call(endpoint: "b", policies: [LimitPolicy(name: "content", quota: 5, seconds: 60)], takesLease: true),
      Call(endpoint: "c", policies: [LimitPolicy(name: "content", quota: 5, seconds: 60)]),
      Call(endpoint: "d", isLimited: false),
    ] {
      func ask(_ source: PrincipalSource, _ number: Int) throws -> Admission {
        try link.admit(
          call, for: cached, source: source, name: CallName(thread: call.endpoint, number: number), completions: "",
          idleSeconds: 3_600)
      }
      try redis.run("FLUSHALL")
      #expect(try ask(.cache, 1) == .epochDiffers)
      guard case .admitted(let decision) = try ask(.database, 2) else {
        Issue.record("not admitted: \(call.endpoint)")
        continue
      }
      #expect(decision.windows.count == (call.isLimited ? 3 : 0) + call.policies.count)
      try vouch(for: &link)
      #expect(try ask(.database, 3) != .epochDiffers)
      guard case .admitted = try ask(.cache, 4) else {
        Issue.record("not admitted from the cache: \(call.endpoint)")
        continue
      }
      let leases = try redis.run("ZCARD", AccountKeys(account.userID).leases).integer
      #expect(leases == (call.takesLease ? 3 : 0))
    }
  }

  @Test func `A revocation that a failover lost is not undone`() throws {
    // given: a replica that has seen nothing since the epoch of before
    let master = try ScratchRedisHost()
    let replica = try ScratchRedisHost(replicaOf: master.port)
    var link = master.link()
    let before = try principal()
    let key = AccountKeys(account.userID).epoch
    try vouch(for: &link)
    #expect(try admit(before, .database, by: &link) == "admitted")
    #expect(try master.run("WAIT", "1", "5000") == .integer(1))
    try replica.run("REPLICAOF", "NO", "ONE")
    // when: revoked, told, acknowledged, and the master is lost
    let changed = try database.setTier(.premium, of: account.email)
    #expect(try link.raiseEpoch(of: changed.userID, to: changed.epoch))
    #expect(try admit(before, .cache, by: &link) == "differs")
    try master.crash()
    // then: the replica has the older epoch and the older master's warrant, and is believed neither
    #expect(try replica.run("GET", key).text == String(before.principal.epoch))
    #expect(try replica.run("GET", AccountKeys(account.userID).warrant).text?.isEmpty == false)
    var other = replica.link()
    #expect(try admit(before, .cache, by: &other) == "differs")
    // and nobody vouches for it before the last word for another server has lost its force
    let clock = Clock()
    var warrant = EpochWarrant(database: database, now: { clock() })
    #expect(try !warrant.renew(&other, tellChanges: { _ in true }, isLeading: {}))
    #expect(try admit(before, .cache, by: &other) == "differs")
    clock.advance(milliseconds: 2_100)
    #expect(try !warrant.renew(&other, tellChanges: { _ in true }, isLeading: {}))
    clock.advance(milliseconds: 101)
    #expect(try warrant.renew(&other, tellChanges: { _ in true }, isLeading: {}))
    // and then every epoch has been raised to PostgreSQL's
    #expect(try replica.run("GET", key).text == String(changed.epoch))
    #expect(try admit(before, .cache, by: &other) == "differs")
    let after = try principal()
    #expect(try admit(after, .cache, by: &other) == "admitted")
  }

  @Test func `An epoch of an account that is gone is forgotten, one that is ahead stays`() throws {
    let redis = try ScratchRedisHost()
    var link = redis.link()
    let gone = ID<User>(high: 7, low: 5)
    try redis.run("SET", AccountKeys(gone).epoch, "3")
    try redis.run("SET", AccountKeys(account.userID).epoch, "900")
    try vouch(for: &link)
    #expect(try redis.run("GET", AccountKeys(gone).epoch) == .null)
    #expect(try redis.run("GET", AccountKeys(account.userID).epoch).text == "900")
  }

  @Test func `Many accounts' epochs are raised, each in its shard`() throws {
    // given
    let redis = try ScratchRedisHost()
    var link = redis.link()
    var accounts: [Account] = []
    for _ in 0..<40 { accounts.append(try database.register()) }
    for account in accounts { try redis.run("SET", AccountKeys(account.userID).epoch, "0") }
    // when
    try vouch(for: &link)
    // then
    for account in accounts {
      #expect(
        try redis.run("GET", AccountKeys(account.userID).epoch).text == String(account.principal.epoch))
    }
  }

  @Test func `No warrant is given while changes are left, by one who does not lead, or after its time`() throws {
    let redis = try ScratchRedisHost()
    var link = redis.link()
    let clock = Clock()
    var warrant = EpochWarrant(database: database, now: { clock() })
    clock.advance(milliseconds: 3_000)
    func isThere() throws -> Bool { try redis.run("EXISTS", UsageShards.warrants[3]) == .integer(1) }
    #expect(try !warrant.renew(&link, tellChanges: { _ in false }, isLeading: {}))
    #expect(try !isThere())
    #expect(throws: NoLeader.self) {
      try warrant.renew(&link, tellChanges: { _ in true }, isLeading: { throw NoLeader() })
    }
    #expect(try !isThere())
    // a proof that took as long as a warrant lives is worth nothing, however late the warrant arrives
    _ = try warrant.renew(
      &link,
      tellChanges: { _ in
        HostClock.sleep(EpochWarrant.life + .milliseconds(50))
        return true
      }, isLeading: {})
    #expect(try !isThere())
    #expect(try warrant.renew(&link, tellChanges: { _ in true }, isLeading: {}))
    #expect(try isThere())
    // and it ends by itself
    HostClock.sleep(EpochWarrant.life + .milliseconds(100))
    #expect(try !isThere())
  }

  @Test func `Who cannot tell a believed Redis waits until nobody believes one of before`() throws {
    // given
    let redis = try ScratchRedisHost()
    var link = redis.link()
    let clock = ContinuousClock()
    // when: reached, and without a warrant
    var told = true
    let took = clock.measure { told = link.insistOnEpoch(of: account.userID, to: 5) }
    // then
    #expect(told && took >= EpochWarrant.life)
    #expect(try !link.raiseEpoch(of: account.userID, to: 6))
    // and with one it is at once
    try vouch(for: &link)
    let again = clock.measure { told = link.insistOnEpoch(of: account.userID, to: 7) }
    #expect(told && again < .milliseconds(500))
    // and where it is gone the wait is as long
    try redis.crash()
    let gone = clock.measure { told = link.insistOnEpoch(of: account.userID, to: 8) }
    #expect(!told && gone >= EpochWarrant.life && gone < .seconds(5))
  }

  @Test func `What was read from PostgreSQL is not sent over a connection that is younger`() throws {
    // given
    let redis = try ScratchRedisHost()
    var link = redis.link()
    let cached = try principal()
    // when, then: there is no connection yet
    let error = #expect(throws: RedisUnavailable.self) {
      try link.admit(
        profile, for: cached, source: .database, name: CallName(thread: "t", number: 1), completions: "",
        idleSeconds: 3_600)
    }
    #expect(error?.mayHaveRun == false)
  }

  @Test func `The sentinel says who is master, and after a crash who is master then`() throws {
    // given
    let master = try ScratchRedisHost()
    let replica = try ScratchRedisHost(replicaOf: master.port)
    let sentinel = try ScratchRedisHost(sentinelOf: master.port)
    for _ in 0..<500 where try master.fact("connected_slaves") != "1" { HostClock.sleep(.milliseconds(20)) }
    for _ in 0..<500 where try !(sentinel.fact("master0") ?? "").contains("slaves=1") {
      HostClock.sleep(.milliseconds(50))
    }
    let endpoint = RedisEndpoint(
      // The first one is nobody: the next is asked.
      servers: .sentinels(
        [.network(host: "127.0.0.1", port: 1), .network(host: "127.0.0.1", port: sentinel.port)], master: "scratch"),
      password: nil, deadline: .milliseconds(500))
    var link = RedisLink(endpoint, breaker: Breaker())
    _ = try link.send(Command("SET", "who", "master"))
    let before = link.server
    #expect(try master.run("GET", "who").text == "master")
    #expect(Set(endpoint.serversKnownToSentinels()).count == 2)
    #expect(endpoint.sentinelReports().map(\.master?.description) == [nil, "127.0.0.1:\(master.port)"])
    // when
    try master.crash()
    var isBack = false
    for _ in 0..<300 where !isBack {
      HostClock.sleep(.milliseconds(50))
      isBack = (try? link.send(Command("SET", "who", "replica"))) != nil
    }
    // then
    #expect((isBack) as Bool)
    #expect(try replica.run("GET", "who").text == "replica")
    #expect(link.server != before && !link.server.isEmpty)
  }

  @Test func `A master that became a replica is let go of at its first READONLY`() throws {
    // given
    let one = try ScratchRedisHost()
    let two = try ScratchRedisHost()
    var link = one.link()
    _ = try link.send(Command("SET", "k", "1"))
    // when
    try one.run("REPLICAOF", "127.0.0.1", String(two.port))
    let error = #expect(throws: RedisUnavailable.self) { try link.send(Command("SET", "k", "2")) }
    // then
    #expect(error?.reason.hasPrefix("READONLY") == true)
    HostClock.sleep(.milliseconds(150))
    let again = #expect(throws: RedisUnavailable.self) { try link.send(Command("SET", "k", "3")) }
    #expect(again?.reason.hasPrefix("READONLY") == true, "a replica is not taken for the master")
    // and promoted again it is the same process with another history
    let before = try #require(try one.fact("master_replid"))
    try one.run("REPLICAOF", "NO", "ONE")
    var isBack = false
    for _ in 0..<100 where !isBack {
      HostClock.sleep(.milliseconds(50))
      isBack = (try? link.send(Command("SET", "k", "4"))) != nil
    }
    #expect((isBack) as Bool)
    #expect(!link.server.hasSuffix(before))
  }
}
