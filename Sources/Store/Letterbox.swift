// Letters: asked for in the transaction of what they report (an outbox), sent by petstore watch.
//
// Delivery holds the letter's row locked while the mail server is spoken to, and notes success in the same transaction:
// a letter that was taken and not noted, because petstore watch was killed in between, is sent again with the same
// Message-ID and the same code. None is lost; none is sent by two at once.

public import Crypto
public import Domain
import Postgres

/// What a letter is about; its words are made when it is sent.
public enum LetterKind: String, Sendable, CaseIterable {
  case verifyEmail = "verify_email"
  case resetPassword = "reset_password"
  case passwordChanged = "password_changed"
  /// To a new address, before it takes the old one's place.
  case confirmNewEmail = "confirm_new_email"
  case emailChanged = "email_changed"
  /// To the owner of an address that somebody else asked for.
  case emailInUse = "email_in_use"
  case accountDeleted = "account_deleted"
  case sessionsEnded = "sessions_ended"
  case secondFactorChanged = "second_factor_changed"
  case invitation
}

/// Puts letters into the outbox.
enum Letterbox {
  static func add(
    _ kind: LetterKind, to recipient: String, user: ID<User>?, parameters: [(String, String)] = [],
    to connection: inout Postgres.Connection
  ) throws(PostgresError) {
    try connection.query(
      """
      INSERT INTO letters (id, kind, recipient, user_id, parameters)
      VALUES (\(ID<OutgoingLetter>.random()), \(kind.rawValue), \(recipient), \(user),
              jsonb_object(\(parameters.map(\.0))::text[], \(parameters.map(\.1))::text[]))
      """)
  }
}

extension Database {
  /// Asks for a letter that reports no change: one that somebody asked for.
  public func addLetter(
    _ kind: LetterKind, to recipient: EmailAddress, user: ID<User>?, parameters: [(String, String)] = []
  ) throws {
    try transaction(in: .service) { connection in
      try Letterbox.add(
        kind, to: recipient.description, user: user, parameters: parameters, to: &connection)
    }
  }
}

/// A letter that is due, with all that its words need.
public struct OutgoingLetter: Sendable {
  public let id: ID<OutgoingLetter>
  public let kind: LetterKind
  public let recipient: String
  public let company: String
  /// What its reader must send back, and for how many seconds that counts.
  public let code: Secret<String>?
  public let codeLife: Int
  public let parameters: [String: String]
  /// Seconds since 1970.
  public let createdAt: Double
}

/// Why a letter could not be delivered.
public struct DeliveryFailure: Error, Sendable {
  /// Trying again would change nothing.
  public let isPermanent: Bool
  public let reason: String

  public init(isPermanent: Bool, reason: String) {
    self.isPermanent = isPermanent
    self.reason = reason
  }
}

/// Codes of letters: 256 bits, derived from the master key and the letter, so that they need not be kept.
public enum LetterCode {
  public static func code(of letter: ID<OutgoingLetter>, _ master: MasterKey) -> Secret<String> {
    Secret(Base64URL.encode(master.derive("letter code", letter.description)))
  }

  /// What is kept of a code.
  public static func hash(_ code: String) -> String { Hexadecimal.encode(SHA256.digest(code)) }
}

/// Delivers letters that are due. One of these runs in the leader of petstore watch, with a connection of its own.
public struct LetterDelivery: ~Copyable {
  private let dsn: String
  private let password: Secret<String>?
  private let master: MasterKey
  private var connection: Postgres.Connection?

  /// Seconds for which a letter is tried before it is given up: three days.
  public static let patience = 259_200

  public init(dsn: String, password: Secret<String>?, master: MasterKey) {
    self.dsn = dsn
    self.password = password
    self.master = master
  }

  /// What became of the attempt to deliver a letter.
  public enum Outcome: Sendable, Equatable {
    case nothingDue
    case sent
    /// Nobody was to be written to: an address without an account, a code that is not wanted any more.
    case needless
    case postponed(reason: String)
    case givenUp(reason: String)
  }

  /// Delivers the letter that has waited longest, if any is due.
  public mutating func deliverNext(
    _ deliver: (OutgoingLetter) throws(DeliveryFailure) -> Void
  ) throws -> Outcome {
    var connection: Postgres.Connection
    if let kept = self.connection.take(), kept.isUsable {
      connection = kept
    } else {
      // Patient: the transaction lasts as long as the mail server takes.
      connection = try Postgres.Connection(dsn: dsn, password: password?.exposed, timeout: .seconds(60))
    }
    let master = master
    let outcome = try connection.transaction { connection in
      try connection.query("SELECT set_config('petstore.scope', 'service', true)")
      return try Self.deliverNext(master, &connection, deliver)
    }
    self.connection = consume connection
    return outcome
  }

  private static func deliverNext(
    _ master: MasterKey, _ connection: inout Postgres.Connection,
    _ deliver: (OutgoingLetter) throws(DeliveryFailure) -> Void
  ) throws -> Outcome {
    let due = try connection.query(
      """
      SELECT id, kind, recipient, user_id, created_at, attempts, parameters::text,
             extract(epoch FROM now() - created_at)::float8
      FROM letters
      WHERE done_at IS NULL AND failed_at IS NULL AND not_before <= now()
      ORDER BY not_before, created_at
      LIMIT 1
      FOR UPDATE SKIP LOCKED
      """)
    guard let row = due.first else { return .nothingDue }
    let id: ID<OutgoingLetter> = try row.id(0)
    guard let kind = LetterKind(rawValue: try row.string(1)) else {
      // Of a newer version: its own watch will know.
      try connection.query("UPDATE letters SET not_before = now() + interval '1 minute' WHERE id = \(id)")
      return .postponed(reason: "a kind that this version does not know")
    }
    let letter = try compose(
      id, kind, recipient: try row.string(2), user: try row.optionalID(3), createdAt: try row.timestamp(4),
      master, &connection)
    guard let letter else {
      try connection.query("UPDATE letters SET done_at = now() WHERE id = \(id)")
      return .needless
    }
    do throws(DeliveryFailure) {
      try deliver(letter)
    } catch {
      let attempts = try row.int(5) + 1
      let age = try row.double(7)
      let isOver = error.isPermanent || age > Double(patience)
      // Half a minute, then twice as long each time, at most an hour.
      let pause = min(3_600, 15 << min(attempts, 8))
      try connection.query(
        """
        UPDATE letters
        SET attempts = \(attempts)::integer, last_error = \(error.reason),
            not_before = now() + make_interval(secs => \(Double(pause))::float8),
            failed_at = CASE WHEN \(isOver)::boolean THEN now() END
        WHERE id = \(id)
        """)
      return isOver ? .givenUp(reason: error.reason) : .postponed(reason: error.reason)
    }
    if kind == .accountDeleted {
      // Of a person who is erased nothing stays.
      try connection.query("DELETE FROM letters WHERE id = \(id)")
    } else {
      try connection.query("UPDATE letters SET done_at = now(), attempts = attempts + 1 WHERE id = \(id)")
    }
    return .sent
  }

  /// Finds out whom the letter is for and what it must hold; nil if there is nobody to write to.
  private static func compose(
    _ id: ID<OutgoingLetter>, _ kind: LetterKind, recipient: String, user: ID<User>?, createdAt: Double,
    _ master: MasterKey, _ connection: inout Postgres.Connection
  ) throws -> OutgoingLetter? {
    let accounts = try connection.query(
      """
      SELECT id, email, company_name, email_verified_at IS NOT NULL, is_active
      FROM users
      WHERE id = \(user)::uuid OR (\(user)::uuid IS NULL AND email = \(recipient))
      """)
    let account = accounts.first
    var kind = kind
    var (purpose, life): (String?, Int) = (nil, 0)
    switch kind {
    case .verifyEmail:
      guard let account, try account.string(1) == recipient, try !account.bool(3) else { return nil }
      (purpose, life) = ("verify_email", 172_800)
    case .resetPassword:
      guard let account, try account.string(1) == recipient, try account.bool(4) else { return nil }
      (purpose, life) = ("reset_password", 1_800)
    case .invitation:
      guard let account, try account.string(1) == recipient else { return nil }
      (purpose, life) = ("reset_password", 259_200)
    case .confirmNewEmail:
      guard let account else { return nil }
      let taken = try connection.query("SELECT 1 FROM users WHERE email = \(recipient)")
      if try !taken.isEmpty && account.string(1) != recipient {
        kind = .emailInUse
      } else {
        (purpose, life) = ("change_email", 86_400)
      }
    case .passwordChanged, .emailChanged, .emailInUse, .sessionsEnded, .secondFactorChanged:
      break
    case .accountDeleted: break
    }
    var code: Secret<String>?
    if let purpose, let account {
      let made = LetterCode.code(of: id, master)
      let owner: ID<User> = try account.id(0)
      // A newer letter's code takes the place of older ones.
      try connection.query(
        """
        UPDATE letter_codes SET used_at = now()
        WHERE user_id = \(owner) AND purpose = \(purpose) AND used_at IS NULL AND letter_id <> \(id)
        """)
      try connection.query(
        """
        INSERT INTO letter_codes (letter_id, user_id, purpose, email, code_hash, expires_at)
        VALUES (\(id), \(owner), \(purpose), \(recipient), \(LetterCode.hash(made.exposed)),
                now() + make_interval(secs => \(Double(life))::float8))
        ON CONFLICT (letter_id) DO NOTHING
        """)
      code = made
    }
    let parameters = try connection.query(
      "SELECT p.key, p.value FROM letters, jsonb_each_text(parameters) AS p WHERE id = \(id)")
    return OutgoingLetter(
      id: id, kind: kind, recipient: recipient, company: try account?.string(2) ?? "", code: code,
      codeLife: life,
      parameters: Dictionary(
        try parameters.map { row in (try row.string(0), try row.string(1)) }, uniquingKeysWith: { $1 }),
      createdAt: createdAt)
  }
}

extension Database {
  /// How many letters wait, for how many seconds the oldest does, and why it was not taken the last time.
  public func lettersWaiting() throws -> (count: Int, oldestSeconds: Int, lastError: String?) {
    let rows = try pool.withConnection { connection in
      try connection.query(
        """
        SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::bigint,
               (array_agg(last_error ORDER BY created_at) FILTER (WHERE last_error IS NOT NULL))[1]
        FROM letters
        WHERE done_at IS NULL AND failed_at IS NULL
        """)
    }
    guard let row = rows.first else { return (0, 0, nil) }
    return (try row.int(0), try row.int(1), try row.optionalString(2))
  }

  /// Forgets letters that are over: a week after they were sent, a month after they were given up.
  public func cleanLetters() throws {
    try transaction(in: .service) { connection in
      _ = try connection.query(
        """
        DELETE FROM letters
        WHERE done_at < now() - interval '7 days' OR failed_at < now() - interval '30 days'
        """)
    }
  }
}
