// Programs of the host that a command asks: no shell between, a deadline, what they said in one text.

import Glibc

/// What another program did.
public struct HostProgram: Sendable {
  /// Whether this process may do everything on the host.
  public static var isRoot: Bool { geteuid() == 0 }

  /// 0 to 255; 127 where the program is not there, 128 plus the signal where one ended it.
  public let status: Int
  /// What it wrote, on standard output and error, at most 64 KiB.
  public let output: String

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - path: absolute; the environment is this process's own.
  ///   - deadline: milliseconds, from 1, after which it is killed.
  public static func run(_ path: String, _ arguments: [String], deadline: Int32 = 10_000) -> HostProgram {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return HostProgram(status: 127, output: "no pipe: \(errno)") }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)

    var vector: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for text in vector { free(text) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, path, &actions, nil, &vector, environ)
    close(ends[1])
    guard failure == 0 else { return HostProgram(status: 127, output: "\(path) cannot be run: error \(failure)") }

    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    let until = HostClock.monotonicNanoseconds() + UInt64(deadline) * 1_000_000
    var wanted = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
    while true {
      let now = HostClock.monotonicNanoseconds()
      if now >= until || poll(&wanted, 1, Int32((until - now) / 1_000_000 + 1)) == 0 {
        kill(process, SIGKILL)
        break
      }
      let count = read(ends[0], &chunk, chunk.count)
      if count <= 0 { break }
      if output.count < 64 << 10 { output += chunk.prefix(count) }
    }
    var ended: Int32 = 0
    while waitpid(process, &ended, 0) < 0, errno == EINTR {}
    let signal = Int(ended & 0x7f)
    return HostProgram(
      status: signal == 0 ? Int((ended >> 8) & 0xff) : 128 + signal, output: String(decoding: output, as: UTF8.self))
  }
}
