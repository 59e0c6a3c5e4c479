// Principals: read from PostgreSQL, cached by key hash in each process. The cache has no lifetimes: an entry is true
// as long as its epoch is the account's, which Redis says at every call.

public import Domain
import Postgres
import Redis
import Threads

/// A principal with what its calls send to Redis each time, encoded once.
public final class CachedPrincipal: Sendable {
  public let principal: Principal
  /// `a,user,tenant,key,`: how this principal's admissions begin; and `user,tenant,`, its completions.
  let eventPrefix: String
  let completionPrefix: String
  let keys: AccountKeys
  let commandHead: Command.Fragment
  let commandHeadWithContent: Command.Fragment
  let windows: Command.Fragment
  public let policies: [LimitPolicy]
  /// The value of RateLimit-Policy, which never changes for one principal.
  public let policyField: String

  init(_ principal: Principal) {
    self.principal = principal
    completionPrefix = "\(principal.userID),\(principal.tenantID),"
    eventPrefix = "a,\(completionPrefix)\(principal.keyID),"
    let keys = AccountKeys(principal.userID)
    self.keys = keys
    func head(content: Bool) -> Command.Fragment {
      let names = [keys.epoch, keys.ring, keys.pending, keys.leases, keys.calls]
      return Command.Fragment(
        [content ? "6" : "5"] + names + (content ? [keys.contentRing] : [])
          + [String(principal.epoch)])
    }
    commandHead = head(content: false)
    commandHeadWithContent = head(content: true)
    policies = principal.limits.policies
    windows = LimitArguments.fragment(policies)
    policyField = LimitArguments.policyField(policies)
  }
}

extension CachedPrincipal {
  /// Whether its key has expired.
  ///
  /// - Parameter now: seconds since 1970.
  public func isExpired(at now: Double) -> Bool {
    principal.keyExpiry.map { $0 <= now } ?? false
  }
}

/// How policies are written.
public enum LimitArguments {
  static func texts(_ policies: [LimitPolicy]) -> [String] {
    [String(policies.count)] + policies.flatMap { [String($0.quota), String($0.seconds)] }
  }

  static func fragment(_ policies: [LimitPolicy]) -> Command.Fragment {
    Command.Fragment(texts(policies))
  }

  /// The field RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10, section 3).
  public static func policyField(_ policies: [LimitPolicy]) -> String {
    policies.map { "\"\($0.name)\";q=\($0.quota);w=\($0.seconds)" }.joined(separator: ", ")
  }
}

/// Finds principals by their keys.
public final class Principals: Sendable {
  private enum Entry {
    case known(CachedPrincipal)
    /// No such key, or a revoked one. Neither ever changes: keys are random and revocation is for good.
    case unknown
  }

  private let database: Database
  private let concurrent: Int
  private let entries = Locked<[String: Entry]>([:])
  /// Entries at most, about 1 KB each; beyond it the cache starts anew, which costs a look-up a key.
  private let capacity: Int

  /// - Parameter concurrent: content requests that may run at once for an account without a row of its own.
  public init(database: Database, concurrent: Int, capacity: Int = 20_000) {
    self.database = database
    self.concurrent = concurrent
    self.capacity = capacity
  }

  /// The principal of a key, from the cache if it is there. nil if there is no such key.
  ///
  /// - Parameter hash: of the key.
  public func find(hash: String) throws -> (principal: CachedPrincipal, fresh: Bool)? {
    switch entries.withLock({ $0[hash] }) {
    case .known(let principal): return (principal, false)
    case .unknown: return nil
    case nil: return try load(hash: hash).map { ($0, true) }
    }
  }

  /// Reads a principal from PostgreSQL, whatever the cache says, and keeps it.
  public func load(hash: String) throws -> CachedPrincipal? {
    let rows = try database.pool.withConnection { connection in
      try connection.query(
        """
        SELECT user_id, tenant_id, key_id, epoch, email, company_name, tier, role, is_active, scopes, expires_at,
               created_at, updated_at, per_minute, per_hour, per_day, concurrent
        FROM petstore_principal(\(hash))
        """)
    }
    let principal = try rows.first.map { row in
      let tier = Tier(rawValue: try row.string(6)) ?? .free
      return CachedPrincipal(
        Principal(
          userID: try row.id(0), tenantID: try row.id(1), keyID: try row.id(2),
          epoch: try row.int(3), email: try row.string(4), companyName: try row.string(5),
          tier: tier, role: Role(rawValue: try row.string(7)) ?? .free,
          isActive: try row.bool(8), scopes: ScopeSet(words: try row.string(9)),
          limits: try row.limits(of: tier, from: 13, concurrent: concurrent),
          keyExpiry: try row.optionalTimestamp(10), createdAt: try row.timestamp(11),
          updatedAt: try row.timestamp(12)))
    }
    entries.withLock { entries in
      if entries.count >= capacity { entries = [:] }
      entries[hash] = principal.map { .known($0) } ?? .unknown
    }
    return principal
  }
}
