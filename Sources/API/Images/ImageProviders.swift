import Domain
import HTTP
import Outbound
import Providers
import Store

/// `POST /api/v1/images/providers/configure` checks a key with its provider, which costs nothing, and keeps it sealed.
///
/// - 200; 400 where the provider does not take the key, or is none that can be had; 403 `premium_feature` for an address of
///   one's own; 409; 422; 502 `provider_failed` where it cannot be asked.
@Sendable func configureImageProvider(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let wish: ImageOrder.Wish? = body.optionalWord("provider_type")
  if wish == nil, !body.hasRefused("provider_type") { body.refuse("provider_type", "Field required", type: "missing") }
  let key = Secret(body.string("api_key", 1...1_000))
  let isEnabled = body.bool("enabled", default: true)
  let priority = body.integer("priority", 1...10, default: 1)
  let model = body.optionalString("default_model", 0...200).flatMap { $0.isEmpty ? nil : $0 }
  let name = body.optionalString("name", 1...64)
  if let name, !ProviderWish.isName(name) {
    body.refuse(
      "name", "String should be lower-case letters, digits, dots, hyphens and underscores", type: "value_error")
  }
  let address = body.optionalString("base_url", 1...300)
  let server = address.flatMap { ServerURL($0) }
  if address != nil, server == nil, !body.hasRefused("base_url") {
    body.refuse(
      "base_url", "Value should be http:// or https:// with a host, perhaps a port and a path", type: "value_error")
  }
  try body.check()
  guard let kind = ImageProviderKind(rawValue: wish?.rawValue ?? ""), let place = server ?? kind.standardServer else {
    throw Problem.badRequest(
      "Pictures are drawn by stability_ai and openai_dall_e, and by servers that speak as they do (base_url).")
  }
  if server != nil { try worker.requirePremium("Providers at addresses of your own", of: request.principal) }
  let provider = ImageProvider(
    name: kind.rawValue, kind: kind, server: place, model: model ?? kind.standardModel, key: key)
  if let fault = try worker.asking({ worker.services.studio.check(provider) }) {
    guard fault != .unauthorized else { throw Problem.badRequest("The provider does not take the key.") }
    throw Problem.providerFailed("The key could not be checked: \(fault.description).")
  }
  let record = try worker.keep(
    NewProvider(
      purpose: .image, name: name, kind: kind.rawValue, key: key, baseURL: place.description, model: provider.model,
      inputPrice: nil, outputPrice: nil, priority: priority, isEnabled: isEnabled, status: .configured, error: nil,
      isValidated: true), for: request)
  return .json(
    .ok,
    [
      "message": .string("Provider \(record.name) configured successfully"), "provider_name": .string(record.name),
      "status": "configured",
    ])
}

/// `GET /api/v1/images/providers` shows the tenant's providers of pictures with their books.
///
/// - 200.
@Sendable func listImageProviders(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  let totals = try database.providerTotals(.image, of: tenant)
  return .json(
    .ok,
    .object(
      try database.providers(.image, of: tenant).map { record in
        .init(record.name, ProviderAnswer.json(record, totals.first { $0.provider == record.name }))
      }))
}

/// `GET /api/v1/images/providers/health` tells what was last heard of each.
///
/// - 200.
@Sendable func showImageProviderHealth(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(.ok, try worker.providerHealth(.image, of: request.principal))
}

/// `DELETE /api/v1/images/providers/{provider_name}` removes a provider with its key.
///
/// - 200; 404.
@Sendable func removeImageProvider(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  .json(.ok, ["message": .string("Provider \(try worker.remove(.image, request)) removed successfully")])
}
