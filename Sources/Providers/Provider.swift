public import Domain
import HTTP
public import Outbound

/// A provider of texts as a tenant has configured it, with its key.
public struct TextProvider: Sendable {
  /// Tells it from all others; the breaker remembers it by this.
  public let id: String
  public let name: String
  public let kind: TextProviderKind
  public let server: ServerURL
  public let model: String
  public let key: Secret<String>
  public let prices: TokenPrices?

  public init(
    id: String, name: String, kind: TextProviderKind, server: ServerURL, model: String, key: Secret<String>,
    prices: TokenPrices?
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.server = server
    self.model = model
    self.key = key
    self.prices = prices
  }

  /// What a completion cost, in billionths of a US dollar; 0 where nobody said what its tokens cost.
  public func nanodollars(input: Int, output: Int) -> Int {
    let known = prices ?? kind.models.first { $0.id == model }?.prices
    return known?.nanodollars(input: input, output: output) ?? 0
  }
}

/// What a model is told.
public struct Prompt: Sendable {
  public let system: String
  public let user: String
  /// Tokens of the answer at most.
  public let tokenLimit: Int

  public init(system: String, user: String, tokenLimit: Int) {
    self.system = system
    self.user = user
    self.tokenLimit = tokenLimit
  }
}

/// What a model said.
public struct Completion: Sendable {
  public let text: String
  public let model: String
  public let inputTokens: Int
  public let outputTokens: Int
  /// Whether it ended because of the limit and not by itself.
  public let isCut: Bool
}

/// Why a provider gave nothing that can be used.
public enum ProviderFault: Error, Sendable, Equatable {
  /// The operator has opened no way to that server.
  case noWay(String)
  case unreachable(String)
  case timedOut
  /// The key is not taken (401, 403).
  case unauthorized
  /// 429, with the seconds that the provider asks for.
  case rateLimited(retryAfter: Int?)
  /// The account with the provider has run dry (402, or 429 that says so).
  case quotaExceeded
  /// Another 4xx: the model is unknown, the request is too long.
  case refused(Int, String)
  /// 5xx.
  case broken(Int)
  /// An answer that is no answer, or half of one.
  case malformed(String)
  /// The client has gone, or this process stops.
  case abandoned
  /// The provider has failed several times in a row and is left in peace for a while.
  case resting

  /// In words, for the tenant.
  public var description: String {
    switch self {
    case .noWay(let server): "the operator of this service has not opened the way to \(server)"
    case .unreachable(let words): "it cannot be reached (\(words))"
    case .timedOut: "it did not answer in time"
    case .unauthorized: "it does not take the key"
    case .rateLimited: "it has had too many requests"
    case .quotaExceeded: "the quota with it is used up"
    case .refused(let status, let words): "it refused the request (\(status)\(words.isEmpty ? "" : ": \(words)"))"
    case .broken(let status): "it failed (\(status))"
    case .malformed(let words): "its answer makes no sense (\(words))"
    case .abandoned: "there was no time to wait for it"
    case .resting: "it failed several times in a row and is left in peace for a while"
    }
  }

  /// A stable word for programs.
  public var code: String {
    switch self {
    case .noWay: "no_way"
    case .unreachable: "unreachable"
    case .timedOut: "timeout"
    case .unauthorized: "invalid_key"
    case .rateLimited: "rate_limited"
    case .quotaExceeded: "quota_exceeded"
    case .refused: "refused"
    case .broken: "provider_error"
    case .malformed: "malformed_answer"
    case .abandoned: "abandoned"
    case .resting: "resting"
    }
  }

  /// Whether the same request might succeed in a moment.
  var isFleeting: Bool {
    switch self {
    case .unreachable, .broken, .malformed: true
    case .rateLimited(let seconds): (seconds ?? 1) <= 2
    default: false
    }
  }

  /// Whether it says that the provider, and not this request or this key, is in trouble.
  var countsAgainstHealth: Bool {
    switch self {
    case .unreachable, .timedOut, .broken, .malformed: true
    default: false
    }
  }
}

extension ProviderFault {
  /// Why a call gave no answer.
  init(_ failure: HTTPFailure) {
    self =
      switch failure.kind {
      case .unreachable: .unreachable("no connection")
      case .untrusted: .unreachable("its certificate is not to be trusted")
      case .timedOut: .timedOut
      case .cutOff: .malformed("the connection ended before the answer did")
      case .tooLarge: .malformed("it is too long")
      case .abandoned: .abandoned
      }
  }

  /// What a status other than 2xx means.
  ///
  /// - Parameter key: is taken out of the provider's own words: some repeat it.
  init(_ reply: HTTPReply, key: Secret<String>) {
    let answer = try? JSON(parsing: reply.body)
    let error = answer?["error"] ?? answer
    var words = (error?["message"] ?? error).flatMap(ChatDialect.text) ?? ""
    if case .array(let list)? = answer?["errors"] { words = list.compactMap(ChatDialect.text).joined(separator: "; ") }
    let kind = [error?["code"], error?["type"]].compactMap { $0.flatMap(ChatDialect.text) }
    switch reply.status {
    case 401, 403: self = .unauthorized
    case 402: self = .quotaExceeded
    case 429:
      self =
        kind.contains { $0.contains("quota") || $0.contains("billing") }
        ? .quotaExceeded : .rateLimited(retryAfter: reply.retryAfter)
    case 500...: self = .broken(reply.status)
    default:
      if !key.exposed.isEmpty { words = words.split(separator: key.exposed).joined(separator: "…") }
      let line = words.split(whereSeparator: { $0.isWhitespace || $0.isNewline }).joined(separator: " ")
      self = .refused(reply.status, String(line.prefix(200)))
    }
  }
}
