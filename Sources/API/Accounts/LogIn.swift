import Crypto
import Domain
import HTTP
import Host
import Settings
import Store

/// `POST /api/v1/auth/login` proves a password, and the second factor where there is one, and opens a session.
///
/// - 200 with the tokens, the profile, and `api_key` when `issue_api_key` is true.
/// - 401 `wrong_credentials`: for an address without account too, after the same work.
/// - 401 `second_factor_required`, `second_factor_wrong`, only after the right password.
/// - 403 `account_disabled`, only after the right password.
/// - 429 `too_many_attempts`: see Lockout.
@Sendable func logIn(_ request: Request, _ worker: Worker) throws -> Response {
  let attempt = try LoginAttempt(request)
  let services = worker.services
  try worker.limit(
    "login", from: request.remoteAddress,
    LimitPolicy(name: "login", quota: services.settings.loginLimitPerMinute, seconds: 60))
  let subject = GuessSubject(email: attempt.email.description, address: request.remoteAddress)
  let account = try services.database.loginAccount(
    email: attempt.email, from: subject.group, concurrent: services.settings.contentConcurrency)
  let stranger = AuditActor(
    userID: nil, keyID: nil, address: request.remoteAddress, requestID: request.id)
  func refuse(_ action: AuditAction, _ problem: Problem) throws -> Never {
    services.metrics.count(action == .loginLocked ? .loginLocked : .loginFailed)
    try services.database.recordFailedLogin(
      action, account: account, emailDigest: subject.digest, by: stranger)
    throw problem
  }

  if let wait = worker.countGuess(subject, addressIsKnown: account?.addressIsKnown ?? false) {
    try refuse(.loginLocked, .tooManyAttempts(retryAfter: wait))
  }
  // The decoy makes a login to no account cost what a wrong password costs.
  let proven =
    try (account?.passwordHash ?? PasswordHash.decoy)?
    .verify(attempt.password.text.exposed) ?? false
  guard proven, let account else { try refuse(.loginFailed, .wrongCredentials) }
  guard account.isActive else { throw Problem.accountDisabled }
  let actor = AuditActor(
    userID: account.userID, keyID: nil, address: request.remoteAddress, requestID: request.id)

  if account.hasSecondFactor {
    guard let text = attempt.code else { throw Problem.secondFactorRequired }
    guard let code = SecondFactorCode(text),
      try services.database.takeSecondFactor(
        code, of: account.userID, tenant: account.tenantID, now: HostClock.wallSeconds(), services.master,
        by: actor)
    else { try refuse(.secondFactorFailed, .secondFactorWrong) }
  }
  var upgrade: PasswordHash?
  if account.passwordHash?.needsUpgrade == true {
    upgrade = try PasswordHash.make(attempt.password.text.exposed)
  }
  var newKey: NewKey?
  if attempt.issueKey {
    // Unique without a look: two logins in one second are told apart by the random part.
    let key = APIKey.random()
    let name = "login \(key.displayPrefix.suffix(4)) \(Timestamp.text(HostClock.wallSeconds()))"
    newKey = NewKey(
      name: name, key: key, scopes: .standard(for: account.profile.role), expiresAt: nil)
  }
  let lifetimes = services.settings.sessionLifetimes
  let login = try services.database.recordLogin(
    of: account, from: subject.group,
    session: NewSession(
      scopes: .standard(for: account.profile.role), accessSeconds: lifetimes.access,
      userAgent: request.userAgent ?? "", address: request.remoteAddress, isAuthenticated: true,
      hasSecondFactor: account.hasSecondFactor),
    rule: services.sessionRule, key: newKey, upgrade: upgrade, by: actor)
  try worker.tellEpoch(of: account.userID, login.epoch)
  worker.forgiveGuesses(subject)
  services.metrics.count(.loginSucceeded)
  var members: [JSON.Member] = [.init("message", "You are logged in.")]
  members += try services.tokens.issue(login.session).members
  members += [
    .init("user_id", .string(account.userID.description)),
    .init("user", ProfileAnswer.json(account.profile)),
  ]
  if let newKey {
    members.append(.init("api_key", .string(newKey.key.text.exposed)))
    members.append(.init("api_key_id", JSON(login.keyID?.description)))
  }
  return .json(.ok, .object(members))
}

private struct LoginAttempt {
  let email: EmailAddress
  let password: Password
  let code: String?
  let issueKey: Bool

  init(_ request: Request) throws(Problem) {
    var body = try RequestBody(of: request)
    let emailText = body.string("email", 3...254)
    let passwordText = body.string("password", 1...Password.byteLimit)
    code = body.optionalString("code", 1...64)
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
