import Testing

@testable import Domain

@Suite struct APIKeyTests {
  @Test func `The checksum is CRC-32 of IEEE 802.3`() {
    var crc = CRC32()
    for byte in "123456789".utf8 { crc.update(byte) }
    #expect(crc.value == 0xCBF4_3926)
  }

  @Test func `A new key has the published form, is unlike any other, and parses`() {
    var seen: Set<String> = []
    for _ in 0..<1_000 {
      let text = APIKey.random().text.exposed
      #expect(text.count == 58 && text.hasPrefix("psd_live_"))
      #expect(APIKey(text) != nil)
      #expect(seen.insert(text).inserted)
    }
  }

  @Test func `Every single changed character is noticed`() {
    let text = Array(APIKey.random().text.exposed)
    for index in text.indices {
      var changed = text
      changed[index] = changed[index] == "A" ? "B" : "A"
      #expect(APIKey(String(changed)) == nil, "at \(index)")
    }
  }

  @Test(arguments: ["", "psd_live_", "psd_live_" + String(repeating: "é", count: 49), "Bearer x"])
  func `What has another form is refused`(text: String) {
    #expect(APIKey(text) == nil)
    #expect(APIKey(APIKey.random().text.exposed + "0") == nil)
    #expect(APIKey(" " + APIKey.random().text.exposed) == nil)
  }

  @Test func `All characters come with the same frequency`() {
    var counts: [Character: Int] = [:]
    for _ in 0..<2_000 {
      for character in APIKey.random().text.exposed.dropFirst(9).prefix(43) { counts[character, default: 0] += 1 }
    }
    // 86,000 draws of 62: 1,387 each, a standard deviation of 37; six of them either way.
    #expect(counts.count == 62)
    #expect(counts.values.allSatisfy { (1_165...1_610).contains($0) })
  }

  @Test func `A key does not print itself`() {
    let key = APIKey.random()
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(dumped)".contains(key.text.exposed))
  }
}
