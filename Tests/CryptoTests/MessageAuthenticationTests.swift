import Crypto
import HTTP
import PublishedData
import Testing

private func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }

private let longKey = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
private let longKeyAndData = Array(
  """
  This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed \
  before being used by the HMAC algorithm.
  """.utf8)

@Suite struct MessageAuthenticationTests {
  @Test(arguments: [
    (bytes(0x0b, 20), Array("Hi There".utf8), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (bytes(0xaa, 20), bytes(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (Array(1...25), bytes(0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (bytes(0x0c, 20), Array("Test With Truncation".utf8), "a3b6167473100ee06e0c796c2955552b"),
    (bytes(0xaa, 131), longKey, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    (bytes(0xaa, 131), longKeyAndData, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ])
  func `HMAC-SHA-256 gives the codes of RFC 4231`(key: [UInt8], message: [UInt8], code: String) {
    #expect(Hexadecimal.encode(HMAC.sha256(key: key, message)).hasPrefix(code))
  }

  @Test(arguments: [
    (bytes(0x0b, 20), Array("Hi There".utf8), "b617318655057264e28bc0b6fb378c8ef146be00"),
    (Array("Jefe".utf8), Array("what do ya want for nothing?".utf8), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (bytes(0xaa, 80), longKey, "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
  ])
  func `HMAC-SHA-1 gives the codes of RFC 2202`(key: [UInt8], message: [UInt8], code: String) {
    #expect(Hexadecimal.encode(HMAC.sha1(key: key, message)) == code)
  }

  @Test func `An empty key and an empty message have a code as well`() {
    #expect(
      Hexadecimal.encode(HMAC.sha256(key: [], [])) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    )
    #expect(Hexadecimal.encode(HMAC.sha1(key: [], [])) == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d")
  }

  @Test(
    arguments: [
      (
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", Array(0xf0...0xf9),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
      ),
      (
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244", Array(0xb0...0xff),
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
      ),
      (
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04", [],
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
      ),
    ] as [(String, [UInt8], String)])
  func `HMAC over an info and a one is HKDF-Expand's first block, as in RFC 5869 appendix A`(
    key: String, info: [UInt8], block: String
  ) throws {
    let key = try #require(Hexadecimal.decode(key.utf8))
    #expect(Hexadecimal.encode(HMAC.sha256(key: key, info + [1])) == block)
  }

  @Test(.enabled(if: PublishedData.isAtHand("wycheproof/hmac_sha256_test.json"), "\(PublishedData.absent)"))
  func `Wycheproof: HMAC-SHA-256, valid and altered tags`() throws {
    var tried = 0
    for group in try PublishedData.json("wycheproof/hmac_sha256_test.json")["testGroups"]?.items ?? [] {
      let length = (group["tagSize"]?.number ?? 0) / 8
      for test in group["tests"]?.items ?? [] {
        let key = try #require(Hexadecimal.decode((test["key"]?.text ?? "?").utf8))
        let message = try #require(Hexadecimal.decode((test["msg"]?.text ?? "?").utf8))
        let tag = try #require(Hexadecimal.decode((test["tag"]?.text ?? "?").utf8))
        let code = Array(HMAC.sha256(key: key, message).prefix(length))
        #expect(ConstantTime.equal(code, tag) == (test["result"] == "valid"), "tcId \(test["tcId"]?.number ?? 0)")
        tried += 1
      }
    }
    #expect(tried == 174)
  }
}
