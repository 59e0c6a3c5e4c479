// Bodies and queries, parsed at the edge. Every mistake is collected before anything is refused, in the words that
// clients of the earlier service (FastAPI with pydantic) already read.

import Domain
import HTTP
import Store

/// A JSON object that a request brought, read member by member.
struct RequestBody {
  private let object: JSON
  /// Where the object stands: the body itself, or a member of it.
  private let base: [FieldError.Step]
  /// False for what should have been an object: that it has no members is no further mistake.
  private var isObject = true
  private(set) var errors: [FieldError] = []

  /// Parses the body of a request.
  ///
  /// - Throws: `unsupportedMediaType` for another type than JSON, `validationFailed` for what is no JSON object.
  init(of request: Request) throws(Problem) {
    if let type = request.contentType {
      let essence = type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
      guard essence == "application/json" || essence.hasSuffix("+json") else {
        throw .unsupportedMediaType
      }
    }
    guard !request.body.isEmpty else {
      throw .validationFailed([FieldError([.name("body")], "Field required", type: "missing")])
    }
    do {
      object = try JSON(parsing: request.body)
    } catch {
      throw .validationFailed([
        FieldError(
          [.name("body"), .index(error.offset)], "JSON decode error: \(error.message)",
          type: "json_invalid")
      ])
    }
    base = [.name("body")]
    guard case .object = object else {
      throw .validationFailed([
        FieldError(
          base,
          "Input should be a valid dictionary or object to extract fields from",
          type: "model_attributes_type")
      ])
    }
  }

  /// An object inside a body; what is none is refused, and read as an empty one.
  init(_ value: JSON, at location: [FieldError.Step]) {
    base = location
    if case .object = value {
      object = value
    } else {
      object = [:]
      isObject = false
      errors.append(
        FieldError(
          location, "Input should be a valid dictionary or object to extract fields from", type: "model_attributes_type"
        ))
    }
  }

  /// The objects of a list, each to be read by itself.
  mutating func objects(_ name: String, _ count: ClosedRange<Int>) -> [RequestBody] {
    guard let value = object[name] else {
      refuse(name, "Field required", type: "missing")
      return []
    }
    guard case .array(let items) = value else {
      refuse(name, "Input should be a valid list", type: "list_type")
      return []
    }
    if items.count < count.lowerBound {
      refuse(
        name,
        "List should have at least \(count.lowerBound) item\(count.lowerBound == 1 ? "" : "s") after validation, "
          + "not \(items.count)", type: "too_short")
    }
    if items.count > count.upperBound {
      refuse(
        name, "List should have at most \(count.upperBound) items after validation, not \(items.count)",
        type: "too_long")
      return []
    }
    return items.enumerated().map { RequestBody($0.element, at: base + [.name(name), .index($0.offset)]) }
  }

  /// Takes over what is wrong in a part of the body.
  mutating func add(_ errors: [FieldError]) { self.errors += errors }

  /// A member as it came; nil where it is missing or null.
  func value(_ name: String) -> JSON? {
    guard let value = object[name], value != .null else { return nil }
    return value
  }

  /// Throws everything that was wrong.
  func check() throws(Problem) {
    if !errors.isEmpty { throw .validationFailed(errors) }
  }

  /// Whether the body has the member, whatever its value.
  func has(_ name: String) -> Bool { object[name] != nil }

  /// Whether a member has been refused already.
  func hasRefused(_ name: String) -> Bool {
    errors.contains { $0.location.starts(with: base + [.name(name)]) }
  }

  mutating func refuse(_ name: String, _ message: String, type: String) {
    guard isObject else { return }
    errors.append(FieldError(base + [.name(name)], message, type: type))
  }

  /// A string that must be there, of so many Unicode scalars.
  mutating func string(_ name: String, _ length: ClosedRange<Int>) -> String {
    guard let value = object[name] else {
      refuse(name, "Field required", type: "missing")
      return ""
    }
    return string(value, at: base + [.name(name)], length) ?? ""
  }

  /// A string that may be missing or null.
  mutating func optionalString(_ name: String, _ length: ClosedRange<Int>) -> String? {
    guard let value = object[name], value != .null else { return nil }
    return string(value, at: base + [.name(name)], length)
  }

  /// A list of strings of at most `most` items; empty where it is missing.
  mutating func strings(
    _ name: String, atMost most: Int, _ length: ClosedRange<Int> = 0...10_000
  ) -> [String] {
    guard let value = object[name] else { return [] }
    guard case .array(let items) = value else {
      refuse(name, "Input should be a valid list", type: "list_type")
      return []
    }
    guard items.count <= most else {
      refuse(
        name, "List should have at most \(most) items after validation, not \(items.count)",
        type: "too_long")
      return []
    }
    return items.enumerated().compactMap { index, item in
      string(item, at: base + [.name(name), .index(index)], length)
    }
  }

  /// A truth value; as the earlier service did, words and 0 and 1 are taken too.
  mutating func bool(_ name: String, default standard: Bool) -> Bool {
    guard let value = object[name] else { return standard }
    switch value {
    case .bool(let value): return value
    case .integer(0), .number(0): return false
    case .integer(1), .number(1): return true
    case .string(let word):
      switch word.lowercased() {
      case "true", "t", "yes", "y", "on", "1": return true
      case "false", "f", "no", "n", "off", "0": return false
      default: refuse(name, "Input should be a valid boolean, unable to interpret input", type: "bool_parsing")
      }
    case .integer:
      refuse(name, "Input should be a valid boolean, unable to interpret input", type: "bool_parsing")
    case .number(let value) where Int(exactly: value) != nil:
      refuse(name, "Input should be a valid boolean, unable to interpret input", type: "bool_parsing")
    default: refuse(name, "Input should be a valid boolean", type: "bool_type")
    }
    return standard
  }

  /// The same where it may be missing or null.
  mutating func optionalBool(_ name: String) -> Bool? {
    guard let value = object[name], value != .null else { return nil }
    return bool(name, default: false)
  }

  /// An object of the caller's own, which may be missing or null; what is none is refused.
  mutating func dictionary(_ name: String) -> JSON? {
    guard let value = value(name) else { return nil }
    guard case .object = value else {
      refuse(name, "Input should be a valid dictionary", type: "dict_type")
      return nil
    }
    return value
  }

  /// A whole number within a range; a null is none.
  mutating func integer(_ name: String, _ range: ClosedRange<Int>, default standard: Int) -> Int {
    guard let value = object[name] else { return standard }
    return integer(value, at: base + [.name(name)], range) ?? standard
  }

  /// A number within a range; a null is none.
  mutating func number(_ name: String, _ range: ClosedRange<Double>, default standard: Double) -> Double {
    guard object[name] == .null else { return optionalNumber(name, range) ?? standard }
    refuse(name, "Input should be a valid number", type: "float_type")
    return standard
  }

  /// The same where it may be missing or null. A string of digits and a float without fraction are taken too.
  ///
  /// - Parameter takesTruth: whether true is 1, as the earlier service had it.
  mutating func optionalInteger(_ name: String, _ range: ClosedRange<Int>, takesTruth: Bool = true) -> Int? {
    guard let value = object[name], value != .null else { return nil }
    return integer(value, at: base + [.name(name)], range, takesTruth: takesTruth)
  }

  /// The whole numbers of an object within the body, each with its range. A null is told from a member that is missing:
  /// it is there and holds nil.
  mutating func integers(
    in name: String, _ ranges: [(name: String, range: ClosedRange<Int>)]
  ) -> [String: Int?] {
    guard let inner = object[name], inner != .null else { return [:] }
    guard case .object = inner else {
      refuse(
        name, "Input should be a valid dictionary or object to extract fields from", type: "model_attributes_type")
      return [:]
    }
    var numbers: [String: Int?] = [:]
    for member in ranges {
      guard let value = inner[member.name] else { continue }
      let number =
        value == .null
        ? nil : integer(value, at: base + [.name(name), .name(member.name)], member.range, takesTruth: false)
      numbers.updateValue(number, forKey: member.name)
    }
    return numbers
  }

  /// A number within a range, which may be missing or null.
  mutating func optionalNumber(_ name: String, _ range: ClosedRange<Double>) -> Double? {
    guard let value = object[name], value != .null else { return nil }
    let number: Double
    switch value {
    case .integer(let whole): number = Double(whole)
    case .number(let value): number = value
    case .bool(let isTrue): number = isTrue ? 1 : 0
    case .string(let text):
      guard let value = Double(Self.trimmed(text)), value.isFinite, !text.lowercased().contains("x") else {
        refuse(name, "Input should be a valid number, unable to parse string as a number", type: "float_parsing")
        return nil
      }
      number = value
    default:
      refuse(name, "Input should be a valid number", type: "float_type")
      return nil
    }
    if number < range.lowerBound {
      refuse(
        name, "Input should be greater than or equal to \(Self.plain(range.lowerBound))", type: "greater_than_equal")
      return nil
    }
    if number > range.upperBound {
      refuse(name, "Input should be less than or equal to \(Self.plain(range.upperBound))", type: "less_than_equal")
      return nil
    }
    return number
  }

  /// "20" for 20.0.
  private static func plain(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }

  private static func trimmed(_ text: String) -> Substring {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// "500", " 500 " and "500.0".
  private static func wholeNumber(_ text: String) -> Int? {
    let parts = trimmed(text).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy { $0 == "0" }) else {
      return nil
    }
    return Int(whole)
  }

  private mutating func integer(
    _ value: JSON, at location: [FieldError.Step], _ range: ClosedRange<Int>, takesTruth: Bool = true
  ) -> Int? {
    func refuse(_ message: String, _ type: String) { errors.append(FieldError(location, message, type: type)) }
    let number: Int
    switch value {
    case .integer(let value): number = value
    case .number(let value):
      guard let whole = Int(exactly: value) else {
        refuse("Input should be a valid integer, got a number with a fractional part", "int_from_float")
        return nil
      }
      number = whole
    case .bool(let isTrue) where takesTruth: number = isTrue ? 1 : 0
    case .string(let text):
      guard let value = Self.wholeNumber(text) else {
        refuse("Input should be a valid integer, unable to parse string as an integer", "int_parsing")
        return nil
      }
      number = value
    default:
      refuse("Input should be a valid integer", "int_type")
      return nil
    }
    if number < range.lowerBound {
      refuse("Input should be greater than or equal to \(range.lowerBound)", "greater_than_equal")
      return nil
    }
    if number > range.upperBound {
      refuse("Input should be less than or equal to \(range.upperBound)", "less_than_equal")
      return nil
    }
    return number
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, default standard: Word
  ) -> Word where Word.RawValue == String {
    guard let value = object[name] else { return standard }
    if case .string(let text) = value, let word = Word(rawValue: text) { return word }
    refuse(name, "Input should be \(Self.list(Word.self))", type: "enum")
    return standard
  }

  /// The same where it may be missing or null.
  mutating func optionalWord<Word: RawRepresentable & CaseIterable>(
    _ name: String, as type: Word.Type = Word.self
  ) -> Word? where Word.RawValue == String {
    guard let value = object[name], value != .null else { return nil }
    if case .string(let text) = value, let word = Word(rawValue: text) { return word }
    refuse(name, "Input should be \(Self.list(Word.self))", type: "enum")
    return nil
  }

  /// The words of an enumeration, for people.
  static func list<Word: RawRepresentable & CaseIterable>(
    _ type: Word.Type
  ) -> String where Word.RawValue == String {
    let words = Word.allCases.map { "'\($0.rawValue)'" }
    return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
  }

  private mutating func string(
    _ value: JSON, at location: [FieldError.Step], _ length: ClosedRange<Int>
  ) -> String? {
    guard case .string(let text) = value else {
      errors.append(FieldError(location, "Input should be a valid string", type: "string_type"))
      return nil
    }
    let count = text.unicodeScalars.count
    if count < length.lowerBound {
      errors.append(
        FieldError(
          location, "String should have at least \(length.lowerBound) character\(length.lowerBound == 1 ? "" : "s")",
          type: "string_too_short"))
      return nil
    }
    if count > length.upperBound {
      errors.append(
        FieldError(
          location, "String should have at most \(length.upperBound) characters",
          type: "string_too_long"))
      return nil
    }
    // PostgreSQL cannot keep one, and no text that means anything has one.
    if text.unicodeScalars.contains("\0") {
      errors.append(
        FieldError(location, "String should not contain the character U+0000", type: "value_error"))
      return nil
    }
    return text
  }
}

/// The query of a request, read member by member.
struct RequestQuery {
  private let members: [(name: String, value: String)]

  init(of request: Request) throws(Problem) {
    guard let members = Target.members(ofQuery: request.query) else {
      throw .badRequest("The query is not valid percent-encoded UTF-8")
    }
    self.members = members
  }

  /// A member's value; nil where it is missing. Given twice, nobody knows which was meant: refused.
  private func value(_ name: String) throws(Problem) -> String? {
    let values = members.filter { $0.name == name }.map(\.value)
    guard values.count <= 1 else { throw refusal(name, "Input should be given once", type: "value_error") }
    return values.first
  }

  /// What is wrong with a member.
  func refusal(_ name: String, _ message: String, type: String) -> Problem {
    .validationFailed([FieldError([.name("query"), .name(name)], message, type: type)])
  }

  /// A text of so many Unicode scalars at most; nil where it is missing or empty.
  func text(_ name: String, atMost most: Int) throws(Problem) -> String? {
    guard let text = try value(name), !text.isEmpty else { return nil }
    guard text.unicodeScalars.count <= most else {
      throw refusal(name, "String should have at most \(most) characters", type: "string_too_long")
    }
    return text
  }

  /// One of the words of an enumeration; nil where it is missing.
  func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, as type: Word.Type = Word.self
  ) throws(Problem) -> Word? where Word.RawValue == String {
    guard let text = try value(name) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw refusal(name, "Input should be \(RequestBody.list(Word.self))", type: "enum")
    }
    return word
  }

  /// `true` or `false`; nil where it is missing.
  func bool(_ name: String) throws(Problem) -> Bool? {
    guard let text = try value(name) else { return nil }
    guard let value = Bool(text) else {
      throw refusal(name, "Input should be a valid boolean, unable to interpret input", type: "bool_parsing")
    }
    return value
  }

  /// The `next_cursor` of an earlier page; nil where it is missing.
  func cursor<Entity>() throws(Problem) -> PageCursor<Entity>? {
    guard let text = try text("cursor", atMost: 100) else { return nil }
    guard let cursor = PageCursor<Entity>(text) else {
      throw refusal("cursor", "Value should be the next_cursor of an earlier answer", type: "value_error")
    }
    return cursor
  }

  /// A whole number within a range.
  func integer(
    _ name: String, default standard: Int, _ range: ClosedRange<Int>
  ) throws(Problem) -> Int {
    guard let text = try value(name) else { return standard }
    guard let number = Int(text) else {
      throw refusal(
        name, "Input should be a valid integer, unable to parse string as an integer", type: "int_parsing")
    }
    if number < range.lowerBound {
      throw refusal(
        name, "Input should be greater than or equal to \(range.lowerBound)", type: "greater_than_equal")
    }
    if number > range.upperBound {
      throw refusal(name, "Input should be less than or equal to \(range.upperBound)", type: "less_than_equal")
    }
    return number
  }
}
