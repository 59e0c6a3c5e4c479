/// What can be said of a database at one moment, so that a copy of it can be held against it.
public struct DatabaseFacts: Sendable, Equatable {
  /// A table and what is in it.
  public struct Table: Sendable, Equatable {
    /// `schema.table`.
    public let name: String
    public let rows: Int
    /// The sum of 60 bits of each row's SHA-256, a decimal number: the same for the same rows in any order. It shows damage
    /// and loss; against forgery there is the seal of the whole file.
    public let checksum: String

    public init(name: String, rows: Int, checksum: String) {
      self.name = name
      self.rows = rows
      self.checksum = checksum
    }
  }

  /// The number of its last migration.
  public let schema: Int
  /// Of PostgreSQL, such as `15.20`.
  public let server: String
  /// RFC 3339, UTC: what was committed by then is in it.
  public let takenAt: String
  /// The place in the write-ahead log, such as `0/16B3748`.
  public let walPosition: String
  /// By name.
  public let tables: [Table]
  /// The number of rights that roles other than the owner have on tables and functions, and a checksum of them.
  public let rights: Table

  public init(schema: Int, server: String, takenAt: String, walPosition: String, tables: [Table], rights: Table) {
    self.schema = schema
    self.server = server
    self.takenAt = takenAt
    self.walPosition = walPosition
    self.tables = tables
    self.rights = rights
  }

  /// Rows of all tables.
  public var rows: Int { tables.reduce(0) { $0 + $1.rows } }

  /// Where a copy differs from this, a line for each table that does; empty if it is the same.
  public func differences(from copy: DatabaseFacts) -> [String] {
    var lines: [String] = []
    if copy.schema != schema { lines.append("the schema is at \(copy.schema), not \(schema)") }
    let copied = Dictionary(copy.tables.map { ($0.name, $0) }) { first, _ in first }
    let known = Set(tables.map(\.name))
    for table in tables {
      guard let other = copied[table.name] else {
        lines.append("\(table.name) is missing")
        continue
      }
      if other.rows != table.rows {
        lines.append("\(table.name) has \(other.rows) rows, not \(table.rows)")
      } else if other.checksum != table.checksum {
        lines.append("\(table.name) has \(table.rows) rows, but not the same ones")
      }
    }
    for table in copy.tables where !known.contains(table.name) { lines.append("\(table.name) is in no backup") }
    if copy.rights != rights {
      lines.append("the rights of other roles differ: \(copy.rights.rows) there, \(rights.rows) in the backup")
    }
    return lines
  }
}
