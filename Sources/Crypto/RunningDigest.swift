import COpenSSL

/// SHA-256 (FIPS 180-4) of what comes piece by piece.
public struct RunningDigest: ~Copyable {
  private let context: OpaquePointer

  public init() {
    // Both fail only where the library is broken or out of memory: see SHA256.
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Algorithm.sha256.pointer, nil) == 1 else {
      preconditionFailure("OpenSSL has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  public mutating func add(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { bytes in
      precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "OpenSSL has no SHA-256")
    }
  }

  /// 32 bytes.
  public consuming func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { output, count in
      precondition(EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1, "OpenSSL has no SHA-256")
      count = 32
    }
  }
}
