import Crypto
import Domain
import Harness
import Postgres
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct LetterTests {
  private let scratch: ScratchDatabase
  private let database: Database
  private let master: MasterKey

  init() throws {
    scratch = try ScratchPostgres.database(for: "letters")
    database = scratch.open()
    master = try #require(MasterKey(text: String(repeating: "5e", count: 32)))
    try change("DELETE FROM letters")
  }

  private func change(_ sql: SQL) throws {
    var connection = try Postgres.Connection(
      dsn: scratch.superuserDSN, password: nil, timeout: .seconds(10))
    try connection.query(sql)
  }

  private func delivery() -> LetterDelivery {
    LetterDelivery(dsn: scratch.dsn, password: nil, master: master)
  }

  /// Delivers all that is due; gives what was handed over.
  private func deliverAll(
    _ taker: (OutgoingLetter) throws(DeliveryFailure) -> Void = { _ throws(DeliveryFailure) in }
  ) throws -> (letters: [OutgoingLetter], outcomes: [LetterDelivery.Outcome]) {
    var delivery = delivery()
    var letters: [OutgoingLetter] = []
    var outcomes: [LetterDelivery.Outcome] = []
    for _ in 0..<50 {
      let outcome = try delivery.deliverNext { letter throws(DeliveryFailure) in
        try taker(letter)
        letters.append(letter)
      }
      if outcome == .nothingDue { break }
      outcomes.append(outcome)
    }
    return (letters, outcomes)
  }

  /// Whom letters went to, seen from many threads.
  private final class Seen: Sendable {
    private let all = Locked<[ID<OutgoingLetter>: Int]>([:])
    func add(_ id: ID<OutgoingLetter>) { all.withLock { $0[id, default: 0] += 1 } }
    var counts: [ID<OutgoingLetter>: Int] { all.withLock { $0 } }
  }

  @Test func `A letter whose sender died after the relay had it is sent again, the same letter with the same code`()
    throws
  {
    // given
    let account = try database.register()
    // when: the process dies between the relay's answer and the note of it
    var first: OutgoingLetter?
    do {
      var dying = delivery()
      _ = try dying.deliverNext { letter throws(DeliveryFailure) in
        first = letter
        // what a kill does to the transaction
        try? change(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = \(scratch.name)"
        )
      }
      Issue.record("the transaction outlived its backend")
    } catch {}
    // then
    let again = try deliverAll()
    #expect(again.letters.count == 1)
    #expect(again.letters.first?.id == first?.id && first != nil)
    #expect(again.letters.first?.code?.exposed == first?.code?.exposed)
    #expect(again.letters.first?.recipient == account.email.description)
    #expect(try deliverAll().letters.isEmpty)
    let code = try #require(first?.code?.exposed)
    #expect(try database.verifyEmail(code: code, by: someone).userID == account.userID)
  }

  @Test func `A stranger's address gets no letter, and the outbox forgets the wish`() throws {
    let email = try #require(EmailAddress("nobody@example.com"))
    try database.addLetter(.resetPassword, to: email, user: nil)
    let result = try deliverAll()
    #expect(result.letters.isEmpty && result.outcomes == [.needless])
  }

  @Test func `A relay that refuses for now is asked again later; one that refuses for good is not`() throws {
    _ = try database.register()
    let later = try deliverAll { _ throws(DeliveryFailure) in
      throw DeliveryFailure(isPermanent: false, reason: "busy")
    }
    #expect(later.outcomes == [.postponed(reason: "busy")])
    #expect(try deliverAll().outcomes.isEmpty)
    try change("UPDATE letters SET not_before = now()")
    let over = try deliverAll { _ throws(DeliveryFailure) in
      throw DeliveryFailure(isPermanent: true, reason: "no such mailbox")
    }
    #expect(over.outcomes == [.givenUp(reason: "no such mailbox")])
    try change("UPDATE letters SET not_before = now()")
    #expect(try deliverAll().outcomes.isEmpty)
  }

  @Test func `Of two that deliver at once each letter is taken by one`() throws {
    for _ in 0..<20 { _ = try database.register() }
    let seen = Seen()
    let (dsn, master) = (scratch.dsn, master)
    concurrently(4) { _ in
      var delivery = LetterDelivery(dsn: dsn, password: nil, master: master)
      for _ in 0..<40 {
        _ = try? delivery.deliverNext { letter throws(DeliveryFailure) in seen.add(letter.id) }
      }
    }
    #expect(seen.counts.count == 20 && seen.counts.values.allSatisfy { $0 == 1 })
  }

  @Test func `A newer letter's code takes the place of the older one's`() throws {
    let account = try database.register()
    let first = try #require(try deliverAll().letters.first?.code?.exposed)
    try database.addLetter(.verifyEmail, to: account.email, user: nil)
    let second = try #require(try deliverAll().letters.first?.code?.exposed)
    #expect(first != second)
    #expect(throws: RecoveryRefusal.invalidCode) { try database.verifyEmail(code: first, by: someone) }
    #expect(try database.verifyEmail(code: second, by: someone).email == account.email.description)
    #expect(throws: RecoveryRefusal.invalidCode) { try database.verifyEmail(code: second, by: someone) }
  }

  @Test func `A wish for an address that somebody has is told to its owner, and changes nothing`() throws {
    let account = try database.register()
    let other = try database.register()
    _ = try deliverAll()
    try database.addLetter(.confirmNewEmail, to: other.email, user: account.userID)
    let letters = try deliverAll().letters
    #expect(letters.map(\.kind) == [.emailInUse] && letters.first?.code == nil)
    #expect(letters.first?.recipient == other.email.description)
  }

  @Test func `An erased person leaves no row that names them, and events that cannot be read`() throws {
    // given
    let account = try database.register()
    _ = try database.addSession(.plain, for: account.principal, rule: .roomy, by: someone)
    // when
    let epoch = try #require(try database.erase(account.userID, by: someone))
    // then
    #expect(epoch > account.principal.epoch)
    for table in ["users", "api_keys", "sessions", "memberships", "known_addresses", "person_keys", "letter_codes"] {
      let column = table == "users" ? "id" : "user_id"
      let rows = try scratch.look(SQL(trusted: "SELECT 1 FROM \(table) WHERE \(column) = '\(account.userID)'"))
      #expect(rows.isEmpty, "\(table)")
    }
    let events = try scratch.look(
      """
      SELECT count(*), count(*) FILTER (WHERE address = 'erased'), count(*) FILTER (WHERE details <> '{}')
      FROM audit_trail WHERE person_id = \(account.userID)
      """)
    let row = try #require(events.first)
    #expect(try row.int(0) >= 3 && row.int(1) == row.int(0) && row.int(2) == 0)
    let letters = try deliverAll().letters
    #expect(letters.map(\.kind) == [.accountDeleted])
    #expect(try scratch.look("SELECT 1 FROM letters WHERE recipient = \(account.email.description)").isEmpty)
    // and the address is free again
    _ = try database.register(email: account.email.description)
  }

  @Test func `The last active administrator stays, however it is tried`() throws {
    let admin = try database.register()
    try change("UPDATE users SET role = 'admin' WHERE id = \(admin.userID)")
    #expect(throws: AccountRefusal.lastAdmin) { try database.erase(admin.userID, by: someone) }
    for sql: SQL in [
      "UPDATE users SET role = 'free' WHERE id = \(admin.userID)",
      "UPDATE users SET is_active = false WHERE id = \(admin.userID)",
      "DELETE FROM users WHERE id = \(admin.userID)",
    ] {
      let error = #expect(throws: PostgresError.self) { try change(sql) }
      #expect(error?.violatedCheck == "users_last_admin")
    }
  }
}
