// What is kept secret at rest is sealed under one key, which the service is given at start. Each purpose has a key of
// its own derived from it, so that nothing sealed for one purpose opens for another.

import COpenSSL

/// The one key that the operator gives; it never describes itself.
public struct MasterKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let bytes: [UInt8]

  public var description: String { "<master key>" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Reads a key of 32 bytes: 64 hexadecimal digits, or base64 of 44 characters, or 43 without the padding, in either
  /// alphabet. Line ends around it are dropped, as every editor adds one. Nil for anything else.
  public init?(text: String) {
    let isLineEnd = { (byte: UInt8) in byte == 0x0a || byte == 0x0d }
    var digits = Array(text.utf8.drop(while: isLineEnd))
    while let last = digits.last, isLineEnd(last) { digits.removeLast() }
    let key: [UInt8]?
    switch digits.count {
    case 64: key = Hexadecimal.decode(digits)
    case 44 where digits.last == UInt8(ascii: "="): key = Self.decode(digits.dropLast())
    case 43: key = Self.decode(digits[...])
    default: key = nil
    }
    guard let key, key.count == 32 else { return nil }
    bytes = key
  }

  private static func decode(_ base64: ArraySlice<UInt8>) -> [UInt8]? {
    Base64URL.decode(
      base64.map { digit in
        switch digit {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: digit
        }
      })
  }

  /// 32 bytes for a purpose and a context, the same at every call: HKDF-Expand with SHA-256 (RFC 5869 section 2.3), one
  /// block, the purpose, a zero byte and the context as its info. The step before it, HKDF-Extract, is for keys that
  /// are not evenly random; this one is.
  ///
  /// - Parameters:
  ///   - purpose: a constant of the program, not empty and without a zero byte, which ends it.
  ///   - context: any text.
  public func derive(_ purpose: String, _ context: String) -> [UInt8] {
    precondition(!purpose.isEmpty && !purpose.utf8.contains(0), "A purpose is a name")
    return expand(Array(purpose.utf8) + [0] + Array(context.utf8))
  }

  /// The key under which `purpose` is sealed. Its info begins with a zero byte, so ``derive(_:_:)``, whose purposes are
  /// not empty, never gives it away.
  private func sealingKey(_ purpose: String) -> [UInt8] {
    expand([0] + Array("AES-256-GCM".utf8) + [0] + Array(purpose.utf8))
  }

  private func expand(_ info: [UInt8]) -> [UInt8] {
    HMAC.sha256(key: bytes, info + [1])
  }

  // MARK: Sealing

  private static let version: UInt8 = 1
  private static let nonceLength = 12
  private static let tagLength = 16
  private static let overhead = 1 + nonceLength + tagLength

  /// Encrypts with AES-256-GCM (NIST SP 800-38D): one byte of version, 12 of a random nonce, the ciphertext, 16 of the
  /// tag; 29 bytes longer than `plain`. Two to the power of 32 times for one purpose are safe with random nonces
  /// (section 8.3 there).
  ///
  /// - Parameters:
  ///   - plain: at most 1 GiB, or the process ends.
  ///   - purpose: chooses the key.
  ///   - context: what the sealed bytes belong to, for example a row's id; they open with the same context alone.
  public func seal(_ plain: [UInt8], for purpose: String, context: String) -> [UInt8] {
    precondition(plain.count <= 1 << 30, "Too much to seal in one piece")
    let nonce = SecureRandom.bytes(Self.nonceLength)
    let key = sealingKey(purpose)
    let context = Array(context.utf8)
    do {
      let cipher = try Handle(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free)
      try CryptoFailure.check(EVP_EncryptInit_ex2(cipher.pointer, Algorithm.aes256GCM.pointer, key, nonce, nil))
      var written: Int32 = 0
      try CryptoFailure.check(EVP_EncryptUpdate(cipher.pointer, nil, &written, context, Int32(context.count)))
      var text = [UInt8](repeating: 0, count: plain.count)
      try CryptoFailure.check(EVP_EncryptUpdate(cipher.pointer, &text, &written, plain, Int32(plain.count)))
      var nothing: UInt8 = 0
      try CryptoFailure.check(EVP_EncryptFinal_ex(cipher.pointer, &nothing, &written))
      var tag = [UInt8](repeating: 0, count: Self.tagLength)
      try CryptoFailure.check(
        EVP_CIPHER_CTX_ctrl(cipher.pointer, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), &tag))
      return [Self.version] + nonce + text + tag
    } catch {
      // Of bytes in memory it fails only where the library itself is broken or out of memory.
      preconditionFailure("AES-256-GCM: \(error)")
    }
  }

  /// Decrypts what ``seal(_:for:context:)`` gave; nil if a bit of it differs, if purpose or context are others, or if
  /// it is too short or of another version.
  public func open(_ sealed: [UInt8], for purpose: String, context: String) -> [UInt8]? {
    guard sealed.count >= Self.overhead, sealed.count <= 1 << 30 + Self.overhead, sealed[0] == Self.version else {
      return nil
    }
    let nonce = Array(sealed[1...Self.nonceLength])
    let text = Array(sealed[(1 + Self.nonceLength)..<(sealed.count - Self.tagLength)])
    var tag = Array(sealed.suffix(Self.tagLength))
    let key = sealingKey(purpose)
    let context = Array(context.utf8)
    do {
      let cipher = try Handle(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free)
      try CryptoFailure.check(EVP_DecryptInit_ex2(cipher.pointer, Algorithm.aes256GCM.pointer, key, nonce, nil))
      var written: Int32 = 0
      try CryptoFailure.check(EVP_DecryptUpdate(cipher.pointer, nil, &written, context, Int32(context.count)))
      var plain = [UInt8](repeating: 0, count: text.count)
      try CryptoFailure.check(EVP_DecryptUpdate(cipher.pointer, &plain, &written, text, Int32(text.count)))
      try CryptoFailure.check(
        EVP_CIPHER_CTX_ctrl(cipher.pointer, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag))
      var nothing: UInt8 = 0
      // Here the tag is compared: until this call has given 1 the text is nobody's.
      try CryptoFailure.check(EVP_DecryptFinal_ex(cipher.pointer, &nothing, &written))
      return plain
    } catch {
      return nil
    }
  }
}
