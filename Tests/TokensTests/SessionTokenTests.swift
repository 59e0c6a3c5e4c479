import Crypto
import Domain
import HTTP
import Testing

@testable import Tokens

/// Tokens with claims of every kind, all of them signed by the true key: what refuses them can only be the claim.
@Suite struct SessionTokenTests {
  private let format = TokenFormat(issuer: "https://pets.example", audience: "petstore-api")
  private let now = 1_800_000_000.0
  private let key: RSAPrivateKey
  private let signing: SigningKey

  init() throws {
    key = try signer.get()
    signing = SigningKey(keyID: "k1", key: key, signsFrom: 0, expiresAt: nil)
  }

  private var claims: TokenClaims {
    TokenClaims(
      userID: .random(), tenantID: .random(), sessionID: .random(), generation: 3, clientID: "petstore",
      role: .free, scopes: ScopeSet([.profileRead]), issuedAt: Int(now), expiresAt: Int(now) + 60)
  }

  private func verify(_ text: String, as kind: TokenKind = .access, at moment: Double? = nil) throws -> SessionToken {
    try format.verify(text, as: kind, at: moment ?? now) { $0 == "k1" ? key.publicKey : nil }
  }

  private func refusal(_ text: String, as kind: TokenKind = .access, at moment: Double? = nil) -> TokenRefusal? {
    do {
      _ = try verify(text, as: kind, at: moment)
      return nil
    } catch {
      return error as? TokenRefusal
    }
  }

  /// A true access token with some members of its payload changed; nil takes one away.
  private func altered(_ changes: [(String, String?)], header: String? = nil) throws -> String {
    let sid = "0b1e2c3d-4f50-4a61-8b72-9c83ad94be05"
    var members: [(String, String)] = [
      ("iss", "\"https://pets.example\""), ("aud", "\"petstore-api\""), ("sub", "\"\(sid)\""),
      ("exp", "1800000060"), ("iat", "1800000000"), ("nbf", "1800000000"), ("jti", "\"\(sid)\""),
      ("client_id", "\"petstore\""), ("sid", "\"\(sid)\""), ("gen", "3"), ("role", "\"free\""),
      ("tid", "\"\(sid)\""), ("scope", "\"profile:read\""), ("type", "\"access\""),
    ]
    for (name, value) in changes {
      members.removeAll { $0.0 == name }
      if let value { members.append((name, value)) }
    }
    let payload = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    return try token(
      header: header ?? #"{"alg":"RS256","typ":"at+jwt","kid":"k1"}"#, payload: payload, key: key)
  }

  @Test func `What was signed is read back`() throws {
    let claims = claims
    let token = try verify(try format.sign(claims, as: .access, with: signing))
    #expect(token.userID == claims.userID && token.sessionID == claims.sessionID)
    #expect(token.tenantID == claims.tenantID && token.generation == 3 && token.keyID == "k1")
    #expect(token.expiresAt == Int(now) + 60 && token.scope == "profile:read")
    #expect(refusal(try altered([])) == nil)
  }

  @Test func `Neither kind is taken for the other`() throws {
    #expect(refusal(try format.sign(claims, as: .refresh, with: signing)) == .wrongType)
    #expect(refusal(try format.sign(claims, as: .access, with: signing), as: .refresh) == .wrongType)
    #expect(refusal(try altered([("type", "\"refresh\"")])) == .wrongType)
    for header in [
      #"{"alg":"RS256","typ":"JWT","kid":"k1"}"#, #"{"alg":"RS256","kid":"k1"}"#,
      #"{"alg":"RS256","typ":"AT+JWT","kid":"k1"}"#, #"{"alg":"RS256","typ":"at+jwt"}"#,
      #"{"alg":"RS256","typ":"at+jwt","kid":"k1","jku":"https://evil.example"}"#,
      #"{"alg":"RS256","typ":"at+jwt","kid":"k1","zip":"DEF"}"#,
    ] {
      #expect(refusal(try altered([], header: header)) == .wrongType, "\(header)")
    }
  }

  @Test func `Times count to the second, and clocks may differ by two minutes before the beginning alone`() throws {
    let token = try format.sign(claims, as: .access, with: signing)
    #expect(refusal(token, at: now + 59.999) == nil)
    #expect(refusal(token, at: now + 60) == .expired)
    #expect(refusal(token, at: now - 120) == nil)
    #expect(refusal(token, at: now - 120.5) == .notYetValid)
    #expect(refusal(try altered([("nbf", "1800000121")])) == .notYetValid)
    #expect(refusal(try altered([("iat", "1800000121")])) == .notYetValid)
  }

  @Test(arguments: [
    "\"1800000060\"", "1800000060.0", "1800000060.5", "1.80000006e9", "true", "null", "-1", "-9223372036854775808",
    "9223372036854775807", "9223372036854775808", "18446744073709551616", "253402300800", "1e400", "[1800000060]", "{}",
  ])
  func `A time that is no whole number of seconds is refused`(_ value: String) throws {
    for name in ["exp", "iat", "nbf"] {
      #expect(refusal(try altered([(name, value)])) != nil, "\(name) \(value)")
    }
  }

  @Test func `Every claim that is used must be there and of its kind`() throws {
    for name in ["exp", "iat", "nbf", "sub", "tid", "sid", "jti", "gen", "client_id", "scope", "type", "iss", "aud"] {
      #expect(refusal(try altered([(name, nil)])) != nil, "\(name) missing")
      for value in ["null", "7.5", "[]", "{}", "true"] {
        #expect(refusal(try altered([(name, value)])) != nil, "\(name) \(value)")
      }
    }
    #expect(refusal(try altered([("gen", "-1")])) == .badClaims)
    #expect(refusal(try altered([("sid", "\"not-an-id\"")])) == .badClaims)
  }

  @Test func `Another issuer's or another audience's token is refused`() throws {
    for value in ["\"https://pets.example/\"", "\"HTTPS://PETS.EXAMPLE\"", "\"\"", "[\"https://pets.example\"]"] {
      #expect(refusal(try altered([("iss", value)])) == .wrongIssuer, "\(value)")
    }
    for value in ["\"petstore\"", "[\"petstore-api\"]", "[\"other\",\"petstore-api\"]", "\"\""] {
      #expect(refusal(try altered([("aud", value)])) == .wrongAudience, "\(value)")
    }
  }

  @Test func `A member that comes twice makes the payload void`() throws {
    let payload = #"{"type":"access","type":"access"}"#
    let text = try token(header: #"{"alg":"RS256","typ":"at+jwt","kid":"k1"}"#, payload: payload, key: key)
    #expect(refusal(text) == .badClaims)
  }

  @Test func `An unknown key, and another's signature under a known name, are refused`() throws {
    #expect(
      refusal(try altered([], header: #"{"alg":"RS256","typ":"at+jwt","kid":"k2"}"#)) == .unknownKey)
    let stranger = SigningKey(keyID: "k1", key: try attacker.get(), signsFrom: 0, expiresAt: nil)
    #expect(refusal(try format.sign(claims, as: .access, with: stranger)) == .badSignature)
  }

  // MARK: - The ring

  @Test func `A key is published before it signs, signs when its time has come, and is believed until its end`() throws
  {
    let old = SigningKey(keyID: "old", key: key, signsFrom: 100, expiresAt: 1_000)
    let new = SigningKey(keyID: "new", key: try attacker.get(), signsFrom: 500, expiresAt: nil)
    let ring = KeyRing([new, old])
    #expect(ring.signingKey(at: 499)?.keyID == "old")
    #expect(ring.signingKey(at: 500)?.keyID == "new")
    #expect(ring.verificationKey("old", at: 999) != nil)
    #expect(ring.verificationKey("old", at: 1_000) == nil)
    #expect(ring.verificationKey("new", at: 1) != nil)
    func names(_ moment: Double) -> [String] {
      guard case .array(let keys)? = ring.published(at: moment)["keys"] else { return [] }
      return keys.compactMap { if case .string(let name)? = $0["kid"] { name } else { nil } }
    }
    #expect(names(200) == ["new", "old"])
    #expect(names(1_000) == ["new"])
    // Nothing private is published.
    guard case .array(let keys)? = ring.published(at: 200)["keys"] else { return }
    for key in keys {
      guard case .object(let members) = key else { continue }
      #expect(Set(members.map(\.name)) == ["kty", "use", "alg", "kid", "n", "e"])
    }
  }
}
