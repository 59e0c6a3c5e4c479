// Slowing down password guessing without handing attackers a way to lock people out.
//
// Attempts are counted before the password is looked at, so that parallel guesses cannot outrun the count:
// - an account from one address: 5 in a rolling quarter of an hour; a success takes them back. Stops a person, or a
//   script, at one door.
// - an account from all addresses it was never logged in from: 20. Stops a guessing network at one account. The
//   owner's own addresses are not in this count and not stopped by it, so filling it locks out nobody who has been in
//   before.
// - an address over all accounts: LOGIN_LIMIT_PER_MINUTE. Stops one machine that tries one password on everybody.
// A refused attempt counts nowhere. Accounts that do not exist are counted alike, so that the answer tells nothing
// (OWASP ASVS 5.0, 6.3.1 and 6.3.8).

/// The numbers of the lockout rule.
public enum Lockout {
  /// Seconds over which attempts count.
  public static let window = 900

  public static let perAccountAndAddress = LimitPolicy(
    name: "account-address", quota: 5, seconds: window)
  public static let perAccountFromStrangers = LimitPolicy(
    name: "account-strangers", quota: 20, seconds: window)
}

/// A network address as limits see it: IPv4 whole, IPv6 by its /64, which is what one customer is given (RFC 6177).
public struct AddressGroup: Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ address: String) {
    guard address.utf8.contains(UInt8(ascii: ":")) else {
      description = address
      return
    }
    var bare = Substring(address.prefix { $0 != "%" })
    // An IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2) is that IPv4 address.
    if let dot = bare.firstIndex(of: "."), let colon = bare[..<dot].lastIndex(of: ":") {
      description = String(bare[bare.index(after: colon)...])
      return
    }
    var groups: [Substring] = []
    if bare.hasSuffix("::") { bare.removeLast(2) }
    if bare.hasPrefix("::") { bare = "0" + bare }
    let halves = bare.split(separator: ":", omittingEmptySubsequences: false)
    for part in halves {
      if part.isEmpty { break }
      groups.append(part)
    }
    // What "::" left out within the first four groups is zero, but how many it stands for depends on what follows.
    if let gap = halves.firstIndex(where: \.isEmpty) {
      let tail = halves[(gap + 1)...]
      let zeros = max(0, 8 - gap - tail.count)
      groups = halves[..<gap] + Array(repeating: "0", count: zeros) + tail
    }
    while groups.count < 4 { groups.append("0") }
    description =
      groups[..<4].map { group in
        let trimmed = group.drop { $0 == "0" }.lowercased()
        return trimmed.isEmpty ? "0" : trimmed
      }.joined(separator: ":") + "::/64"
  }
}
