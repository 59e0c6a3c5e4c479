import HTTP
import Testing

@Suite struct DecimalBytesTests {
  @Test func `Numbers are appended as String writes them`() {
    let powers = (0..<19).map { digits in (0..<digits).reduce(1) { value, _ in value * 10 } }
    let numbers =
      [0, 9, 10, .max, .min, .min + 1] + powers.flatMap { [$0 - 1, $0, $0 + 1, -$0, 1 - $0] }
      + (0..<1_000).map { _ in Int.random(in: .min ... .max) }
    for number in numbers {
      var bytes = Array("n=".utf8)
      bytes.append(decimal: number)
      #expect(String(decoding: bytes, as: UTF8.self) == "n=\(number)")
    }
  }
}
