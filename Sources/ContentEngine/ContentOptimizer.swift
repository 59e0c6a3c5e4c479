// Rewriting a caller's own text for its keywords, without hanging words where they do not belong.

/// A text rewritten for its keywords, and what was changed.
public struct OptimizedContent: Sendable, Equatable {
  /// One change, or one that was asked for and could not be made well.
  public struct Change: Sendable, Equatable {
    public enum Kind: String, Sendable {
      case keywordPlaced = "keyword_placed"
      case keywordThinned = "keyword_thinned"
      case heading = "heading"
      case notPlaced = "not_placed"
    }
    public let kind: Kind
    public let keyword: String?
    public let before: String
    public let after: String
    public let reason: String
  }

  public private(set) var content: String
  public private(set) var changes: [Change] = []

  /// In percent of all words: below the first a keyword is placed, above the last it is thinned out.
  private static let (low, target, high) = (0.5, 1.0, 3.0)
  /// Secondary keywords looked at, and their aim in percent.
  private static let secondary = (count: 3, low: 0.3, target: 0.5)

  /// Rewrites a Markdown text.
  ///
  /// - A keyword goes where its last word stands alone already ("Start the training early" for "crate training").
  /// - A keyword used too often becomes its last word, after the first use in a paragraph.
  /// - A heading without a space after its marks gets one, a second H1 becomes an H2, and deeper headings before the
  ///   first H2 become H2.
  public init(_ markdown: String, keywords: [String], focus: String?) {
    content = markdown
    mendHeadings()
    let words = WordList.count(markdown)
    guard words > 0 else { return }
    var wanted: [(keyword: String, low: Double, target: Double)] = []
    if let focus, CallerText.hasWords(focus) { wanted.append((focus, Self.low, Self.target)) }
    let others = keywords.filter { keyword in
      CallerText.hasWords(keyword) && keyword.lowercased() != focus?.lowercased()
    }
    for keyword in others.prefix(Self.secondary.count) {
      wanted.append((keyword, Self.secondary.low, Self.secondary.target))
    }
    for (keyword, low, target) in wanted {
      let lower = keyword.lowercased()
      let density = 100 * Double(count(lower)) / Double(words)
      if density < low {
        let missing = max(1, Int((target * Double(words) / 100).rounded(.down)) - count(lower))
        place(lower, times: missing)
      } else if density > Self.high {
        thin(lower, to: max(1, Int(Self.high * Double(words) / 100)))
      }
    }
  }

  private func count(_ keyword: String) -> Int {
    Self.occurrences(of: keyword, in: content).count
  }

  // MARK: Placing

  private static let determiners: Set<String> = [
    "the", "this", "that", "these", "those", "your", "our", "their", "his", "her", "its", "my", "with", "for", "of",
    "on", "in", "about", "to", "and", "or", "from", "some", "any", "no", "good", "more", "most", "by", "into", "as",
    "when", "while", "if", "because", "is", "are",
  ]

  private mutating func place(_ keyword: String, times: Int) {
    let words = keyword.split(separator: " ").map(String.init)
    guard words.count > 1, let head = words.last else {
      changes.append(
        OptimizedContent.Change(
          kind: .notPlaced, keyword: keyword, before: "", after: "",
          reason: "A keyword of one word is placed by writing about it; no sentence here has room for '\(keyword)'."))
      return
    }
    var left = times
    var from = content.startIndex
    while left > 0, let found = nextHead(head, of: words, from: from) {
      let before = sentence(around: found)
      let isCapital = content[found.lowerBound].isUppercase
      let tail = String(content[found])
      let lead = words.dropLast().joined(separator: " ")
      let written =
        isCapital ? Phrasing.capitalised(lead) + " " + Phrasing.uncapitalised(tail) : lead + " " + tail
      let offset = content.distance(from: content.startIndex, to: found.lowerBound)
      content.replaceSubrange(found, with: written)
      from = content.index(content.startIndex, offsetBy: offset + written.count)
      let after = sentence(around: content.index(content.startIndex, offsetBy: offset)..<from)
      changes.append(
        OptimizedContent.Change(
          kind: .keywordPlaced, keyword: keyword, before: before, after: after,
          reason: "'\(tail)' stood for '\(keyword)', which the text has too rarely."))
      left -= 1
    }
    if left == times {
      changes.append(
        OptimizedContent.Change(
          kind: .notPlaced, keyword: keyword, before: "", after: "",
          reason: "No sentence has a place where '\(keyword)' reads well; write one about it."))
    }
  }

  /// Where the keyword's last word stands without the words before it, after a word that lets them in.
  private func nextHead(_ head: String, of words: [String], from start: String.Index) -> Range<String.Index>? {
    let forms = Self.numbers(of: head)
    for range in Self.words(of: content, from: start) where forms.contains(content[range].lowercased()) {
      let line = content.lineStart(of: range.lowerBound)
      if content[line...].hasPrefix("#") || content[line...].hasPrefix("|") { continue }
      if Self.isInTarget(content, range) { continue }
      let previous = Self.wordBefore(range.lowerBound, in: content)
      guard let previous else { return range }
      let word = content[previous].lowercased()
      if words.dropLast().contains(word) { continue }
      let between = content[previous.upperBound..<range.lowerBound]
      if between.contains(where: { ".!?:\n".contains($0) }) { return range }
      if between == " ", Self.determiners.contains(word) { return range }
    }
    return nil
  }

  private static func numbers(of word: String) -> Set<String> {
    word.hasSuffix("s") ? [word, String(word.dropLast())] : [word, word + "s"]
  }

  // MARK: Thinning

  private mutating func thin(_ keyword: String, to most: Int) {
    let words = keyword.split(separator: " ")
    guard words.count > 1, let head = words.last.map(String.init) else {
      changes.append(
        OptimizedContent.Change(
          kind: .notPlaced, keyword: keyword, before: "", after: "",
          reason: "'\(keyword)' is used too often; say it in other words in some places."))
      return
    }
    var surplus = count(keyword) - most
    var ranges = Self.occurrences(of: keyword, in: content)
    while surplus > 0, let range = ranges.popLast() {
      let line = content.lineStart(of: range.lowerBound)
      if content[line...].hasPrefix("#") { continue }
      // The first of a paragraph stays.
      guard let first = Self.occurrences(of: keyword, in: content).first(where: { $0.lowerBound >= line }),
        first.lowerBound != range.lowerBound
      else { continue }
      let before = sentence(around: range)
      let isCapital = content[range.lowerBound].isUppercase
      let offset = content.distance(from: content.startIndex, to: range.lowerBound)
      content.replaceSubrange(range, with: isCapital ? Phrasing.capitalised(head) : head)
      let place = content.index(content.startIndex, offsetBy: offset)
      changes.append(
        OptimizedContent.Change(
          kind: .keywordThinned, keyword: keyword, before: before, after: sentence(around: place..<place),
          reason: "'\(keyword)' made up more than 3 % of the words, which reads as stuffing."))
      surplus -= 1
    }
  }

  // MARK: Headings

  private mutating func mendHeadings() {
    var lines = content.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var hasFirst = false
    var hasSecond = false
    for index in lines.indices {
      let marks = lines[index].prefix { $0 == "#" }.count
      guard (1...6).contains(marks) else { continue }
      let rest = lines[index].dropFirst(marks)
      guard let next = rest.first, next == " " || next.isLetter else { continue }
      let text = rest.drop { $0 == " " }
      var level = marks
      var reason = "A heading needs a space after its marks."
      if marks == 1, hasFirst {
        level = 2
        reason = "A page has one H1; further ones are sections."
      } else if marks >= 3, !hasSecond {
        level = 2
        reason = "The first sections below the title are H2."
      }
      if level == 1 { hasFirst = true }
      if level == 2 { hasSecond = true }
      let mended = String(repeating: "#", count: level) + " " + text
      if mended != lines[index], level != marks || next != " " {
        changes.append(
          OptimizedContent.Change(kind: .heading, keyword: nil, before: lines[index], after: mended, reason: reason))
        lines[index] = mended
      }
    }
    content = lines.joined(separator: "\n")
  }

  // MARK: Words and sentences

  private func sentence(around range: Range<String.Index>) -> String {
    var start = range.lowerBound
    while start > content.startIndex {
      let before = content.index(before: start)
      if ".!?\n".contains(content[before]) { break }
      start = before
    }
    var end = range.upperBound
    while end < content.endIndex, !".!?\n".contains(content[end]) { end = content.index(after: end) }
    if end < content.endIndex, content[end] != "\n" { end = content.index(after: end) }
    let text = content[start..<end].drop(while: \.isWhitespace)
    return String(text.prefix(300))
  }

  private static func words(of text: String, from start: String.Index) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var begin: String.Index?
    for index in text[start...].indices {
      if text[index].isLetter || text[index].isNumber || (text[index] == "'" && begin != nil) {
        if begin == nil { begin = index }
      } else if let first = begin {
        ranges.append(first..<index)
        begin = nil
      }
    }
    if let begin { ranges.append(begin..<text.endIndex) }
    return ranges
  }

  private static func wordBefore(_ index: String.Index, in text: String) -> Range<String.Index>? {
    var end = index
    while end > text.startIndex, !text[text.index(before: end)].isLetter {
      end = text.index(before: end)
      if text[end] == "\n" { break }
    }
    var start = end
    while start > text.startIndex, text[text.index(before: start)].isLetter { start = text.index(before: start) }
    return start < end ? start..<end : nil
  }

  /// Whole-word occurrences in any case.
  private static func occurrences(of keyword: String, in text: String) -> [Range<String.Index>] {
    let wanted = keyword.split(separator: " ").map { $0.lowercased() }
    let ranges = words(of: text, from: text.startIndex)
    guard !wanted.isEmpty, ranges.count >= wanted.count else { return [] }
    var found: [Range<String.Index>] = []
    var index = 0
    while index + wanted.count <= ranges.count {
      let fits = wanted.indices.allSatisfy { text[ranges[index + $0]].lowercased() == wanted[$0] }
      if fits {
        found.append(ranges[index].lowerBound..<ranges[index + wanted.count - 1].upperBound)
        index += wanted.count
      } else {
        index += 1
      }
    }
    return found
  }

  /// Whether a word stands in the target of a link or in a tag.
  private static func isInTarget(_ text: String, _ range: Range<String.Index>) -> Bool {
    var index = range.lowerBound
    while index > text.startIndex {
      index = text.index(before: index)
      let character = text[index]
      if character == ")" || character == ">" || character == "\n" { return false }
      if character == "<" { return true }
      if character == "(" { return index > text.startIndex && text[text.index(before: index)] == "]" }
    }
    return false
  }
}

extension String {
  fileprivate func lineStart(of index: String.Index) -> String.Index {
    var start = index
    while start > startIndex, self[self.index(before: start)] != "\n" { start = self.index(before: start) }
    return start
  }
}
