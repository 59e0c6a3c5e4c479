// RSA signatures of the one kind that the tokens use: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), which JSON
// Web Signatures call RS256.

import COpenSSL

/// Why a key is not taken.
public enum RSAKeyRefusal: Error, Sendable, Equatable {
  /// No PKCS#8 of an RSA key, or bytes behind it.
  case malformed
  /// A modulus under 2048 bits is too weak, one over 8192 only slows us down.
  case length
  /// An even modulus is the product of no two odd primes.
  case evenModulus
  /// An exponent must be odd, at least 3, and at most 32 bits long so that nobody's key makes verifying slow.
  case exponent
  /// The modulus bears the mark of a library whose keys can be factored (CVE-2017-15361, "ROCA").
  case roca
}

/// The public half of a key: verifies.
public final class RSAPublicKey: @unchecked Sendable {
  // @unchecked because the EVP_PKEY is not changed once it is made, and OpenSSL lets many threads use such a one, each
  // in a context of its own (man 7 openssl-threads).
  private let key: Handle

  /// Big-endian, without leading zeros; 256 to 1024 bytes.
  public let modulus: [UInt8]
  /// Big-endian, without leading zeros; 1 to 4 bytes.
  public let exponent: [UInt8]

  /// Makes a key of its two numbers, big-endian; leading zeros are dropped.
  ///
  /// - Throws: ``RSAKeyRefusal`` for a key that nobody should trust, ``CryptoFailure`` if memory runs out.
  public init(modulus: [UInt8], exponent: [UInt8]) throws {
    let modulus = Array(modulus.drop { $0 == 0 })
    let exponent = Array(exponent.drop { $0 == 0 })
    try Self.check(modulus, exponent)
    self.modulus = modulus
    self.exponent = exponent

    let n = try Handle(BN_bin2bn(modulus, Int32(modulus.count), nil), BN_free)
    let e = try Handle(BN_bin2bn(exponent, Int32(exponent.count), nil), BN_free)
    let builder = try Handle(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free)
    try CryptoFailure.check(OSSL_PARAM_BLD_push_BN(builder.pointer, petstore_rsa_n(), n.pointer))
    try CryptoFailure.check(OSSL_PARAM_BLD_push_BN(builder.pointer, petstore_rsa_e(), e.pointer))
    let parameters = OSSL_PARAM_BLD_to_param(builder.pointer)
    defer { OSSL_PARAM_free(parameters) }
    let context = try Handle(EVP_PKEY_CTX_new_from_name(nil, "RSA", nil), EVP_PKEY_CTX_free)
    try CryptoFailure.check(EVP_PKEY_fromdata_init(context.pointer))
    var made: OpaquePointer?
    try CryptoFailure.check(EVP_PKEY_fromdata(context.pointer, &made, petstore_evp_pkey_public_key(), parameters))
    key = try Handle(made, EVP_PKEY_free)
  }

  /// Whether this is the signature of a message; about 20 µs with 2048 bits. A signature that is not exactly as long as
  /// the modulus is none (RFC 8017 section 8.2.2, step 1).
  public func verifySHA256(signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == modulus.count else { return false }
    do {
      let context = try Handle(EVP_MD_CTX_new(), EVP_MD_CTX_free)
      // PKCS #1 v1.5 is OpenSSL's padding for a key of the plain kind, which is all that is made above.
      try CryptoFailure.check(
        EVP_DigestVerifyInit(context.pointer, nil, Algorithm.sha256.pointer, nil, key.pointer))
      try CryptoFailure.check(
        EVP_DigestVerify(context.pointer, signature, signature.count, message, message.count))
      return true
    } catch {
      return false
    }
  }

  private static func check(_ modulus: [UInt8], _ exponent: [UInt8]) throws(RSAKeyRefusal) {
    let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
    guard (2048...8192).contains(bits) else { throw .length }
    guard let last = modulus.last, last & 1 == 1 else { throw .evenModulus }
    guard let lowest = exponent.last, lowest & 1 == 1, exponent.count <= 4, exponent != [1] else { throw .exponent }
    guard !isROCA(modulus) else { throw .roca }
  }

  /// Whether a modulus looks like those of Infineon's library: their primes are k·M + (65537^a mod M), M the product of
  /// the first primes, so that the modulus is a power of 65537 modulo each of them (Nemec et al., "The Return of
  /// Coppersmith's Attack", section 3). One in some hundred million other moduli looks so by chance.
  private static func isROCA(_ modulus: [UInt8]) -> Bool {
    rocaMarks.allSatisfy { mark in
      mark.powers.contains(modulus.reduce(0) { ($0 << 8 | Int($1)) % mark.prime })
    }
  }

  /// Each prime from 3 to 167, all of which divide M at every length of key, with the powers of 65537 modulo it.
  private static let rocaMarks: [(prime: Int, powers: Set<Int>)] =
    stride(from: 3, through: 167, by: 2)
    .filter { number in !stride(from: 3, to: number, by: 2).contains { number.isMultiple(of: $0) } }
    .map { prime in
      var powers: Set<Int> = []
      var power = 1
      while powers.insert(power).inserted { power = power * 65537 % prime }
      return (prime, powers)
    }
}

/// A whole key: signs. It never describes itself.
public final class RSAPrivateKey: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
  // @unchecked because the EVP_PKEY is not changed once it is made, and OpenSSL lets many threads use such a one, each
  // in a context of its own (man 7 openssl-threads); it guards the key's blinding with a lock.
  private let key: Handle

  /// The half that may be told.
  public let publicKey: RSAPublicKey

  public var description: String { "<RSA private key>" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  private init(_ key: consuming Handle) throws {
    publicKey = try RSAPublicKey(
      modulus: Self.number(petstore_rsa_n(), of: key.pointer),
      exponent: Self.number(petstore_rsa_e(), of: key.pointer))
    self.key = key
  }

  /// Makes a new key, with the exponent 65537. Takes a tenth of a second, now and then half a second, at 2048 bits.
  ///
  /// - Parameter bits: 2048 to 8192.
  /// - Throws: ``RSAKeyRefusal`` for another length, ``CryptoFailure``.
  public static func generate(bits: Int = 2048) throws -> RSAPrivateKey {
    guard (2048...8192).contains(bits) else { throw RSAKeyRefusal.length }
    let context = try Handle(EVP_PKEY_CTX_new_from_name(nil, "RSA", nil), EVP_PKEY_CTX_free)
    try CryptoFailure.check(EVP_PKEY_keygen_init(context.pointer))
    try CryptoFailure.check(EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, Int32(bits)))
    var made: OpaquePointer?
    try CryptoFailure.check(EVP_PKEY_generate(context.pointer, &made))
    return try RSAPrivateKey(Handle(made, EVP_PKEY_free))
  }

  /// Reads a key in PKCS#8, unencrypted (RFC 5208 section 5).
  ///
  /// - Throws: ``RSAKeyRefusal`` for anything else, and for a key that ``RSAPublicKey`` refuses.
  public convenience init(der: [UInt8]) throws {
    let made: OpaquePointer? = der.withUnsafeBufferPointer { der in
      var next = der.baseAddress
      guard let info = d2i_PKCS8_PRIV_KEY_INFO(nil, &next, der.count) else { return nil }
      defer { PKCS8_PRIV_KEY_INFO_free(info) }
      // Bytes behind the key belong to nothing that we know.
      guard next == der.baseAddress.map({ $0 + der.count }) else { return nil }
      return EVP_PKCS82PKEY(info)
    }
    guard let key = try? Handle(made, EVP_PKEY_free), EVP_PKEY_is_a(key.pointer, "RSA") == 1 else {
      ERR_clear_error()
      throw RSAKeyRefusal.malformed
    }
    try self.init(key)
  }

  /// The key in PKCS#8, unencrypted: to be sealed before it is kept.
  ///
  /// - Throws: ``CryptoFailure`` if memory runs out.
  public func der() throws -> [UInt8] {
    let info = try Handle(EVP_PKEY2PKCS8(key.pointer), PKCS8_PRIV_KEY_INFO_free)
    var text: UnsafeMutablePointer<UInt8>?
    let length = i2d_PKCS8_PRIV_KEY_INFO(info.pointer, &text)
    guard length > 0, let text else { throw CryptoFailure() }
    defer { CRYPTO_clear_free(text, Int(length), #file, #line) }
    return Array(UnsafeBufferPointer(start: text, count: Int(length)))
  }

  /// Signs a message; about 0.2 ms with 2048 bits.
  ///
  /// - Returns: as many bytes as the modulus has, the same for the same message.
  /// - Throws: ``CryptoFailure`` if memory runs out, or if the parts of a key do not belong together.
  public func signSHA256(_ message: [UInt8]) throws -> [UInt8] {
    let context = try Handle(EVP_MD_CTX_new(), EVP_MD_CTX_free)
    try CryptoFailure.check(
      EVP_DigestSignInit(context.pointer, nil, Algorithm.sha256.pointer, nil, key.pointer))
    var signature = [UInt8](repeating: 0, count: publicKey.modulus.count)
    var length = signature.count
    try CryptoFailure.check(EVP_DigestSign(context.pointer, &signature, &length, message, message.count))
    guard length == signature.count else { throw CryptoFailure() }
    return signature
  }

  private static func number(_ name: UnsafePointer<CChar>?, of key: OpaquePointer) throws(CryptoFailure) -> [UInt8] {
    var raw: OpaquePointer?
    try CryptoFailure.check(EVP_PKEY_get_bn_param(key, name, &raw))
    let number = try Handle(raw, BN_free)
    var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number.pointer) + 7) / 8)
    BN_bn2bin(number.pointer, &bytes)
    return bytes
  }
}
