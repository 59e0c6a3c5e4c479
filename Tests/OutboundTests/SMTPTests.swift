import HTTP
import Harness
import Outbound
import Testing

/// Against a relay that is a program of its own: Tests/EndToEnd/mailbox.py.
@Suite struct SMTPTests {
  private let letter: MailMessage

  init() throws {
    let sender = try #require(Mailbox(name: "Pet Störe", address: "no-reply@petstore.example"))
    letter = MailMessage(
      id: try #require(MessageID(letter: "letter-1", sender: sender)), date: 1_768_640_705, from: sender,
      to: try #require(Mailbox(address: "reader@example.com")),
      subject: "Grüße an alle Katzen: " + String(repeating: "miau 🐈 ", count: 12),
      text: "Hi\n.\n..\n.dots\nEnde 🐾 \n", html: "<p>.</p>\n.\n")
  }

  private func relay(
    _ server: ScratchRelay, scheme: String = "smtp", username: String? = nil, password: String? = nil,
    security: MailRelay.Security = .none, caFile: String? = nil, timeout: Duration = .seconds(10)
  ) -> MailRelay {
    MailRelay(
      url: "\(scheme)://127.0.0.1:\(server.port)", username: username, password: password, security: security,
      caFile: caFile, timeout: timeout)
  }

  private func send(_ relay: MailRelay, from: String = "no-reply@petstore.example", to: String = "reader@example.com")
    -> MailFailure?
  {
    do {
      try relay.send(letter.bytes, from: from, to: to)
      return nil
    } catch {
      return error
    }
  }

  private func received(_ server: ScratchRelay) throws -> [JSON] {
    try server.letters.map { try JSON(parsing: Array($0.utf8)) }
  }

  @Test func `A letter arrives, and another program reads in it what was written`() throws {
    let server = try ScratchRelay()
    #expect(send(relay(server)) == nil)
    let letters = try received(server)
    let one = try #require(letters.first)
    #expect(letters.count == 1)
    #expect(one["raw"] == .string(String(decoding: letter.bytes, as: UTF8.self)))
    #expect(one["faults"] == .array([]))
    #expect(one["sender"] == "no-reply@petstore.example")
    #expect(one["recipients"] == ["reader@example.com"])
    #expect(one["subject"] == .string(String(letter.subject.dropLast())))
    #expect(one["from"] == "Pet Störe <no-reply@petstore.example>")
    #expect(one["text"] == .string(letter.text))
    #expect(one["html"] == .string(letter.html))
    #expect(one["tls"] == false)
  }

  @Test(arguments: ["EHLO", "MAIL", "RCPT", "DATA", "MESSAGE", "CONNECT"])
  func `A 4xx is a matter of time`(step: String) throws {
    let server = try ScratchRelay("--fault", "\(step)=refuse:451")
    let failure = try #require(send(relay(server)))
    #expect(!failure.isPermanent)
    #expect(failure.reason.contains("451 said on purpose") || step == "EHLO", "\(failure)")
    #expect(server.letters.isEmpty)
  }

  @Test(arguments: ["MAIL", "RCPT", "DATA", "MESSAGE"])
  func `A 5xx to the letter is for good`(step: String) throws {
    let server = try ScratchRelay("--fault", "\(step)=refuse:554")
    let failure = try #require(send(relay(server)))
    #expect(failure.isPermanent)
    #expect(failure.reason.contains("554 said on purpose"), "\(failure)")
    #expect(server.letters.isEmpty)
  }

  @Test(arguments: ["CONNECT=refuse:554", "EHLO=refuse:554", "MAIL=refuse:530"])
  func `A 5xx to the settings is not for good`(fault: String) throws {
    let server = try ScratchRelay("--fault", fault)
    let failure = try #require(send(relay(server)))
    #expect(!failure.isPermanent, "\(failure)")
  }

  @Test(arguments: ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE", "REPLY"])
  func `A relay that says nothing costs no more than the time that was given`(step: String) throws {
    let server = try ScratchRelay("--fault", "\(step)=hang")
    let clock = ContinuousClock()
    let begin = clock.now
    let failure = try #require(send(relay(server, timeout: .milliseconds(400))))
    #expect(!failure.isPermanent)
    #expect(clock.now - begin < .seconds(4))
    #expect(failure.reason.contains("timed out") || failure.reason.contains("imeout"), "\(failure)")
  }

  @Test func `A relay that took the letter and is silent at the farewell has taken it`() throws {
    let server = try ScratchRelay("--fault", "QUIT=hang")
    let clock = ContinuousClock()
    let begin = clock.now
    #expect(send(relay(server, timeout: .milliseconds(900))) == nil)
    #expect(clock.now - begin < .seconds(5))
    #expect(server.letters.count == 1)
  }

  @Test(arguments: ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "MESSAGE"])
  func `A connection that breaks is a matter of time`(step: String) throws {
    let server = try ScratchRelay("--fault", "\(step)=drop")
    let failure = try #require(send(relay(server)))
    #expect(!failure.isPermanent, "\(failure)")
    #expect(server.letters.isEmpty)
  }

  @Test func `A letter that was taken without a word comes again under the same Message-ID`() throws {
    let server = try ScratchRelay("--fault", "REPLY=drop")
    for _ in 0..<2 {
      let failure = try #require(send(relay(server)))
      #expect(!failure.isPermanent)
    }
    let letters = try received(server)
    #expect(letters.count == 2)
    for one in letters {
      guard case .array(let headers)? = one["headers"] else {
        Issue.record("no headers")
        continue
      }
      #expect(headers.contains(["Message-ID", "<letter-1@petstore.example>"]))
    }
  }

  @Test func `Nobody listens, and that is a matter of time`() throws {
    let failure = try #require(
      send(
        MailRelay(
          url: "smtp://127.0.0.1:1", username: nil, password: nil, security: .none, caFile: nil, timeout: .seconds(5))))
    #expect(!failure.isPermanent)
    #expect(failure.reason.contains("127.0.0.1"))
  }

  // MARK: - TLS

  @Test(arguments: [MailRelay.Security.required, .opportunistic])
  func `STARTTLS with a certificate of nobody we know is refused`(security: MailRelay.Security) throws {
    let server = try ScratchRelay("--certificate", "certificate.pem")
    let failure = try #require(send(relay(server, security: security)))
    #expect(!failure.isPermanent)
    #expect(failure.reason.contains("certificate"), "\(failure)")
    #expect(server.letters.isEmpty)
  }

  @Test(arguments: [MailRelay.Security.required, .opportunistic])
  func `STARTTLS with its authority given is taken`(security: MailRelay.Security) throws {
    let server = try ScratchRelay("--certificate", "certificate.pem", "--require-tls")
    #expect(send(relay(server, security: security, caFile: server.caFile)) == nil)
    #expect(try received(server).map { $0["tls"] } == [true])
  }

  @Test func `TLS from the first byte does the same`() throws {
    let server = try ScratchRelay("--certificate", "certificate.pem", "--implicit-tls")
    #expect(send(relay(server, scheme: "smtps")) != nil)
    #expect(send(relay(server, scheme: "smtps", caFile: server.caFile)) == nil)
    #expect(try received(server).map { $0["tls"] } == [true])
  }

  @Test func `A certificate for another name is refused`() throws {
    let server = try ScratchRelay("--certificate", "certificate.pem", certifiedFor: "DNS:other.example")
    let failure = try #require(send(relay(server, security: .required, caFile: server.caFile)))
    #expect(failure.reason.contains("does not match") || failure.reason.contains("no alternative"), "\(failure)")
    #expect(server.letters.isEmpty)
  }

  @Test func `Where TLS is required and not offered nothing is said`() throws {
    let server = try ScratchRelay()
    let failure = try #require(send(relay(server, security: .required)))
    #expect(!failure.isPermanent)
    #expect(send(relay(server, security: .opportunistic)) == nil)
    #expect(server.letters.count == 1)
  }

  @Test func `STARTTLS that is refused ends a delivery that requires it`() throws {
    let server = try ScratchRelay("--certificate", "certificate.pem", "--fault", "STARTTLS=refuse:454")
    let failure = try #require(send(relay(server, security: .required, caFile: server.caFile)))
    #expect(!failure.isPermanent)
    #expect(server.letters.isEmpty)
  }

  // MARK: - AUTH

  @Test func `A name and password are proved`() throws {
    let server = try ScratchRelay(
      "--certificate", "certificate.pem", "--require-tls", "--user", "robot", "--password", "'o p3n söße'")
    let good = relay(
      server, username: "robot", password: "o p3n söße", security: .required, caFile: server.caFile)
    #expect(send(good) == nil)
    #expect(try received(server).map { $0["user"] } == ["robot"])
  }

  @Test func `A wrong password is an operator's matter, and is told to nobody`() throws {
    let server = try ScratchRelay("--user", "robot", "--password", "right")
    let wrong = relay(server, username: "robot", password: "s3cret-and-wrong")
    let failure = try #require(send(wrong))
    #expect(!failure.isPermanent)
    #expect(!failure.reason.contains("s3cret"), "\(failure)")
    #expect(!"\(wrong)".contains("s3cret"))
    var dumped = ""
    dump(wrong, to: &dumped)
    #expect(!dumped.contains("s3cret"))
    let none = try #require(send(relay(server)))
    #expect(!none.isPermanent)
    #expect(none.reason.contains("Authentication required"), "\(none)")
  }

  @Test func `A password is not sent in the clear because nobody offered TLS`() throws {
    let server = try ScratchRelay("--user", "robot", "--password", "right")
    #expect(send(relay(server, username: "robot", password: "right", security: .opportunistic)) != nil)
    #expect(server.letters.isEmpty)
    #expect(send(relay(server, username: "robot", password: "right", security: .none)) == nil)
  }

  // MARK: - What is refused before anybody is called

  @Test(arguments: [
    "", "reader", "a@example.com\r\nRCPT TO:<b@example.com>", "a@example.com\n", "<a@example.com>",
    "a@example.com> SIZE=1", "a b@example.com", "a\0@example.com", "ä@example.com",
  ]) func `An address that is none goes nowhere`(address: String) throws {
    let server = try ScratchRelay()
    let recipient = try #require(send(relay(server), to: address))
    #expect(recipient.isPermanent)
    let sender = try #require(send(relay(server), from: address))
    #expect(!sender.isPermanent)
    for failure in [recipient, sender] { #expect(!failure.reason.contains("\n")) }
    #expect(server.letters.isEmpty)
  }

  @Test(arguments: [
    "http://127.0.0.1:1/", "file:///etc/passwd", "127.0.0.1:25", "smtp://name:s3cret@127.0.0.1:25", "ftp://127.0.0.1",
    "", "smtp://", "smtp://127.0.0.1:25/a\r\nRSET",
  ]) func `A URL that is none of a relay is refused`(url: String) throws {
    let relay = MailRelay(
      url: url, username: nil, password: nil, security: .none, caFile: nil, timeout: .milliseconds(500))
    let failure = try #require(send(relay))
    #expect(!failure.isPermanent)
    #expect(!failure.reason.contains("s3cret"))
  }
}
