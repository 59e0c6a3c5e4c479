// A ring as admit.lua keeps it, read and written from outside.

import Domain
import Harness
import Redis
import Testing

/// A ring of admit.lua.
struct Ring: Equatable {
  var capacity: Int
  /// Stamps ever written.
  var head: Int
  var newest: Int
  var offset: Int
  var expiry: Int
  /// Length in µs, tail, oldest stamp; one for each window.
  var windows: [[Int]]
  /// The stamps that are kept, oldest first.
  var stamps: [Int]

  /// Reads a ring; nil if there is none.
  init?(_ key: String, in redis: ScratchRedis) throws {
    guard case .bytes(let bytes) = try redis.run("GET", key) else { return nil }
    func double(_ index: Int) -> Int {
      let bits = bytes[(index * 8)..<(index * 8 + 8)].reversed().reduce(0 as UInt64) {
        $0 << 8 | UInt64($1)
      }
      return Int(Double(bitPattern: bits))
    }
    let count = double(0)
    (capacity, head, newest, offset, expiry) =
      (double(1), double(2), double(3), double(4), double(5))
    windows = (0..<count).map { index in (0..<3).map { double(6 + index * 3 + $0) } }
    let start = 8 * (6 + 3 * count)
    let (capacity, head) = (capacity, head)
    stamps = (max(0, head - capacity)..<head).map { index in
      let from = start + index % capacity * 7
      return bytes[from..<(from + 7)].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  /// A ring with such stamps, oldest first.
  init(_ policies: [LimitPolicy], stamps: [Int], capacity: Int, wrapped: Int = 0, offset: Int = 0) {
    self.capacity = capacity
    head = wrapped + stamps.count
    newest = stamps.last ?? 0
    self.offset = offset
    expiry = 0
    windows = policies.map { policy in
      [policy.seconds * 1_000_000, wrapped, stamps.first ?? 0]
    }
    self.stamps = stamps
  }

  func write(_ key: String, in redis: ScratchRedis) throws {
    var bytes: [UInt8] = []
    func append(_ value: Int) {
      let bits = Double(value).bitPattern
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
      }
    }
    for value in [windows.count, capacity, head, newest, offset, expiry] { append(value) }
    for window in windows { for value in window { append(value) } }
    var places = [[UInt8]](repeating: [UInt8](repeating: 0, count: 7), count: capacity)
    for (index, stamp) in stamps.enumerated() {
      places[(head - stamps.count + index) % capacity] =
        stride(from: 48, through: 0, by: -8).map { UInt8(truncatingIfNeeded: stamp >> $0) }
    }
    var command = Command("SET", key)
    command.append(bytes + places.prefix(head).joined())
    var connection = try redis.connect()
    _ = try connection.send(command)
  }
}
