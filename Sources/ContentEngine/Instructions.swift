// What custom instructions and the audience ask for, as far as it can be recognised.

enum Wish: CaseIterable, Sendable {
  case prosAndCons, prices, schedule, safety, checklist, mistakes, vet, localShop

  private var marks: [String] {
    switch self {
    case .prosAndCons:
      ["pros and cons", "pros & cons", "advantages", "drawbacks", "compare", "comparison", "pros"]
    case .prices: ["price", "pricing", "cost", "budget", "cheap", "afford", "money"]
    case .schedule: ["schedule", "routine", "timetable", "timeline", "maintenance", "calendar"]
    case .safety: ["safe", "toxic", "danger", "hazard", "poison", "risk"]
    case .checklist: ["checklist", "shopping list", "list of"]
    case .mistakes: ["mistake", "avoid", "pitfall", "troubleshoot"]
    case .vet: ["vet", "emergency", "doctor"]
    case .localShop:
      ["our shop", "our store", "my shop", "my store", "local shop", "local store", "the shop", "the store"]
    }
  }

  static func wishes(in instructions: String) -> [Wish] {
    // To compare prices is to compare nothing else.
    let text = ["compare the prices", "compare prices", "price comparison", "compare costs", "comparison of prices"]
      .reduce(instructions.lowercased()) { Voice.replace($1, by: "price", in: $0) }
    return allCases.filter { wish in wish.marks.contains { text.contains($0) } }
  }
}

/// Who an article is for, as far as its words tell.
struct Audience {
  /// The stage of the facts that are written for them; nil for owners of no special kind.
  let stage: String?
  /// What those advise on who work with other people's animals; empty for owners.
  let work: [Theme]

  init(_ text: String) {
    let words = WordList.words(of: text.lowercased()).map { $0.hasSuffix("s") ? String($0.dropLast()) : $0 }
    work = Self.professions.first { words.contains(where: $0.names.contains) }?.work ?? []
    let animals = Classification.speciesWords
    stage =
      Self.stages.first { stage in
        words.indices.contains { index in
          guard stage.marks.contains(words[index]) else { return false }
          let next = index + 1 < words.count ? words[index + 1] : ""
          let before = index > 0 ? words[index - 1] : ""
          // A pet's parents are its owners.
          if words[index] == "parent", before == "pet" || animals[before] != nil { return false }
          // Owners of senior dogs and of flat-faced cats are neither old nor short of room.
          return next != "faced" && (stage.isOfAnimalsToo ? animals[next] == nil && next != "pet" : true)
        }
      }?.name
  }

  private static let professions: [(names: Set<String>, work: [Theme])] = [
    (["vet", "veterinarian", "veterinary", "doctor"], [.health, .dental, .seasons, .feeding]),
    (["groomer"], [.grooming, .seasons, .health]), (["trainer", "behaviorist", "behaviourist"], [.training, .toys]),
    (["sitter", "walker", "boarder"], [.generalCare, .feeding, .travel]),
    (["staff", "retailer", "shelter", "rescue"], [.generalCare, .feeding, .housing]),
  ]

  private static let stages: [(name: String, marks: Set<String>, isOfAnimalsToo: Bool)] = [
    ("beginners", ["new", "first", "beginner", "novice"], false),
    ("children", ["family", "familie", "child", "children", "kid", "parent", "school", "teen", "teenager"], false),
    ("apartment", ["apartment", "flat", "city", "urban"], false),
    ("budget", ["budget", "student", "cheap", "thrifty"], false),
    ("busy", ["busy", "working", "worker", "professional", "commuter"], true),
    ("elderly", ["senior", "retiree", "retired", "elderly", "older"], true),
    ("experienced", ["experienced", "breeder", "expert", "advanced"], false),
  ]
}

/// The name of the caller's shop, out of instructions such as "Mention our shop Paws & Co in Leeds".
enum ShopName {
  static func named(in instructions: String) -> String? {
    let words = instructions.split(separator: " ").map(String.init)
    for (index, word) in words.enumerated()
    where ["shop", "store"].contains(CallerText.trimPunctuation(word).lowercased()) {
      guard index > 0, ["our", "my", "the", "local", "pet"].contains(words[index - 1].lowercased()) else { continue }
      // "our shop." ends a sentence, and what follows is no name; "our shop: Paws" names it.
      if let last = word.last, ".,;!?".contains(last) { continue }
      var name: [String] = []
      var rest = words[(index + 1)...]
      if let first = rest.first, ["called", "named", "is"].contains(first.lowercased()) { rest = rest.dropFirst() }
      for word in rest {
        let isJoint = ["&", "and", "in", "of"].contains(word) && !name.isEmpty
        guard word.first?.isUppercase == true || isJoint else { break }
        name.append(word)
        if let last = word.last, ".,;!?".contains(last) { break }
      }
      while let last = name.last, ["&", "and", "in", "of"].contains(last) { name.removeLast() }
      let found = CallerText.trimPunctuation(name.joined(separator: " "))
      if CallerText.hasWords(found) { return CallerText.shorten(found, to: 60) }
    }
    return nil
  }
}
