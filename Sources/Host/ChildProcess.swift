// Other programs, run without a shell: an argument is an argument, whatever is in it. What a child says on standard
// error goes to memory and is there for the message when it fails.

import CHost
import Glibc

/// A file, a pipe's end or a folder that is open: one thread's. A class, because a pipe's ends come in pairs and are
/// closed one by one.
public final class OpenFile {
  /// What messages call it.
  public let name: String
  private(set) var descriptor: Int32

  init(name: String, descriptor: Int32) {
    self.name = name
    self.descriptor = descriptor
  }

  deinit { close() }

  /// Closes it before its owner lets go of it.
  public func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Opens a file for reading.
  public init(reading path: String) throws(FileFailure) {
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path) }
  }

  /// Makes a file that nobody else may read; fails if there is one of that name.
  public init(creating path: String) throws(FileFailure) {
    name = path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure(path) }
  }

  /// Opens a folder and holds its lock as long as this value lives; nil if somebody else holds it.
  public static func lock(folder: String) throws(FileFailure) -> OpenFile? {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(folder) }
    let file = OpenFile(name: folder, descriptor: descriptor)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return file }
    guard errno == EWOULDBLOCK else { throw FileFailure(folder) }
    return nil
  }

  /// Bytes in memory that a child may read as a file, and nobody else.
  public static func inMemory(_ bytes: [UInt8] = []) throws(FileFailure) -> OpenFile {
    let descriptor = petstore_memory_file()
    guard descriptor >= 0 else { throw FileFailure("memory") }
    let file = OpenFile(name: "memory", descriptor: descriptor)
    try file.write(bytes[...])
    try file.rewind()
    return file
  }

  /// A pipe: what is written to the one is read from the other.
  public static func pipe() throws(FileFailure) -> (reading: OpenFile, writing: OpenFile) {
    var ends: [Int32] = [0, 0]
    guard petstore_pipe(&ends) == 0 else { throw FileFailure("pipe") }
    return (OpenFile(name: "pipe", descriptor: ends[0]), OpenFile(name: "pipe", descriptor: ends[1]))
  }

  /// The next bytes, `limit` at most; none at the end.
  public func read(_ limit: Int) throws(FileFailure) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      var got: Int
      repeat { got = Glibc.read(descriptor, buffer.baseAddress, limit) } while got < 0 && errno == EINTR
      failed = got < 0
      count = max(0, got)
    }
    guard !failed else { throw FileFailure(name) }
    return bytes
  }

  /// Writes all of it.
  public func write(_ bytes: ArraySlice<UInt8>) throws(FileFailure) {
    let isWritten = bytes.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
    guard isWritten else { throw FileFailure(name) }
  }

  /// Back to its beginning.
  public func rewind() throws(FileFailure) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileFailure(name) }
  }

  /// Waits until the disk has it.
  public func sync() throws(FileFailure) {
    guard fsync(descriptor) == 0 else { throw FileFailure(name) }
  }
}

extension Files {
  /// Gives a file another name, in one step; a file that had that name is gone.
  public static func rename(_ path: String, to newPath: String) throws(FileFailure) {
    guard Glibc.rename(path, newPath) == 0 else { throw FileFailure(newPath) }
  }

  /// Bytes of a file; nil if there is none.
  public static func size(_ path: String) -> Int? {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
  }
}

/// A program that was started, ended at the latest with its owner.
public struct ChildProcess: ~Copyable {
  /// How a program ended, and what it said on standard error.
  public struct Ending: Sendable {
    public let program: String
    /// 0 where all went well.
    public let status: Int32
    /// The signal that ended it; 0 for none.
    public let signal: Int32
    public let message: String
    public var isGood: Bool { status == 0 && signal == 0 }

    /// For the operator: who failed, how, and why.
    public var description: String {
      let how = signal != 0 ? "was ended by signal \(signal)" : "ended with status \(status)"
      return message.isEmpty ? "\(program) \(how)" : "\(program) \(how): \(message)"
    }
  }

  public let program: String
  private let number: pid_t
  private let errors: OpenFile
  private var ending: Ending?

  /// Starts a program that is looked for on PATH.
  ///
  /// - Parameters:
  ///   - arguments: after its name. Everybody on the host can read them: no secrets.
  ///   - input: its standard input; nothing if nil.
  ///   - output: its standard output; nowhere if nil.
  ///   - secretFile: a file in memory that it finds as the path in the variable `secretName`.
  public init(
    _ program: String, _ arguments: [String], input: OpenFile, output: OpenFile,
    secretName: String = "", secretFile: OpenFile? = nil
  ) throws(FileFailure) {
    let errors = try OpenFile.inMemory()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
    posix_spawn_file_actions_adddup2(&actions, output.descriptor, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.descriptor, 2)
    var variables = Self.environment()
    if !secretName.isEmpty {
      // 30: a number that this process has not reached when it starts its few children.
      if let file = secretFile { posix_spawn_file_actions_adddup2(&actions, file.descriptor, 30) }
      variables.append("\(secretName)=/proc/self/fd/30")
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This process blocks stop signals and ignores SIGPIPE; a child must be stoppable and end when nobody reads.
    var none = sigset_t()
    sigemptyset(&none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in [SIGPIPE, SIGTERM, SIGINT] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var number: pid_t = 0
    let failure = Self.withCStrings([program] + arguments) { arguments in
      Self.withCStrings(variables) { variables in
        posix_spawnp(&number, program, &actions, &attributes, arguments, variables)
      }
    }
    guard failure == 0 else {
      errno = failure
      throw FileFailure(program)
    }
    self.program = program
    self.number = number
    self.errors = errors
  }

  deinit {
    if ending == nil {
      kill(number, SIGKILL)
      var status: Int32 = 0
      while waitpid(number, &status, 0) < 0, errno == EINTR {}
    }
  }

  /// Waits for its end.
  public mutating func wait() -> Ending {
    if let ending { return ending }
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    var text = ""
    if (try? errors.rewind()) != nil, let bytes = try? errors.read(4_096) {
      text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
    let ended = Ending(program: program, status: status >> 8 & 0xff, signal: signal, message: text)
    ending = ended
    return ended
  }

  private static func environment() -> [String] {
    var all: [String] = []
    var next = environ
    while let entry = next.pointee {
      all.append(String(cString: entry))
      next += 1
    }
    return all
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
      // The array has at least its closing null pointer, so there is an address.
      body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }
}
