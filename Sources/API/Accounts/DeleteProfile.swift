import Domain
import HTTP
import Settings
import Store

/// `DELETE /api/v1/auth/profile` erases the account (GDPR article 17): with the `password`, and the second factor's `code`
/// where there is one. At once, or after ERASURE_GRACE_DAYS, in which the account is disabled and an administrator can
/// give it back.
///
/// - 200: erased, or `erase_at` when it will be.
/// - 401 `wrong_credentials`, `second_factor_required`, `second_factor_wrong`; 409 `last_admin`; 422; 429.
@Sendable func deleteProfile(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let principal = request.principal
  var body = try RequestBody(of: request.request)
  let text = body.string("password", 1...Password.byteLimit)
  let code = body.optionalString("code", 1...64)
  try body.check()
  guard let password = Password(text) else { throw Problem.wrongCredentials }
  try worker.proveOwner(password, code: code, of: request)
  let days = worker.services.settings.erasureGraceDays
  do {
    if days > 0 {
      let (eraseAt, epoch) = try worker.services.database.askForErasure(
        of: principal, afterDays: days, by: request.actor)
      try worker.tellEpoch(of: principal.userID, epoch)
      return .json(
        .ok, ["message": "The account is disabled and will be erased.", "erase_at": Timestamp.json(eraseAt)])
    }
    if let epoch = try worker.services.database.erase(principal.userID, by: request.actor) {
      try worker.erased(principal.userID, epoch)
    }
    return .json(.ok, ["message": "The account and everything held about it is erased.", "erase_at": .null])
  } catch AccountRefusal.lastAdmin {
    throw Problem.lastAdmin
  }
}

extension Worker {
  /// What Redis holds of an account that is gone: the epoch that voids all caches stays, its counters go.
  func erased(_ user: ID<User>, _ epoch: Int) throws {
    try tellEpoch(of: user, epoch)
    do {
      try redis.forgetAccount(user)
    } catch {
      // What is left ends by itself within two days.
      redisAnswered(false, reason: error.reason)
    }
  }
}
