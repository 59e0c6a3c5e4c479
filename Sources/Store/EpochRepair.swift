// Epochs that a crash left behind: committed in PostgreSQL, never told to Redis. The row in epoch_changes outlives the
// worker that should have told it.

import Domain
import Postgres

/// Tells Redis every epoch that has changed. One of these runs in the leader of petstore watch.
public struct EpochRepair: ~Copyable {
  private let database: Database
  private var link: RedisLink
  private var warrant: EpochWarrant

  private static let page = 1_000

  public init(database: Database, link: consuming RedisLink) {
    self.database = database
    self.link = link
    warrant = EpochWarrant(database: database)
  }

  /// Gives the number of epochs told.
  public mutating func run() throws -> Int { try Self.run(database, &link) }

  /// Tells what has changed, and vouches for the Redis that was told, where it may lose what it has acknowledged.
  ///
  /// - Parameter isLeading: throws unless this process is the leader now.
  /// - Returns: whether every worker may go by what Redis says.
  public mutating func runAndVouch(isLeading: () throws -> Void) throws -> Bool {
    guard link.mayLoseWrites else {
      _ = try run()
      return true
    }
    let database = database
    return try warrant.renew(
      &link, tellChanges: { link in try Self.run(database, &link) < Self.page }, isLeading: isLeading)
  }

  private static func run(_ database: Database, _ link: inout RedisLink) throws -> Int {
    let rows = try database.pool.withConnection { connection in
      try connection.query("SELECT user_id, epoch FROM epoch_changes ORDER BY changed_at LIMIT \(page)::integer")
    }
    for row in rows {
      let user: ID<User> = try row.id(0)
      let epoch = try row.int(1)
      // Redis first: a crash between the two tells it twice, which changes nothing.
      if user == DatabaseCopy.everybody {
        try link.forgetEpochs()
      } else {
        try link.raiseEpoch(of: user, to: epoch)
      }
      try database.pool.withConnection { connection in
        _ = try connection.query(
          "DELETE FROM epoch_changes WHERE user_id = \(user) AND epoch <= \(epoch)::bigint")
      }
    }
    return rows.count
  }
}
