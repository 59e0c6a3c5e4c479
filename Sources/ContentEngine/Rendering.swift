// Blocks become Markdown, HTML, plain text or JSON.

import Markdown

enum Rendering {
  static func render(_ blocks: [Block], as format: Format) -> String {
    switch format {
    case .markdown: markdown(blocks)
    case .html: html(blocks)
    case .plainText: plainText(blocks)
    case .json: json(blocks)
    }
  }

  static func markdown(_ blocks: [Block]) -> String {
    var out = ""
    out.reserveCapacity(8192)
    for block in blocks {
      if !out.isEmpty { out += "\n\n" }
      switch block {
      case .heading(let level, let text, _):
        out += String(repeating: "#", count: level) + " " + text
      case .paragraph(let sentences): out += sentences.joined(separator: " ")
      case .bullets(let items): out += items.map { "- " + $0 }.joined(separator: "\n")
      case .steps(let items):
        out += items.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
      case .table(let header, let rows):
        out += "| " + header.joined(separator: " | ") + " |\n|"
        out += String(repeating: " --- |", count: header.count)
        for row in rows { out += "\n| " + row.joined(separator: " | ") + " |" }
      case .contents(let entries):
        out += entries.map { "- [\($0.text)](#\($0.anchor))" }.joined(separator: "\n")
      }
    }
    return out
  }

  /// HTML of the Markdown, which is one place less that decides what a text means.
  static func html(_ blocks: [Block]) -> String {
    let anchors = blocks.compactMap { block -> String? in
      if case .heading(2, _, let anchor) = block { return anchor }
      return nil
    }
    guard let document = MarkdownDocument(markdown(blocks)) else { return "" }
    return document.html(anchors: anchors)
  }

  /// Text for a mail or a screen reader: no marks, one blank line between blocks.
  static func plainText(_ blocks: [Block]) -> String {
    blocks.map { block in
      switch block {
      case .heading(_, let text, _): text
      case .paragraph(let sentences): sentences.joined(separator: " ")
      case .bullets(let items): items.map { "- " + $0 }.joined(separator: "\n")
      case .steps(let items):
        items.enumerated().map { "Step \($0 + 1): \($1)" }.joined(separator: "\n")
      case .table(let header, let rows):
        // The first cell is what a row is about; two columns need no more than a colon between them.
        rows.map { row in
          let rest = zip(header, row).dropFirst()
          return row.count == 2
            ? row.joined(separator: ": ")
            : (row.first ?? "") + " – " + rest.map { "\($0): \($1)" }.joined(separator: "; ")
        }.joined(separator: "\n")
      case .contents(let entries): entries.map { "- " + $0.text }.joined(separator: "\n")
      }
    }.joined(separator: "\n\n")
  }

  static func json(_ blocks: [Block]) -> String {
    func list(_ items: [String]) -> String {
      "[" + items.map(quoted).joined(separator: ",") + "]"
    }
    let parts = blocks.map { block in
      switch block {
      case .heading(let level, let text, let anchor):
        "{\"type\":\"heading\",\"level\":\(level),\"text\":\(quoted(text)),"
          + "\"anchor\":\(quoted(anchor))}"
      case .paragraph(let sentences):
        "{\"type\":\"paragraph\",\"text\":\(quoted(sentences.joined(separator: " ")))}"
      case .bullets(let items):
        "{\"type\":\"list\",\"ordered\":false,\"items\":\(list(items))}"
      case .steps(let items): "{\"type\":\"list\",\"ordered\":true,\"items\":\(list(items))}"
      case .table(let header, let rows):
        "{\"type\":\"table\",\"header\":\(list(header)),\"rows\":["
          + rows.map(list).joined(separator: ",") + "]}"
      case .contents(let entries):
        "{\"type\":\"contents\",\"items\":["
          + entries.map { "{\"text\":\(quoted($0.text)),\"anchor\":\(quoted($0.anchor))}" }
          .joined(separator: ",") + "]}"
      }
    }
    return "[" + parts.joined(separator: ",") + "]"
  }

  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\u{0}"..."\u{1F}": out += "\\u00" + (scalar.value < 16 ? "0" : "") + hex(scalar.value)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  private static func hex(_ value: UInt32) -> String { String(value, radix: 16) }
}
