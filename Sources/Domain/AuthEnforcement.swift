// The rollout of authentication over a service that was public: for each group of routes that anybody could call, whether
// a caller must show who he is.

/// Routes that the earlier, public service answered to anybody, by what they are about. No other route is ever public.
public enum RouteGroup: String, Sendable, CaseIterable {
  /// Articles, analysis, keywords, optimization.
  case content
  case batch
  /// Pictures; nothing that administers their providers.
  case images
  /// How the service is: numbers, health, lists.
  case status
}

/// How strictly each group of routes asks for a credential.
public struct AuthEnforcement: Sendable, Equatable {
  public enum Mode: String, Sendable, CaseIterable {
    /// A caller who would be refused is served as the public account, and nothing is said of it.
    case off
    /// The same, but what would have been refused is counted and logged.
    case observe
    /// Who shows no valid credential is refused.
    case enforce
  }

  private var modes: [RouteGroup: Mode]

  public init(_ modes: [RouteGroup: Mode] = [:]) { self.modes = modes }

  public subscript(group: RouteGroup) -> Mode { modes[group] ?? .enforce }

  /// What is wrong with a text.
  public struct Mistake: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// Reads `observe`, which is said of every group, or `content=observe,batch=off`; a group that is not named enforces.
  public init(_ text: String) throws(Mistake) {
    modes = [:]
    for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard let mode = sides.last.flatMap({ Mode(rawValue: String($0)) }) else {
        throw Mistake(description: "\(part): write one of off, observe, enforce")
      }
      let groups: [RouteGroup]
      switch sides.count {
      case 1: groups = RouteGroup.allCases
      case 2:
        guard let group = RouteGroup(rawValue: String(sides[0])) else {
          let names = RouteGroup.allCases.map(\.rawValue).joined(separator: ", ")
          throw Mistake(description: "\(sides[0]): the groups of routes are \(names)")
        }
        groups = [group]
      default: throw Mistake(description: "\(part): write group=mode")
      }
      for group in groups {
        guard modes[group] == nil else { throw Mistake(description: "\(group.rawValue) is said twice") }
        modes[group] = mode
      }
    }
  }
}

/// The account that callers without a valid credential are served as, where a group of routes does not enforce one. An
/// ordinary account, which the migrations make: an administrator may suspend it, and sees what it used.
public enum PublicAccount {
  /// What its key is found by. No key has this hash: finding one would break SHA-256.
  public static let keyHash = String(repeating: "0", count: 64)
  public static let keyID = ID<Key>(high: 0, low: 1)
  public static let userID = ID<User>(high: 0, low: 1)
}
