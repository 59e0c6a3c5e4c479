import FoundationEssentials
import HTTP

/// Times as the API writes and reads them: RFC 3339, UTC, milliseconds.
enum Timestamp {
  /// Text of a time in seconds since 1970.
  static func text(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(
      Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  static func json(_ seconds: Double?) -> JSON { JSON(seconds.map(text)) }

  /// Seconds since 1970 of an RFC 3339 text; nil if it is none.
  static func seconds(_ text: String) -> Double? {
    for fractional in [false, true] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
      if let date = try? style.parse(text) { return date.timeIntervalSince1970 }
    }
    return nil
  }
}
