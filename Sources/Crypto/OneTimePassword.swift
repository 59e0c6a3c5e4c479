// The six digits of an authenticator app (RFC 6238 over RFC 4226). The rule alone: no clock, no memory.

/// Time-based one-time passwords with HMAC-SHA-1, which is what every authenticator app computes.
public enum TOTP {
  /// Bytes; what RFC 4226 section 4 recommends, and the length of SHA-1's result.
  public static let secretLength = 20
  /// Seconds for which a code is shown (RFC 6238 section 4.1).
  public static let period = 30
  /// How long a code is.
  public static let digits = 6

  /// The code of a time step: HOTP of its number (RFC 4226 section 5.3).
  ///
  /// - Parameters:
  ///   - secret: bytes that the authenticator has too.
  ///   - counter: the number of the step.
  ///   - digits: 6 to 8.
  public static func code(secret: [UInt8], counter: UInt64, digits: Int = 6) -> String {
    precondition((6...8).contains(digits), "RFC 4226 allows six to eight digits")
    let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> (56 - 8 * $0)) }
    let hash = HMAC.sha1(key: secret, message)
    // Dynamic truncation: the last nibble says where to read 31 bits.
    let offset = Int(hash[19] & 15)
    var number = hash[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
    var text = [UInt8](repeating: 0, count: digits)
    for place in text.indices.reversed() {
      text[place] = 0x30 + UInt8(number % 10)
      number /= 10
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The number of the time step, from 0.
  ///
  /// - Parameter seconds: since 1970; what is before 1970, or no number, counts as its first second.
  public static func counter(at seconds: Double) -> UInt64 {
    guard seconds > 0 else { return 0 }
    // So far off that no clock gets there, and still room for the step after it.
    return UInt64(min(seconds, 1e15)) / UInt64(period)
  }

  /// The step whose code this is, one step before or after `now` at most, since clocks differ and typing takes time
  /// (RFC 6238 section 5.2). Nil if it is none of them. The caller stores the step: it is `lastUsed` the next time, so
  /// that a code opens once.
  ///
  /// Compares in constant time, and with every step. If two steps have the same code by chance it is the later one, or
  /// the code would open twice.
  ///
  /// - Parameters:
  ///   - code: as typed; six ASCII digits.
  ///   - secret: the account's.
  ///   - now: seconds since 1970.
  ///   - lastUsed: the step that was accepted last; it and all before it are refused.
  public static func match(_ code: String, secret: [UInt8], now: Double, lastUsed: UInt64?) -> UInt64? {
    let typed = Array(code.utf8)
    let current = counter(at: now)
    var matched: UInt64?
    for step in (current == 0 ? 0 : current - 1)...(current + 1) {
      let right = ConstantTime.equal(typed, Array(Self.code(secret: secret, counter: step, digits: digits).utf8))
      if right, lastUsed.map({ step > $0 }) ?? true { matched = step }
    }
    return matched
  }

  /// What an authenticator reads from a QR code: `otpauth://totp/ISSUER:ACCOUNT?secret=…`, in the "Key URI Format" that
  /// Google Authenticator has set, with everything but unreserved characters percent-encoded (RFC 3986 section 2.3).
  ///
  /// - Parameters:
  ///   - secret: written in Base32.
  ///   - issuer: the service's name; a colon in it, which would end it, is left out.
  ///   - account: the account's name, usually an e-mail address.
  public static func uri(secret: [UInt8], issuer: String, account: String) -> String {
    let issuer = percentEncoded(String(String.UnicodeScalarView(issuer.unicodeScalars.filter { $0 != ":" })))
    return "otpauth://totp/\(issuer):\(percentEncoded(account))?secret=\(Base32.encode(secret))&issuer=\(issuer)"
      + "&algorithm=SHA1&digits=\(digits)&period=\(period)"
  }

  private static func percentEncoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.append(byte)
      default:
        encoded.append(UInt8(ascii: "%"))
        encoded.append(contentsOf: Hexadecimal.encode([byte]).uppercased().utf8)
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}
