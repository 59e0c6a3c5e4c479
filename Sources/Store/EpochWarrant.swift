// Whose epochs are true, where Redis is on another host.
//
// Replication to a Redis replica is asynchronous, a restart may lose the last second, and a network may part so that two
// servers take themselves for the master. An epoch that was acknowledged may then be an older one again, on a server that
// answers as if nothing had happened. So a worker goes by the epochs of a server only while a *warrant* names that server:
// a key with a short life, which the leader of petstore watch writes after it has told this very server every change that
// PostgreSQL knows. Without a warrant every principal is read from PostgreSQL at each call; limits are counted as ever.
//
// - A warrant ends `life` after its proof began, by the clock of the server that holds it. So a change that could be
//   told nobody is known to all after that time: the worker that made it waits so long before it answers.
// - At any moment one server at most has a living warrant: the leader lets the last one of another server run out first,
//   and a new leader does not know whether there is one. It leads by an advisory lock, and looks whether it still holds it
//   between proof and warrant.
// - A server that has no warrant may hold epochs from before: all are raised to PostgreSQL's before it is given one.

import Domain
import Host
import Postgres
import Redis

/// Gives warrants. One of these runs in the leader of petstore watch.
public struct EpochWarrant: ~Copyable {
  /// How long a change is unknown to some at most, and how long everybody asks PostgreSQL after a leader has gone.
  public static let life = Duration.seconds(2)

  private let database: Database
  private let now: @Sendable () -> UInt64
  /// The server that was given the last warrant, and when another may be given one: nanoseconds on the monotonic clock.
  private var holder = ""
  private var othersFrom: UInt64

  public init(database: Database) {
    self.init(database: database, now: HostClock.monotonicNanoseconds)
  }

  /// - Parameter now: nanoseconds on a clock that never steps.
  init(database: Database, now: @escaping @Sendable () -> UInt64) {
    self.database = database
    self.now = now
    othersFrom = now() + Self.lifeAndDoubt
  }

  /// A life, and what clocks may differ by within it.
  private static let lifeAndDoubt: UInt64 = 2_200_000_000

  /// Gives the Redis that `link` leads to a warrant, or lets it live on.
  ///
  /// - Parameters:
  ///   - tellChanges: tells `link` every epoch that has changed; false if some may be left.
  ///   - isLeading: throws unless this process is the leader now.
  /// - Returns: whether it has one.
  public mutating func renew(
    _ link: inout RedisLink, tellChanges: (inout RedisLink) throws -> Bool, isLeading: () throws -> Void
  ) throws -> Bool {
    try link.prepare()
    let server = link.server
    // The end is counted from here: what commits later is not in this proof. Asked twice, so that one answer that was changed
    // on its way makes no warrant that outlives its proof.
    let began = min(try link.clock(), try link.clock())
    let named = try link.send(Command("GET", UsageShards.warrants[0])).text
    if named != server {
      guard holder == server || now() >= othersFrom else {
        _ = try tellChanges(&link)
        return false
      }
      try raiseAll(&link, isLeading: isLeading)
    }
    guard try tellChanges(&link) else { return false }
    try isLeading()
    // A server that took this one's place meanwhile has another name.
    guard link.server == server else { return false }
    holder = server
    othersFrom = now() + Self.lifeAndDoubt
    let end = String(began + 2_000)
    for key in UsageShards.warrants { _ = try link.send(Command("SET", key, server, "PXAT", end)) }
    return true
  }

  /// Raises every epoch that Redis has to PostgreSQL's. An account that is gone has none: missing counts as different.
  /// Until there is a warrant no admission writes an epoch, so what is not seen here was told by whoever committed it.
  private func raiseAll(_ link: inout RedisLink, isLeading: () throws -> Void) throws {
    var cursor = "0"
    repeat {
      let reply = try link.send(Command("SCAN", cursor, "MATCH", AccountKeys.everyEpoch, "COUNT", "1000"))
      guard let parts = reply.elements, parts.count == 2, let next = parts[0].text,
        let names = parts[1].elements
      else { throw link.noSense() }
      cursor = next
      var users: [ID<User>] = []
      for name in names {
        guard let user = name.text.flatMap({ AccountKeys.user(ofEpoch: $0) }) else { throw link.noSense() }
        users.append(user)
      }
      if !users.isEmpty { try raise(users, &link) }
      try isLeading()
    } while cursor != "0"
  }

  private func raise(_ users: [ID<User>], _ link: inout RedisLink) throws {
    let rows = try database.pool.withConnection { connection in
      try connection.query("SELECT id, auth_epoch FROM users WHERE id = ANY (\(users)::uuid[])")
    }
    var epochs: [ID<User>: Int] = [:]
    for row in rows { epochs[try row.id(0)] = try row.int(1) }
    for members in Dictionary(grouping: users, by: { AccountKeys($0).warrant }).values {
      let found = try link.run(.raiseEpochs) { command in
        command.append(members.count)
        for user in members { command.append(AccountKeys(user).epoch) }
        for user in members { command.append(epochs[user].map(String.init) ?? "") }
      }
      // A name that was changed on its way is not there, and the one that it was has kept its epoch.
      guard found == .integer(members.count) else { throw link.noSense() }
    }
  }
}

extension RedisLink {
  /// The server's clock: milliseconds since 1970.
  mutating func clock() throws(RedisUnavailable) -> Int {
    guard let parts = try send(Command("TIME")).elements, parts.count == 2,
      let seconds = parts[0].text.flatMap({ Int($0) }), let microseconds = parts[1].text.flatMap({ Int($0) })
    else { throw noSense() }
    return seconds * 1_000 + microseconds / 1_000
  }
}
