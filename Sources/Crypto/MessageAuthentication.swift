import COpenSSL

/// Keyed digests (RFC 2104). Compare them with ``ConstantTime`` only.
public enum HMAC {
  /// 32 bytes, of a key of any length.
  public static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    authenticate(message, key: key, digest: "SHA256", length: 32)
  }

  /// 20 bytes, of a key of any length. Only for what others have settled on SHA-1, as authenticators have (RFC 6238);
  /// its known weakness, collisions, does not touch HMAC (RFC 6151 section 2, RFC 6194 section 3.3).
  public static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    authenticate(message, key: key, digest: "SHA1", length: 20)
  }

  private static func authenticate(
    _ message: [UInt8], key: [UInt8], digest: String, length: Int
  ) -> [UInt8] {
    // OpenSSL takes a key without bytes for "no key given". HMAC fills keys up with zeros, so one zero is the same key.
    let key = key.isEmpty ? [0] : key
    do {
      let context = try Handle(EVP_MAC_CTX_new(Algorithm.hmac.pointer), EVP_MAC_CTX_free)
      var name = Array(digest.utf8CString)
      try name.withUnsafeMutableBufferPointer { name throws(CryptoFailure) in
        let parameters = [
          OSSL_PARAM_construct_utf8_string(petstore_mac_digest(), name.baseAddress, 0), OSSL_PARAM_construct_end(),
        ]
        try CryptoFailure.check(EVP_MAC_init(context.pointer, key, key.count, parameters))
      }
      try CryptoFailure.check(EVP_MAC_update(context.pointer, message, message.count))
      var code = [UInt8](repeating: 0, count: length)
      var written = 0
      try CryptoFailure.check(EVP_MAC_final(context.pointer, &code, &written, length))
      precondition(written == length, "OpenSSL wrote a code of another length")
      return code
    } catch {
      // Of bytes in memory it fails only where the library itself is broken or out of memory.
      preconditionFailure("HMAC: \(error)")
    }
  }
}
