// The AI providers of tenants: their settings, their sealed keys, and what they have cost.

public import Crypto
public import Domain
import Postgres

/// What a provider makes.
public enum ProviderPurpose: String, Sendable { case text, image }

/// The last that was heard of a provider; the words of the earlier service.
public enum ProviderStatus: String, Sendable, CaseIterable {
  case configured
  case notConfigured = "not_configured"
  case invalidKey = "invalid_key"
  case rateLimited = "rate_limited"
  case quotaExceeded = "quota_exceeded"
  case error
}

/// Names the rows of providers.
public enum AIProvider {}

/// What a tenant gives of a provider.
public struct NewProvider: Sendable {
  public let purpose: ProviderPurpose
  /// nil for one that is made of kind and time.
  public let name: String?
  public let kind: String
  public let key: Secret<String>
  public let baseURL: String
  public let model: String
  /// US dollars for a million tokens.
  public let inputPrice: Double?
  public let outputPrice: Double?
  public let priority: Int
  public let isEnabled: Bool
  public let status: ProviderStatus
  public let error: String?
  /// Whether the provider has just taken the key.
  public let isValidated: Bool

  public init(
    purpose: ProviderPurpose, name: String?, kind: String, key: Secret<String>, baseURL: String, model: String,
    inputPrice: Double?, outputPrice: Double?, priority: Int, isEnabled: Bool, status: ProviderStatus, error: String?,
    isValidated: Bool
  ) {
    self.purpose = purpose
    self.name = name
    self.kind = kind
    self.key = key
    self.baseURL = baseURL
    self.model = model
    self.inputPrice = inputPrice
    self.outputPrice = outputPrice
    self.priority = priority
    self.isEnabled = isEnabled
    self.status = status
    self.error = error
    self.isValidated = isValidated
  }
}

/// A provider as it is kept. Times are seconds since 1970.
public struct ProviderRecord: Sendable {
  public let id: ID<AIProvider>
  public let name: String
  public let kind: String
  public let baseURL: String
  public let model: String
  public let inputPrice: Double?
  public let outputPrice: Double?
  public let priority: Int
  public let isEnabled: Bool
  public let status: ProviderStatus
  public let error: String?
  /// In a row, until now.
  public let failures: Int
  public let configuredAt: Double
  public let validatedAt: Double?
  public let lastUsedAt: Double?
  fileprivate let sealedKey: [UInt8]

  /// nil where it was sealed by another master key.
  public func key(_ master: MasterKey) -> Secret<String>? {
    master.open(sealedKey, for: ProviderRecord.purpose, context: id.description)
      .map { Secret(String(decoding: $0, as: UTF8.self)) }
  }

  fileprivate static let purpose = "AI provider key"
}

/// One request to a provider, for the books.
public struct ProviderUse: Sendable {
  public enum Outcome: Sendable, Equatable { case succeeded, rateLimited, quotaExceeded, unauthorized, failed }

  public let purpose: ProviderPurpose
  public let provider: String
  public let kind: String
  public let model: String
  public let outcome: Outcome
  /// What went wrong, in words for the tenant.
  public let error: String?
  public let inputTokens: Int
  public let outputTokens: Int
  public let nanodollars: Int
  public let milliseconds: Int

  public init(
    purpose: ProviderPurpose, provider: String, kind: String, model: String, outcome: Outcome, error: String?,
    inputTokens: Int, outputTokens: Int, nanodollars: Int, milliseconds: Int
  ) {
    self.purpose = purpose
    self.provider = provider
    self.kind = kind
    self.model = model
    self.outcome = outcome
    self.error = error
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.nanodollars = nanodollars
    self.milliseconds = milliseconds
  }
}

/// What requests to a provider have come to.
public struct ProviderTotals: Sendable {
  public let provider: String
  public let kind: String
  public let requests: Int
  public let failures: Int
  public let rateLimited: Int
  public let quotaExceeded: Int
  public let unauthorized: Int
  public let tokens: Int
  public let nanodollars: Int
  public let milliseconds: Int
  /// Requests of this day, of the last seven and the last thirty days, in UTC.
  public let today: Int
  public let week: Int
  public let month: Int
}

public enum ProviderRefusal: Error, Equatable { case nameTaken, noSuchProvider, tooMany }

extension Database {
  /// Providers that a tenant may have of one purpose.
  public static let providerLimit = 20

  private static let providerColumns: SQL = """
    id, name, kind, base_url, model, input_price, output_price, priority, is_enabled, status, error, failures,
    configured_at, validated_at, last_used_at, encode(sealed_key, 'hex')
    """

  private static func provider(_ row: Row) throws -> ProviderRecord {
    ProviderRecord(
      id: try row.id(0), name: try row.string(1), kind: try row.string(2), baseURL: try row.string(3),
      model: try row.string(4), inputPrice: try row.optionalDouble(5), outputPrice: try row.optionalDouble(6),
      priority: try row.int(7), isEnabled: try row.bool(8),
      status: ProviderStatus(rawValue: try row.string(9)) ?? .error, error: try row.optionalString(10),
      failures: try row.int(11), configuredAt: try row.timestamp(12), validatedAt: try row.optionalTimestamp(13),
      lastUsedAt: try row.optionalTimestamp(14),
      sealedKey: Hexadecimal.decode(Array(try row.string(15).utf8)) ?? [])
  }

  /// The tenant's providers in the order in which they are asked.
  public func providers(_ purpose: ProviderPurpose, of tenant: ID<Tenant>) throws -> [ProviderRecord] {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query(
        """
        SELECT \(shared: Self.providerColumns) FROM ai_providers
        WHERE tenant_id = \(tenant) AND purpose = \(purpose.rawValue)
        ORDER BY priority, preferred_at DESC, id
        """
      ).map(Self.provider)
    }
  }

  /// Keeps a provider. Gives the account's epoch, which has changed if articles are asked of a provider from now on.
  ///
  /// - Throws: ``ProviderRefusal/nameTaken``, ``ProviderRefusal/tooMany``.
  public func addProvider(
    _ new: NewProvider, sealedWith master: MasterKey, for principal: Principal, by actor: AuditActor
  ) throws -> (provider: ProviderRecord, epoch: Int) {
    let (id, tenant) = (ID<AIProvider>.random(), principal.tenantID)
    let sealed = Hexadecimal.encode(
      master.seal(Array(new.key.exposed.utf8), for: ProviderRecord.purpose, context: id.description))
    do {
      return try transaction(in: .tenant(tenant)) { connection in
        // One at a time, so that neither the limit nor a name is passed by two at once.
        try connection.query("SELECT pg_advisory_xact_lock(hashtextextended(\(tenant.description), 0))")
        let count = try connection.query(
          "SELECT count(*) FROM ai_providers WHERE tenant_id = \(tenant) AND purpose = \(new.purpose.rawValue)"
        ).first?.int(0)
        guard count ?? 0 < Self.providerLimit else { throw ProviderRefusal.tooMany }
        let rows = try connection.query(
          """
          INSERT INTO ai_providers (id, tenant_id, purpose, name, kind, sealed_key, base_url, model, input_price,
                                    output_price, priority, is_enabled, status, error, validated_at)
          SELECT \(id), \(tenant), \(new.purpose.rawValue),
                 coalesce(\(new.name)::text, (
                   SELECT \(new.kind)::text || '_' || number
                   FROM generate_series(extract(epoch FROM now())::bigint, extract(epoch FROM now())::bigint + 100) number
                   WHERE NOT EXISTS (SELECT FROM ai_providers
                                     WHERE tenant_id = \(tenant) AND name = \(new.kind)::text || '_' || number)
                   ORDER BY number LIMIT 1)),
                 \(new.kind), decode(\(sealed), 'hex'), \(new.baseURL), \(new.model), \(new.inputPrice)::float8,
                 \(new.outputPrice)::float8, \(new.priority)::integer, \(new.isEnabled), \(new.status.rawValue),
                 \(new.error), CASE WHEN \(new.isValidated) THEN now() END
          RETURNING \(shared: Self.providerColumns)
          """)
        guard let row = rows.first else { throw PostgresError(.unexpectedRow, "no provider") }
        let record = try Self.provider(row)
        try AuditLog.add(
          .providerConfigured, subject: record.name, tenant: tenant, by: actor,
          details: [("kind", record.kind), ("purpose", new.purpose.rawValue), ("base_url", record.baseURL)],
          to: &connection)
        return (record, try Self.epoch(of: principal.userID, &connection))
      }
    } catch let error as PostgresError where error.violatedUnique == "ai_providers_name_once" {
      throw ProviderRefusal.nameTaken
    }
  }

  /// Removes a provider and its key. Gives the account's epoch.
  ///
  /// - Throws: ``ProviderRefusal/noSuchProvider``.
  public func removeProvider(
    _ name: String, _ purpose: ProviderPurpose, of principal: Principal, by actor: AuditActor
  ) throws -> Int {
    try transaction(in: .tenant(principal.tenantID)) { connection in
      let rows = try connection.query(
        """
        DELETE FROM ai_providers
        WHERE tenant_id = \(principal.tenantID) AND purpose = \(purpose.rawValue) AND name = \(name) RETURNING id
        """)
      guard !rows.isEmpty else { throw ProviderRefusal.noSuchProvider }
      try AuditLog.add(
        .providerRemoved, subject: name, tenant: principal.tenantID, by: actor,
        details: [("purpose", purpose.rawValue)], to: &connection)
      return try Self.epoch(of: principal.userID, &connection)
    }
  }

  /// Puts the enabled text provider of a kind or name before all others. Gives who was first before, and who is now.
  ///
  /// - Throws: ``ProviderRefusal/noSuchProvider``.
  public func preferProvider(
    kind: String, name: String?, reason: String?, of principal: Principal, by actor: AuditActor
  ) throws -> (previous: ProviderRecord?, current: ProviderRecord) {
    let tenant = principal.tenantID
    return try transaction(in: .tenant(tenant)) { connection in
      let rows = try connection.query(
        """
        SELECT \(shared: Self.providerColumns) FROM ai_providers
        WHERE tenant_id = \(tenant) AND purpose = 'text' AND is_enabled
        ORDER BY priority, preferred_at DESC, id FOR UPDATE
        """
      ).map(Self.provider)
      guard let chosen = rows.first(where: { $0.kind == kind && (name == nil || $0.name == name) }) else {
        throw ProviderRefusal.noSuchProvider
      }
      try connection.query(
        "UPDATE ai_providers SET priority = 1, preferred_at = clock_timestamp() WHERE id = \(chosen.id)")
      try AuditLog.add(
        .providerPreferred, subject: chosen.name, tenant: tenant, by: actor,
        details: reason.map { [("reason", $0)] } ?? [], to: &connection)
      return (rows.first, chosen)
    }
  }

  /// Enters requests into the books, and what they say of their providers.
  public func noteProviderUses(_ uses: [ProviderUse], of tenant: ID<Tenant>) throws {
    guard !uses.isEmpty else { return }
    try transaction(in: .tenant(tenant)) { connection in
      for use in uses {
        func one(_ outcome: ProviderUse.Outcome) -> Int { use.outcome == outcome ? 1 : 0 }
        try connection.query(
          """
          INSERT INTO ai_usage AS u (tenant_id, purpose, provider, kind, model, day, requests, failures, rate_limited,
                                     quota_exceeded, unauthorized, input_tokens, output_tokens, nanodollars, milliseconds)
          VALUES (\(tenant), \(use.purpose.rawValue), \(use.provider), \(use.kind), \(use.model),
                  (now() AT TIME ZONE 'UTC')::date, 1, \(1 - one(.succeeded)), \(one(.rateLimited)),
                  \(one(.quotaExceeded)), \(one(.unauthorized)), \(use.inputTokens), \(use.outputTokens),
                  \(use.nanodollars), \(use.milliseconds))
          ON CONFLICT (tenant_id, purpose, provider, model, day) DO UPDATE SET
            requests = u.requests + 1, failures = u.failures + excluded.failures,
            rate_limited = u.rate_limited + excluded.rate_limited,
            quota_exceeded = u.quota_exceeded + excluded.quota_exceeded,
            unauthorized = u.unauthorized + excluded.unauthorized,
            input_tokens = u.input_tokens + excluded.input_tokens,
            output_tokens = u.output_tokens + excluded.output_tokens,
            nanodollars = u.nanodollars + excluded.nanodollars, milliseconds = u.milliseconds + excluded.milliseconds
          """)
        let status: ProviderStatus =
          switch use.outcome {
          case .succeeded: .configured
          case .rateLimited: .rateLimited
          case .quotaExceeded: .quotaExceeded
          case .unauthorized: .invalidKey
          case .failed: .error
          }
        try connection.query(
          """
          UPDATE ai_providers SET status = \(status.rawValue), error = \(use.error), last_used_at = now(),
            failures = CASE WHEN \(use.outcome == .succeeded) THEN 0 ELSE failures + 1 END,
            validated_at = CASE WHEN \(use.outcome == .succeeded) THEN now() ELSE validated_at END
          WHERE tenant_id = \(tenant) AND purpose = \(use.purpose.rawValue) AND name = \(use.provider)
          """)
      }
    }
  }

  /// The books of a tenant, a line for each provider that was ever asked.
  public func providerTotals(_ purpose: ProviderPurpose, of tenant: ID<Tenant>) throws -> [ProviderTotals] {
    try report(in: .tenant(tenant)) { connection in
      try connection.query(
        """
        WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day)
        SELECT provider, min(kind), sum(requests)::bigint, sum(failures)::bigint, sum(rate_limited)::bigint,
               sum(quota_exceeded)::bigint, sum(unauthorized)::bigint, sum(input_tokens + output_tokens)::bigint,
               sum(nanodollars)::bigint, sum(milliseconds)::bigint,
               coalesce(sum(requests) FILTER (WHERE u.day = t.day), 0)::bigint,
               coalesce(sum(requests) FILTER (WHERE u.day > t.day - 7), 0)::bigint,
               coalesce(sum(requests) FILTER (WHERE u.day > t.day - 30), 0)::bigint
        FROM ai_usage u, today t
        WHERE tenant_id = \(tenant) AND purpose = \(purpose.rawValue)
        GROUP BY provider ORDER BY provider
        """
      ).map { row in
        ProviderTotals(
          provider: try row.string(0), kind: try row.string(1), requests: try row.int(2), failures: try row.int(3),
          rateLimited: try row.int(4), quotaExceeded: try row.int(5), unauthorized: try row.int(6),
          tokens: try row.int(7), nanodollars: try row.int(8), milliseconds: try row.int(9), today: try row.int(10),
          week: try row.int(11), month: try row.int(12))
      }
    }
  }
}
