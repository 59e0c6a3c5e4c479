import Domain
import HTTP
import Settings
import Store

/// An account as administrators are answered it: the profile, and what only they see.
enum UserAnswer {
  static func json(_ user: UserRecord, notices: [String]? = nil) -> JSON {
    guard case .object(let profile) = ProfileAnswer.json(user.profile) else { return .null }
    let more: [JSON.Member] = [
      .init("last_login_at", Timestamp.json(user.lastLoginAt)), .init("sessions", .integer(user.sessions)),
      .init("api_keys", .integer(user.keys)), .init("erase_at", Timestamp.json(user.eraseAt)),
    ]
    return .object(profile + more + (notices.map { [.init("notices", JSON($0))] } ?? []))
  }
}

extension Services {
  /// What the settings add to what is kept of an account.
  var accountTerms: AccountTerms {
    AccountTerms(concurrent: settings.contentConcurrency, idleSeconds: settings.sessionLifetimes.idle)
  }
}
