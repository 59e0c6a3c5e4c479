// SQL written as it is read: `"SELECT … WHERE id = \(id)"` puts `$1` into the text and the value beside it. There is
// no way to put a value into the text itself.

/// A statement and its parameters.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
  public let text: String
  /// Text form of each parameter, nil for NULL; the statement says the type where PostgreSQL cannot tell.
  let parameters: [String?]

  public init(stringLiteral value: String) {
    text = value
    parameters = []
  }

  /// A text that is not written in the source, such as a migration file.
  public init(trusted text: String) {
    self.text = text
    parameters = []
  }

  public init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
    parameters = stringInterpolation.parameters
  }

  public struct StringInterpolation: StringInterpolationProtocol {
    var text = ""
    var parameters: [String?] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 3)
    }

    public mutating func appendLiteral(_ literal: String) { text += literal }

    /// A part that several statements share, itself written in the source and without parameters.
    public mutating func appendInterpolation(shared part: SQL) {
      precondition(part.parameters.isEmpty, "a shared part has no parameters")
      text += part.text
    }

    public mutating func appendInterpolation(_ value: (some SQLValue)?) {
      parameters.append(value?.sqlText)
      text += "$\(parameters.count)"
    }
  }
}

/// A value that can be a parameter.
public protocol SQLValue {
  /// PostgreSQL's text form.
  var sqlText: String { get }
}

extension String: SQLValue { public var sqlText: String { self } }
extension Int: SQLValue { public var sqlText: String { String(self) } }
extension Double: SQLValue { public var sqlText: String { description } }
extension Bool: SQLValue { public var sqlText: String { self ? "t" : "f" } }

/// A list as an array literal (PostgreSQL manual, section 8.15.2).
extension Array: SQLValue where Element: SQLValue {
  public var sqlText: String {
    let items = map { element in
      var item = "\""
      for character in element.sqlText {
        if character == "\"" || character == "\\" { item.append("\\") }
        item.append(character)
      }
      return item + "\""
    }
    return "{" + items.joined(separator: ",") + "}"
  }
}
