import Domain
import Harness
import Host
import Redis
import Testing

@testable import Store

@Suite(.serialized) struct AdmissionTests {
  private let scratch: ScratchDatabase
  private let redis: ScratchRedis
  private let database: Database
  private let account: Account
  private let content = Call(endpoint: "generate_article", takesLease: true)
  private let profile = Call(endpoint: "show_profile")

  init() throws {
    scratch = try ScratchPostgres.database(for: "AdmissionTests")
    redis = try ScratchRedis.server(for: "AdmissionTests")
    database = scratch.open()
    account = try database.register()
  }

  private func name(_ number: Int) -> CallName { CallName(thread: "t", number: number) }

  private func admit(
    _ call: Call, _ number: Int, source: PrincipalSource = .database, completions: String = "",
    by link: inout RedisLink
  ) throws -> Admission {
    try link.admit(
      call, for: account.cached, source: source, name: name(number), completions: completions, idleSeconds: 3_600)
  }

  private func isAdmitted(_ admission: Admission) -> Bool {
    if case .admitted = admission { true } else { false }
  }

  private func pending() throws -> [String: Int] {
    let fields =
      try redis.run("HGETALL", account.cached.keys.pending).elements?.compactMap(\.text) ?? []
    return stride(from: 0, to: fields.count, by: 2).reduce(into: [:]) {
      if fields[$1].contains(account.userID.description) { $0[fields[$1]] = Int(fields[$1 + 1]) }
    }
  }

  @Test func `An admitted call is counted once, under its account, key, endpoint and hour`() throws {
    // given
    var link = redis.link()
    let hour = Int(HostClock.wallSeconds()) / 3_600
    // when
    for number in 1...3 { #expect(isAdmitted(try admit(profile, number, by: &link))) }
    // then
    let owner = "\(account.userID),\(account.tenantID)"
    let field = "a,\(owner),\(account.keyID),show_profile,"
    let counted = try pending()
    #expect((counted["\(field)\(hour)"] ?? 0) + (counted["\(field)\(hour + 1)"] ?? 0) == 3)
    #expect(try redis.run("HGET", account.cached.keys.calls, "t").text == "3")
  }

  @Test func `A refused call is counted nowhere, yet what it brought along is`() throws {
    // given
    _ = try database.setLimits(
      .init(perMinute: 1, perHour: nil, perDay: nil, concurrent: nil), of: account.email)
    let cached = try #require(
      try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(account.key.hash)))
    var link = redis.link()
    func call(_ number: Int, _ completions: String) throws -> Admission {
      try link.admit(
        profile, for: cached, source: .database, name: name(number), completions: completions, idleSeconds: 3_600)
    }
    _ = try call(1, "")
    // when
    let completion = "l,\(account.userID),\(account.tenantID),show_profile,474747"
    let refused = try call(2, "\(completion) 1234")
    // then
    guard case .refused(let decision) = refused else {
      Issue.record("\(refused)")
      return
    }
    #expect(decision.violated == ["minute"])
    #expect(try pending().filter { $0.key.hasPrefix("a,") }.values.reduce(0, +) == 1)
    #expect(try pending()[completion] == 1_234)
    #expect(try redis.run("HGET", account.cached.keys.calls, "t").text == "1")
  }

  @Test func `Without an epoch in Redis only a principal read just now is believed`() throws {
    var link = redis.link()
    #expect(try admit(profile, 1, source: .cache, by: &link) == .epochDiffers)
    #expect(isAdmitted(try admit(profile, 2, source: .database, by: &link)))
    #expect(isAdmitted(try admit(profile, 3, source: .cache, by: &link)))
  }

  @Test func `After a change a cached principal is refused and counts nothing`() throws {
    // given
    var link = redis.link()
    _ = try admit(profile, 1, by: &link)
    let before = try redis.run("GET", account.cached.keys.ring)
    let counted = try pending()
    // when
    let changed = try database.setTier(.premium, of: account.email)
    try link.raiseEpoch(of: account.userID, to: changed.epoch)
    // then
    #expect(try admit(profile, 2, source: .cache, by: &link) == .epochDiffers)
    #expect(try admit(profile, 3, source: .database, by: &link) == .epochDiffers)
    #expect(try redis.run("GET", account.cached.keys.ring) == before)
    #expect(try pending() == counted)
    // and the new one passes
    let cached = try #require(
      try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(account.key.hash)))
    let admission = try link.admit(
      profile, for: cached, source: .cache, name: name(4), completions: "", idleSeconds: 3_600)
    #expect(isAdmitted(admission))
  }

  @Test func `An answer that makes no sense ends its connection, and grants nothing`() throws {
    // given
    let breaker = Breaker()
    var link = redis.link(breaker: breaker)
    _ = try admit(profile, 1, by: &link)
    let failures = breaker.failures
    // when
    try redis.run("SET", account.cached.keys.epoch, "7x")
    let error = #expect(throws: RedisUnavailable.self) { try admit(profile, 2, source: .cache, by: &link) }
    // then
    #expect(error?.mayHaveRun == true)
    #expect(breaker.failures == failures + 1)
    try redis.run("DEL", account.cached.keys.epoch)
  }

  @Test func `A database put back to an older epoch is believed the second time`() throws {
    var link = redis.link()
    try link.raiseEpoch(of: account.userID, to: 50)
    #expect(try admit(profile, 1, source: .database, by: &link) == .epochDiffers)
    #expect(isAdmitted(try admit(profile, 2, source: .databaseAgain, by: &link)))
    #expect(isAdmitted(try admit(profile, 3, source: .cache, by: &link)))
  }

  @Test func `Two keys of one account share its windows`() throws {
    // given
    let key = APIKey.random()
    _ = try database.addKey(
      NewKey(name: "second", key: key, scopes: .all, expiresAt: nil), for: account.principal,
      by: someone)
    let second = try #require(
      try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(key.hash)))
    var link = redis.link()
    // when
    _ = try admit(profile, 1, by: &link)
    let admission = try link.admit(
      profile, for: second, source: .cache, name: name(2), completions: "", idleSeconds: 3_600)
    // then
    guard case .admitted(let decision) = admission else {
      Issue.record("\(admission)")
      return
    }
    #expect(decision.windows.map(\.remaining) == [58, 998, 9_998])
  }

  @Test func `An endpoint's own windows count beside the account's`() throws {
    // given
    let call = Call(
      endpoint: "generate_article",
      policies: [LimitPolicy(name: "content", quota: 2, seconds: 60)])
    var link = redis.link()
    for number in 1...2 { #expect(isAdmitted(try admit(call, number, by: &link))) }
    // when
    let third = try admit(call, 3, by: &link)
    // then
    guard case .refused(let decision) = third else {
      Issue.record("\(third)")
      return
    }
    #expect(decision.violated == ["content"])
    #expect(decision.windows.map(\.remaining) == [58, 998, 9_998, 0])
    // and other endpoints go on, with nothing lost to the refused call
    guard case .admitted(let other) = try admit(profile, 4, by: &link) else {
      Issue.record("refused")
      return
    }
    #expect(other.windows.map(\.remaining) == [57, 997, 9_997])
  }

  // MARK: - Leases

  @Test func `As many leases go out as the account may have, and one more when one is given back`()
    throws
  {
    // given
    var link = redis.link()
    for number in 1...10 { #expect(isAdmitted(try admit(content, number, by: &link))) }
    let ring = try redis.run("GET", account.cached.keys.ring)
    let counted = try pending()
    // when
    let eleventh = try admit(content, 11, by: &link)
    // then: refused, and neither window nor usage has moved
    guard case .tooManyConcurrent(let decision) = eleventh else {
      Issue.record("\(eleventh)")
      return
    }
    #expect(decision.windows.map(\.remaining) == [50, 990, 9_990])
    #expect(try redis.run("GET", account.cached.keys.ring) == ring)
    #expect(try pending() == counted)
    // and calls without a lease go on
    #expect(isAdmitted(try admit(profile, 12, by: &link)))
    try link.release(lease: name(3), of: account.cached)
    #expect(isAdmitted(try admit(content, 13, by: &link)))
    guard case .tooManyConcurrent = try admit(content, 14, by: &link) else {
      Issue.record("an eleventh lease went out")
      return
    }
  }

  @Test func `A lease that nobody gives back ends by itself`() throws {
    // given
    var link = redis.link()
    for number in 1...10 { _ = try admit(content, number, by: &link) }
    let life = try #require(try redis.run("TTL", account.cached.keys.leases).integer)
    #expect(life > RedisLink.leaseLife && life <= 2 * RedisLink.leaseLife)
    // when: one of them has ended a moment ago
    let past = Int(HostClock.wallSeconds() * 1e6) - 1_000
    try redis.run("ZADD", account.cached.keys.leases, String(past), "t-5")
    // then
    #expect(isAdmitted(try admit(content, 11, by: &link)))
    guard case .tooManyConcurrent = try admit(content, 12, by: &link) else {
      Issue.record("an eleventh lease went out")
      return
    }
    #expect(try redis.run("ZSCORE", account.cached.keys.leases, "t-5") == .null)
  }

  @Test func `Sixteen threads never hold more leases than there are`() throws {
    // given
    _ = try database.setLimits(
      .init(perMinute: 60_000, perHour: 60_000, perDay: 60_000, concurrent: 5), of: account.email)
    let cached = try #require(
      try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(account.key.hash)))
    let (held, most, admitted, failed) = (Counter(), Counter(), Counter(), Counter())
    let (server, breaker, call) = (redis, Breaker(), content)
    // when
    concurrently(16) { thread in
      do {
        var link = server.link(breaker: breaker)
        for number in 0..<60 {
          let name = CallName(thread: "w\(thread)", number: number)
          let admission = try link.admit(
            call, for: cached, source: .database, name: name, completions: "",
            idleSeconds: 3_600)
          guard case .admitted = admission else { continue }
          held.add()
          if held.value > 5 { most.add() }
          admitted.add()
          HostClock.sleep(.microseconds(500))
          held.add(-1)
          try link.release(lease: name, of: cached)
        }
      } catch {
        failed.add()
      }
    }
    // then
    #expect(most.value == 0 && failed.value == 0 && admitted.value > 60)
    #expect(try redis.run("ZCARD", cached.keys.leases) == .integer(0))
  }

  // MARK: - Subjects without an account

  @Test func `Attempts at one account from many addresses fill the strangers' window`() throws {
    // given
    var link = redis.link()
    let victim = "victim-\(account.userID)"
    func attempt(_ address: String) throws -> LimitDecision {
      try link.admit(
        kind: "login", subject: victim, policies: [Lockout.perAccountAndAddress], second: address,
        strangers: Lockout.perAccountFromStrangers)
    }
    // when: five from one address, then as many as may be from others
    for _ in 0..<5 { #expect(try attempt("192.0.2.1").isAdmitted) }
    #expect(try attempt("192.0.2.1").violated == ["account-address"])
    for number in 2...16 { #expect(try attempt("192.0.2.\(number)").isAdmitted) }
    // then
    #expect(try attempt("192.0.2.99").violated == ["account-strangers"])
    // and a known address, which is not in that count, may still try
    #expect(
      try link.admit(
        kind: "login", subject: victim, policies: [Lockout.perAccountAndAddress],
        second: "198.51.100.7"
      ).isAdmitted)
    // and a success takes an address's attempts back
    try link.forget(kind: "login", subject: victim, second: "192.0.2.1")
    #expect(
      try link.admit(
        kind: "login", subject: victim, policies: [Lockout.perAccountAndAddress],
        second: "192.0.2.1"
      ).windows.first?.remaining == 4)
  }

  @Test func `Redis away is one deadline, then no waiting until the next probe`() throws {
    // given
    let breaker = Breaker()
    var link = RedisLink(
      RedisEndpoint(socket: "/nowhere/redis.sock", password: nil, deadline: .milliseconds(50)),
      breaker: breaker)
    // when, then
    for _ in 0..<1_000 {
      let error = #expect(throws: RedisUnavailable.self) {
        try link.send(Command("PING"))
      }
      #expect(error?.mayHaveRun == false)
    }
    #expect(breaker.blocked() != nil)
    // and with Redis back, calls pass again within a pause or two
    var back = redis.link(breaker: breaker)
    var answered = false
    for _ in 0..<300 where !answered {
      answered = (try? back.send(Command("PING"))) != nil
      if !answered { HostClock.sleep(.milliseconds(10)) }
    }
    #expect(answered && breaker.blocked() == nil)
  }

  @Test func `A link whose server froze goes on with another connection and the right answers`()
    throws
  {
    // given
    var link = redis.link(deadline: .milliseconds(100))
    for number in 0..<50 {
      _ = try link.send(Command("SET", "k\(number)", "v\(number)"))
    }
    // when
    try redis.freeze()
    let lost = #expect(throws: (any Error).self) { try link.send(Command("GET", "k0")) }
    #expect(lost != nil)
    redis.thaw()
    // then
    var right = 0
    var number = 1
    while number < 50 {
      guard let reply = try? link.send(Command("GET", "k\(number)")) else { continue }
      if reply.text == "v\(number)" { right += 1 }
      number += 1
    }
    #expect(right == 49)
  }
}
