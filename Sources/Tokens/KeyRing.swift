// The keys that sign our tokens: each is published before it signs and believed until the last token that it signed
// has ended.

public import Crypto
public import HTTP

/// A signing key and its times, in seconds since 1970.
public struct SigningKey: Sendable {
  public let keyID: String
  public let key: RSAPrivateKey
  /// Signs from here on, until a newer key does.
  public let signsFrom: Double
  /// Believed until here; nil for a key that no newer one has followed.
  public let expiresAt: Double?

  public init(keyID: String, key: RSAPrivateKey, signsFrom: Double, expiresAt: Double?) {
    self.keyID = keyID
    self.key = key
    self.signsFrom = signsFrom
    self.expiresAt = expiresAt
  }
}

/// The signing keys as they stood at one moment. A key that was revoked is not among them.
public struct KeyRing: Sendable {
  private let keys: [SigningKey]

  public init(_ keys: [SigningKey]) {
    self.keys = keys.sorted { $0.signsFrom > $1.signsFrom }
  }

  public var isEmpty: Bool { keys.isEmpty }

  /// The key that signs now: the newest whose time has come.
  public func signingKey(at now: Double) -> SigningKey? {
    let living = keys.filter { $0.expiresAt.map { now < $0 } ?? true }
    return living.first { $0.signsFrom <= now } ?? living.last
  }

  /// The public key of a name, as long as it is believed.
  public func verificationKey(_ keyID: String, at now: Double) -> RSAPublicKey? {
    guard let found = keys.first(where: { $0.keyID == keyID }),
      found.expiresAt.map({ now < $0 }) ?? true
    else { return nil }
    return found.key.publicKey
  }

  /// What is published (RFC 7517 section 5): keys that will sign, that sign, and whose tokens still live.
  public func published(at now: Double) -> JSON {
    let living = keys.filter { $0.expiresAt.map { now < $0 } ?? true }
    return [
      "keys": .array(living.map { JSONWebKey(keyID: $0.keyID, key: $0.key.publicKey).json })
    ]
  }

  /// The name of a key: the first half of its thumbprint (RFC 7638), so that no two keys share one. In hexadecimal, since
  /// base64url may begin with a dash, which on a command line would be an option.
  public static func keyID(of key: RSAPublicKey) -> String {
    let text =
      "{\"e\":\"\(Base64URL.encode(key.exponent))\",\"kty\":\"RSA\",\"n\":\"\(Base64URL.encode(key.modulus))\"}"
    return Hexadecimal.encode(SHA256.digest(text).prefix(16))
  }
}
