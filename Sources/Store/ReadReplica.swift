// A standby that answers reports.
//
// **The rule**: only reports are read from it, figures that were added up from what has ended before (Database.report).
// They are late by nature: usage reaches PostgreSQL a quarter of a second after its call. Nothing that decides who may do
// what, and no list in which a caller looks for what he has just written, is ever a report: those are the primary's.
//
// How far the standby lies behind is not asked by its clock: the time of the last transaction says nothing while the
// primary is idle, nor while the standby has lost it. Once a second a process notes where the primary's log ends; what
// the standby has replayed of these marks says how old it is.

public import Postgres
import Threads

/// Who answered a report, and why not the standby.
public enum ReportReader: Sendable, Equatable {
  case replica
  case primary
}

/// The standby of PG_REPLICA_DSN, as one process knows it.
public final class ReadReplica: Sendable {
  /// Where the primary's log ended, and when: bytes, and nanoseconds on the monotonic clock.
  struct Mark: Sendable, Equatable {
    let position: Int
    let time: UInt64
  }

  private struct State {
    var marks: [Mark] = []
    var checkedAt: UInt64?
    /// Why it is not asked; nil while it is.
    var reason: String? = "not looked at yet"
    var lag: Duration?
  }

  let pool: Pool
  private let maxLag: Duration
  private let now: @Sendable () -> UInt64
  private let note: @Sendable (ReportReader) -> Void
  private let state = Locked(State())

  static let checkEvery: UInt64 = 1_000_000_000

  /// - Parameters:
  ///   - maxLag: beyond it the primary answers.
  ///   - now: nanoseconds on a clock that never steps.
  ///   - note: told of each report, who answered it.
  public init(
    pool: Pool, maxLag: Duration, now: @escaping @Sendable () -> UInt64,
    note: @escaping @Sendable (ReportReader) -> Void
  ) {
    self.pool = pool
    self.maxLag = maxLag
    self.now = now
    self.note = note
  }

  /// Why the primary answers in its place; nil while it does not.
  public var reason: String? { state.withLock { $0.reason } }

  /// Runs `body` on the standby if that is young enough, else, or if it fails there, on the primary.
  func read<Result>(
    primary: Pool, _ body: (inout Postgres.Connection) throws -> Result
  ) throws -> Result {
    if isFit(primary) {
      do {
        let result = try pool.transaction(body)
        note(.replica)
        return result
      } catch let error as PostgresError {
        // Away, or a conflict with what is replayed: never the caller's matter.
        refuse(Self.reason(of: error))
      }
    }
    note(.primary)
    return try primary.transaction(body)
  }

  /// Looks at it, at most once a second and one thread at a time; the others go by what was found before.
  public func isFit(_ primary: Pool) -> Bool {
    let time = now()
    let isDue = state.withLock { state in
      guard state.checkedAt.map({ time &- $0 >= Self.checkEvery }) ?? true else { return false }
      state.checkedAt = time
      return true
    }
    if isDue { check(primary, at: time) }
    return state.withLock { $0.reason == nil }
  }

  private func check(_ primary: Pool, at time: UInt64) {
    do {
      // The primary first: what it has written by now, the standby cannot have replayed by accident.
      if let position = try? primary.withConnection({ connection in
        try connection.query("SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint").first?.int(0)
      }) {
        state.withLock { $0.marks.append(Mark(position: position, time: time)) }
      }
      let replayed = try pool.withConnection { connection in
        try connection.query(
          """
          SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END
          """
        ).first?.optionalInt(0)
      }
      let limit = Self.nanoseconds(maxLag)
      state.withLock { state in
        // A standby that was promoted goes its own way: nobody knows what it holds.
        guard let replayed else {
          state.reason = "is no standby any more"
          return
        }
        let lag = Self.lag(behind: &state.marks, replayed: replayed, at: time)
        state.reason = lag.map { $0 <= limit } ?? false ? nil : "lags behind"
      }
    } catch let error as PostgresError {
      refuse(Self.reason(of: error))
    } catch {
      refuse("not reachable or not able to serve")
    }
  }

  /// Nanoseconds since the newest mark that was replayed; 0 if it is the last one; nil if none was. Older marks are dropped.
  static func lag(behind marks: inout [Mark], replayed: Int, at time: UInt64) -> UInt64? {
    guard let index = marks.lastIndex(where: { $0.position <= replayed }) else {
      // So many seconds are more than any limit.
      if marks.count > 700 { marks.removeFirst(marks.count - 700) }
      return nil
    }
    marks.removeFirst(index)
    return time &- marks[0].time
  }

  private func refuse(_ reason: String) {
    state.withLock { $0.reason = reason }
  }

  private static func reason(of error: PostgresError) -> String {
    if case .refused(let state, _) = error.kind, state == "40001" { return "busy replaying" }
    return "not reachable or not able to serve"
  }

  private static func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds / 1_000_000_000))
  }
}
