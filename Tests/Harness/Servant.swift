// Programs that serve the tests and end with them.
//
// Each is started by a watching shell that waits on a pipe from this process. When the pipe closes, whether this
// process returned, trapped or was killed, the shell ends the program and removes its folder. No handler of ours has
// to run for that, so nothing is ever left over.

import Glibc

/// A server could not be started.
public struct ScratchFailure: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// A program in a folder of its own.
final class Servant: Sendable {
  /// Short, because a unix socket's path has at most 107 bytes.
  let folder: String
  private let lifeline: Int32

  /// Makes the folder and runs `script` in it, in the shell.
  ///
  /// - Parameters:
  ///   - script: prepares, starts the program in the background and writes its number into the file `program`.
  ///   - ending: the signal that ends the program.
  init(_ name: String, script: String, ending: String) throws(ScratchFailure) {
    // As the product does first of all: a server that went away is an error of a write and not a death.
    signal(SIGPIPE, SIG_IGN)
    var template = Array("/tmp/psd-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ScratchFailure("mkdtemp: errno \(errno)") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var pipe: [Int32] = [-1, -1]
    guard Glibc.pipe(&pipe) == 0 else { throw ScratchFailure("pipe: errno \(errno)") }
    // Only the shell may hold the reading end, nobody but us the writing one.
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let watch = """
      cd '\(folder)' || exit 1
      exec 3<&0 0</dev/null >log 2>&1
      (
      \(script)
      ) 3<&-
      cat <&3 >/dev/null
      kill -s \(ending) "$(cat program)"
      for wait in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$(cat program)" 2>/dev/null || break; sleep 0.05; done
      kill -s KILL "$(cat program)" 2>/dev/null
      rm -rf '\(folder)'
      """
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipe[0], 0)
    // A session of its own: Ctrl-C at the terminal ends the tests, and the shell then cleans up. And a parent of its own:
    // a shell that ended as our child would stay a zombie, and swift-testing, which waits for any child, would look at
    // it for ever and never see the exit of an exit test.
    let words: [String] = ["setsid", "--fork", "sh", "-c", watch]
    let arguments = words.map { (word: String) -> UnsafeMutablePointer<CChar>? in strdup(word) }
    defer { for argument in arguments { free(argument) } }
    var number = pid_t()
    let failed = posix_spawnp(&number, "setsid", &actions, nil, arguments + [nil], environ)
    close(pipe[0])
    guard failed == 0 else { throw ScratchFailure("setsid: errno \(failed)") }
    while waitpid(number, nil, 0) == -1, errno == EINTR {}
    self.folder = folder
    lifeline = pipe[1]
  }

  deinit { close(lifeline) }

  /// What the program has said, for the message of a failed start.
  var log: String {
    guard let file = fopen(folder + "/log", "r") else { return "no log" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Waits until `isReady`, twenty seconds at most.
  func wait(_ isReady: () -> Bool) throws(ScratchFailure) {
    for _ in 0..<2_000 {
      if isReady() { return }
      usleep(10_000)
    }
    throw ScratchFailure("\(folder): not ready after 20 s: \(log)")
  }

  /// A whole file; empty where there is none.
  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += chunk[..<count]
    }
  }
}
