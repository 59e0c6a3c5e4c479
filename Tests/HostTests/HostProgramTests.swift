import Host
import Testing

@Suite struct HostProgramTests {
  @Test func `What a program says and how it ends is told, its arguments unread by any shell`() {
    let said = HostProgram.run("/bin/sh", ["-c", "echo \"$1\"; echo beside >&2; exit 3", "sh", "a b; exit 9"])
    #expect(said.status == 3)
    #expect(said.output == "a b; exit 9\nbeside\n")
  }

  @Test func `A program that is not there is 127`() {
    #expect(HostProgram.run("/nowhere/at-all", []).status == 127)
  }

  @Test func `One that does not end is killed at its deadline`() {
    let began = HostClock.monotonicNanoseconds()
    let said = HostProgram.run("/bin/sleep", ["30"], deadline: 200)
    #expect(said.status == 128 + 9)
    #expect(HostClock.monotonicNanoseconds() - began < 5_000_000_000)
  }

  @Test func `Much output is read to its end, and kept to 64 KiB and a little`() {
    let said = HostProgram.run("/bin/sh", ["-c", "head -c 1000000 /dev/zero | tr '\\0' x"])
    #expect(said.status == 0)
    #expect(said.output.utf8.count >= 64 << 10 && said.output.utf8.count <= (64 << 10) + 4_096)
  }
}
