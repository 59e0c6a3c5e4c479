import Crypto
import HTTP
import Testing

@testable import Tokens

private let plainHeader = #"{"alg":"RS256","kid":"one"}"#

@Suite struct CompactJWSTests {
  @Test func `What was signed is read again and verifies`() throws {
    let key = try signer.get()
    let text = try CompactJWS.sign(
      header: ["alg": "RS256", "typ": "at+jwt", "kid": "one"], payload: Array(#"{"sub":"7"}"#.utf8), with: key)
    let jws = try CompactJWS(parsing: text)
    #expect(jws.header["typ"] == "at+jwt")
    #expect(jws.keyID == "one")
    #expect(jws.payload == Array(#"{"sub":"7"}"#.utf8))
    #expect(jws.verify(key.publicKey))
    #expect(try !jws.verify(attacker.get().publicKey))
    #expect(try CompactJWS(parsing: token(header: #"{"alg":"RS256"}"#, key: key)).keyID == nil)
  }

  @Test func `Nothing is signed that would not be read`() throws {
    let key = try signer.get()
    for header: JSON in [["kid": "one"], ["alg": "none"], ["alg": "rs256"], [:], "RS256", nil] {
      #expect(throws: TokenRefusal.wrongAlgorithm) { try CompactJWS.sign(header: header, payload: [], with: key) }
    }
  }

  // MARK: The header

  @Test(arguments: [
    #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"NONE"}"#, #"{"alg":"nOnE"}"#, #"{"alg":"none "}"#,
    #"{"alg":" none"}"#, #"{"alg":"none\u0000"}"#, #"{"alg":"\u006eone"}"#, #"{"alg":""}"#, #"{"alg":null}"#,
    #"{"alg":0}"#, #"{"alg":false}"#, #"{"alg":["RS256"]}"#, #"{"alg":{"RS256":1}}"#, "{}", #"{"kid":"one"}"#,
    #"{"ALG":"RS256"}"#, #"{"alg ":"RS256"}"#, #"{"alg":"rs256"}"#, #"{"alg":"Rs256"}"#, #"{"alg":"RS256 "}"#,
    #"{"alg":" RS256"}"#, #"{"alg":"RS256\u0000"}"#, #"{"alg":"RS256\n"}"#, #"{"alg":"RS 256"}"#, #"{"alg":"ＲＳ２５６"}"#,
    #"{"alg":"RS2\u03b556"}"#, #"{"alg":"RS256\u0301"}"#, #"{"alg":"RS1"}"#, #"{"alg":"RS384"}"#, #"{"alg":"RS512"}"#,
    #"{"alg":"PS256"}"#, #"{"alg":"PS512"}"#, #"{"alg":"HS256"}"#, #"{"alg":"HS512"}"#, #"{"alg":"ES256"}"#,
    #"{"alg":"ES256K"}"#, #"{"alg":"EdDSA"}"#, #"{"alg":"RSA1_5","enc":"A128CBC-HS256"}"#, #"{"alg":"dir"}"#,
    // Whatever else is wrong with it, this is what is said.
    #"{"alg":"none","crit":["exp"]}"#, #"{"alg":"none","kid":7}"#,
  ])
  func `Any algorithm but RS256 is refused, signed well or not signed at all`(header: String) throws {
    let signed = try token(header: header, key: signer.get())
    let bare = signed.prefix { $0 != "." } + ".YQ."
    for text in [signed, String(bare), String(bare) + "AA"] {
      #expect(throws: TokenRefusal.wrongAlgorithm) { try CompactJWS(parsing: text) }
    }
  }

  @Test(arguments: [
    // Twice the same member: each reader would take another one.
    #"{"alg":"RS256","alg":"RS256"}"#, #"{"alg":"none","alg":"RS256"}"#, #"{"alg":"RS256","alg":"none"}"#,
    #"{"alg":"RS256","\u0061lg":"none"}"#, #"{"alg":"RS256","kid":"one","kid":"two"}"#,
    // Extensions that must be understood, and the one that changes what is signed.
    #"{"alg":"RS256","crit":["exp"],"exp":1}"#, #"{"alg":"RS256","crit":[]}"#, #"{"alg":"RS256","crit":null}"#,
    #"{"alg":"RS256","crit":["b64"],"b64":false}"#, #"{"alg":"RS256","b64":false}"#, #"{"alg":"RS256","b64":true}"#,
    // A key's name must be a name.
    #"{"alg":"RS256","kid":7}"#, #"{"alg":"RS256","kid":null}"#, #"{"alg":"RS256","kid":["one"]}"#,
    #"{"alg":"RS256","kid":{}}"#, #"{"alg":"RS256","kid":true}"#,
    // No JSON object, or not only one.
    "", " ", "RS256", #""RS256""#, "null", "[]", #"["alg","RS256"]"#, #"[{"alg":"RS256"}]"#, #"{"alg":"RS256"}{}"#,
    #"{"alg":"RS256"} x"#, #"{"alg":"RS256",}"#, #"{"alg":"RS256""#, #"{alg:"RS256"}"#, #"{'alg':'RS256'}"#,
    #"{"alg":"RS256"/**/}"#, "\u{feff}" + #"{"alg":"RS256"}"#, #"{"alg":"RS256"}"# + "\0",
    #"{"alg":"RS256","x":"\ud800"}"#,
  ])
  func `A header that two readers could take differently is refused`(header: String) throws {
    let text = try token(header: header, key: signer.get())
    #expect(throws: TokenRefusal.malformed) { try CompactJWS(parsing: text) }
  }

  @Test func `A header that is no UTF-8 is refused`() throws {
    let key = try signer.get()
    let start = Array(#"{"alg":"RS256","x":""#.utf8)
    let others: [[UInt8]] = [
      start + [0xff] + Array(#""}"#.utf8), start + [0xc0, 0xaf] + Array(#""}"#.utf8),
      start + [0xed, 0xa0, 0x80] + Array(#""}"#.utf8), #"{"alg":"RS256"}"#.utf16.flatMap { [UInt8($0), 0] },
    ]
    for header in others {
      let text = try token(header: header, payload: [], key: key)
      #expect(throws: TokenRefusal.malformed) { try CompactJWS(parsing: text) }
    }
  }

  @Test func `A deeply nested header ends in a refusal and not in a crash`() throws {
    let text = #"{"alg":"RS256","x":"# + String(repeating: "[", count: 5000)
    #expect(throws: TokenRefusal.malformed) { try CompactJWS(parsing: token(header: text, key: signer.get())) }
  }

  @Test func `A key that the token brings along is not used`() throws {
    let stranger = try attacker.get()
    let known = try signer.get().publicKey
    let jwk = String(decoding: JSONWebKey(keyID: "one", key: stranger.publicKey).json.encoded(), as: UTF8.self)
    for member in [
      #""jwk":\#(jwk)"#, #""jku":"https://attacker.example/keys""#, #""x5u":"https://attacker.example/chain""#,
      #""x5c":["MIIB"]"#, #""x5t":"AAAA""#,
    ] {
      let text = try token(header: #"{"alg":"RS256","kid":"one",\#(member)}"#, key: stranger)
      #expect(!isTaken(text, by: known), "\(member)")
    }
  }

  @Test func `A digest keyed with the public key is no signature`() throws {
    let key = try signer.get().publicKey
    let der = DER.publicKey(key)
    let base64 = Base64URL.encode(der).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    var lines = ""
    for start in stride(from: 0, to: base64.count, by: 64) { lines += String(base64[start...].prefix(64)) + "\n" }
    let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
    let pem =
      "-----BEGIN PUBLIC KEY-----\n" + lines.dropLast() + padding + "\n-----END PUBLIC KEY-----\n"
    for secret in [
      Array(pem.utf8), Array(pem.utf8.dropLast()), der, key.modulus, [0] + key.modulus,
      Array(Base64URL.encode(key.modulus).utf8), [],
    ] {
      for (header, refusal) in [
        (#"{"alg":"HS256"}"#, TokenRefusal.wrongAlgorithm), (#"{"alg":"RS256"}"#, .badSignature),
      ] {
        let input = Base64URL.encode(header.utf8) + ".YQ"
        let text = input + "." + Base64URL.encode(HMAC.sha256(key: secret, Array(input.utf8)))
        #expect(throws: refusal) {
          guard try CompactJWS(parsing: text).verify(key) else { throw TokenRefusal.badSignature }
        }
      }
    }
  }

  // MARK: The parts

  @Test func `A token has exactly three parts`() throws {
    let text = try token(header: plainHeader, key: signer.get())
    let parts = text.split(separator: ".").map(String.init)
    let others = [
      "", ".", "..", "...", "....", parts[0], parts[0] + ".", parts[0] + "." + parts[1], parts[0] + "..",
      parts[0] + "." + parts[1] + ".", "." + parts[1] + "." + parts[2], "." + text, text + ".", text + "." + parts[2],
      text + "..", text + ".." + parts[2], parts[0] + ".." + parts[1] + "." + parts[2], text + "." + text,
      parts.joined(separator: "·"), parts.joined(separator: ","), parts.joined(separator: "%2E"),
      #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","signature":"\#(parts[2])"}"#,
    ]
    for other in others { #expect(throws: TokenRefusal.malformed, "\(other)") { try CompactJWS(parsing: other) } }
    #expect(throws: TokenRefusal.wrongAlgorithm) { try CompactJWS(parsing: "e30..") }
  }

  @Test func `An empty payload is one as any other`() throws {
    let key = try signer.get()
    let jws = try CompactJWS(parsing: token(header: plainHeader, payload: "", key: key))
    #expect(jws.payload.isEmpty)
    #expect(jws.verify(key.publicKey))
    // But cutting the payload out of a token does not make one.
    let parts = try token(header: plainHeader, key: key).split(separator: ".")
    #expect(!isTaken(parts[0] + ".." + parts[2], by: key.publicKey))
  }

  @Test func `Each part has one text: no padding, white space, other alphabet or unused bits`() throws {
    // Header and payload of a length that leaves unused bits; a signature of 256 bytes leaves four.
    let key = try signer.get()
    var number = 0
    var text = ""
    repeat {
      text = try token(header: plainHeader + " ", payload: "a payload>>?\(number)", key: key)
      number += 1
    } while !text.contains("-") || !text.contains("_")
    #expect(isTaken(text, by: key.publicKey))
    let parts = text.split(separator: ".").map(String.init)
    var others = [
      text.replacing("-", with: "+"), text.replacing("_", with: "/"), text.replacing("-", with: "%2D"),
      text + "\n", "\n" + text, text + " ", " " + text, text + "\0", "\u{feff}" + text, "Bearer " + text,
      text.replacing(".", with: ". "), text.replacing(".", with: " ."), text.replacing(".", with: "\n."),
    ]
    for place in 0..<3 {
      var changed = parts
      for ending in ["=", "==", "===", "\n", "\r\n", " ", "\t", "\0", "A", "AA", "AAA", "AAAA", "é"] {
        changed[place] = parts[place] + ending
        others.append(changed.joined(separator: "."))
      }
      changed[place] = String(parts[place].prefix(8)) + "\n" + parts[place].dropFirst(8)
      others.append(changed.joined(separator: "."))
      // The other last characters that a lax decoder takes for the same bytes.
      for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" where last != parts[place].last {
        changed[place] = parts[place].dropLast() + String(last)
        others.append(changed.joined(separator: "."))
      }
    }
    for other in others where other != text { #expect(!isTaken(other, by: key.publicKey), "\(other)") }
  }

  @Test func `A signature cut short, made longer or made up is none`() throws {
    let key = try signer.get()
    let text = try token(header: plainHeader, key: key)
    let signature = try CompactJWS(parsing: text).signature
    let input = text.prefix(upTo: try #require(text.lastIndex(of: ".")))
    let others: [[UInt8]] = [
      signature.dropLast(), Array(signature.dropFirst()), Array(signature.prefix(32)), signature + [0], [0] + signature,
      signature + signature, signature.reversed(), [0], [UInt8](repeating: 0, count: 256),
      [UInt8](repeating: 0xff, count: 256), key.publicKey.modulus, [UInt8](repeating: 0, count: 255) + [1],
    ]
    for other in others { #expect(!isTaken(input + "." + Base64URL.encode(other), by: key.publicKey)) }
    #expect(isTaken(input + "." + Base64URL.encode(signature), by: key.publicKey))
  }

  @Test func `The parts of two good tokens do not mix`() throws {
    let key = try signer.get()
    let first = try token(header: plainHeader, payload: "first", key: key).split(separator: ".")
    let second = try token(header: plainHeader + " ", payload: "second", key: key).split(separator: ".")
    for choice in 1..<7 {
      let mixed = (0..<3).map { choice >> $0 & 1 == 0 ? first[$0] : second[$0] }.joined(separator: ".")
      #expect(!isTaken(mixed, by: key.publicKey))
    }
  }

  @Test func `A token of 8192 bytes is read, one byte more is not`() throws {
    let key = try signer.get()
    var sizes: Set<Int> = []
    for spaces in 0..<4 {
      for payload in 5850..<5862 {
        let header = plainHeader + String(repeating: " ", count: spaces)
        let text = try token(header: header, payload: String(repeating: "x", count: payload), key: key)
        sizes.insert(text.utf8.count)
        #expect(isTaken(text, by: key.publicKey) == (text.utf8.count <= 8192), "\(text.utf8.count)")
      }
    }
    #expect(sizes.isSuperset(of: [8191, 8192, 8193]))
    let long = try token(header: plainHeader, payload: String(repeating: "x", count: 7500), key: key)
    #expect(long.utf8.count > 10_000)
    #expect(throws: TokenRefusal.malformed) { try CompactJWS(parsing: long) }
    #expect(throws: TokenRefusal.malformed) { try CompactJWS(parsing: String(repeating: ".", count: 10_000_000)) }
  }

  @Test func `Of twenty thousand altered tokens none is taken`() throws {
    let key = try signer.get()
    let original = Array(try token(header: plainHeader, payload: #"{"sub":"7","exp":1}"#, key: key).utf8)
    var random = SplitMix(state: 7)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0{}\"".utf8)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
        let other = Int.random(in: 0..<max(1, bytes.count), using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case _ where bytes.isEmpty: bytes.append(.random(in: 0...255, using: &random))
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1, 2: bytes[place] = alphabet.randomElement(using: &random) ?? 0
        case 3: bytes[place] = .random(in: 0...255, using: &random)
        case 4: bytes.remove(at: place)
        case 5: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        case 6: bytes.swapAt(place, other)
        case 7: bytes.removeSubrange(min(place, other)..<max(place, other))
        default: bytes.insert(contentsOf: bytes[min(place, other)..<max(place, other)], at: place)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let jws = try? CompactJWS(parsing: text) else { continue }
      read += 1
      #expect(!jws.verify(key.publicKey) || Array(text.utf8) == original, "\(text)")
    }
    // Or the test would have tried the reader alone.
    #expect(read > 2_000)
  }

  @Test func `Random bytes are refused`() throws {
    var random = SplitMix(state: 11)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(throws: TokenRefusal.self) { try CompactJWS(parsing: String(decoding: bytes, as: UTF8.self)) }
    }
  }
}
