// Public keys as they are published (RFC 7517), read as strictly as the tokens that they verify.

public import Crypto
public import HTTP

/// The public key of an RS256 signer, and its name.
public struct JSONWebKey: Sendable {
  /// What tokens name it by in `kid`; not empty.
  public let keyID: String
  public let key: RSAPublicKey

  public init(keyID: String, key: RSAPublicKey) {
    self.keyID = keyID
    self.key = key
  }

  /// Why a key, or a set of them, is not taken. What the numbers themselves have against them is an `RSAKeyRefusal`.
  public enum Refusal: Error, Sendable, Equatable {
    /// No object, or a member of the wrong type, or one missing.
    case malformed
    /// `kty` is not RSA.
    case wrongType
    /// `use` or `key_ops` do not let it verify signatures, and nothing else.
    case wrongUse
    /// `alg` is not RS256.
    case wrongAlgorithm
    /// It has members that only a private or symmetric key has: somebody published a secret, or lies.
    case privateMembers
    /// Two keys of a set have one name.
    case duplicateKeyID
  }

  /// The form in which it is published (RFC 7518 section 6.3.1).
  public var json: JSON {
    [
      "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(keyID),
      "n": .string(Base64URL.encode(key.modulus)), "e": .string(Base64URL.encode(key.exponent)),
    ]
  }

  /// Reads a published key (RFC 7517 section 4, RFC 7518 section 6.3.1). `use`, `key_ops` and `alg` may be missing, but
  /// what they say must allow RS256 and verifying. Members that are not known are ignored, as section 4 asks.
  ///
  /// - Throws: ``Refusal``, or what `RSAPublicKey` has against its numbers.
  public init(parsing json: JSON) throws {
    guard case .object(let members) = json else { throw Refusal.malformed }
    guard case .string(let type) = json["kty"] else { throw Refusal.malformed }
    guard type == "RSA" else { throw Refusal.wrongType }
    guard !members.contains(where: { Self.privateMembers.contains($0.name) }) else { throw Refusal.privateMembers }
    guard [nil, "sig"].contains(json["use"]), Self.allowsVerifying(json["key_ops"]) else { throw Refusal.wrongUse }
    guard [nil, "RS256"].contains(json["alg"]) else { throw Refusal.wrongAlgorithm }
    guard case .string(let keyID) = json["kid"], !keyID.isEmpty else { throw Refusal.malformed }
    self.keyID = keyID
    key = try RSAPublicKey(modulus: Self.number(json["n"]), exponent: Self.number(json["e"]))
  }

  /// RFC 7518 section 6.3.2, and `k` of section 6.4.
  private static let privateMembers: Set<String> = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

  /// Section 4.3 of RFC 7517: no operation twice, none that does not go with the others.
  private static func allowsVerifying(_ operations: JSON?) -> Bool {
    guard let operations else { return true }
    return [["verify"], ["sign", "verify"], ["verify", "sign"]].contains(operations)
  }

  /// A Base64urlUInt, which has no leading zeros (RFC 7518 section 2).
  private static func number(_ json: JSON?) throws(Refusal) -> [UInt8] {
    guard case .string(let text) = json, let bytes = Base64URL.decode(text.utf8), let first = bytes.first, first != 0
    else { throw .malformed }
    return bytes
  }
}

/// The keys of one issuer (RFC 7517 section 5).
public struct JSONWebKeySet: Sendable {
  /// In the order in which they are published; no two have one name.
  public let keys: [JSONWebKey]

  /// - Throws: ``JSONWebKey/Refusal/duplicateKeyID``.
  public init(_ keys: [JSONWebKey]) throws(JSONWebKey.Refusal) {
    guard Set(keys.map(\.keyID)).count == keys.count else { throw .duplicateKeyID }
    self.keys = keys
  }

  /// Reads a published set. One key that is not taken makes the whole set refused: a set that mixes our kind with
  /// others is where one key is taken for another.
  ///
  /// - Throws: ``JSONWebKey/Refusal``, or what `RSAPublicKey` has against a key's numbers.
  public init(parsing json: JSON) throws {
    guard case .array(let elements) = json["keys"] else { throw JSONWebKey.Refusal.malformed }
    try self.init(elements.map { try JSONWebKey(parsing: $0) })
  }

  /// The key of that name; there is no other way to get one, so a token without `kid` finds none.
  public func key(_ keyID: String) -> JSONWebKey? {
    keys.first { $0.keyID == keyID }
  }

  /// The form in which it is published.
  public var json: JSON { ["keys": .array(keys.map(\.json))] }
}
