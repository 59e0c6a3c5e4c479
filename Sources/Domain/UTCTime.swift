/// A moment as people write it, in UTC and the Gregorian calendar.
public struct UTCTime: Sendable, Equatable {
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to 31.
  public let day: Int
  /// 0 for Sunday.
  public let weekday: Int
  public let hour: Int
  public let minute: Int
  public let second: Int

  /// - Parameter seconds: since 1970; negative before it. Within a few thousand years of it.
  public init(seconds: Int64) {
    let (days, rest) = Self.divide(Int(seconds), 86_400)
    (hour, minute, second) = (rest / 3600, rest % 3600 / 60, rest % 60)
    weekday = Self.divide(days + 4, 7).rest
    // Years are counted from March, so that the leap day is a year's last, and 719,468 days lie between the first of
    // March of the year 0 and 1970. 400 years have 146,097 days.
    let (era, dayOfEra) = Self.divide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }

  /// As letters tell it: `17 January 2026, 09:05 UTC`.
  public var text: String {
    "\(day) \(Self.months[month - 1]) \(year), \(Self.twoDigits(hour)):\(Self.twoDigits(minute)) UTC"
  }

  /// RFC 5322 section 3.3: `Sat, 17 Jan 2026 09:05:00 +0000`.
  public var mailDate: String {
    "\(Self.weekdays[weekday]), \(Self.twoDigits(day)) \(Self.months[month - 1].prefix(3)) \(year) "
      + [hour, minute, second].map(Self.twoDigits).joined(separator: ":") + " +0000"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

  /// Division that rounds down, also below zero.
  private static func divide(_ number: Int, _ by: Int) -> (quotient: Int, rest: Int) {
    let rest = (number % by + by) % by
    return ((number - rest) / by, rest)
  }
}
