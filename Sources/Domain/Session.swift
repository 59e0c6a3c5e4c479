// Sessions: what a person or program holds after a login, and the rules of its refresh tokens and of proving oneself
// anew. Pure: facts and a moment in, a decision out.

/// A session; only a name for its identities.
public enum Session {}
/// One access token; only a name for its identities.
public enum Token {}

/// How long tokens and sessions live, in seconds.
public struct SessionLifetimes: Sendable {
  /// An access token's life, unless its session was opened with a shorter one.
  public var access: Int
  /// A refresh token's life: how long a session may rest between two refreshes.
  public var refresh: Int
  /// A session that is not used so long has ended.
  public var idle: Int
  /// A session ends so long after its login, however it is used.
  public var absolute: Int

  public init(access: Int, refresh: Int, idle: Int, absolute: Int) {
    self.access = access
    self.refresh = refresh
    self.idle = idle
    self.absolute = absolute
  }
}

/// What a principal knows of the session that it came by. Times are seconds since 1970.
public struct SessionFacts: Sendable, Equatable {
  public let id: ID<Session>
  /// When the password was last proven in this session; nil for one opened with an API key.
  public let authenticatedAt: Double?
  /// When the second factor was last proven.
  public let secondFactorAt: Double?
  /// The latest generation of which a token has been used.
  public let acknowledgedGeneration: Int

  public init(
    id: ID<Session>, authenticatedAt: Double?, secondFactorAt: Double?, acknowledgedGeneration: Int
  ) {
    self.id = id
    self.authenticatedAt = authenticatedAt
    self.secondFactorAt = secondFactorAt
    self.acknowledgedGeneration = acknowledgedGeneration
  }
}

/// What becomes of a refresh token that was presented. Rotation with detection of theft: RFC 9700 section 4.14.2.
public enum RefreshDecision: Sendable, Equatable {
  /// It is the present one: a new generation begins.
  case rotate
  /// Its successor was just made and nobody has used it: a client that did not hear the answer gets the same one again.
  case repeatSuccessor
  /// It is an older one. Somebody has a copy: the session ends, whoever of the two is the owner.
  case endSession

  /// Seconds in which the immediate parent may be presented again.
  public static let grace = 10.0

  /// - Parameters:
  ///   - presented: generation of the token.
  ///   - present: generation of the session.
  ///   - acknowledged: the latest generation of which a token was used.
  ///   - sinceRotation: seconds since the present generation began; nil for the first.
  public init(presented: Int, present: Int, acknowledged: Int, sinceRotation: Double?) {
    if presented == present {
      self = .rotate
    } else if presented == present - 1, acknowledged < present, let sinceRotation,
      sinceRotation <= Self.grace
    {
      self = .repeatSuccessor
    } else {
      self = .endSession
    }
  }
}

/// Whether a caller has proven itself recently enough for what could take an account over: new keys, a new address,
/// other people's accounts (OWASP ASVS 5.0, 7.5.1; RFC 9470).
public enum StepUp {
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - window: seconds for which a proof counts.
  public static func isSatisfied(by principal: Principal, now: Double, window: Int) -> Bool {
    guard let session = principal.session else {
      // A key is a proof by itself, but never a second factor's.
      return !principal.hasSecondFactor
    }
    let proof = principal.hasSecondFactor ? session.secondFactorAt : session.authenticatedAt
    guard let proof else {
      // Opened with a key: as good as the key.
      return !principal.hasSecondFactor && principal.keyID != nil
    }
    return now - proof < Double(window)
  }
}
