import Testing

@testable import Host

@Suite("The host's load")
struct HostLoadTests {
  @Test("Busy is what is neither idle nor waiting for a disk")
  func busy() throws {
    let earlier = try #require(ProcessorTime("cpu  100 0 50 800 50 0 0 0 7 0"))
    let later = try #require(ProcessorTime("cpu  160 0 60 810 70 0 0 0 9 0"))
    #expect(earlier.busy == 150 && earlier.total == 1_000)
    #expect(later.percent(since: earlier) == 70)
    #expect(earlier.percent(since: earlier) == nil && earlier.percent(since: later) == nil)
  }

  @Test("What is no cpu line is none", arguments: ["", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3", "cpu a b c d e f g h"])
  func malformed(line: String) { #expect(ProcessorTime(line) == nil) }

  @Test("Memory that caches hold is free")
  func memory() {
    let text = "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  750 kB\n"
    #expect(HostLoad.memory(in: text) == Capacity(total: 1_024_000, free: 768_000))
    #expect(HostLoad.memory(in: text)?.usedPercent == 25)
    #expect(HostLoad.memory(in: "MemTotal: 5 kB") == nil)
  }

  @Test("This host has a processor, memory and a disk")
  func here() throws {
    // Nil in a unit that hides the rest of /proc from its processes.
    #expect(ProcessorTime.now().map { $0.total > 0 } ?? true)
    let memory = try #require(HostLoad.memory)
    #expect(memory.free > 0 && memory.free < memory.total)
    #expect(try #require(HostLoad.disk(of: "/")).total > 0)
    #expect(HostLoad.disk(of: "/no/such/folder") == nil && HostLoad.residentBytes > 1 << 20)
  }

  @Test("A node's file caches are free, as far as they fit")
  func node() {
    let text = """
      Node 0 MemTotal:        1000 kB
      Node 0 MemFree:          100 kB
      Node 0 Active(file):     200 kB
      Node 0 Inactive(file):   300 kB
      Node 0 SReclaimable:      50 kB
      """
    #expect(HostLoad.nodeMemory(in: text) == Capacity(total: 1_024_000, free: 665_600))
    #expect(HostLoad.nodeMemory(in: "Node 0 MemTotal: 9 kB") == nil && HostLoad.nodeMemory(in: "") == nil)
    #expect((0...100).contains(HostLoad.loadPercent))
  }
}
