// Access and refresh tokens: what they claim, how they are signed, and what must be true of one that is believed.
//
// What a token claims about rights is for its reader's eyes. Ours decide by the session that it names: the claims that
// they use are who, which session, which generation and until when.

public import Crypto
public import Domain
import HTTP

/// A token's two kinds. Neither is ever taken for the other: `type` and the header's `typ` both say which it is.
public enum TokenKind: String, Sendable {
  case access
  case refresh

  /// The media type in the header: RFC 9068 section 2.1 for access tokens.
  var headerType: String {
    switch self {
    case .access: "at+jwt"
    case .refresh: "rt+jwt"
    }
  }
}

/// A token whose signature, kind, issuer, audience and times were found right. Times are seconds since 1970.
public struct SessionToken: Sendable {
  public let kind: TokenKind
  public let userID: ID<User>
  public let tenantID: ID<Tenant>
  public let sessionID: ID<Session>
  public let tokenID: ID<Token>
  public let generation: Int
  public let clientID: String
  public let scope: String
  public let issuedAt: Int
  public let notBefore: Int
  public let expiresAt: Int
  /// The name of the key that signed it.
  public let keyID: String
}

/// What a new token says. Times are seconds since 1970.
public struct TokenClaims: Sendable {
  public var userID: ID<User>
  public var tenantID: ID<Tenant>
  public var sessionID: ID<Session>
  public var generation: Int
  /// The API key that the session was opened with, or `petstore` where a person logged in.
  public var clientID: String
  public var role: Role
  public var scopes: ScopeSet
  public var issuedAt: Int
  public var expiresAt: Int

  public init(
    userID: ID<User>, tenantID: ID<Tenant>, sessionID: ID<Session>, generation: Int, clientID: String,
    role: Role, scopes: ScopeSet, issuedAt: Int, expiresAt: Int
  ) {
    self.userID = userID
    self.tenantID = tenantID
    self.sessionID = sessionID
    self.generation = generation
    self.clientID = clientID
    self.role = role
    self.scopes = scopes
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }
}

/// Signs and checks tokens of one issuer for one audience.
public struct TokenFormat: Sendable {
  public let issuer: String
  public let audience: String

  /// Seconds by which the clocks of two hosts may differ before a token of the one is not yet valid to the other. The end
  /// of a token is not stretched.
  public static let clockTolerance = 120

  public init(issuer: String, audience: String) {
    self.issuer = issuer
    self.audience = audience
  }

  /// Signs a token.
  public func sign(_ claims: TokenClaims, as kind: TokenKind, with key: SigningKey) throws -> String {
    let user = claims.userID.description
    let payload: JSON = [
      "iss": .string(issuer), "aud": .string(audience), "sub": .string(user), "user_id": .string(user),
      "exp": .integer(claims.expiresAt), "iat": .integer(claims.issuedAt), "nbf": .integer(claims.issuedAt),
      "jti": .string(ID<Token>.random().description), "client_id": .string(claims.clientID),
      "sid": .string(claims.sessionID.description), "gen": .integer(claims.generation),
      "role": .string(claims.role.rawValue), "tid": .string(claims.tenantID.description),
      "scope": .string(claims.scopes.text), "type": .string(kind.rawValue),
    ]
    return try CompactJWS.sign(
      header: ["alg": "RS256", "typ": .string(kind.headerType), "kid": .string(key.keyID)],
      payload: payload.encoded(), with: key.key)
  }

  /// Checks a token: signature first, then every claim that is used later (RFC 8725, RFC 9068 section 4).
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - key: gives the public key of a name, or nil.
  public func verify(
    _ text: String, as kind: TokenKind, at now: Double, key: (String) throws -> RSAPublicKey?
  ) throws -> SessionToken {
    let token = try CompactJWS(parsing: text)
    guard case .object(let header) = token.header else { throw TokenRefusal.malformed }
    // Ours have these three members. Any other would be an instruction of somebody else's: jku, x5u, jwk, crit, zip …
    guard header.count == 3, let keyID = token.keyID, token.header["typ"] == .string(kind.headerType) else {
      throw TokenRefusal.wrongType
    }
    guard let key = try key(keyID) else { throw TokenRefusal.unknownKey }
    guard token.verify(key) else { throw TokenRefusal.badSignature }

    guard let claims = try? JSON(parsing: token.payload), case .object = claims else {
      throw TokenRefusal.badClaims
    }
    guard claims["type"] == .string(kind.rawValue) else { throw TokenRefusal.wrongType }
    guard claims["iss"] == .string(issuer) else { throw TokenRefusal.wrongIssuer }
    guard claims["aud"] == .string(audience) else { throw TokenRefusal.wrongAudience }
    guard let expiresAt = Self.time(claims["exp"]), let issuedAt = Self.time(claims["iat"]),
      let notBefore = Self.time(claims["nbf"])
    else { throw TokenRefusal.badClaims }
    guard now < Double(expiresAt) else { throw TokenRefusal.expired }
    guard Double(notBefore) <= now + Double(Self.clockTolerance),
      Double(issuedAt) <= now + Double(Self.clockTolerance)
    else { throw TokenRefusal.notYetValid }
    guard let userID: ID<User> = Self.id(claims["sub"]), let tenantID: ID<Tenant> = Self.id(claims["tid"]),
      let sessionID: ID<Session> = Self.id(claims["sid"]), let tokenID: ID<Token> = Self.id(claims["jti"]),
      case .integer(let generation)? = claims["gen"], generation >= 0,
      case .string(let clientID)? = claims["client_id"], case .string(let scope)? = claims["scope"]
    else { throw TokenRefusal.badClaims }
    return SessionToken(
      kind: kind, userID: userID, tenantID: tenantID, sessionID: sessionID, tokenID: tokenID,
      generation: generation, clientID: clientID, scope: scope, issuedAt: issuedAt,
      notBefore: notBefore, expiresAt: expiresAt, keyID: keyID)
  }

  /// A NumericDate of ours: a whole number of seconds, not negative, not after the year 9999. RFC 7519 section 2 allows
  /// fractions; we sign none.
  private static func time(_ value: JSON?) -> Int? {
    guard case .integer(let seconds)? = value, (0..<253_402_300_800).contains(seconds) else { return nil }
    return seconds
  }

  private static func id<Entity>(_ value: JSON?) -> ID<Entity>? {
    guard case .string(let text)? = value else { return nil }
    return ID(text)
  }
}
