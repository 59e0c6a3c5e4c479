// Markdown that somebody else wrote, turned into the other formats.

import Markdown

/// A caller's Markdown in another format.
public enum TextConversion {
  /// - Returns: `markdown` itself; safe HTML (see ``MarkdownDocument``); text without marks; or a JSON array of blocks.
  public static func convert(_ markdown: String, to format: Format) -> String {
    switch format {
    case .markdown: return markdown
    case .html: return MarkdownDocument(markdown)?.html(anchors: anchors(blocks(of: markdown))) ?? ""
    case .plainText, .json: return Rendering.render(blocks(of: markdown), as: format)
    }
  }

  /// The pieces of a Markdown text, each heading of level 2 with an anchor of its own.
  static func blocks(of markdown: String) -> [Block] {
    guard let document = MarkdownDocument(markdown) else { return [] }
    var taken: Set<String> = []
    return document.blocks().map { block in
      switch block {
      case .heading(let level, let text):
        let slug = CallerText.slug(text)
        var anchor = slug.isEmpty ? "section" : slug
        var number = 2
        while !taken.insert(anchor).inserted {
          anchor = (slug.isEmpty ? "section" : slug) + "-\(number)"
          number += 1
        }
        return .heading(level: level, text: text, anchor: anchor)
      case .paragraph(let text): return .paragraph([text])
      case .list(let ordered, let items): return ordered ? .steps(items) : .bullets(items)
      case .table(let header, let rows): return .table(header: header, rows: rows)
      }
    }
  }

  private static func anchors(_ blocks: [Block]) -> [String] {
    blocks.compactMap { block in
      if case .heading(2, _, let anchor) = block { return anchor }
      return nil
    }
  }
}
