/// A letter as plain text.
enum PlainText {
  private static let width = 72

  static func render(_ blocks: [Block], ending: [String]) -> String {
    let parts = blocks.map { block in
      switch block {
      case .paragraph(let words), .note(let words): wrap(words)
      // Alone on its line, since mail programs end a link at the first blank.
      case .button(let words, let link): wrap(words + ":") + "\n" + link
      case .code(let code): "    " + code
      case .command(let lines): lines.map { "    " + $0 }.joined(separator: "\n")
      }
    }
    // Two dashes and a blank: what follows is a signature, and mail programs fold it away.
    return parts.joined(separator: "\n\n") + "\n\n-- \n" + ending.joined(separator: "\n") + "\n"
  }

  /// Breaks at blanks; a word that is longer than a line stays whole.
  private static func wrap(_ words: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in words.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
