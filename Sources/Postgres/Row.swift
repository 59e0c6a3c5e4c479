/// One row of a result in binary form. Columns are read in the order of the statement's list.
public struct Row: Sendable {
  let columns: [[UInt8]?]

  /// Bytes of a column, nil for NULL.
  public func bytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
    guard columns.indices.contains(column) else {
      throw PostgresError(.unexpectedRow, "no column \(column)")
    }
    return columns[column]
  }

  public func string(_ column: Int) throws(PostgresError) -> String {
    try required(optionalString(column), column)
  }

  public func optionalString(_ column: Int) throws(PostgresError) -> String? {
    try bytes(column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// int2, int4 or int8.
  public func int(_ column: Int) throws(PostgresError) -> Int {
    try required(optionalInt(column), column)
  }

  public func optionalInt(_ column: Int) throws(PostgresError) -> Int? {
    guard let bytes = try bytes(column) else { return nil }
    switch bytes.count {
    case 2: return Int(Int16(truncatingIfNeeded: bigEndian(bytes)))
    case 4: return Int(Int32(truncatingIfNeeded: bigEndian(bytes)))
    case 8: return Int(Int64(bitPattern: bigEndian(bytes)))
    default: throw PostgresError(.unexpectedRow, "column \(column) is no integer")
    }
  }

  public func bool(_ column: Int) throws(PostgresError) -> Bool {
    try required(bytes(column), column).first == 1
  }

  /// float8.
  public func double(_ column: Int) throws(PostgresError) -> Double {
    try required(optionalDouble(column), column)
  }

  public func optionalDouble(_ column: Int) throws(PostgresError) -> Double? {
    guard let bytes = try bytes(column) else { return nil }
    guard bytes.count == 8 else {
      throw PostgresError(.unexpectedRow, "column \(column) is no float8")
    }
    return Double(bitPattern: bigEndian(bytes))
  }

  /// timestamptz, as seconds since 1970.
  public func timestamp(_ column: Int) throws(PostgresError) -> Double {
    try required(optionalTimestamp(column), column)
  }

  public func optionalTimestamp(_ column: Int) throws(PostgresError) -> Double? {
    guard let microseconds = try optionalInt(column) else { return nil }
    // The binary form counts from 2000-01-01.
    return Double(microseconds) / 1e6 + 946_684_800
  }

  /// uuid, as its two halves.
  public func uuid(_ column: Int) throws(PostgresError) -> (high: UInt64, low: UInt64) {
    try required(optionalUUID(column), column)
  }

  public func optionalUUID(_ column: Int) throws(PostgresError) -> (high: UInt64, low: UInt64)? {
    guard let bytes = try bytes(column) else { return nil }
    guard bytes.count == 16 else {
      throw PostgresError(.unexpectedRow, "column \(column) is no uuid")
    }
    return (bigEndian(bytes[..<8]), bigEndian(bytes[8...]))
  }

  private func required<Value>(_ value: Value?, _ column: Int) throws(PostgresError) -> Value {
    guard let value else { throw PostgresError(.unexpectedRow, "column \(column) is NULL") }
    return value
  }

  private func bigEndian(_ bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
