import Domain
import Host
import Store

extension Worker {
  /// Limits what an address may do without an account. While Redis is away each worker keeps its share.
  ///
  /// - Throws: `tooManyAttempts`.
  func limit(
    _ kind: String, from address: String, _ policy: LimitPolicy
  ) throws(Problem) {
    try limit(kind, of: AddressGroup(address).description, policy)
  }

  /// The same of anything that has a name.
  ///
  /// - Throws: `tooManyAttempts`.
  func limit(_ kind: String, of subject: String, _ policy: LimitPolicy) throws(Problem) {
    let decision = decide(kind, of: subject, policy)
    guard decision.isAdmitted else {
      throw .tooManyAttempts(retryAfter: max(1, decision.windows.first?.reset ?? 1))
    }
  }

  /// Counts one of what a subject may do, if there is room.
  func decide(_ kind: String, of subject: String, _ policy: LimitPolicy) -> LimitDecision {
    do {
      let decision = try redis.admit(kind: kind, subject: subject, policies: [policy])
      redisAnswered(true)
      return decision
    } catch {
      redisAnswered(false, reason: error.reason)
      return services.localLimits.admit("\(kind):\(subject)", [policy], now: HostClock.monotonicNanoseconds())
    }
  }
}
