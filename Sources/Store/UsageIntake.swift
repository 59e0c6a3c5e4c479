// Usage taken in: from the streams and spool files into api_usage, exactly once.
//
// The cursor of a stream moves in the very transaction that counts what was read, and only from where it was read: a
// crash at any point leaves either both done or neither, and two readers cannot count the same entry. What has been
// counted stays in the stream for a while, so that a spooled call of which nobody knows whether Redis ran it can be
// looked up there.

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
  private var doubtsExist = true

  /// How long counted entries stay in a stream.
  private static let retention = 30_000
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
    var command = Command("XREAD", "COUNT", String(Self.entriesPerStream), "STREAMS")
    for stream in UsageShards.streams { command.append(stream) }
    for stream in UsageShards.streams { command.append(cursors[stream] ?? "0-0") }
    guard let streams = try link.send(command).elements else {
      try noticeNewStreams()
      return 0
    }
    var batch = UsageBatch()
    var moves: [(stream: String, from: String, to: String)] = []
    var taken = 0
    let doubts = try doubtsExist ? readDoubts() : []
    for item in streams {
      guard let pair = item.elements, let stream = pair.first?.text,
        let entries = pair.last?.elements, let last = entries.last?.elements?.first?.text
      else { continue }
      for entry in entries { take(entry, into: &batch, except: doubts) }
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
      let oldest = Int(HostClock.wallSeconds() * 1000) - Self.retention
      let counted = Int(move.to.prefix { $0 != "-" }) ?? 0
      _ = try link.send(Command("XTRIM", move.stream, "MINID", "\(min(oldest, counted))"))
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

  // MARK: - Streams

  private func take(_ entry: Reply, into batch: inout UsageBatch, except doubts: Set<String>) {
    guard let pair = entry.elements, let id = pair.first?.text, let fields = pair.last?.elements
    else { return }
    let when = Int(id.prefix { $0 != "-" }) ?? 0
    var values: [String: String] = [:]
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      if let name = fields[index].text { values[name] = fields[index + 1].text }
    }
    if let admission = values["a"], !doubts.contains(values["n"] ?? "") {
      batch.admission(admission, when: when)
    }
    if let completions = values["c"] { batch.completions(completions) }
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
  private mutating func noticeNewStreams() throws {
    for (stream, cursor) in cursors where cursor != "0-0" {
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
    let lines = bytes[...end].split(separator: UInt8(ascii: "\n"))
    var batch = UsageBatch()
    var counted: [String] = []
    for line in lines {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("c ") {
        batch.completions(text.dropFirst(2))
        continue
      }
      let parts = text.split(separator: " ", maxSplits: 4)
      guard parts.count == 5, parts[0] == "a", let when = Int(parts[2]) else { continue }
      if parts[3] == "1" {
        if try streamHas(nonce: String(parts[1]), event: parts[4], around: when) { continue }
        counted.append(String(parts[1]))
      }
      batch.admission(parts[4], when: when)
    }
    let reached = offset + end + 1
    do {
      try write(batch) { connection in
        if !counted.isEmpty {
          try connection.query(
            "INSERT INTO usage_doubts (nonce) SELECT unnest(\(counted)::text[]) ON CONFLICT DO NOTHING")
        }
        let moved = try connection.query(
          """
          INSERT INTO usage_spools AS s (file, read_bytes) VALUES (\(name), \(reached)::bigint)
          ON CONFLICT (file) DO UPDATE SET read_bytes = excluded.read_bytes
          WHERE s.read_bytes = \(offset)::bigint
          RETURNING file
          """)
        if moved.isEmpty { throw CursorMoved() }
      }
    } catch is CursorMoved {
      return 0
    }
    if !counted.isEmpty { doubtsExist = true }
    return lines.count
  }

  /// Whether Redis ran a call that was spooled in doubt. Throws while Redis cannot say: the line waits.
  private mutating func streamHas(
    nonce: String, event: Substring, around when: Int
  ) throws -> Bool {
    guard let user = ID<User>(event.prefix { $0 != "," }) else { return true }
    let reply = try link.send(
      Command("XRANGE", AccountKeys(user).stream, "\(when - 2_000)", "+", "COUNT", "100000"))
    for entry in reply.elements ?? [] {
      let fields = entry.elements?.last?.elements ?? []
      for index in stride(from: 0, to: fields.count - 1, by: 2)
      where fields[index].text == "n" && fields[index + 1].text == nonce {
        return true
      }
    }
    return false
  }

  private func forget(spool name: String, path: String) throws {
    Files.remove(path)
    try database.transaction(in: .service) { connection in
      _ = try connection.query("DELETE FROM usage_spools WHERE file = \(name)")
    }
  }

  private mutating func readDoubts() throws -> Set<String> {
    let rows = try database.transaction(in: .service) { connection in
      try connection.query("DELETE FROM usage_doubts WHERE counted_at < now() - interval '1 hour'")
      return try connection.query("SELECT nonce FROM usage_doubts")
    }
    doubtsExist = !rows.isEmpty
    return Set(try rows.map { row in try row.string(0) })
  }

  // MARK: - Counting

  private mutating func write(
    _ batch: UsageBatch, _ alongside: (inout Postgres.Connection) throws -> Void
  ) throws {
    // A fixed order, so that two transactions never wait for each other in turn.
    let places = batch.counts.sorted { ($0.key.hour, $0.key.user, $0.key.endpoint) < ($1.key.hour, $1.key.user, $1.key.endpoint) }
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
    }
  }
}
