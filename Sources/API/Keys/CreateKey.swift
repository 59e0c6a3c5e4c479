import Domain
import HTTP
import Host
import Store

/// `POST /api/v1/auth/keys` makes a further key.
///
/// - 201 with the key, shown this once.
/// - 403 `insufficient_scope` for scopes that the calling key does not have itself.
/// - 409 `key_name_taken`, 422 `validation_failed`.
@Sendable func createKey(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let wish = try KeyWish(request)
  let missing = wish.scopes.scopes.filter { !request.principal.scopes.contains($0) }
  guard missing.isEmpty else { throw Problem.scopeNotYours(missing) }
  let key = APIKey.random()
  do {
    let record = try worker.services.database.addKey(
      NewKey(name: wish.name, key: key, scopes: wish.scopes, expiresAt: wish.expiresAt),
      for: request.principal, by: request.actor)
    return .json(
      .created,
      [
        "message": "Keep the API key: it is not shown again.",
        "api_key": .string(key.text.exposed), "key": KeyAnswer.json(record),
      ])
  } catch KeyRefusal.nameTaken {
    throw Problem.keyNameTaken
  }
}

private struct KeyWish {
  let name: String
  let scopes: ScopeSet
  let expiresAt: Double?

  init(_ request: AuthenticatedRequest) throws(Problem) {
    var body = try RequestBody(of: request.request)
    let nameText = body.string("name", 1...100)
    let scopes = body.scopes("scopes")
    let expiryText = body.optionalString("expires_at", 1...64)
    try body.check()
    if DisplayName(nameText, limit: 100) == nil {
      body.refuse(
        "name", "Value must hold a visible character and no control characters",
        type: "value_error")
    }
    expiresAt = expiryText.flatMap(Timestamp.seconds)
    if expiryText != nil {
      if let expiresAt {
        // Ten years is for ever as far as a key goes, and keeps the year within four digits.
        let now = HostClock.wallSeconds()
        if expiresAt <= now || expiresAt > now + 10 * 366 * 86_400 {
          body.refuse(
            "expires_at", "Value should lie in the future, at most ten years ahead",
            type: "value_error")
        }
      } else {
        body.refuse(
          "expires_at", "Value should be a time such as 2027-01-31T12:00:00Z", type: "value_error")
      }
    }
    try body.check()
    name = nameText
    // Without a wish the new key may do what the calling key may.
    self.scopes = scopes ?? request.principal.scopes
  }
}
