import Crypto
import Domain
import HTTP
import Settings
import Store

/// `POST /api/v1/auth/register` opens an account with its personal tenant and first key.
///
/// - 201 with the key, shown this once. The tier is `free` and the role follows it, whatever was asked: see `notices`.
/// - 409 `email_taken`. It says that no account can be made with this address, which a person who registers must learn;
///   what keeps strangers from trying addresses one by one is the limit per address.
/// - 422 `validation_failed`, 429 `too_many_attempts`, 503 `switched_off`.
@Sendable func register(_ request: Request, _ worker: Worker) throws -> Response {
  try worker.requireOn(.registration, "New accounts")
  let wish = try Registration(request, worker.services.passwordPolicy)
  try worker.limit(
    "register", from: request.remoteAddress,
    LimitPolicy(
      name: "register", quota: worker.services.settings.registerLimitPerHour, seconds: 3_600))
  let key = APIKey.random()
  let account = NewAccount(
    email: wish.email, passwordHash: try PasswordHash.make(wish.password.text.exposed),
    companyName: wish.companyName)
  do {
    let (userID, _, keyID) = try worker.services.database.addAccount(
      account, key: key,
      by: AuditActor(
        userID: nil, keyID: nil, address: request.remoteAddress, requestID: request.id))
    worker.services.metrics.count(.accountRegistered)
    return .json(
      .created,
      [
        "message": "Welcome. Keep the API key: it is not shown again.",
        "user_id": .string(userID.description), "api_key": .string(key.text.exposed),
        "api_key_id": JSON(keyID?.description), "subscription_tier": "free",
        "notices": JSON(wish.notices),
      ])
  } catch AccountRefusal.emailTaken {
    throw Problem.emailTaken
  }
}

private struct Registration {
  let email: EmailAddress
  let password: Password
  let companyName: DisplayName
  /// What was asked for and not given.
  let notices: [String]

  init(_ request: Request, _ policy: PasswordPolicy) throws(Problem) {
    var body = try RequestBody(of: request)
    let emailText = body.string("email", 3...254)
    let passwordText = body.string("password", 1...Password.byteLimit)
    let companyText = body.string("company_name", 1...200)
    let tierText = body.optionalString("subscription_tier", 0...50)
    let roleText = body.optionalString("role", 0...50)

    let email = EmailAddress(emailText)
    let password = Password(passwordText)
    let companyName = DisplayName(companyText, limit: 200)
    if email == nil, !body.hasRefused("email") {
      body.refuse("email", "Value is not a valid e-mail address", type: "value_error")
    }
    if companyName == nil, !body.hasRefused("company_name") {
      body.refuse(
        "company_name", "Value must hold a visible character and no control characters", type: "value_error")
    }
    if !body.hasRefused("password") {
      if let password {
        do {
          try policy.check(password, email: email)
        } catch {
          body.refuse("password", error.description, type: "value_error")
        }
      } else {
        body.refuse("password", "A password has at most \(Password.byteLimit) bytes", type: "value_error")
      }
    }
    if let tierText, Tier(rawValue: tierText) == nil {
      body.refuse(
        "subscription_tier", "Input should be 'free', 'standard' or 'premium'", type: "enum")
    }
    try body.check()
    guard let email, let password, let companyName else { throw .internalError }
    self.email = email
    self.password = password
    self.companyName = companyName
    var notices: [String] = []
    if let tierText, tierText != Tier.free.rawValue {
      notices.append(
        "The account begins in the free tier: subscription_tier '\(tierText)' needs a subscription.")
    }
    if let roleText, roleText != Role.free.rawValue {
      notices.append("The role that you sent was not used: only an administrator gives roles.")
    }
    self.notices = notices
  }
}
