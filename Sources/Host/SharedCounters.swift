// Counters in files that every process of the host maps: the sum over all workers costs nobody a question.
//
// One file an instance (`auth-1.counters`), which its next process goes on counting in: sums never step back when a
// worker restarts. All values are UInt64 in the machine's byte order; a file of another layout is started anew.

import CHost
import Glibc

/// An array of counters, shared through a file.
public final class SharedCounters: @unchecked Sendable {
  // @unchecked because the mapping lives as long as the object and every access is one atomic instruction.
  private let base: UnsafeMutablePointer<UInt64>
  private let length: Int
  /// How many counters there are.
  public let count: Int

  private static let headerWords = 2
  private static let magic: UInt64 = 0x7073_6463_6e74_7231  // "psdcntr1"

  /// The file could not be used; `reason` is the system's word for it.
  public struct Failure: Error, CustomStringConvertible {
    public let path: String
    public let reason: String
    public var description: String { "counters \(path): \(reason)" }
  }

  /// Maps the file at `path`, making it if need be.
  ///
  /// - Parameters:
  ///   - count: counters in it.
  ///   - layout: a number that changes when the meaning of the counters does.
  public init(path: String, count: Int, layout: UInt64) throws(Failure) {
    self.count = count
    length = (Self.headerWords + count) * MemoryLayout<UInt64>.size
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(path: path, reason: Self.reason()) }
    defer { close(descriptor) }
    guard ftruncate(descriptor, length) == 0,
      let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      mapped != MAP_FAILED
    else { throw Failure(path: path, reason: Self.reason()) }
    base = mapped.bindMemory(to: UInt64.self, capacity: Self.headerWords + count)
    let signature = Self.magic ^ layout ^ UInt64(count) << 32
    if base[0] != signature {
      for index in 0..<(Self.headerWords + count) { base[index] = 0 }
      base[0] = signature
    }
  }

  deinit { munmap(base, length) }

  /// Adds to a counter. Indices outside are ignored: a metric is never worth a crash.
  @inline(__always)
  public func add(_ amount: UInt64 = 1, at index: Int) {
    guard index >= 0, index < count else { return }
    petstore_counter_add(base + Self.headerWords + index, amount)
  }

  /// Sets a counter, for gauges.
  public func store(_ value: UInt64, at index: Int) {
    guard index >= 0, index < count else { return }
    petstore_counter_store(base + Self.headerWords + index, value)
  }

  /// Reads the counters of another instance's file; nil if it has another layout or cannot be read.
  public static func read(path: String, count: Int, layout: UInt64) -> [UInt64]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let words = headerWords + count
    var values = [UInt64](repeating: 0, count: words)
    let wanted = words * MemoryLayout<UInt64>.size
    let got = values.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, wanted) }
    guard got == wanted, values[0] == magic ^ layout ^ UInt64(count) << 32 else { return nil }
    return Array(values.dropFirst(headerWords))
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
