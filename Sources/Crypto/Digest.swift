import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// 32 bytes.
  public static func digest(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { digest(UnsafeRawBufferPointer($0)) }
  }

  /// 32 bytes.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { digest($0) }
  }

  private static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { output, count in
      let done = EVP_Digest(
        bytes.baseAddress, bytes.count, output.baseAddress, nil, Algorithm.sha256.pointer, nil)
      // SHA-256 of bytes in memory fails only where the library itself is broken or out of memory; nothing that
      // needs a digest could go on.
      precondition(done == 1, "OpenSSL has no SHA-256")
      count = 32
    }
  }
}

/// An algorithm, fetched once: OpenSSL 3 would else look it up by name for every digest.
private final class Algorithm: @unchecked Sendable {
  // @unchecked because a fetched EVP_MD is immutable, and OpenSSL says so (man 3 EVP_MD_fetch).
  let pointer: OpaquePointer?

  private init(_ name: String) { pointer = EVP_MD_fetch(nil, name, nil) }

  static let sha256 = Algorithm("SHA256")
}

/// Hexadecimal text.
public enum Hexadecimal {
  /// Lower case, two digits a byte.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }
}
