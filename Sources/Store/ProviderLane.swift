// Work that waits for AI providers, done by petstore watch: one piece of a tenant at a time, and no transaction stays open
// while a provider takes its time. That a tenant is being served is a lock of the session, so it ends with its process.

public import Domain
import Postgres

/// One piece of work after the other, on a connection of its own.
public struct ProviderLane: ~Copyable {
  private let dsn: String
  private let password: Secret<String>?
  private let timeout: Duration
  private var connection: Postgres.Connection?

  /// "psdl" in ASCII.
  private static let lock = 1_886_610_540

  public init(dsn: String, password: Secret<String>?, timeout: Duration) {
    self.dsn = dsn
    self.password = password
    self.timeout = timeout
  }

  /// Runs the item of a batch that has waited longest, of a tenant with AI providers whom no other lane serves. Should this
  /// process die while it runs, it runs again.
  ///
  /// - Parameter work: gives the result as JSON, or what went wrong.
  /// - Returns: false where nothing waits.
  public mutating func runNextBatchItem(_ work: (BatchWork) -> Result<String, BatchFailure>) throws -> Bool {
    try serve(
      """
      SELECT t.id FROM tenants t
      WHERE t.has_providers
        AND EXISTS (SELECT FROM batch_items i WHERE i.tenant_id = t.id AND i.status = 'pending')
      ORDER BY random() LIMIT 20
      """
    ) { tenant, connection in
      let rows = try Self.inService(&connection) { connection in
        try connection.query(
          """
          UPDATE batch_items SET started_at = clock_timestamp()
          WHERE (tenant_id, job_id, number) = (
            SELECT tenant_id, job_id, number FROM batch_items
            WHERE tenant_id = \(tenant) AND status = 'pending' ORDER BY queued LIMIT 1 FOR UPDATE SKIP LOCKED)
          RETURNING job_id, number, request::text
          """)
      }
      guard let row = rows.first else { return false }
      let (result, failure) = Self.outcome(
        work(BatchWork(tenantID: tenant, request: try row.string(2), asksProviders: true)))
      try Self.inService(&connection) { connection in
        // One that was cancelled or deleted in the meantime stays so.
        try connection.query(
          """
          UPDATE batch_items SET status = \(failure == nil ? "completed" : "failed"), result = \(result)::jsonb,
            error = \(failure), completed_at = clock_timestamp()
          WHERE tenant_id = \(tenant) AND job_id = \(try row.string(0)) AND number = \(try row.int(1))::integer
            AND status = 'pending'
          """)
      }
      return true
    }
  }

  /// Runs the picture that has waited longest, likewise.
  ///
  /// - Parameter work: gives the result as JSON, or what went wrong; nil puts it back.
  public mutating func runNextImageJob(_ work: (ImageWork) -> Result<String, BatchFailure>?) throws -> Bool {
    try serve(
      """
      SELECT DISTINCT tenant_id FROM image_jobs WHERE status IN ('queued', 'processing') LIMIT 20
      """
    ) { tenant, connection in
      let rows = try Self.inService(&connection) { connection in
        try connection.query(
          """
          UPDATE image_jobs SET status = 'processing', started_at = clock_timestamp()
          WHERE id = (
            SELECT id FROM image_jobs WHERE tenant_id = \(tenant) AND status IN ('queued', 'processing')
            ORDER BY queued LIMIT 1 FOR UPDATE SKIP LOCKED)
          RETURNING id, request::text
          """)
      }
      guard let row = rows.first else { return false }
      let id: ID<ImageJob> = try row.id(0)
      guard let answer = work(ImageWork(tenantID: tenant, request: try row.string(1))) else { return false }
      let (result, failure) = Self.outcome(answer)
      try Self.inService(&connection) { connection in
        try connection.query(
          """
          UPDATE image_jobs SET status = \(failure == nil ? "completed" : "failed"), result = \(result)::jsonb,
            error = \(failure), completed_at = clock_timestamp()
          WHERE id = \(id) AND status = 'processing'
          """)
      }
      return true
    }
  }

  private static func outcome(_ answer: Result<String, BatchFailure>) -> (result: String?, failure: String?) {
    switch answer {
    case .success(let text): (text, nil)
    case .failure(let reason): (nil, reason.description)
    }
  }

  /// Runs a piece of work of one of the tenants that a query names and that no other lane serves.
  private mutating func serve(
    _ waiting: SQL, _ run: (ID<Tenant>, inout Postgres.Connection) throws -> Bool
  ) throws -> Bool {
    var connection: Postgres.Connection
    if let kept = self.connection.take(), kept.isUsable {
      connection = kept
    } else {
      connection = try Postgres.Connection(dsn: dsn, password: password?.exposed, timeout: timeout)
    }
    // An error ends the connection, and with it the lock.
    let tenants = try Self.inService(&connection) { connection in
      try connection.query(waiting).map { row in try row.id(0) as ID<Tenant> }
    }
    var hadWork = false
    for tenant in tenants where !hadWork {
      let name = tenant.description
      let isMine = try connection.query(
        "SELECT pg_try_advisory_lock(\(Self.lock)::integer, hashtext(\(name)))"
      ).first?.bool(0)
      guard isMine == true else { continue }
      hadWork = try run(tenant, &connection)
      try connection.query("SELECT pg_advisory_unlock(\(Self.lock)::integer, hashtext(\(name)))")
    }
    self.connection = consume connection
    return hadWork
  }

  @discardableResult
  private static func inService<Result>(
    _ connection: inout Postgres.Connection, _ body: (inout Postgres.Connection) throws -> Result
  ) throws -> Result {
    try connection.transaction { connection in
      try connection.query("SELECT set_config('petstore.scope', 'service', true)")
      return try body(&connection)
    }
  }
}
