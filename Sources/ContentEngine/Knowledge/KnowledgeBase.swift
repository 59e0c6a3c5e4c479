// The facts and tables of the engine, parsed once from the text in this folder.
//
// To add a fact, add a line to the file of its species. To add a species or a theme, add a
// case to `Species` or `Theme`, its words to `Classification` and lines here.

/// The raw lines. Each file of this folder adds its own.
enum KnowledgeText {}

/// One true sentence and where it belongs.
struct Fact: Sendable {
  var species: Species
  var theme: Theme
  var stage: String
  var sentence: String
  var source: String
  var words: Int
  var lowered: [UInt8]
  /// Imperatives take other lead-ins than statements do.
  var isAdvice: Bool
}

struct TableRow: Sendable {
  var species: Species
  var theme: Theme
  var cells: [String]
}

struct KnowledgeBase: Sendable {
  /// Immutable after the first use, so that workers share it without locks.
  static let shared = KnowledgeBase()

  let facts: [Fact]
  private let factsByPlace: [Species: [Theme: [Int]]]
  let options: [TableRow]
  let signs: [TableRow]
  let procedures: [TableRow]
  let questions: [TableRow]
  let mistakes: [TableRow]
  let routines: [(species: Species, cells: [String])]
  let criteria: [(theme: Theme, cells: [String])]
  let checklists: [(theme: Theme, cells: [String])]

  private init() {
    let texts = [
      KnowledgeText.dogs, KnowledgeText.cats, KnowledgeText.rabbits, KnowledgeText.smallMammals,
      KnowledgeText.birds, KnowledgeText.fish, KnowledgeText.reptiles, KnowledgeText.general,
    ]
    var facts: [Fact] = []
    var places: [Species: [Theme: [Int]]] = [:]
    for line in texts.flatMap(Self.lines) where line.count == 5 {
      guard let species = Species(rawValue: line[0]), let theme = Theme(rawValue: line[1]) else {
        continue
      }
      places[species, default: [:]][theme, default: []].append(facts.count)
      let firstWord = line[3].prefix { $0 != " " }.lowercased()
      facts.append(
        Fact(
          species: species, theme: theme, stage: line[2], sentence: line[3], source: line[4],
          words: WordList.count(line[3]), lowered: WordList.lowered(line[3]),
          isAdvice: Self.adviceVerbs.contains(firstWord)))
    }
    self.facts = facts
    factsByPlace = places
    options = Self.rows(KnowledgeText.options)
    signs = Self.rows(KnowledgeText.signs)
    procedures = Self.rows(KnowledgeText.procedures)
    questions = Self.rows(KnowledgeText.questions)
    mistakes = Self.rows(KnowledgeText.mistakes)
    routines = Self.lines(KnowledgeText.routines).compactMap { line in
      Species(rawValue: line[0]).map { (species: $0, cells: Array(line.dropFirst())) }
    }
    criteria = Self.themed(KnowledgeText.criteria)
    checklists = Self.themed(KnowledgeText.checklists)
  }

  /// The positions of the facts about one theme of one species.
  func factIndexes(_ species: Species, _ theme: Theme) -> [Int] {
    factsByPlace[species]?[theme] ?? []
  }

  static func lines(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { line in
      line.split(separator: "|").map { cell in
        var cell = cell
        while cell.first == " " { cell.removeFirst() }
        while cell.last == " " { cell.removeLast() }
        return String(cell)
      }
    }
  }

  private static func rows(_ text: String) -> [TableRow] {
    lines(text).compactMap { line in
      guard line.count > 2, let species = Species(rawValue: line[0]),
        let theme = Theme(rawValue: line[1])
      else { return nil }
      return TableRow(species: species, theme: theme, cells: Array(line.dropFirst(2)))
    }
  }

  private static func themed(_ text: String) -> [(theme: Theme, cells: [String])] {
    lines(text).compactMap { line in
      Theme(rawValue: line[0]).map { (theme: $0, cells: Array(line.dropFirst())) }
    }
  }

  private static let adviceVerbs: Set<String> = [
    "add", "approach", "begin", "brush", "change", "check", "close", "count", "cover", "do",
    "feed", "float", "handle", "keep", "leave", "let", "lift", "line", "mix", "mixing", "move",
    "never", "offer", "pack", "place", "practice", "put", "remove", "reward", "rinse", "rotate",
    "scoop", "scrape", "scrub", "sit", "support", "swap", "take", "teach", "trim",
  ]
}
