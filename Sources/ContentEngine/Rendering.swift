// Blocks become Markdown, HTML, plain text or JSON.

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

  static func html(_ blocks: [Block]) -> String {
    var out = ""
    out.reserveCapacity(8192)
    func list(_ tag: String, _ items: [String]) {
      out += "<\(tag)>\n"
      for item in items { out += "<li>\(escaped(item))</li>\n" }
      out += "</\(tag)>\n"
    }
    for block in blocks {
      switch block {
      case .heading(let level, let text, let anchor):
        let id = level == 2 ? " id=\"\(escaped(anchor))\"" : ""
        out += "<h\(level)\(id)>\(escaped(text))</h\(level)>\n"
      case .paragraph(let sentences):
        out += "<p>\(escaped(sentences.joined(separator: " ")))</p>\n"
      case .bullets(let items): list("ul", items)
      case .steps(let items): list("ol", items)
      case .table(let header, let rows):
        out += "<table>\n<thead><tr>"
        for cell in header { out += "<th>\(escaped(cell))</th>" }
        out += "</tr></thead>\n<tbody>\n"
        for row in rows {
          out += "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
        }
        out += "</tbody>\n</table>\n"
      case .contents(let entries):
        out += "<nav>\n<ul>\n"
        for entry in entries {
          out += "<li><a href=\"#\(escaped(entry.anchor))\">\(escaped(entry.text))</a></li>\n"
        }
        out += "</ul>\n</nav>\n"
      }
    }
    return out
  }

  /// Text for a mail or a screen reader: no marks, one blank line between blocks.
  static func plainText(_ blocks: [Block]) -> String {
    blocks.map { block in
      switch block {
      case .heading(_, let text, _): text
      case .paragraph(let sentences): sentences.joined(separator: " ")
      case .bullets(let items): items.joined(separator: "\n")
      case .steps(let items):
        items.enumerated().map { "Step \($0 + 1): \($1)" }.joined(separator: "\n")
      case .table(let header, let rows):
        rows.map { row in
          zip(header, row).map { "\($0): \($1)" }.joined(separator: ", ")
        }.joined(separator: "\n")
      case .contents(let entries): entries.map(\.text).joined(separator: "\n")
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

  static func escaped(_ text: String) -> String {
    var out = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(character)
      }
    }
    return out
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
