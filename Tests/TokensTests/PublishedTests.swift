// What others have published to try verifiers with: Wycheproof, and the examples of RFC 7520.

import Crypto
import HTTP
import PublishedData
import Testing
import Tokens

/// Whether a verifier that holds this key, or set of keys, takes a token; a key that is refused takes none.
private func takes(_ text: String, with keys: JSON) -> Bool {
  guard let jws = try? CompactJWS(parsing: text) else { return false }
  if keys["keys"] != nil {
    guard let set = try? JSONWebKeySet(parsing: keys), let name = jws.keyID, let key = set.key(name) else {
      return false
    }
    return jws.verify(key.key)
  }
  guard let key = try? JSONWebKey(parsing: keys) else { return false }
  return jws.verify(key.key)
}

/// The ids of all tests of a file, and of those whose token is taken.
private func run(_ file: String) throws -> (tried: Set<Int>, taken: Set<Int>) {
  var tried: Set<Int> = []
  var taken: Set<Int> = []
  for group in try PublishedData.json(file)["testGroups"]?.items ?? [] {
    // A group of symmetric keys has no public half; that key must be refused as well.
    let keys = try #require(group["public"] ?? group["private"])
    for test in group["tests"]?.items ?? [] {
      let id = try #require(test["tcId"]).number
      tried.insert(id)
      if takes(try #require(test["jws"]).text, with: keys) { taken.insert(id) }
    }
  }
  return (tried, taken)
}

private let signatures = "wycheproof/json_web_signature_test.json"
private let keySets = "wycheproof/json_web_key_test.json"
private let example = "rfc7520/jws/4_1.rsa_v15_signature.json"

@Suite struct PublishedTests {
  @Test(.enabled(if: PublishedData.isAtHand(signatures), "\(PublishedData.absent)"))
  func `Wycheproof: of 401 signed tokens the eight good ones of RS256 are taken`() throws {
    let (tried, taken) = try run(signatures)
    #expect(tried.count == 401)
    #expect(taken == [33, 259, 260, 261, 262, 263, 345, 349])
  }

  @Test(.enabled(if: PublishedData.isAtHand(keySets), "\(PublishedData.absent)"))
  func `Wycheproof: of 26 keys and sets the one good one of RS256 is taken`() throws {
    let (tried, taken) = try run(keySets)
    #expect(tried.count == 26)
    #expect(taken == [5])
  }

  @Test(
    .enabled(if: PublishedData.isAtHand("wycheproof/json_web_encryption_test.json"), "\(PublishedData.absent)"),
    arguments: ["encryption", "crypto"])
  func `Wycheproof: no encrypted token is taken for a signed one`(kind: String) throws {
    var tried = 0
    for group in try PublishedData.json("wycheproof/json_web_\(kind)_test.json")["testGroups"]?.items ?? [] {
      for test in group["tests"]?.items ?? [] {
        guard let text = test["jwe"]?.text else { continue }
        #expect(throws: TokenRefusal.self) { try CompactJWS(parsing: text) }
        tried += 1
      }
    }
    #expect(tried > 0)
  }

  @Test(.enabled(if: PublishedData.isAtHand(example), "\(PublishedData.absent)"))
  func `RFC 7520 section 4.1 comes out byte for byte`() throws {
    let json = try PublishedData.json(example)
    let key = try RSAPrivateKey(der: DER.privateKey(try #require(json["input"]?["key"])))
    let text = try CompactJWS.sign(
      header: try #require(json["signing"]?["protected"]),
      payload: Array(try #require(json["input"]?["payload"]).text.utf8),
      with: key)
    #expect(text == json["output"]?["compact"]?.text)
    let published = try PublishedData.json("rfc7520/jwk/3_3.rsa_public_key.json")
    #expect(try JSONWebKey(parsing: published).key.modulus == key.publicKey.modulus)
    #expect(takes(text, with: published))
    // The same key with its private half is not published by anybody in his right mind.
    #expect(throws: JSONWebKey.Refusal.privateMembers) {
      try JSONWebKey(parsing: PublishedData.json("rfc7520/jwk/3_4.rsa_private_key.json"))
    }
  }
}
