import Domain
import Testing

@testable import Store

@Suite struct LocalLimitTests {
  private static let policies = [
    LimitPolicy(name: "minute", quota: 30, seconds: 60),
    LimitPolicy(name: "hour", quota: 100, seconds: 3_600),
    LimitPolicy(name: "day", quota: 260, seconds: 86_400),
  ]

  @Test(arguments: [1, 2, 4, 7], [21, 22, 23] as [UInt64])
  func `Each process admits its share in every rolling window, and never less`(
    workers: Int, seed: UInt64
  ) {
    // given: processes that know nothing of each other
    var random = SplitMix(seed)
    let processes = (0..<workers).map { _ in LocalLimits(workers: workers) }
    var stamps = [[Int]](repeating: [], count: workers)
    var (now, wrong) = (1_000_000_000_000, 0)
    // when
    for _ in 0..<3_000 {
      now +=
        Int.random(in: 0..<40, using: &random) == 0
        ? Int.random(in: 0...3_600_000_000_000, using: &random)
        : Int.random(in: 0...3_000_000_000, using: &random)
      let index = Int.random(in: 0..<workers, using: &random)
      let decision = processes[index].admit("a", Self.policies, now: UInt64(now))
      let full = Self.policies.filter { policy in
        stamps[index].count { now - $0 < policy.seconds * 1_000_000_000 } >= policy.quota / workers
      }
      if decision.violated != full.map(\.name) { wrong += 1 }
      if decision.isAdmitted { stamps[index].append(now) }
    }
    // then
    #expect(wrong == 0)
    let all = stamps.flatMap { $0 }.sorted()
    #expect(all.count > 100 / workers)
    for policy in Self.policies {
      let tooMany = all.indices.dropFirst(policy.quota).count {
        all[$0] - all[$0 - policy.quota] < policy.seconds * 1_000_000_000
      }
      #expect(tooMany == 0)
    }
  }

  @Test func `What remains and when more will are told as Redis tells them`() {
    let limits = LocalLimits(workers: 2)
    let policies = [LimitPolicy(name: "minute", quota: 4, seconds: 60)]
    let start: UInt64 = 5_000_000_000
    let first = limits.admit("a", policies, now: start)
    #expect(first.windows == [WindowState(remaining: 1, reset: 60)])
    let second = limits.admit("a", policies, now: start + 1_500_000_000)
    #expect(second.windows == [WindowState(remaining: 0, reset: 59)])
    let third = limits.admit("a", policies, now: start + 2_000_000_000)
    #expect(third.violated == ["minute"])
    #expect(third.windows == [WindowState(remaining: 0, reset: 58)])
    #expect(limits.admit("b", policies, now: start).isAdmitted)
    #expect(limits.admit("a", policies, now: start + 60_000_000_000).isAdmitted)
  }

  @Test func `Leases are shared out as well`() {
    let leases = LocalLeases(workers: 4)
    let user = ID<User>.random()
    #expect(leases.take(user, cap: 10) && leases.take(user, cap: 10))
    #expect(!leases.take(user, cap: 10))
    #expect(leases.take(.random(), cap: 10))
    leases.release(user)
    #expect(leases.take(user, cap: 10))
    #expect(!leases.take(user, cap: 10))
  }

  @Test func `What is forgotten is admitted anew, and nobody else is forgotten`() {
    let limits = LocalLimits(workers: 1)
    let policies = [LimitPolicy(name: "attempts", quota: 1, seconds: 900)]
    for subject in ["a", "b"] { #expect(limits.admit(subject, policies, now: 1).isAdmitted) }
    limits.forget("a")
    #expect(limits.admit("a", policies, now: 2).isAdmitted)
    #expect(!limits.admit("b", policies, now: 2).isAdmitted)
  }

  @Test func `A session is prolonged once a minute`() {
    let touches = SessionTouches()
    let (one, other) = (ID<Session>.random(), ID<Session>.random())
    let second: UInt64 = 1_000_000_000
    #expect(touches.isDue(one, now: second) && touches.isDue(other, now: second))
    #expect(!touches.isDue(one, now: 60 * second))
    #expect(touches.isDue(one, now: 61 * second))
    #expect(!touches.isDue(one, now: 62 * second))
  }
}
