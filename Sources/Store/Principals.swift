// Principals: read from PostgreSQL, cached by key hash in each process. The cache has no lifetimes: an entry is true
// as long as its epoch is the account's, which Redis says at every call.

public import Domain
import Postgres
import Redis
import Threads

/// A principal with what its calls send to Redis each time, encoded once.
public final class CachedPrincipal: Sendable {
  public let principal: Principal
  /// `a,user,tenant,key,`, or `t,user,tenant,session,`: how this principal's admissions begin; and `user,tenant,`, its
  /// completions.
  let eventPrefix: String
  let completionPrefix: String
  let keys: AccountKeys
  /// The command up to the expected epoch: for most calls, and for content calls by what they take besides.
  let commandHead: Command.Fragment
  let commandHeadWithLease: Command.Fragment
  let commandHeadWithLeaseAndRing: Command.Fragment
  let windows: Command.Fragment
  public let policies: [LimitPolicy]
  /// The value of RateLimit-Policy, which never changes for one principal.
  public let policyField: String
  /// Whether the epoch is true only together with a warrant: see EpochWarrant.
  let needsWarrant: Bool

  init(_ principal: Principal, needsWarrant: Bool = false) {
    self.principal = principal
    self.needsWarrant = needsWarrant
    completionPrefix = "\(principal.userID),\(principal.tenantID),"
    let keys = AccountKeys(principal.userID)
    self.keys = keys
    var names = [keys.epoch, keys.ring, keys.pending, keys.calls]
    if let session = principal.session {
      eventPrefix = "t,\(completionPrefix)\(session.id),"
      names.append(keys.session(session.id))
    } else {
      eventPrefix = "a,\(completionPrefix)\(principal.keyID?.description ?? "-"),"
    }
    func head(_ further: String...) -> Command.Fragment {
      let all = names + further + (needsWarrant ? [keys.warrant] : [])
      return Command.Fragment([String(all.count)] + all + [String(principal.epoch)])
    }
    commandHead = head()
    commandHeadWithLease = head(keys.leases)
    commandHeadWithLeaseAndRing = head(keys.leases, keys.contentRing)
    policies = principal.limits.policies
    windows = LimitArguments.fragment(policies)
    policyField = LimitArguments.policyField(policies)
  }
}

extension CachedPrincipal {
  /// Whether its key or session has expired.
  ///
  /// - Parameter now: seconds since 1970.
  public func isExpired(at now: Double) -> Bool {
    principal.expiry.map { $0 <= now } ?? false
  }
}

/// How policies are written.
public enum LimitArguments {
  /// As admit.lua reads them: little-endian doubles, how many windows, then for each quota and seconds. One argument, since
  /// each costs Redis as much as a step of the script.
  static func packed(_ policies: [LimitPolicy]) -> [UInt8] {
    let numbers = [Double(policies.count)] + policies.flatMap { [Double($0.quota), Double($0.seconds)] }
    return numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt64($0 * 8)) }
    }
  }

  static let none = fragment([])

  static func fragment(_ policies: [LimitPolicy]) -> Command.Fragment {
    Command.Fragment(bytes: packed(policies))
  }

  /// The field RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10, section 3).
  public static func policyField(_ policies: [LimitPolicy]) -> String {
    policies.map { "\"\($0.name)\";q=\($0.quota);w=\($0.seconds)" }.joined(separator: ", ")
  }
}

/// By what a principal is found.
public enum PrincipalReference: Hashable, Sendable {
  /// The hash of an API key.
  case keyHash(String)
  case session(ID<Session>)
}

/// Finds principals by their keys and sessions.
public final class Principals: Sendable {
  private enum Entry {
    case known(CachedPrincipal)
    /// No such key, or a revoked one; no such session, or one that has ended. None of these ever changes: keys and
    /// sessions have random names and end for good.
    case unknown
  }

  private let database: Database
  private let concurrent: Int
  private let idleSeconds: Int
  private let needsWarrant: Bool
  private let entries = Locked<[PrincipalReference: Entry]>([:])
  /// Entries at most, about 1 KB each; beyond it the cache starts anew, which costs a look-up a key.
  public let capacity: Int

  /// - Parameters:
  ///   - concurrent: content requests that may run at once for an account without a row of its own.
  ///   - idleSeconds: after which a session that nobody uses has ended.
  ///   - needsWarrant: whether epochs are true only together with a warrant: RedisServers.mayLoseWrites.
  public init(
    database: Database, concurrent: Int, idleSeconds: Int, needsWarrant: Bool = false, capacity: Int = 20_000
  ) {
    self.database = database
    self.concurrent = concurrent
    self.idleSeconds = idleSeconds
    self.needsWarrant = needsWarrant
    self.capacity = capacity
  }

  /// Entries in the cache.
  public var count: Int { entries.withLock { $0.count } }

  /// Drops an account's entries; gives how many there were.
  public func forget(_ user: ID<User>) -> Int {
    entries.withLock { entries in
      let before = entries.count
      entries = entries.filter { entry in
        if case .known(let cached) = entry.value { return cached.principal.userID != user }
        return true
      }
      return before - entries.count
    }
  }

  /// The principal of a key or session, from the cache if it is there. nil if there is none.
  public func find(_ reference: PrincipalReference) throws -> (principal: CachedPrincipal, fresh: Bool)? {
    switch entries.withLock({ $0[reference] }) {
    case .known(let principal): return (principal, false)
    case .unknown: return nil
    case nil: return try load(reference).map { ($0, true) }
    }
  }

  /// Reads a principal from PostgreSQL, whatever the cache says, and keeps it.
  public func load(_ reference: PrincipalReference) throws -> CachedPrincipal? {
    let principal: CachedPrincipal?
    switch reference {
    case .keyHash(let hash): principal = try read(keyHash: hash)
    case .session(let id): principal = try read(session: id)
    }
    entries.withLock { entries in
      if entries.count >= capacity { entries = [:] }
      entries[reference] = principal.map { .known($0) } ?? .unknown
    }
    return principal
  }

  private func read(keyHash: String) throws -> CachedPrincipal? {
    let rows = try database.pool.withConnection { connection in
      try connection.query(
        """
        SELECT user_id, tenant_id, key_id, epoch, email, company_name, tier, role, is_active, scopes, expires_at,
               created_at, updated_at, per_minute, per_hour, per_day, concurrent, email_verified, has_second_factor,
               has_providers
        FROM petstore_principal(\(keyHash))
        """)
    }
    return try rows.first.map { row in try principal(row, session: nil) }
  }

  private func read(session: ID<Session>) throws -> CachedPrincipal? {
    let rows = try database.pool.withConnection { connection in
      try connection.query(
        """
        SELECT user_id, tenant_id, key_id, epoch, email, company_name, tier, role, is_active, scopes, expires_at,
               created_at, updated_at, per_minute, per_hour, per_day, concurrent, email_verified, has_second_factor,
               has_providers, authenticated_at, second_factor_at, acked_generation
        FROM petstore_session_principal(\(session)::uuid, \(idleSeconds)::integer)
        """)
    }
    return try rows.first.map { row in
      try principal(
        row,
        session: SessionFacts(
          id: session, authenticatedAt: try row.optionalTimestamp(20),
          secondFactorAt: try row.optionalTimestamp(21), acknowledgedGeneration: try row.int(22)))
    }
  }

  private func principal(_ row: Row, session: SessionFacts?) throws(PostgresError) -> CachedPrincipal {
    let tier = Tier(rawValue: try row.string(6)) ?? .free
    return CachedPrincipal(
      Principal(
        userID: try row.id(0), tenantID: try row.id(1), keyID: try row.optionalID(2), session: session,
        epoch: try row.int(3), email: try row.string(4), emailIsVerified: try row.bool(17),
        companyName: try row.string(5), tier: tier, role: Role(rawValue: try row.string(7)) ?? .free,
        isActive: try row.bool(8), hasSecondFactor: try row.bool(18), hasProviders: try row.bool(19),
        scopes: ScopeSet(words: try row.string(9)),
        limits: try row.limits(of: tier, from: 13, concurrent: concurrent),
        expiry: try row.optionalTimestamp(10), createdAt: try row.timestamp(11),
        updatedAt: try row.timestamp(12)),
      needsWarrant: needsWarrant)
  }
}
