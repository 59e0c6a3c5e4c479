import Domain
import Harness
import Postgres
import Redis
import Testing

@testable import Store

@Suite(.serialized) struct EpochTests {
  private let scratch: ScratchDatabase
  private let redis: ScratchRedis
  private let database: Database
  private let account: Account

  init() throws {
    scratch = try ScratchPostgres.database(for: "EpochTests")
    redis = try ScratchRedis.server(for: "EpochTests")
    database = scratch.open()
    account = try database.register()
  }

  private func epoch() throws -> Int {
    try scratch.count("SELECT auth_epoch FROM users WHERE id = \(account.userID)::uuid")
  }

  private static let changes = [
    "UPDATE users SET email = 'new-' || email WHERE id = :user",
    "UPDATE users SET password_hash = '$2b$12$' || repeat('b', 53) WHERE id = :user",
    "UPDATE users SET company_name = 'New' WHERE id = :user",
    "UPDATE users SET subscription_tier = 'premium' WHERE id = :user",
    "UPDATE users SET role = 'admin' WHERE id = :user",
    "UPDATE users SET is_active = false WHERE id = :user",
    "UPDATE api_keys SET revoked_at = now() WHERE user_id = :user",
    "UPDATE api_keys SET expires_at = now() WHERE user_id = :user",
    "UPDATE api_keys SET scopes = '{}' WHERE user_id = :user",
    "DELETE FROM api_keys WHERE user_id = :user",
    "INSERT INTO rate_limits (user_id, requests_per_minute) VALUES (:user, 5)",
  ]

  @Test(arguments: changes)
  func `Whatever a worker may have cached raises the epoch when it changes`(change: String) throws {
    // given
    let before = try epoch()
    // when
    let text = change.split(separator: ":user", omittingEmptySubsequences: false)
      .joined(separator: "'\(account.userID)'")
    try scratch.look(SQL(trusted: text))
    // then
    #expect(try epoch() == before + 1)
    #expect(
      try scratch.count("SELECT epoch FROM epoch_changes WHERE user_id = \(account.userID)::uuid")
        == before + 1)
  }

  @Test func `Limits that change or go raise the epoch, a use of a key does not`() throws {
    let user = account.userID
    try scratch.look("INSERT INTO rate_limits (user_id, concurrent) VALUES (\(user)::uuid, 3)")
    try scratch.look("UPDATE rate_limits SET concurrent = 4 WHERE user_id = \(user)::uuid")
    try scratch.look("DELETE FROM rate_limits WHERE user_id = \(user)::uuid")
    #expect(try epoch() == 4)
    try scratch.look("UPDATE api_keys SET last_used_at = now() WHERE user_id = \(user)::uuid")
    try scratch.look("UPDATE users SET company_name = company_name WHERE id = \(user)::uuid")
    #expect(try epoch() == 4)
  }

  @Test func `An epoch that no worker told Redis is told by the repair, once`() throws {
    // given
    try redis.empty()
    var repair = EpochRepair(database: database, link: redis.link())
    while try repair.run() > 0 {}
    _ = try database.setTier(.standard, of: account.email)
    _ = try database.setTier(.premium, of: account.email)
    // when
    let told = try repair.run()
    let again = try repair.run()
    // then
    #expect(told == 1 && again == 0)
    #expect(try redis.run("GET", AccountKeys(account.userID).epoch).text == "3")
  }

  @Test func `A change while the repair runs is not forgotten`() throws {
    // given
    try redis.empty()
    _ = try database.setTier(.standard, of: account.email)
    var repair = EpochRepair(database: database, link: redis.link())
    // when: the two steps as the repair takes them, with a change between them
    _ = try repair.run()
    _ = try database.setTier(.free, of: account.email)
    _ = try database.pool.withConnection { connection in
      try connection.query(
        "DELETE FROM epoch_changes WHERE user_id = \(account.userID) AND epoch <= 2::bigint")
    }
    // then
    #expect(try repair.run() == 1)
    #expect(try redis.run("GET", AccountKeys(account.userID).epoch).text == "3")
  }

  @Test func `Redis never goes back to an older epoch`() throws {
    // given
    var link = redis.link()
    let key = AccountKeys(account.userID).epoch
    // when
    try link.raiseEpoch(of: account.userID, to: 10)
    try link.raiseEpoch(of: account.userID, to: 9)
    // then: 9 < 10 as numbers, though not as texts
    #expect(try redis.run("GET", key).text == "10")
  }
}
