// What can be said of a keyword without a search engine's figures: how specific it is, and what people search beside it.

/// How hard it is to be found by a keyword, judged by how specific it is. Volumes and prices need a search engine's data,
/// which nothing here has; they stay unknown.
public struct KeywordAdvice: Sendable, Equatable {
  public enum Difficulty: String, Sendable { case veryEasy = "very_easy", easy, medium, hard, veryHard = "very_hard" }

  public let keyword: String
  public let difficulty: Difficulty
  /// From 0 to 1.
  public let competition: Double
  public let relatedKeywords: [String]
  public let longTailKeywords: [String]
  public let isRecommended: Bool
  public let reason: String

  /// Judges a keyword by the words it has: each narrows the field.
  public init(_ keyword: String) {
    let words = keyword.split(whereSeparator: \.isWhitespace)
    switch words.count {
    case 1:
      let letters = words[0].unicodeScalars.count
      difficulty = letters <= 4 ? .veryHard : letters <= 8 ? .hard : .medium
    case 0, 2: difficulty = .medium
    case 3, 4: difficulty = .easy
    default: difficulty = .veryEasy
    }
    competition = words.count <= 1 ? 0.8 : words.count == 2 ? 0.6 : words.count == 3 ? 0.4 : 0.2
    self.keyword = keyword
    let searches = KeywordSuggestions(keyword)
    relatedKeywords = Array(searches.related.prefix(8))
    longTailKeywords = Array(searches.longTail.prefix(7))
    switch difficulty {
    case .veryEasy, .easy:
      isRecommended = true
      reason = "Long-tail keyword with good potential"
    case .medium:
      isRecommended = true
      reason = "Good balance of difficulty and potential"
    case .hard:
      isRecommended = true
      reason = "Suitable keyword for targeting"
    case .veryHard:
      isRecommended = false
      reason = "Very competitive keyword - consider alternatives"
    }
  }
}

/// Searches beside a keyword, worded as people type them.
public struct KeywordSuggestions: Sendable {
  /// Variations: other buyers, other animals of the kind, other qualities.
  public let related: [String]
  /// Longer searches and questions.
  public let longTail: [String]

  /// All of them, the shorter ones first.
  public var all: [String] { related + longTail }

  public init(_ keyword: String) {
    let typed = CallerText.clean(keyword).lowercased()
    let phrase = typed.split(separator: " ").joined(separator: " ")
    guard CallerText.hasWords(phrase) else {
      (related, longTail) = ([], [])
      return
    }
    let topic = Topic(topic: phrase, keywords: [])
    let isQuestion = Self.starters.contains { phrase == $0 || phrase.hasPrefix($0 + " ") }
    var seen: Set<String> = [phrase]
    func fresh(_ list: [String]) -> [String] {
      list.map { Self.filled($0, phrase, topic) }.filter { seen.insert($0).inserted && !Self.stutters($0) }
    }
    if isQuestion {
      related = fresh(Self.questionRelated)
      longTail = fresh(Self.questionLongTail)
    } else {
      related = fresh(Self.byTheme(topic).related + Self.nounRelated)
      longTail = fresh(Self.byTheme(topic).longTail + Self.nounLongTail)
    }
  }

  private static let starters = [
    "how", "what", "why", "when", "where", "can", "do", "does", "is", "are", "should", "which", "who", "will",
  ]

  private static let questionRelated = [
    "{k} at home", "{k} step by step", "{k} for beginners", "{k} safely", "{k} video", "{k} by yourself",
    "{k} the first time", "{k} quickly", "{k} without stress",
  ]
  private static let questionLongTail = [
    "{k} with two {animals}", "{k} in a small apartment", "{k} on a budget", "{k} when short on time",
    "{k} with an older {animal}", "{k} with a nervous {animal}", "{k} without a professional", "{k} common mistakes",
  ]
  private static let nounRelated = [
    "best {k}", "{k} for beginners", "affordable {k}", "{k} for {young}", "{k} for senior {animals}", "{k} reviews",
    "{k} near me", "{k} online", "top rated {k}", "{k} checklist",
  ]
  private static let nounLongTail = [
    "how to choose {k}", "{k} buying guide", "what to look for in {k}", "{k} mistakes to avoid",
    "how much does {k} cost", "{k} for first time owners", "{k} recommended by vets", "{k} for small spaces",
  ]

  private static func byTheme(_ topic: Topic) -> (related: [String], longTail: [String]) {
    switch topic.theme {
    case .feeding:
      (
        ["{k} without grain", "{k} for sensitive stomachs", "healthy {k}", "{k} for weight loss"],
        ["how much {k} per day", "{k} ingredients to avoid", "how to switch {k} safely", "{k} feeding chart by age"]
      )
    case .training:
      (
        ["{k} tips", "{k} schedule", "{k} classes near me", "positive {k}"],
        ["how long does {k} take", "{k} at night", "{k} mistakes to avoid", "{k} for stubborn {animals}"]
      )
    case .litter:
      (
        ["dust free {k}", "{k} for odor control", "unscented {k}", "natural {k}"],
        ["how often to change {k}", "{k} for two {animals}", "how much {k} to use", "{k} that does not track"]
      )
    case .dental:
      (
        ["{k} at home", "{k} cost", "{k} products", "{k} for small breeds"],
        ["how often is {k} needed", "{k} signs to watch for", "{k} without anesthesia", "{k} when to see a vet"]
      )
    case .grooming:
      (
        ["{k} at home", "{k} tools", "{k} schedule", "{k} for short hair"],
        ["how often is {k} needed", "{k} for shedding", "{k} for sensitive skin", "{k} mistakes to avoid"]
      )
    case .housing:
      (
        ["large {k}", "easy to clean {k}", "{k} setup", "safe {k}"],
        ["what size {k} is needed", "{k} setup for beginners", "how to clean {k}", "where to place {k}"]
      )
    case .toys:
      (
        ["durable {k}", "interactive {k}", "safe {k}", "homemade {k}"],
        ["{k} for aggressive chewers", "{k} to keep {animals} busy", "how to choose safe {k}", "{k} for rainy days"]
      )
    case .health:
      (
        ["{k} symptoms", "{k} treatment", "{k} prevention", "{k} causes"],
        ["{k} when to see a vet", "{k} in older {animals}", "is {k} an emergency", "{k} home care"]
      )
    case .travel:
      (
        ["{k} checklist", "{k} by car", "{k} by plane", "{k} essentials"],
        ["{k} with a nervous {animal}", "{k} rules to know", "how to prepare for {k}", "{k} on a long drive"]
      )
    case .seasons:
      (
        ["{k} checklist", "{k} safety", "{k} in summer", "{k} in winter"],
        ["how to prepare for {k}", "{k} dangers to know", "{k} for older {animals}", "{k} indoors"]
      )
    case .generalCare: (["{k} checklist", "{k} basics"], ["{k} daily routine", "{k} cost per month"])
    }
  }

  private static func filled(_ template: String, _ phrase: String, _ topic: Topic) -> String {
    var text = Voice.replace("{k}", by: phrase, in: template)
    text = Voice.replace("{animals}", by: topic.animalsName, in: text)
    text = Voice.replace("{animal}", by: topic.animalName, in: text)
    return Voice.replace("{young}", by: young(topic), in: text)
  }

  private static func young(_ topic: Topic) -> String {
    switch topic.species {
    case .dog: "puppies"
    case .cat: "kittens"
    case .bird: "young birds"
    case .rabbit: "young rabbits"
    case .fish: "small tanks"
    default: "young " + topic.animalsName
    }
  }

  /// "best best dog food", "puppy food for puppies".
  private static func stutters(_ text: String) -> Bool {
    let words = WordList.tokens(of: text).map { word in
      word == "puppie" ? "puppy" : word == "kitty" ? "kitten" : word
    }.filter { !["a", "the", "for", "to", "in", "of", "with", "and", "is", "how", "does", "on"].contains($0) }
    return Set(words).count < words.count
  }
}
