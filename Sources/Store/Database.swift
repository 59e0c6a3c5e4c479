// PostgreSQL, the truth. Every transaction says in whose scope it looks at tenant-owned tables; one that says nothing
// sees none of their rows (row-level security in V0001).

public import Domain
public import Postgres

/// Whose rows a transaction may see.
public enum RowScope: Sendable {
  case tenant(ID<Tenant>)
  /// All tenants': for what begins before the tenant is known, and for petstore watch.
  case service

  fileprivate var setting: String {
    switch self {
    case .tenant(let id): id.description
    case .service: "service"
    }
  }
}

/// The database as the product uses it.
public struct Database: Sendable {
  public let pool: Pool
  /// What answers reports, where there is one.
  public let replica: ReadReplica?

  public init(pool: Pool, replica: ReadReplica? = nil) {
    self.pool = pool
    self.replica = replica
  }

  /// Runs `body` in a transaction that sees the rows of `scope`.
  public func transaction<Result>(
    in scope: RowScope, _ body: (inout Postgres.Connection) throws -> Result
  ) throws -> Result {
    try pool.transaction { connection in
      try connection.query("SELECT set_config('petstore.scope', \(scope.setting), true)")
      return try body(&connection)
    }
  }

  /// The same of a report, which the standby may answer: ReadReplica has the rule. `body` reads and does nothing else, and
  /// may run twice.
  public func report<Result>(
    in scope: RowScope, _ body: (inout Postgres.Connection) throws -> Result
  ) throws -> Result {
    guard let replica else { return try transaction(in: scope, body) }
    return try replica.read(primary: pool) { connection in
      try connection.query("SELECT set_config('petstore.scope', \(scope.setting), true)")
      return try body(&connection)
    }
  }

  /// Milliseconds that the smallest query takes; throws if there is no answer.
  public func ping() throws {
    try pool.withConnection { connection in _ = try connection.query("SELECT 1") }
  }

  /// The server's clock: seconds since 1970.
  public func clock() throws -> Double {
    try pool.withConnection { connection in
      try connection.query("SELECT extract(epoch FROM clock_timestamp())::float8").first?.double(0) ?? 0
    }
  }
}

extension ID: SQLValue {
  public var sqlText: String { description }
}

extension EmailAddress: SQLValue {
  public var sqlText: String { description }
}

extension Row {
  func id<Entity>(_ column: Int) throws(PostgresError) -> ID<Entity> {
    let (high, low) = try uuid(column)
    return ID(high: high, low: low)
  }

  func optionalID<Entity>(_ column: Int) throws(PostgresError) -> ID<Entity>? {
    try optionalUUID(column).map { ID(high: $0.high, low: $0.low) }
  }
}
