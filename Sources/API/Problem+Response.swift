// The catalogue of problems: what the world reads when something is refused (RFC 9457). A new case of Problem does not
// compile until it has its line here; docs/errors.md explains each to callers.

import Domain
import HTTP

extension Problem {
  /// The last part of `type`, stable for programs.
  var code: String {
    switch self {
    case .badRequest: "bad_request"
    case .conflictingCredentials: "conflicting_credentials"
    case .credentialInURL: "credential_in_url"
    case .unauthenticated: "unauthenticated"
    case .invalidCredential: "invalid_credential"
    case .wrongCredentials: "wrong_credentials"
    case .secondFactorRequired: "second_factor_required"
    case .secondFactorWrong: "second_factor_wrong"
    case .stepUpRequired: "step_up_required"
    case .invalidGrant: "invalid_grant"
    case .invalidCode: "invalid_code"
    case .noSession: "no_session"
    case .lastAdmin: "last_admin"
    case .slugTaken: "slug_taken"
    case .jobExists: "job_exists"
    case .premiumFeature: "premium_feature"
    case .providerNameTaken: "provider_name_taken"
    case .tooManyProviders: "too_many_providers"
    case .noImageProvider: "no_image_provider"
    case .providerFailed: "provider_failed"
    case .secondFactorPresent: "second_factor_present"
    case .secondFactorAbsent: "second_factor_absent"
    case .accountDisabled: "account_disabled"
    case .insufficientScope, .scopeNotYours: "insufficient_scope"
    case .notFound: "not_found"
    case .methodNotAllowed: "method_not_allowed"
    case .emailTaken: "email_taken"
    case .keyNameTaken: "key_name_taken"
    case .keyNotActive: "key_not_active"
    case .payloadTooLarge: "payload_too_large"
    case .unsupportedMediaType: "unsupported_media_type"
    case .validationFailed: "validation_failed"
    case .quotaExceeded: "quota-exceeded"
    case .tooManyAttempts: "too_many_attempts"
    case .tooManyConcurrent: "too_many_concurrent"
    case .internalError: "internal_error"
    case .unavailable: "unavailable"
    case .switchedOff: "switched_off"
    }
  }

  var status: Status {
    switch self {
    case .badRequest, .conflictingCredentials, .credentialInURL: .badRequest
    case .noSession, .invalidCode: .badRequest
    case .unauthenticated, .invalidCredential, .wrongCredentials, .secondFactorRequired, .secondFactorWrong,
      .invalidGrant, .stepUpRequired:
      .unauthorized
    case .accountDisabled, .insufficientScope, .scopeNotYours, .premiumFeature: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .emailTaken, .keyNameTaken, .keyNotActive, .lastAdmin, .secondFactorPresent, .secondFactorAbsent,
      .slugTaken, .jobExists, .providerNameTaken, .tooManyProviders:
      .conflict
    case .payloadTooLarge: .contentTooLarge
    case .unsupportedMediaType: .unsupportedMediaType
    case .validationFailed: .unprocessableContent
    case .quotaExceeded, .tooManyAttempts, .tooManyConcurrent: .tooManyRequests
    case .internalError: .internalServerError
    case .unavailable, .noImageProvider, .switchedOff: .serviceUnavailable
    case .providerFailed: .badGateway
    }
  }

  private var title: String {
    switch self {
    case .badRequest: "The request cannot be understood"
    case .conflictingCredentials: "Two different credentials"
    case .credentialInURL: "A credential in the URL"
    case .unauthenticated: "A credential is needed"
    case .invalidCredential: "The credential is not valid"
    case .wrongCredentials: "Wrong e-mail address or password"
    case .secondFactorRequired: "A code of the second factor is needed"
    case .secondFactorWrong: "The code of the second factor is wrong"
    case .stepUpRequired: "A fresh proof of who you are is needed"
    case .invalidGrant: "The refresh token is not valid"
    case .invalidCode: "The code is not valid"
    case .noSession: "There is no session"
    case .lastAdmin: "The last administrator must stay"
    case .slugTaken: "Another post has this slug"
    case .jobExists: "There is a job of this name"
    case .premiumFeature: "This is a premium feature"
    case .providerNameTaken: "There is a provider of this name"
    case .tooManyProviders: "There are too many providers"
    case .noImageProvider: "There is no provider of pictures"
    case .providerFailed: "The provider failed"
    case .secondFactorPresent: "There is a second factor already"
    case .secondFactorAbsent: "There is no second factor"
    case .accountDisabled: "The account is disabled"
    case .insufficientScope, .scopeNotYours: "The credential may not do this"
    case .notFound: "There is nothing here"
    case .methodNotAllowed: "This method is not offered here"
    case .emailTaken: "The account cannot be created"
    case .keyNameTaken: "The name is taken"
    case .keyNotActive: "The key is not active"
    case .payloadTooLarge: "The body is too large"
    case .unsupportedMediaType: "The body must be JSON"
    case .validationFailed: "Some members are not as they should be"
    case .quotaExceeded: "Request cannot be satisfied as assigned quota has been exceeded"
    case .tooManyAttempts: "Too many attempts"
    case .tooManyConcurrent: "Too many requests at once"
    case .internalError: "Something went wrong on our side"
    case .unavailable: "Temporarily unavailable"
    case .switchedOff: "Switched off for now"
    }
  }

  var detail: String {
    switch self {
    case .badRequest(let reason): reason
    case .conflictingCredentials:
      "Send either Authorization or X-API-Key, or the same key in both."
    case .credentialInURL:
      "URLs end up in logs and histories. Send the key as 'Authorization: Bearer …' and revoke the one in this URL."
    case .unauthenticated: "Send your API key or access token as 'Authorization: Bearer …'."
    case .invalidCredential: "The key or token is malformed, unknown, expired or revoked."
    case .wrongCredentials: "There is no account with this e-mail address and password."
    case .secondFactorRequired:
      "The password is right. Send it again with 'code': six digits of your authenticator app, or a recovery code."
    case .secondFactorWrong:
      "Send six digits that the app shows now and that were not used before, or a recovery code that is not used up."
    case .stepUpRequired(let secondFactor, let window):
      "This could take the account over, so it needs a proof that is younger than \(window) s: "
        + (secondFactor
          ? "log in, then POST a 'code' of the second factor to /api/v1/auth/step-up."
          : "log in again, or POST the 'password' to /api/v1/auth/step-up.")
    case .invalidGrant: "It is malformed, expired, used before, or its session has ended. Log in again."
    case .invalidCode: "It is unknown, used already, or too old. Ask for a new letter."
    case .noSession: "You came with an API key. Revoke the key instead: DELETE /api/v1/auth/keys/{id}."
    case .lastAdmin: "Make somebody else an administrator first."
    case .slugTaken: "Give another slug, or change that post."
    case .jobExists: "Give another job_id, or delete that job first."
    case .premiumFeature(let feature):
      "\(feature) need a role with the permission access_premium_features: ask an administrator of this service."
    case .providerNameTaken: "Give another custom_config.name, or delete that provider first."
    case .tooManyProviders(let limit): "An organisation may have \(limit) of each purpose. Delete one first."
    case .noImageProvider:
      "Configure one with POST /api/v1/images/providers/configure. This service makes no pictures of its own."
    case .providerFailed(let reason): reason
    case .secondFactorPresent: "Take it away first: DELETE /api/v1/auth/mfa/totp."
    case .secondFactorAbsent: "Begin with POST /api/v1/auth/mfa/totp."
    case .accountDisabled: "Ask an administrator of your organisation to enable it."
    case .insufficientScope(let scope):
      "This call needs the scope \(scope.rawValue)"
        + (scope.permission.map { ", and a role with the permission \($0.rawValue)." } ?? ".")
    case .scopeNotYours(let scopes):
      "A credential cannot give what it does not have itself: \(scopes.map(\.rawValue).joined(separator: ", "))."
    case .notFound: "Look at /openapi.yaml for the paths that exist."
    case .methodNotAllowed(let allow): "This path answers \(allow)."
    case .emailTaken:
      "An account cannot be created with this e-mail address. If it is yours, log in instead."
    case .keyNameTaken: "Another key of yours has this name. Choose another, or revoke that key."
    case .keyNotActive: "It is revoked, expired or already replaced. Create a new key instead."
    case .payloadTooLarge(let limit): "A body may have at most \(limit) bytes."
    case .unsupportedMediaType: "Send the body with 'Content-Type: application/json'."
    case .validationFailed(let errors):
      errors.count == 1
        ? "One member is not as it should be: see errors."
        : "\(errors.count) members are not as they should be: see errors."
    case .quotaExceeded(let violated, let retryAfter):
      "The quota of the \(violated.joined(separator: ", ")) window is used up. Try again in \(retryAfter) s."
    case .tooManyAttempts(let retryAfter): "Try again in \(retryAfter) s."
    case .tooManyConcurrent(let limit):
      "At most \(limit) content requests of an account run at once. Wait for one to end."
    case .internalError: "It has been logged. Quote the request_id if you ask about it."
    case .unavailable(let retryAfter): "Try again in \(retryAfter) s."
    case .switchedOff(let what): "\(what) are switched off by the administrators of this service for now."
    }
  }

  private var type: String {
    // The one problem type that is registered with IANA.
    if case .quotaExceeded = self {
      return "https://iana.org/assignments/http-problem-types#quota-exceeded"
    }
    return "https://petstore.direct/problems/\(code)"
  }

  var fields: [Field] {
    switch self {
    case .unauthenticated, .wrongCredentials, .secondFactorRequired, .secondFactorWrong:
      // RFC 6750 section 3.1: no error code where no credential came.
      [Field("WWW-Authenticate", #"Bearer realm="petstore""#)]
    case .stepUpRequired(_, let window):
      // RFC 9470 section 3.
      [
        Field(
          "WWW-Authenticate",
          "Bearer realm=\"petstore\", error=\"insufficient_user_authentication\", max_age=\"\(window)\"")
      ]
    case .invalidCredential, .invalidGrant:
      [Field("WWW-Authenticate", #"Bearer realm="petstore", error="invalid_token""#)]
    case .insufficientScope(let scope):
      [
        Field(
          "WWW-Authenticate",
          "Bearer realm=\"petstore\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"")
      ]
    case .scopeNotYours(let scopes):
      [
        Field(
          "WWW-Authenticate",
          "Bearer realm=\"petstore\", error=\"insufficient_scope\", scope=\""
            + scopes.map(\.rawValue).joined(separator: " ") + "\"")
      ]
    case .methodNotAllowed(let allow): [Field("Allow", allow)]
    case .quotaExceeded(_, let seconds), .tooManyAttempts(let seconds), .unavailable(let seconds):
      [Field("Retry-After", String(seconds))]
    case .tooManyConcurrent: [Field("Retry-After", "1")]
    default: []
    }
  }

  /// The problem as an answer to one request.
  func response(to path: String, id: String) -> Response {
    var members: [JSON.Member] = [
      .init("type", .string(type)), .init("title", .string(title)),
      .init("status", .integer(status.code)), .init("detail", .string(detail)),
      .init("instance", .string(path)), .init("request_id", .string(id)),
    ]
    switch self {
    case .validationFailed(let errors):
      members.append(
        .init(
          "errors",
          .array(
            errors.map { error in
              [
                "loc": .array(
                  error.location.map { step in
                    switch step {
                    case .name(let name): .string(name)
                    case .index(let index): .integer(index)
                    }
                  }), "msg": .string(error.message), "type": .string(error.type),
              ]
            })))
    case .quotaExceeded(let violated, _):
      members.append(.init("violated-policies", JSON(violated)))
    default: break
    }
    return Response(
      status,
      fields: [
        Field("Content-Type", "application/problem+json"), Field("Cache-Control", "no-store"),
      ] + fields, body: JSON.object(members).encoded())
  }
}
