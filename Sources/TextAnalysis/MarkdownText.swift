// What of a Markdown text is read aloud.

/// Plain text out of Markdown.
enum MarkdownText {
  /// Paragraphs and list items, each without its marks. Headings, tables and code are apart, unless there is nothing else.
  static func blocks(of markdown: String) -> [String] {
    var blocks: [String] = []
    var apart: [String] = []
    var paragraph = ""
    var inCode = false
    func close() {
      if !paragraph.isEmpty { blocks.append(plain(paragraph)) }
      paragraph = ""
    }
    for rawLine in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = trimmed(rawLine)
      if line.hasPrefix("```") || line.hasPrefix("~~~") {
        close()
        inCode.toggle()
        continue
      }
      if inCode { continue }
      if line.isEmpty {
        close()
      } else if let heading = afterMarks(line, "#") {
        close()
        apart.append(plain(heading))
      } else if line.hasPrefix("|") {
        close()
        for cell in line.split(separator: "|") {
          let text = trimmed(cell)
          if text.contains(where: { $0.isLetter || $0.isNumber }) { apart.append(plain(text)) }
        }
      } else if let item = afterBullet(line) {
        close()
        paragraph = String(item)
      } else {
        paragraph += paragraph.isEmpty ? line : " " + line
      }
    }
    close()
    return (blocks.isEmpty ? apart : blocks).filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var view = text[...]
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    while let last = view.last, last.isWhitespace { view.removeLast() }
    return String(view)
  }

  private static func afterMarks(_ line: String, _ mark: Character) -> String? {
    let marks = line.prefix { $0 == mark }.count
    guard (1...6).contains(marks), line.dropFirst(marks).first.map({ $0 == " " }) ?? true else { return nil }
    return trimmed(line.dropFirst(marks))
  }

  private static func afterBullet(_ line: String) -> String? {
    if let first = line.first, "-*+>".contains(first), line.dropFirst().first == " " {
      return trimmed(line.dropFirst(2))
    }
    let digits = line.prefix { $0.isNumber }
    guard (1...3).contains(digits.count) else { return nil }
    let rest = line.dropFirst(digits.count)
    guard let mark = rest.first, mark == "." || mark == ")", rest.dropFirst().first == " " else { return nil }
    return trimmed(rest.dropFirst(2))
  }

  /// Without emphasis, targets of links and images, code marks and tags.
  private static func plain(_ text: String) -> String {
    let scalars = text.scalars
    var out = Scalars()
    out.reserveCapacity(scalars.count)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      switch scalar {
      case 0x2A, 0x60: index += 1  // * `
      case 0x5F:  // _ beside a space or the edge
        let before = out.last.map(ScalarClass.isWord) ?? false
        let after = index + 1 < scalars.count && ScalarClass.isWord(scalars[index + 1])
        if before, after { out.append(scalar) }
        index += 1
      case 0x21 where index + 1 < scalars.count && scalars[index + 1] == 0x5B: index += 1
      case 0x5B: index += 1  // [
      case 0x5D:  // ](target)
        index += 1
        if index < scalars.count, scalars[index] == 0x28, let end = scalars[index...].firstIndex(of: 0x29) {
          index = end + 1
        }
      case 0x3C:  // <tag>
        if let end = scalars[index...].firstIndex(of: 0x3E) {
          index = end + 1
        } else {
          out.append(scalar)
          index += 1
        }
      default:
        out.append(scalar)
        index += 1
      }
    }
    return trimmed(String(out))
  }
}
