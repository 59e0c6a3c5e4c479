/// What strangers may have chosen, as it may stand in a letter.
enum Shown {
  /// A company's name in the middle of a sentence, with a blank before it; empty if it is better left out.
  ///
  /// Anybody can register somebody else's address, and the name he gives goes into that person's mail. So a name that
  /// mail programs would turn into a link, or that is long enough for a message, is not shown.
  static func company(_ name: String, before: String) -> String {
    let clean = oneLine(name)
    let looksLikeLink =
      clean.contains("/") || clean.contains("@") || clean.contains("\\")
      || clean.split(separator: ".", omittingEmptySubsequences: false).dropFirst().contains { part in
        part.first.map { $0.isLetter || $0.isNumber } ?? false
      }
    guard !clean.isEmpty, clean.count <= 60, !looksLikeLink else { return "" }
    return " \(before) “\(clean)”"
  }

  /// An address with all but its first letter and its domain left out: `j…@example.com`.
  static func masked(_ address: String) -> String {
    guard let at = address.lastIndex(of: "@"), let first = address.first, at > address.startIndex else { return "…" }
    return oneLine("\(first)…\(address[at...])")
  }

  /// Without line breaks, control characters and marks that turn the direction of writing around.
  static func oneLine(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { isShown($0) ? $0 : " " }
    return String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    // Joiners are parts of emoji and of some scripts.
    case .format: scalar.value == 0x200C || scalar.value == 0x200D
    default: true
    }
  }

  /// `1 hour`, `24 hours`.
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
