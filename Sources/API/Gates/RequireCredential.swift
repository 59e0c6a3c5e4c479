import Domain
import HTTP
import Host
import Logging
import Settings
import Store
import Tokens

/// What a request came with, well formed; whether it counts, admission says.
enum Credential {
  case key(APIKey)
  /// A token whose signature and claims are right.
  case token(VerifiedToken)
  /// None: the account of callers without one.
  case publicAccount

  /// By what the principal is found.
  var reference: PrincipalReference {
    switch self {
    case .key(let key): .keyHash(key.hash)
    case .token(let token): .session(token.claims.sessionID)
    case .publicAccount: .keyHash(PublicAccount.keyHash)
    }
  }
}

extension Worker {
  /// Takes the credential from a request: `Authorization: Bearer …`, a key or a token, or `X-API-Key`. What is malformed
  /// or badly signed is refused here, with no I/O.
  ///
  /// - Throws: `unauthenticated`, `invalidCredential`, `conflictingCredentials`.
  func requireCredential(_ request: Request) throws -> Credential {
    var text: String?
    if let authorization = request.authorization {
      let parts = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1).map { Substring($0) }
      // The scheme's name is not case-sensitive (RFC 9110 section 11.1).
      guard parts.count == 2, parts[0].lowercased() == "bearer" else {
        throw Problem.invalidCredential
      }
      text = String(parts[1])
    }
    if let header = request.apiKeyHeader {
      if let text, text != header { throw Problem.conflictingCredentials }
      text = header
    }
    guard let text else { throw Problem.unauthenticated }
    if text.hasPrefix(APIKey.marker) {
      if let key = APIKey(text) { return .key(key) }
    } else if request.apiKeyHeader == nil {
      do {
        return .token(try services.tokens.verifyAccess(text))
      } catch let refusal as TokenProblem {
        services.metrics.count(.tokenRefused)
        services.log.debug("token refused", metadata: ["request_id": "\(request.id)", "reason": "\(refusal)"])
      }
    }
    services.metrics.count(.credentialRefused)
    throw Problem.invalidCredential
  }

  /// Refuses credentials in the query, whether or not this call needs one: they would be in every log on the way.
  func refuseCredentialInURL(_ request: Request) throws(Problem) {
    for member in Target.members(ofQuery: request.query) ?? [] {
      let name = member.name.lowercased()
      if ["api_key", "access_token", "refresh_token", "token", "apikey"].contains(name)
        || member.value.hasPrefix(APIKey.marker)
      {
        throw .credentialInURL
      }
    }
  }

  /// - Throws: `accountDisabled`, `insufficientScope`, `stepUpRequired`.
  func require(_ rule: AccessRule, of principal: Principal) throws(Problem) {
    guard principal.isActive else { throw .accountDisabled }
    if let scope = rule.scope, !principal.scopes.contains(scope) { throw .insufficientScope(scope) }
    guard rule.presence != .none else { return }
    let window = services.settings.reauthenticationSeconds
    let isPerson = principal.session?.authenticatedAt != nil
    guard rule.presence == .fresh || isPerson,
      StepUp.isSatisfied(by: principal, now: HostClock.wallSeconds(), window: window)
    else {
      throw .stepUpRequired(secondFactor: principal.hasSecondFactor, window: window)
    }
  }
}
