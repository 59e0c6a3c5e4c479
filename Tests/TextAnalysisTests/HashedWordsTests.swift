import Testing
import TextAnalysis

@Suite struct HashedWordsTests {
  @Test(arguments: [0, 10, 10_000])
  func `It holds what was put in, and nothing else, however many they are`(capacity: Int) {
    // given: hashes as they come, neighbours and some twice among them
    var random = SystemRandomNumberGenerator()
    let hashes =
      (0..<5_000).map { _ in random.next() } + (0..<200).map { UInt64($0) } + (0..<50).map { UInt64($0) << 32 | 7 }
      + (0..<100).map { UInt64($0) }
    var words = HashedWords(capacity: capacity)
    var expected: [UInt64: UInt8] = [:]
    // when
    for (index, hash) in hashes.enumerated() {
      let number = UInt8(truncatingIfNeeded: index)
      // 0 and 1 are one hash to it.
      let key = hash == 0 ? 1 : hash
      #expect(words.insert(hash, number: number) == (expected[key] == nil))
      expected[key] = number
    }
    // then
    #expect(words.count == expected.count)
    for (hash, number) in expected { #expect(words[hash] == number) }
    for _ in 0..<5_000 {
      let other = random.next()
      #expect(words.contains(other) == (expected[other] != nil))
    }
  }

  @Test func `Its hash is FNV-1a`() {
    // The value that draft-eastlake-fnv gives for "foobar".
    let hash = "foobar".utf8.reduce(HashedWords.basis) { HashedWords.step($0, UInt64($1)) }
    #expect(hash == 0x8594_4171_F739_67E8)
  }
}
