// Feature flags in PostgreSQL, and what a process knows of them: read again every second, so that a call costs nothing for
// them and a switch counts on every worker within that time.

public import Domain
import Postgres
import Threads

/// A flag as administrators see it.
public struct FeatureFlagRecord: Sendable {
  public let flag: FeatureFlag
  /// nil while nobody has set it.
  public let setting: Setting?

  public struct Setting: Sendable {
    public let value: String
    public let note: String
    /// Who set it; nil for the operator at the host, and for an account that is gone.
    public let changedBy: ID<User>?
    /// Seconds since 1970.
    public let changedAt: Double
  }
}

extension Database {
  /// Every flag, in the order of the list.
  public func featureFlags() throws -> [FeatureFlagRecord] {
    let rows = try pool.withConnection { connection in
      try connection.query("SELECT name, value, note, changed_by, changed_at FROM feature_flags")
    }
    var settings: [String: FeatureFlagRecord.Setting] = [:]
    for row in rows {
      settings[try row.string(0)] = .init(
        value: try row.string(1), note: try row.string(2), changedBy: try row.optionalID(3),
        changedAt: try row.timestamp(4))
    }
    return FeatureFlag.allCases.map { FeatureFlagRecord(flag: $0, setting: settings[$0.rawValue]) }
  }

  /// Sets a flag, or with no value takes back what was set. Gives what it is now.
  ///
  /// - Parameter value: one of the flag's values.
  public func setFeatureFlag(
    _ flag: FeatureFlag, to value: String?, note: String, in tenant: ID<Tenant>, by actor: AuditActor
  ) throws -> FeatureFlagRecord {
    try transaction(in: .service) { connection in
      let rows: [Row]
      if let value {
        rows = try connection.query(
          """
          INSERT INTO feature_flags (name, value, note, changed_by)
          VALUES (\(flag.rawValue), \(value), \(note), \(actor.userID))
          ON CONFLICT (name) DO UPDATE
          SET value = excluded.value, note = excluded.note, changed_by = excluded.changed_by, changed_at = now()
          RETURNING changed_at
          """)
      } else {
        rows = []
        try connection.query("DELETE FROM feature_flags WHERE name = \(flag.rawValue)")
      }
      try AuditLog.add(
        .flagChanged, subject: flag.rawValue, tenant: tenant, by: actor,
        details: [("value", value ?? "default"), ("note", note)], to: &connection)
      guard let value, let row = rows.first else { return FeatureFlagRecord(flag: flag, setting: nil) }
      return FeatureFlagRecord(
        flag: flag,
        setting: .init(value: value, note: note, changedBy: actor.userID, changedAt: try row.timestamp(0)))
    }
  }
}

/// What a process knows of the flags.
public final class FeatureFlagBoard: Sendable {
  private let database: Database
  private let enforcement: AuthEnforcement
  /// nil before the first reading.
  private let flags = Locked<FeatureFlags?>(nil)
  /// Held for the first reading: of many threads that begin at once, one asks, and the others wait for it.
  private let first = Locked(())

  /// - Parameter enforcement: what the settings say of groups whose flag nobody has set.
  public init(database: Database, enforcement: AuthEnforcement) {
    self.database = database
    self.enforcement = enforcement
  }

  /// The flags as they were read last. While they were never read, every route asks for a credential: a flag may have
  /// been set because a setting was too mild.
  public var current: FeatureFlags {
    if let known = flags.withLock({ $0 }) { return known }
    first.withLock { _ in
      if flags.withLock({ $0 == nil }) { try? refresh() }
    }
    return flags.withLock { $0 } ?? FeatureFlags(enforcement: AuthEnforcement())
  }

  /// Reads them. While PostgreSQL is away, what was known goes on to count.
  ///
  /// - Throws: `PostgresError`.
  public func refresh() throws {
    var values: [FeatureFlag: String] = [:]
    for record in try database.featureFlags() { values[record.flag] = record.setting?.value }
    let fresh = FeatureFlags(values, enforcement: enforcement)
    flags.withLock { $0 = fresh }
  }
}
