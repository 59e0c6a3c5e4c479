import Domain
import HTTP
import Settings
import Store

/// `POST /api/v1/auth/token` exchanges an API key for a session's tokens. The session ends with the key.
///
/// As JSON: the key in the header; `scopes` to ask for fewer rights, `expires_in` for a shorter life of access tokens.
/// As a form: the token endpoint of OAuth (RFC 6749): `grant_type=client_credentials` with the key as `client_secret`,
/// and `grant_type=refresh_token`.
///
/// - 200 with the tokens.
/// - 403 `insufficient_scope` for scopes that the key does not have.
/// - 422 `validation_failed`; to forms 400 with `error`: `invalid_client`, `invalid_scope`, `invalid_grant` …
@Sendable func exchangeKey(_ visit: inout Visit, _ endpoint: Endpoint, _ worker: Worker) throws -> Response {
  let request = visit.request
  let wish: ExchangeWish
  let credential: Credential
  if FormBody.isForm(request) {
    visit.speaksOAuth = true
    let form = try FormBody(of: request)
    switch try form.require("grant_type") {
    case "refresh_token":
      let pair = try worker.exchangeRefreshToken(try form.require("refresh_token"), request)
      return .json(.ok, .object(pair.members))
    case "client_credentials":
      let secret = try form.require("client_secret")
      guard let key = APIKey(secret) else { throw OAuthRefusal(.invalidClient, "The client_secret is no API key.") }
      credential = .key(key)
    case let other: throw OAuthRefusal(.unsupportedGrantType, "The grant type \(other) is not offered.")
    }
    wish = try ExchangeWish(form, most: worker.services.settings.sessionLifetimes.access)
  } else {
    credential = try worker.requireCredential(request)
    wish = try ExchangeWish(request, most: worker.services.settings.sessionLifetimes.access)
  }
  let caller: Caller
  do {
    caller = try worker.admit(credential, to: endpoint.call, &visit)
  } catch Problem.invalidCredential where visit.speaksOAuth {
    throw OAuthRefusal(.invalidClient, "The client_secret is unknown, expired or revoked.")
  }
  try worker.require(AccessRule(scope: nil, presence: .none), of: caller.principal)
  guard case .key = credential else {
    throw Problem.badRequest("This exchanges an API key. A session's tokens are renewed at /api/v1/auth/refresh.")
  }
  let principal = caller.principal
  let missing = wish.scopes?.scopes.filter { !principal.scopes.contains($0) } ?? []
  guard missing.isEmpty else { throw Problem.scopeNotYours(missing) }
  let authenticated = AuthenticatedRequest(visit, caller)
  let opened = try worker.services.database.addSession(
    NewSession(
      scopes: wish.scopes ?? principal.scopes, accessSeconds: wish.seconds, userAgent: request.userAgent ?? "",
      address: request.remoteAddress, isAuthenticated: false, hasSecondFactor: false),
    for: principal, rule: worker.services.sessionRule, by: authenticated.actor)
  try worker.tellEpoch(of: principal.userID, opened.epoch)
  return .json(.ok, .object(try worker.services.tokens.issue(opened.session).members))
}

private struct ExchangeWish {
  let scopes: ScopeSet?
  let seconds: Int

  init(_ request: Request, most: Int) throws(Problem) {
    guard !request.body.isEmpty else {
      (scopes, seconds) = (nil, most)
      return
    }
    var body = try RequestBody(of: request)
    scopes = body.scopes("scopes")
    seconds = body.optionalInteger("expires_in", 30...most, takesTruth: false) ?? most
    try body.check()
  }

  init(_ form: FormBody, most: Int) throws(OAuthRefusal) {
    seconds = most
    guard let text = form["scope"], !text.isEmpty else {
      scopes = nil
      return
    }
    let words = text.split(separator: " ")
    let known = words.compactMap { Scope(rawValue: String($0)) }
    guard known.count == words.count else { throw OAuthRefusal(.invalidScope, "A scope is not known.") }
    scopes = ScopeSet(known)
  }
}
