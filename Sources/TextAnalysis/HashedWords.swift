// Words by their hashes. The hashes are well mixed already, so none is hashed once more: what makes Set and Dictionary safe
// against chosen keys is not needed where a collision costs a step and the table has a fixed load.

/// A set of 64-bit hashes with a small number for each: open addressing, linear probing, at most half full.
public struct HashedWords: Sendable {
  private var hashes: [UInt64]
  private var numbers: [UInt8]
  public private(set) var count = 0

  /// - Parameter capacity: how many are expected; more are no mistake.
  public init(capacity: Int) {
    var slots = 16
    while slots < capacity * 2 { slots *= 2 }
    hashes = [UInt64](repeating: 0, count: slots)
    numbers = [UInt8](repeating: 0, count: slots)
  }

  /// FNV-1a over 64 bits (draft-eastlake-fnv-17): the hash to begin with, and each step.
  public static let basis: UInt64 = 0xCBF2_9CE4_8422_2325

  @inlinable
  public static func step(_ hash: UInt64, _ value: UInt64) -> UInt64 { (hash ^ value) &* 0x100_0000_01B3 }

  /// The number of a hash, if it is there.
  public subscript(_ hash: UInt64) -> UInt8? {
    let slot = slot(of: hash)
    return hashes[slot] == 0 ? nil : numbers[slot]
  }

  public func contains(_ hash: UInt64) -> Bool { hashes[slot(of: hash)] != 0 }

  /// Gives false if it was there already; then its number is the new one.
  @discardableResult
  public mutating func insert(_ hash: UInt64, number: UInt8 = 0) -> Bool {
    if (count + 1) * 2 > hashes.count { grow() }
    let slot = slot(of: hash)
    let isNew = hashes[slot] == 0
    // 0 marks a free slot; the one word in 2^64 that has this hash shares that of another.
    hashes[slot] = Self.key(hash)
    numbers[slot] = number
    count += isNew ? 1 : 0
    return isNew
  }

  private static func key(_ hash: UInt64) -> UInt64 { hash == 0 ? 1 : hash }

  private func slot(of hash: UInt64) -> Int {
    let mask = hashes.count - 1
    let key = Self.key(hash)
    // The upper half mixes better than the lower bits alone.
    var slot = Int(truncatingIfNeeded: key ^ key >> 32) & mask
    while hashes[slot] != 0, hashes[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    var larger = HashedWords(capacity: hashes.count)
    for (hash, number) in zip(hashes, numbers) where hash != 0 { larger.insert(hash, number: number) }
    self = larger
  }
}
