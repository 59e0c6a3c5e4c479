// A backup as it is read: age opens it piece by piece, this process takes the frames apart, and the dump goes on to
// whoever wants it. Nothing unsealed touches the disk here either.

import Backup
import Crypto
import HTTP
import Host

/// A sealed archive on disk, and the manifest beside it.
struct BackupArchive {
  /// What is inside.
  struct Contents {
    let facts: BackupFacts
    let end: BackupEnd
  }

  let path: String
  private let manifestPath: String

  init(_ path: String) throws {
    guard path.hasSuffix(".tar.age") else {
      throw ExitWithMessage("\(path): the name of a backup ends in .tar.age ('petstore backup list' shows them)")
    }
    guard Files.exists(path) else {
      throw ExitWithMessage("\(path): there is no such file, or this user may not see it")
    }
    self.path = path
    manifestPath = path.dropLast(8) + ".json"
  }

  /// Compares size and SHA-256 with the manifest's; nil if there is no manifest.
  func compareChecksum() throws -> BackupManifest? {
    guard Files.exists(manifestPath) else { return nil }
    let manifest = try BackupManifest(try Files.read(manifestPath), name: manifestPath)
    let file = try OpenFile(reading: path)
    var digest = RunningDigest()
    var bytes = 0
    while true {
      let chunk = try file.read(1 << 20)
      if chunk.isEmpty { break }
      bytes += chunk.count
      digest.add(chunk[...])
    }
    guard bytes == manifest.bytes else {
      throw BackupRefusal(
        "\(path): has \(bytes) bytes where its manifest says \(manifest.bytes): the file is cut off or changed")
    }
    guard Hexadecimal.encode(digest.finish()) == manifest.sha256 else {
      throw BackupRefusal("\(path): its SHA-256 is not the manifest's: one of the two was changed or damaged")
    }
    return manifest
  }

  /// Holds what is inside against the manifest.
  func compare(_ contents: Contents, with manifest: BackupManifest?) throws {
    guard let manifest else { return }
    guard manifest.facts == contents.facts, manifest.end == contents.end else {
      throw BackupRefusal("\(manifestPath): does not say what the archive itself says: it was changed")
    }
  }

  /// Opens the archive and reads it to its end.
  ///
  /// - Parameters:
  ///   - identity: the file of the key that opens it.
  ///   - dump: gets the dump, piece by piece.
  func read(identity: String, dump: (ArraySlice<UInt8>) throws -> Void) throws -> Contents {
    // age would say so as well, but after the fault of its reader.
    _ = try OpenFile(reading: identity)
    let file = try OpenFile(reading: path)
    let (reading, writing) = try OpenFile.pipe()
    var age = try ChildProcess("age", ["--decrypt", "--identity", identity], input: file, output: writing)
    writing.close()
    let result = Result { try Self.members(reading, dump) }
    // Whatever is left is not wanted, and age must not wait to be rid of it.
    reading.close()
    let ending = age.wait()
    switch result {
    case .success(let contents):
      guard ending.isGood else { throw BackupRefusal("\(path): does not open: \(ending.description)") }
      return contents
    case .failure(let error):
      // What age knows is nearer to the cause than what its reader missed; unless age ended for want of a reader.
      if error is BackupRefusal, !ending.isGood, ending.signal == 0, !ending.message.contains("broken pipe") {
        throw BackupRefusal("\(path): does not open: \(ending.description)")
      }
      throw error
    }
  }

  /// Opens the archive and gives its dump to a program of PostgreSQL's.
  func read(
    identity: String, into program: String, _ arguments: [String], access: PostgresAccess
  ) throws -> Contents {
    let nothing = try OpenFile(reading: "/dev/null")
    let (reading, writing) = try OpenFile.pipe()
    var child = try access.start(program, arguments, input: reading, output: nothing)
    reading.close()
    let result = Result { try read(identity: identity) { bytes in try writing.write(bytes) } }
    writing.close()
    let ending = child.wait()
    switch result {
    case .success(let contents):
      guard ending.isGood else { throw ExitWithMessage(ending.description) }
      return contents
    case .failure(let error):
      if error is FileFailure, !ending.isGood { throw ExitWithMessage(ending.description) }
      throw error
    }
  }

  private static func members(
    _ source: OpenFile, _ dump: (ArraySlice<UInt8>) throws -> Void
  ) throws -> Contents {
    func exactly(_ count: Int) throws -> [UInt8] {
      var bytes: [UInt8] = []
      while bytes.count < count {
        let chunk = try source.read(count - bytes.count)
        if chunk.isEmpty { break }
        bytes += chunk
      }
      return bytes
    }
    func json(_ member: TapeMember?, _ name: String) throws -> JSON {
      guard let member, member.name == name, let json = try? JSON(parsing: member.bytes) else {
        throw BackupRefusal("the archive has no \(name) where it should be")
      }
      return json
    }
    let facts = try BackupFacts(try json(try TapeArchive.next(exactly), "facts.json"), name: "facts.json")
    var digest = RunningDigest()
    var bytes = 0
    while let member = try TapeArchive.next(exactly) {
      if StopSignal.wait(timeout: .zero) { throw ExitWithMessage("stopped") }
      if member.name == "dump" {
        bytes += member.bytes.count
        digest.add(member.bytes[...])
        try dump(member.bytes[...])
        continue
      }
      let end = try BackupEnd(try json(member, "end.json"), name: "end.json")
      guard try TapeArchive.next(exactly) == nil else { throw BackupRefusal("something follows the archive's end") }
      guard end.dumpBytes == bytes, end.dumpSHA256 == Hexadecimal.encode(digest.finish()) else {
        throw BackupRefusal("the dump in the archive is not the one that was put into it")
      }
      return Contents(facts: facts, end: end)
    }
    throw BackupRefusal("the archive ends too early")
  }
}
