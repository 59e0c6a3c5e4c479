// What custom instructions and the audience ask for, as far as it can be recognised.

enum Wish: CaseIterable, Sendable {
  case prosAndCons, prices, schedule, safety, checklist, mistakes, vet

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
