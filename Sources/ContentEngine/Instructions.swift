// What custom instructions and the audience ask for, as far as it can be recognised.

enum Wish: CaseIterable, Sendable {
  case prosAndCons, prices, schedule, safety, checklist, mistakes, vet, localShop

  private var marks: [String] {
    switch self {
    case .prosAndCons:
      ["pros and cons", "pros & cons", "advantages", "drawbacks", "compar", "pros"]
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
    let text = instructions.lowercased()
    return allCases.filter { wish in wish.marks.contains { text.contains($0) } }
  }
}

/// A known kind of reader; facts with this stage are written for them.
enum Audience {
  static func stage(_ audience: String) -> String? {
    let text = audience.lowercased()
    let marks: [(String, [String])] = [
      ("beginners", ["new", "first", "beginner", "novice"]),
      ("children", ["famil", "child", "kid", "parent", "school", "teen"]),
      ("apartment", ["apartment", "flat", "city", "urban", "small home"]),
      ("budget", ["budget", "student", "cheap", "low income"]),
      ("busy", ["busy", "work", "professional", "commut"]),
      ("elderly", ["senior", "retire", "elder", "older"]),
      ("experienced", ["experienc", "breeder", "expert", "vet", "advanced", "groomer"]),
    ]
    return marks.first { mark in mark.1.contains { text.contains($0) } }?.0
  }
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
