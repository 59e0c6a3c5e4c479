import Testing

@testable import ContentEngine

@Suite struct KnowledgeTests {
  /// The lines of a facts file that hold a fact.
  private static func lines(_ species: Species) -> [[String]] {
    KnowledgeBase.lines(KnowledgeText.file("facts/" + species.rawValue))
  }

  private static let stages: Set<String> = [
    "all", "young", "senior", "safety", "budget", "apartment", "children", "busy", "beginners", "elderly",
    "experienced",
  ]
  private static let units: Set<String> = [
    "", "°C", "°F", "%", "s", "min", "h", "days", "weeks", "months", "years", "g", "kg", "mg", "ml", "l", "mm", "cm",
    "m", "km", "pH", "ppm", "kcal", "pieces", "cm²", "m²", "W", "UVI", "dGH", "times a day", "times a week",
    "times a month", "times a year", "a day", "a week", "a month", "a year",
  ]
  private static let sources: Set<String> = [
    "nutrition", "vet", "husbandry", "welfare", "label law", "behavior", "toxicology", "product safety", "law",
    "breeding",
  ]

  @Test func `There are twelve hundred facts, each with all its columns`() {
    var count = 0
    for species in Species.allCases {
      for line in Self.lines(species) {
        #expect(line.count == 6, "\(species) \(line)")
        count += 1
      }
    }
    #expect(count >= 1_200)
    #expect(KnowledgeBase.shared.facts.count == count)
  }

  @Test(arguments: Species.allCases) func `Every theme, stage, source, urgency and quantity is known`(species: Species)
  {
    for line in Self.lines(species) where line.count == 6 {
      #expect(Theme(rawValue: line[0]) != nil, "\(line)")
      #expect(Self.stages.contains(line[1]), "\(line)")
      #expect(line[2] == "-" || Urgency(rawValue: line[2]) != nil, "\(line)")
      #expect(Self.sources.contains(line[5]), "\(line)")
      guard line[4] != "-" else { continue }
      for text in line[4].split(separator: ";") {
        let quantity = Quantity(String(text))
        #expect(quantity != nil, "\(text)")
        #expect(Self.units.contains(quantity?.unit ?? "?"), "\(text)")
        #expect((3...48).contains(quantity?.label.count ?? 0), "\(text)")
      }
    }
  }

  @Test func `Every fact about health says when to see a vet`() {
    for fact in KnowledgeBase.shared.facts where fact.theme == .health {
      #expect(fact.urgency != nil, "\(fact.sentence)")
    }
  }

  @Test func `No fact is told twice, and each is one sentence`() {
    var seen: Set<String> = []
    for fact in KnowledgeBase.shared.facts {
      let words = WordList.words(of: fact.sentence.lowercased()).joined(separator: " ")
      #expect(seen.insert(words).inserted, "\(fact.sentence)")
      #expect(fact.sentence.hasSuffix(".") && fact.sentence.first?.isUppercase == true, "\(fact.sentence)")
      #expect((5...24).contains(fact.words), "\(fact.words): \(fact.sentence)")
    }
  }

  @Test(arguments: [
    ("Meals = 4 a day", "4 a day"), ("Water = 24-26 °C", "24–26 °C"), ("Eggs = 2.5", "2.5"), ("Share = 10 %", "10 %"),
    ("Brushing = 1 times a day", "once a day"), ("Brushing = 1-2 times a day", "1–2 times a day"),
    ("Rest = 1 weeks", "1 week"), ("Rest = 1-2 weeks", "1–2 weeks"), ("Rest = 11 weeks", "11 weeks"),
    ("Wait = 1 h", "1 h"),
  ]) func `A quantity is read and told`(text: String, value: String) { #expect(Quantity(text)?.value == value) }

  @Test(arguments: ["", "Meals", "Meals = ", "Meals = many", "Water = 26-24 °C", "Water = 24- °C", "= 4"])
  func `What is no quantity is none`(text: String) {
    #expect(Quantity(text) == nil || Quantity(text)?.label.isEmpty == true)
  }
}
