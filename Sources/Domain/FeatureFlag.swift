// Feature flags: what an administrator may switch while the service runs. The list is fixed; a flag that nobody has set
// goes by its default.

/// A switch of the running service.
public enum FeatureFlag: String, Sendable, CaseIterable {
  case registration
  case aiProviders = "ai_providers"
  case images
  case batches
  case enforceContent = "auth_enforcement_content"
  case enforceBatch = "auth_enforcement_batch"
  case enforceImages = "auth_enforcement_images"
  case enforceStatus = "auth_enforcement_status"

  /// What it decides, for people.
  public var summary: String {
    switch self {
    case .registration: "Whether anybody may open an account. Administrators always may."
    case .aiProviders: "Whether AI providers are asked; off: the built-in engine writes everything."
    case .images: "Whether pictures may be asked for."
    case .batches: "Whether new batches may be asked for; those that have begun go on."
    case .enforceContent, .enforceBatch, .enforceImages, .enforceStatus:
      "Whether its routes ask for a credential; until it is set, the setting AUTH_ENFORCEMENT says."
    }
  }

  /// What it may be set to.
  public var values: [String] {
    group == nil ? ["on", "off"] : AuthEnforcement.Mode.allCases.map(\.rawValue)
  }

  /// The group of routes whose enforcement it decides.
  public var group: RouteGroup? {
    switch self {
    case .enforceContent: .content
    case .enforceBatch: .batch
    case .enforceImages: .images
    case .enforceStatus: .status
    case .registration, .aiProviders, .images, .batches: nil
    }
  }

  /// What counts where nobody has set it.
  public func standard(_ settings: AuthEnforcement) -> String {
    group.map { settings[$0].rawValue } ?? "on"
  }
}

/// All flags at one moment.
public struct FeatureFlags: Sendable, Equatable {
  private let enforcement: AuthEnforcement
  private let values: [FeatureFlag: String]

  /// - Parameters:
  ///   - values: those that were set; what is no value of its flag counts as not set.
  ///   - enforcement: what the settings say.
  public init(_ values: [FeatureFlag: String] = [:], enforcement: AuthEnforcement) {
    self.values = values.filter { flag, value in flag.values.contains(value) }
    self.enforcement = enforcement
  }

  public subscript(flag: FeatureFlag) -> String { values[flag] ?? flag.standard(enforcement) }

  public func isOn(_ flag: FeatureFlag) -> Bool { self[flag] != "off" }

  /// How strictly a group of routes asks for a credential.
  public func mode(of group: RouteGroup) -> AuthEnforcement.Mode {
    guard let flag = FeatureFlag.allCases.first(where: { $0.group == group }) else { return .enforce }
    return AuthEnforcement.Mode(rawValue: self[flag]) ?? .enforce
  }
}
