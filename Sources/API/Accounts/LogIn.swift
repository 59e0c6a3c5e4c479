import Crypto
import Domain
import HTTP
import Settings
import Host
import Store

/// `POST /api/v1/auth/login` proves a password, and hands out a fresh key if asked to.
///
/// - 200 with the profile, and `api_key` when `issue_api_key` is true.
/// - 401 `wrong_credentials`: for an address without account too, after the same work.
/// - 403 `account_disabled`, only after the right password.
/// - 429 `too_many_attempts`: see Lockout.
@Sendable func logIn(_ request: Request, _ worker: Worker) throws -> Response {
  let attempt = try LoginAttempt(request)
  let services = worker.services
  try worker.limit(
    "login", from: request.remoteAddress,
    LimitPolicy(name: "login", quota: services.settings.loginLimitPerMinute, seconds: 60))
  let group = AddressGroup(request.remoteAddress)
  let digest = Hexadecimal.encode(SHA256.digest(attempt.email.description).prefix(8))
  let account = try services.database.loginAccount(
    email: attempt.email, from: group, concurrent: services.settings.contentConcurrency)
  var actor = AuditActor(
    userID: account?.userID, keyID: nil, address: request.remoteAddress, requestID: request.id)

  if let wait = worker.lockout(digest, group, addressIsKnown: account?.addressIsKnown ?? false) {
    services.metrics.count(.loginLocked)
    try services.database.recordFailedLogin(
      .loginLocked, account: account, emailDigest: digest, by: actor)
    throw Problem.tooManyAttempts(retryAfter: wait)
  }

  // The decoy makes a login to no account cost what a wrong password costs.
  let proven =
    try (account?.passwordHash ?? PasswordHash.decoy)?
    .verify(attempt.password.text.exposed) ?? false
  guard proven, let account else {
    services.metrics.count(.loginFailed)
    actor = AuditActor(
      userID: nil, keyID: nil, address: request.remoteAddress, requestID: request.id)
    try services.database.recordFailedLogin(
      .loginFailed, account: account, emailDigest: digest, by: actor)
    throw Problem.wrongCredentials
  }
  guard account.isActive else { throw Problem.accountDisabled }

  var upgrade: PasswordHash?
  if account.passwordHash?.needsUpgrade == true {
    upgrade = try PasswordHash.make(attempt.password.text.exposed)
  }
  var newKey: NewKey?
  if attempt.issueKey {
    // Unique without a look: two logins in one second are told apart by the random part.
    let key = APIKey.random()
    let name = "login \(key.displayPrefix.suffix(4)) \(Timestamp.text(HostClock.wallSeconds()))"
    newKey = NewKey(name: name, key: key, scopes: .all, expiresAt: nil)
  }
  let (keyID, epoch) = try services.database.recordLogin(
    of: account, from: group, key: newKey, upgrade: upgrade, by: actor)
  if upgrade != nil { try worker.tellEpoch(of: account.userID, epoch) }
  worker.forgiveLogin(digest, group)
  services.metrics.count(.loginSucceeded)
  var members: [JSON.Member] = [
    .init("message", "You are logged in."),
    .init("user_id", .string(account.userID.description)),
    .init("user", ProfileAnswer.json(account.profile)),
  ]
  if let newKey {
    members.append(.init("api_key", .string(newKey.key.text.exposed)))
    members.append(.init("api_key_id", JSON(keyID?.description)))
  }
  return .json(.ok, .object(members))
}

private struct LoginAttempt {
  let email: EmailAddress
  let password: Password
  let issueKey: Bool

  init(_ request: Request) throws(Problem) {
    var body = try RequestBody(of: request)
    let emailText = body.string("email", 3...254)
    let passwordText = body.string("password", 1...Password.byteLimit)
    issueKey = body.bool("issue_api_key", default: false)
    try body.check()
    // What cannot be an address of ours cannot be logged in with; which of the two was wrong is nobody's business.
    guard let email = EmailAddress(emailText), let password = Password(passwordText) else {
      throw .wrongCredentials
    }
    self.email = email
    self.password = password
  }
}

extension Worker {
  /// Counts an attempt. Gives the seconds to wait if it may not be made.
  fileprivate func lockout(
    _ digest: String, _ group: AddressGroup, addressIsKnown: Bool
  ) -> Int? {
    let strangers = addressIsKnown ? nil : Lockout.perAccountFromStrangers
    let decision: LimitDecision
    do {
      decision = try redis.admit(
        kind: "attempts", subject: digest, policies: [Lockout.perAccountAndAddress],
        second: group.description, strangers: strangers)
      redisAnswered(true)
    } catch {
      redisAnswered(false, reason: error.reason)
      decision = services.localLimits.admit(
        "attempts:\(digest):\(group)", [Lockout.perAccountAndAddress],
        now: HostClock.monotonicNanoseconds())
    }
    guard !decision.isAdmitted else { return nil }
    return max(1, decision.windows.map(\.reset).max() ?? 1)
  }

  fileprivate func forgiveLogin(_ digest: String, _ group: AddressGroup) {
    do {
      try redis.forget(kind: "attempts", subject: digest, second: group.description)
    } catch {
      redisAnswered(false, reason: error.reason)
    }
  }

  /// Tells Redis an epoch that was just committed, before the caller is answered: from then on every worker notices.
  /// If Redis is away, nobody trusts a cache anyway, and petstore watch tells it when it is back.
  func tellEpoch(of user: ID<User>, _ epoch: Int) throws {
    do {
      try redis.raiseEpoch(of: user, to: epoch)
      redisAnswered(true)
    } catch {
      redisAnswered(false, reason: error.reason)
    }
  }
}
