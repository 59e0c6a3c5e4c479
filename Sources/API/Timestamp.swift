import FoundationEssentials
import HTTP

/// Times as the API writes and reads them: RFC 3339, UTC, milliseconds.
public enum Timestamp {
  /// Text of a time in seconds since 1970.
  public static func text(_ seconds: Double) -> String {
    // The formatter cuts: a double just below a millisecond would lose it.
    Date(timeIntervalSince1970: (seconds * 1000).rounded() / 1000 + 1e-6).formatted(
      Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  static func json(_ seconds: Double?) -> JSON { JSON(seconds.map(text)) }

  /// Seconds since 1970 of an RFC 3339 text; nil if it is none.
  static func seconds(_ text: String) -> Double? {
    guard hasCalendarDate(text) else { return nil }
    for fractional in [false, true] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
      if let date = try? style.parse(text) { return date.timeIntervalSince1970 }
    }
    return nil
  }

  /// Whether a text begins with a day that exists; the parser takes 30 February for 2 March.
  private static func hasCalendarDate(_ text: String) -> Bool {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }
}
