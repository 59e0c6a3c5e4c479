// Limits on a real Redis by its real clock, from many threads.

import Domain
import Harness
import Host
import Redis
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct LimitTests {
  private let redis: ScratchRedis
  private let subject = "s\(UInt64.random(in: 0...UInt64.max))"

  init() throws { redis = try ScratchRedis.server(for: "LimitTests") }

  private var key: String { SubjectKeys(kind: "test", subject: subject).ring }

  private func policies(_ pairs: (quota: Int, seconds: Int)...) -> [LimitPolicy] {
    pairs.map { LimitPolicy(name: "w\($0.seconds)", quota: $0.quota, seconds: $0.seconds) }
  }

  private static func microseconds() -> Int { Int(HostClock.wallSeconds() * 1_000_000) }

  /// One call's answer, and between which moments it was given.
  private struct Answer: Sendable {
    let before: Int
    let after: Int
    let decision: LimitDecision
  }

  @Test(arguments: [3, 4])
  func `Sixteen threads in bursts never get too much and are never refused wrongly`(
    windows: Int
  ) throws {
    // given: 3 windows take the flat path, 4 the general one; and a ring with room for every stamp of the test
    var policies = policies((20, 1), (30, 2), (45, 4))
    if windows == 4 { policies.append(LimitPolicy(name: "w5", quota: 50, seconds: 5)) }
    var roomy = policies
    roomy[2] = LimitPolicy(name: "w4", quota: 100_000, seconds: 4)
    var link = redis.link()
    #expect(try link.admit(kind: "test", subject: subject, policies: roomy).isAdmitted)
    let answers = Locked<[Answer]>([])
    let failures = Locked<[String]>([])
    // when
    let (server, wanted, name) = (redis, policies, subject)
    let breaker = Breaker()
    let end = HostClock.monotonicNanoseconds() + 6_000_000_000
    concurrently(16) { _ in
      var link = server.link(breaker: breaker)
      var mine: [Answer] = []
      do {
        while HostClock.monotonicNanoseconds() < end {
          for _ in 0..<Int.random(in: 1...8) {
            let before = Self.microseconds()
            let decision = try link.admit(kind: "test", subject: name, policies: wanted)
            mine.append(Answer(before: before, after: Self.microseconds(), decision: decision))
          }
          // Bursts, and now and then a silence longer than a window.
          HostClock.sleep(.milliseconds(Int.random(in: 0..<50) == 0 ? 1_500 : .random(in: 0...200)))
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
      let all = mine
      answers.withLock { $0 += all }
    }
    // then
    #expect(failures.withLock { $0 } == [])
    let ring = try #require(try Ring(key, in: redis))
    let all = answers.withLock { $0 }
    let admitted = all.filter { $0.decision.isAdmitted }
    #expect(ring.stamps.count == admitted.count + 1)
    #expect(ring.stamps == ring.stamps.sorted())
    #expect(admitted.count > 50 && all.count > 2 * admitted.count)
    var tooMany = 0
    for policy in policies {
      let length = policy.seconds * 1_000_000
      for (index, stamp) in ring.stamps.enumerated() where index >= policy.quota {
        if stamp - ring.stamps[index - policy.quota] < length { tooMany += 1 }
      }
    }
    #expect(tooMany == 0)
    // A refusal is right if at some moment of its call the windows that it names were full.
    var wrong = 0
    for answer in all where !answer.decision.isAdmitted {
      let moments =
        [answer.before, answer.after]
        + ring.stamps.filter { answer.before <= $0 && $0 <= answer.after }
      let named = policies.filter { answer.decision.violated.contains($0.name) }
      let right = moments.contains { moment in
        named.allSatisfy { LimitModel.isFull($0, ring.stamps, at: moment) }
      }
      if !right { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func `A client that keeps an even rate is never refused`() throws {
    // given
    let quota = 40
    let policies = policies((quota, 1), (quota * 2, 2), (quota * 4, 4))
    var link = redis.link()
    var answered: [UInt64] = []
    var refused = 0
    // when: no call comes sooner than a second after the answer to the one a quota before it
    for index in 0..<200 {
      if index >= quota {
        let now = HostClock.monotonicNanoseconds()
        let due = answered[index - quota] + 1_000_000_000
        if due > now { HostClock.sleep(.nanoseconds(Int64(due - now))) }
      }
      if !(try link.admit(kind: "test", subject: subject, policies: policies).isAdmitted) {
        refused += 1
      }
      answered.append(HostClock.monotonicNanoseconds())
    }
    // then
    #expect(refused == 0)
  }

  @Test func `A refused request leaves the ring as it was, byte for byte`() throws {
    // given
    let policies = policies((5, 60), (100, 3_600), (1_000, 86_400))
    var link = redis.link()
    for _ in 0..<5 {
      #expect(try link.admit(kind: "test", subject: subject, policies: policies).isAdmitted)
    }
    let before = try redis.run("GET", key)
    // when
    for _ in 0..<20 {
      let decision = try link.admit(kind: "test", subject: subject, policies: policies)
      #expect(decision.violated == ["w60"])
      #expect(decision.windows[0].remaining == 0 && decision.windows[1].remaining == 95)
      #expect((59...60).contains(decision.windows[0].reset))
    }
    // then
    #expect(try redis.run("GET", key) == before)
  }

  @Test func `Every full window is named`() throws {
    let policies = policies((2, 60), (2, 3_600), (3, 86_400))
    var link = redis.link()
    for _ in 0..<2 { _ = try link.admit(kind: "test", subject: subject, policies: policies) }
    let decision = try link.admit(kind: "test", subject: subject, policies: policies)
    #expect(decision.violated == ["w60", "w3600"])
  }

  @Test(arguments: [0, 3])
  func `A raised quota keeps what was counted, a lowered one too`(wrapped: Int) throws {
    // given: a ring of five, written round and round `wrapped` times more
    let now = Self.microseconds()
    let old = policies((5, 60), (5, 3_600), (5, 86_400))
    try Ring(
      old, stamps: (1...5).map { now - 50_000_000 + $0 * 1_000_000 }, capacity: 5,
      wrapped: wrapped
    ).write(key, in: redis)
    var link = redis.link()
    #expect(try link.admit(kind: "test", subject: subject, policies: old).violated.count == 3)
    // when
    let raised = policies((5, 60), (8, 3_600), (8, 86_400))
    let higher = policies((7, 60), (8, 3_600), (8, 86_400))
    // then
    #expect(try link.admit(kind: "test", subject: subject, policies: raised).violated == ["w60"])
    let first = try link.admit(kind: "test", subject: subject, policies: higher)
    #expect(first.windows.map(\.remaining) == [1, 2, 2])
    #expect((10...14).contains(first.windows[0].reset))
    let second = try link.admit(kind: "test", subject: subject, policies: higher)
    #expect(second.windows.map(\.remaining) == [0, 1, 1])
    // and lowered: seven are counted, three allowed; room comes when the fifth of them has left
    let lowered = policies((3, 60), (8, 3_600), (8, 86_400))
    let refused = try link.admit(kind: "test", subject: subject, policies: lowered)
    #expect(refused.violated == ["w60"])
    #expect((12...15).contains(refused.windows[0].reset))
    let ring = try #require(try Ring(key, in: redis))
    #expect(ring.stamps.count == 7 && ring.capacity == 8)
  }

  @Test func `Windows that come and go keep what was counted`() throws {
    // given
    var link = redis.link()
    let three = policies((10, 60), (20, 3_600), (30, 86_400))
    for _ in 0..<4 { _ = try link.admit(kind: "test", subject: subject, policies: three) }
    // when, then
    let one = try link.admit(
      kind: "test", subject: subject, policies: policies((10, 3_600)))
    #expect(one.windows.map(\.remaining) == [5])
    let four = try link.admit(
      kind: "test", subject: subject,
      policies: policies((10, 60), (20, 600), (30, 3_600), (40, 86_400)))
    #expect(four.windows.map(\.remaining) == [4, 14, 24, 34])
    let again = try link.admit(kind: "test", subject: subject, policies: three)
    #expect(again.windows.map(\.remaining) == [3, 13, 23])
  }

  @Test func `A Redis that forgets its scripts, or everything, serves on`() throws {
    // given
    let policies = policies((10, 60), (20, 3_600), (30, 86_400))
    var link = redis.link()
    _ = try link.admit(kind: "test", subject: subject, policies: policies)
    // when
    try redis.run("SCRIPT", "FLUSH")
    let second = try link.admit(kind: "test", subject: subject, policies: policies)
    try redis.empty()
    let third = try link.admit(kind: "test", subject: subject, policies: policies)
    // then
    #expect(second.windows[0].remaining == 8)
    #expect(third.windows[0].remaining == 9)
  }

  @Test func `A clock that stepped back an hour neither frees nor freezes a window`() throws {
    // given: five stamps, the newest an hour ahead of the clock
    let ahead = Self.microseconds() + 3_600_000_000
    let policies = policies((6, 2), (50, 3_600), (100, 86_400))
    try Ring(
      policies, stamps: (0..<5).map { ahead - 400_000 + $0 * 100_000 }, capacity: 100
    ).write(key, in: redis)
    var link = redis.link()
    // when: room for one, then none
    let first = try link.admit(kind: "test", subject: subject, policies: policies)
    let second = try link.admit(kind: "test", subject: subject, policies: policies)
    // then: nothing was freed
    #expect(first.windows.map(\.remaining) == [0, 44, 94])
    #expect(second.violated == ["w2"])
    #expect((1...2).contains(second.windows[0].reset))
    // and time goes on: after two seconds all have left the short window
    HostClock.sleep(.milliseconds(2_050))
    let third = try link.admit(kind: "test", subject: subject, policies: policies)
    #expect(third.windows.map(\.remaining) == [5, 43, 93])
  }

  @Test func `A step back is remembered even where the request is refused`() throws {
    // given: a full window an hour ahead
    let ahead = Self.microseconds() + 3_600_000_000
    let policies = policies((3, 1), (50, 3_600), (100, 86_400))
    try Ring(policies, stamps: [ahead - 2, ahead - 1, ahead], capacity: 100)
      .write(key, in: redis)
    var link = redis.link()
    // when, then
    #expect(
      try link.admit(kind: "test", subject: subject, policies: policies).violated == ["w1"])
    HostClock.sleep(.milliseconds(1_050))
    #expect(try link.admit(kind: "test", subject: subject, policies: policies).isAdmitted)
  }

  @Test func `A ring nobody uses any more goes by itself, one in use does not`() throws {
    // given
    let policies = policies((100, 1), (100, 1), (100, 1))
    var link = redis.link()
    // when
    for _ in 0..<30 {
      _ = try link.admit(kind: "test", subject: subject, policies: policies)
      HostClock.sleep(.milliseconds(100))
      let left = try #require(try redis.run("PTTL", key).integer)
      // then: what was counted last is kept for a whole window
      #expect(left > 880 && left <= 3_000)
    }
    HostClock.sleep(.milliseconds(2_100))
    #expect(try Ring(key, in: redis) == nil)
  }
}
