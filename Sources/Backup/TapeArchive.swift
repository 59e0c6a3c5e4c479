// A tar archive (POSIX.1-1988, ustar) as it streams by: facts.json, the dump in pieces, end.json. Why tar: without
// petstore, `age -d -i KEY FILE | tar -xO dump | pg_restore …` still gives everything back. Why pieces: a member's size
// stands before it, and that of a dump is not known before its end. Pieces of one name are put together by tar itself.

/// A piece of an archive.
public struct TapeMember: Sendable, Equatable {
  public let name: String
  public let bytes: [UInt8]
}

/// Writes and reads archives.
public enum TapeArchive {
  public static let block = 512
  /// Bytes of a member that is read into memory at most; those of a dump's pieces.
  public static let longestMember = 1 << 20

  /// A member, with its header and filled up to whole blocks.
  ///
  /// - Parameter name: up to 100 bytes of ASCII.
  public static func member(_ name: String, _ bytes: [UInt8], time: Int64) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    func octal(_ number: Int, _ digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
    put(name, at: 0)
    put(octal(0o600, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(bytes.count, 11), at: 124)
    put(octal(Int(time), 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
    header[154] = 0
    let filling = (block - bytes.count % block) % block
    return header + bytes + [UInt8](repeating: 0, count: filling)
  }

  /// What ends an archive.
  public static let end = [UInt8](repeating: 0, count: 2 * block)

  /// Reads the next member; nil at the archive's end.
  ///
  /// - Parameter read: gives so many bytes, fewer only at the end of what there is.
  public static func next(_ read: (Int) throws -> [UInt8]) throws -> TapeMember? {
    let header = try read(block)
    guard header.count == block else { throw BackupRefusal("the archive ends too early") }
    if header.allSatisfy({ $0 == 0 }) {
      let second = try read(block)
      guard second.count == block else { throw BackupRefusal("the archive ends too early") }
      guard second.allSatisfy({ $0 == 0 }), try read(1).isEmpty else {
        throw BackupRefusal("something follows the archive's end")
      }
      return nil
    }
    func octal(_ range: Range<Int>) -> Int? {
      let digits = header[range].filter { $0 != 0 && $0 != 0x20 }
      return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
    var sum = 0
    for (index, byte) in header.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int(byte) }
    guard octal(148..<156) == sum, let size = octal(124..<136), (0...longestMember).contains(size) else {
      throw BackupRefusal("not an archive of petstore backup")
    }
    let padded = (size + block - 1) / block * block
    let bytes = try read(padded)
    guard bytes.count == padded else { throw BackupRefusal("the archive ends too early") }
    let name = String(decoding: header[0..<100].prefix { $0 != 0 }, as: UTF8.self)
    return TapeMember(name: name, bytes: Array(bytes[0..<size]))
  }
}
