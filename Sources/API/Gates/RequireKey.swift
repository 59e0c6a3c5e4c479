import Domain
import HTTP

extension Worker {
  /// Takes the API key from a request: `Authorization: Bearer …` or `X-API-Key`. Does no I/O: a key of the wrong form
  /// or with a wrong checksum is refused here.
  ///
  /// - Throws: `unauthenticated`, `invalidCredential`, `conflictingCredentials`.
  func requireKey(_ request: Request) throws(Problem) -> APIKey {
    var text: String?
    if let authorization = request.authorization {
      let parts = authorization.split(separator: " ", maxSplits: 1)
      // The scheme's name is not case-sensitive (RFC 9110 section 11.1).
      guard parts.count == 2, parts[0].lowercased() == "bearer" else {
        throw .invalidCredential
      }
      text = String(parts[1])
    }
    if let header = request.apiKeyHeader {
      if let text, text != header { throw .conflictingCredentials }
      text = header
    }
    guard let text else { throw .unauthenticated }
    guard let key = APIKey(text) else {
      services.metrics.count(.credentialRefused)
      throw .invalidCredential
    }
    return key
  }

  /// Refuses credentials in the query, whether or not this call needs one: they would be in every log on the way.
  func refuseCredentialInURL(_ request: Request) throws(Problem) {
    for member in Target.members(ofQuery: request.query) ?? [] {
      let name = member.name.lowercased()
      if name == "api_key" || name == "access_token" || name == "token" || name == "apikey"
        || member.value.hasPrefix(APIKey.marker)
      {
        throw .credentialInURL
      }
    }
  }

  /// - Throws: `accountDisabled`, `insufficientScope`.
  func require(_ scope: Scope, of principal: Principal) throws(Problem) {
    guard principal.isActive else { throw .accountDisabled }
    guard principal.scopes.contains(scope) else { throw .insufficientScope(scope) }
  }
}
