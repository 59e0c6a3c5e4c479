// Markdown as GitHub reads it (GitHub Flavored Markdown Spec 0.29), parsed by cmark-gfm: the reference implementation
// decides what a text means, here and wherever else it is shown.

import CMarkdown

/// A piece of a text, its words without any markup.
public enum MarkdownBlock: Sendable, Equatable {
  /// Level 1 to 6.
  case heading(level: Int, text: String)
  case paragraph(String)
  case list(ordered: Bool, items: [String])
  case table(header: [String], rows: [[String]])
}

/// A parsed text.
public struct MarkdownDocument: ~Copyable {
  private let parser: OpaquePointer
  private let root: OpaquePointer

  /// Parses any text; there is none that is no Markdown. Bytes that are no UTF-8 and U+0000 become U+FFFD.
  ///
  /// - Returns: nil where there is no memory.
  public init?(_ text: String) {
    _ = Self.isReady
    guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return nil }
    for name in ["table", "strikethrough", "autolink"] {
      if let syntax = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, syntax) }
    }
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
    }
    guard let root = cmark_parser_finish(parser) else {
      cmark_parser_free(parser)
      return nil
    }
    self.parser = parser
    self.root = root
  }

  deinit {
    cmark_node_free(root)
    cmark_parser_free(parser)
  }

  /// The text as HTML that is safe to show: raw HTML in it is left out, links to scripts lose their target, everything
  /// else is escaped.
  ///
  /// - Parameter anchors: ids of the headings of level 2, in their order; further ones get none.
  public func html(anchors: [String] = []) -> String {
    guard let raw = cmark_render_html(root, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser)) else {
      return ""
    }
    defer { cmark_get_default_mem_allocator().pointee.free(raw) }
    let html = String(cString: raw)
    guard !anchors.isEmpty else { return html }
    // Only a heading begins so: what the text itself has of it is left out or escaped.
    var titled = ""
    var anchors = anchors[...]
    for line in html.split(separator: "\n", omittingEmptySubsequences: false) {
      if !titled.isEmpty { titled += "\n" }
      if line.hasPrefix("<h2>"), let anchor = anchors.popFirst() {
        titled += "<h2 id=\"\(Self.attribute(anchor))\">" + line.dropFirst(4)
      } else {
        titled += line
      }
    }
    return titled
  }

  /// The text as a list of its pieces. Raw HTML and rules are left out; of quotations and code the words stay; a list within
  /// a list becomes part of the item that it is in; of a link its words stay, of a picture its alternative text.
  public func blocks() -> [MarkdownBlock] {
    var blocks: [MarkdownBlock] = []
    for node in children(root) { append(node, to: &blocks) }
    return blocks
  }

  private func append(_ node: OpaquePointer, to blocks: inout [MarkdownBlock]) {
    let type = cmark_node_get_type(node)
    switch type {
    case CMARK_NODE_HEADING:
      let text = words(node)
      if !text.isEmpty { blocks.append(.heading(level: Int(cmark_node_get_heading_level(node)), text: text)) }
    case CMARK_NODE_LIST:
      let items = children(node).map { words($0) }.filter { !$0.isEmpty }
      if !items.isEmpty {
        blocks.append(.list(ordered: cmark_node_get_list_type(node) == CMARK_ORDERED_LIST, items: items))
      }
    case CMARK_NODE_BLOCK_QUOTE: for part in children(node) { append(part, to: &blocks) }
    case _ where isTable(node):
      let rows = children(node).map { row in children(row).map { words($0) } }
      if let header = rows.first { blocks.append(.table(header: header, rows: Array(rows.dropFirst()))) }
    case CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK: break
    default:
      let text = words(node)
      if !text.isEmpty { blocks.append(.paragraph(text)) }
    }
  }

  /// Extensions' types have no constants, since they are numbered when they are registered.
  private func isTable(_ node: OpaquePointer) -> Bool {
    cmark_node_get_type_string(node).map { String(cString: $0) == "table" } ?? false
  }

  /// The words of a node on one line.
  private func words(_ node: OpaquePointer) -> String {
    var text = ""
    guard let walk = cmark_iter_new(node) else { return "" }
    defer { cmark_iter_free(walk) }
    while true {
      let event = cmark_iter_next(walk)
      if event == CMARK_EVENT_DONE { break }
      guard let part = cmark_iter_get_node(walk) else { break }
      switch cmark_node_get_type(part) {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_CODE_BLOCK:
        if let literal = cmark_node_get_literal(part) { text += String(cString: literal) }
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      // Between the paragraphs of an item, and around a list within it.
      case CMARK_NODE_PARAGRAPH where event == CMARK_EVENT_EXIT: text += " "
      default: break
      }
    }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func children(_ node: OpaquePointer) -> [OpaquePointer] {
    var found: [OpaquePointer] = []
    var next = cmark_node_first_child(node)
    while let child = next {
      found.append(child)
      next = cmark_node_next(child)
    }
    return found
  }

  private static func attribute(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "<": escaped += "&lt;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// The registry of extensions is one list for the process, filled once: `static let` sees to it.
  private static let isReady: Void = cmark_gfm_core_extensions_ensure_registered()
}
