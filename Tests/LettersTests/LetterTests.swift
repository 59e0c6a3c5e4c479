import Testing

@testable import Letters

@Suite struct LetterTests {
  private static let publicURL = "https://pets.example.com"
  private static let code = "psd_code_Zk3-9_aBcDefGhIjKlMnOpQrStUvWxYz0123456789"
  private static let evil = "<script>alert(1)</script>&\"'"

  /// Every letter, with values that want to be markup.
  static let all: [(name: String, letter: Letter)] =
    [
      ("verifyEmail", Letters.verifyEmail(company: evilName, code: code, hours: 24, publicURL: publicURL)),
      ("resetPassword", Letters.resetPassword(code: code, minutes: 30, address: evil, publicURL: publicURL)),
      ("passwordChanged", Letters.passwordChanged(when: 1_768_640_705, address: evil, publicURL: publicURL)),
      ("confirmNewEmail", Letters.confirmNewEmail(code: code, hours: 1, publicURL: publicURL)),
      ("emailChanged", Letters.emailChanged(to: "<b>&x@\(evil).example", publicURL: publicURL)),
      ("emailInUse", Letters.emailInUse(publicURL: publicURL)),
      ("accountDeleted", Letters.accountDeleted(publicURL: publicURL)),
      ("invitation", Letters.invitation(company: evilName, code: code, hours: 72, publicURL: publicURL)),
    ]
    + SessionsEndedReason.allCases.map { ("sessionsEnded \($0)", Letters.sessionsEnded($0, publicURL: publicURL)) }
    + SecondFactorChange.allCases.map {
      ("secondFactorChanged \($0)", Letters.secondFactorChanged($0, publicURL: publicURL))
    }
  /// Without a slash, which would keep it out of the letter.
  private static let evilName = "<b onclick='x'>&\"Pets\""

  @Test(arguments: all) func `A letter holds no markup but its own`(name: String, letter: Letter) throws {
    let allowed = ["html", "head", "meta", "title", "body", "div", "p", "h1", "a", "br", "pre", "!DOCTYPE"]
    var rest = letter.html[...]
    while let open = rest.firstIndex(of: "<") {
      let close = try #require(rest[open...].firstIndex(of: ">"))
      let tag = rest[rest.index(after: open)..<close]
      let element = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" }
      #expect(allowed.contains(String(element)), "\(name): <\(tag)>")
      #expect(!tag.contains("<") && !tag.contains("onclick") && !tag.contains("script"), "\(name): <\(tag)>")
      rest = rest[rest.index(after: close)...]
    }
    #expect(!rest.contains(">"))
    // Every ampersand begins one of our five.
    for part in letter.html.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
      #expect(["amp;", "lt;", "gt;", "quot;", "#39;"].contains { part.hasPrefix($0) }, "\(name): &\(part.prefix(9))")
    }
  }

  @Test(arguments: all) func `A letter is short, well formed and loads nothing`(name: String, letter: Letter) {
    #expect(!letter.subject.isEmpty && letter.subject.count <= 60 && letter.subject.utf8.allSatisfy { $0 >= 0x20 })
    for line in letter.text.split(separator: "\n") + letter.html.split(separator: "\n") {
      #expect(line.utf8.count <= 998, "\(name)")
    }
    for line in letter.text.split(separator: "\n") where !line.contains("https://") && !line.hasPrefix("    ") {
      #expect(line.count <= 72, "\(name): \(line)")
    }
    #expect(letter.text.hasSuffix("\n") && !letter.text.contains("\r"))
    for loading in ["src=", "@import", "url(", "<link", "<style", "<img"] { #expect(!letter.html.contains(loading)) }
    #expect(letter.html.utf8.count < 8_000)
    #expect(letter.text.contains("PetStore Direct") && letter.text.contains(Self.publicURL))
  }

  @Test(arguments: [
    ("verifyEmail", "verify-email", "email/verify"), ("confirmNewEmail", "verify-email", "email/verify"),
    ("resetPassword", "reset-password", "password/reset"), ("invitation", "reset-password", "password/reset"),
  ]) func `Code, link and call stand in both parts`(name: String, page: String, path: String) throws {
    let letter = try #require(Self.all.first { $0.name == name }).letter
    let link = "\(Self.publicURL)/docs/account/\(page).html#token=\(Self.code)"
    let body =
      path == "email/verify"
      ? "{\"token\": \"\(Self.code)\"}"
      : "{\"token\": \"\(Self.code)\", \"new_password\": \"YOUR NEW PASSWORD\"}"
    let lines = letter.text.split(separator: "\n").map(String.init)
    #expect(lines.contains(link))
    #expect(lines.contains("    \(Self.code)"))
    #expect(lines.contains("    curl \(Self.publicURL)/api/v1/auth/\(path) \\"))
    #expect(lines.contains("      -d '\(body)'"))
    #expect(letter.html.contains("href=\"\(link)\""))
    #expect(letter.html.contains(">\(Self.code)</p>"))
    #expect(letter.html.contains(HTML.escape("  -d '\(body)'")))
  }

  @Test func `What a letter says of time and place is exact`() {
    let changed = Letters.passwordChanged(when: 1_768_640_705, address: "2001:db8::7", publicURL: Self.publicURL)
    #expect(changed.html.contains("on 17 January 2026, 09:05 UTC, from the IP address 2001:db8::7."))
    let reset = Letters.resetPassword(code: "c", minutes: 1, address: "192.0.2.4", publicURL: Self.publicURL)
    #expect(reset.html.contains("at the IP address 192.0.2.4 ") && reset.html.contains("for 1 minute and"))
    let verify = Letters.verifyEmail(company: "Paws & Söhne 🐾", code: "c", hours: 24, publicURL: Self.publicURL)
    #expect(verify.html.contains("for “Paws &amp; Söhne 🐾”.") && verify.html.contains("for 24 hours and"))
    let moved = Letters.emailChanged(to: "jane.doe@example.com", publicURL: Self.publicURL)
    #expect(moved.html.contains("j…@example.com") && !moved.html.contains("jane"))
  }

  @Test(arguments: [
    "Win at https://evil.example", "evil.example", "www.evil.example now", "write to a@evil.example", "a\\b", "",
    " \n ",
    String(repeating: "You have won. ", count: 5), "1.2.3.4",
  ]) func `A company's name cannot carry a stranger's message`(company: String) {
    for letter in [
      Letters.verifyEmail(company: company, code: "c", hours: 1, publicURL: Self.publicURL),
      Letters.invitation(company: company, code: "c", hours: 1, publicURL: Self.publicURL),
    ] {
      #expect(!letter.text.contains("“") && !letter.text.contains("evil") && !letter.text.contains("won"))
    }
  }

  @Test func `A company's name is on one line and turns nothing around`() {
    let letter = Letters.verifyEmail(
      company: "Dr. Paws\r\nBcc: x\u{202E} Inc.", code: "c", hours: 1, publicURL: Self.publicURL)
    #expect(letter.html.contains("“Dr. Paws Bcc: x Inc.”"))
  }

  @Test func `A code of any characters stays in its place`() {
    let letter = Letters.resetPassword(code: "a'\"\\ $(x)#", minutes: 5, address: "::1", publicURL: Self.publicURL)
    #expect(letter.text.contains("#token=a%27%22%5C%20%24%28x%29%23\n"))
    #expect(letter.text.contains(#"-d '{"token": "a'\''\"\\ $(x)#", "new_password""#))
  }
}
