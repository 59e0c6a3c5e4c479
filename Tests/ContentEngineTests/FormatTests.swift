import ContentEngine
import Testing

@Suite struct FormatTests {
  private let attack = "Best Dog Food <script>alert(1)</script> & \"Treats\" <img src=x onerror=y>"

  @Test(arguments: Format.allCases)
  func `Markup of the caller never comes out`(format: Format) {
    let brief = Brief(
      topic: attack, keywords: ["<script>x</script>puppy food"], format: format,
      targetAudience: "<b>owners</b>", focusKeyword: "<script>dog", includeFAQ: true)
    let article = ContentEngine.write(brief, seed: 2)
    let everything = [
      article.content, article.title, article.excerpt, article.metaTags.description,
      article.tags.joined(), article.metaTags.keywords.joined(), article.slug,
    ]
    for text in everything {
      #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("onerror"))
      #expect(!text.contains("<b>"))
    }
  }

  @Test func `HTML closes what it opens and escapes`() {
    let brief = Brief(topic: "Cat & Dog Care", format: .html, includeFAQ: true)
    let html = ContentEngine.write(brief, seed: 4).content
    #expect(html.contains("Cat &amp; Dog Care"))
    for tag in ["h1", "h2", "h3", "p", "ul", "li", "a", "table", "tr", "td", "th"] {
      let opened = html.components(of: "<\(tag)>") + html.components(of: "<\(tag) ")
      #expect(opened == html.components(of: "</\(tag)>"), "\(tag)")
    }
  }

  @Test func `Every entry of the contents leads to a heading`() {
    let html = ContentEngine.write(Brief(topic: "Rabbit Care", format: .html), seed: 4).content
    for part in html.split(separator: "href=\"#").dropFirst() {
      let anchor = part.prefix { $0 != "\"" }
      #expect(html.contains("id=\"\(anchor)\""))
    }
  }

  @Test func `Plain text has no marks`() {
    let text = ContentEngine.write(
      Brief(topic: "Best Cat Toys", format: .plainText), seed: 4
    ).content
    for mark in ["#", "*", "|", "](", "<", "---"] { #expect(!text.contains(mark), "\(mark)") }
  }

  @Test func `JSON is a list of blocks`() {
    let text = ContentEngine.write(Brief(topic: "Best Cat Toys", format: .json), seed: 4).content
    #expect(text.hasPrefix("[{\"type\":\"heading\",\"level\":1,\"text\":\"Best Cat Toys"))
    #expect(text.hasSuffix("}]"))
    #expect(text.contains("\"type\":\"table\""))
  }
}

extension String {
  fileprivate func components(of needle: String) -> Int {
    var total = 0
    var rest = utf8[...]
    let pattern = Array(needle.utf8)
    while let first = rest.first {
      if first == pattern[0], rest.starts(with: pattern) { total += 1 }
      rest = rest.dropFirst()
    }
    return total
  }
}
