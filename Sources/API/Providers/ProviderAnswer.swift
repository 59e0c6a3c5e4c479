import Domain
import HTTP
import Providers
import Store

/// Providers as they are answered: AIProviderConfigResponse of the content contract and its kin. Keys never are.
enum ProviderAnswer {
  static func json(_ record: ProviderRecord, _ totals: ProviderTotals?) -> JSON {
    config(
      kind: record.kind, status: record.status, configuredAt: record.configuredAt, model: record.model,
      priority: record.priority, enabled: record.isEnabled,
      isValid: record.validatedAt != nil && record.status != .invalidKey,
      validatedAt: record.validatedAt, error: record.error, requests: totals?.requests ?? 0,
      failures: totals?.failures ?? 0,
      lastUsedAt: record.lastUsedAt, name: record.name, baseURL: record.baseURL)
  }

  /// One that was not kept.
  static func refused(
    kind: String, status: ProviderStatus, now: Double, model: String?, priority: Int, error: String
  ) -> JSON {
    config(
      kind: kind, status: status, configuredAt: now, model: model, priority: priority, enabled: false, isValid: false,
      validatedAt: nil, error: error, requests: 0, failures: 0, lastUsedAt: nil, name: nil, baseURL: nil)
  }

  private static func config(
    kind: String, status: ProviderStatus, configuredAt: Double, model: String?, priority: Int, enabled: Bool,
    isValid: Bool, validatedAt: Double?, error: String?, requests: Int, failures: Int, lastUsedAt: Double?,
    name: String?,
    baseURL: String?
  ) -> JSON {
    [
      "provider_type": .string(kind), "status": .string(status.rawValue), "configured_at": Timestamp.json(configuredAt),
      "default_model": JSON(model), "priority": .integer(priority), "enabled": .bool(enabled),
      "api_key_valid": .bool(isValid), "last_validated": Timestamp.json(validatedAt), "error_message": JSON(error),
      "supported_models": JSON(models(kind)), "rate_limits": nil, "total_requests": .integer(requests),
      "successful_requests": .integer(requests - failures), "failed_requests": .integer(failures),
      "last_used": Timestamp.json(lastUsedAt), "provider_name": JSON(name), "base_url": JSON(baseURL),
    ]
  }

  static func models(_ kind: String) -> [String] { TextProviderKind(rawValue: kind)?.models.map(\.id) ?? [] }

  static func stats(_ totals: ProviderTotals) -> JSON {
    [
      "provider_type": .string(totals.kind), "total_requests": .integer(totals.requests),
      "successful_requests": .integer(totals.requests - totals.failures), "failed_requests": .integer(totals.failures),
      "total_tokens": .integer(totals.tokens), "total_cost": dollars(totals.nanodollars),
      "avg_response_time_ms": .number(
        totals.requests == 0 ? 0 : Double(totals.milliseconds) / Double(totals.requests)),
      "requests_today": .integer(totals.today), "requests_this_week": .integer(totals.week),
      "requests_this_month": .integer(totals.month), "rate_limit_errors": .integer(totals.rateLimited),
      "quota_exceeded_errors": .integer(totals.quotaExceeded), "authentication_errors": .integer(totals.unauthorized),
      "other_errors": .integer(totals.failures - totals.rateLimited - totals.quotaExceeded - totals.unauthorized),
    ]
  }

  /// US dollars.
  static func dollars(_ nanodollars: Int) -> JSON { .number(Double(nanodollars) / 1e9) }

  static func health(_ record: ProviderRecord, now: Double) -> JSON {
    var advice: [String] = []
    switch record.status {
    case .invalidKey: advice.append("Configure it again with a valid key.")
    case .quotaExceeded: advice.append("Raise the limit of your account with the provider.")
    case .rateLimited: advice.append("Configure a second provider to fall back on.")
    case .error: advice.append("Try it with POST /api/v1/ai/providers/test.")
    case .configured, .notConfigured: break
    }
    return [
      "provider_type": .string(record.kind), "status": .string(record.status.rawValue),
      "last_check": Timestamp.json(now),
      "response_time_ms": nil, "api_key_valid": .bool(record.status != .invalidKey),
      "rate_limit_ok": .bool(record.status != .rateLimited), "quota_available": .bool(record.status != .quotaExceeded),
      "error_message": JSON(record.error), "consecutive_failures": .integer(record.failures),
      "recommendations": JSON(advice),
    ]
  }

  /// The short form, among others.
  static func state(_ record: ProviderRecord) -> JSON {
    [
      "provider": .string(record.kind),
      "status": .string(record.status == .configured ? "healthy" : record.status.rawValue),
      "api_key_valid": .bool(record.status != .invalidKey), "rate_limits": nil,
    ]
  }

  static func capabilities(_ kind: TextProviderKind) -> JSON {
    [
      "provider_type": .string(kind.rawValue),
      "supported_models": .array(
        kind.models.map { model in
          [
            "model_id": .string(model.id), "display_name": .string(model.name),
            "description": .string("Up to \(model.outputLimit) tokens an answer"),
            "max_tokens": .integer(model.outputLimit), "cost_per_1k_tokens": .number(model.prices.output / 1_000),
            "context_window": .integer(model.contextWindow), "capabilities": ["text"], "recommended_for": [],
          ]
        }),
      "max_concurrent_requests": nil, "rate_limit_per_minute": nil, "rate_limit_per_day": nil,
      "supports_streaming": true, "supports_function_calling": false, "supports_vision": false, "supports_audio": false,
      "pricing_model": "per_token", "data_retention_policy": nil,
    ]
  }
}
