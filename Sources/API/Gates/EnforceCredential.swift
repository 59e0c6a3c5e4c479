// The gate's gentler half, for routes that were public before there were accounts: who shows no valid credential is served
// as the public account, as long as AUTH_ENFORCEMENT or a feature flag says so.

import Domain
import HTTP
import Host
import Logging
import Settings
import Store

/// Why a call would be refused if its route enforced a credential; in metrics and log.
enum WouldRefuse: String, CaseIterable {
  case noCredential = "no_credential"
  case invalidCredential = "invalid_credential"
  case forbidden
  case limited

  /// nil for what is no refusal of the caller.
  init?(_ problem: Problem) {
    switch problem {
    case .unauthenticated: self = .noCredential
    case .invalidCredential, .conflictingCredentials: self = .invalidCredential
    case .accountDisabled, .insufficientScope: self = .forbidden
    case .quotaExceeded, .tooManyConcurrent: self = .limited
    default: return nil
    }
  }
}

extension Caller {
  /// Whether nobody is known to call.
  var isPublic: Bool { principal.keyID == PublicAccount.keyID }
}

extension Worker {
  /// Who calls an endpoint, as far as it asks.
  ///
  /// - Throws: `unauthenticated`, `invalidCredential`, `conflictingCredentials`, `accountDisabled`, `insufficientScope`,
  ///   `stepUpRequired`, `quotaExceeded`, `tooManyConcurrent`, `unavailable`.
  func caller(of endpoint: Endpoint, _ rule: AccessRule, _ visit: inout Visit) throws -> Caller {
    guard let group = endpoint.group else { return try provenCaller(of: endpoint, rule, &visit) }
    let mode = services.flags.current.mode(of: group)
    guard mode != .enforce else { return try provenCaller(of: endpoint, rule, &visit) }
    do {
      return try provenCaller(of: endpoint, rule, &visit)
    } catch let refusal as Problem {
      guard let reason = WouldRefuse(refusal) else { throw refusal }
      if mode == .observe { observe(refusal, reason, group, endpoint, visit.request) }
      return try publicCaller(of: endpoint, rule, insteadOf: refusal, &visit)
    }
  }

  private func provenCaller(of endpoint: Endpoint, _ rule: AccessRule, _ visit: inout Visit) throws -> Caller {
    let caller = try admit(try requireCredential(visit.request), to: endpoint.call, &visit)
    try require(rule, of: caller.principal)
    return caller
  }

  private func publicCaller(
    of endpoint: Endpoint, _ rule: AccessRule, insteadOf refusal: Problem, _ visit: inout Visit
  ) throws -> Caller {
    // A caller who was admitted and may not do this has a lease.
    if let caller = visit.caller {
      release(caller)
      visit.caller = nil
    }
    visit.limitFields = []
    let fields: [Field]
    do throws(PublicQuotaExceeded) {
      fields = try countPublicCall(from: visit.request.remoteAddress)
    } catch {
      visit.limitFields = error.fields
      throw error.problem
    }
    do {
      let caller = try admit(.publicAccount, to: endpoint.publicCall, &visit)
      try require(rule, of: caller.principal)
      visit.limitFields = fields
      return caller
    } catch let problem as Problem {
      switch problem {
      // The public account is suspended or gone: then there is no public service.
      case .invalidCredential, .accountDisabled, .insufficientScope: throw refusal
      default: throw problem
      }
    }
  }

  /// Counts a call of nobody's against what its address may ask.
  ///
  /// - Returns: the fields that say how much room is left; none where there is no such limit.
  func countPublicCall(from address: String) throws(PublicQuotaExceeded) -> [Field] {
    let quota = services.settings.publicLimitPerMinute
    guard quota > 0 else { return [] }
    let policy = LimitPolicy(name: "address", quota: quota, seconds: 60)
    let decision = decide("public", of: AddressGroup(address).description, policy)
    let fields = LimitFields.fields(policy, decision)
    guard decision.isAdmitted else {
      throw PublicQuotaExceeded(
        fields: fields,
        problem: .quotaExceeded(violated: [policy.name], retryAfter: max(1, decision.windows.first?.reset ?? 1)))
    }
    return fields
  }

  private func observe(
    _ refusal: Problem, _ reason: WouldRefuse, _ group: RouteGroup, _ endpoint: Endpoint, _ request: Request
  ) {
    services.metrics.countWouldRefuse(group, reason)
    services.log.notice(
      "would be refused",
      metadata: [
        "request_id": "\(request.id)", "endpoint": "\(endpoint.name)", "group": "\(group.rawValue)",
        "reason": "\(reason.rawValue)", "problem": "\(refusal.code)", "address": "\(request.remoteAddress)",
        "agent": "\(request.userAgent ?? "-")",
      ])
  }

  /// - Throws: `switchedOff`.
  func requireOn(_ flag: FeatureFlag, _ what: String) throws(Problem) {
    guard services.flags.current.isOn(flag) else { throw .switchedOff(what) }
  }
}

/// An address has asked as much without a credential as it may.
struct PublicQuotaExceeded: Error {
  let fields: [Field]
  let problem: Problem
}
