// The facts and tables of the engine, parsed once from the files of Sources/CKnowledge.
//
// To add a fact, add a line to the file of its species; Sources/CKnowledge/README.md says how a line is read. To add a
// species or a theme, add a case to `Species` or `Theme`, its words to `Classification` and lines there.

import CKnowledge

/// The embedded files, by name.
enum KnowledgeText {
  static let files: [String: String] = {
    var files: [String: String] = [:]
    for index in 0... {
      // The pointers are to constants of the executable and live as long as it.
      let file = unsafe petstore_knowledge(index)
      guard let name = unsafe file.name else { break }
      let bytes = unsafe UnsafeRawBufferPointer(start: file.text, count: file.count)
      files[unsafe String(cString: name)] = unsafe String(decoding: bytes, as: UTF8.self)
    }
    return files
  }()

  static func file(_ name: String) -> String { files[name] ?? "" }
}

/// A number of a fact, with its unit.
struct Quantity: Sendable, Equatable {
  /// What is counted or measured: the first cell of a table.
  let label: String
  let low: String
  /// nil where it is one number and no range.
  let high: String?
  let unit: String

  /// "24–26 °C", "4 a day", "once a week", "1 week".
  var value: String {
    if high == nil, low == "1" {
      if unit.hasPrefix("times ") { return "once" + unit.dropFirst("times".count) }
      // One cup a day is not a cup once a day.
      if unit.hasPrefix("a ") { return Self.measures.contains { label.contains($0) } ? "1 " + unit : "once " + unit }
      if let singular = Self.singulars[unit] { return "1 " + singular }
    }
    let number = high.map { low + "–" + $0 } ?? low
    return unit.isEmpty ? number : unit == "%" ? number + " %" : number + " " + unit
  }

  private static let measures = ["cups", "spoon"]
  private static let singulars = [
    "minutes": "minute", "hours": "hour", "days": "day", "weeks": "week", "months": "month", "years": "year",
  ]

  /// Reads `Label = 2-3 unit`.
  init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1)
    guard sides.count == 2 else { return nil }
    let words = sides[1].split(separator: " ", maxSplits: 1)
    guard let number = words.first else { return nil }
    let ends = number.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard ends.allSatisfy({ Double($0) != nil }), let first = ends.first else { return nil }
    label = sides[0].split(separator: " ").joined(separator: " ")
    low = first
    high = ends.count == 2 ? ends[1] : nil
    unit = words.count == 2 ? String(words[1]) : ""
    if let high, let from = Double(low), let to = Double(high), to <= from { return nil }
  }
}

/// How soon a vet must see an animal of which a fact tells.
enum Urgency: String, Sendable, CaseIterable { case now, today, week, visit }

/// One true sentence and where it belongs.
/// A class: there are thousands, looked at for every article, and copying one must cost one reference.
final class Fact: Sendable {
  let species: Species
  let theme: Theme
  let stage: String
  let urgency: Urgency?
  let sentence: String
  let quantities: [Quantity]
  let source: String
  let words: Int
  let lowered: [UInt8]
  /// The kinds of animals that it is about.
  let animals: Animals.Mentions
  /// Imperatives take other lead-ins than statements do.
  let isAdvice: Bool
  /// A clause without a comma can stand within another sentence.
  let isPlain: Bool
  /// Parts joined by "and" or "so" take no further one.
  let isList: Bool
  /// What must be said plainly, without a word around it: a danger, or a matter for a vet today.
  let isWarning: Bool
  /// Its telling words, hashed: two facts that share some speak of one thing.
  let stems: [UInt32]

  init(
    species: Species, theme: Theme, stage: String, urgency: Urgency?, sentence: String, quantities: [Quantity],
    source: String, isAdvice: Bool
  ) {
    self.species = species
    self.theme = theme
    self.stage = stage
    self.urgency = urgency
    self.sentence = sentence
    self.quantities = quantities
    self.source = source
    self.isAdvice = isAdvice
    words = WordList.count(sentence)
    lowered = WordList.lowered(sentence)
    animals = Animals.mentions(in: sentence, species: species)
    isPlain = !sentence.utf8.contains(UInt8(ascii: ","))
    isList = !isPlain && [", and ", ", so ", ", but "].contains { Voice.range(of: $0, in: sentence) != nil }
    isWarning = stage == "safety" || urgency == .now || urgency == .today || source == "toxicology"
    stems = Self.stems(of: lowered)
  }

  /// The words that are longer than four letters, without those of every other fact.
  private static func stems(of lowered: [UInt8]) -> [UInt32] {
    var stems: [UInt32] = []
    WordList.forEachWord(in: lowered) { range in
      var range = range
      if lowered[range.upperBound - 1] == UInt8(ascii: "s") { range = range.lowerBound..<range.upperBound - 1 }
      guard range.count > 3 else { return }
      let word = String(decoding: lowered[range], as: UTF8.self)
      guard !Classification.commonWords.contains(word), !Self.commonStems.contains(word) else { return }
      let hash = lowered[range].reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
      if !stems.contains(hash) { stems.append(hash) }
    }
    return stems
  }

  /// Words that say nothing of what a sentence is about.
  static let commonStems: Set<String> = [
    "most", "many", "some", "than", "more", "every", "each", "which", "because", "since", "while", "should", "must",
    "never", "only", "about", "often", "adult", "young", "small", "large", "daily", "week", "month", "year", "time",
    "hour", "minute", "twice", "once", "they", "them", "their", "these", "three", "four", "five", "makes", "make",
    "keep", "keeps", "give", "mean", "even", "also", "much", "without", "after", "before", "call", "within", "animal",
    "degree", "fahrenheit", "celsiu", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "hundred", "percent", "feet", "inche", "meter", "centimeter", "gallon", "hamster", "guinea", "reptile", "parrot",
    "budgie", "snake", "gecko", "when", "where", "other", "between",
    "reason", "point", "sign", "through", "still", "under", "less", "long", "first", "start", "last", "come", "show",
    "help",
    "work", "turn", "find", "look", "stay", "hold", "well", "good", "best", "fits", "without", "like", "leave", "take",
  ]

  /// How many telling words two facts share.
  func kinship(with other: Fact) -> Int {
    var count = 0
    for stem in stems where other.stems.contains(stem) { count += 1 }
    return count
  }
}

struct TableRow: Sendable {
  let species: Species
  let theme: Theme
  let cells: [String]
  /// The kinds of animals that it is about.
  let animals: Animals.Mentions

  init(species: Species, theme: Theme, cells: [String]) {
    self.species = species
    self.theme = theme
    self.cells = cells
    animals = Animals.mentions(in: cells.joined(separator: " "), species: species)
  }
}

/// What is known of a breed. Weight, lifespan, coat and energy are cells of a table; the others are sentences. A class, so
/// that a topic holds it by one reference.
final class Breed: Sendable {
  let species: Species
  let name: String
  /// In lower case, the name among them.
  let names: [String]
  let letters: [[UInt8]]
  let weight: String
  let lifespan: String
  let coat: String
  let energy: String
  let character: String
  let care: String
  let health: String

  init?(_ line: [String]) {
    guard line.count == 11, let species = Species(rawValue: line[0]) else { return nil }
    self.species = species
    name = line[1]
    names =
      [line[1].lowercased()]
      + line[2].split(separator: ";").map { CallerText.trimPunctuation(String($0)).lowercased() }.filter { !$0.isEmpty }
    letters = names.map { Array($0.utf8) }
    (weight, lifespan, coat, energy) = (line[3], line[4], line[5], line[6])
    (character, care, health) = (line[7], line[8], line[9])
  }
}

struct KnowledgeBase: Sendable {
  /// Immutable after the first use, so that workers share it without locks.
  static let shared = KnowledgeBase()

  let facts: [Fact]
  /// For each fact those that say nearly the same: an article tells one of them.
  let rivals: [[Int]]
  private let factsByPlace: [Species: [Theme: [Int]]]
  let options: [TableRow]
  let signs: [TableRow]
  let procedures: [TableRow]
  let questions: [TableRow]
  let mistakes: [TableRow]
  let routines: [(species: Species, cells: [String])]
  let criteria: [(theme: Theme, cells: [String])]
  let checklists: [(theme: Theme, cells: [String])]
  let breeds: [Breed]

  private init() {
    var facts: [Fact] = []
    var places: [Species: [Theme: [Int]]] = [:]
    for species in Species.allCases {
      for line in Self.lines(KnowledgeText.file("facts/" + species.rawValue)) where line.count == 6 {
        guard let theme = Theme(rawValue: line[0]) else { continue }
        places[species, default: [:]][theme, default: []].append(facts.count)
        let sentence = line[3]
        facts.append(
          Fact(
            species: species, theme: theme, stage: line[1], urgency: Urgency(rawValue: line[2]), sentence: sentence,
            quantities: line[4].split(separator: ";").compactMap { Quantity(String($0)) }, source: line[5],
            isAdvice: Self.isAdvice(sentence)))
      }
    }
    self.facts = facts
    rivals = Self.rivals(facts)
    factsByPlace = places
    options = Self.rows(KnowledgeText.file("options"))
    signs = Self.rows(KnowledgeText.file("signs"))
    procedures = Self.rows(KnowledgeText.file("procedures"))
    questions = Self.rows(KnowledgeText.file("questions"))
    mistakes = Self.rows(KnowledgeText.file("mistakes"))
    routines = Self.lines(KnowledgeText.file("routines")).compactMap { line in
      Species(rawValue: line[0]).map { (species: $0, cells: Array(line.dropFirst())) }
    }
    criteria = Self.themed(KnowledgeText.file("criteria"))
    checklists = Self.themed(KnowledgeText.file("checklists"))
    breeds = Self.lines(KnowledgeText.file("breeds")).compactMap { Breed($0) }
  }

  private static func rivals(_ facts: [Fact]) -> [[Int]] {
    var places: [UInt32: [Int]] = [:]
    for (index, fact) in facts.enumerated() {
      for stem in fact.stems { places[stem, default: []].append(index) }
    }
    // For each other fact how many stems it shares, and whether one of them is had by these two alone.
    var counts = [Int](repeating: 0, count: facts.count)
    var areRare = [Bool](repeating: false, count: facts.count)
    return facts.enumerated().map { index, fact in
      var relatives: [Int] = []
      for stem in fact.stems {
        let others = places[stem] ?? []
        for other in others where other != index {
          if counts[other] == 0 { relatives.append(other) }
          counts[other] += 1
          if others.count == 2 { areRare[other] = true }
        }
      }
      defer { for other in relatives { (counts[other], areRare[other]) = (0, false) } }
      return relatives.filter { other in
        let second = facts[other]
        guard second.species == fact.species || second.species == .any || fact.species == .any else { return false }
        let least = min(fact.stems.count, second.stems.count)
        // Two that alone have a word and share another one say the same of one thing.
        let isSame = areRare[other] && counts[other] > 1 && fact.species == second.species && fact.theme == second.theme
        return isSame || (least > 2 && counts[other] * 3 >= least * 2)
      }.sorted()
    }
  }

  /// The breed that a text names: by its whole name anywhere, by another one only where the species is known already. Of two,
  /// the longer name.
  func breed(in text: String, species: Species?) -> Breed? {
    let letters = Array(text.utf8)
    var best: (breed: Breed, length: Int)?
    for breed in breeds where species == nil || species == breed.species {
      for (number, name) in breed.names.enumerated() where number == 0 || species != nil {
        guard WordList.occurrences(of: breed.letters[number], in: letters) > 0 else { continue }
        guard name.utf8.count > best?.length ?? 0, Voice.hasWords(name, in: text) else { continue }
        best = (breed, name.utf8.count)
      }
    }
    return best?.breed
  }

  /// Whether there are facts that name a kind of animal.
  func knows(_ animal: String, of species: Species) -> Bool {
    Theme.allCases.contains { theme in
      factIndexes(species, theme).contains { Animals.names(animal, facts[$0].animals) }
    }
  }

  /// The positions of the facts about one theme of one species.
  func factIndexes(_ species: Species, _ theme: Theme) -> [Int] {
    factsByPlace[species]?[theme] ?? []
  }

  /// The cells of each line, without the spaces around them. Over bytes: a worker that starts is waited for.
  static func lines(_ text: String) -> [[String]] {
    let (comment, space) = (UInt8(ascii: "#"), UInt8(ascii: " "))
    return text.utf8.split(separator: UInt8(ascii: "\n")).filter { $0.first != comment }.map { line in
      line.split(separator: UInt8(ascii: "|")).map { cell in
        var cell = cell.drop { $0 == space }
        while cell.last == space { cell.removeLast() }
        return String(cell) ?? ""
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

  /// Whether a sentence tells what to do.
  static func isAdvice(_ sentence: String) -> Bool {
    adviceVerbs.contains(sentence.prefix { $0 != " " }.lowercased()) || sentence.hasPrefix("Store dry")
  }

  private static let adviceVerbs: Set<String> = [
    "add", "approach", "ask", "begin", "blanch", "book", "bring", "brush", "bury", "change", "check", "choose", "close",
    "compare", "count", "cover", "do", "feed", "fence", "float", "give", "guard", "handle", "hang", "keep", "leave",
    "let", "lift", "line", "mist", "mix", "move", "never", "offer", "pack", "pick", "place", "put", "read", "remove",
    "replace", "reward", "rinse", "rotate", "run", "save", "scatter", "scoop", "scrape", "scrub", "sit", "soak", "stop",
    "support", "swap", "take", "teach", "test", "thaw", "throw", "trim", "turn", "unplug", "use", "weigh", "wrap",
  ]
}
