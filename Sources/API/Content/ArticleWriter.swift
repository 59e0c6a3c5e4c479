// Who writes an article: the tenant's AI providers in their order, or the built-in engine.

public import ContentEngine
public import Crypto
public import Domain
import Host
public import Logging
import Outbound
public import Providers
public import Store

/// Writes articles, for calls and for batches.
public struct ArticleWriter: Sendable {
  /// An article with who wrote it.
  public struct Written: Sendable {
    public var article: Article
    public let seconds: Double
    /// The provider's name, or `builtin`.
    public let provider: String
    public let model: String?
    public let tokens: Int
    /// Billionths of a US dollar, of all attempts that cost something.
    public let nanodollars: Int
  }

  /// The name of the engine among providers.
  public static let builtIn = "builtin"

  let chain: ProviderChain
  private let database: Database
  private let master: MasterKey
  private let flags: FeatureFlagBoard
  private let metrics: Metrics?
  private let log: Logger

  /// - Parameter metrics: where requests to providers are counted; nil for nowhere.
  public init(
    database: Database, master: MasterKey, chain: ProviderChain, flags: FeatureFlagBoard, metrics: Metrics?, log: Logger
  ) {
    self.flags = flags
    self.database = database
    self.master = master
    self.chain = chain
    self.metrics = metrics
    self.log = log
  }

  /// Writes an article.
  ///
  /// - Parameters:
  ///   - asksProviders: whether the tenant has any; without, nothing is looked up.
  ///   - preferred: name or kind of a provider to be asked first, or ``builtIn`` for none.
  ///   - onEvent: is told what providers say; false ends it.
  /// - Returns: nil where `onEvent` has ended it.
  /// - Throws: an error of the database, if providers are asked.
  public func write(
    _ brief: Brief, for tenant: ID<Tenant>, asksProviders: Bool, preferred: String?,
    onEvent: (ProviderChain.Event) -> Bool = { _ in true }
  ) throws -> Written? {
    let began = HostClock.monotonicNanoseconds()
    let seed = ArticleRequest.seed(brief, tenant)
    func seconds() -> Double { Double(HostClock.monotonicNanoseconds() - began) / 1e9 }
    var warnings: [String] = []
    var nanodollars = 0
    if asksProviders, preferred != Self.builtIn {
      let providers = try candidates(of: tenant, preferred: preferred, &warnings)
      if !providers.isEmpty {
        let prompt = ModelPrompt(brief, seed: seed)
        var article: Article?
        var isWanted = true
        let outcome = chain.ask(
          Prompt(system: prompt.system, user: prompt.user, tokenLimit: prompt.tokenLimit), of: providers,
          isUsable: { answer in
            article = ContentEngine.finish(answer.text, for: brief, seed: seed)
            return article != nil
          },
          onEvent: { event in
            isWanted = onEvent(event)
            return isWanted
          })
        note(outcome.attempts, of: tenant)
        nanodollars = outcome.attempts.reduce(0) { $0 + $1.nanodollars }
        guard isWanted else { return nil }
        if let (provider, answer) = outcome.completion, var article {
          article.warnings = warnings + outcome.warnings + article.warnings
          return Written(
            article: article, seconds: seconds(), provider: provider.name, model: answer.model,
            tokens: answer.inputTokens + answer.outputTokens, nanodollars: nanodollars)
        }
        warnings += outcome.warnings
        warnings.append("The built-in engine wrote this article.")
      }
    } else if let preferred, preferred != Self.builtIn {
      warnings.append(
        "There is no AI provider \(CallerWords.quoted(preferred)); the built-in engine wrote this article.")
    }
    var article = ContentEngine.write(brief, seed: seed)
    article.warnings = warnings + article.warnings
    return Written(
      article: article, seconds: seconds(), provider: Self.builtIn, model: nil, tokens: 0, nanodollars: nanodollars)
  }

  /// The tenant's providers that may be asked, in their order.
  private func candidates(
    of tenant: ID<Tenant>, preferred: String?, _ warnings: inout [String]
  ) throws -> [TextProvider] {
    guard flags.current.isOn(.aiProviders) else {
      warnings.append("AI providers are switched off for now; the built-in engine wrote this article.")
      return []
    }
    let records = try database.providers(.text, of: tenant).filter(\.isEnabled)
    var usable: [TextProvider] = []
    for record in records {
      guard record.status != .invalidKey else {
        warnings.append("The AI provider \(record.name) did not take its key; configure it anew.")
        continue
      }
      guard let provider = TextProvider(record, master) else {
        warnings.append("The key of the AI provider \(record.name) cannot be read any more; configure it anew.")
        continue
      }
      usable.append(provider)
    }
    guard let preferred else { return usable }
    guard let index = usable.firstIndex(where: { $0.name == preferred || $0.kind.rawValue == preferred }) else {
      warnings.append("There is no AI provider \(CallerWords.quoted(preferred)); others were asked.")
      return usable
    }
    usable.insert(usable.remove(at: index), at: 0)
    return usable
  }

  /// Enters requests into the books. An article is not lost because its entry is.
  func note(_ attempts: [ProviderChain.Attempt], of tenant: ID<Tenant>) {
    for attempt in attempts {
      if case .success = attempt.result {
        metrics?.count(.providerAnswered)
      } else {
        metrics?.count(.providerFailed)
      }
      metrics?.count(.providerNanodollars, attempt.nanodollars)
    }
    do {
      try database.noteProviderUses(attempts.compactMap(ProviderUse.init), of: tenant)
    } catch {
      log.error("requests to AI providers are missing from the books", metadata: ["reason": "\(error)"])
    }
  }
}

extension TextProvider {
  /// nil where the record cannot be used: its key was sealed by another master key, or a later version knows more kinds.
  init?(_ record: ProviderRecord, _ master: MasterKey) {
    guard let kind = TextProviderKind(rawValue: record.kind), let server = ServerURL(record.baseURL),
      let key = record.key(master)
    else { return nil }
    var prices: TokenPrices?
    if let input = record.inputPrice, let output = record.outputPrice {
      prices = TokenPrices(input: input, output: output)
    }
    self.init(
      id: record.id.description, name: record.name, kind: kind, server: server, model: record.model, key: key,
      prices: prices)
  }
}

extension ProviderUse {
  /// nil for what says nothing of the provider: a client that left, a provider that was not asked.
  init?(_ attempt: ProviderChain.Attempt) {
    let provider = attempt.provider
    var outcome = Outcome.succeeded
    var error: String?
    if case .failure(let fault) = attempt.result {
      guard let found = fault.outcome else { return nil }
      (outcome, error) = (found, fault.description)
    }
    self.init(
      purpose: .text, provider: provider.name, kind: provider.kind.rawValue, model: provider.model, outcome: outcome,
      error: error, inputTokens: attempt.answer?.inputTokens ?? 0, outputTokens: attempt.answer?.outputTokens ?? 0,
      nanodollars: attempt.nanodollars, milliseconds: attempt.milliseconds)
  }
}

extension ProviderChain.Attempt {
  /// What it cost, in billionths of a US dollar.
  var nanodollars: Int {
    answer.map { provider.nanodollars(input: $0.inputTokens, output: $0.outputTokens) } ?? 0
  }
}

extension ProviderFault {
  /// What the books call it; nil for what is not the provider's doing.
  var outcome: ProviderUse.Outcome? {
    switch self {
    case .abandoned, .resting: nil
    case .unauthorized: .unauthorized
    case .rateLimited: .rateLimited
    case .quotaExceeded: .quotaExceeded
    default: .failed
    }
  }
}

/// A caller's words within a sentence of ours.
enum CallerWords {
  static func quoted(_ text: String) -> String {
    "“\(String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(60).map(Character.init)))”"
  }
}
