// The request target: percent-decoding and query members (RFC 3986 sections 2.1 and 3.4).

/// Reads request targets.
public enum Target {
  /// Splits a raw target into path and query.
  public static func split(_ target: String) -> (path: String, query: String) {
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
    return (String(target[..<mark]), String(target[target.utf8.index(after: mark)...]))
  }

  /// Decodes percent-encoding; nil if an escape is broken, or what comes out is not UTF-8 or holds a NUL.
  public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var iterator = text.utf8.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = iterator.next().flatMap(hexadecimal),
          let low = iterator.next().flatMap(hexadecimal)
        else { return nil }
        let value = high << 4 | low
        guard value != 0 else { return nil }
        bytes.append(value)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The members of a query, in order; nil if one cannot be decoded.
  public static func members(ofQuery query: String) -> [(name: String, value: String)]? {
    var members: [(name: String, value: String)] = []
    for part in query.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = sides.first, let name = decode(first, plusIsSpace: true),
        let value = decode(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
      else { return nil }
      members.append((name, value))
    }
    return members
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
