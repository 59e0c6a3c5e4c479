import Crypto
import Domain
import HTTP
import Store

/// `POST /api/v1/admin/users` makes an account for somebody. No password: a letter invites its owner to choose one. The
/// role follows the tier unless it is given.
///
/// - 201 with the account.
/// - 401 `step_up_required`; 403 `insufficient_scope`.
/// - 409 `email_taken`, 422 `validation_failed`.
@Sendable func createUser(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let companyName = body.displayName("company_name", required: true)
  let tier = body.optionalWord("subscription_tier", as: Tier.self) ?? .free
  let role = body.optionalWord("role", as: Role.self) ?? Role(rawValue: tier.rawValue) ?? .free
  let email = try body.requireEmail("email")
  guard let companyName else { throw Problem.internalError }
  let services = worker.services
  do {
    let (userID, _, _) = try services.database.addAccount(
      NewAccount(
        email: email, passwordHash: try .unusable(), companyName: companyName, tier: tier, role: role),
      key: nil, action: .accountCreated, by: request.actor)
    return .json(.created, UserAnswer.json(try services.database.user(userID, services.accountTerms)))
  } catch AccountRefusal.emailTaken {
    throw Problem.emailTaken
  }
}

extension RequestBody {
  /// A company's name; nil where it is missing or was refused.
  mutating func displayName(_ name: String, required: Bool) -> DisplayName? {
    guard let text = required ? string(name, 1...200) : optionalString(name, 1...200), !hasRefused(name) else {
      return nil
    }
    let value = DisplayName(text, limit: 200)
    if value == nil {
      refuse(name, "Value must hold a visible character and no control characters", type: "value_error")
    }
    return value
  }
}
