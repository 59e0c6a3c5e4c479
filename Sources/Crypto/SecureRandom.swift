/// Bytes that nobody can guess.
public enum SecureRandom {
  /// `count` bytes from the kernel's generator (getrandom, by way of Swift's), which is ready before a daemon starts.
  ///
  /// - Parameter count: 0 or more.
  public static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      // Eight at a time: each number is a call of the kernel.
      withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
    }
    return bytes
  }
}
