// The map of the product: every route with its name, what it asks for and who answers.
//
// To add one: (1) a file verb + noun in the folder of its subject with the function that answers; (2) a line below;
// (3) the operation in openapi.yaml with the same name; (4) its tests; (5) the README or docs where a user would look.

import Domain
import HTTP
import Store

/// What a caller must show.
struct AccessRule: Sendable {
  /// The scope that the credential must have; nil where any credential will do.
  let scope: Scope?
  let presence: Presence

  /// What is asked for besides the credential.
  enum Presence: Sendable {
    case none
    /// A fresh proof of password or second factor from whoever can give one: see StepUp. An API key of an account without
    /// second factor is proof enough.
    case fresh
    /// A person's fresh proof: what an API key alone must not do, since whoever finds one could shut its owner out.
    case person
  }
}

/// What answers a route.
struct Endpoint: Sendable {
  typealias OpenHandler = @Sendable (Request, Worker) throws -> Response
  typealias GrantHandler = @Sendable (inout Visit, Endpoint, Worker) throws -> Response
  typealias Handler = @Sendable (AuthenticatedRequest, Worker) throws -> Response

  enum Access: Sendable {
    /// Anybody may call it.
    case open(OpenHandler)
    /// Finds its caller's credential itself.
    case grant(GrantHandler)
    /// Asks for an API key or access token that satisfies the rule; counted.
    case caller(AccessRule, Handler)

    static func key(_ scope: Scope, _ handler: @escaping Handler) -> Access {
      .caller(AccessRule(scope: scope, presence: .none), handler)
    }
    /// Besides the scope a fresh proof of who is there.
    static func present(_ scope: Scope, _ handler: @escaping Handler) -> Access {
      .caller(AccessRule(scope: scope, presence: .fresh), handler)
    }
    /// Besides the scope a session whose owner has proven the password or second factor a moment ago.
    static func person(_ scope: Scope, _ handler: @escaping Handler) -> Access {
      .caller(AccessRule(scope: scope, presence: .person), handler)
    }
    /// Any valid credential, whatever its scopes.
    static func anyCaller(_ handler: @escaping Handler) -> Access {
      .caller(AccessRule(scope: nil, presence: .none), handler)
    }
  }

  /// The name in metrics, usage, openapi.yaml (`operationId`) and the tests.
  let name: String
  let access: Access
  let call: Call
  /// The group that decides whether it asks for a credential; nil for what always does.
  let group: RouteGroup?
  /// What a call without one is counted as: in no window of the account that all such calls share.
  let publicCall: Call
  /// Whether refusals are told as OAuth tells them (RFC 6749 section 5.2).
  let speaksOAuth: Bool
}

/// One line of the table for people and tests.
public struct RouteListing: Sendable {
  public let method: String
  public let path: String
  public let name: String
  /// The scope asked for, `any` for any credential, `-` for none.
  public let scope: String
  /// The permission that the caller's role must have, or `-`.
  public let permission: String
  public let needsPresence: Bool
}

/// The route table.
public enum Routes {
  private struct Row {
    let method: Method
    let path: String
    let name: String
    let access: Endpoint.Access
    var content = false
    /// Whether the account's windows count it.
    var isLimited = true
    var speaksOAuth = false

    init(
      _ method: Method, _ path: String, _ name: String, _ access: Endpoint.Access,
      content: Bool = false, isLimited: Bool = true, speaksOAuth: Bool = false
    ) {
      self.method = method
      self.path = path
      self.name = name
      self.access = access
      self.content = content
      self.isLimited = isLimited
      self.speaksOAuth = speaksOAuth
    }
  }

  /// The endpoints that write an article for a call.
  static let writers: Set<String> = ["generate_article", "generate_article_alias", "generate_by_strategy"]

  /// The endpoints about content: those whose scope is of content.
  static let content = Set<String>(
    rows.compactMap { row -> String? in
      guard case .caller(let rule, _) = row.access, let scope = rule.scope else { return nil }
      return scope == .contentRead || scope == .contentWrite ? row.name : nil
    })

  private static let rows: [Row] = [
    Row(.get, "/", "show_root", .open(showRoot)),
    Row(.get, "/health", "show_health", .open(showHealth)),
    Row(.get, "/live", "show_live", .open(showLive)),
    Row(.get, "/ready", "show_ready", .open(showReady)),
    Row(.get, "/metrics", "show_metrics", .open(showMetrics)),

    Row(.post, "/api/v1/auth/register", "register", .open(register)),
    Row(.post, "/api/v1/auth/login", "log_in", .open(logIn)),
    Row(.post, "/api/v1/auth/token", "exchange_key", .grant(exchangeKey)),
    Row(.post, "/api/v1/auth/refresh", "refresh_tokens", .open(refreshTokens)),
    Row(.post, "/api/v1/auth/logout", "log_out", .anyCaller(logOut), isLimited: false),
    Row(.post, "/api/v1/auth/logout-all", "log_out_everywhere", .anyCaller(logOutEverywhere), isLimited: false),
    Row(.post, "/api/v1/auth/introspect", "introspect_token", .anyCaller(introspectToken), speaksOAuth: true),
    Row(.post, "/api/v1/auth/revoke", "revoke_token", .open(revokeToken), speaksOAuth: true),
    Row(.get, "/.well-known/jwks.json", "show_key_set", .open(showKeySet)),
    Row(.get, "/.well-known/oauth-authorization-server", "show_authorization_server", .open(showAuthorizationServer)),
    Row(.get, "/api/v1/auth/profile", "show_profile", .key(.profileRead, showProfile)),
    Row(.patch, "/api/v1/auth/profile", "update_profile", .key(.profileWrite, updateProfile)),

    Row(.get, "/api/v1/auth/profile/export", "export_profile", .person(.profileRead, exportProfile)),
    Row(.delete, "/api/v1/auth/profile", "delete_profile", .key(.profileWrite, deleteProfile)),

    Row(.post, "/api/v1/auth/password", "change_password", .key(.profileWrite, changePassword)),
    Row(.post, "/api/v1/auth/password/forgot", "forget_password", .open(forgetPassword)),
    Row(.post, "/api/v1/auth/password/reset", "reset_password", .open(resetPassword)),
    Row(.post, "/api/v1/auth/email", "change_email", .key(.profileWrite, changeEmail)),
    Row(.post, "/api/v1/auth/email/verify", "verify_email", .open(verifyEmail)),
    Row(.post, "/api/v1/auth/email/resend", "resend_verification", .open(resendVerification)),

    Row(.post, "/api/v1/auth/step-up", "step_up", .anyCaller(stepUp)),
    Row(.get, "/api/v1/auth/mfa", "show_second_factor", .key(.profileRead, showSecondFactor)),
    Row(.post, "/api/v1/auth/mfa/totp", "begin_totp", .person(.profileWrite, beginTOTP)),
    Row(.post, "/api/v1/auth/mfa/totp/confirm", "confirm_totp", .person(.profileWrite, confirmTOTP)),
    Row(.delete, "/api/v1/auth/mfa/totp", "remove_totp", .person(.profileWrite, removeTOTP)),
    Row(
      .post, "/api/v1/auth/mfa/recovery-codes", "make_recovery_codes", .person(.profileWrite, makeRecoveryCodes)),

    Row(.get, "/api/v1/auth/sessions", "list_sessions", .key(.sessionsRead, listSessions)),
    Row(.delete, "/api/v1/auth/sessions/{id}", "end_session", .key(.sessionsWrite, endSession), isLimited: false),

    Row(.get, "/api/v1/auth/keys", "list_keys", .key(.keysRead, listKeys)),
    Row(.post, "/api/v1/auth/keys", "create_key", .present(.keysWrite, createKey)),
    Row(.delete, "/api/v1/auth/keys/{id}", "revoke_key", .key(.keysWrite, revokeKey)),
    Row(.post, "/api/v1/auth/keys/{id}/rotate", "rotate_key", .present(.keysWrite, rotateKey)),

    Row(.get, "/api/v1/usage", "show_usage", .key(.usageRead, showUsage)),
    Row(.get, "/api/v1/usage/hours", "show_usage_by_hour", .key(.analyticsRead, showUsageByHour)),

    // administrators
    Row(.get, "/api/v1/admin/users", "list_users", .key(.usersRead, listUsers)),
    Row(.post, "/api/v1/admin/users", "create_user", .present(.usersWrite, createUser)),
    Row(.get, "/api/v1/admin/users/{id}", "show_user", .key(.usersRead, showUser)),
    Row(.patch, "/api/v1/admin/users/{id}", "update_user", .present(.usersWrite, updateUser)),
    Row(.delete, "/api/v1/admin/users/{id}", "delete_user", .present(.usersWrite, deleteUser)),
    Row(.post, "/api/v1/admin/users/{id}/reset", "reset_user", .present(.usersWrite, resetUser)),
    Row(
      .delete, "/api/v1/admin/users/{id}/sessions", "end_user_sessions", .key(.usersWrite, endUserSessions),
      isLimited: false),

    Row(.get, "/api/v1/admin/flags", "list_flags", .key(.flagsRead, listFlags)),
    Row(.put, "/api/v1/admin/flags/{name}", "set_flag", .present(.flagsWrite, setFlag)),
    Row(.delete, "/api/v1/admin/flags/{name}", "clear_flag", .present(.flagsWrite, clearFlag)),

    Row(
      .post, "/api/v1/blog/generate", "generate_article", .key(.contentWrite, generateArticle),
      content: true),
    Row(
      .post, "/api/v1/generate", "generate_article_alias", .key(.contentWrite, generateArticle),
      content: true),
    Row(.post, "/api/v1/analyze", "analyze_content", .key(.contentRead, analyzeContent), content: true),
    Row(.post, "/api/v1/keywords/analyze", "analyze_keywords", .key(.contentRead, analyzeKeywords), content: true),
    Row(.post, "/api/v1/keywords/extract", "extract_keywords", .key(.contentRead, extractKeywords), content: true),
    Row(.post, "/api/v1/keywords/suggest", "suggest_keywords", .key(.contentRead, suggestKeywords), content: true),
    Row(.post, "/api/v1/optimize", "optimize_content", .key(.contentWrite, optimizeContent), content: true),

    Row(.get, "/api/v1/posts", "list_posts", .key(.contentRead, listPosts)),
    Row(.post, "/api/v1/posts", "create_post", .key(.contentWrite, createPost)),
    Row(.get, "/api/v1/posts/{id}", "show_post", .key(.contentRead, showPost)),
    Row(.patch, "/api/v1/posts/{id}", "update_post", .key(.contentWrite, updatePost)),
    Row(.delete, "/api/v1/posts/{id}", "delete_post", .key(.contentWrite, deletePost)),
    Row(.get, "/api/v1/posts/{id}/export", "export_post", .key(.contentRead, exportPost)),

    Row(.get, "/api/v1/batch", "list_batches", .key(.contentRead, listBatches)),
    Row(.post, "/api/v1/batch/generate", "create_batch", .key(.contentWrite, createBatch), content: true),
    Row(.get, "/api/v1/batch/{id}/status", "show_batch", .key(.contentRead, showBatch)),
    Row(.get, "/api/v1/batch/{id}/stream", "stream_batch", .key(.contentRead, streamBatch), content: true),
    Row(.post, "/api/v1/batch/{id}/cancel", "cancel_batch", .key(.contentWrite, cancelBatch)),
    Row(.delete, "/api/v1/batch/{id}", "delete_batch", .key(.contentWrite, deleteBatch)),

    Row(.get, "/api/v1/abstraction/strategies", "list_strategies", .open(listStrategies)),
    Row(.get, "/api/v1/abstraction/quality-levels", "list_quality_levels", .open(listQualityLevels)),
    Row(.get, "/api/v1/abstraction/presets", "list_presets", .open(listPresets)),
    Row(
      .post, "/api/v1/abstraction/blog/generate", "generate_by_strategy", .key(.contentWrite, generateByStrategy),
      content: true),

    Row(.get, "/api/v1/ai/health", "show_ai_health", .key(.contentRead, showAIHealth)),
    Row(.get, "/api/v1/ai/providers/list", "list_providers", .key(.contentRead, listProviders)),
    Row(.get, "/api/v1/ai/providers/health", "show_provider_health", .key(.contentRead, showProviderHealth)),
    Row(.get, "/api/v1/ai/providers/stats", "show_provider_stats", .key(.contentRead, showProviderStats)),
    Row(
      .get, "/api/v1/ai/providers/capabilities", "show_provider_capabilities",
      .key(.contentRead, showProviderCapabilities)),
    Row(
      .post, "/api/v1/ai/providers/configure", "configure_provider", .present(.contentWrite, configureProvider),
      content: true),
    Row(
      .post, "/api/v1/ai/providers/bulk-configure", "configure_providers", .present(.contentWrite, configureProviders),
      content: true),
    Row(.post, "/api/v1/ai/providers/test", "test_provider", .key(.contentWrite, testProvider), content: true),
    Row(.post, "/api/v1/ai/providers/switch", "switch_provider", .present(.contentWrite, switchProvider)),
    Row(.delete, "/api/v1/ai/providers/{name}", "remove_provider", .present(.contentWrite, removeProvider)),

    Row(.post, "/api/v1/images/generate", "generate_image", .key(.contentWrite, generateImage), content: true),
    Row(.post, "/api/v1/images/variations", "vary_image", .key(.contentWrite, varyImage), content: true),
    Row(.post, "/api/v1/images/upscale", "enlarge_image", .key(.contentWrite, enlargeImage), content: true),
    Row(.post, "/api/v1/images/edit", "edit_image", .key(.contentWrite, editImage), content: true),
    Row(.post, "/api/v1/images/jobs", "create_image_job", .key(.contentWrite, createImageJob), content: true),
    Row(.get, "/api/v1/images/jobs", "list_image_jobs", .key(.contentRead, listImageJobs)),
    Row(.get, "/api/v1/images/jobs/{id}", "show_image_job", .key(.contentRead, showImageJob)),
    Row(.delete, "/api/v1/images/jobs/{id}", "cancel_image_job", .key(.contentWrite, cancelImageJob)),
    Row(.get, "/api/v1/images/providers", "list_image_providers", .key(.contentRead, listImageProviders)),
    Row(
      .get, "/api/v1/images/providers/health", "show_image_provider_health",
      .key(.contentRead, showImageProviderHealth)),
    Row(
      .post, "/api/v1/images/providers/configure", "configure_image_provider",
      .present(.contentWrite, configureImageProvider), content: true),
    Row(
      .delete, "/api/v1/images/providers/{name}", "remove_image_provider", .present(.contentWrite, removeImageProvider)),

    Row(.get, "/api/v1/abstraction/status", "show_abstraction_status", .key(.contentRead, showAbstractionStatus)),
    Row(.get, "/api/v1/cache/stats", "show_cache", .key(.contentRead, showCache)),
    Row(.delete, "/api/v1/cache/clear", "clear_cache", .key(.contentWrite, clearCache)),
    Row(.get, "/api/v1/metrics", "show_service_metrics", .key(.contentRead, showServiceMetrics)),
    Row(.get, "/api/v1/health/detailed", "show_detailed_health", .key(.contentRead, showDetailedHealth)),
    Row(.get, "/api/v1/cloudrun/status", "show_host_status", .key(.contentRead, showHostStatus)),
    Row(.get, "/api/v1/config", "show_config", .open(showConfig)),
  ]

  /// Every name that can be counted; the last is for what no route answers.
  public static let names = rows.map(\.name) + ["unknown"]
  static var unknownIndex: Int { rows.count }

  /// The table: for `petstore routes`, which the tests hold against openapi.yaml and the documents.
  public static var listing: [RouteListing] {
    rows.map { row in
      var scope = "-"
      var permission = "-"
      var needsPresence = false
      switch row.access {
      case .open: break
      case .grant: scope = "any"
      case .caller(let rule, _):
        scope = rule.scope?.rawValue ?? "any"
        permission = rule.scope?.permission?.rawValue ?? "-"
        needsPresence = rule.presence != .none
      }
      return RouteListing(
        method: row.method.rawValue, path: row.path, name: row.name, scope: scope, permission: permission,
        needsPresence: needsPresence)
    }
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
          endpoint: row.name, policies: row.content ? contentPolicies : [], takesLease: row.content,
          isLimited: row.isLimited),
        group: groups[row.name],
        publicCall: Call(endpoint: row.name, takesLease: row.content, isLimited: false),
        speaksOAuth: row.speaksOAuth)
    }
  }

  /// What was public in the earlier service and may be so again (see ``AuthEnforcement``). What administers providers,
  /// empties the cache or did not exist then is not among it.
  static let groups: [String: RouteGroup] = {
    let names: [RouteGroup: [String]] = [
      .content: [
        "generate_article", "generate_article_alias", "generate_by_strategy", "analyze_content", "analyze_keywords",
        "extract_keywords", "suggest_keywords", "optimize_content",
      ],
      .batch: ["list_batches", "create_batch", "show_batch", "stream_batch", "cancel_batch", "delete_batch"],
      .images: [
        "generate_image", "vary_image", "enlarge_image", "edit_image", "create_image_job", "list_image_jobs",
        "show_image_job", "cancel_image_job",
      ],
      .status: [
        "show_ai_health", "list_providers", "show_provider_health", "show_provider_stats",
        "show_provider_capabilities", "list_image_providers", "show_image_provider_health", "show_abstraction_status",
        "show_cache", "show_service_metrics", "show_detailed_health", "show_host_status",
      ],
    ]
    return Dictionary(uniqueKeysWithValues: names.flatMap { group, names in names.map { ($0, group) } })
  }()
}
