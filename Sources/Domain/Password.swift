// What a new password must be, and why one is refused. A password that is only compared is never judged by this.

/// A password as typed: never trimmed, cut or folded (NIST SP 800-63B section 3.1.1).
public struct Password: Sendable {
  public let text: Secret<String>

  /// Bytes of UTF-8. Bounds the work that one request can cause.
  public static let byteLimit = 1024

  /// nil if it is empty or longer than the limit.
  public init?(_ text: String) {
    guard (1...Self.byteLimit).contains(text.utf8.count) else { return nil }
    self.text = Secret(text)
  }
}

/// The rule for new passwords: at least 8 characters with lower case, upper case, digit and symbol, or 15 of anything;
/// none that everybody tries; never the e-mail address.
public struct PasswordPolicy: Sendable {
  /// Why a password is refused; the description is written for the person who chose it.
  public enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    case tooSimple, common, containsEmail

    public var description: String {
      switch self {
      case .tooSimple:
        "Use at least 15 characters, or at least 8 with a lower-case letter, an upper-case letter, a digit and a symbol"
      case .common: "This password is one of those that attackers try first"
      case .containsEmail: "The password must not be or contain the e-mail address"
      }
    }
  }

  private let common: Set<String>

  /// - Parameter common: passwords that are refused, in any case; one a line, `#!` begins a comment.
  public init(commonPasswords list: String) {
    var common: Set<String> = []
    for line in list.split(whereSeparator: \.isNewline) where !line.hasPrefix("#!") {
      common.insert(line.lowercased())
    }
    self.common = common
  }

  /// How many common passwords are known.
  public var commonCount: Int { common.count }

  /// Judges a new password.
  ///
  /// - Parameter email: the account's address, if it is one.
  public func check(_ password: Password, email: EmailAddress?) throws(Refusal) {
    let text = password.text.exposed
    let folded = text.lowercased()
    if let email {
      let mailbox = email.description.prefix { $0 != "@" }
      // A short mailbox name ("jo") occurs in many good passwords by chance.
      if folded.contains(email.description) || (mailbox.count >= 4 && folded.hasPrefix(mailbox)) {
        throw .containsEmail
      }
    }
    if isCommon(folded) { throw .common }
    if text.count >= 15 {
      // Fifteen times the same character, or two in turn, is no length at all.
      guard Set(text).count >= 4 else { throw .tooSimple }
      return
    }
    guard text.count >= 8, text.contains(where: \.isLowercase), text.contains(where: \.isUppercase),
      text.contains(where: \.isNumber),
      text.contains(where: { !$0.isLetter && !$0.isNumber })
    else { throw .tooSimple }
  }

  /// A common password stays one with letters written as digits and signs, and with more of them hung on its end, which
  /// is what composition rules teach.
  private func isCommon(_ folded: String) -> Bool {
    [folded, Self.plain(folded)].contains { text in
      if common.contains(text) { return true }
      var stem = Substring(text)
      while let last = stem.last, !last.isLetter { stem.removeLast() }
      return stem.count >= 4 && text.count < 15 && common.contains(String(stem))
    }
  }

  private static func plain(_ text: String) -> String {
    let letters: [Character: Character] = [
      "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t",
    ]
    return String(text.map { letters[$0] ?? $0 })
  }
}
