import Glibc
import Host
import Testing
import Threads

@Suite struct AppendFileTests {
  /// Runs `body` with a folder that is removed afterwards.
  private func withFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/psd-host-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in Files.names(in: folder) { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try body(folder)
  }

  @Test func `A reader that looks at the wrong moment never makes a file look finished`() throws {
    try withFolder { folder in
      // given: a reader that asks, over and over, which files are finished
      let stop = Locked(false)
      let ended = Locked(0)
      for _ in 0..<2 {
        _ = Thread {
          while !stop.withLock({ $0 }) {
            for name in Files.names(in: folder) { _ = Files.isLocked("\(folder)/\(name)") }
          }
          ended.withLock { $0 += 1 }
        }
      }
      // when
      var looksFinished = 0
      for number in 0..<20_000 {
        let file = try LockedAppendFile(creating: "\(folder)/\(number)")
        try file.append([65, 10])
        if !Files.isLocked(file.path) { looksFinished += 1 }
        Files.remove(file.path)
      }
      stop.withLock { $0 = true }
      while ended.withLock({ $0 }) < 2 { usleep(1_000) }
      // then
      #expect(looksFinished == 0)
    }
  }

  @Test func `What several threads append stands there line by line`() throws {
    try withFolder { folder in
      let file = try LockedAppendFile(creating: "\(folder)/lines")
      let path = file.path
      let shared = Shared(file)
      let ended = Locked(0)
      for thread in 0..<4 {
        _ = Thread {
          for number in 0..<500 {
            let filling = String(repeating: "x", count: number % 50)
            _ = try? shared.file.append(Array("\(thread) \(number) \(filling)\n".utf8))
          }
          ended.withLock { $0 += 1 }
        }
      }
      while ended.withLock({ $0 }) < 4 { usleep(1_000) }
      let lines = String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 2_000)
      for thread in 0..<4 {
        let mine = lines.filter { $0.hasPrefix("\(thread) ") }
        #expect(mine.map { $0.split(separator: " ")[1] } == (0..<500).map { "\($0)" })
      }
    }
  }

  private final class Shared: Sendable {
    let file: LockedAppendFile
    init(_ file: consuming LockedAppendFile) { self.file = file }
  }

  @Test func `A full disk is an error, and what was there stays`() throws {
    // Every write to this device fails with ENOSPC.
    #expect(throws: FileFailure.self) { try Files.write([1, 2, 3], to: "/dev/full") }
  }

  @Test func `A file is read from an offset and up to a limit`() throws {
    try withFolder { folder in
      let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try Files.write(bytes, to: "\(folder)/file")
      #expect(try Files.read("\(folder)/file") == bytes)
      #expect(try Files.read("\(folder)/file", from: 150_000) == Array(bytes[150_000...]))
      #expect(try Files.read("\(folder)/file", from: 10, limit: 5) == Array(bytes[10..<15]))
      #expect(try Files.read("\(folder)/file", from: 200_000) == [])
      #expect(throws: FileFailure.self) { try Files.read("\(folder)/none") }
      try Files.makeFolder("\(folder)/file-not/deep")
      #expect(throws: FileFailure.self) { try Files.makeFolder("\(folder)/file/deep") }
      rmdir("\(folder)/file-not/deep")
      rmdir("\(folder)/file-not")
    }
  }
}
