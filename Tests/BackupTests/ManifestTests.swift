import Backup
import Domain
import Testing

struct ManifestTests {
  private static let facts = BackupFacts(
    petstore: "0.2.0",
    database: DatabaseFacts(
      schema: 8, server: "15.8", takenAt: "2026-01-17T09:05:00.123Z", walPosition: "0/16B3748",
      tables: [
        .init(name: "public.audit_events", rows: 7, checksum: "123456789012345678901234"),
        .init(name: "public.users", rows: 3, checksum: "42"),
      ],
      rights: .init(name: "rights", rows: 61, checksum: "ab")))
  private let manifest = BackupManifest(
    facts: facts, end: BackupEnd(dumpBytes: 4_000, dumpSHA256: "cd", finishedAt: "2026-01-17T09:05:01.000Z"),
    bytes: 4_400, sha256: "ef")

  @Test func `A manifest reads back as it was written`() throws {
    #expect(try BackupManifest(manifest.encoded(), name: "m") == manifest)
  }

  @Test(
    arguments: [
      ("\"rows\":7", "\"rows\":8 "), ("\"schema\":8", "\"schema\":\"8\""), ("\"end\"", "\"End\""), ("\n", "\n\n"),
      ("{\"backup\"", "{\"more\":1,\"backup\""), ("\"rows\":7", "\"rows\":-7"), ("}", ""),
      ("\"tables\":{", "\"tables\":{\"public.users\":{\"rows\":1,\"checksum\":\"\"},"),
    ])
  func `A manifest that petstore would not write so is refused`(part: String, other: String) throws {
    let text = String(decoding: manifest.encoded(), as: UTF8.self)
    let changed = try #require(text.firstRange(of: part)).lowerBound
    let forged = text[..<changed] + other + text[changed...].dropFirst(part.count)
    #expect(throws: BackupRefusal.self) { try BackupManifest(Array(forged.utf8), name: "m") }
  }

  @Test func `Another format is refused by its number`() throws {
    let text = String(decoding: manifest.encoded(), as: UTF8.self)
    let newer = text.replacing("\"format\":1", with: "\"format\":2")
    do {
      _ = try BackupManifest(Array(newer.utf8), name: "the manifest")
      Issue.record("it was read")
    } catch {
      #expect("\(error)".contains("format 2"))
    }
  }

  @Test func `Every way in which a copy differs has a line`() {
    let original = Self.facts.database
    func copy(_ tables: [DatabaseFacts.Table], schema: Int = 8, rights: String = "ab") -> DatabaseFacts {
      DatabaseFacts(
        schema: schema, server: "16.1", takenAt: "later", walPosition: "0/2", tables: tables,
        rights: .init(name: "rights", rows: 61, checksum: rights))
    }
    let (audit, users) = (original.tables[0], original.tables[1])
    #expect(original.differences(from: copy([users, audit])).isEmpty)
    #expect(original.differences(from: copy([audit])) == ["public.users is missing"])
    #expect(
      original.differences(from: copy([audit, .init(name: "public.users", rows: 2, checksum: "42")]))
        == ["public.users has 2 rows, not 3"])
    #expect(
      original.differences(from: copy([audit, .init(name: "public.users", rows: 3, checksum: "43")]))
        == ["public.users has 3 rows, but not the same ones"])
    #expect(
      original.differences(from: copy([audit, users, .init(name: "public.x", rows: 0, checksum: "0")]))
        == ["public.x is in no backup"])
    #expect(original.differences(from: copy([audit, users], schema: 7)).count == 1)
    #expect(original.differences(from: copy([audit, users], rights: "cc")).count == 1)
  }
}
