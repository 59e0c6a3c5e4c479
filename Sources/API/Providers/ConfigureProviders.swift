import Domain
import HTTP
import Host
import Outbound
import Providers
import Store

/// `POST /api/v1/ai/providers/configure` checks a key with its provider and keeps it, sealed: from then on articles are
/// asked of it.
///
/// - 200, also for a key that the provider does not take: `status` says so, and nothing is kept.
/// - 403 `premium_feature` for an address of one's own; 409 `provider_name_taken`, `too_many_providers`; 422.
@Sendable func configureProvider(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let wish = ProviderWish(&body)
  try body.check()
  let outcome = try worker.configure(wish, checks: true, for: request)
  return .json(.ok, outcome.json)
}

/// `POST /api/v1/ai/providers/bulk-configure` does the same for up to ten; what is refused of one does not keep the others.
///
/// - 200 with the results and, by name, what went wrong; 422.
@Sendable func configureProviders(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  var wishes: [ProviderWish] = []
  for var item in body.objects("providers", 1...10) {
    wishes.append(ProviderWish(&item))
    body.add(item.errors)
  }
  let checks = body.bool("validate_keys", default: true)
  let enables = body.bool("enable_after_config", default: true)
  try body.check()
  var (results, errors): ([JSON], [JSON]) = ([], [])
  for var wish in wishes {
    if !enables { wish.isEnabled = false }
    let outcome: ConfiguredProvider
    do {
      outcome = try worker.configure(wish, checks: checks, for: request)
    } catch let problem as Problem {
      errors.append(["provider": .string(wish.kind.rawValue), "error": .string(problem.detail)])
      continue
    }
    if let error = outcome.error {
      errors.append(["provider": .string(wish.kind.rawValue), "error": .string(error)])
    } else {
      results.append(outcome.json)
    }
  }
  return .json(
    .ok,
    [
      "total_providers": .integer(wishes.count), "successful_configs": .integer(results.count),
      "failed_configs": .integer(errors.count), "results": .array(results), "errors": .array(errors),
    ])
}

/// A provider as a caller asks for it: AIProviderConfigRequest of the content contract.
struct ProviderWish {
  let kind: TextProviderKind
  let key: Secret<String>
  let name: String?
  let model: String
  let server: ServerURL?
  let prices: TokenPrices?
  let priority: Int
  var isEnabled: Bool

  /// - Parameter named: the model, where it is not in `default_model`.
  init(_ body: inout RequestBody, model named: String? = nil) {
    let given: TextProviderKind? = body.optionalWord("provider_type")
    if given == nil, !body.hasRefused("provider_type") {
      body.refuse("provider_type", "Field required", type: "missing")
    }
    kind = given ?? .openAI
    key = Secret(body.string("api_key", 1...1_000))
    let model = named ?? body.optionalString("default_model", 0...200).flatMap { $0.isEmpty ? nil : $0 }
    priority = body.integer("priority", 1...10, default: 1)
    isEnabled = body.bool("enabled", default: true)
    var custom = RequestBody(body.dictionary("custom_config") ?? [:], at: [.name("body"), .name("custom_config")])
    name = custom.optionalString("name", 1...64)
    if let name, !Self.isName(name) {
      custom.refuse(
        "name", "String should be lower-case letters, digits, dots, hyphens and underscores", type: "value_error")
    }
    let address = custom.optionalString("base_url", 1...300)
    server = address.map { ServerURL($0) } ?? kind.standardServer
    if address != nil, server == nil {
      custom.refuse(
        "base_url", "Value should be http:// or https:// with a host, perhaps a port and a path", type: "value_error")
    } else if server == nil, given != nil {
      custom.refuse("base_url", "Field required", type: "missing")
    }
    let input = custom.optionalNumber("input_price", 0...10_000)
    let output = custom.optionalNumber("output_price", 0...10_000)
    prices = input.map { TokenPrices(input: $0, output: output ?? $0) }
    body.add(custom.errors)
    if model == nil, kind.standardModel == nil, given != nil {
      body.refuse("default_model", "Field required", type: "missing")
    }
    self.model = model ?? kind.standardModel ?? ""
  }

  /// Whether it is called at an address that its owner has chosen.
  var isOwn: Bool { server != kind.standardServer }

  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isWord(first) else { return false }
    return name.utf8.allSatisfy { isWord($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
  }
}

/// What became of a wish.
struct ConfiguredProvider {
  let json: JSON
  /// Why it was not kept.
  let error: String?
}

extension Worker {
  /// Checks a provider's key, if asked to, and keeps the provider unless the key is not taken.
  func configure(_ wish: ProviderWish, checks: Bool, for request: AuthenticatedRequest) throws -> ConfiguredProvider {
    if wish.isOwn { try requirePremium("Providers at addresses of your own", of: request.principal) }
    guard let server = wish.server else { throw Problem.notFound }
    var status = ProviderStatus.configured
    var note: String?
    if checks {
      let provider = TextProvider(
        id: "", name: wish.kind.rawValue, kind: wish.kind, server: server, model: wish.model, key: wish.key,
        prices: wish.prices)
      if let fault = try asking({ services.writer.chain.client.check(provider) }) {
        (status, note) = (fault.status, fault.description)
        // A key that is taken is worth keeping, even where nothing can be had for it at this moment.
        guard status == .rateLimited || status == .quotaExceeded else {
          let words = status == .invalidKey ? "Invalid API key" : note.map { "Not configured: \($0)" } ?? ""
          return ConfiguredProvider(
            json: ProviderAnswer.refused(
              kind: wish.kind.rawValue, status: status, now: HostClock.wallSeconds(), model: wish.model,
              priority: wish.priority, error: words), error: words)
        }
      }
    }
    let new = NewProvider(
      purpose: .text, name: wish.name, kind: wish.kind.rawValue, key: wish.key, baseURL: server.description,
      model: wish.model, inputPrice: wish.prices?.input, outputPrice: wish.prices?.output, priority: wish.priority,
      isEnabled: wish.isEnabled, status: status, error: note, isValidated: checks)
    return ConfiguredProvider(json: ProviderAnswer.json(try keep(new, for: request), nil), error: nil)
  }

  /// Runs what waits for a provider, among the calls that may.
  ///
  /// - Throws: `unavailable` where too many wait already.
  func asking<Answer>(_ body: () -> Answer) throws(Problem) -> Answer {
    guard let answer = services.writer.chain.withSlot(body) else { throw .unavailable(retryAfter: 5) }
    return answer
  }

  /// Keeps a provider for the caller's tenant; when the answer comes, every worker knows.
  func keep(_ new: NewProvider, for request: AuthenticatedRequest) throws -> ProviderRecord {
    do {
      let (record, epoch) = try services.database.addProvider(
        new, sealedWith: services.master, for: request.principal, by: request.actor)
      try tellEpoch(of: request.principal.userID, epoch)
      return record
    } catch ProviderRefusal.nameTaken {
      throw Problem.providerNameTaken
    } catch ProviderRefusal.tooMany {
      throw Problem.tooManyProviders(limit: Database.providerLimit)
    }
  }

  /// - Throws: `premiumFeature`.
  func requirePremium(_ feature: String, of principal: Principal) throws(Problem) {
    guard principal.role.permissions.contains(.accessPremiumFeatures) else { throw .premiumFeature(feature) }
  }
}

extension TextClient {
  /// Asks for one word: whether the provider is there, takes the key and knows the model.
  func check(_ provider: TextProvider) -> ProviderFault? {
    let prompt = Prompt(system: "Answer with one word.", user: "Say yes.", tokenLimit: 16)
    do throws(ProviderFault) {
      _ = try complete(prompt, by: provider, within: .seconds(20), onText: nil)
      return nil
    } catch {
      return error
    }
  }
}

extension ProviderFault {
  var status: ProviderStatus {
    switch self {
    case .unauthorized: .invalidKey
    case .rateLimited: .rateLimited
    case .quotaExceeded: .quotaExceeded
    default: .error
    }
  }
}
