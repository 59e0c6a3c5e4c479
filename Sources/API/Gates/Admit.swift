// The gate of every authenticated call: one round trip to Redis and no SQL as long as the cached principal is true.

import Domain
import HTTP
import Host
import Logging
import Settings
import Store
import Synchronization
import Tokens

extension Worker {
  /// Finds out whom a key or token stands for and asks for the call to be admitted.
  ///
  /// - Throws: `invalidCredential`, `quotaExceeded`, `tooManyConcurrent`, `unavailable`.
  func admit(_ credential: Credential, to call: Call, _ visit: inout Visit) throws -> Caller {
    let reference = credential.reference
    // What is read from PostgreSQL below may then be told to this Redis. Where it is away, the first call says so.
    if services.redis.servers.mayLoseWrites { try? redis.prepare() }
    guard var (cached, fresh) = try services.principals.find(reference) else {
      services.metrics.count(.credentialRefused)
      throw Problem.invalidCredential
    }
    if cached.isExpired(at: HostClock.wallSeconds()) {
      // An operator may have given it more time: the cache alone cannot refuse.
      guard let loaded = try services.principals.load(reference),
        !loaded.isExpired(at: HostClock.wallSeconds())
      else {
        services.metrics.count(.credentialRefused)
        throw Problem.invalidCredential
      }
      (cached, fresh) = (loaded, true)
    }
    let name = nextCall()
    // Twice is enough unless the account changes between our reading it and Redis's answer, again and again.
    for attempt in 0..<4 {
      let source: PrincipalSource = !fresh ? .cache : attempt < 2 ? .database : .databaseAgain
      if fresh { services.metrics.count(.principalReloaded) }
      let events = dueCompletions()
      let admission: Admission
      do {
        admission = try redis.admit(
          call, for: cached, source: source, name: name, completions: events,
          idleSeconds: services.settings.sessionLifetimes.idle)
        redisAnswered(true)
      } catch {
        redisAnswered(false, reason: error.reason)
        spoolCompletions(events)
        if error.mayHaveRun { renameThread() }
        return try admitWithoutRedis(credential, call, &visit, doubt: error.mayHaveRun ? name : nil)
      }
      switch admission {
      case .epochDiffers:
        guard let loaded = try reload(credential) else {
          services.metrics.count(.credentialRefused)
          throw Problem.invalidCredential
        }
        (cached, fresh) = (loaded, true)
      case .admitted(let decision):
        services.metrics.count(.admitted)
        let lease: Caller.Lease = call.takesLease ? .redis(name) : .none
        return try seat(cached, credential, call, decision, lease, &visit)
      case .refused(let decision):
        services.metrics.count(.refused)
        throw refusal(cached, call, decision, &visit)
      case .tooManyConcurrent(let decision):
        services.metrics.count(.concurrencyRefused)
        visit.limitFields = LimitFields.fields(cached, call, decision)
        throw Problem.tooManyConcurrent(limit: cached.principal.limits.concurrent)
      }
    }
    throw Problem.unavailable(retryAfter: 1)
  }

  /// Reads what a credential stands for from PostgreSQL. Of a token the signing key is looked at again as well: it may
  /// be what was revoked.
  func reload(_ credential: Credential) throws -> CachedPrincipal? {
    if case .token(let token) = credential, try !services.tokens.isStillBelieved(token) { return nil }
    return try services.principals.load(credential.reference)
  }

  /// Redis is away: the credential is checked in PostgreSQL, so that a revocation still counts at once, and this process
  /// counts its share of the limits by itself.
  private func admitWithoutRedis(
    _ credential: Credential, _ call: Call, _ visit: inout Visit, doubt: CallName?
  ) throws -> Caller {
    guard let cached = try reload(credential) else {
      services.metrics.count(.credentialRefused)
      throw Problem.invalidCredential
    }
    let principal = cached.principal
    // Redis would have prolonged the session; if PostgreSQL cannot be written, reading it was proof enough.
    if let session = principal.session, services.touches.isDue(session.id, now: HostClock.monotonicNanoseconds()) {
      try? services.database.touchSession(session.id)
    }
    if call.takesLease {
      guard services.localLeases.take(principal.userID, cap: principal.limits.concurrent) else {
        throw Problem.tooManyConcurrent(limit: principal.limits.concurrent)
      }
    }
    let decision = services.localLimits.admit(
      principal.userID.description, call.isLimited ? principal.limits.policies + call.policies : [],
      now: HostClock.monotonicNanoseconds())
    guard decision.isAdmitted else {
      if call.takesLease { services.localLeases.release(principal.userID) }
      services.metrics.count(.refusedLocally)
      if let doubt { try? services.spool.refusal(cached, endpoint: call.endpoint, doubt: doubt) }
      throw refusal(cached, call, decision, &visit)
    }
    services.metrics.count(.admittedLocally)
    do {
      try services.spool.admission(cached, endpoint: call.endpoint, doubt: doubt)
      services.metrics.count(.usageSpooled)
    } catch {
      services.metrics.count(.usageLost)
      services.log.error("usage event lost", metadata: ["reason": "\(error)"])
    }
    return try seat(cached, credential, call, decision, call.takesLease ? .local : .none, &visit)
  }

  /// What an admitted caller must still be: holder of a key or session that has not expired.
  private func seat(
    _ cached: CachedPrincipal, _ credential: Credential, _ call: Call, _ decision: LimitDecision,
    _ lease: Caller.Lease, _ visit: inout Visit
  ) throws(Problem) -> Caller {
    let caller = Caller(cached: cached, endpoint: call.endpoint, lease: lease)
    visit.caller = caller
    if cached.isExpired(at: HostClock.wallSeconds()) {
      services.metrics.count(.credentialRefused)
      throw .invalidCredential
    }
    if case .token(let token) = credential { acknowledge(token, cached.principal) }
    visit.limitFields = LimitFields.fields(cached, call, decision)
    return caller
  }

  /// The first call with a token of a new generation ends the grace of its parent. Once a generation and process; where
  /// PostgreSQL cannot be told, the grace ends by its ten seconds.
  private func acknowledge(_ token: VerifiedToken, _ principal: Principal) {
    guard let session = principal.session, token.claims.generation > session.acknowledgedGeneration,
      !token.isAcknowledged.load(ordering: .relaxed)
    else { return }
    do {
      try services.database.acknowledge(token.claims.generation, of: session.id)
      token.isAcknowledged.store(true, ordering: .relaxed)
    } catch {
      services.log.debug("the use of a new generation was not noted", metadata: ["reason": "\(error)"])
    }
  }

  private func refusal(
    _ cached: CachedPrincipal, _ call: Call, _ decision: LimitDecision, _ visit: inout Visit
  ) -> Problem {
    visit.limitFields = LimitFields.fields(cached, call, decision)
    let policies = cached.policies + call.policies
    var wait = 1
    for (policy, window) in zip(policies, decision.windows)
    where decision.violated.contains(policy.name) {
      wait = max(wait, window.reset)
    }
    return .quotaExceeded(violated: decision.violated, retryAfter: wait)
  }
}

/// The fields that tell a client how much room there is.
enum LimitFields {
  /// Of a single window.
  static func fields(_ policy: LimitPolicy, _ decision: LimitDecision) -> [Field] {
    guard let window = decision.windows.first else { return [] }
    return [
      Field("RateLimit-Policy", LimitArguments.policyField([policy])),
      Field("RateLimit", "\"\(policy.name)\";r=\(window.remaining);t=\(window.reset)"),
      Field("X-RateLimit-Limit", String(policy.quota)), Field("X-RateLimit-Remaining", String(window.remaining)),
      Field("X-RateLimit-Reset", String(window.reset)),
    ]
  }

  /// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10), and the older three for the minute, or,
  /// when refused, for the window that refused.
  static func fields(
    _ cached: CachedPrincipal, _ call: Call, _ decision: LimitDecision
  ) -> [Field] {
    guard call.isLimited else { return [] }
    let policies = call.policies.isEmpty ? cached.policies : cached.policies + call.policies
    var limit: [UInt8] = []
    limit.reserveCapacity(96)
    var shown = 0
    for (index, window) in decision.windows.enumerated() {
      limit += (index > 0 ? ", \"" : "\"").utf8
      limit += policies[index].name.utf8
      limit += "\";r=".utf8
      limit.append(decimal: window.remaining)
      limit += ";t=".utf8
      limit.append(decimal: window.reset)
      if !decision.isAdmitted, policies[index].name == decision.violated.first { shown = index }
    }
    let policy =
      call.policies.isEmpty
      ? cached.policyField : cached.policyField + ", " + LimitArguments.policyField(call.policies)
    let window = decision.windows[shown]
    return [
      Field("RateLimit-Policy", policy), Field("RateLimit", String(decoding: limit, as: UTF8.self)),
      Field("X-RateLimit-Limit", String(policies[shown].quota)),
      Field("X-RateLimit-Remaining", String(window.remaining)),
      Field("X-RateLimit-Reset", String(window.reset)),
    ]
  }
}
