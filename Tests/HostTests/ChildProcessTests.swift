import Glibc
import Host
import Testing

@Suite struct ChildProcessTests {
  private func nothing() throws -> OpenFile { try OpenFile(reading: "/dev/null") }

  /// What a program writes, read to its end.
  private func output(_ program: String, _ arguments: [String]) throws -> String {
    let (reading, writing) = try OpenFile.pipe()
    var child = try ChildProcess(program, arguments, input: nothing(), output: writing)
    writing.close()
    var bytes: [UInt8] = []
    while true {
      let chunk = try reading.read(4_096)
      if chunk.isEmpty { break }
      bytes += chunk
    }
    #expect(child.wait().isGood)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `No shell reads the arguments`() throws {
    let argument = "$(id) `id`; 'x' \"y\" * \\ \n&& |"
    #expect(try output("printf", ["%s", argument]) == argument)
  }

  @Test func `What a program says on standard error comes with its status`() throws {
    var child = try ChildProcess(
      "sh", ["-c", "echo first >&2; echo second >&2; exit 7"], input: nothing(), output: nothing())
    let ending = child.wait()
    #expect(ending.status == 7 && !ending.isGood)
    #expect(ending.description == "sh ended with status 7: first; second")
  }

  @Test func `A signal that ended a program is named`() throws {
    var child = try ChildProcess("sh", ["-c", "kill -KILL $$"], input: nothing(), output: nothing())
    #expect(child.wait().description == "sh was ended by signal 9")
  }

  @Test func `A program that is not there is an error that names it`() throws {
    do {
      var child = try ChildProcess("petstore-no-such-program", [], input: nothing(), output: nothing())
      _ = child.wait()
      Issue.record("it was started")
    } catch {
      #expect("\(error)".contains("petstore-no-such-program"))
    }
  }

  @Test func `A secret file is there for the program, for its user alone, and in no variable`() throws {
    let (reading, writing) = try OpenFile.pipe()
    let secret = try OpenFile.inMemory(Array("canary".utf8))
    var child = try ChildProcess(
      "sh", ["-c", "cat \"$SECRET_FILE\"; stat -L -c ' %a' \"$SECRET_FILE\"; env | grep -c canary"], input: nothing(),
      output: writing, secretName: "SECRET_FILE", secretFile: secret)
    writing.close()
    _ = child.wait()
    #expect(String(decoding: try reading.read(4_096), as: UTF8.self) == "canary 600\n0\n")
  }

  @Test func `A child is ended with its owner`() throws {
    let (reading, writing) = try OpenFile.pipe()
    do {
      let child = try ChildProcess("sleep", ["600"], input: nothing(), output: writing)
      _ = child.program
    }
    writing.close()
    // The pipe has no writer any more.
    #expect(try reading.read(1).isEmpty)
  }

  @Test func `A program that nobody reads ends, though this process ignores that signal`() throws {
    signal(SIGPIPE, SIG_IGN)
    let (reading, writing) = try OpenFile.pipe()
    var child = try ChildProcess("yes", [], input: nothing(), output: writing)
    writing.close()
    _ = try reading.read(16)
    reading.close()
    #expect(child.wait().signal == SIGPIPE)
  }

  @Test func `Only one holds a folder's lock`() throws {
    let folder = "/tmp/petstore-lock-\(getpid())"
    mkdir(folder, 0o700)
    defer { rmdir(folder) }
    let first = try OpenFile.lock(folder: folder)
    #expect(first != nil)
    #expect(try OpenFile.lock(folder: folder) == nil)
    first?.close()
    #expect(try OpenFile.lock(folder: folder) != nil)
  }
}
