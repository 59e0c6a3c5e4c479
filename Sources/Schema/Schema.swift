// What is sent to the servers as whole texts: migrations and Lua scripts, embedded so that the executable stands alone.
// In a target of its own, since embedded files compile slowly and change seldom.

/// One forward-only step of the database's schema.
public struct Migration: Sendable {
  /// Its place in the order, from 1.
  public let version: Int
  /// The file's name without `.sql`.
  public let name: String
  public let sql: String
}

/// Everything embedded.
public enum Schema {
  /// In order, without gaps. A test holds this list against the folder.
  public static let migrations: [Migration] = [
    Migration(version: 1, name: "V0001_accounts", sql: text(PackageResources.V0001_accounts_sql)),
    Migration(version: 2, name: "V0002_usage", sql: text(PackageResources.V0002_usage_sql)),
    Migration(version: 3, name: "V0003_audit", sql: text(PackageResources.V0003_audit_sql)),
    Migration(version: 4, name: "V0004_sessions", sql: text(PackageResources.V0004_sessions_sql)),
    Migration(version: 5, name: "V0005_recovery", sql: text(PackageResources.V0005_recovery_sql)),
    Migration(version: 6, name: "V0006_erasure", sql: text(PackageResources.V0006_erasure_sql)),
    Migration(version: 7, name: "V0007_content", sql: text(PackageResources.V0007_content_sql)),
    Migration(version: 8, name: "V0008_providers", sql: text(PackageResources.V0008_providers_sql)),
    Migration(version: 9, name: "V0009_flags", sql: text(PackageResources.V0009_flags_sql)),
  ]

  public static let admit = text(PackageResources.admit_lua)
  public static let takeUsage = text(PackageResources.take_usage_lua)
  public static let raiseEpoch = text(PackageResources.raise_epoch_lua)
  public static let raiseEpochs = text(PackageResources.raise_epochs_lua)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
