/// One member of a request that is not as it should be; the form that clients of the earlier API read.
public struct FieldError: Sendable, Equatable {
  public enum Step: Sendable, Equatable { case name(String), index(Int) }

  /// Where: `body` or `query`, then member names and list positions.
  public let location: [Step]
  public let message: String
  /// A stable word such as `missing` or `string_too_long`.
  public let type: String

  public init(_ location: [Step], _ message: String, type: String) {
    self.location = location
    self.message = message
    self.type = type
  }
}

/// What the world may know of a refusal. The catalogue: status, title and text of each stand in API's
/// `Problem+Response.swift`.
public enum Problem: Error, Sendable, Equatable {
  case badRequest(String)
  case conflictingCredentials
  case credentialInURL
  case unauthenticated
  case invalidCredential
  case wrongCredentials
  /// The password was right, and a code of the second factor must come with it.
  case secondFactorRequired
  case secondFactorWrong
  /// What was asked for needs a fresh proof of who asks.
  case stepUpRequired(secondFactor: Bool, window: Int)
  /// A refresh token that is not the present one of a living session.
  case invalidGrant
  /// A code from a letter that is unknown, used or too old.
  case invalidCode
  /// The call is about the session of the caller, who came with a key.
  case noSession
  case lastAdmin
  case secondFactorPresent
  case secondFactorAbsent
  case accountDisabled
  case insufficientScope(Scope)
  case scopeNotYours([Scope])
  /// A feature that needs a role with the permission `access_premium_features`.
  case premiumFeature(String)
  case notFound
  case methodNotAllowed(allow: String)
  case emailTaken
  case keyNameTaken
  case slugTaken
  case jobExists
  case providerNameTaken
  case tooManyProviders(limit: Int)
  /// Pictures are asked for, and the tenant has no provider of them.
  case noImageProvider
  /// None of the tenant's providers gave what was asked for.
  case providerFailed(String)
  case keyNotActive
  case payloadTooLarge(limit: Int)
  case unsupportedMediaType
  case validationFailed([FieldError])
  case quotaExceeded(violated: [String], retryAfter: Int)
  case tooManyAttempts(retryAfter: Int)
  case tooManyConcurrent(limit: Int)
  case internalError
  case unavailable(retryAfter: Int)
  /// An administrator has switched a feature off; what, as the subject of a sentence in the plural.
  case switchedOff(String)
}
