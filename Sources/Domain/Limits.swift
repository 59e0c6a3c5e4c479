// Limits: what they are and what a decision about them says. How they are kept exact is Store's business.

/// At most `quota` admitted requests in any window of `seconds`.
public struct LimitPolicy: Sendable, Equatable {
  public let name: String
  public let quota: Int
  public let seconds: Int

  public init(name: String, quota: Int, seconds: Int) {
    self.name = name
    self.quota = quota
    self.seconds = seconds
  }
}

/// The limits of one account.
public struct AccountLimits: Sendable, Equatable {
  public var perMinute: Int
  public var perHour: Int
  public var perDay: Int
  /// Content requests that may run at once.
  public var concurrent: Int

  /// What a limit of an account's own may be: the database's own bounds, V0001_accounts.sql.
  public static let quotas = 1...70_000_000
  public static let concurrencies = 1...100_000

  public init(perMinute: Int, perHour: Int, perDay: Int, concurrent: Int) {
    self.perMinute = perMinute
    self.perHour = perHour
    self.perDay = perDay
    self.concurrent = concurrent
  }

  /// What a tier brings.
  public static func of(_ tier: Tier, concurrent: Int = 10) -> AccountLimits {
    switch tier {
    case .free: .init(perMinute: 60, perHour: 1_000, perDay: 10_000, concurrent: concurrent)
    case .standard: .init(perMinute: 300, perHour: 10_000, perDay: 100_000, concurrent: concurrent)
    case .premium: .init(perMinute: 1_200, perHour: 50_000, perDay: 500_000, concurrent: concurrent)
    }
  }

  /// The three windows, in the order in which they are answered.
  public var policies: [LimitPolicy] {
    [
      LimitPolicy(name: "minute", quota: perMinute, seconds: 60),
      LimitPolicy(name: "hour", quota: perHour, seconds: 3_600),
      LimitPolicy(name: "day", quota: perDay, seconds: 86_400),
    ]
  }
}

/// The state of one window after a decision.
public struct WindowState: Sendable, Equatable {
  /// Requests that may still be admitted now.
  public var remaining: Int
  /// Seconds, rounded up, until more may be: until the oldest counted request leaves the window. 0 when nothing counts.
  public var reset: Int

  public init(remaining: Int, reset: Int) {
    self.remaining = remaining
    self.reset = reset
  }
}

/// What the limits say of one request.
public struct LimitDecision: Sendable, Equatable {
  /// The names of the windows that are full; empty when the request is admitted.
  public var violated: [String]
  /// One for each policy, in the policies' order.
  public var windows: [WindowState]

  public init(violated: [String], windows: [WindowState]) {
    self.violated = violated
    self.windows = windows
  }

  public var isAdmitted: Bool { violated.isEmpty }
}
