import Domain
import HTTP
import Host
import Outbound
import Providers
import Store

/// `GET /api/v1/ai/providers/list` lists the tenant's providers in the order in which they are asked.
///
/// - 200.
@Sendable func listProviders(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  let records = try database.providers(.text, of: tenant)
  let totals = try database.providerTotals(.text, of: tenant)
  let enabled = records.filter(\.isEnabled)
  return .json(
    .ok,
    [
      "providers": .array(
        records.map { record in
          ProviderAnswer.json(record, totals.first { $0.provider == record.name })
        }),
      "active_provider": JSON(enabled.first?.name), "fallback_order": JSON(enabled.map(\.name)),
      "total_providers": .integer(records.count),
      "configured_providers": .integer(records.count { $0.status == .configured }),
      "enabled_providers": .integer(enabled.count),
    ])
}

/// `POST /api/v1/ai/providers/test` sends one prompt with a key; nothing is kept.
///
/// - 200 with the answer, or with what went wrong; 403 `premium_feature` for an address of one's own; 422.
@Sendable func testProvider(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let prompt = body.optionalString("test_prompt", 1...1_000) ?? "Hello, this is a test prompt."
  let named = body.optionalString("model", 0...200).flatMap { $0.isEmpty ? nil : $0 }
  let wish = ProviderWish(&body, model: named)
  try body.check()
  if wish.isOwn { try worker.requirePremium("Providers at addresses of your own", of: request.principal) }
  guard let server = wish.server else { throw Problem.notFound }
  let provider = TextProvider(
    id: "", name: wish.kind.rawValue, kind: wish.kind, server: server, model: wish.model, key: wish.key,
    prices: wish.prices)
  let began = HostClock.monotonicNanoseconds()
  var answer: [JSON.Member] = [.init("provider_type", .string(wish.kind.rawValue))]
  func add(
    _ completion: Completion?, _ fault: ProviderFault?
  ) {
    let milliseconds = Double(HostClock.monotonicNanoseconds() - began) / 1e6
    answer += [
      .init("success", .bool(fault == nil)), .init("response_time_ms", .number(milliseconds)),
      .init("tokens_used", completion.map { .integer($0.inputTokens + $0.outputTokens) } ?? .null),
      .init(
        "cost_estimate",
        completion.map {
          ProviderAnswer.dollars(provider.nanodollars(input: $0.inputTokens, output: $0.outputTokens))
        } ?? .null),
      .init("generated_content", JSON(completion?.text)), .init("model_used", JSON(completion?.model)),
      .init("error_message", JSON(fault?.description)), .init("error_code", JSON(fault?.code)),
      .init("rate_limits", .null), .init("supported_models", JSON(ProviderAnswer.models(wish.kind.rawValue))),
    ]
  }
  let question = Prompt(system: "You are tested. Answer in one or two sentences.", user: prompt, tokenLimit: 200)
  let outcome = try worker.asking { () -> Result<Completion, ProviderFault> in
    do throws(ProviderFault) {
      return .success(
        try worker.services.writer.chain.client.complete(question, by: provider, within: .seconds(20), onText: nil))
    } catch {
      return .failure(error)
    }
  }
  switch outcome {
  case .success(let completion): add(completion, nil)
  case .failure(let fault): add(nil, fault)
  }
  return .json(.ok, .object(answer))
}

/// `POST /api/v1/ai/providers/switch` puts an enabled provider of a type before all others.
///
/// - 200; 404 where there is none; 422.
@Sendable func switchProvider(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let kind: TextProviderKind? = body.optionalWord("provider_type")
  if kind == nil, !body.hasRefused("provider_type") { body.refuse("provider_type", "Field required", type: "missing") }
  let name = body.optionalString("provider_name", 1...64)
  let reason = body.optionalString("reason", 0...200)
  try body.check()
  do {
    let (previous, current) = try worker.services.database.preferProvider(
      kind: kind?.rawValue ?? "", name: name, reason: reason, of: request.principal, by: request.actor)
    return .json(
      .ok,
      [
        "success": true, "previous_provider": JSON(previous?.name), "current_provider": .string(current.name),
        "switched_at": Timestamp.json(HostClock.wallSeconds()),
        "message": .string("Articles are asked of \(current.name) first"),
      ])
  } catch ProviderRefusal.noSuchProvider {
    throw Problem.notFound
  }
}

/// `GET /api/v1/ai/providers/health` tells what was last heard of each provider. It asks nobody, so it costs nothing.
///
/// - 200.
@Sendable func showProviderHealth(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(.ok, try worker.providerHealth(.text, of: request.principal))
}

/// `GET /api/v1/ai/providers/stats` shows what each provider was asked and what it has cost, those of old among them.
///
/// - 200.
@Sendable func showProviderStats(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(
    .ok,
    .object(
      try worker.services.database.providerTotals(.text, of: request.principal.tenantID)
        .map { .init($0.provider, ProviderAnswer.stats($0)) }))
}

/// `GET /api/v1/ai/providers/capabilities` lists the types of provider with what is known of their models.
///
/// - 200.
@Sendable func showProviderCapabilities(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(.ok, .object(TextProviderKind.allCases.map { .init($0.rawValue, ProviderAnswer.capabilities($0)) }))
}

/// `DELETE /api/v1/ai/providers/{provider_name}` removes a provider with its key; no worker asks it any more.
///
/// - 200; 404.
@Sendable func removeProvider(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(.ok, ["message": .string("Provider \(try worker.remove(.text, request)) removed successfully")])
}

/// `GET /api/v1/ai/health` tells whether articles are asked of providers, and what that has come to.
///
/// - 200.
@Sendable func showAIHealth(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  let records = try database.providers(.text, of: tenant).filter(\.isEnabled)
  guard !records.isEmpty else {
    return .json(
      .ok, ["ai_enabled": false, "message": "No AI provider is configured: the built-in engine writes every article"])
  }
  let sums = ProviderSums(try database.providerTotals(.text, of: tenant))
  return .json(
    .ok,
    [
      "ai_enabled": true,
      "providers": .object(
        records.map { record in
          .init(record.name, ProviderAnswer.state(record))
        }),
      "generation_stats": sums.json,
    ])
}

/// The books of all providers together.
struct ProviderSums {
  let requests: Int
  let failures: Int
  let tokens: Int
  let nanodollars: Int
  let byProvider: [(name: String, requests: Int)]

  init(_ totals: [ProviderTotals]) {
    requests = totals.reduce(0) { $0 + $1.requests }
    failures = totals.reduce(0) { $0 + $1.failures }
    tokens = totals.reduce(0) { $0 + $1.tokens }
    nanodollars = totals.reduce(0) { $0 + $1.nanodollars }
    byProvider = totals.map { ($0.provider, $0.requests) }
  }

  var json: JSON {
    [
      "total_requests": .integer(requests), "successful_generations": .integer(requests - failures),
      "failed_generations": .integer(failures), "total_tokens_used": .integer(tokens),
      "total_cost": ProviderAnswer.dollars(nanodollars),
      "provider_usage": .object(byProvider.map { .init($0.name, .integer($0.requests)) }),
      "success_rate": .number(requests == 0 ? 0 : Double(requests - failures) / Double(requests)),
      "average_cost_per_request": mean(Double(nanodollars) / 1e9),
    ]
  }

  /// A sum divided by the requests.
  func mean(_ sum: Double) -> JSON { .number(requests == 0 ? 0 : sum / Double(requests)) }
}

extension Worker {
  func providerHealth(_ purpose: ProviderPurpose, of principal: Principal) throws -> JSON {
    let now = HostClock.wallSeconds()
    return .object(
      try services.database.providers(purpose, of: principal.tenantID)
        .map { .init($0.name, ProviderAnswer.health($0, now: now)) })
  }

  /// Removes the provider that the path names; gives the name.
  func remove(_ purpose: ProviderPurpose, _ request: AuthenticatedRequest) throws -> String {
    let name = request.parameters[0]
    do {
      let epoch = try services.database.removeProvider(name, purpose, of: request.principal, by: request.actor)
      try tellEpoch(of: request.principal.userID, epoch)
      return name
    } catch ProviderRefusal.noSuchProvider {
      throw Problem.notFound
    }
  }
}
