import Domain
import HTTP
import Settings
import Store

extension Worker {
  /// Limits the letters that one mailbox gets, and that one address may cause.
  ///
  /// - Throws: `tooManyAttempts`.
  func limitRecovery(to email: EmailAddress, from address: String) throws(Problem) {
    let quota = services.settings.recoveryLimitPerHour
    try limit("letters", from: address, LimitPolicy(name: "letters", quota: quota, seconds: 3_600))
    let mailbox = GuessSubject(email: email.description, address: address).digest
    try limit("mailbox", of: mailbox, LimitPolicy(name: "mailbox", quota: quota, seconds: 3_600))
  }

  /// Limits guesses at codes of letters. They have 256 bits: this saves work, not secrets.
  ///
  /// - Throws: `tooManyAttempts`.
  func limitCodes(from address: String) throws(Problem) {
    try limit(
      "codes", from: address,
      LimitPolicy(name: "codes", quota: services.settings.loginLimitPerMinute, seconds: 60))
  }

  /// Checks the password and, where the account has one, the second factor: for what a session alone must not do.
  ///
  /// - Throws: `wrongCredentials`, `secondFactorRequired`, `secondFactorWrong`, `tooManyAttempts`.
  func proveOwner(_ password: Password, code: String?, of request: AuthenticatedRequest) throws {
    try provePassword(password, of: request, isAll: !request.principal.hasSecondFactor)
    guard request.principal.hasSecondFactor else { return }
    guard let code else { throw Problem.secondFactorRequired }
    try proveSecondFactor(code, of: request)
  }
}

extension RequestBody {
  /// An e-mail address that must be there.
  ///
  /// - Throws: everything that is wrong with the body so far.
  mutating func requireEmail(_ name: String) throws(Problem) -> EmailAddress {
    let text = string(name, 3...254)
    let email = EmailAddress(text)
    if email == nil, !hasRefused(name) {
      refuse(name, "Value is not a valid e-mail address", type: "value_error")
    }
    try check()
    guard let email else { throw .internalError }
    return email
  }

  /// A new password that keeps the policy; nil if it was refused.
  mutating func newPassword(
    _ text: String, _ name: String, email: EmailAddress?, _ policy: PasswordPolicy
  ) -> Password? {
    guard !hasRefused(name) else { return nil }
    guard let password = Password(text) else {
      refuse(name, "A password has at most \(Password.byteLimit) bytes", type: "value_error")
      return nil
    }
    do {
      try policy.check(password, email: email)
    } catch {
      refuse(name, error.description, type: "value_error")
      return nil
    }
    return password
  }

  /// Scopes by their names; nil where the member is missing.
  mutating func scopes(_ name: String) -> ScopeSet? {
    guard has(name) else { return nil }
    var scopes: [Scope] = []
    for word in strings(name, atMost: Scope.allCases.count) {
      if let scope = Scope(rawValue: word) {
        scopes.append(scope)
      } else {
        let known = Scope.allCases.sorted().map { "'\($0.rawValue)'" }.joined(separator: ", ")
        refuse(name, "Each scope should be one of \(known)", type: "enum")
      }
    }
    return ScopeSet(scopes)
  }
}
