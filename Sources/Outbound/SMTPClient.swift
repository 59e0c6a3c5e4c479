// Letters handed to the operator's mail relay, one at a time, through libcurl. TLS, AUTH and the conversation itself
// (RFC 5321) are libcurl's; what is ours are the restrictions, and the judgement whether to try again.

import CCurl
import Domain

/// Why a letter was not taken by the relay.
public struct MailFailure: Error, Sendable, CustomStringConvertible {
  /// Whether the same letter would be refused again: the relay answered MAIL, RCPT or DATA with a 5xx (RFC 5321 section
  /// 4.2.1), or the recipient's address is none. False for whatever an operator or time can mend: no connection, a
  /// certificate or password that is not taken, a 4xx.
  public let isPermanent: Bool
  /// What happened, for the log: one line, never with the password.
  public let reason: String
  public var description: String { reason }

  init(isPermanent: Bool, _ reason: String) {
    self.isPermanent = isPermanent
    self.reason = reason
  }
}

/// The relay that letters are handed to.
public struct MailRelay: Sendable {
  /// What is done about STARTTLS (RFC 3207) on an `smtp://` relay; `smtps://` is TLS from the first byte.
  public enum Security: String, Sendable, CaseIterable {
    /// In the clear. For a relay on the same host.
    case none
    /// TLS if the relay offers it. With a user name it counts as ``required``: else whoever takes the offer out of the
    /// conversation would read the password.
    case opportunistic
    /// No TLS, no letter.
    case required
  }

  private let url: String
  private let username: String?
  private let password: Secret<String>?
  private let security: Security
  private let caFile: String?
  private let timeout: Duration

  /// - Parameters:
  ///   - url: `smtp://host:port` or `smtps://host:port`; a path is the name that is said in EHLO, else it is the host's
  ///     own. No user name or password in it. It is looked at by ``send(_:from:to:)``.
  ///   - username: nil for a relay that asks for none.
  ///   - caFile: certificates (PEM) that are trusted instead of the system's; nil for the system's.
  ///   - timeout: bounds one delivery, from looking the name up to the last reply; at least a millisecond. Saying
  ///     goodbye to a relay that has gone silent may take as long again.
  public init(
    url: String, username: String?, password: String?, security: Security, caFile: String?, timeout: Duration
  ) {
    self.url = url
    self.username = username
    self.password = password.map { Secret($0) }
    self.security = security
    self.caFile = caFile
    self.timeout = timeout
  }

  /// Hands one letter over and returns once the relay has taken charge of it. Blocks the calling thread.
  ///
  /// When the connection breaks between the last byte and the reply, nobody knows whether the letter was taken; it is
  /// a failure, and the repeat has the same Message-ID.
  ///
  /// - Parameters:
  ///   - message: of RFC 5322, lines ended by CR LF; see ``MailMessage``. Lines that begin with a dot are seen to.
  ///   - from: the address that failures are reported to; without angle brackets.
  ///   - to: the recipient's address; without angle brackets.
  /// - Throws: ``MailFailure``.
  public func send(_ message: [UInt8], from: String, to: String) throws(MailFailure) {
    // A line break would end the command and begin another; brackets would end the address (RFC 5321 section 4.1.2).
    guard Mailbox.isAddress(from) else {
      throw MailFailure(isPermanent: false, "the sender's address cannot be used")
    }
    guard Mailbox.isAddress(to) else {
      throw MailFailure(isPermanent: true, "the recipient's address cannot be used")
    }
    let folded = url.lowercased()
    guard folded.hasPrefix("smtp://") || folded.hasPrefix("smtps://") else {
      throw MailFailure(isPermanent: false, "the relay's URL must begin with smtp:// or smtps://")
    }
    guard !url.contains("@") else {
      throw MailFailure(isPermanent: false, "the relay's URL must not have a user name or password in it")
    }
    guard var transfer = Transfer(sending: message) else {
      throw MailFailure(isPermanent: false, "libcurl cannot be used")
    }
    restrict(&transfer.curl)
    transfer.curl.set(CURLOPT_URL, url)
    transfer.curl.set(CURLOPT_MAIL_FROM, "<\(from)>")
    transfer.curl.set(CURLOPT_MAIL_RCPT, ["<\(to)>"])
    let outcome = transfer.run()
    guard outcome.code == CURLE_OK else { throw failure(outcome) }
  }

  /// What a delivery may do and how long it may take.
  private func restrict(_ curl: inout CurlHandle) {
    curl.restrict(to: "smtp,smtps")
    let bound = timeout.curlMilliseconds
    curl.set(CURLOPT_TIMEOUT_MS, bound)
    curl.set(CURLOPT_CONNECTTIMEOUT_MS, bound)
    // The only one that also holds for QUIT; whole seconds.
    curl.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, (bound + 999) / 1000)

    let usesTLS: curl_usessl =
      switch security {
      case .none: CURLUSESSL_NONE
      case .opportunistic: username == nil ? CURLUSESSL_TRY : CURLUSESSL_ALL
      case .required: CURLUSESSL_ALL
      }
    curl.set(CURLOPT_USE_SSL, Int(usesTLS.rawValue))
    if let caFile { curl.trust(only: caFile) }
    if let username {
      curl.set(CURLOPT_USERNAME, username)
      curl.set(CURLOPT_PASSWORD, password?.exposed ?? "")
    }
  }

  private func failure(_ outcome: Transfer.Outcome) -> MailFailure {
    let reply = Int(outcome.reply.prefix(3)) ?? 0
    // A refusal of MAIL, RCPT or DATA is a send error to libcurl, one of the message a weird reply, as is that of a
    // greeting.
    let concernsLetter =
      outcome.code == CURLE_SEND_ERROR || (outcome.code == CURLE_WEIRD_SERVER_REPLY && outcome.hasBegun)
    // "Authentication required" and its kin (RFC 4954 section 6) and "STARTTLS first" (RFC 3207 section 4) come in
    // answer to MAIL, but are about the settings: no letter is to be thrown away for them.
    let concernsSettings = [530, 534, 535, 538].contains(reply)
    var reason = outcome.words
    // A relay might repeat what it was told in AUTH.
    let repeatsSecret = password.map { outcome.reply.contains($0.exposed) } ?? false
    if reply >= 400, outcome.code != CURLE_LOGIN_DENIED, !repeatsSecret { reason += " (\(outcome.reply))" }
    return MailFailure(
      isPermanent: concernsLetter && !concernsSettings && (500...599).contains(reply),
      String(reason.map { $0.isNewline ? " " : $0 }))
  }
}
