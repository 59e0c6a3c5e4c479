import Crypto
import Domain
import Harness
import Host
import Postgres
import Testing
import Threads

@testable import Store

@Suite(.serialized) struct SessionTests {
  private let scratch: ScratchDatabase
  private let database: Database
  private let account: Account

  init() throws {
    scratch = try ScratchPostgres.database(for: "sessions")
    database = scratch.open()
    account = try database.register()
  }

  private func start(_ new: NewSession = .plain, cap: Int = 100) throws -> SessionIdentity {
    var rule = SessionRule.roomy
    rule.cap = cap
    return try database.addSession(new, for: account.principal, rule: rule, by: someone).session
  }

  private func refresh(
    _ session: SessionIdentity, _ generation: Int, _ pair: [UInt8] = Array("pair".utf8)
  ) throws -> RefreshOutcome {
    try database.refresh(session.id, presented: generation, rule: .roomy, by: someone) { identity in
      pair + Array(" \(identity.generation)".utf8)
    }
  }

  private func text(_ outcome: RefreshOutcome) -> String? {
    guard case .pair(let sealed, _) = outcome else { return nil }
    return String(decoding: sealed, as: UTF8.self)
  }

  private func load(_ session: SessionIdentity, idle: Int = 3_600) throws -> Principal? {
    try Principals(database: database, concurrent: 10, idleSeconds: idle).load(.session(session.id))?.principal
  }

  private func change(_ sql: SQL) throws {
    var connection = try Postgres.Connection(
      dsn: scratch.superuserDSN, password: nil, timeout: .seconds(10))
    try connection.query(sql)
  }

  // MARK: - Principals

  @Test func `A session's principal is its account's, narrowed to its scopes and its key's`() throws {
    var wish = NewSession.plain
    wish.scopes = ScopeSet([.profileRead, .keysRead, .usersWrite])
    let session = try start(wish)
    let principal = try #require(try load(session))
    #expect(principal.userID == account.userID && principal.session?.id == session.id)
    #expect(principal.keyID == account.keyID)
    // users:write is nothing to a role that may not manage users
    #expect(principal.scopes == ScopeSet([.profileRead, .keysRead]))
    try change("UPDATE api_keys SET scopes = '{keys:read}' WHERE id = \(account.keyID)")
    #expect(try load(session)?.scopes == ScopeSet([.keysRead]))
  }

  @Test func `A session ends with its key, by its own end, and when nobody uses it`() throws {
    let session = try start()
    try change("UPDATE sessions SET last_seen_at = now() - interval '100 s' WHERE id = \(session.id)")
    #expect(try load(session, idle: 90) == nil)
    #expect(try load(session, idle: 110) != nil)
    try change("UPDATE sessions SET expires_at = now() - interval '1 s' WHERE id = \(session.id)")
    #expect(try load(session) == nil)
    let other = try start()
    #expect(try load(other) != nil)
    _ = try database.revokeKey(account.keyID, of: account.principal, by: someone)
    #expect(try load(other) == nil)
    guard case .ended = try refresh(other, 0) else {
      Issue.record("a session outlived its key")
      return
    }
  }

  @Test func `Whatever ends or changes a session raises its owner's epoch`() throws {
    let session = try start()
    func epoch() throws -> Int {
      try #require(
        try Principals(database: database, concurrent: 10, idleSeconds: 3_600)
          .load(.keyHash(account.key.hash))
      ).principal.epoch
    }
    var last = try epoch()
    for sql: SQL in [
      "UPDATE sessions SET second_factor_at = now() WHERE id = \(session.id)",
      "UPDATE sessions SET scopes = '{}' WHERE id = \(session.id)",
      "UPDATE sessions SET revoked_at = now() WHERE id = \(session.id)",
    ] {
      try change(sql)
      let now = try epoch()
      #expect(now > last, "\(sql.text)")
      last = now
    }
    // a refresh does not: every worker would read the account again for nothing
    let quiet = try start()
    last = try epoch()
    _ = try refresh(quiet, 0)
    try database.acknowledge(1, of: quiet.id)
    #expect(try epoch() == last)
    try change("DELETE FROM sessions WHERE id = \(quiet.id)")
    #expect(try epoch() > last)
  }

  // MARK: - Refresh

  @Test func `The parent gives the same pair until its successor is used`() throws {
    let session = try start()
    #expect(text(try refresh(session, 0)) == "pair 1")
    #expect(text(try refresh(session, 0, Array("other".utf8))) == "pair 1")
    try database.acknowledge(1, of: session.id)
    guard case .reused(let user, _) = try refresh(session, 0) else {
      Issue.record("the parent was taken after its successor's use")
      return
    }
    #expect(user == account.userID)
    #expect(try load(session) == nil)
    guard case .ended = try refresh(session, 1) else {
      Issue.record("the family outlived the theft")
      return
    }
  }

  @Test func `A grandparent ends the session, and so does a parent after ten seconds`() throws {
    let old = try start()
    _ = try refresh(old, 0)
    _ = try refresh(old, 1)
    guard case .reused = try refresh(old, 0) else {
      Issue.record("a grandparent was taken")
      return
    }
    let late = try start()
    _ = try refresh(late, 0)
    try change("UPDATE sessions SET rotated_at = now() - interval '10.1 s' WHERE id = \(late.id)")
    guard case .reused = try refresh(late, 0) else {
      Issue.record("a parent was taken after its grace")
      return
    }
    let letters = try database.pool.withConnection { connection in
      try connection.query(
        "SELECT 1 FROM letters WHERE user_id = \(account.userID) AND kind = 'sessions_ended'")
    }
    #expect(letters.count == 2)
  }

  @Test func `Two hundred refreshes at once make one generation`() throws {
    let session = try start()
    let database = scratch.open(connections: 16)
    let pairs = Locked<[String: Int]>([:])
    concurrently(16) { thread in
      for round in 0..<13 where round * 16 + thread < 200 {
        let outcome = try? database.refresh(session.id, presented: 0, rule: .roomy, by: someone) { identity in
          Array("\(thread) \(round) \(identity.generation)".utf8)
        }
        let told: String
        if case .pair(let sealed, _)? = outcome {
          told = String(decoding: sealed, as: UTF8.self)
        } else {
          told = "\(String(describing: outcome))"
        }
        pairs.withLock { $0[told, default: 0] += 1 }
      }
    }
    let seen = pairs.withLock { $0 }
    #expect(seen.count == 1 && seen.values.first == 200, "\(seen)")
    #expect(
      try scratch.count("SELECT count(*) FROM sessions WHERE id = \(session.id) AND generation = 1") == 1)
  }

  @Test func `A disabled account's refresh token is refused and comes back with the account`() throws {
    let session = try start()
    try change("UPDATE users SET is_active = false WHERE id = \(account.userID)")
    guard case .disabled = try refresh(session, 0) else {
      Issue.record("a disabled account was refreshed")
      return
    }
    try change("UPDATE users SET is_active = true WHERE id = \(account.userID)")
    #expect(text(try refresh(session, 0)) == "pair 1")
  }

  // MARK: - The cap and the end

  @Test func `Beyond the cap the session that was not used for longest gives way, under many logins at once too`()
    throws
  {
    let first = try start(cap: 3)
    let second = try start(cap: 3)
    try change("UPDATE sessions SET last_seen_at = now() + interval '5 s' WHERE id = \(first.id)")
    _ = try start(cap: 3)
    _ = try start(cap: 3)
    #expect(try load(first) != nil)
    #expect(try load(second) == nil)
    let database = scratch.open(connections: 8)
    let principal = account.principal
    concurrently(8) { _ in
      for _ in 0..<5 {
        var rule = SessionRule.roomy
        rule.cap = 3
        _ = try? database.addSession(.plain, for: principal, rule: rule, by: someone)
      }
    }
    #expect(try database.sessions(of: account.userID, idleSeconds: 3_600).count == 3)
  }

  @Test func `Nobody ends another account's session`() throws {
    let session = try start()
    let other = try database.register()
    #expect(throws: SessionRefusal.noSuchSession) {
      try database.endSession(session.id, of: other.userID, reason: "test", by: someone)
    }
    #expect(try load(session) != nil)
  }

  @Test func `The clean-up ends what nobody uses and forgets what ended a month ago`() throws {
    let idle = try start()
    let old = try start()
    let living = try start()
    try change("UPDATE sessions SET last_seen_at = now() - interval '2 h' WHERE id = \(idle.id)")
    try change("UPDATE sessions SET revoked_at = now() - interval '31 days' WHERE id = \(old.id)")
    _ = try database.cleanSessions(idleSeconds: 3_600)
    var connection = try Postgres.Connection(
      dsn: scratch.superuserDSN, password: nil, timeout: .seconds(10))
    let rows = try connection.query(
      """
      SELECT id, revoked_reason FROM sessions WHERE id IN (\(idle.id), \(old.id), \(living.id)) ORDER BY revoked_reason
      """)
    #expect(rows.count == 2)
    #expect(try rows.first?.string(1) == "idle")
    #expect(try load(living) != nil)
  }
}

@Suite struct RefreshDecisionTests {
  @Test(arguments: [
    (5, 5, 0, 3.0, RefreshDecision.rotate), (4, 5, 4, 3.0, .repeatSuccessor), (4, 5, 4, 10.0, .repeatSuccessor),
    (4, 5, 4, 10.01, .endSession), (4, 5, 5, 3.0, .endSession), (3, 5, 4, 3.0, .endSession),
    (6, 5, 4, 3.0, .endSession), (4, 5, 4, -0.5, .repeatSuccessor),
  ])
  func `Only the present token rotates, only the parent in its grace repeats`(
    _ presented: Int, _ present: Int, _ acknowledged: Int, _ since: Double, _ wanted: RefreshDecision
  ) {
    #expect(
      RefreshDecision(
        presented: presented, present: present, acknowledged: acknowledged, sinceRotation: since) == wanted)
  }
}
