// Who a letter is from and to, in a form that can neither end a header nor an SMTP command.

/// A name and an address (RFC 5322 section 3.4).
public struct Mailbox: Hashable, Sendable {
  /// Shown instead of the address; nil for none.
  public let name: String?
  /// Without angle brackets.
  public let address: String

  /// nil unless the address is one of at most 254 visible ASCII characters with an at sign inside, and none of those
  /// that mean something in a header: quoted mailbox names are not taken.
  public init?(name: String? = nil, address: String) {
    guard Self.isAddress(address) else { return nil }
    self.name = name
    self.address = address
  }

  /// Reads `someone@example.com` or `Some One <someone@example.com>`, as an operator writes it; nil for anything else.
  public init?(_ text: String) {
    guard let open = text.firstIndex(of: "<") else {
      self.init(address: text)
      return
    }
    guard text.last == ">" else { return nil }
    var name = text[..<open]
    while name.last == " " { name.removeLast() }
    if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
    self.init(
      name: name.isEmpty ? nil : String(name), address: String(text[text.index(after: open)...].dropLast()))
  }

  /// The part after the last at sign.
  public var domain: String { String(address.split(separator: "@").last ?? "") }

  static func isAddress(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard (3...254).contains(bytes.count), let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
    return at > 0 && at < bytes.count - 1
      && bytes.allSatisfy { (0x21...0x7E).contains($0) && !#"<>()[]\,;:""#.utf8.contains($0) }
  }
}
