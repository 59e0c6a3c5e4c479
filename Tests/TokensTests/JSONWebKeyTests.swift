import Crypto
import HTTP
import Testing
import Tokens

/// The published form of the tests' key, with some members changed or, with nil, left out.
private func key(_ changes: [String: JSON?] = [:]) throws -> JSON {
  guard case .object(let members) = JSONWebKey(keyID: "one", key: try signer.get().publicKey).json else { return nil }
  let kept = members.filter { !changes.keys.contains($0.name) }
  return .object(kept + changes.compactMap { change in change.value.map { JSON.Member(change.key, $0) } })
}

@Suite struct JSONWebKeyTests {
  @Test func `A key that was published is read as the same`() throws {
    let text = try key().encoded()
    let read = try JSONWebKey(parsing: JSON(parsing: text))
    #expect(read.keyID == "one")
    #expect(try read.key.modulus == signer.get().publicKey.modulus)
    #expect(read.key.exponent == [1, 0, 1])
    #expect(read.json.encoded() == text)
    #expect(
      String(decoding: text, as: UTF8.self).hasPrefix(#"{"kty":"RSA","use":"sig","alg":"RS256","kid":"one","n":""#))
    #expect(try key()["e"] == "AQAB")
  }

  @Test(
    arguments: [
      [:], ["use": nil], ["alg": nil], ["use": nil, "alg": nil], ["key_ops": ["verify"]],
      ["key_ops": ["sign", "verify"], "use": nil], ["x5t": "AAAA"], ["anything": [1]],
    ] as [[String: JSON?]])
  func `What a key may leave out or add`(changes: [String: JSON?]) throws {
    #expect(throws: Never.self) { try JSONWebKey(parsing: key(changes)) }
  }

  @Test(
    arguments: [
      (["kty": nil], .malformed), (["kty": 1], .malformed), (["kty": "EC"], .wrongType), (["kty": "oct"], .wrongType),
      (["kty": "rsa"], .wrongType), (["use": "enc"], .wrongUse), (["use": "SIG"], .wrongUse),
      (["use": ["sig"]], .wrongUse),
      (["use": nil as JSON], .wrongUse), (["key_ops": []], .wrongUse), (["key_ops": ["sign"]], .wrongUse),
      (["key_ops": "verify"], .wrongUse), (["key_ops": ["verify", "verify"]], .wrongUse),
      (["key_ops": ["verify", "encrypt"]], .wrongUse), (["key_ops": ["wrapKey"]], .wrongUse),
      (["alg": "RS512"], .wrongAlgorithm), (["alg": "PS256"], .wrongAlgorithm), (["alg": "RSA1_5"], .wrongAlgorithm),
      (["alg": "none"], .wrongAlgorithm), (["alg": ["RS256"]], .wrongAlgorithm),
      (["alg": nil as JSON], .wrongAlgorithm),
      (["d": "AQAB"], .privateMembers), (["p": "AQAB"], .privateMembers), (["qi": ""], .privateMembers),
      (["oth": []], .privateMembers), (["k": "AQAB"], .privateMembers), (["kid": nil], .malformed),
      (["kid": ""], .malformed), (["kid": 1], .malformed), (["n": nil], .malformed), (["e": nil], .malformed),
      (["n": ""], .malformed), (["e": ""], .malformed), (["e": 65537], .malformed), (["e": "AAEAAQ"], .malformed),
      (["e": "AQAB="], .malformed), (["e": "AQ AB"], .malformed), (["e": "AQB"], .malformed), (["e": "AA"], .malformed),
    ] as [([String: JSON?], JSONWebKey.Refusal)])
  func `A key of another kind, for another use or of another form is refused`(
    changes: [String: JSON?], refusal: JSONWebKey.Refusal
  ) throws {
    #expect(throws: refusal) { try JSONWebKey(parsing: key(changes)) }
  }

  @Test func `Numbers that make a weak key are refused`() throws {
    #expect(throws: RSAKeyRefusal.exponent) { try JSONWebKey(parsing: key(["e": "AQ"])) }
    #expect(throws: RSAKeyRefusal.exponent) { try JSONWebKey(parsing: key(["e": "Ag"])) }
    #expect(throws: RSAKeyRefusal.length) { try JSONWebKey(parsing: key(["n": "AQAB"])) }
    let padded = Base64URL.encode([0] + (try signer.get().publicKey.modulus))
    #expect(throws: JSONWebKey.Refusal.malformed) { try JSONWebKey(parsing: key(["n": .string(padded)])) }
    for other: JSON in [nil, [], "RSA", 1, [:]] {
      #expect(throws: JSONWebKey.Refusal.malformed) { try JSONWebKey(parsing: other) }
    }
  }

  @Test func `A set finds its keys by name alone`() throws {
    let set = try JSONWebKeySet(parsing: ["keys": [key(), key(["kid": "two"])], "more": 1])
    #expect(set.key("one")?.keyID == "one")
    #expect(set.key("two")?.keyID == "two")
    #expect(set.key("") == nil)
    #expect(set.key("One") == nil)
    #expect(set.key("one ") == nil)
    #expect(try JSONWebKeySet(parsing: set.json).keys.map(\.keyID) == ["one", "two"])
    #expect(try JSONWebKeySet([]).json == ["keys": []])
  }

  @Test func `A set with two keys of one name, or with one that is refused, is refused`() throws {
    let one = try JSONWebKey(parsing: key())
    #expect(throws: JSONWebKey.Refusal.duplicateKeyID) { try JSONWebKeySet([one, one]) }
    #expect(throws: JSONWebKey.Refusal.duplicateKeyID) { try JSONWebKeySet(parsing: ["keys": [key(), key()]]) }
    #expect(throws: JSONWebKey.Refusal.wrongType) {
      try JSONWebKeySet(parsing: ["keys": [key(), ["kty": "oct", "k": "AQAB", "kid": "two"]]])
    }
    for other: JSON in [nil, [], [:], ["keys": nil], ["keys": [:]], ["keys": [1]]] {
      #expect(throws: JSONWebKey.Refusal.malformed) { try JSONWebKeySet(parsing: other) }
    }
  }
}
