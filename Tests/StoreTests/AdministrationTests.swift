import Crypto
import Domain
import Harness
import Postgres
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct AdministrationTests {
  private let scratch: ScratchDatabase
  private let database: Database
  private let terms = AccountTerms(concurrent: 10, idleSeconds: 3_600)

  init() throws {
    scratch = try ScratchPostgres.database(for: "administration")
    database = scratch.open(connections: 8)
  }

  private func change(_ sql: SQL) throws { _ = try scratch.look(sql) }

  private func add(_ company: String, email: String? = nil, tier: Tier = .free, role: Role? = nil) throws -> ID<User> {
    let email = email ?? "user-\(UInt64.random(in: 0...UInt64.max))@example.com"
    return try database.addAccount(
      NewAccount(
        email: try #require(EmailAddress(email)), passwordHash: try Database.anyHash,
        companyName: try #require(DisplayName(company, limit: 200)), tier: tier,
        role: role ?? Role(rawValue: tier.rawValue) ?? .free),
      key: .random(), by: someone
    ).userID
  }

  /// An administrator who is not the last one.
  private func admins() throws -> (ID<User>, ID<User>) {
    (try add("Admin", role: .admin), try add("Admin", role: .admin))
  }

  private func found(_ text: String, _ change: (inout UserFilter) -> Void = { _ in }) throws -> [ID<User>] {
    var filter = UserFilter(text: text)
    change(&filter)
    let page = try database.users(filter, limit: 200, terms)
    #expect(page.total == page.users.count && page.next == nil)
    return page.users.map(\.profile.userID)
  }

  private func actions(_ id: ID<User>) throws -> [String] {
    try scratch.look("SELECT action FROM audit_events WHERE subject = \(id.description) ORDER BY id").dropFirst()
      .map { try $0.string(0) }
  }

  private func letters(_ id: ID<User>) throws -> [String] {
    try scratch.look("SELECT kind FROM letters WHERE user_id = \(id) AND kind <> 'verify_email' ORDER BY created_at")
      .map { try $0.string(0) }
  }

  private func pages(_ filter: UserFilter, limit: Int, between: () throws -> Void = {}) throws -> [ID<User>] {
    var seen: [ID<User>] = []
    var cursor: PageCursor<User>?
    repeat {
      let page = try database.users(filter, after: cursor, limit: limit, terms)
      #expect(page.users.count <= limit)
      seen += page.users.map(\.profile.userID)
      // As a caller sends it back.
      cursor = try page.next.map { try #require(PageCursor<User>($0.text)) }
      try between()
    } while cursor != nil
    return seen
  }

  // MARK: - The list

  @Test(arguments: [1, 2, 3, 7, 23, 24, 200])
  func `Pages are complete, in order and without doubles, also where many were made at one moment`(
    limit: Int
  ) throws {
    let name = "Paging \(limit)"
    let all = try (0..<23).map { _ in try add(name) }
    for (index, id) in all.enumerated() {
      // Moments a microsecond apart, several accounts in each.
      let moment = "2026-01-02 03:04:05.99999\(index / 5)+00"
      try change("UPDATE users SET created_at = \(moment)::timestamptz WHERE id = \(id)")
    }
    let seen = try pages(UserFilter(text: name), limit: limit)
    #expect(seen.count == 23 && Set(seen) == Set(all))
    let order = try scratch.look(
      "SELECT id FROM users WHERE company_name = \(name) ORDER BY created_at DESC, id"
    ).map { row in try row.id(0) as ID<User> }
    #expect(seen == order)
  }

  @Test func `Accounts that come and go between pages neither hide nor repeat any other`() throws {
    let all = try (0..<20).map { _ in try add("Come and go") }
    var left = Array(all.reversed())
    let seen = try pages(UserFilter(text: "come and go"), limit: 4) {
      _ = try add("Come and go")
      // The very account that the cursor names.
      if left.count > 6 {
        _ = try database.erase(left[3], by: someone)
        left.removeFirst(4)
      }
    }
    #expect(seen.count == Set(seen).count)
    #expect(Set(seen).isSubset(of: Set(all)))
    #expect(Set(seen) == Set(all))
  }

  @Test func `A cursor that was never given is none`() {
    let cursor = PageCursor<User>(createdAt: 1_795_468_800_123_456, id: .random())
    #expect(PageCursor<User>(cursor.text) == cursor)
    for text in [
      "", "x", cursor.text + "A", String(cursor.text.dropLast()), cursor.text + "=", "////" + cursor.text.dropFirst(4),
    ] {
      #expect(PageCursor<User>(text) == nil, "\(text)")
    }
    #expect(PageCursor<User>(Base64URL.encode([UInt8](repeating: 255, count: 24))) == nil)
  }

  @Test func `Wildcards of LIKE stand for themselves in a search`() throws {
    let percent = try add("Zoo 100% pure")
    let underscore = try add("Zoo snake_case")
    let backslash = try add(#"Zoo back\slash"#)
    let plain = try add("Zoo 100 pure snakescase backslash")
    #expect(Set(try found("zoo ")) == [percent, underscore, backslash, plain])
    #expect(try found("0% p") == [percent])
    #expect(try found("e_c") == [underscore])
    #expect(try found(#"k\s"#) == [backslash])
    #expect(try found("zoo%pure").isEmpty)
    #expect(try found(#"zoo\"#).isEmpty)
    #expect(try found("'; DROP TABLE users; --").isEmpty)
  }

  @Test func `A search looks into addresses and names, in either case, beyond ASCII too`() throws {
    let one = try add("Käse für KATZEN", email: "search.me@felis.example")
    #expect(try found("SEARCH.ME@felis") == [one])
    #expect(try found("KÄSE FÜR katzen") == [one])
    #expect(try found("@felis.example") == [one])
  }

  @Test func `Filters narrow the list and the total alike`() throws {
    let name = "Filtered"
    let free = try add(name)
    let premium = try add(name, tier: .premium)
    let odd = try add(name, tier: .premium, role: .standard)
    try change("UPDATE users SET is_active = false WHERE id = \(odd)")
    #expect(try found(name) { $0.tier = .premium } == [odd, premium])
    #expect(try found(name) { $0.role = .standard } == [odd])
    #expect(try found(name) { $0.isActive = false } == [odd])
    #expect(try found(name) { $0.isActive = true } == [premium, free])
    #expect(try found(name) { ($0.isActive, $0.role) = (true, .standard) }.isEmpty)
    let page = try database.users(UserFilter(text: name), limit: 1, terms)
    #expect(page.users.count == 1 && page.total == 3 && page.next != nil)
  }

  @Test func `Living sessions and working keys are counted, ended and revoked ones not`() throws {
    let account = try database.register()
    func counts() throws -> [Int] {
      let user = try database.user(account.userID, terms)
      return [user.sessions, user.keys]
    }
    #expect(try counts() == [0, 1])
    _ = try database.addSession(.plain, for: account.principal, rule: .roomy, by: someone)
    let second = try database.addSession(.plain, for: account.principal, rule: .roomy, by: someone).session
    _ = try database.addKey(
      NewKey(name: "two", key: .random(), scopes: .all, expiresAt: nil), for: account.principal, by: someone)
    #expect(try counts() == [2, 2])
    try change("UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE id = \(second.id)")
    #expect(try counts() == [1, 2])
    _ = try database.revokeKey(account.keyID, of: account.principal, by: someone)
    #expect(try counts() == [0, 1], "a session ends with the key that opened it")
    #expect(throws: AccountRefusal.noSuchAccount) { try database.user(.random(), terms) }
  }

  // MARK: - Changes

  @Test func `A change is made, leaves one event for each thing that changed, and is answered as it is now`() throws {
    let account = try database.register()
    let name = try #require(DisplayName("New name", limit: 200))
    let limits = LimitChanges(perMinute: .own(7), perHour: .unchanged, perDay: .unchanged, concurrent: .own(3))
    let (user, epoch) = try database.changeUser(
      account.userID, UserChange(companyName: name, tier: .premium, limits: limits), terms, by: someone)
    #expect(user.profile.companyName == "New name" && user.profile.tier == .premium && user.profile.role == .premium)
    #expect(user.profile.limits == AccountLimits(perMinute: 7, perHour: 50_000, perDay: 500_000, concurrent: 3))
    #expect(epoch > account.principal.epoch)
    #expect(
      try actions(account.userID) == [
        "account.updated", "account.tier_changed", "account.role_changed", "account.limits_changed",
      ])
    // Asked for again it changes nothing, and says nothing.
    let again = try database.changeUser(
      account.userID, UserChange(companyName: name, role: .premium, tier: .premium, isActive: true), terms, by: someone)
    let holds = try again.epoch == epoch && (try actions(account.userID)).count == 4
    #expect(holds)
  }

  @Test func `Of own limits only those named change, and the tier's come back`() throws {
    let account = try database.register()
    func set(_ minute: LimitChanges.Wish, _ hour: LimitChanges.Wish) throws -> AccountLimits {
      let limits = LimitChanges(perMinute: minute, perHour: hour, perDay: .unchanged, concurrent: .unchanged)
      return try database.changeUser(account.userID, UserChange(limits: limits), terms, by: someone).user.profile.limits
    }
    #expect(try set(.own(5), .own(6)).perHour == 6)
    #expect(try set(.own(9), .unchanged) == AccountLimits(perMinute: 9, perHour: 6, perDay: 10_000, concurrent: 10))
    #expect(try set(.tier, .unchanged) == AccountLimits(perMinute: 60, perHour: 6, perDay: 10_000, concurrent: 10))
    #expect(try set(.unchanged, .tier) == AccountLimits.of(.free))
    #expect(throws: PostgresError.self) { try set(.own(0), .unchanged) }
  }

  @Test func `The role follows a changed tier unless it is given or an administrator's`() throws {
    let (admin, _) = try admins()
    let account = try database.register()
    func set(_ id: ID<User>, _ change: UserChange) throws -> Role {
      try database.changeUser(id, change, terms, by: someone).user.profile.role
    }
    #expect(try set(admin, UserChange(tier: .premium)) == .admin)
    #expect(try set(account.userID, UserChange(tier: .standard)) == .standard)
    #expect(try set(account.userID, UserChange(role: .free, tier: .premium)) == .free)
    #expect(try set(account.userID, UserChange(tier: .premium)) == .free, "the tier did not change")
    #expect(try set(account.userID, UserChange(role: .admin)) == .admin)
    #expect(try set(account.userID, UserChange(role: .standard)) == .standard)
  }

  @Test func `A suspended account's sessions have ended, and activating calls a deletion off`() throws {
    let account = try database.register()
    let session = try database.addSession(.plain, for: account.principal, rule: .roomy, by: someone).session
    let suspended = try database.changeUser(account.userID, UserChange(isActive: false), terms, by: someone)
    #expect(!suspended.user.profile.isActive && suspended.user.sessions == 0)
    let principals = Principals(database: database, concurrent: 10, idleSeconds: 3_600)
    #expect(try principals.load(.session(session.id)) == nil)
    #expect(try principals.load(.keyHash(account.key.hash))?.principal.isActive == false)
    #expect(try actions(account.userID) == ["account.suspended"])
    // Once more: no second event.
    _ = try database.changeUser(account.userID, UserChange(isActive: false), terms, by: someone)
    #expect(try actions(account.userID) == ["account.suspended"])

    try change("UPDATE users SET erase_at = now() + interval '1 day' WHERE id = \(account.userID)")
    #expect(try database.user(account.userID, terms).eraseAt != nil)
    let active = try database.changeUser(account.userID, UserChange(isActive: true), terms, by: someone).user
    #expect(active.profile.isActive && active.eraseAt == nil)
    #expect(try actions(account.userID) == ["account.suspended", "account.activated"])
  }

  @Test func `An invited account has no password that opens it, and a letter is due`() throws {
    let hash = try PasswordHash.unusable()
    #expect(try hash != .unusable())
    let added = try database.addAccount(
      NewAccount(
        email: try #require(EmailAddress("invited@example.com")), passwordHash: hash,
        companyName: try #require(DisplayName("Invited", limit: 200)), tier: .standard, role: .standard),
      key: nil, action: .accountCreated, by: someone)
    #expect(added.keyID == nil)
    #expect(try letters(added.userID) == ["invitation"])
    #expect(
      try scratch.count("SELECT count(*) FROM letters WHERE user_id = \(added.userID) AND kind = 'verify_email'") == 0)
  }

  // MARK: - Resets

  @Test func `A reset takes away what it names and nothing else`() throws {
    let account = try database.register()
    _ = try database.addSession(.plain, for: account.principal, rule: .roomy, by: someone)
    let before = try database.passwordHash(of: account.userID)
    var none = UserReset(password: false, secondFactor: true, sessions: false, keys: false)
    let factor = try database.resetUser(account.userID, none, unusable: nil, by: someone)
    #expect(!factor.secondFactorRemoved && !factor.passwordReset && factor.sessionsEnded + factor.keysRevoked == 0)
    #expect(try letters(account.userID).isEmpty)
    #expect(try database.passwordHash(of: account.userID) == before)

    none.secondFactor = false
    #expect(none.isEmpty)
    let all = UserReset(password: true, secondFactor: true, sessions: true, keys: true)
    try change("UPDATE users SET has_second_factor = true WHERE id = \(account.userID)")
    let hash = try PasswordHash.unusable()
    let outcome = try database.resetUser(account.userID, all, unusable: hash, by: someone)
    #expect(outcome.passwordReset && outcome.secondFactorRemoved)
    #expect(outcome.sessionsEnded == 1 && outcome.keysRevoked == 1)
    #expect(try database.passwordHash(of: account.userID) == hash)
    #expect(Set(try letters(account.userID)) == ["reset_password", "second_factor_changed", "sessions_ended"])
    let user = try database.user(account.userID, terms)
    #expect(user.sessions == 0 && user.keys == 0 && !user.profile.hasSecondFactor)
    #expect(try actions(account.userID).filter { $0 == "account.reset" }.count == 2)
    // Nothing left to end: no letter about it.
    #expect(try database.endSessionsOfUser(account.userID, by: someone).count == 0)
    #expect(try letters(account.userID).count == 3)
    #expect(throws: AccountRefusal.noSuchAccount) {
      try database.resetUser(.random(), all, unusable: hash, by: someone)
    }
    #expect(throws: AccountRefusal.noSuchAccount) { try database.endSessionsOfUser(.random(), by: someone) }
  }

  @Test func `Where one event cannot be written nothing is changed`() throws {
    let account = try database.register()
    let before = try database.user(account.userID, terms)
    try change("REVOKE INSERT ON audit_events FROM petstore")
    defer { try? change("GRANT INSERT ON audit_events TO petstore") }
    #expect(throws: PostgresError.self) {
      try database.changeUser(account.userID, UserChange(tier: .premium), terms, by: someone)
    }
    #expect(throws: PostgresError.self) {
      try database.resetUser(
        account.userID, UserReset(password: true, secondFactor: false, sessions: false, keys: true),
        unusable: try .unusable(), by: someone)
    }
    let after = try database.user(account.userID, terms)
    #expect(after.profile.tier == before.profile.tier && after.keys == 1)
    #expect(try letters(account.userID).isEmpty)
  }

  // MARK: - The last administrator

  /// Makes these the only active administrators of this database.
  private func onlyAdmins(_ ids: [ID<User>]) throws {
    for id in ids { try change("UPDATE users SET role = 'admin', is_active = true WHERE id = \(id)") }
    try change("UPDATE users SET role = 'free' WHERE role = 'admin' AND id <> ALL (\(ids)::uuid[])")
  }

  private func activeAdmins() throws -> Int {
    try scratch.count("SELECT count(*) FROM users WHERE role = 'admin' AND is_active")
  }

  @Test func `The last active administrator can be neither demoted, suspended nor erased`() throws {
    let (admin, other) = try admins()
    try onlyAdmins([admin])
    for change in [UserChange(role: .premium), UserChange(isActive: false), UserChange(role: .free, isActive: false)] {
      #expect(throws: AccountRefusal.lastAdmin) { try database.changeUser(admin, change, terms, by: someone) }
    }
    #expect(throws: AccountRefusal.lastAdmin) { try database.erase(admin, by: someone) }
    #expect(try actions(admin).isEmpty, "what was refused leaves no event")
    // A suspended administrator is no way out, an active one is.
    try change("UPDATE users SET role = 'admin', is_active = false WHERE id = \(other)")
    #expect(throws: AccountRefusal.lastAdmin) {
      try database.changeUser(admin, UserChange(role: .free), terms, by: someone)
    }
    _ = try database.changeUser(other, UserChange(isActive: true), terms, by: someone)
    #expect(try database.changeUser(admin, UserChange(role: .free), terms, by: someone).user.profile.role == .free)
    #expect(try activeAdmins() == 1)
  }

  @Test func `Two administrators who demote, suspend or erase each other at one moment leave exactly one`() throws {
    let database = database
    let terms = terms
    for round in 0..<20 {
      let (one, two) = try admins()
      try onlyAdmins([one, two])
      let (done, refused, failed) = (Counter(), Counter(), Locked<[String]>([]))
      concurrently(2) { index in
        let (actor, victim) = index == 0 ? (one, two) : (two, one)
        let by = AuditActor(userID: actor, keyID: nil, address: "192.0.2.7", requestID: "req-\(round)")
        do {
          switch round % 4 {
          case 0, 1: _ = try database.changeUser(victim, UserChange(role: .free), terms, by: by)
          case 2: _ = try database.changeUser(victim, UserChange(isActive: false), terms, by: by)
          default: _ = try database.erase(victim, by: by)
          }
          done.add()
        } catch AccountRefusal.lastAdmin {
          refused.add()
        } catch {
          failed.withLock { $0.append("\(error)") }
        }
      }
      #expect(failed.withLock { $0 }.isEmpty)
      #expect(done.value == 1 && refused.value == 1, "round \(round)")
      #expect(try activeAdmins() == 1, "round \(round)")
    }
  }
}
