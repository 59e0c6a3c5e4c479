// Who may do what: tiers, roles, scopes. Accounts and tenants are named here and kept by Store.

/// A person's account; only a name for its identities.
public enum User {}
/// An organisation; everybody has at least a personal one.
public enum Tenant {}

/// What an account pays for; decides its limits.
public enum Tier: String, Sendable, CaseIterable { case free, standard, premium }

/// What an account may do; follows the tier unless an administrator set it.
public enum Role: String, Sendable, CaseIterable { case admin, premium, standard, free }

/// What a key may be used for. A key can only narrow what its account may do.
public enum Scope: String, Sendable, CaseIterable, Comparable {
  case contentRead = "content:read"
  case contentWrite = "content:write"
  case keysRead = "keys:read"
  case keysWrite = "keys:write"
  case profileRead = "profile:read"
  case profileWrite = "profile:write"
  case usageRead = "usage:read"

  public static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
}

/// A set of scopes in one word.
public struct ScopeSet: Sendable, Equatable {
  private var bits: UInt32 = 0

  public init(_ scopes: some Sequence<Scope>) { for scope in scopes { insert(scope) } }
  public static let all = ScopeSet(Scope.allCases)

  public func contains(_ scope: Scope) -> Bool { bits & Self.bit(scope) != 0 }
  public func isSubset(of other: ScopeSet) -> Bool { bits & ~other.bits == 0 }
  /// In alphabetic order.
  public var scopes: [Scope] { Scope.allCases.filter(contains).sorted() }

  private mutating func insert(_ scope: Scope) { bits |= Self.bit(scope) }
  private static func bit(_ scope: Scope) -> UInt32 {
    1 << UInt32(Scope.allCases.firstIndex(of: scope) ?? 31)
  }
}

/// Text that a person or company is called by: 1 to `limit` characters, not only white space, no control characters.
public struct DisplayName: Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init?(_ text: String, limit: Int) {
    guard (1...limit).contains(text.count), text.contains(where: { !$0.isWhitespace }),
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    description = text
  }
}
