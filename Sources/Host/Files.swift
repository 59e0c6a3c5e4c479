// The few things that the product does with files, as safe calls: a line appended, a folder listed, a lock held.

import Glibc
import Synchronization

/// The system refused a file operation.
public struct FileFailure: Error, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }

  init(_ path: String) {
    self.path = path
    reason = String(cString: strerror(errno))
  }
}

/// A file that lines are appended to, held under an advisory lock for as long as it is open, so that a reader can
/// tell a finished file (lock free) from one in use.
public struct LockedAppendFile: ~Copyable, Sendable {
  public let path: String
  private let descriptor: Int32

  /// Makes a new file; fails if one of that name exists. It gets its name only once it is locked: there is no moment at
  /// which it looks finished.
  public init(creating path: String) throws(FileFailure) {
    self.path = path
    let draft = path + ".new"
    descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw FileFailure(path) }
    // Waits at most for a reader that is just looking.
    guard flock(descriptor, LOCK_EX) == 0, link(draft, path) == 0 else {
      let failure = FileFailure(path)
      unlink(draft)
      throw failure
    }
    unlink(draft)
  }

  deinit { close(descriptor) }

  /// Appends in one write, so that a crash leaves at most one torn line, the last.
  public borrowing func append(_ bytes: [UInt8]) throws(FileFailure) {
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw FileFailure(path) }
  }
}

/// Files as a whole.
public enum Files {
  /// The names in a folder, sorted; empty if there is none.
  public static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Bytes of a file from an offset on, at most `limit`.
  public static func read(
    _ path: String, from offset: Int = 0, limit: Int = 16 << 20
  ) throws(FileFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path) }
    defer { close(descriptor) }
    if offset > 0, lseek(descriptor, offset, SEEK_SET) < 0 { throw FileFailure(path) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < limit {
      let wanted = min(chunk.count, limit - bytes.count)
      let got = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, wanted) }
      if got < 0 { throw FileFailure(path) }
      if got == 0 { break }
      bytes += chunk[0..<got]
    }
    return bytes
  }

  /// Writes a whole file anew, readable by its owner alone.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure(path) }
    defer { close(descriptor) }
    let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw FileFailure(path) }
  }

  /// Whether somebody holds the lock of a ``LockedAppendFile``.
  public static func isLocked(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  public static func remove(_ path: String) { unlink(path) }

  /// Whether there is anything of that name that this process may see.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The nine permission bits of a file; nil where it cannot be looked at.
  public static func permissions(_ path: String) -> UInt32? {
    var state = stat()
    return stat(path, &state) == 0 ? state.st_mode & 0o777 : nil
  }

  /// Makes a folder and those above it; no error if it exists.
  public static func makeFolder(_ path: String) throws(FileFailure) {
    var prefix = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      prefix += prefix.isEmpty && part.isEmpty ? "/" : (prefix.hasSuffix("/") || prefix.isEmpty ? "" : "/") + part
      if mkdir(prefix, 0o755) != 0, errno != EEXIST { throw FileFailure(prefix) }
    }
  }

  /// Standard input up to its end, at most 64 KiB.
  public static func standardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 64 << 10 {
      let got = chunk.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if got <= 0 { break }
      bytes += chunk[0..<got]
    }
    return bytes
  }
}

/// Writes to standard error and standard output in one call each, so that lines of several threads never mix.
public enum StandardStream: Sendable {
  case output, error

  public func write(_ text: String) { _ = Self.write(text, to: descriptor) }

  private var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }

  /// Gives whether all of it was written.
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }

  /// Writes a line only if somebody takes it: waits for a reader that has fallen behind `patience` at most, and not at all
  /// while it is known to sleep. Whoever logs must not stand still because nobody reads.
  ///
  /// - Parameter text: up to a page; of a longer one the rest may have to wait.
  /// - Returns: whether it was written.
  public func offer(_ text: String, patience: Duration = .milliseconds(100)) -> Bool {
    let (seconds, attoseconds) = patience.components
    let milliseconds = Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let isReady = poll(&place, 1, Self.readerSleeps.load(ordering: .relaxed) ? 0 : milliseconds) > 0
    Self.readerSleeps.store(!isReady, ordering: .relaxed)
    guard isReady else { return false }
    return Self.write(text, to: descriptor)
  }

  private static let readerSleeps = Atomic(false)
}
