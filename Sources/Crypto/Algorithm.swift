import COpenSSL

/// An algorithm, fetched once: OpenSSL 3 would else look it up by name at every use.
final class Algorithm: @unchecked Sendable {
  // @unchecked because a fetched algorithm is immutable, and OpenSSL says so (man 7 openssl-threads).
  let pointer: OpaquePointer?

  private init(_ pointer: OpaquePointer?) { self.pointer = pointer }

  static let sha256 = Algorithm(EVP_MD_fetch(nil, "SHA256", nil))
  static let hmac = Algorithm(EVP_MAC_fetch(nil, "HMAC", nil))
  static let aes256GCM = Algorithm(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))
}
