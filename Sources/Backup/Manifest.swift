// What a backup says of itself, as JSON: beside the archive for whoever looks, and inside it, where nobody changes it
// unseen. The two must agree to the last byte.

public import Domain
public import HTTP

/// Why a backup cannot be believed.
public struct BackupRefusal: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// The first member of an archive: what was copied.
public struct BackupFacts: Sendable, Equatable {
  /// The form of archive and manifest that this version writes, and the only one that it reads.
  public static let format = 1

  /// The version of petstore that made it.
  public let petstore: String
  public let database: DatabaseFacts

  public init(petstore: String, database: DatabaseFacts) {
    self.petstore = petstore
    self.database = database
  }

  public var json: JSON {
    func table(_ table: DatabaseFacts.Table) -> JSON {
      .object([.init("rows", .integer(table.rows)), .init("checksum", .string(table.checksum))])
    }
    return .object([
      .init("format", .integer(Self.format)),
      .init("petstore", .string(petstore)),
      .init("schema", .integer(database.schema)),
      .init("server", .string(database.server)),
      .init("snapshot_at", .string(database.takenAt)),
      .init("wal_position", .string(database.walPosition)),
      .init("tables", .object(database.tables.map { .init($0.name, table($0)) })),
      .init("rights", table(database.rights)),
    ])
  }

  /// - Parameter name: of the member or file, for the message.
  public init(_ json: JSON, name: String) throws(BackupRefusal) {
    let reader = MemberReader(json: json, place: name)
    let format = try reader.integer("format")
    guard format == Self.format else {
      throw BackupRefusal(
        "\(name): format \(format) is not known to this version of petstore, which reads \(Self.format)")
    }
    petstore = try reader.text("petstore")
    guard case .object(let members)? = json["tables"] else { throw BackupRefusal("\(name): tables is missing") }
    var tables: [DatabaseFacts.Table] = []
    for member in members { tables.append(try reader.table(member.name, member.value)) }
    database = DatabaseFacts(
      schema: try reader.integer("schema"), server: try reader.text("server"), takenAt: try reader.text("snapshot_at"),
      walPosition: try reader.text("wal_position"), tables: tables,
      rights: try reader.table("rights", json["rights"] ?? .null))
  }
}

/// The last member of an archive: that the dump before it is whole.
public struct BackupEnd: Sendable, Equatable {
  /// Of the dump before it was sealed, as pg_dump wrote it.
  public let dumpBytes: Int
  public let dumpSHA256: String
  /// RFC 3339, UTC.
  public let finishedAt: String

  public init(dumpBytes: Int, dumpSHA256: String, finishedAt: String) {
    self.dumpBytes = dumpBytes
    self.dumpSHA256 = dumpSHA256
    self.finishedAt = finishedAt
  }

  public var json: JSON {
    .object([
      .init("dump_bytes", .integer(dumpBytes)), .init("dump_sha256", .string(dumpSHA256)),
      .init("finished_at", .string(finishedAt)),
    ])
  }

  public init(_ json: JSON, name: String) throws(BackupRefusal) {
    let reader = MemberReader(json: json, place: name)
    dumpBytes = try reader.integer("dump_bytes")
    dumpSHA256 = try reader.text("dump_sha256")
    finishedAt = try reader.text("finished_at")
  }
}

/// The file beside an archive.
public struct BackupManifest: Sendable, Equatable {
  public let facts: BackupFacts
  public let end: BackupEnd
  /// Of the archive, sealed as it is.
  public let bytes: Int
  public let sha256: String

  public init(facts: BackupFacts, end: BackupEnd, bytes: Int, sha256: String) {
    self.facts = facts
    self.end = end
    self.bytes = bytes
    self.sha256 = sha256
  }

  /// The whole file, with a line's end.
  public func encoded() -> [UInt8] {
    JSON.object([
      .init("backup", facts.json), .init("end", end.json), .init("archive_bytes", .integer(bytes)),
      .init("archive_sha256", .string(sha256)),
    ]).encoded() + [UInt8(ascii: "\n")]
  }

  /// Reads a manifest; one that this version would not write to the last byte is refused.
  public init(_ text: [UInt8], name: String) throws(BackupRefusal) {
    guard let json = try? JSON(parsing: text) else {
      throw BackupRefusal("\(name): not JSON; it was changed or damaged")
    }
    let reader = MemberReader(json: json, place: name)
    facts = try BackupFacts(json["backup"] ?? .null, name: name)
    end = try BackupEnd(json["end"] ?? .null, name: name)
    bytes = try reader.integer("archive_bytes")
    sha256 = try reader.text("archive_sha256")
    guard encoded() == text else { throw BackupRefusal("\(name): not as petstore wrote it; it was changed") }
  }
}

/// Reads members of one object and names what is missing.
private struct MemberReader {
  let json: JSON
  let place: String

  func integer(_ name: String) throws(BackupRefusal) -> Int {
    guard case .integer(let value)? = json[name], value >= 0 else {
      throw BackupRefusal("\(place): \(name) is missing or no number")
    }
    return value
  }

  func text(_ name: String) throws(BackupRefusal) -> String {
    guard case .string(let value)? = json[name] else { throw BackupRefusal("\(place): \(name) is missing or no text") }
    return value
  }

  func table(_ name: String, _ value: JSON) throws(BackupRefusal) -> DatabaseFacts.Table {
    let reader = MemberReader(json: value, place: "\(place): \(name)")
    return DatabaseFacts.Table(
      name: name, rows: try reader.integer("rows"), checksum: try reader.text("checksum"))
  }
}
