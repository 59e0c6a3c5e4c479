// What of a Markdown text is read aloud.

/// Plain text out of Markdown.
enum MarkdownText {
  private static let hash: UInt32 = 0x23
  private static let space: UInt32 = 0x20

  /// Paragraphs and list items, each without its marks. Headings, contents, tables and code are apart, unless there is nothing else.
  static func blocks(of markdown: Scalars) -> [Scalars] {
    var blocks: [Scalars] = []
    var apart: [Scalars] = []
    var paragraph = Scalars()
    var inCode = false
    func close() {
      if !paragraph.isEmpty { blocks.append(plain(paragraph[...])) }
      paragraph.removeAll()
    }
    for rawLine in markdown.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = trimmed(rawLine)
      if line.starts(with: [0x60, 0x60, 0x60]) || line.starts(with: [0x7E, 0x7E, 0x7E]) {
        close()
        inCode.toggle()
      } else if inCode {
        continue
      } else if line.isEmpty {
        close()
      } else if let heading = afterHash(line) {
        close()
        apart.append(plain(heading))
      } else if line.first == 0x7C {
        close()
        for cell in line.split(separator: 0x7C) where cell.contains(where: ScalarClass.isAlphanumeric) {
          apart.append(plain(cell))
        }
      } else if let item = afterBullet(line) {
        close()
        // A list of contents repeats headings.
        if isLink(item) { apart.append(plain(item)) } else { paragraph = Scalars(item) }
      } else {
        if !paragraph.isEmpty { paragraph.append(space) }
        paragraph += line
      }
    }
    close()
    return (blocks.isEmpty ? apart : blocks).filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: ArraySlice<UInt32>) -> ArraySlice<UInt32> {
    var (start, end) = (text.startIndex, text.endIndex)
    while start < end, ScalarClass.isSpace(text[start]) { start += 1 }
    while end > start, ScalarClass.isSpace(text[end - 1]) { end -= 1 }
    return text[start..<end]
  }

  private static func afterHash(_ line: ArraySlice<UInt32>) -> ArraySlice<UInt32>? {
    guard line.first == hash else { return nil }
    let rest = line.drop { $0 == hash }
    guard line.count - rest.count <= 6, rest.first.map({ $0 == space }) ?? true else { return nil }
    return trimmed(rest)
  }

  private static func afterBullet(_ line: ArraySlice<UInt32>) -> ArraySlice<UInt32>? {
    guard let first = line.first else { return nil }
    if first == 0x2D || first == 0x2A || first == 0x2B || first == 0x3E {
      return line.dropFirst().first == space ? trimmed(line.dropFirst(2)) : nil
    }
    guard ScalarClass.isDigit(first) else { return nil }
    let rest = line.drop { ScalarClass.isDigit($0) }
    guard line.count - rest.count <= 3, let mark = rest.first, mark == 0x2E || mark == 0x29,
      rest.dropFirst().first == space
    else { return nil }
    return trimmed(rest.dropFirst(2))
  }

  /// Whether a text is a link within the page and nothing else.
  private static func isLink(_ item: ArraySlice<UInt32>) -> Bool {
    guard item.first == 0x5B, item.last == 0x29, let end = item.firstIndex(of: 0x5D) else { return false }
    return item[end...].starts(with: [0x5D, 0x28, hash]) && item.lastIndex(of: 0x5B) == item.startIndex
  }

  /// Without emphasis, targets of links and images, code marks and tags.
  private static func plain(_ text: ArraySlice<UInt32>) -> Scalars {
    var out = Scalars()
    out.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      let scalar = text[index]
      let next = index + 1 < text.endIndex ? text[index + 1] : 0
      switch scalar {
      case 0x2A, 0x60, 0x5B: index += 1  // * ` [
      case 0x5F:  // _ stays inside a word alone
        if out.last.map(ScalarClass.isWord) ?? false, ScalarClass.isWord(next) { out.append(scalar) }
        index += 1
      case 0x21 where next == 0x5B: index += 1
      case 0x5D:  // ](target)
        index += 1
        if next == 0x28, let end = text[index...].firstIndex(of: 0x29) { index = end + 1 }
      case 0x3C:  // <tag>
        if let end = text[index...].firstIndex(of: 0x3E) {
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
    return Scalars(trimmed(out[...]))
  }
}
