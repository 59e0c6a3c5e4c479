// How busy the host is, read from the kernel: no library, no waiting.

import CHost
import Glibc

/// Processor time of the whole host since it started, in the kernel's ticks (proc(5), /proc/stat).
public struct ProcessorTime: Sendable, Equatable {
  public let busy: UInt64
  public let total: UInt64

  /// Reads a `cpu` line of /proc/stat; nil for anything else.
  public init?(_ line: some StringProtocol) {
    let fields = line.split(separator: " ")
    guard fields.first == "cpu" else { return nil }
    // The ninth and tenth (guests) are within the first two already.
    let ticks = fields.dropFirst().prefix(8).compactMap { UInt64($0) }
    guard ticks.count == 8 else { return nil }
    total = ticks.reduce(0, &+)
    // The fourth is idle, the fifth is idle with a disk busy.
    busy = total - ticks[3] - ticks[4]
  }

  public static func now() -> ProcessorTime? {
    HostLoad.text("/proc/stat").split(separator: "\n").first.flatMap { ProcessorTime($0) }
  }

  /// The busy share since an earlier reading, in percent; nil where no time has passed.
  public func percent(since earlier: ProcessorTime) -> Double? {
    guard total > earlier.total, busy >= earlier.busy else { return nil }
    return 100 * Double(busy - earlier.busy) / Double(total - earlier.total)
  }
}

/// What a host has of something and how much of it is taken, in bytes.
public struct Capacity: Sendable, Equatable {
  public let total: Int
  /// What may still be taken.
  public let free: Int
  public var used: Int { total - free }
  public var usedPercent: Double { total == 0 ? 0 : 100 * Double(used) / Double(total) }

  public init(total: Int, free: Int) {
    self.total = total
    self.free = free
  }
}

public enum HostLoad {
  /// Memory of the host; what caches hold counts as free (MemAvailable of proc(5)). A unit with ProcSubset=pid does not see
  /// that file: there the sum of the memory nodes in /sys is told, which counts a little more as free. Nil without both.
  public static var memory: Capacity? {
    if let memory = memory(in: text("/proc/meminfo")) { return memory }
    var sum: Capacity?
    for node in 0..<64 {
      guard let part = nodeMemory(in: text("/sys/devices/system/node/node\(node)/meminfo")) else { continue }
      sum = Capacity(total: (sum?.total ?? 0) + part.total, free: (sum?.free ?? 0) + part.free)
    }
    return sum
  }

  /// Runnable and waiting tasks of the last minute (sysinfo(2)) for each processor, in percent, at most 100: for where
  /// ``ProcessorTime`` cannot be read, as in a unit with ProcSubset=pid.
  public static var loadPercent: Double {
    let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return min(100, 100 * Double(petstore_load_average()) / 65_536 / Double(processors))
  }

  /// Lines such as `Node 0 MemFree: 5 kB`.
  static func nodeMemory(in text: String) -> Capacity? {
    var sizes: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count > 3, fields[0] == "Node", let size = Int(fields[3]) { sizes[fields[2]] = size * 1_024 }
    }
    guard let total = sizes["MemTotal:"], let free = sizes["MemFree:"] else { return nil }
    let cached = ["Active(file):", "Inactive(file):", "SReclaimable:"].reduce(0) { $0 + (sizes[Substring($1)] ?? 0) }
    return Capacity(total: total, free: min(total, free + cached))
  }

  static func memory(in text: String) -> Capacity? {
    func bytes(_ name: String) -> Int? {
      text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }.map { $0 * 1_024 }
    }
    guard let total = bytes("MemTotal"), let free = bytes("MemAvailable") else { return nil }
    return Capacity(total: total, free: free)
  }

  /// The file system that a folder is on, as somebody without privileges may use it; nil if it cannot be asked.
  public static func disk(of folder: String) -> Capacity? {
    var answer = statvfs()
    guard statvfs(folder, &answer) == 0 else { return nil }
    let block = Int(answer.f_frsize)
    let free = Int(answer.f_bavail) * block
    // Blocks kept for root are neither free nor used by anybody.
    return Capacity(total: free + (Int(answer.f_blocks) - Int(answer.f_bfree)) * block, free: free)
  }

  /// Resident memory of this process, in bytes.
  public static var residentBytes: Int {
    let fields = text("/proc/self/statm").split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  static func text(_ path: String) -> String {
    (try? Files.read(path, limit: 64 << 10)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
