import Crypto
import Testing

@Suite struct PasswordHashTests {
  @Test func `A new hash is Argon2id at OWASP's costs, salted, and opens for its password alone`() throws {
    let first = try PasswordHash.make("Tabby-and-7-kittens")
    let second = try PasswordHash.make("Tabby-and-7-kittens")
    #expect(first.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(first != second)
    #expect(try first.verify("Tabby-and-7-kittens"))
    #expect(try !first.verify("tabby-and-7-kittens"))
    #expect(!first.needsUpgrade)
  }

  @Test(arguments: [
    // The published test vector of bcrypt's OpenBSD sources, in the three spellings of its version.
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  ])
  func `A bcrypt hash of the earlier service verifies and wants an upgrade`(text: String) throws {
    let hash = try #require(PasswordHash(text))
    #expect(try hash.verify("U*U"))
    #expect(try !hash.verify("U*V"))
    #expect(try !hash.verify("U*U\0"))
    #expect(hash.needsUpgrade)
  }

  @Test func `Passwords that differ only behind the 72nd byte are different`() throws {
    let stem = String(repeating: "x", count: 100)
    let hash = try PasswordHash.make(stem + "a")
    #expect(try hash.verify(stem + "a"))
    #expect(try !hash.verify(stem + "b"))
    #expect(try !hash.verify(stem))
  }

  @Test(arguments: [
    "", "plain", "$1$abc$def", "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe", "$argon2i$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA",
  ])
  func `A text that is no hash we take is refused`(text: String) {
    #expect(PasswordHash(text) == nil)
  }

  @Test func `A hash does not print itself`() throws {
    let hash = try PasswordHash.make("Tabby-and-7-kittens")
    #expect("\(hash)" == "<password hash>")
  }
}
