/// An e-mail address, folded: two spellings that reach the same mailbox in practice are one value.
///
/// Accepts what HTML's `input type=email` does (WHATWG HTML section 4.10.5.1.5), a willful violation of RFC 5322 that
/// every real address satisfies: a dot-atom, an at sign, a domain name with a dot.
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address in lower case.
  public let description: String

  /// 3 to 254 characters (RFC 5321 section 4.5.3.1.3); nil for anything else.
  public init?(_ text: String) {
    let folded = text.lowercased()
    let bytes = Array(folded.utf8)
    guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let local = bytes[..<at]
    let domain = bytes[(at + 1)...]
    guard !local.isEmpty, local.count <= 64, local.allSatisfy(Self.isAtomByte),
      local.first != UInt8(ascii: "."), local.last != UInt8(ascii: ".")
    else { return nil }
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy(Self.isLabel) else { return nil }
    description = folded
  }

  private static func isAtomByte(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
      && label.last != UInt8(ascii: "-")
      && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
