import Domain
import Harness
import Host
import Postgres
import Testing

@testable import Store

@Suite(.serialized) struct KeyTests {
  private let scratch: ScratchDatabase
  private let database: Database

  init() throws {
    scratch = try ScratchPostgres.database(for: "KeyTests")
    database = scratch.open()
  }

  private func newKey(_ name: String, _ scopes: [Scope] = [.profileRead]) -> NewKey {
    NewKey(name: name, key: .random(), scopes: ScopeSet(scopes), expiresAt: nil)
  }

  private func expectRefusal(
    _ expected: KeyRefusal, at location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Any
  ) {
    let refusal = #expect(throws: KeyRefusal.self, sourceLocation: location) { try body() }
    #expect(refusal.map { "\($0)" } == "\(expected)", sourceLocation: location)
  }

  @Test func `A key is found by its hash, with its own scopes`() throws {
    // given
    let account = try database.register()
    let new = newKey("reader", [.contentRead, .usageRead])
    // when
    let record = try database.addKey(new, for: account.principal, by: someone)
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600)
    let found = try #require(try principals.find(.keyHash(new.key.hash)))
    // then
    #expect(found.fresh && found.principal.principal.keyID == record.id)
    #expect(found.principal.principal.scopes.scopes == [.contentRead, .usageRead])
    #expect(try #require(try principals.find(.keyHash(new.key.hash))).fresh == false)
    #expect(record.prefix == new.key.displayPrefix && record.status(at: 0) == .active)
    #expect(try principals.find(.keyHash(APIKey.random().hash)) == nil)
  }

  @Test func `A key that was never there is asked of PostgreSQL once`() throws {
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600)
    let hash = APIKey.random().hash
    #expect(try principals.find(.keyHash(hash)) == nil)
    try scratch.look("ALTER FUNCTION petstore_principal RENAME TO away")
    defer { _ = try? scratch.look("ALTER FUNCTION away RENAME TO petstore_principal") }
    #expect(try principals.find(.keyHash(hash)) == nil)
  }

  @Test func `A name is taken while its key lives and free when it is revoked`() throws {
    // given
    let account = try database.register()
    let first = try database.addKey(newKey("robot"), for: account.principal, by: someone)
    // when, then
    expectRefusal(KeyRefusal.nameTaken) {
      try database.addKey(newKey("robot"), for: account.principal, by: someone)
    }
    expectRefusal(KeyRefusal.nameTaken) {
      try database.addKey(newKey("robot"), toAccount: account.email)
    }
    _ = try database.revokeKey(first.id, of: account.principal, by: someone)
    _ = try database.addKey(newKey("robot"), for: account.principal, by: someone)
    #expect(try database.keys(of: account.principal).count == 3)
  }

  @Test func `A revoked key stands for nobody, raises the epoch, and stays revoked`() throws {
    // given
    let account = try database.register()
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600)
    // when
    let first = try database.revokeKey(account.keyID, of: account.principal, by: someone)
    let second = try database.revokeKey(account.keyID, of: account.principal, by: someone)
    // then
    #expect(try principals.load(.keyHash(account.key.hash)) == nil)
    #expect(first.epoch == account.principal.epoch + 1 && second.epoch == first.epoch)
    #expect(first.key.revokedAt == second.key.revokedAt)
    #expect(first.key.status(at: 0) == .revoked)
    let events = try scratch.count(
      """
      SELECT count(*) FROM audit_events
      WHERE subject = \(account.keyID.description) AND action = 'key.revoked'
      """)
    #expect(events == 1)
  }

  @Test func `Nobody can touch another account's key`() throws {
    // given
    let anna = try database.register()
    let otto = try database.register()
    // when, then
    expectRefusal(KeyRefusal.noSuchKey) {
      try database.revokeKey(anna.keyID, of: otto.principal, by: someone)
    }
    expectRefusal(KeyRefusal.noSuchKey) {
      try database.rotateKey(
        anna.keyID, of: otto.principal, to: .random(), overlap: 0, by: someone)
    }
    #expect(try database.keys(of: otto.principal).map(\.id) == [otto.keyID])
    #expect(try database.keys(of: anna.principal).first?.revokedAt == nil)
  }

  @Test func `A key cannot be rotated into one that may do more than the caller's`() throws {
    // given: a caller whose own key may only write keys
    let account = try database.register()
    let new = newKey("narrow", [.keysWrite])
    _ = try database.addKey(new, for: account.principal, by: someone)
    let caller = try #require(
      try Principals(database: database, concurrent: 10, idleSeconds: 3_600).load(.keyHash(new.key.hash)))
    // when, then
    let wider = ScopeSet.standard(for: .free).allowed(to: .free).scopes.filter { $0 != .keysWrite }
    expectRefusal(.widerThanCaller(wider)) {
      try database.rotateKey(
        account.keyID, of: caller.principal, to: .random(), overlap: 0, by: someone)
    }
  }

  @Test func `Rotation keeps name, scopes and expiry; the old key works on for the overlap`()
    throws
  {
    // given
    let account = try database.register()
    let expiry = (HostClock.wallSeconds() + 86_400).rounded()
    var new = newKey("site", [.contentWrite])
    new.expiresAt = expiry
    let old = try database.addKey(new, for: account.principal, by: someone)
    let successor = APIKey.random()
    // when
    let rotated = try database.rotateKey(
      old.id, of: account.principal, to: successor, overlap: 3_600, by: someone)
    // then
    #expect(rotated.new.name == "site" && rotated.new.scopes.scopes == [.contentWrite])
    #expect(rotated.new.expiresAt == expiry)
    #expect(rotated.previous.replacedBy == rotated.new.id)
    let now = HostClock.wallSeconds()
    #expect(rotated.previous.status(at: now) == .rotating)
    let end = try #require(rotated.previous.expiresAt)
    #expect(abs(end - now - 3_600) < 30)
    #expect(rotated.epoch == account.principal.epoch + 1)
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600)
    for key in [new.key, successor] {
      #expect(try principals.load(.keyHash(key.hash))?.principal.userID == account.userID)
    }
    // and not twice, nor once revoked
    expectRefusal(KeyRefusal.notActive) {
      try database.rotateKey(
        old.id, of: account.principal, to: .random(), overlap: 0, by: someone)
    }
    _ = try database.revokeKey(rotated.new.id, of: account.principal, by: someone)
    expectRefusal(KeyRefusal.notActive) {
      try database.rotateKey(
        rotated.new.id, of: account.principal, to: .random(), overlap: 0, by: someone)
    }
  }

  @Test func `An overlap never makes a key live longer`() throws {
    let account = try database.register()
    var new = newKey("short")
    let expiry = (HostClock.wallSeconds() + 60).rounded()
    new.expiresAt = expiry
    let old = try database.addKey(new, for: account.principal, by: someone)
    let rotated = try database.rotateKey(
      old.id, of: account.principal, to: .random(), overlap: 3_600, by: someone)
    #expect(rotated.previous.expiresAt == expiry)
  }

  @Test func `Of eight rotations of one key at once, one happens`() throws {
    // given
    let account = try database.register()
    let (database, principal, keyID) = (scratch.open(connections: 8), account.principal, account.keyID)
    let (done, refused) = (Counter(), Counter())
    // when
    concurrently(8) { _ in
      do {
        _ = try database.rotateKey(
          keyID, of: principal, to: .random(), overlap: 60, by: someone)
        done.add()
      } catch KeyRefusal.notActive {
        refused.add()
      } catch {}
    }
    // then
    #expect(done.value == 1 && refused.value == 7)
    #expect(try database.keys(of: principal).count == 2)
  }
}
