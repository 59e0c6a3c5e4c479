// The map of the product: every route with its name, what it asks for and who answers.
//
// To add one: (1) a file verb + noun in the folder of its subject with the function that answers; (2) a line below;
// (3) the operation in openapi.yaml with the same name; (4) its tests; (5) the README or docs where a user would look.

import Domain
import HTTP
import Store

/// What answers a route.
struct Endpoint: Sendable {
  typealias OpenHandler = @Sendable (Request, Worker) throws -> Response
  typealias Handler = @Sendable (AuthenticatedRequest, Worker) throws -> Response

  enum Access: Sendable {
    /// Anybody may call it.
    case open(OpenHandler)
    /// Asks for an API key with this scope; counted.
    case key(Scope, Handler)
  }

  /// The name in metrics, usage, openapi.yaml (`operationId`) and the tests.
  let name: String
  let access: Access
  let call: Call
}

/// The route table.
public enum Routes {
  private struct Row {
    let method: Method
    let path: String
    let name: String
    let access: Endpoint.Access
    var content = false

    init(
      _ method: Method, _ path: String, _ name: String, _ access: Endpoint.Access,
      content: Bool = false
    ) {
      self.method = method
      self.path = path
      self.name = name
      self.access = access
      self.content = content
    }
  }

  private static let rows: [Row] = [
    Row(.get, "/", "show_root", .open(showRoot)),
    Row(.get, "/health", "show_health", .open(showHealth)),
    Row(.get, "/live", "show_live", .open(showLive)),
    Row(.get, "/ready", "show_ready", .open(showReady)),
    Row(.get, "/metrics", "show_metrics", .open(showMetrics)),

    Row(.post, "/api/v1/auth/register", "register", .open(register)),
    Row(.post, "/api/v1/auth/login", "log_in", .open(logIn)),
    Row(.get, "/api/v1/auth/profile", "show_profile", .key(.profileRead, showProfile)),
    Row(.patch, "/api/v1/auth/profile", "update_profile", .key(.profileWrite, updateProfile)),

    Row(.get, "/api/v1/auth/keys", "list_keys", .key(.keysRead, listKeys)),
    Row(.post, "/api/v1/auth/keys", "create_key", .key(.keysWrite, createKey)),
    Row(.delete, "/api/v1/auth/keys/{id}", "revoke_key", .key(.keysWrite, revokeKey)),
    Row(.post, "/api/v1/auth/keys/{id}/rotate", "rotate_key", .key(.keysWrite, rotateKey)),

    Row(.get, "/api/v1/usage", "show_usage", .key(.usageRead, showUsage)),

    Row(
      .post, "/api/v1/blog/generate", "generate_article", .key(.contentWrite, generateArticle),
      content: true),
    Row(
      .post, "/api/v1/generate", "generate_article_alias", .key(.contentWrite, generateArticle),
      content: true),
    Row(.get, "/api/v1/config", "show_config", .open(showConfig)),
  ]

  /// Every name that can be counted; the last is for what no route answers.
  public static let names = rows.map(\.name) + ["unknown"]
  static var unknownIndex: Int { rows.count }

  /// Method and path of each route, with its name: for `petstore routes`, which the tests hold against openapi.yaml.
  public static var listing: [(method: String, path: String, name: String)] {
    rows.map { ($0.method.rawValue, $0.path, $0.name) }
  }

  /// Finds a route's place among ``endpoints(contentPolicies:)``.
  static let table = RouteTable(rows.map { ($0.method, RoutePattern($0.path)) })

  /// What answers each route, in order.
  ///
  /// - Parameter contentPolicies: further windows of content calls.
  static func endpoints(contentPolicies: [LimitPolicy]) -> [Endpoint] {
    rows.map { row in
      Endpoint(
        name: row.name, access: row.access,
        call: Call(
          endpoint: row.name, policies: row.content ? contentPolicies : [], takesLease: row.content))
    }
  }
}
