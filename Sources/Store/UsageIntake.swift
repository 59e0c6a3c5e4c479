// Usage taken in: from Redis and spool files into api_usage, exactly once.
//
// What waits in Redis is moved into a stream, an entry at a time, in one step. The cursor of a stream moves in the very
// transaction that counts what was read, and only from where it was read: a crash at any point leaves either both done
// or neither, and two readers cannot count the same entry. Entries that the cursor has passed are dropped.

import Domain
import Host
import Postgres
import Redis

/// Takes usage events in. One of these runs in the leader of petstore watch.
public struct UsageIntake: ~Copyable {
  private let database: Database
  private var link: RedisLink
  private let spoolFolder: String
  private var cursors: [String: String] = [:]
  private var monthsReady: Set<Int> = []
  /// Since when Redis has answered every call, in ms since 1970; nil while it has not.
  private var answersSince: Int?

  private static let entriesPerStream = 1_000

  public init(database: Database, link: consuming RedisLink, spoolFolder: String) {
    self.database = database
    self.link = link
    self.spoolFolder = spoolFolder
  }

  /// Another reader moved a cursor: read where it is and go on from there.
  private struct CursorMoved: Error {}

  /// Takes in what is in the streams now, one batch. Gives the number of entries.
  public mutating func takeStreams() throws -> Int {
    if cursors.isEmpty { try readCursors() }
    try moveIntoStreams()
    var command = Command("XREAD", "COUNT", String(Self.entriesPerStream), "STREAMS")
    for stream in UsageShards.streams { command.append(stream) }
    for stream in UsageShards.streams { command.append(cursors[stream] ?? "0-0") }
    let streams = try link.send(command).elements ?? []
    let busy = Set(streams.compactMap { $0.elements?.first?.text })
    try noticeNewStreams(except: busy)
    if streams.isEmpty { return 0 }
    var batch = UsageBatch()
    var moves: [(stream: String, from: String, to: String)] = []
    var taken = 0
    for item in streams {
      guard let pair = item.elements, let stream = pair.first?.text,
        let entries = pair.last?.elements, let last = entries.last?.elements?.first?.text
      else { continue }
      for entry in entries { take(entry, into: &batch) }
      moves.append((stream, cursors[stream] ?? "0-0", last))
      taken += entries.count
    }
    do {
      try write(batch) { connection in
        for move in moves {
          let moved = try connection.query(
            """
            INSERT INTO usage_cursors AS c (stream, last_id) VALUES (\(move.stream), \(move.to))
            ON CONFLICT (stream) DO UPDATE SET last_id = excluded.last_id WHERE c.last_id = \(move.from)
            RETURNING stream
            """)
          if moved.isEmpty { throw CursorMoved() }
        }
      }
    } catch is CursorMoved {
      cursors = [:]
      return 0
    }
    for move in moves {
      cursors[move.stream] = move.to
      // MINID keeps the entry that it names: harmless, since the cursor has passed it.
      _ = try link.send(Command("XTRIM", move.stream, "MINID", move.to))
    }
    return taken
  }

  /// Takes in what workers spooled while Redis was away. Gives the number of lines.
  public mutating func takeSpools() throws -> Int {
    var taken = 0
    for name in Files.names(in: spoolFolder) where name.hasSuffix(".spool") {
      taken += try takeSpool(name)
    }
    return taken
  }

  /// The same where another host leads: what was spooled on this one only this one can read.
  public mutating func takeSpoolsAsFollower() throws -> Int {
    guard Files.names(in: spoolFolder).contains(where: { $0.hasSuffix(".spool") }) else { return 0 }
    do {
      try link.probe()
      if answersSince == nil { answersSince = Int(HostClock.wallSeconds() * 1000) }
    } catch {
      answersSince = nil
      throw error
    }
    return try takeSpools()
  }

  // MARK: - Streams

  private mutating func moveIntoStreams() throws {
    do {
      for (pending, stream) in zip(UsageShards.pending, UsageShards.streams) {
        _ = try link.run(.takeUsage) { command in
          command.append("2")
          command.append(pending)
          command.append(stream)
        }
      }
      try awaitReplica()
      if answersSince == nil { answersSince = Int(HostClock.wallSeconds() * 1000) }
    } catch {
      answersSince = nil
      throw error
    }
  }

  /// Where a replica may take the master's place: waits until one has what was moved. Else that would wait there once more,
  /// and be counted twice.
  private mutating func awaitReplica() throws {
    guard link.mayLoseWrites, let role = try link.send(Command("ROLE")).elements, role.count > 2,
      role[2].elements?.isEmpty == false
    else { return }
    guard try link.send(Command("WAIT", "1", "500")) != .integer(0) else {
      throw RedisUnavailable(mayHaveRun: false, reason: "no replica has taken the usage yet")
    }
  }

  private func take(_ entry: Reply, into batch: inout UsageBatch) {
    guard let pair = entry.elements, let id = pair.first?.text, let fields = pair.last?.elements
    else { return }
    let when = Int(id.prefix { $0 != "-" }) ?? 0
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      guard let field = fields[index].text, let amount = fields[index + 1].text.flatMap({ Int($0) })
      else { continue }
      batch.add(field, amount, when: when)
    }
  }

  private mutating func readCursors() throws {
    let rows = try database.transaction(in: .service) { connection in
      try connection.query("SELECT stream, last_id FROM usage_cursors")
    }
    cursors = [:]
    for stream in UsageShards.streams { cursors[stream] = "0-0" }
    for row in rows { cursors[try row.string(0)] = try row.string(1) }
  }

  /// A stream whose last entry lies before our cursor is not the one that we read: Redis has lost it and begun a new
  /// one, by a clock that was put back. It is read from its beginning.
  private mutating func noticeNewStreams(except busy: Set<String>) throws {
    for (stream, cursor) in cursors where cursor != "0-0" && !busy.contains(stream) {
      let reply = try link.send(Command("XREVRANGE", stream, "+", "-", "COUNT", "1"))
      guard let last = reply.elements?.first?.elements?.first?.text else { continue }
      if Self.isBefore(last, cursor) {
        try database.transaction(in: .service) { connection in
          _ = try connection.query(
            "UPDATE usage_cursors SET last_id = '0-0' WHERE stream = \(stream) AND last_id = \(cursor)")
        }
        cursors[stream] = "0-0"
      }
    }
  }

  private static func isBefore(_ left: String, _ right: String) -> Bool {
    func parts(_ id: String) -> (Int, Int) {
      let sides = id.split(separator: "-")
      return (Int(sides.first ?? "") ?? 0, Int(sides.last ?? "") ?? 0)
    }
    return parts(left) < parts(right)
  }

  // MARK: - Spools

  private mutating func takeSpool(_ name: String) throws -> Int {
    let path = "\(spoolFolder)/\(name)"
    // Asked before reading: what is free now has nothing left to be written.
    let finished = !Files.isLocked(path)
    let known = try database.transaction(in: .service) { connection in
      try connection.query("SELECT read_bytes FROM usage_spools WHERE file = \(name)").first?.int(0)
    }
    let offset = known ?? 0
    let bytes = try Files.read(path, from: offset)
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
      // Nothing, or a line torn by a crash, which nobody will complete.
      if finished { try forget(spool: name, path: path) }
      return 0
    }
    var batch = UsageBatch()
    var reached = offset
    var taken = 0
    for line in bytes[...end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if reached == offset + end + 1 { break }
      let words = String(decoding: line, as: UTF8.self).split(separator: " ")
      if words.count == 4, let amount = Int(words[1]), let when = Int(words[2]) {
        if words[3] == "-" {
          batch.add(words[0], amount, when: when)
        } else {
          let wasRefused = words[3].hasPrefix("!")
          let name = wasRefused ? words[3].dropFirst() : words[3]
          guard let ran = try redisRan(name, field: words[0], at: when) else { break }
          if wasRefused && ran { batch.add(words[0], -amount, when: when) }
          if !wasRefused && !ran { batch.add(words[0], amount, when: when) }
        }
      }
      reached += line.count + 1
      taken += 1
    }
    guard reached > offset else { return 0 }
    do {
      try write(batch) { connection in
        let moved = try connection.query(
          """
          INSERT INTO usage_spools AS s (file, read_bytes) VALUES (\(name), \(reached)::bigint)
          ON CONFLICT (file) DO UPDATE SET read_bytes = excluded.read_bytes, taken_at = now()
          WHERE s.read_bytes = \(offset)::bigint
          RETURNING file
          """)
        if moved.isEmpty { throw CursorMoved() }
      }
    } catch is CursorMoved {
      return 0
    }
    return taken
  }

  /// Whether Redis ran a call that was spooled in doubt; nil while that cannot be said. A Redis that was frozen runs
  /// what lies in its sockets when it wakes, so it must have answered for a while before it is asked.
  private mutating func redisRan(
    _ name: Substring, field: Substring, at when: Int
  ) throws -> Bool? {
    let now = Int(HostClock.wallSeconds() * 1000)
    guard let answersSince, now - answersSince > 2_000, now - when > 3_000 else { return nil }
    let parts = name.split(separator: "/")
    let members = field.split(separator: ",")
    guard parts.count == 2, members.count > 1, let user = ID<User>(members[1]) else { return true }
    let last = try link.send(Command("HGET", AccountKeys(user).calls, String(parts[0])))
    return last.text == String(parts[1])
  }

  private func forget(spool name: String, path: String) throws {
    Files.remove(path)
    try database.transaction(in: .service) { connection in
      try connection.query(
        "INSERT INTO usage_spools (file, read_bytes) VALUES (\(name), 0) ON CONFLICT (file) DO NOTHING")
      // A file may stay in use, and quiet, for longer than a day: its row goes only after it. Another host's file is not
      // seen from here; it is not quiet for a month.
      let present = Files.names(in: spoolFolder) + [name]
      try connection.query(
        """
        DELETE FROM usage_spools
        WHERE taken_at < now() - interval '30 days' AND NOT file = ANY (\(present)::text[])
        """)
    }
  }

  // MARK: - Counting

  private mutating func write(
    _ batch: UsageBatch, _ alongside: (inout Postgres.Connection) throws -> Void
  ) throws {
    // A fixed order, so that two transactions never wait for each other in turn.
    let places = batch.counts.sorted {
      ($0.key.hour, $0.key.user, $0.key.endpoint) < ($1.key.hour, $1.key.user, $1.key.endpoint)
    }
    for hour in Set(places.map { $0.key.hour / 24 }) where !monthsReady.contains(hour) {
      try database.transaction(in: .service) { connection in
        _ = try connection.query(
          "SELECT petstore_ensure_usage_partition(to_timestamp(\(Double(hour * 86_400))::float8))")
      }
      monthsReady.insert(hour)
    }
    try database.transaction(in: .service) { connection in
      try alongside(&connection)
      if !places.isEmpty {
        // Nothing is written of an account that was erased while its last calls were on their way. The lock makes an
        // erasure that has begun end first: its DELETE has looked before our rows could be seen.
        let accounts = Set(places.map { $0.key.user }).sorted()
        let living = try connection.query(
          "SELECT id FROM users WHERE id = ANY (\(accounts)::uuid[]) ORDER BY id FOR KEY SHARE"
        ).map { row in try row.id(0) as ID<User> }
        try connection.query(
          """
          INSERT INTO api_usage AS u (hour, tenant_id, user_id, endpoint, request_count, error_count,
                                      completed_count, latency_sum_us, latency_histogram)
          SELECT to_timestamp(hour * 3600.0), tenant, account, endpoint, requests, errors, completed, latency,
                 string_to_array(histogram, ' ')::bigint[]
          FROM unnest(\(places.map { $0.key.hour })::bigint[], \(places.map { $0.key.tenant })::uuid[],
                      \(places.map { $0.key.user })::uuid[], \(places.map { $0.key.endpoint })::text[],
                      \(places.map { $0.value.requests })::bigint[], \(places.map { $0.value.errors })::bigint[],
                      \(places.map { $0.value.completed })::bigint[],
                      \(places.map { $0.value.microseconds })::bigint[],
                      \(places.map { $0.value.histogram.map(String.init).joined(separator: " ") })::text[])
               AS t(hour, tenant, account, endpoint, requests, errors, completed, latency, histogram)
          WHERE account = ANY (\(living.map(\.description))::uuid[])
          ON CONFLICT (hour, tenant_id, user_id, endpoint) DO UPDATE
          SET request_count = u.request_count + excluded.request_count,
              error_count = u.error_count + excluded.error_count,
              completed_count = u.completed_count + excluded.completed_count,
              latency_sum_us = u.latency_sum_us + excluded.latency_sum_us,
              latency_histogram = (
                SELECT array_agg(a + b ORDER BY i)
                FROM unnest(u.latency_histogram, excluded.latency_histogram) WITH ORDINALITY AS h(a, b, i))
          """)
      }
      let uses = batch.keyUses.sorted { $0.key < $1.key }
      if !uses.isEmpty {
        try connection.query(
          """
          UPDATE api_keys k
          SET last_used_at = greatest(k.last_used_at, to_timestamp(t.used / 1000.0))
          FROM unnest(\(uses.map(\.key))::uuid[], \(uses.map(\.value))::bigint[]) AS t(id, used)
          WHERE k.id = t.id
          """)
      }
      let sessions = batch.sessionUses.sorted { $0.key < $1.key }
      if !sessions.isEmpty {
        try connection.query(
          """
          UPDATE sessions s
          SET last_seen_at = greatest(s.last_seen_at, to_timestamp(t.used / 1000.0))
          FROM unnest(\(sessions.map(\.key))::uuid[], \(sessions.map(\.value))::bigint[]) AS t(id, used)
          WHERE s.id = t.id
          """)
      }
    }
  }
}
