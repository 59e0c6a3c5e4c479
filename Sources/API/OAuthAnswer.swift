// The two standard endpoints, and the token endpoint when it is asked the standard way, speak OAuth's own language: form
// bodies in, `error` and `error_description` out (RFC 6749 section 5.2).

import Domain
import HTTP

/// A form of a standard client (RFC 6749 appendix B).
struct FormBody {
  private let members: [(name: String, value: String)]

  static func isForm(_ request: Request) -> Bool {
    let essence = request.contentType?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    return essence == "application/x-www-form-urlencoded"
  }

  /// - Throws: `invalid_request` for another type, for what is not percent-encoded UTF-8, for a name that comes twice
  ///   (RFC 6749 section 3.2).
  init(of request: Request) throws(OAuthRefusal) {
    guard Self.isForm(request) else {
      throw OAuthRefusal(.invalidRequest, "Send the body with 'Content-Type: application/x-www-form-urlencoded'.")
    }
    guard let text = String(validating: request.body, as: UTF8.self),
      let members = Target.members(ofQuery: text)
    else { throw OAuthRefusal(.invalidRequest, "The body is not a form in UTF-8.") }
    guard Set(members.map(\.name)).count == members.count else {
      throw OAuthRefusal(.invalidRequest, "A parameter comes twice.")
    }
    self.members = members
  }

  subscript(name: String) -> String? { members.first { $0.name == name }?.value }

  func require(_ name: String) throws(OAuthRefusal) -> String {
    guard let value = self[name], !value.isEmpty else {
      throw OAuthRefusal(.invalidRequest, "The parameter \(name) is missing.")
    }
    return value
  }
}

/// A refusal in OAuth's language.
struct OAuthRefusal: Error {
  enum Code: String {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case invalidScope = "invalid_scope"
    case invalidToken = "invalid_token"
    case insufficientScope = "insufficient_scope"
    case unsupportedGrantType = "unsupported_grant_type"
    /// RFC 7009 section 2.2.1.
    case unsupportedTokenType = "unsupported_token_type"
    case temporarilyUnavailable = "temporarily_unavailable"
    case serverError = "server_error"
  }

  let code: Code
  let description: String
  var status = Status.badRequest
  var fields: [Field] = []

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// What a problem is called in OAuth's language.
  init(_ problem: Problem) {
    switch problem {
    case .unauthenticated: code = .invalidClient
    case .invalidCredential, .wrongCredentials: code = .invalidToken
    case .invalidGrant, .accountDisabled: code = .invalidGrant
    case .insufficientScope: code = .insufficientScope
    case .scopeNotYours: code = .invalidScope
    case .unavailable, .quotaExceeded, .tooManyAttempts, .tooManyConcurrent: code = .temporarilyUnavailable
    case .internalError: code = .serverError
    default: code = .invalidRequest
    }
    description = problem.detail
    status = problem.status
    fields = problem.fields
    // A grant or scope that is refused is a bad request to a standard client (RFC 6749 section 5.2).
    switch problem {
    case .invalidGrant, .scopeNotYours: (status, fields) = (.badRequest, [])
    default: break
    }
  }

  var response: Response {
    let body: JSON = ["error": .string(code.rawValue), "error_description": .string(Self.plain(description))]
    return .json(status, body, fields: fields)
  }

  /// What `error_description` may hold: ASCII without quotes and backslashes (RFC 6749 section 5.2).
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar {
          case "\"", "\\": "'"
          case " "..."~": scalar
          default: "."
          }
        }))
  }
}
