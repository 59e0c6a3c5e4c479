import COpenSSL

/// The one way to compare secrets.
public enum ConstantTime {
  /// Whether both are equal, in a time that depends on their length alone.
  public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
  }
}
