/// The identity of one `Entity`: a UUID that cannot be mistaken for another kind's.
public struct ID<Entity>: Hashable, Sendable, CustomStringConvertible {
  /// 16 bytes in the order in which they are written (RFC 9562 section 4).
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A random identity (UUID version 4, RFC 9562 section 5.4), from the system's secure generator.
  public static func random() -> ID {
    var generator = SystemRandomNumberGenerator()
    return ID(
      high: generator.next() & 0xffff_ffff_ffff_0fff | 0x4000,
      low: generator.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
  }

  /// Parses the canonical 36-character form, in either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var digits = 0
    var position = 0
    var words: (UInt64, UInt64) = (0, 0)
    for byte in text.utf8 {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digits < 32 else {
          return nil
        }
        if digits < 16 {
          words.0 = words.0 << 4 | UInt64(digit)
        } else {
          words.1 = words.1 << 4 | UInt64(digit)
        }
        digits += 1
      }
      position += 1
    }
    guard position == 36, digits == 32 else { return nil }
    (high, low) = words
  }

  public var description: String {
    String(canonicalUUID: (high, low))
  }
}

extension String {
  /// The lower-case canonical form of a UUID.
  fileprivate init(canonicalUUID words: (UInt64, UInt64)) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
        bytes.append(UInt8(ascii: "-"))
      }
      let word = nibble < 16 ? words.0 : words.1
      let digit = UInt8(truncatingIfNeeded: word >> UInt64((15 - nibble % 16) * 4)) & 15
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
    self = String(decoding: bytes, as: UTF8.self)
  }
}
