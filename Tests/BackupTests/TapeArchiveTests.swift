import Backup
import Testing

struct TapeArchiveTests {
  /// Reads members of `bytes`, as from a pipe.
  private func members(_ bytes: [UInt8]) throws -> [TapeMember] {
    var rest = bytes[...]
    var members: [TapeMember] = []
    while let member = try TapeArchive.next({ count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }) {
      members.append(member)
    }
    return members
  }

  private let archive: [UInt8] =
    TapeArchive.member("facts.json", Array("{}".utf8), time: 1)
    + TapeArchive.member("dump", Array(repeating: 7, count: 512), time: 1)
    + TapeArchive.member("dump", [], time: 1) + TapeArchive.end

  @Test func `What was written is read`() throws {
    let read = try members(archive)
    #expect(read.map(\.name) == ["facts.json", "dump", "dump"])
    #expect(read.map(\.bytes.count) == [2, 512, 0])
  }

  @Test func `An archive that is cut off anywhere is refused`() {
    for length in stride(from: 0, to: archive.count, by: 256) {
      #expect(throws: BackupRefusal.self) { try members(Array(archive.prefix(length))) }
    }
  }

  @Test func `A changed header is refused, and so is what follows the end`() {
    for offset in [0, 130, 150] {
      var changed = archive
      changed[offset] ^= 1
      #expect(throws: BackupRefusal.self) { try members(changed) }
    }
    #expect(throws: BackupRefusal.self) { try members(archive + [0]) }
  }
}
