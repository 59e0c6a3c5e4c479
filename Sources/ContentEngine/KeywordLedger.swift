// Keeps count of each keyword while an article is written.
//
// A keyword gets a quota (its share of the target) and a ceiling. What the planned parts do
// not bring is written into facts by lead-ins, spread evenly; nothing is ever appended.

struct KeywordLedger {
  struct Entry {
    var keyword: String
    var bytes: [UInt8]
    var quota: Int
    var ceiling: Int
    var count = 0
    var isQuestion: Bool
    /// It names another species than the topic: said once or twice, for more would be nonsense.
    var isForeign: Bool
    /// The theme a keyword names; it is written into facts of that theme only.
    var theme: Theme?
    /// "best dog food" needs an article inside a sentence.
    var spoken: String
    /// Its telling words, by which a fact speaks of it.
    var cues: [[UInt8]]
    var deficit: Int { quota - count }
  }

  private(set) var entries: [Entry] = []
  private var cursor = 0

  init(keywords: [String], focus: String?, target: Int, species: Species = .any) {
    var seen: Set<String> = []
    let all = (focus.map { [$0] } ?? []) + keywords
    for keyword in all where !keyword.isEmpty && seen.insert(keyword).inserted {
      let isFocus = entries.isEmpty && focus != nil
      let share = isFocus && target <= 1000 ? 1.1 : entries.count < 4 ? 0.57 : 0.0
      let tokens = WordList.tokens(of: keyword)
      let isForeign = species != .any && Classification.species(tokens, []).map { $0 != species } ?? false
      let wanted = isForeign ? target / 700 : Int((Double(target) * share / 100).rounded(.up))
      let first = keyword.split(separator: " ").first.map(String.init) ?? ""
      let theme = Classification.theme(tokens, [])
      let needsArticle = first == "best" || first == "top"
      entries.append(
        Entry(
          keyword: keyword, bytes: WordList.lowered(keyword), quota: max(1, wanted),
          ceiling: max(1, target * 17 / 1000),
          isQuestion: Self.questionWords.contains(first), isForeign: isForeign,
          theme: theme == .generalCare ? nil : theme,
          spoken: Phrasing.named(needsArticle ? "the " + keyword : Phrasing.withArticle(keyword)),
          cues: tokens.filter { word in
            word.utf8.count > 2 && Classification.speciesWords[word] == nil && !CallerText.smallWords.contains(word)
          }.map { WordList.lowered($0) }))
    }
  }

  private static let questionWords: Set<String> = [
    "can", "is", "are", "do", "does", "why", "what", "when", "where", "which", "who", "should",
    "will",
  ]

  mutating func note(_ text: String) {
    if entries.isEmpty { return }
    noteLowered(WordList.lowered(text))
  }

  mutating func noteLowered(_ bytes: [UInt8]) {
    for index in entries.indices {
      entries[index].count += WordList.occurrences(of: entries[index].bytes, in: bytes)
    }
  }

  /// The number of lead-ins still to be written.
  var missing: Int { entries.reduce(0) { $0 + max(0, $1.deficit) } }

  /// The next keyword that is short of its quota and suits the theme, in turn.
  mutating func due(for theme: Theme) -> Entry? {
    for _ in entries.indices {
      cursor = (cursor + 1) % entries.count
      let entry = entries[cursor]
      if entry.deficit > 0, entry.theme ?? theme == theme { return entry }
    }
    return nil
  }

  func isDue(for theme: Theme) -> Bool {
    entries.contains { $0.deficit > 0 && ($0.theme ?? theme) == theme }
  }

  /// Keywords short of their quota whatever their theme, the neediest first.
  var needy: Entry? {
    entries.filter { $0.deficit > 0 }.max { $0.deficit < $1.deficit }
  }

  /// Up to three keywords as one phrase: "puppy food, dog nutrition and puppy care".
  var namedTogether: String? {
    let names = entries.filter { !$0.isQuestion && !$0.isForeign && $0.count + 1 <= $0.ceiling }.prefix(3)
      .map(\.spoken)
    guard let last = names.last else { return nil }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// False when a fact would lift a phrase above its ceiling. Single words such as "dog"
  /// are in nearly every fact and cannot be rationed.
  func allows(_ lowered: [UInt8]) -> Bool {
    entries.allSatisfy { entry in
      entry.count < entry.ceiling || !entry.keyword.contains(" ")
        || WordList.occurrences(of: entry.bytes, in: lowered) == 0
    }
  }

  /// Whether a phrase holds a keyword that has nearly been said often enough.
  func isNearCeiling(_ phrase: String) -> Bool {
    entries.contains { entry in
      entry.count + 4 >= entry.ceiling && entry.bytes.contains(0x20)
        && Voice.range(of: entry.keyword, in: phrase) != nil
    }
  }

  /// True when the planned parts may name the first keyword once more.
  var mayNameFirst: Bool { entries.first.map { $0.count + 2 <= $0.ceiling } ?? false }
}
