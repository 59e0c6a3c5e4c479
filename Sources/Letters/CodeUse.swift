/// How a code from a letter is used: by a link that a browser opens, and by a call that a person types.
enum CodeUse {
  /// The code stands behind the number sign, which browsers keep to themselves: it is in no server's log.
  static func link(_ publicURL: String, page: String, code: String) -> String {
    "\(publicURL)/docs/account/\(page).html#token=\(percentEncoded(code))"
  }

  /// Sends the code by curl.
  ///
  /// - Parameter members: what stands in the JSON body; values as they are.
  static func command(_ publicURL: String, path: String, _ members: [(name: String, value: String)]) -> Block {
    let body = members.map { "\"\($0.name)\": \(quoted($0.value))" }.joined(separator: ", ")
    return .command([
      "curl \(publicURL)/api/v1/auth/\(path) \\", "  -H 'Content-Type: application/json' \\",
      // The shell ends a quoted text at the first apostrophe.
      "  -d '\(("{" + body + "}").replacing("'", with: #"'\''"#))'",
    ])
  }

  /// RFC 3986 section 2.3: all but the unreserved characters encoded.
  private static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }.joined()
  }

  /// A JSON string (RFC 8259 section 7); codes hold no control characters.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#) + "\""
  }
}
