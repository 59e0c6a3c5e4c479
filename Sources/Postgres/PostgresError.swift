/// Why a statement failed.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// No connection could be had: refused, out of slots, or the pool's wait ran out.
    case unreachable
    /// The connection broke during the statement; whether the server has run it is not known.
    case connectionLost
    /// Our own deadline passed; whether the server has run the statement is not known.
    case deadline
    /// The server refused: its SQLSTATE, and the constraint's name if one was violated.
    case refused(state: String, constraint: String?)
    /// A row did not have the form that the reader expects: a mistake of ours.
    case unexpectedRow
  }

  public let kind: Kind
  /// For the log only: it may quote values.
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { "PostgreSQL: \(kind): \(message)" }

  /// The name of the violated unique constraint, if that is what happened (SQLSTATE 23505).
  public var violatedUnique: String? {
    guard case .refused("23505", let constraint) = kind else { return nil }
    return constraint
  }

  /// The name of the violated check constraint, if that is what happened (SQLSTATE 23514).
  public var violatedCheck: String? {
    guard case .refused("23514", let constraint) = kind else { return nil }
    return constraint
  }

  /// Whether the same transaction may succeed when tried again: serialization failure, deadlock (40001, 40P01).
  public var isWorthRetrying: Bool {
    guard case .refused(let state, _) = kind else { return false }
    return state == "40001" || state == "40P01"
  }

  /// Whether this connection must not be used again: broken, ended by an administrator, or now read-only.
  var endsConnection: Bool {
    switch kind {
    case .unreachable, .connectionLost, .deadline: true
    case .refused(let state, _): state.hasPrefix("57P") || state.hasPrefix("08") || state == "25006"
    case .unexpectedRow: false
    }
  }
}
