import Crypto
import Testing

/// The secret of both RFCs' examples.
private let secret = Array("12345678901234567890".utf8)

@Suite struct OneTimePasswordTests {
  @Test func `The codes are those of RFC 4226 appendix D`() {
    let codes = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
    ]
    for (counter, code) in codes.enumerated() {
      #expect(TOTP.code(secret: secret, counter: UInt64(counter)) == code)
    }
  }

  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `The codes are those of RFC 6238 appendix B`(seconds: Double, code: String) {
    #expect(TOTP.code(secret: secret, counter: TOTP.counter(at: seconds), digits: 8) == code)
  }

  @Test func `A step lasts thirty seconds, and no time is out of range`() {
    #expect([0, 29.999, 30, 59.999, 60].map(TOTP.counter(at:)) == [0, 0, 1, 1, 2])
    #expect([-1, -.infinity, .nan].map(TOTP.counter(at:)) == [0, 0, 0])
    #expect(TOTP.counter(at: .infinity) == TOTP.counter(at: 1e15))
    #expect(TOTP.match("000000", secret: secret, now: .infinity, lastUsed: nil) == nil)
  }

  @Test func `A code is taken one step early or late, and no more`() {
    let now = 1_800_000_015.0
    let current = TOTP.counter(at: now)
    for distance in -3...3 {
      let step = UInt64(Int(current) + distance)
      let matched = TOTP.match(TOTP.code(secret: secret, counter: step), secret: secret, now: now, lastUsed: nil)
      #expect(matched == (abs(distance) <= 1 ? step : nil), "\(distance)")
    }
  }

  @Test func `A code opens once, and none before it opens after it`() {
    let now = 1_800_000_015.0
    let current = TOTP.counter(at: now)
    let code = { TOTP.code(secret: secret, counter: $0) }
    #expect(TOTP.match(code(current), secret: secret, now: now, lastUsed: current - 1) == current)
    #expect(TOTP.match(code(current), secret: secret, now: now, lastUsed: current) == nil)
    #expect(TOTP.match(code(current - 1), secret: secret, now: now, lastUsed: current) == nil)
    #expect(TOTP.match(code(current + 1), secret: secret, now: now, lastUsed: current) == current + 1)
    #expect(TOTP.match(code(current), secret: secret, now: now, lastUsed: .max) == nil)
  }

  @Test(arguments: [(910_737 as UInt64, 910_738 as UInt64, "911617"), (153_567, 153_569, "468457")])
  func `A code that two steps share by chance is used up for both`(first: UInt64, second: UInt64, code: String) {
    #expect(TOTP.code(secret: secret, counter: first) == code)
    #expect(TOTP.code(secret: secret, counter: second) == code)
    let now = Double(first + 1) * 30
    #expect(TOTP.match(code, secret: secret, now: now, lastUsed: nil) == second)
    #expect(TOTP.match(code, secret: secret, now: now, lastUsed: second) == nil)
  }

  @Test(arguments: ["", "28708", "2870822", " 287082", "287082\n", "287 082", "２８７０８２", "28708a", "+28708", "94287082"])
  func `What is not the code to the letter is refused`(code: String) {
    #expect(TOTP.match(code, secret: secret, now: 45, lastUsed: nil) == nil)
    #expect(TOTP.match("287082", secret: secret, now: 45, lastUsed: nil) == 1)
  }

  @Test func `The first steps of all have no step before them`() {
    #expect(TOTP.match("755224", secret: secret, now: 0, lastUsed: nil) == 0)
    #expect(TOTP.match("287082", secret: secret, now: -5, lastUsed: nil) == 1)
  }

  @Test func `The URI names the service and the account, and survives any characters`() {
    #expect(
      TOTP.uri(secret: secret, issuer: "PetStore Direct", account: "kim@example.org")
        == "otpauth://totp/PetStore%20Direct:kim%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        + "&issuer=PetStore%20Direct&algorithm=SHA1&digits=6&period=30")
    #expect(
      TOTP.uri(secret: [0], issuer: "A:&b", account: "ü?=#/\n")
        == "otpauth://totp/A%26b:%C3%BC%3F%3D%23%2F%0A?secret=AA&issuer=A%26b&algorithm=SHA1&digits=6&period=30")
  }
}
