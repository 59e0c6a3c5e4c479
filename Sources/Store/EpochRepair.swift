// Epochs that a crash left behind: committed in PostgreSQL, never told to Redis. The row in epoch_changes outlives the
// worker that should have told it.

import Domain
import Postgres

/// Tells Redis every epoch that has changed. One of these runs in the leader of petstore watch.
public struct EpochRepair: ~Copyable {
  private let database: Database
  private var link: RedisLink

  public init(database: Database, link: consuming RedisLink) {
    self.database = database
    self.link = link
  }

  /// Gives the number of epochs told.
  public mutating func run() throws -> Int {
    let rows = try database.pool.withConnection { connection in
      try connection.query("SELECT user_id, epoch FROM epoch_changes ORDER BY changed_at LIMIT 1000")
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
