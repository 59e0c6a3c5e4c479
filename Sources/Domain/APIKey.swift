// API keys: `psd_live_`, 43 base62 characters (256 random bits), 6 base62 characters of CRC-32 over all before them.
//
// The checksum costs an attacker nothing and us nothing; it lets a worker refuse a mistyped or invented key without
// any I/O, and lets secret scanners tell a real key from noise.

/// An API key that is well formed. Whether it is known, only the store can say.
public struct APIKey: Sendable, Equatable {
  /// The whole key. Shown to its owner once; kept nowhere.
  public let text: Secret<String>

  public static func == (left: APIKey, right: APIKey) -> Bool {
    left.text.exposed == right.text.exposed
  }

  /// What every key begins with.
  public static let marker = "psd_live_"
  /// Characters of a key: 9 of marker, 43 random, 6 of checksum.
  public static let length = 58

  /// Parses a key; nil if its form or checksum is wrong. Does no I/O.
  public init?(_ text: String) {
    var copy = text
    let valid = copy.withUTF8 { bytes -> Bool in
      guard bytes.count == Self.length else { return false }
      var crc = CRC32()
      for index in 0..<(Self.length - 6) {
        let byte = unsafe bytes[index]
        if index < 9 {
          guard byte == Self.markerBytes[index] else { return false }
        } else {
          guard Self.isBase62(byte) else { return false }
        }
        crc.update(byte)
      }
      let checksum = Self.base62(crc.value)
      for index in 0..<6 where unsafe bytes[Self.length - 6 + index] != checksum[index] {
        return false
      }
      return true
    }
    guard valid else { return nil }
    self.text = Secret(text)
  }

  /// A new key from the system's secure generator. 62^43 is more than 2^256.
  public static func random() -> APIKey {
    var generator = SystemRandomNumberGenerator()
    var bytes = markerBytes
    for _ in 0..<43 {
      // `Int.random` rejects what would make some characters likelier.
      bytes.append(alphabet[Int.random(in: 0..<62, using: &generator)])
    }
    var crc = CRC32()
    for byte in bytes { crc.update(byte) }
    return APIKey(proven: String(decoding: bytes + base62(crc.value), as: UTF8.self))
  }

  /// What may be shown later to tell a person's keys apart: the marker and four characters.
  public var displayPrefix: String { String(text.exposed.prefix(13)) }

  private init(proven text: String) { self.text = Secret(text) }

  private static let markerBytes = Array(marker.utf8)
  private static let alphabet = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  private static func isBase62(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// Six base62 characters of a number below 62^6, most significant first.
  private static func base62(_ value: UInt32) -> [UInt8] {
    var digits = [UInt8](repeating: alphabet[0], count: 6)
    var rest = value
    for index in stride(from: 5, through: 0, by: -1) {
      digits[index] = alphabet[Int(rest % 62)]
      rest /= 62
    }
    return digits
  }
}

/// CRC-32 as in IEEE 802.3 section 3.2.9: reflected, polynomial 0xEDB88320.
struct CRC32 {
  private var state: UInt32 = 0xffff_ffff

  var value: UInt32 { ~state }

  mutating func update(_ byte: UInt8) {
    state = Self.table[Int((state ^ UInt32(byte)) & 0xff)] ^ state >> 8
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1
    }
  }
}
