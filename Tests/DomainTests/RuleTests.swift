import Testing

@testable import Domain

@Suite struct EmailAddressTests {
  @Test(arguments: ["Anna@Example.COM", "a.b+c@mail.example.org", "x_y@sub.domain.co", "o'neil@example.ie"])
  func `A real address is taken in lower case`(text: String) {
    #expect(EmailAddress(text)?.description == text.lowercased())
  }

  @Test(arguments: [
    "", "@", "a@", "@b.c", "a@b", "a b@c.de", "a@b..c", "a@-b.de", "a@b-.de", ".a@b.de", "a.@b.de", "a@b.de\n",
    "a@b@c.de\u{0}", "a\u{0}@b.de", "\"q\"@b.de",
  ])
  func `What is none is refused`(text: String) {
    #expect(EmailAddress(text) == nil)
  }

  @Test func `254 bytes are the most`() {
    let domain = "@" + String(repeating: "d", count: 60) + "." + String(repeating: "e", count: 60) + ".example"
    let local = String(repeating: "l", count: 64)
    #expect(EmailAddress(local + domain) != nil)
    #expect(EmailAddress("l" + local + domain) == nil)
  }
}

@Suite struct PasswordPolicyTests {
  let policy = PasswordPolicy(commonPasswords: "#!comment: a list\npassword\nletmein\nqwertyuiopasdfg\n")
  let email = EmailAddress("anna.smith@example.org")

  private func refusal(_ text: String) -> PasswordPolicy.Refusal? {
    guard let password = Password(text) else { return nil }
    do throws(PasswordPolicy.Refusal) {
      try policy.check(password, email: email)
      return nil
    } catch {
      return error
    }
  }

  @Test func `Eight characters of four kinds or fifteen of any are enough`() {
    #expect(refusal("aB3$xyz") == .tooSimple)
    #expect(refusal("aB3$xyzw") == nil)
    #expect(refusal("kittens like it") == nil)
    #expect(refusal("kittens like i") == .tooSimple)
    #expect(refusal("ab3$xyzw") == .tooSimple)
    #expect(refusal("AB3$XYZW") == .tooSimple)
    #expect(refusal("aBc$xyzw") == .tooSimple)
    #expect(refusal("aB3dxyzw") == .tooSimple)
    #expect(refusal("aaaaaaaaaaaaaaaaaaaa") == .tooSimple)
    #expect(refusal("Käse-für-7-Kätzchen") == nil)
  }

  @Test(arguments: ["password", "Password1!", "P@ssw0rd", "P@$$w0rd99", "LetMeIn!1", "QWERTYUIOPASDFG"])
  func `What everybody tries is refused in all its clothes`(text: String) {
    #expect(refusal(text) == .common)
  }

  @Test func `The address is no password`() {
    #expect(refusal("anna.smith@example.org") == .containsEmail)
    #expect(refusal("Anna.Smith-2027") == .containsEmail)
  }

  @Test func `1,024 bytes are the most`() {
    #expect(Password(String(repeating: "ab", count: 512)) != nil)
    #expect(Password(String(repeating: "ab", count: 512) + "c") == nil)
    #expect(Password("") == nil)
  }
}

@Suite struct AddressGroupTests {
  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"),
    ("2001:0DB8::", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
    ("1::2:3:4:5:6:7", "1:0:2:3::/64"), ("::2:3:4:5:6:7:8", "0:2:3:4::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
  ])
  func `IPv4 counts whole and IPv6 by its first 64 bits`(address: String, group: String) {
    #expect(AddressGroup(address).description == group)
  }
}

@Suite struct IDTests {
  @Test func `An identity reads as it is written, in either case`() throws {
    for _ in 0..<200 {
      let id = ID<User>.random()
      #expect(ID<User>(id.description) == id)
      #expect(ID<User>(id.description.uppercased()) == id)
      #expect(Array(id.description)[14] == "4")
    }
  }

  @Test(arguments: [
    "", "x", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
    "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdeg", "01234567x89ab-cdef-0123-456789abcdef",
  ])
  func `What is no UUID is refused`(text: String) {
    #expect(ID<User>(text) == nil)
  }
}

@Suite struct ScopeSetTests {
  @Test func `A set knows its members and its subsets`() {
    let some = ScopeSet([.usageRead, .keysWrite])
    #expect(some.contains(.keysWrite) && !some.contains(.keysRead))
    #expect(some.isSubset(of: .all) && !ScopeSet.all.isSubset(of: some))
    #expect(some.scopes == [.keysWrite, .usageRead])
  }
}
