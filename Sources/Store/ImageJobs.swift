// Pictures that are drawn in the background by petstore watch.

public import Domain
import Postgres

/// Names the rows of jobs.
public enum ImageJob {}

/// A job as it is kept. Times are seconds since 1970; request and result are JSON.
public struct ImageJobRecord: Sendable {
  public let id: ID<ImageJob>
  public let status: String
  public let request: String
  public let result: String?
  public let error: String?
  public let createdAt: Double
  public let startedAt: Double?
  public let completedAt: Double?
}

/// A job that is to be run.
public struct ImageWork: Sendable {
  public let tenantID: ID<Tenant>
  public let request: String
}

/// What became of cancelling a job.
public enum ImageJobCancellation: Sendable, Equatable { case cancelled, over(String), unknown }

extension Database {
  /// Days for which a job that is over can be asked for.
  public static let imageJobDays = 7

  /// Keeps a job, which petstore watch runs.
  public func addImageJob(_ request: String, by principal: Principal) throws -> ID<ImageJob> {
    let id = ID<ImageJob>.random()
    try transaction(in: .tenant(principal.tenantID)) { connection in
      _ = try connection.query(
        """
        INSERT INTO image_jobs (id, tenant_id, user_id, request)
        VALUES (\(id), \(principal.tenantID), \(principal.userID), \(request)::jsonb)
        """)
    }
    return id
  }

  private static func imageJob(_ row: Row) throws -> ImageJobRecord {
    ImageJobRecord(
      id: try row.id(0), status: try row.string(1), request: try row.string(2), result: try row.optionalString(3),
      error: try row.optionalString(4), createdAt: try row.timestamp(5), startedAt: try row.optionalTimestamp(6),
      completedAt: try row.optionalTimestamp(7))
  }

  /// The tenant's jobs, newest first, without their pictures.
  public func imageJobs(of tenant: ID<Tenant>, status: String?, limit: Int, offset: Int) throws -> [ImageJobRecord] {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query(
        """
        SELECT id, status, request::text, NULL::text, error, created_at, started_at, completed_at FROM image_jobs
        WHERE tenant_id = \(tenant) AND (\(status)::text IS NULL OR status = \(status))
        ORDER BY created_at DESC, id LIMIT \(limit)::integer OFFSET \(offset)::integer
        """
      ).map(Self.imageJob)
    }
  }

  /// A job with its pictures; nil where there is none.
  public func imageJob(_ id: ID<ImageJob>, of tenant: ID<Tenant>) throws -> ImageJobRecord? {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query(
        """
        SELECT id, status, request::text, result::text, error, created_at, started_at, completed_at FROM image_jobs
        WHERE tenant_id = \(tenant) AND id = \(id)
        """
      ).first.map(Self.imageJob)
    }
  }

  /// Ends a job that is not over; what a provider draws for it is thrown away.
  public func cancelImageJob(_ id: ID<ImageJob>, of tenant: ID<Tenant>) throws -> ImageJobCancellation {
    try transaction(in: .tenant(tenant)) { connection in
      let cancelled = try connection.query(
        """
        UPDATE image_jobs SET status = 'cancelled', completed_at = now()
        WHERE tenant_id = \(tenant) AND id = \(id) AND status IN ('queued', 'processing') RETURNING id
        """)
      if !cancelled.isEmpty { return .cancelled }
      let rows = try connection.query("SELECT status FROM image_jobs WHERE tenant_id = \(tenant) AND id = \(id)")
      return try rows.first.map { .over(try $0.string(0)) } ?? .unknown
    }
  }

  /// Forgets jobs that were over long ago.
  public func cleanImageJobs() throws {
    try transaction(in: .service) { connection in
      _ = try connection.query(
        "DELETE FROM image_jobs WHERE completed_at < now() - make_interval(days => \(Self.imageJobDays)::integer)")
    }
  }
}
