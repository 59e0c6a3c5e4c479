import Crypto
import Domain
import HTTP
import Host
import Store

/// Whose secret is being tried, and from where: what guesses are counted by.
struct GuessSubject {
  let digest: String
  let group: AddressGroup

  init(email: String, address: String) {
    digest = Hexadecimal.encode(SHA256.digest(email).prefix(8))
    group = AddressGroup(address)
  }
}

extension Worker {
  /// Counts a guess at an account's password or second factor, before it is looked at. Gives the seconds to wait if it
  /// may not be made. See Lockout.
  func countGuess(_ subject: GuessSubject, addressIsKnown: Bool) -> Int? {
    let strangers = addressIsKnown ? nil : Lockout.perAccountFromStrangers
    let decision: LimitDecision
    do {
      decision = try redis.admit(
        kind: "attempts", subject: subject.digest, policies: [Lockout.perAccountAndAddress],
        second: subject.group.description, strangers: strangers)
      redisAnswered(true)
    } catch {
      redisAnswered(false, reason: error.reason)
      decision = services.localLimits.admit(
        Self.localName(subject), [Lockout.perAccountAndAddress],
        now: HostClock.monotonicNanoseconds())
    }
    guard !decision.isAdmitted else { return nil }
    return max(1, decision.windows.map(\.reset).max() ?? 1)
  }

  /// What this process counts guesses under while Redis is away.
  private static func localName(_ subject: GuessSubject) -> String { "attempts:\(subject.digest):\(subject.group)" }

  /// Takes the guesses of this place back: one was right.
  func forgiveGuesses(_ subject: GuessSubject) {
    services.localLimits.forget(Self.localName(subject))
    do {
      try redis.forget(kind: "attempts", subject: subject.digest, second: subject.group.description)
    } catch {
      redisAnswered(false, reason: error.reason)
    }
  }

  /// Checks that whoever calls knows the account's password, and counts the guess.
  ///
  /// - Parameter isAll: whether nothing else must be proven. A right password alone takes no guesses back where a code
  ///   must follow, or whoever knows the password could try all codes.
  /// - Throws: `wrongCredentials`, `tooManyAttempts`.
  func provePassword(_ password: Password, of request: AuthenticatedRequest, isAll: Bool = true) throws {
    let subject = GuessSubject(email: request.principal.email, address: request.request.remoteAddress)
    if let wait = countGuess(subject, addressIsKnown: true) { throw Problem.tooManyAttempts(retryAfter: wait) }
    let hash = try services.database.passwordHash(of: request.principal.userID)
    guard try hash?.verify(password.text.exposed) == true else {
      try recordFailedProof(.stepUpFailed, of: request)
      throw Problem.wrongCredentials
    }
    if isAll { forgiveGuesses(subject) }
  }

  /// Checks a code of the account's second factor, takes it, and counts the guess.
  ///
  /// - Throws: `secondFactorWrong`, `tooManyAttempts`.
  func proveSecondFactor(_ text: String, of request: AuthenticatedRequest) throws {
    let subject = GuessSubject(email: request.principal.email, address: request.request.remoteAddress)
    if let wait = countGuess(subject, addressIsKnown: true) { throw Problem.tooManyAttempts(retryAfter: wait) }
    guard let code = SecondFactorCode(text),
      try services.database.takeSecondFactor(
        code, of: request.principal.userID, tenant: request.principal.tenantID, now: HostClock.wallSeconds(),
        services.master, by: request.actor)
    else {
      try recordFailedProof(.secondFactorFailed, of: request)
      throw Problem.secondFactorWrong
    }
    forgiveGuesses(subject)
  }

  private func recordFailedProof(_ action: AuditAction, of request: AuthenticatedRequest) throws {
    try services.database.recordEvent(
      action, subject: request.principal.userID.description, tenant: request.principal.tenantID,
      by: request.actor)
  }
}
