import Domain
import Testing

@testable import Store

/// What comes of the answer of admit.lua when bytes were changed or lost on their way.
@Suite struct AdmissionAnswerTests {
  private let policies = [
    LimitPolicy(name: "minute", quota: 60, seconds: 60), LimitPolicy(name: "day", quota: 1_000, seconds: 86_400),
  ]
  private let name = CallName(thread: "3k9x-2", number: 17)

  private func read(_ text: String) -> Admission? { Admission(Array(text.utf8), policies, of: name) }

  private static func isAdmitted(_ admission: Admission?) -> Bool {
    if case .admitted = admission { true } else { false }
  }

  @Test func `What was meant is read`() {
    let windows = [WindowState(remaining: 59, reset: 1), WindowState(remaining: 0, reset: 86_400)]
    #expect(read("A 59 1 0 86400 3k9x-2-17 A") == .admitted(LimitDecision(violated: [], windows: windows)))
    #expect(read("R 2 59 1 0 86400 3k9x-2-17 R") == .refused(LimitDecision(violated: ["day"], windows: windows)))
    #expect(read("C 59 1 0 86400 3k9x-2-17 C") == .tooManyConcurrent(LimitDecision(violated: [], windows: windows)))
    #expect(read("E 7") == .epochDiffers)
    #expect(read("E ") == .epochDiffers)
    let none = LimitDecision(violated: [], windows: [])
    #expect(Admission(Array("A 3k9x-2-17 A".utf8), [], of: name) == .admitted(none))
    // Calls that no thread has a name for.
    #expect(Admission(Array("A -170 A".utf8), [], of: CallName(thread: "", number: 170)) == .admitted(none))
    #expect(Admission(Array("A -0 A".utf8), [], of: CallName(thread: "", number: 0)) == .admitted(none))
  }

  @Test(arguments: [
    "", "A", "A ", "E", "Ex", "E x", "E 7 ", "A 59 1 0 86400", "A 59 1 0 86400 3k9x-2-18 A",
    "A 59 1 0 86400 4k9x-2-17 A",
    "A 59 1 0 3k9x-2-17 A", "A 59 1 0 1 1 3k9x-2-17 A", "A 59  1 0 1 3k9x-2-17 A", "A 59 -1 0 1 3k9x-2-17 A",
    "A 61 1 0 1 3k9x-2-17 A", "A 59 99 0 1 3k9x-2-17 A", "A 5\u{fe} 1 0 1 3k9x-2-17 A",
    "A 99999999999999999999 1 0 1 3k9x-2-17 A", "R 0 59 1 0 1 3k9x-2-17 R", "R 4 59 1 0 1 3k9x-2-17 R",
    "B 59 1 0 1 3k9x-2-17 B", "A 59 1 0 86400 03k9x-2-17 A", "A 59 1 0 86400 3k9x-2-017 A", "A3k9x-2-17 A",
    " 3k9x-2-17 A",
  ])
  func `What admit.lua would not say is no answer`(text: String) { #expect(read(text) == nil) }

  @Test(arguments: ["R 1 0 30 900 400 3k9x-2-17 R", "C 59 1 0 86400 3k9x-2-17 C", "E 7", "E ", "E 17"])
  func `No refusal becomes an admission by one byte that was changed, or by a part that was lost`(text: String) {
    let bytes = Array(text.utf8)
    for windows in [policies, [policies[0]], []] {
      for index in bytes.indices {
        for value in UInt8.min...UInt8.max {
          var changed = bytes
          changed[index] = value
          #expect(!Self.isAdmitted(Admission(changed, windows, of: name)))
        }
        #expect(!Self.isAdmitted(Admission(Array(bytes[..<index]), windows, of: name)))
        #expect(!Self.isAdmitted(Admission(Array(bytes[index...]), windows, of: name)))
      }
    }
  }

  @Test func `Nor by a hundred thousand answers in which many were changed, and none of them brings the reader down`() {
    var dice = SystemRandomNumberGenerator()
    let answers = ["R 1 0 30 900 400 3k9x-2-17 R", "C 59 1 0 86400 3k9x-2-17 C", "E 7", "E "].map { Array($0.utf8) }
    for round in 0..<100_000 {
      var bytes = answers[round % answers.count]
      for index in bytes.indices where UInt8.random(in: 0..<8, using: &dice) == 0 {
        bytes[index] = UInt8.random(in: .min ... .max, using: &dice)
      }
      if Self.isAdmitted(Admission(bytes, policies, of: name)) { Issue.record("admitted by \(bytes)") }
    }
  }
}
