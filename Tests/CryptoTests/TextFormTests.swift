import Crypto
import Testing

@Suite struct TextFormTests {
  @Test(arguments: [
    ("", "", ""), ("f", "Zg", "MY"), ("fo", "Zm8", "MZXQ"), ("foo", "Zm9v", "MZXW6"), ("foob", "Zm9vYg", "MZXW6YQ"),
    ("fooba", "Zm9vYmE", "MZXW6YTB"), ("foobar", "Zm9vYmFy", "MZXW6YTBOI"),
  ])
  func `The examples of RFC 4648 section 10, without padding, go both ways`(
    plain: String, base64: String, base32: String
  ) {
    #expect(Base64URL.encode(plain.utf8) == base64)
    #expect(Base64URL.decode(base64.utf8) == Array(plain.utf8))
    #expect(Base32.encode(plain.utf8) == base32)
    #expect(Base32.decode(base32.utf8) == Array(plain.utf8))
    #expect(Base32.decode(base32.lowercased().utf8) == Array(plain.utf8))
  }

  @Test func `Any bytes come back, of every length`() {
    for length in 0..<200 {
      let bytes = SecureRandom.bytes(length)
      #expect(bytes.count == length)
      #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
      #expect(Base32.decode(Base32.encode(bytes).utf8) == bytes)
      #expect(Hexadecimal.decode(Hexadecimal.encode(bytes).utf8) == bytes)
    }
    #expect(Base64URL.encode([0xfb, 0xef, 0xff]) == "--__")
  }

  @Test(arguments: [
    "A", "AAAAA", "Zg==", "Zg=", "Zm9v=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v\0", "++__", "--//", "Zm9v.", "Zm9é", "=",
    // Unused bits that are not zero.
    "Zh", "Zm9", "Zm9vYmG", "Zm9vYj", "__",
  ])
  func `base64url that could be written otherwise is refused`(text: String) {
    #expect(Base64URL.decode(text.utf8) == nil)
  }

  @Test func `Of all texts of one to three characters, those that decode are what the bytes encode to`() {
    var decoded = 0
    for first in UInt8.min...UInt8.max {
      #expect(Base64URL.decode([first]) == nil)
      for second in UInt8.min...UInt8.max {
        for text in [[first, second], [UInt8(ascii: "Z"), first, second]] {
          guard let bytes = Base64URL.decode(text) else { continue }
          decoded += 1
          #expect(Base64URL.encode(bytes).utf8.elementsEqual(text))
        }
      }
    }
    // One byte each, and the two bytes of which the first begins with Z's six bits.
    #expect(decoded == 256 + 1024)
  }

  @Test(arguments: ["M", "MZX", "MZXW6Y", "MZ", "MY======", "M1", "M8", "M0", "MY ", "MY\n", "MZXW6YTBOJ", "Mé"])
  func `Base32 that could be written otherwise is refused`(text: String) {
    #expect(Base32.decode(text.utf8) == nil)
  }

  @Test(arguments: ["a", "abc", "0g", "0x", " 0", "é"])
  func `What is no pair of hexadecimal digits is refused`(text: String) {
    #expect(Hexadecimal.decode(text.utf8) == nil)
  }

  @Test func `Hexadecimal digits are read in either case`() {
    #expect(Hexadecimal.decode("00fFAb9C".utf8) == [0x00, 0xff, 0xab, 0x9c])
  }

  @Test func `Random bytes do not repeat`() {
    #expect(Set((0..<1000).map { _ in SecureRandom.bytes(16) }).count == 1000)
    #expect(Set(SecureRandom.bytes(8192)).count == 256)
  }
}
