import Glibc
import Host
import Testing

@Suite struct SharedCountersTests {
  private func scratch() -> String { "/tmp/petstore-counters-\(getpid())-\(UInt32.random(in: 0 ... .max))" }

  @Test func `Two mappings of one file count together, and the count outlives both`() throws {
    let path = scratch()
    defer { unlink(path) }
    do {
      let first = try SharedCounters(path: path, count: 3, layout: 7)
      let second = try SharedCounters(path: path, count: 3, layout: 7)
      first.add(2, at: 1)
      second.add(at: 1)
      second.store(9, at: 2)
      first.add(at: 99)
    }
    #expect(SharedCounters.read(path: path, count: 3, layout: 7) == [0, 3, 9])
  }

  @Test func `A file of another layout is not read, and begins anew when it is counted in`() throws {
    let path = scratch()
    defer { unlink(path) }
    try SharedCounters(path: path, count: 3, layout: 7).add(at: 0)
    #expect(SharedCounters.read(path: path, count: 3, layout: 8) == nil)
    #expect(SharedCounters.read(path: path, count: 4, layout: 7) == nil)
    _ = try SharedCounters(path: path, count: 3, layout: 8)
    #expect(SharedCounters.read(path: path, count: 3, layout: 8) == [0, 0, 0])
  }

  @Test func `A folder that is not there is named in the failure`() {
    #expect(throws: SharedCounters.Failure.self) {
      try SharedCounters(path: "/nowhere/at/all.counters", count: 1, layout: 0)
    }
  }
}

@Suite struct LockedAppendFileTests {
  @Test func `A file is locked while it is open, keeps every line, and is never overwritten`() throws {
    let path = "/tmp/petstore-append-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    defer { unlink(path) }
    do {
      let file = try LockedAppendFile(creating: path)
      try file.append(Array("one\n".utf8))
      #expect(Files.isLocked(path))
      #expect(throws: FileFailure.self) { _ = try LockedAppendFile(creating: path) }
      try file.append(Array("two\n".utf8))
    }
    #expect(!Files.isLocked(path))
    #expect(try Files.read(path) == Array("one\ntwo\n".utf8))
    #expect(try Files.read(path, from: 4) == Array("two\n".utf8))
  }
}
