import Testing

import Markdown

@Suite struct MarkdownDocumentTests {
  private func html(_ text: String, anchors: [String] = []) throws -> String {
    guard let document = MarkdownDocument(text) else { throw NoDocument() }
    return document.html(anchors: anchors)
  }

  private func blocks(_ text: String) throws -> [MarkdownBlock] {
    guard let document = MarkdownDocument(text) else { throw NoDocument() }
    return document.blocks()
  }

  private struct NoDocument: Error {}

  @Test func htmlHasHeadingsListsAndTables() throws {
    let page = try html("# Cats\n\n## Food\n\n- fish\n- *meat*\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", anchors: ["food"])
    #expect(page.contains("<h1>Cats</h1>"))
    #expect(page.contains("<h2 id=\"food\">Food</h2>"))
    #expect(page.contains("<li><em>meat</em></li>"))
    #expect(page.contains("<td>1</td>"))
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "text <img src=x onerror=alert(1)> more", "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "![x](vbscript:x)", "<iframe src=//x>", "<a href='javascript:x'>y</a>",
  ])
  func htmlIsSafe(text: String) throws {
    let page = try html(text).lowercased()
    for danger in ["<script", "<img src=x", "javascript:", "onerror=", "data:text", "vbscript:", "<iframe"] {
      #expect(!page.contains(danger), "\(page)")
    }
  }

  @Test func anAnchorCannotLeaveItsAttribute() throws {
    #expect(
      try html("<h2>x</h2>\n\n`<h2>`\n\n## A", anchors: ["a"]).contains(
        "<p><code>&lt;h2&gt;</code></p>\n<h2 id=\"a\">A</h2>"))
    #expect(try html("## A", anchors: ["\"><script>"]).contains("<h2 id=\"&quot;>&lt;script>\">A</h2>"))
  }

  @Test func blocksKeepWordsAndDropMarkup() throws {
    let text = """
      # Title *one*

      First **line**
      second [link](https://example.org) and `code`.

      > Quoted <b>words</b>.

      1. one
      2. two
         - inner

      ***

      <div>gone</div>

      | Food | Grams |
      |------|-------|
      | Fish | 40 |
      """
    #expect(
      try blocks(text) == [
        .heading(level: 1, text: "Title one"), .paragraph("First line second link and code."),
        .paragraph("Quoted words."), .list(ordered: true, items: ["one", "two inner"]),
        .table(header: ["Food", "Grams"], rows: [["Fish", "40"]]),
      ])
  }

  @Test func anythingIsParsed() throws {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("#*_-`[]()<>!|\\\n \t\"'&;:1.a\u{0}é🐈")
    for _ in 0..<300 {
      let text = String((0..<Int.random(in: 0...200, using: &random)).compactMap { _ in alphabet.randomElement() })
      let page = try html(text)
      #expect(!page.contains("<script"))
      _ = try blocks(text)
    }
    // Deep nesting costs neither the stack nor the evening.
    _ = try html(String(repeating: "> ", count: 20_000))
    _ = try blocks(String(repeating: "[", count: 20_000))
  }
}
