// Which backup is which, and which may go. A backup is two files of one name: the sealed archive and, written last, its
// manifest; so a manifest means that the backup is whole.

import Domain

/// The name of a backup, which is the moment at which it began: names sort as the backups were made.
public struct BackupName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since 1970.
  public let seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  /// The name without its ending: `petstore-20260117T090500Z`.
  public var description: String {
    let time = UTCTime(seconds: seconds)
    return "petstore-" + Self.digits(time.year, 4) + Self.digits(time.month, 2) + Self.digits(time.day, 2) + "T"
      + Self.digits(time.hour, 2) + Self.digits(time.minute, 2) + Self.digits(time.second, 2) + "Z"
  }

  public var archive: String { description + ".tar.age" }
  public var manifest: String { description + ".json" }

  /// Reads the name of an archive or a manifest, without folder; nil if it is none.
  public init?(file: String) {
    for ending in [".tar.age", ".json"] where file.hasSuffix(ending) {
      let stem = file.dropLast(ending.count)
      guard stem.hasPrefix("petstore-"), stem.utf8.count == 25 else { return nil }
      let digits = stem.dropFirst(9).utf8.filter { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
      guard digits.count == 14 else { return nil }
      func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
      let (year, month) = (number(0..<4), number(4..<6))
      // Years from March, as in UTCTime.
      let shifted = month <= 2 ? year - 1 : year
      let era = shifted / 400
      let yearOfEra = shifted - era * 400
      let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + number(6..<8) - 1
      let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
      self.init(
        seconds: Int64(days * 86_400 + number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)))
      // The thirtieth of February would be another day's name.
      guard description == stem else { return nil }
      return
    }
    return nil
  }

  public static func < (left: BackupName, right: BackupName) -> Bool { left.seconds < right.seconds }

  /// The whole backups among the files of a folder, oldest first.
  public static func whole(among files: [String]) -> [BackupName] {
    let present = Set(files)
    return files.filter { $0.hasSuffix(".json") }.compactMap { BackupName(file: $0) }
      .filter { present.contains($0.archive) }.sorted()
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}

/// How long backups are kept.
public struct Retention: Sendable {
  /// A backup that is older may go, from 1.
  public let days: Int
  /// So many of the newest stay, however old they are, from 1.
  public let atLeast: Int

  public init(days: Int, atLeast: Int) {
    self.days = days
    self.atLeast = atLeast
  }

  /// The backups that may go, oldest first.
  ///
  /// - Parameters:
  ///   - backups: whole ones, in any order.
  ///   - now: seconds since 1970.
  public func expired(among backups: [BackupName], now: Int64) -> [BackupName] {
    backups.sorted().dropLast(atLeast).filter { now - $0.seconds > Int64(days) * 86_400 }
  }
}
