import Crypto
import Domain
import Harness
import Testing
import Threads

@testable import Store

/// Runs `body` on so many threads at once and waits for all.
func concurrently(_ threads: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
  let left = Locked(threads)
  let ended = CountingSemaphore(slots: 1)
  _ = ended.wait(timeout: .zero)
  for index in 0..<threads {
    _ = Thread {
      body(index)
      let last = left.withLock { left in
        left -= 1
        return left == 0
      }
      if last { ended.signal() }
    }
  }
  _ = ended.wait(timeout: .seconds(300))
}

/// An account with its first key.
struct Account {
  let email: EmailAddress
  let key: APIKey
  let userID: ID<User>
  let tenantID: ID<Tenant>
  let keyID: ID<Key>
  let cached: CachedPrincipal
  var principal: Principal { cached.principal }
}

extension NewSession {
  /// As a login without a second factor opens it.
  static var plain: NewSession {
    NewSession(
      scopes: .all, accessSeconds: 3_600, userAgent: "tests", address: "192.0.2.7", isAuthenticated: true,
      hasSecondFactor: false)
  }
}

extension SessionRule {
  static let roomy = SessionRule(
    lifetimes: SessionLifetimes(access: 3_600, refresh: 86_400, idle: 3_600, absolute: 604_800), cap: 100)
}

let someone = AuditActor(
  userID: nil, keyID: nil, address: "192.0.2.7", requestID: "req-0123456789abcdef")

extension Database {
  /// A hash of the right form; nobody knows its password.
  static var anyHash: PasswordHash {
    get throws {
      try #require(PasswordHash("$2b$12$" + String(repeating: "a", count: 53)))
    }
  }

  /// Registers a new account.
  func register(
    email: String = "user-\(UInt64.random(in: 0...UInt64.max))@example.com", tier: Tier = .free
  ) throws -> Account {
    let email = try #require(EmailAddress(email))
    let key = APIKey.random()
    let name = try #require(DisplayName("Tails & Co", limit: 200))
    let added = try addAccount(
      NewAccount(email: email, passwordHash: try Self.anyHash, companyName: name, tier: tier),
      key: key, by: someone)
    let cached = try #require(
      try Principals(database: self, concurrent: 10, idleSeconds: 3_600).load(.keyHash(key.hash)))
    return Account(
      email: email, key: key, userID: added.userID, tenantID: added.tenantID,
      keyID: try #require(added.keyID), cached: cached)
  }
}
