import Crypto
import HTTP
import Testing

@testable import Tokens

/// One key for all tests, and an attacker's: making one takes a tenth of a second.
let signer = Result { try RSAPrivateKey.generate() }
let attacker = Result { try RSAPrivateKey.generate() }

/// A token with a header as given to the letter, signed by `key` whatever the header says, so that nothing but the
/// header's own words can be why it is refused.
func token(header: String, payload: String = "a payload", key: RSAPrivateKey) throws -> String {
  try token(header: Array(header.utf8), payload: Array(payload.utf8), key: key)
}

func token(header: [UInt8], payload: [UInt8], key: RSAPrivateKey) throws -> String {
  let input = Base64URL.encode(header) + "." + Base64URL.encode(payload)
  return try input + "." + Base64URL.encode(key.signSHA256(Array(input.utf8)))
}

/// Whether a verifier that knows one key takes a token.
func isTaken(_ token: String, by key: RSAPublicKey) -> Bool {
  guard let jws = try? CompactJWS(parsing: token) else { return false }
  return jws.verify(key)
}

/// ASN.1 in its distinguished form, as little of it as keys need (X.690).
enum DER {
  static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }
  static func octets(_ bytes: [UInt8]) -> [UInt8] { element(0x04, bytes) }
  static func bits(_ bytes: [UInt8]) -> [UInt8] { element(0x03, [0] + bytes) }

  /// Of a number's big-endian bytes.
  static func integer(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array(bytes.drop { $0 == 0 })
    return element(0x02, digits.first.map { $0 < 0x80 } ?? false ? digits : [0] + digits)
  }

  /// rsaEncryption with its NULL.
  static let rsa: [UInt8] = sequence(
    [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01], [0x05, 0x00])

  private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    switch content.count {
    case ..<128: [tag, UInt8(content.count)] + content
    case ..<256: [tag, 0x81, UInt8(content.count)] + content
    default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
    }
  }

  /// A public key as OpenSSL writes it (RFC 5280 section 4.1.2.7).
  static func publicKey(_ key: RSAPublicKey) -> [UInt8] {
    sequence(rsa, bits(sequence(integer(key.modulus), integer(key.exponent))))
  }

  /// A private JSON Web Key in PKCS#8 (RFC 8017 appendix A.1.2).
  static func privateKey(_ json: JSON) throws -> [UInt8] {
    var numbers = integer([])
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
      guard case .string(let text) = json[name] else { throw JSONWebKey.Refusal.malformed }
      numbers += integer(try #require(Base64URL.decode(text.utf8)))
    }
    return sequence(integer([]), rsa, octets(sequence(numbers)))
  }
}

/// The same numbers at every run (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
