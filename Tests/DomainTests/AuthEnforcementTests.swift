import Testing

@testable import Domain

@Suite struct AuthEnforcementTests {
  @Test func `One word is said of every group`() throws {
    for mode in AuthEnforcement.Mode.allCases {
      let enforcement = try AuthEnforcement(mode.rawValue)
      for group in RouteGroup.allCases { #expect(enforcement[group] == mode) }
    }
  }

  @Test func `A group that is not named enforces`() throws {
    let enforcement = try AuthEnforcement("content=observe, batch=off")
    #expect(enforcement[.content] == .observe && enforcement[.batch] == .off)
    #expect(enforcement[.images] == .enforce && enforcement[.status] == .enforce)
    #expect(AuthEnforcement() == (try AuthEnforcement("")))
  }

  @Test(arguments: [
    "open", "content", "content=", "=off", "content=open", "posts=off", "content=off=off", "content=off,content=off",
    "off,content=observe", "OFF",
  ])
  func `What cannot be meant is a mistake, never a mild reading`(text: String) {
    #expect(throws: AuthEnforcement.Mistake.self) { try AuthEnforcement(text) }
  }

  @Test func `A flag counts before the setting, and nonsense in the table does not`() throws {
    let settings = try AuthEnforcement("content=off")
    #expect(FeatureFlags(enforcement: settings).mode(of: .content) == .off)
    #expect(FeatureFlags([.enforceContent: "enforce"], enforcement: settings).mode(of: .content) == .enforce)
    #expect(FeatureFlags([.enforceContent: "on"], enforcement: settings).mode(of: .content) == .off)
    #expect(FeatureFlags([.enforceContent: "enforce"], enforcement: settings).mode(of: .batch) == .enforce)
    #expect(FeatureFlags([.registration: "off"], enforcement: settings).isOn(.registration) == false)
    #expect(FeatureFlags([.registration: "no"], enforcement: settings).isOn(.registration))
  }

  @Test func `Every group has its flag, and every flag a value that is its default`() {
    #expect(Set(FeatureFlag.allCases.compactMap(\.group)) == Set(RouteGroup.allCases))
    for flag in FeatureFlag.allCases {
      #expect(flag.values.contains(flag.standard(AuthEnforcement())))
      #expect(flag.rawValue.allSatisfy { $0 == "_" || ("a"..."z").contains($0) })
    }
  }
}
