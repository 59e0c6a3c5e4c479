// An article between planning and printing: text without any markup.

enum Block: Sendable {
  case heading(level: Int, text: String, anchor: String)
  case paragraph([String])
  case bullets([String])
  case steps([String])
  case table(header: [String], rows: [[String]])
  case contents([(text: String, anchor: String)])
}

struct Section: Sendable {
  var heading: String
  var anchor: String
  var blocks: [Block] = []
}

extension Block {
  /// The words a reader sees, as the analysis counts them.
  var wordCount: Int {
    switch self {
    case .heading(_, let text, _): WordList.count(text)
    case .paragraph(let lines), .bullets(let lines): lines.reduce(0) { $0 + WordList.count($1) }
    // The number before each step counts as a word, since digits do.
    case .steps(let lines): lines.reduce(0) { $0 + WordList.count($1) + 1 }
    case .table(let header, let rows):
      ([header] + rows).joined().reduce(0) { $0 + WordList.count($1) }
    case .contents(let entries): entries.reduce(0) { $0 + WordList.count($1.text) }
    }
  }

  /// Every piece of text, for counting keywords.
  var texts: [String] {
    switch self {
    case .heading(_, let text, _): [text]
    case .paragraph(let lines), .bullets(let lines), .steps(let lines): lines
    case .table(let header, let rows): [header, rows.joined().map { $0 }].flatMap { $0 }
    case .contents(let entries): entries.map(\.text)
    }
  }
}
