// One private PostgreSQL for a test run, and in it one database for each suite, copied from a template that has the
// migrations.

import Glibc
public import Postgres
import Schema
public import Store
import Threads

/// The private server.
public final class ScratchPostgres: Sendable {
  private let servant: Servant
  private let databases = Locked<[String: ScratchDatabase]>([:])

  private static let running = Result { () throws(ScratchFailure) in try ScratchPostgres() }

  /// The database of a suite, made when first asked for.
  ///
  /// - Parameter migrated: whether it has the product's schema; else it is empty.
  public static func database(
    for suite: String, migrated: Bool = true
  ) throws -> ScratchDatabase {
    let server = try running.get()
    return try server.databases.withLock { databases throws in
      if let known = databases[suite] { return known }
      let database = ScratchDatabase(
        folder: server.servant.folder, name: "scratch_\(databases.count)")
      var connection = try Postgres.Connection(
        dsn: server.superuserDSN, password: nil, timeout: .seconds(30))
      let template = migrated ? "petstore_template" : "template0"
      try connection.run(
        script: SQL(
          trusted: "CREATE DATABASE \(database.name) OWNER petstore_owner TEMPLATE \(template)"))
      databases[suite] = database
      return database
    }
  }

  private init() throws(ScratchFailure) {
    let asPostgres = getuid() == 0 ? "runuser -u postgres -- " : ""
    let servant = try Servant(
      "pg",
      script: """
        \(getuid() == 0 ? "chown postgres ." : "")
        PATH="$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')"
        \(asPostgres)initdb -D data -U postgres -A trust -E UTF8 --locale=C --no-sync || exit 1
        \(asPostgres)sh -c 'echo $$ >data/program; exec postgres -D data -k "$PWD" -c listen_addresses= \
          -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
          -c max_connections=200 -c shared_buffers=32MB -c deadlock_timeout=100ms' &
        while ! test -s data/program; do sleep 0.02; done
        cp data/program program
        """,
      ending: "QUIT")
    self.servant = servant
    try servant.wait {
      (try? Postgres.Connection(dsn: superuserDSN, password: nil, timeout: .seconds(2))) != nil
    }
    do {
      var connection = try Postgres.Connection(
        dsn: superuserDSN, password: nil, timeout: .seconds(30))
      try connection.run(script: "CREATE ROLE petstore_owner LOGIN; CREATE ROLE petstore LOGIN")
      try connection.run(script: "CREATE DATABASE petstore_template OWNER petstore_owner")
      var migrator = try Migrator(
        dsn: "host=\(servant.folder) dbname=petstore_template user=petstore_owner", password: nil)
      _ = try migrator.run()
    } catch {
      throw ScratchFailure("the template database: \(error)")
    }
  }

  private var superuserDSN: String { "host=\(servant.folder) dbname=postgres user=postgres" }
}

/// A database of the private server.
public struct ScratchDatabase: Sendable {
  /// Where its server's socket lies.
  public let folder: String
  public let name: String

  /// As the application connects.
  public var dsn: String { "host=\(folder) dbname=\(name) user=petstore" }
  /// As `petstore migrate` connects.
  public var ownerDSN: String { "host=\(folder) dbname=\(name) user=petstore_owner" }
  /// As nobody of ours connects: sees all rows.
  public var superuserDSN: String { "host=\(folder) dbname=\(name) user=postgres" }

  /// The database as the product uses it.
  public func open(connections: Int = 4) -> Database { Database(pool: pool(size: connections)) }

  /// A pool of the application's connections.
  public func pool(
    size: Int, timeout: Duration = .seconds(10), patience: Duration = .seconds(10)
  ) -> Pool {
    Pool(dsn: dsn, password: nil, size: size, timeout: timeout, patience: patience)
  }

  /// A connection that sees and may do everything.
  public func superuser() throws -> Postgres.Connection {
    try Postgres.Connection(dsn: superuserDSN, password: nil, timeout: .seconds(30))
  }

  /// What a query gives to one who sees everything.
  @discardableResult
  public func look(_ query: SQL) throws -> [Row] {
    var connection = try superuser()
    return try connection.query(query)
  }

  /// A single number, seen by one who sees everything.
  public func count(_ query: SQL) throws -> Int { try look(query).first?.int(0) ?? 0 }
}
