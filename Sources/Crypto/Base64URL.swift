// Text forms of bytes (RFC 4648). Decoding is strict: bytes have one text and no other, so that a token cannot be
// written in two ways.

/// base64url without padding (RFC 4648 section 5).
public enum Base64URL {
  /// Letters, digits, `-` and `_`; four for three bytes, no padding.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    withBytes(bytes) { writeDigits($0, alphabet: alphabet, bitsPerDigit: 6) }
  }

  /// The bytes; nil where the text has padding, white space, `+`, `/` or anything else outside the alphabet, an
  /// impossible length, or unused bits at its end that are not zero (RFC 4648 section 3.5).
  public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    withBytes(text) { readDigits($0, values: values, bitsPerDigit: 6) }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let values = digitValues(alphabet)
}

/// Base32 without padding (RFC 4648 section 6), the form in which people type a secret into an authenticator.
public enum Base32 {
  /// Capital letters and 2 to 7; eight for five bytes, no padding.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    withBytes(bytes) { writeDigits($0, alphabet: alphabet, bitsPerDigit: 5) }
  }

  /// The bytes, from letters of either case; nil where the text has padding, white space or anything else outside the
  /// alphabet, an impossible length, or unused bits at its end that are not zero.
  public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    withBytes(text) { readDigits($0, values: values, bitsPerDigit: 5) }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
  private static let values: [UInt8] = {
    var values = digitValues(alphabet)
    for capital in UInt8(ascii: "A")...UInt8(ascii: "Z") { values[Int(capital) + 32] = values[Int(capital)] }
    return values
  }()
}

/// What a byte outside the alphabet is worth.
private let noDigit: UInt8 = 0xff

/// The value of each of the 256 bytes as a digit.
private func digitValues(_ alphabet: [UInt8]) -> [UInt8] {
  var values = [UInt8](repeating: noDigit, count: 256)
  for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
  return values
}

/// Lends the bytes as they lie in memory. The loops below know one type only: generic ones, which the compiler cannot
/// specialise for another target, take ten times as long.
private func withBytes<Result>(
  _ bytes: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  bytes.withContiguousStorageIfAvailable(body) ?? Array(bytes).withUnsafeBufferPointer(body)
}

private func writeDigits(_ bytes: UnsafeBufferPointer<UInt8>, alphabet: [UInt8], bitsPerDigit: Int) -> String {
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count * 8 + bitsPerDigit - 1) / bitsPerDigit)
  let mask = UInt32(1) << bitsPerDigit - 1
  var bits: UInt32 = 0
  var count = 0
  for byte in bytes {
    bits = bits << 8 | UInt32(byte)
    count += 8
    while count >= bitsPerDigit {
      count -= bitsPerDigit
      text.append(alphabet[Int(bits >> count & mask)])
    }
  }
  if count > 0 { text.append(alphabet[Int(bits << (bitsPerDigit - count) & mask)]) }
  return String(decoding: text, as: UTF8.self)
}

private func readDigits(_ text: UnsafeBufferPointer<UInt8>, values: [UInt8], bitsPerDigit: Int) -> [UInt8]? {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count * bitsPerDigit / 8)
  var bits: UInt32 = 0
  var count = 0
  for digit in text {
    let value = values[Int(digit)]
    guard value != noDigit else { return nil }
    bits = bits << bitsPerDigit | UInt32(value)
    count += bitsPerDigit
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
    }
  }
  // What is left must be less than a digit, or the last digit says nothing; and it must be zero.
  guard count < bitsPerDigit, bits & (1 << count - 1) == 0 else { return nil }
  return bytes
}
