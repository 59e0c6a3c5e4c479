import Crypto
import Domain

/// A place in a list, newest first: behind this entry. It stays good when the entry itself goes away.
public struct PageCursor<Entity>: Sendable, Equatable {
  /// When the entry was made, in microseconds since 1970: as exact as PostgreSQL keeps it.
  let createdAt: Int
  let id: ID<Entity>

  init(createdAt: Int, id: ID<Entity>) {
    self.createdAt = createdAt
    self.id = id
  }

  /// nil for what ``text`` never gave.
  public init?(_ text: String) {
    guard let bytes = Base64URL.decode(text.utf8), bytes.count == 24 else { return nil }
    func word(_ index: Int) -> UInt64 { bytes[index..<(index + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
    // To the year 9999, far within what a timestamp holds.
    guard word(0) < 253_402_300_800_000_000 else { return nil }
    self.init(createdAt: Int(word(0)), id: ID(high: word(8), low: word(16)))
  }

  /// For the caller to send back; its form is our own matter.
  public var text: String {
    Base64URL.encode(
      [UInt64(clamping: createdAt), id.high, id.low].flatMap { word in
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
      })
  }
}
