// admit.lua against the brute-force model, by a clock that the test sets. One line of the script is replaced, the one
// that asks Redis for the time; everything else is the script as it ships.

import Domain
import Harness
import Redis
import Testing

@testable import Schema
@testable import Store

@Suite(.serialized) struct SimulatedLimitTests {
  private let redis: ScratchRedis
  private static let usual = [
    LimitPolicy(name: "minute", quota: 20, seconds: 60),
    LimitPolicy(name: "hour", quota: 120, seconds: 3_600),
    LimitPolicy(name: "day", quota: 400, seconds: 86_400),
  ]

  init() throws { redis = try ScratchRedis.server(for: "SimulatedLimitTests") }

  /// The script with a clock in the key `clock`.
  private struct Simulation: ~Copyable {
    private var connection: Redis.Connection
    private let digest: String

    private init(_ connection: consuming Redis.Connection, _ digest: String) {
      self.connection = connection
      self.digest = digest
    }

    static func on(_ redis: ScratchRedis) throws -> Simulation {
      let line = "local time = redis.call('TIME')"
      let parts = Self.split(Schema.admit, line)
      try #require(parts.count == 2)
      let source = parts.joined(separator: "local time = redis.call('HMGET', 'clock', 's', 'u')")
      let loaded = try redis.run("SCRIPT", "LOAD", source)
      return Simulation(try redis.connect(), try #require(loaded.text))
    }

    private static func split(_ text: String, _ line: String) -> [String] {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.split { $0 == line }.map { $0.joined(separator: "\n") + "\n" }
    }

    /// - Parameter cap: of leases; more than 0 takes the general path.
    mutating func admit(
      _ ring: String, _ policies: [LimitPolicy], clock: Int, cap: Int = 0
    ) throws -> LimitDecision {
      _ = try connection.send(
        Command(
          "HSET", "clock", "s", String(clock / 1_000_000), "u", String(clock % 1_000_000)))
      var command = Command("EVALSHA", digest, "5", "none", ring, "none", "none", ring + ":leases")
      for text in ["", "", "", "t", String(clock)] { command.append(text) }
      command.append(LimitArguments.packed(policies))
      for text in ["", "", String(cap), "1"] { command.append(text) }
      let reply = try connection.send(command)
      let text = try #require(reply.text, "\(reply)")
      let words = text.split(separator: " ")
      var numbers = words.dropFirst().compactMap { Int($0) }
      var violated: [String] = []
      if words.first == "R" {
        let bits = numbers.removeFirst()
        for (index, policy) in policies.enumerated() where bits & 1 << index != 0 {
          violated.append(policy.name)
        }
      } else {
        #expect(words.first == "A")
      }
      return LimitDecision(
        violated: violated,
        windows: policies.indices.map {
          WindowState(remaining: numbers[2 * $0], reset: numbers[2 * $0 + 1])
        })
    }
  }

  /// Microseconds until the next call: mostly bursts, now and then a silence around a window's length.
  private static func pause(_ random: inout some RandomNumberGenerator) -> Int {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<40: 0
    case 40..<70: .random(in: 0...2_000_000, using: &random)
    case 70..<90: .random(in: 0...20_000_000, using: &random)
    case 90..<95: 60_000_000 + .random(in: -2...2, using: &random)
    case 95..<98: 3_600_000_000 + .random(in: -2...2, using: &random)
    case 98: 20_000_000_000
    default: 86_400_000_000 + .random(in: -2...2, using: &random)
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `Flat path, general path and model agree on every call of a long random day`(
    seed: UInt64
  ) throws {
    // given
    try redis.empty()
    var random = SplitMix(seed)
    var simulation = try Simulation.on(redis)
    var model = LimitModel()
    var clock = 1_700_000_000_000_000
    var differences: [String] = []
    var refused = 0
    // when
    for call in 0..<4_000 where differences.isEmpty {
      clock += Self.pause(&random)
      let flat = try simulation.admit("flat", Self.usual, clock: clock)
      let general = try simulation.admit("general", Self.usual, clock: clock, cap: 1_000_000)
      let expected = model.admit(Self.usual, clock: clock)
      if flat != expected || general != expected {
        differences.append("call \(call): \(flat) \(general) \(expected)")
      }
      if !expected.isAdmitted { refused += 1 }
    }
    // then
    #expect(differences == [])
    #expect(refused > 150)
    #expect(try Ring("flat", in: redis)?.stamps == model.stamps.suffix(400))
  }

  @Test(arguments: 11...18 as ClosedRange<UInt64>)
  func `Steps of the clock and changes of quotas and windows keep to the model`(
    seed: UInt64
  ) throws {
    // given
    try redis.empty()
    var random = SplitMix(seed)
    var simulation = try Simulation.on(redis)
    var model = LimitModel()
    var clock = 1_700_000_000_000_000
    var policies = Self.usual
    var differences: [String] = []
    // when
    for call in 0..<2_000 where differences.isEmpty {
      clock += Self.pause(&random)
      switch Int.random(in: 0..<60, using: &random) {
      case 0: clock -= .random(in: 0...7_200_000_000, using: &random)
      case 1, 2:
        policies = Self.usual.map {
          LimitPolicy(
            name: $0.name, quota: max(1, $0.quota * .random(in: 1...30, using: &random) / 10),
            seconds: $0.seconds)
        }
      case 3:
        policies = Self.usual.shuffled(using: &random).dropLast(.random(in: 0...2, using: &random))
      case 4:
        policies = Self.usual + [LimitPolicy(name: "ten", quota: 60, seconds: 600)]
      default: break
      }
      let answer = try simulation.admit("ring", policies, clock: clock)
      let expected = model.admit(policies, clock: clock)
      if answer != expected { differences.append("call \(call): \(answer) \(expected)") }
    }
    // then
    #expect(differences == [])
  }

  @Test func `A stamp leaves its window at the very microsecond`() throws {
    // given
    try redis.empty()
    var simulation = try Simulation.on(redis)
    let one = [LimitPolicy(name: "w", quota: 1, seconds: 60)]
    let start = 1_700_000_000_000_000
    // when, then
    #expect(try simulation.admit("r", one, clock: start).isAdmitted)
    let refused = try simulation.admit("r", one, clock: start + 59_999_999)
    #expect(refused.violated == ["w"] && refused.windows[0].reset == 1)
    #expect(try simulation.admit("r", one, clock: start + 60_000_000).isAdmitted)
  }
}

/// A small generator with a seed, so that a failure can be run again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
