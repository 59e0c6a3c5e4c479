// Who may do what: tiers, roles, scopes. Accounts and tenants are named here and kept by Store.

/// A person's account; only a name for its identities.
public enum User {}
/// An organisation; everybody has at least a personal one.
public enum Tenant {}

/// What an account pays for; decides its limits.
public enum Tier: String, Sendable, CaseIterable { case free, standard, premium }

/// What an account may do; follows the tier unless an administrator set it.
public enum Role: String, Sendable, CaseIterable { case admin, premium, standard, free }

/// What a role allows.
public enum Permission: String, Sendable, CaseIterable {
  case createContent = "create_content"
  case viewAnalytics = "view_analytics"
  case manageUsers = "manage_users"
  case accessPremiumFeatures = "access_premium_features"
  /// Switches the service's feature flags.
  case manageService = "manage_service"

  /// Whether it reaches beyond the account's own tenant.
  var isPowerOverOthers: Bool { self == .manageUsers || self == .manageService }
}

extension Role {
  /// The matrix of roles and permissions; docs/roles.md shows it and a test holds the two together.
  public var permissions: Set<Permission> {
    switch self {
    case .admin: Set(Permission.allCases)
    case .premium: [.createContent, .viewAnalytics, .accessPremiumFeatures]
    case .standard: [.createContent, .viewAnalytics]
    case .free: [.createContent]
    }
  }
}

/// What a key or session may be used for. It can only narrow what its account may do.
public enum Scope: String, Sendable, CaseIterable, Comparable {
  case analyticsRead = "analytics:read"
  case contentRead = "content:read"
  case contentWrite = "content:write"
  case flagsRead = "flags:read"
  case flagsWrite = "flags:write"
  case keysRead = "keys:read"
  case keysWrite = "keys:write"
  case profileRead = "profile:read"
  case profileWrite = "profile:write"
  case sessionsRead = "sessions:read"
  case sessionsWrite = "sessions:write"
  case usageRead = "usage:read"
  case usersRead = "users:read"
  case usersWrite = "users:write"

  /// What the account's role must allow for the scope to mean anything; nil where every role does.
  public var permission: Permission? {
    switch self {
    case .contentWrite: .createContent
    case .analyticsRead: .viewAnalytics
    case .usersRead, .usersWrite: .manageUsers
    case .flagsRead, .flagsWrite: .manageService
    case .contentRead, .keysRead, .keysWrite, .profileRead, .profileWrite, .sessionsRead, .sessionsWrite,
      .usageRead:
      nil
    }
  }

  public static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
}

/// A set of scopes in one word.
public struct ScopeSet: Sendable, Equatable {
  private var bits: UInt32 = 0

  public init(_ scopes: some Sequence<Scope>) { for scope in scopes { insert(scope) } }
  public static let all = ScopeSet(Scope.allCases)
  /// What a new key or session gets when nobody says: everything, but power over other accounts only where the role has
  /// it at that moment, so that an account's old keys do not grow with a promotion.
  public static func standard(for role: Role) -> ScopeSet {
    ScopeSet(
      Scope.allCases.filter { scope in
        guard let permission = scope.permission, permission.isPowerOverOthers else { return true }
        return role.permissions.contains(permission)
      })
  }

  public func contains(_ scope: Scope) -> Bool { bits & Self.bit(scope) != 0 }
  public func isSubset(of other: ScopeSet) -> Bool { bits & ~other.bits == 0 }
  /// Those that a role's permissions back.
  public func allowed(to role: Role) -> ScopeSet {
    ScopeSet(scopes.filter { scope in scope.permission.map(role.permissions.contains) ?? true })
  }
  /// As words between spaces (RFC 6749 section 3.3).
  public var text: String { scopes.map(\.rawValue).joined(separator: " ") }
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
