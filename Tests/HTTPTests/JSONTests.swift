import Glibc
import HTTP
import PublishedData
import Testing

/// Published test data, where it is at hand.
private let suite = PublishedData.root + "/json/test_parsing"

private func names(_ prefix: String) -> [String] {
  guard let folder = opendir(suite) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasPrefix(prefix) { names.append(name) }
  }
  return names.sorted()
}

private func contents(_ name: String) -> [UInt8] {
  guard let file = fopen(suite + "/" + name, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

@Suite struct JSONTests {
  @Test(.enabled(if: !names("y_").isEmpty, "JSONTestSuite is not at hand: set PETSTORE_TEST_DATA"))
  func `JSONTestSuite: what is JSON is accepted`() {
    for name in names("y_") {
      // Duplicate names are JSON by grammar; what two readers could read differently we refuse (RFC 8259 section 4).
      if name.hasPrefix("y_object_duplicated_key") { continue }
      #expect(throws: Never.self, "\(name)") { try JSON(parsing: contents(name)) }
    }
  }

  @Test(.enabled(if: !names("n_").isEmpty, "JSONTestSuite is not at hand: set PETSTORE_TEST_DATA"))
  func `JSONTestSuite: what is no JSON is refused`() {
    for name in names("n_") {
      #expect(throws: JSON.SyntaxError.self, "\(name)") { try JSON(parsing: contents(name)) }
    }
  }

  @Test(.enabled(if: !names("i_").isEmpty, "JSONTestSuite is not at hand: set PETSTORE_TEST_DATA"))
  func `JSONTestSuite: what is left open ends in one or the other`() {
    for name in names("i_") { _ = try? JSON(parsing: contents(name)) }
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, 7), (#"{"a" 1}"#, 5), ("[1,]", 3), ("nul", 3), (#""\ud800""#, 7), ("1e999", 0),
    ("\"\u{1}\"", 1),
  ])
  func `A fault is named with its place`(text: String, offset: Int) {
    do throws(JSON.SyntaxError) {
      _ = try JSON(parsing: Array(text.utf8))
      Issue.record("\(text) was accepted")
    } catch {
      #expect(error.offset == offset, "\(text)")
    }
  }

  @Test func `Nesting has an end before the stack has`() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 10_000)
    #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: deep) }
    let fits = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(throws: Never.self) { try JSON(parsing: Array(fits.utf8)) }
    #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: Array(("[" + fits + "]").utf8)) }
  }

  @Test func `What is written reads back as it was`() throws {
    var generator = SystemRandomNumberGenerator()
    func value(_ depth: Int) -> JSON {
      switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
      case 0: return .null
      case 1: return .bool(.random())
      case 2: return .integer(.random(in: .min ... .max))
      case 3: return .number(Double.random(in: -1e9...1e9))
      case 4:
        return .string(
          String(
            String.UnicodeScalarView(
              (0..<Int.random(in: 0..<20)).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0..<0x11_0000)) })))
      case 5: return .array((0..<Int.random(in: 0..<4)).map { _ in value(depth + 1) })
      default:
        return .object((0..<Int.random(in: 0..<4)).map { JSON.Member("m\($0)\u{7f}\"", value(depth + 1)) })
      }
    }
    for _ in 0..<500 {
      let original = value(0)
      #expect(try JSON(parsing: original.encoded()) == original)
    }
  }
}

@Suite struct TargetTests {
  @Test func `A query is decoded member by member`() throws {
    let members = try #require(Target.members(ofQuery: "days=7&x=a%20b+c&empty=&flag"))
    #expect(members.map(\.name) == ["days", "x", "empty", "flag"])
    #expect(members.map(\.value) == ["7", "a b c", "", ""])
  }

  @Test(arguments: ["%", "%4", "%zz", "%00", "%ff", "a%c3"])
  func `A broken escape, a NUL or no UTF-8 is refused`(text: String) {
    #expect(Target.decode(text) == nil)
  }

  @Test func `The path ends at the first question mark`() {
    #expect(Target.split("/a?b?c") == ("/a", "b?c"))
    #expect(Target.split("/a") == ("/a", ""))
  }
}

@Suite struct RouteTableTests {
  let table = RouteTable([
    (.get, RoutePattern("/keys")), (.post, RoutePattern("/keys")), (.delete, RoutePattern("/keys/{id}")),
    (.post, RoutePattern("/keys/{id}/rotate")),
  ])

  @Test func `Method and path find their route and its parameters`() {
    #expect(table.find(.post, "/keys") == .found(index: 1, parameters: []))
    #expect(table.find(.head, "/keys") == .found(index: 0, parameters: []))
    #expect(table.find(.delete, "/keys/a%2Fb") == .found(index: 2, parameters: ["a/b"]))
    #expect(table.find(.post, "/keys/7/rotate") == .found(index: 3, parameters: ["7"]))
  }

  @Test func `A known path says which methods it answers`() {
    #expect(table.find(.put, "/keys") == .wrongMethod(allow: "GET, POST, HEAD"))
    #expect(table.find(.get, "/keys/7") == .wrongMethod(allow: "DELETE"))
  }

  @Test(arguments: ["", "/", "/keys/", "/keys//rotate", "/keys/7/rotate/", "/Keys", "/keys/%00"])
  func `Anything else is unknown`(path: String) {
    #expect(table.find(.post, path) == .unknown)
  }
}

@Suite struct FieldTests {
  @Test func `A value cannot begin a line of its own`() {
    #expect(Field("X", "a\r\nSet-Cookie: b\u{0}").value == "a  Set-Cookie: b ")
  }
}
