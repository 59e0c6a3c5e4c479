import Testing

@testable import Outbound

@Suite struct MailMessageTests {
  private let sender: Mailbox
  private let reader: Mailbox
  private let id: MessageID

  init() throws {
    sender = try #require(Mailbox(name: "PetStore Direct", address: "no-reply@petstore.example"))
    reader = try #require(Mailbox(address: "reader@example.com"))
    id = try #require(MessageID(letter: "4f1d-verify", sender: sender))
  }

  private func message(subject: String = "Hello", text: String = "Hi\n", html: String = "<p>Hi</p>\n") -> MailMessage {
    MailMessage(
      id: id, date: 1_768_640_705, from: sender, to: reader,
      subject: subject, text: text, html: html)
  }

  @Test func `A message is exactly this`() {
    let lines = [
      "Date: Sat, 17 Jan 2026 09:05:05 +0000",
      "From: \"PetStore Direct\"",
      " <no-reply@petstore.example>",
      "To: reader@example.com",
      "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=",
      "Message-ID: <4f1d-verify@petstore.example>",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: multipart/alternative; boundary=\"=_letter\"",
      "",
      "--=_letter",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "1 + 1 =3D 2,=20",
      "s=C3=BC=C3=9F",
      "",
      "--=_letter",
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "<p>Hi</p>",
      "",
      "--=_letter--",
      "",
    ]
    let bytes = message(subject: "Grüße", text: "1 + 1 = 2, \nsüß").bytes
    #expect(String(decoding: bytes, as: UTF8.self) == lines.joined(separator: "\r\n"))
  }

  @Test func `The same values give the same bytes, so that a repeat is the same letter`() {
    #expect(message().bytes == message().bytes)
  }

  @Test(arguments: 0..<500) func `Any text comes back from quoted-printable`(seed: Int) throws {
    var random = RandomText(seed: seed)
    let text = random.text(upTo: 400, lineBreaks: true)
    let encoded = QuotedPrintable.encode(text)
    let lines = try #require(linesOfMessage(encoded))
    for line in lines {
      #expect(line.count <= 76)
      #expect(line.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 })
      #expect(line.last != 0x20 && line.last != 0x09)
    }
    var expected = text.replacing("\r\n", with: "\n").unicodeScalars.map { $0 == "\r" ? "\n" : $0 }
    if expected.last != "\n" { expected.append("\n") }
    let decoded = String(decoding: try #require(decodeQuotedPrintable(encoded)), as: UTF8.self)
    #expect(Array(decoded.unicodeScalars.filter { $0 != "\r" }) == expected)
  }

  @Test(arguments: 70...80) func `A line of any length near the limit is broken as little as need be`(count: Int) throws
  {
    let lines = try #require(linesOfMessage(QuotedPrintable.encode(String(repeating: "x", count: count))))
    #expect(lines.count == (count <= 76 ? 1 : 2))
    let multibyte = String(repeating: "x", count: count - 3) + "é"
    #expect(decodeQuotedPrintable(QuotedPrintable.encode(multibyte)) == Array((multibyte + "\r\n").utf8))
  }

  @Test(arguments: 0..<300) func `Any subject comes back from its header`(seed: Int) throws {
    var random = RandomText(seed: seed)
    let subject = random.text(upTo: 120, lineBreaks: false)
    let header = "Subject: " + HeaderText.unstructured(subject, after: 9)
    for line in try #require(linesOfMessage(Array((header + "\r\n").utf8))) {
      #expect(line.count <= 76)
      #expect(line.allSatisfy { (0x20...0x7E).contains($0) })
    }
    let clean = subject.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
    let decoded = try #require(decodeHeader(String(header.dropFirst(9))))
    #expect(decoded == String(clean.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
  }

  @Test func `Short plain subjects stay readable`() {
    #expect(HeaderText.unstructured("Confirm your e-mail address", after: 9) == "Confirm your e-mail address")
    let long = String(repeating: "word ", count: 30)
    #expect(decodeHeader(HeaderText.unstructured(long, after: 9)) == String(long.dropLast()))
  }

  @Test(arguments: [
    "Hello\r\nBcc: everybody@example.com", "Hello\nBcc: x@example.com", "Hello\rBcc: x@example.com",
    "Hello\r\n\r\n--=_letter\r\nContent-Type: text/html", "Hello\u{2028}Bcc: x@example.com", "\0Hello\u{85}Bcc: x",
    "=?UTF-8?Q?=0D=0ABcc:_x@example.com?=",
  ]) func `No subject and no name adds a header`(text: String) throws {
    let names = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    let named = MailMessage(
      id: id, date: 0,
      from: try #require(Mailbox(name: text, address: "a@example.com")),
      to: try #require(Mailbox(name: text + "é", address: "b@example.com")),
      subject: text, text: text, html: text)
    let lines = try #require(linesOfMessage(named.bytes)).map { String(decoding: $0, as: UTF8.self) }
    let headers = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }
    #expect(headers.map { String($0.prefix { $0 != ":" }) } == names)
  }

  @Test(arguments: 0..<100) func `No part holds the boundary`(seed: Int) throws {
    var random = RandomText(seed: seed)
    let text = random.text(upTo: 100, lineBreaks: true) + "\n--=_letter\n--=_letter--\n"
    let lines = try #require(linesOfMessage(message(text: text, html: text).bytes))
    let boundaries = lines.map { String(decoding: $0, as: UTF8.self) }.filter { $0.hasPrefix("--=_letter") }
    #expect(boundaries == ["--=_letter", "--=_letter", "--=_letter--"])
  }

  @Test(arguments: [
    "", "@", "a@", "@b", "ab", "a b@example.com", "a\r\n@example.com", "a@example.com\nRCPT TO:<x@y>",
    "<a@example.com>",
    "a@example.com>", "a@exämple.com", "a\0@example.com", "a,b@example.com", "\"a\"@example.com", "a@b@c@",
    String(repeating: "a", count: 243) + "@example.com",
  ]) func `What is no address is none`(text: String) {
    #expect(Mailbox(address: text) == nil)
  }

  @Test func `A sender is read as an operator writes it`() {
    #expect(Mailbox("a@example.com") == Mailbox(address: "a@example.com"))
    let named = Mailbox(name: "Pet Store", address: "a@example.com")
    #expect(Mailbox("Pet Store <a@example.com>") == named)
    #expect(Mailbox("\"Pet Store\" <a@example.com>") == named)
    #expect(Mailbox("<a@example.com>") == Mailbox(address: "a@example.com"))
    for wrong in ["Pet Store a@example.com", "Pet <a@example.com> x", "Pet <a@example.com", "Pet <>", ""] {
      #expect(Mailbox(wrong) == nil)
    }
  }

  @Test func `A name with quotes or letters of any script is shown as it is`() throws {
    let long = String(repeating: "long name ", count: 12)
    for name in ["O'Brien \"Pets\" \\ Co", "Müller, Söhne & Co.", "ペット", long] {
      let text = HeaderText.phrase(name, after: 6)
      #expect(decodeHeader(text) == name.split(separator: " ").joined(separator: " "))
    }
    #expect(HeaderText.phrase("Pets, Inc.", after: 6) == "\"Pets, Inc.\"")
  }

  @Test func `A Message-ID takes no more than a plain word`() {
    #expect(MessageID(letter: "a-1_B.c", sender: sender)?.description == "<a-1_B.c@petstore.example>")
    for wrong in ["", ".a", "a.", "a..b", "a b", "a>", "a\r\n", "é", String(repeating: "a", count: 65)] {
      #expect(MessageID(letter: wrong, sender: sender) == nil)
    }
  }
}
