// A letter as the bytes that travel (RFC 5322, RFC 2045, RFC 2046): plain text and HTML side by side.

import Domain

/// The Message-ID of a letter (RFC 5322 section 3.6.4).
public struct MessageID: Hashable, Sendable, CustomStringConvertible {
  /// With its angle brackets.
  public let description: String

  /// - Parameters:
  ///   - letter: names the letter, the same each time that it is sent, so that a repeat can be recognised; 1 to 64 of
  ///     ASCII letters, digits, `-`, `_` and `.`, the dot neither first nor last.
  ///   - sender: lends its domain.
  /// - Returns: nil if `letter` is not like that.
  public init?(letter: String, sender: Mailbox) {
    let isWord = letter.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isWord, (1...64).contains(letter.utf8.count), letter.first != ".", letter.last != ".",
      !letter.contains("..")
    else { return nil }
    description = "<\(letter)@\(sender.domain)>"
  }
}

/// A message that a program writes to a person.
///
/// What comes from outside cannot add a header or a part: addresses and the Message-ID are types that hold no line
/// break, a subject and names are cleaned and encoded by ``HeaderText``, bodies are quoted-printable.
public struct MailMessage: Sendable {
  public let id: MessageID
  /// Seconds since 1970.
  public let date: Int64
  public let from: Mailbox
  public let to: Mailbox
  public let subject: String
  public let text: String
  public let html: String

  public init(
    id: MessageID, date: Int64, from: Mailbox, to: Mailbox, subject: String, text: String, html: String
  ) {
    self.id = id
    self.date = date
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.html = html
  }

  /// Quoted-printable has an equals sign only before two hexadecimal digits or at the end of a line, so no part can
  /// hold this line (RFC 2045 section 6.7, the note at its end).
  static let boundary = "=_letter"

  /// The whole message, ASCII, lines ended by CR LF. The same each time for the same values.
  public var bytes: [UInt8] {
    var message = Array(headers.utf8)
    for (type, body) in [("plain", text), ("html", html)] {
      message += "--\(Self.boundary)\r\n".utf8
      message += "Content-Type: text/\(type); charset=utf-8\r\n".utf8
      message += "Content-Transfer-Encoding: quoted-printable\r\n\r\n".utf8
      message += QuotedPrintable.encode(body)
      message += "\r\n".utf8
    }
    message += "--\(Self.boundary)--\r\n".utf8
    return message
  }

  private var headers: String {
    let lines = [
      "Date: \(UTCTime(seconds: date).mailDate)",
      "From: \(Self.mailboxText(from, after: 6))",
      "To: \(Self.mailboxText(to, after: 4))",
      "Subject: \(HeaderText.unstructured(subject, after: 9))",
      "Message-ID: \(id)",
      // Keeps vacation notices and other robots from answering (RFC 3834 section 5).
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: multipart/alternative; boundary=\"\(Self.boundary)\"",
    ]
    return lines.map { $0 + "\r\n" }.joined() + "\r\n"
  }

  private static func mailboxText(_ mailbox: Mailbox, after column: Int) -> String {
    guard let name = mailbox.name, !name.isEmpty else { return mailbox.address }
    // On a line of its own an address of any length has room.
    return HeaderText.phrase(name, after: column) + "\r\n <\(mailbox.address)>"
  }
}
