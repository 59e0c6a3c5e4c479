// Test vectors that others have published. They are not part of this repository: each developer points
// PETSTORE_TEST_DATA at a folder that holds them, and without it the tests that need them say that they were skipped.

import Glibc
public import HTTP

public enum PublishedData {
  /// What a test says when it is skipped.
  public static let absent = "The published test data is not at hand: set PETSTORE_TEST_DATA"

  /// Whether a file is there.
  public static func isAtHand(_ path: String) -> Bool { access(root + "/" + path, R_OK) == 0 }

  /// A file's JSON; null if it is not there.
  public static func json(_ path: String) throws -> JSON {
    let text = contents(path)
    return text.isEmpty ? .null : try JSON(parsing: text)
  }

  /// A JSON file of our own in Tests/Recordings, which is always there.
  public static func recording(_ path: String) throws -> JSON {
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Recordings/"
    return try JSON(parsing: contents(at: folder + path))
  }

  /// The folder that PETSTORE_TEST_DATA names.
  public static let root: String =
    getenv("PETSTORE_TEST_DATA").map { String(cString: $0) }
    ?? #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/../shared/security"

  private static func contents(_ path: String) -> [UInt8] { contents(at: root + "/" + path) }

  private static func contents(at path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}

/// Reading what is known to be there; anything else gives the empty value, which no expectation holds for.
extension JSON {
  public var text: String {
    if case .string(let text) = self { text } else { "" }
  }

  public var number: Int {
    if case .integer(let number) = self { number } else { -1 }
  }

  /// A number with or without a fraction.
  public var decimal: Double {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: .nan
    }
  }

  public var items: [JSON] {
    if case .array(let items) = self { items } else { [] }
  }
}
