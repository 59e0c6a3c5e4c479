// Password hashes: Argon2id for all that we make (RFC 9106), bcrypt for those of imported users, which verify once
// more and are then made anew.

import CArgon2
import CCrypt
import Glibc
import Threads

/// A password hash in its usual text form: `$argon2id$v=19$m=…` (PHC string) or `$2b$…` (bcrypt).
public struct PasswordHash: Sendable, Equatable, CustomStringConvertible {
  /// The text that is stored.
  public let text: String
  /// The hash is no secret, but nobody needs it in a log.
  public var description: String { "<password hash>" }

  private enum Form { case argon2id, bcrypt }
  private let form: Form

  /// Argon2id's costs, OWASP's first choice: 19 MiB, two passes, one lane.
  private static let memoryKiB: UInt32 = 19_456
  private static let passes: UInt32 = 2
  private static let lanes: UInt32 = 1
  private static let saltLength = 16
  private static let hashLength = 32
  private static let ownParameters = "$argon2id$v=19$m=19456,t=2,p=1$"

  /// Accepts a stored or imported hash; nil for any form that is not known.
  public init?(_ text: String) {
    let bytes = text.utf8.count
    guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ":") }) else {
      return nil
    }
    if text.hasPrefix("$argon2id$"), (60...256).contains(bytes) {
      form = .argon2id
    } else if bytes == 60, Self.isBcrypt(text) {
      form = .bcrypt
    } else {
      return nil
    }
    self.text = text
  }

  /// `$2a$`, `$2b$` or `$2y$`, a cost of 04 to 14 (a higher one would be a way to stop us), 53 characters.
  private static func isBcrypt(_ text: String) -> Bool {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]),
      let cost = Int(parts[2]), parts[2].utf8.count == 2, (4...14).contains(cost)
    else { return false }
    return parts[3].utf8.count == 53
      && parts[3].allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "/")
      }
  }

  /// Whether this hash should be made anew at the next chance: another form, or other costs than today's.
  public var needsUpgrade: Bool { !text.hasPrefix(Self.ownParameters) }

  /// The library could not compute: out of memory.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Hashing is all memory and processor: more at once than there are cores makes each slower and none faster.
  public struct Busy: Error {}

  private static let slots = CountingSemaphore(slots: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  private static let patience = Duration.seconds(5)

  /// Hashes a new password with a random salt. About 20 ms of one core.
  ///
  /// - Throws: ``Busy`` if no core comes free within five seconds, ``Failure`` if memory runs out.
  public static func make(_ password: String) throws -> PasswordHash {
    guard slots.wait(timeout: patience) else { throw Busy() }
    defer { slots.signal() }
    let salt = SecureRandom.bytes(saltLength)
    var encoded = [CChar](repeating: 0, count: 128)
    let bytes = Array(password.utf8)
    let status = argon2id_hash_encoded(
      passes, memoryKiB, lanes, bytes, bytes.count, salt, salt.count, hashLength, &encoded,
      encoded.count)
    guard status == ARGON2_OK.rawValue else {
      throw Failure(description: String(cString: argon2_error_message(status)))
    }
    let text = String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let hash = PasswordHash(text) else { throw Failure(description: "no PHC string") }
    return hash
  }

  /// Whether the password is the one hashed; compares in constant time.
  ///
  /// - Throws: ``Busy`` if no core comes free within five seconds.
  public func verify(_ password: String) throws -> Bool {
    guard Self.slots.wait(timeout: Self.patience) else { throw Busy() }
    defer { Self.slots.signal() }
    let bytes = Array(password.utf8)
    switch form {
    case .argon2id:
      return argon2id_verify(text, bytes, bytes.count) == ARGON2_OK.rawValue
    case .bcrypt:
      // bcrypt ends at a NUL and reads 72 bytes. The earlier service cut at 72 in the same way, so such a password
      // still opens the account this once; a NUL it refused.
      guard !bytes.contains(0) else { return false }
      var data = crypt_data()
      guard let result = crypt_r(password, text, &data) else { return false }
      return ConstantTime.equal(Array(String(cString: result).utf8), Array(text.utf8))
    }
  }

  /// The hash of a password that nobody has: checking against it costs what a real check costs, so that the time of a
  /// refused login does not tell whether the account exists.
  public static let decoy: PasswordHash? = try? make(
    String((0..<32).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126))) }))
}
