// Batches of articles: asked for by the API, run by petstore watch, seen by all.

public import Domain
import Postgres

/// A job as its items make it. Times are seconds since 1970.
public struct BatchJob: Sendable {
  public let id: String
  public let status: String
  /// A JSON object.
  public let metadata: String
  public let createdAt: Double
  public let startedAt: Double?
  public let completedAt: Double?
  public let total: Int
  public let completed: Int
  public let failed: Int
  public let pending: Int

  public var isOver: Bool { pending == 0 }
}

/// One article of a job. Request and result are JSON.
public struct BatchItem: Sendable {
  public let number: Int
  public let request: String
  public let status: String
  public let result: String?
  public let error: String?
  public let startedAt: Double?
  public let completedAt: Double?
}

public struct BatchStatistics: Sendable {
  public let jobs: (total: Int, running: Int, completed: Int, cancelled: Int)
  public let items: (total: Int, completed: Int, failed: Int)
}

public enum BatchRefusal: Error, Equatable { case jobExists }

/// An item that is to be run.
public struct BatchWork: Sendable {
  public let tenantID: ID<Tenant>
  public let request: String
  /// Whether the tenant has AI providers, which take their time.
  public let asksProviders: Bool
}

extension Database {
  /// Keeps a job whose items are then run by petstore watch.
  ///
  /// - Throws: ``BatchRefusal/jobExists``.
  public func addBatch(_ id: String, _ requests: [String], metadata: String, by principal: Principal) throws {
    do {
      try transaction(in: .tenant(principal.tenantID)) { connection in
        try connection.query(
          """
          INSERT INTO batch_jobs (tenant_id, id, user_id, metadata)
          VALUES (\(principal.tenantID), \(id), \(principal.userID), \(metadata)::jsonb)
          """)
        try connection.query(
          """
          INSERT INTO batch_items (tenant_id, job_id, number, request)
          SELECT \(principal.tenantID), \(id), number - 1, request::jsonb
          FROM unnest(\(requests)::text[]) WITH ORDINALITY AS given (request, number)
          """)
      }
    } catch let error as PostgresError where error.violatedUnique == "batch_jobs_pkey" {
      throw BatchRefusal.jobExists
    }
  }

  private static let jobColumns: SQL =
    "id, status, metadata::text, created_at, started_at, completed_at, total, completed, failed, pending"

  private static func job(_ row: Row) throws -> BatchJob {
    BatchJob(
      id: try row.string(0), status: try row.string(1), metadata: try row.string(2), createdAt: try row.timestamp(3),
      startedAt: try row.optionalTimestamp(4), completedAt: try row.optionalTimestamp(5), total: try row.int(6),
      completed: try row.int(7), failed: try row.int(8), pending: try row.int(9))
  }

  /// The tenant's job of that name; nil where there is none.
  public func batch(_ id: String, of tenant: ID<Tenant>) throws -> BatchJob? {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query(
        "SELECT \(shared: Self.jobColumns) FROM batch_progress WHERE tenant_id = \(tenant) AND id = \(id)"
      ).first.map(Self.job)
    }
  }

  /// The items of a job from a number on, those that are over only where asked.
  public func batchItems(
    of id: String, in tenant: ID<Tenant>, from first: Int = 0, endedOnly: Bool = false
  ) throws -> [BatchItem] {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query(
        """
        SELECT number, request::text, status, result::text, error, started_at, completed_at
        FROM batch_items
        WHERE tenant_id = \(tenant) AND job_id = \(id) AND number >= \(first)::integer
          AND (NOT \(endedOnly) OR status <> 'pending')
        ORDER BY number
        """
      ).map { row in
        BatchItem(
          number: try row.int(0), request: try row.string(1), status: try row.string(2),
          result: try row.optionalString(3), error: try row.optionalString(4), startedAt: try row.optionalTimestamp(5),
          completedAt: try row.optionalTimestamp(6))
      }
    }
  }

  /// The tenant's jobs, newest first.
  public func batches(of tenant: ID<Tenant>, limit: Int, offset: Int) throws -> [BatchJob] {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query(
        """
        SELECT \(shared: Self.jobColumns) FROM batch_progress WHERE tenant_id = \(tenant)
        ORDER BY created_at DESC, id LIMIT \(limit)::integer OFFSET \(offset)::integer
        """
      ).map(Self.job)
    }
  }

  /// Sums over all of the tenant's jobs.
  public func batchStatistics(of tenant: ID<Tenant>) throws -> BatchStatistics {
    try transaction(in: .tenant(tenant)) { connection in
      let rows = try connection.query(
        """
        SELECT count(*), count(*) FILTER (WHERE status = 'running'), count(*) FILTER (WHERE status = 'completed'),
               count(*) FILTER (WHERE status = 'cancelled'), coalesce(sum(total), 0)::bigint,
               coalesce(sum(completed), 0)::bigint, coalesce(sum(failed), 0)::bigint
        FROM batch_progress WHERE tenant_id = \(tenant)
        """)
      guard let row = rows.first else { throw PostgresError(.unexpectedRow, "no sums") }
      return BatchStatistics(
        jobs: (try row.int(0), try row.int(1), try row.int(2), try row.int(3)),
        items: (try row.int(4), try row.int(5), try row.int(6)))
    }
  }

  /// Ends what has not begun. Gives how many items that were; nil where there is no such job.
  public func cancelBatch(_ id: String, of tenant: ID<Tenant>) throws -> Int? {
    try transaction(in: .tenant(tenant)) { connection in
      let jobs = try connection.query(
        "SELECT FROM batch_jobs WHERE tenant_id = \(tenant) AND id = \(id) FOR UPDATE")
      guard !jobs.isEmpty else { return nil }
      let items = try connection.query(
        """
        UPDATE batch_items SET status = 'cancelled', completed_at = now()
        WHERE tenant_id = \(tenant) AND job_id = \(id) AND status = 'pending' RETURNING number
        """)
      if !items.isEmpty {
        try connection.query(
          "UPDATE batch_jobs SET cancelled_at = now() WHERE tenant_id = \(tenant) AND id = \(id)")
      }
      return items.count
    }
  }

  /// Whether there was such a job. What has not begun is never run.
  public func deleteBatch(_ id: String, of tenant: ID<Tenant>) throws -> Bool {
    try transaction(in: .tenant(tenant)) { connection in
      try !connection.query(
        "DELETE FROM batch_jobs WHERE tenant_id = \(tenant) AND id = \(id) RETURNING id"
      ).isEmpty
    }
  }

  /// Runs the item that has waited longest, of any tenant without AI providers: once, whatever is killed, because its result and its end are
  /// one transaction.
  ///
  /// - Parameter work: gives the result as JSON, or what went wrong.
  /// - Returns: false where nothing waits.
  public func runNextBatchItem(_ work: (BatchWork) -> Result<String, BatchFailure>) throws -> Bool {
    try transaction(in: .service) { connection in
      let rows = try connection.query(
        """
        SELECT i.tenant_id, i.job_id, i.number, i.request::text, clock_timestamp()::text
        FROM batch_items i JOIN tenants t ON t.id = i.tenant_id AND NOT t.has_providers
        WHERE i.status = 'pending' ORDER BY i.queued LIMIT 1 FOR UPDATE OF i SKIP LOCKED
        """)
      guard let row = rows.first else { return false }
      let tenant: ID<Tenant> = try row.id(0)
      var (result, failure): (String?, String?) = (nil, nil)
      switch work(BatchWork(tenantID: tenant, request: try row.string(3), asksProviders: false)) {
      case .success(let text): result = text
      case .failure(let reason): failure = reason.description
      }
      try connection.query(
        """
        UPDATE batch_items SET status = \(failure == nil ? "completed" : "failed"), result = \(result)::jsonb,
          error = \(failure), started_at = \(try row.string(4))::timestamptz, completed_at = clock_timestamp()
        WHERE tenant_id = \(tenant) AND job_id = \(try row.string(1)) AND number = \(try row.int(2))::integer
        """)
      return true
    }
  }
}

/// Why an item failed, for its owner to read.
public struct BatchFailure: Error, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
