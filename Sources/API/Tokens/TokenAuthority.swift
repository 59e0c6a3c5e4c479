// The tokens of one process: it signs them with the key of the hour and remembers those that it has verified, so that
// the RSA work is done once a token. What it remembers lets nobody in: each call is admitted by the session's own state
// (admit.lua), and when that has changed the token is looked at anew.

import Crypto
import Domain
import HTTP
import Host
import Store
import Synchronization
import Threads
import Tokens

/// A token found right by this process.
final class VerifiedToken: Sendable {
  let claims: SessionToken
  /// Whether PostgreSQL knows that a token of this generation is in use.
  let isAcknowledged = Atomic(false)

  init(_ claims: SessionToken) { self.claims = claims }
}

/// Why a token is not taken; for the log, never for its sender.
typealias TokenProblem = TokenRefusal

/// A session's tokens, as they are handed out. Times are seconds since 1970.
struct TokenPair {
  let access: String
  let refresh: String
  let accessExpiresAt: Int
  let refreshExpiresAt: Int
  let scope: String
  let sessionID: ID<Session>
}

/// Signs and verifies.
final class TokenAuthority: Sendable {
  private struct Ring {
    var keys = KeyRing([])
    /// Nanoseconds of the monotonic clock; 0 before the first reading.
    var readAt: UInt64 = 0
  }

  /// How many searches for unknown keys may be made: filled at a steady rate, so that whoever invents names costs little.
  private struct SearchBudget {
    var left = 100.0
    var filledAt: UInt64 = 0

    /// A hundred at once, a hundred a second.
    mutating func take(now: UInt64) -> Bool {
      left = min(100, left + Double(now &- filledAt) / 10_000_000)
      filledAt = now
      guard left >= 1 else { return false }
      left -= 1
      return true
    }
  }

  /// 256 bits of a token's SHA-256: the cache holds no token.
  private struct Digest: Hashable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ text: String) {
      let bytes = SHA256.digest(text)
      func word(_ index: Int) -> UInt64 {
        bytes[(index * 8)..<(index * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) }
      }
      words = (word(0), word(1), word(2), word(3))
    }

    static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
  }

  private let database: Database
  private let master: MasterKey
  private let lifetimes: SessionLifetimes
  let format: TokenFormat
  private let ring = Locked(Ring())
  private let searches = Locked(SearchBudget())
  private let verified = Locked<[Digest: VerifiedToken]>([:])

  /// Tokens remembered at most, about 400 bytes each; beyond it the memory begins anew.
  private static let capacity = 20_000
  /// Nanoseconds for which a reading of the keys is good enough to sign by and to publish.
  private static let freshness: UInt64 = 10_000_000_000

  init(database: Database, master: MasterKey, format: TokenFormat, lifetimes: SessionLifetimes) {
    self.database = database
    self.master = master
    self.format = format
    self.lifetimes = lifetimes
  }

  // MARK: - Verifying

  /// Verifies an access token, from memory where this very token was seen before.
  ///
  /// - Throws: ``TokenProblem``, or what PostgreSQL throws where a key must be looked for.
  func verifyAccess(_ text: String) throws -> VerifiedToken {
    guard text.utf8.count <= CompactJWS.lengthLimit else { throw TokenRefusal.malformed }
    let digest = Digest(text)
    let now = HostClock.wallSeconds()
    if let known = verified.withLock({ $0[digest] }) {
      guard now < Double(known.claims.expiresAt) else { throw TokenRefusal.expired }
      return known
    }
    let token = VerifiedToken(try verify(text, as: .access, at: now))
    verified.withLock { verified in
      if verified.count >= Self.capacity { verified = [:] }
      verified[digest] = token
    }
    return token
  }

  /// Verifies a token of either kind, with all the work. A key that this process remembers may have been revoked since:
  /// for a token that it signed PostgreSQL is asked, once a token, and nobody else can cause it to be.
  func verify(_ text: String, as kind: TokenKind, at now: Double) throws -> SessionToken {
    let claims = try format.verify(text, as: kind, at: now) { keyID in
      if let key = ring.withLock({ $0.keys.verificationKey(keyID, at: now) }) { return key }
      // It may have been made a moment ago, and sign on another host already.
      guard searches.withLock({ $0.take(now: HostClock.monotonicNanoseconds()) }) else { return nil }
      return try readRing(olderThan: 0).verificationKey(keyID, at: now)
    }
    guard try readRing(olderThan: 0).verificationKey(claims.keyID, at: now) != nil else {
      throw TokenRefusal.unknownKey
    }
    return claims
  }

  /// Verifies a token of whichever kind it is.
  func verifyEither(_ text: String, at now: Double) throws -> SessionToken {
    do {
      return try verify(text, as: .access, at: now)
    } catch TokenRefusal.wrongType {
      return try verify(text, as: .refresh, at: now)
    }
  }

  /// Whether the key that signed a token is still believed: asked when the account's epoch has changed, which it does for
  /// everybody when a signing key is revoked.
  func isStillBelieved(_ token: VerifiedToken) throws -> Bool {
    try readRing(olderThan: 0).verificationKey(token.claims.keyID, at: HostClock.wallSeconds()) != nil
  }

  // MARK: - Signing

  /// Signs a pair for a session.
  func issue(_ session: SessionIdentity) throws -> TokenPair {
    let now = HostClock.wallSeconds()
    guard let key = try signingKey(at: now) else { throw Problem.unavailable(retryAfter: 1) }
    let end = Int(session.expiresAt)
    var claims = TokenClaims(
      userID: session.userID, tenantID: session.tenantID, sessionID: session.id, generation: session.generation,
      clientID: session.keyID?.description ?? "petstore", role: session.role, scopes: session.scopes,
      issuedAt: Int(now), expiresAt: min(end, Int(now) + session.accessSeconds))
    let access = try format.sign(claims, as: .access, with: key)
    let accessEnd = claims.expiresAt
    claims.expiresAt = min(end, Int(now) + lifetimes.refresh)
    return TokenPair(
      access: access, refresh: try format.sign(claims, as: .refresh, with: key), accessExpiresAt: accessEnd,
      refreshExpiresAt: claims.expiresAt, scope: session.scopes.text, sessionID: session.id)
  }

  /// The public keys, as other services read them (RFC 7517 section 5).
  func published() throws -> JSON {
    let now = HostClock.wallSeconds()
    _ = try signingKey(at: now)
    return ring.withLock { $0.keys }.published(at: now)
  }

  /// The key to sign with; the very first is made here.
  private func signingKey(at now: Double) throws -> SigningKey? {
    let keys: KeyRing
    do {
      keys = try readRing(olderThan: Self.freshness)
    } catch {
      // A reading that is a little old is still right: a new key is published long before it signs.
      keys = ring.withLock { $0.keys }
      guard !keys.isEmpty else { throw error }
    }
    if let key = keys.signingKey(at: now) { return key }
    let first = try RSAPrivateKey.generate()
    try database.addSigningKey(
      first, keyID: KeyRing.keyID(of: first.publicKey), lead: 0, longestLife: lifetimes.refresh, sealedWith: master,
      onlyIfNone: true)
    return try readRing(olderThan: 0).signingKey(at: HostClock.wallSeconds() + 1)
  }

  /// The keys, read from PostgreSQL if the last reading is older than so many nanoseconds.
  private func readRing(olderThan age: UInt64) throws -> KeyRing {
    let now = HostClock.monotonicNanoseconds()
    let current = ring.withLock { $0 }
    if current.readAt != 0, now &- current.readAt < age { return current.keys }
    let keys = KeyRing(
      try database.signingKeys(master).map {
        SigningKey(keyID: $0.keyID, key: $0.key, signsFrom: $0.signsFrom, expiresAt: $0.expiresAt)
      })
    ring.withLock { ring in
      // Of two readings at once the later one stays.
      if now >= ring.readAt { ring = Ring(keys: keys, readAt: now) }
    }
    return keys
  }
}

// MARK: - Sealing

extension TokenPair {
  private static let purpose = "successor pair"

  /// The pair as it is kept beside its session, for a client that did not hear the answer.
  func sealed(with master: MasterKey) -> [UInt8] {
    let plain: JSON = [
      "access": .string(access), "refresh": .string(refresh), "access_exp": .integer(accessExpiresAt),
      "refresh_exp": .integer(refreshExpiresAt), "scope": .string(scope),
    ]
    return master.seal(plain.encoded(), for: Self.purpose, context: sessionID.description)
  }

  /// Opens what ``sealed(with:)`` made; nil for anything else.
  init?(sealed: [UInt8], of session: ID<Session>, with master: MasterKey) {
    guard let plain = master.open(sealed, for: Self.purpose, context: session.description),
      let value = try? JSON(parsing: plain), case .string(let access)? = value["access"],
      case .string(let refresh)? = value["refresh"], case .integer(let accessEnd)? = value["access_exp"],
      case .integer(let refreshEnd)? = value["refresh_exp"], case .string(let scope)? = value["scope"]
    else { return nil }
    self.init(
      access: access, refresh: refresh, accessExpiresAt: accessEnd, refreshExpiresAt: refreshEnd, scope: scope,
      sessionID: session)
  }
}

// MARK: - Answering

extension TokenPair {
  /// The members of a token answer (RFC 6749 section 5.1).
  var members: [JSON.Member] {
    let now = Int(HostClock.wallSeconds())
    return [
      .init("access_token", .string(access)), .init("refresh_token", .string(refresh)),
      .init("token_type", "Bearer"), .init("expires_in", .integer(max(0, accessExpiresAt - now))),
      .init("refresh_expires_in", .integer(max(0, refreshExpiresAt - now))),
      .init("scope", .string(scope)), .init("session_id", .string(sessionID.description)),
    ]
  }
}
