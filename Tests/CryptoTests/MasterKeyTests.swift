import Crypto
import Testing

private let digits = (0..<32).map { Hexadecimal.encode([UInt8($0)]) }.joined()

private func key(_ text: String = digits) throws -> MasterKey { try #require(MasterKey(text: text)) }

@Suite struct MasterKeyTests {
  @Test(arguments: [
    "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF\n",
    "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8=", "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8\r\n",
    "\n4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8=\n\n", "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8",
  ])
  func `A key is the same in each of its text forms`(text: String) throws {
    let same = try key("e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    #expect(try key(text).derive("form", "") == same.derive("form", ""))
  }

  @Test(arguments: [
    "", "\n", "secret", String(digits.dropLast()), String(digits.dropLast(2)), digits + "0", digits + "00",
    "g" + digits.dropFirst(), " " + digits, digits + " ", "0x" + digits.dropFirst(2),
    "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8==", "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v9",
    "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/g==", "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/vAA",
    "4OHi4+Tl5ufo6err7O3u 7/Dx8vP09fb3+Pn6+/z9/v8", "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v=",
  ])
  func `A text that is no key of 32 bytes is refused`(text: String) {
    #expect(MasterKey(text: text) == nil)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1000, 100_000])
  func `What was sealed opens, whatever its length, and is 29 bytes longer`(length: Int) throws {
    let key = try key()
    let plain = SecureRandom.bytes(length)
    let sealed = key.seal(plain, for: "totp", context: "account 7")
    #expect(sealed.count == length + 29)
    #expect(sealed[0] == 1)
    #expect(key.open(sealed, for: "totp", context: "account 7") == plain)
    #expect(key.open(key.seal(plain, for: "", context: ""), for: "", context: "") == plain)
  }

  @Test func `What an independent program sealed opens`() throws {
    // Made with Python's cryptography: HKDFExpand for the key, AESGCM for the rest.
    let sealed = try #require(
      Hexadecimal.decode(
        "01a0a1a2a3a4a5a6a7a8a9aaabad142e3714ed8f276388512c0f4d525c5e39d75bfab20a132e8bda8f5df7c35e9e9dab70".utf8))
    #expect(try key().open(sealed, for: "totp", context: "account 7") == Array("a secret of the past".utf8))
  }

  @Test func `No bit of a sealed text may differ, and none may be missing or added`() throws {
    let key = try key()
    let sealed = key.seal(Array("a secret of the past".utf8), for: "totp", context: "account 7")
    for bit in 0..<(sealed.count * 8) {
      var altered = sealed
      altered[bit / 8] ^= 1 << (bit % 8)
      #expect(key.open(altered, for: "totp", context: "account 7") == nil, "bit \(bit)")
    }
    for length in 0..<sealed.count {
      #expect(key.open(Array(sealed.prefix(length)), for: "totp", context: "account 7") == nil)
      #expect(key.open(Array(sealed.suffix(length)), for: "totp", context: "account 7") == nil)
    }
    #expect(key.open(sealed + [0], for: "totp", context: "account 7") == nil)
    #expect(key.open([1] + sealed, for: "totp", context: "account 7") == nil)
  }

  @Test func `Another purpose, context or key does not open it`() throws {
    let key = try key()
    let sealed = key.seal([1, 2, 3], for: "totp", context: "account 7")
    #expect(key.open(sealed, for: "signing", context: "account 7") == nil)
    #expect(key.open(sealed, for: "totp", context: "account 8") == nil)
    #expect(key.open(sealed, for: "totp", context: "") == nil)
    #expect(try MasterKeyTests.other().open(sealed, for: "totp", context: "account 7") == nil)
    #expect(key.open(sealed, for: "totp", context: "account 7") == [1, 2, 3])
  }

  private static func other() throws -> MasterKey { try key(String(digits.reversed())) }

  @Test func `The same secret sealed twice looks different`() throws {
    let key = try key()
    #expect(Set((0..<1000).map { _ in key.seal([0], for: "totp", context: "") }).count == 1000)
  }

  @Test func `Derived bytes are HKDF-Expand's, as an independent program computes them`() throws {
    // Made with Python's cryptography: HKDFExpand of SHA-256.
    #expect(
      Hexadecimal.encode(try key().derive("session cookie", "account 7"))
        == "5435a26c25ceff80730a2e40df3996d22804883012c39247e9cd265216b6f7ce")
    #expect(
      Hexadecimal.encode(try key().derive("session cookie", ""))
        == "12e08b0eb3caf48ecf31d10cf6318243db35467463ba424ccc8a54bfdc7a5baa")
  }

  @Test func `Purpose and context do not run into each other`() throws {
    let key = try key()
    #expect(key.derive("ab", "c") != key.derive("a", "bc"))
    #expect(key.derive("a", "b") != key.derive("b", "a"))
    #expect(try key.derive("a", "b") != MasterKeyTests.other().derive("a", "b"))
  }

  @Test func `A master key never shows itself`() throws {
    let key = try key()
    var dumped = ""
    dump([key], to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional.some(key) as Any)", dumped] {
      #expect(text.contains("<master key>") || text.contains("MasterKey"), "\(text)")
      #expect(!text.contains("31") && !text.contains("1e1f"), "\(text)")
    }
    #expect(Mirror(reflecting: key).children.isEmpty)
  }
}
