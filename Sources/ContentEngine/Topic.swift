// What an article is about, read from the topic and the keywords.

enum Species: String, CaseIterable, Sendable {
  case dog, cat, rabbit
  case smallMammal = "small mammal"
  case bird, fish, reptile, any

  var singular: String { self == .any ? "pet" : rawValue }
  var plural: String { self == .fish ? "fish" : singular + "s" }
}

enum Theme: String, CaseIterable, Sendable {
  case feeding, training, litter, dental, grooming, housing, toys, health, travel, seasons
  case generalCare = "general care"

  /// The order in which other themes help a reader of this one.
  var related: [Theme] {
    switch self {
    case .feeding: [.health, .dental, .generalCare, .housing, .training, .toys]
    case .training: [.generalCare, .toys, .housing, .health, .feeding, .travel]
    case .litter: [.health, .housing, .training, .generalCare, .feeding, .grooming]
    case .dental: [.feeding, .health, .toys, .grooming, .generalCare, .training]
    case .grooming: [.health, .seasons, .generalCare, .dental, .housing, .feeding]
    case .housing: [.generalCare, .litter, .grooming, .health, .toys, .feeding]
    case .toys: [.training, .generalCare, .dental, .housing, .health, .feeding]
    case .health: [.feeding, .generalCare, .seasons, .dental, .housing, .grooming]
    case .travel: [.health, .training, .seasons, .generalCare, .feeding, .housing]
    case .seasons: [.health, .grooming, .housing, .travel, .feeding, .generalCare]
    case .generalCare: [.feeding, .housing, .health, .training, .grooming, .toys]
    }
  }
}

enum ArticleType: Sendable {
  case howTo, buyingGuide, comparison, signsOf, careGuide, productDescription, faq, breedProfile
}

enum LifeStage: Sendable { case young, senior }

enum Season: Sendable { case winter, summer }

/// The classified brief: species, theme, type, life stage and how the topic is said.
struct Topic: Sendable {
  var text: String
  var species: Species
  var theme: Theme
  var type: ArticleType
  var stage: LifeStage?
  /// The kind of animal inside the species ("hamster"), when the topic names one.
  var animal: String?
  /// The two kinds of one species that a comparison sets side by side.
  var pair: [String]?
  /// The breed that the topic names, if it is known.
  var breed: Breed?
  /// The topic as it stands inside a sentence, after a preposition.
  var subject: String
  var isRecognised: Bool
  /// Words of the topic by which facts are ranked.
  var cues: [String]
  /// The same with words that are in facts of many kinds, such as "food": what the first sentences must speak of.
  var told: [String]
  /// What is said of tanks is not said of a pond.
  var isPond = false
  var season: Season?
  /// Signs of an illness, and not of love or of a litter to come.
  var isOnIllness = false
  var warnings: [String] = []

  init(topic: String, keywords: [String]) {
    let whole = CallerText.clean(topic)
    let request = Classification.request(in: whole)
    text = request?.subject ?? whole
    let tokens = WordList.tokens(of: text)
    let keywordTokens = keywords.flatMap { WordList.tokens(of: $0) }
    var found = Classification.species(tokens, keywordTokens)
    breed = KnowledgeBase.shared.breed(in: text.lowercased(), species: found)
    found = found ?? breed?.species
    let foundTheme = Classification.theme(tokens, keywordTokens)
    let namesPet = tokens.contains { Classification.petWords.contains($0) }
    isRecognised = found != nil || namesPet || request?.type == .breedProfile
    species = found ?? .any
    theme = isRecognised ? foundTheme ?? .generalCare : .generalCare
    type = request?.type ?? Classification.type(tokens, text.lowercased())
    if type == .careGuide, Classification.asksForProfile(tokens, breed: breed) { type = .breedProfile }
    if !isRecognised { type = .careGuide }
    if type == .signsOf, theme != .dental, theme != .litter { theme = .health }
    stage = Classification.stage(tokens)
    let joined = " " + (tokens + keywordTokens).joined(separator: " ") + " "
    animal = Animals.named(in: joined, species: species)
    if type == .comparison, let both = Animals.pair(in: tokens, species: species) {
      pair = both
      animal = nil
    }
    let name = animal ?? pair?.joined(separator: " ") ?? ""
    let own = tokens.filter {
      // The animal itself is in facts of every theme and would drown the theme.
      ($0.utf8.count > 3 || Self.shortCues.contains($0)) && Voice.range(of: $0, in: name) == nil
        && (Classification.speciesWords[$0] == nil || Self.placeWords.contains($0))
    }.map(Self.stem)
    cues = own.filter { !Classification.commonWords.contains($0) }
    // The word for it is in few of the facts about it.
    if tokens.contains("heatstroke") { cues += [" heat ", " heat,", " hot ", "overheat", "parked car", "shade"] }
    told = (cues.isEmpty ? own.filter { Classification.themeWords[$0] != nil && $0 != "care" } : cues)
      .filter { !Self.looseWords.contains($0) }
    if let pair { told = pair }
    isPond = tokens.contains("pond")
    season =
      tokens.contains { ["winter", "cold", "snow", "frost"].contains($0) }
      ? .winter : tokens.contains { ["summer", "heatstroke", "hot"].contains($0) } ? .summer : nil
    isOnIllness = type == .signsOf && !tokens.contains { Self.gladWords.contains($0) }
    subject = ""
    subject = Phrasing.subject(of: self)
    if let pair { subject = "the choice between " + pair.map(Animals.plural).joined(separator: " and ") }
    if type == .breedProfile, let breed { subject = "the " + breed.name }
    if !isRecognised {
      warnings.append(
        "The topic was not recognised as a pet topic; the article covers everyday pet care.")
    } else if found == nil {
      warnings.append("The topic names no kind of animal; the article covers pets in general.")
    }
    if let animal, !KnowledgeBase.shared.knows(animal, of: species) {
      warnings.append("No facts on \(animalsName) are known; the article covers small pets and pets in general.")
    }
    if type == .breedProfile, breed == nil {
      warnings.append("No facts on this breed are known; the profile covers \(animalsName) in general.")
    }
    if type == .productDescription {
      warnings.append("The engine knows the kind of product and not this one: add its size, material and price.")
    }
  }

  /// Words that are in facts of other things as well: mats are pulled, nails trimmed and tanks cleaned.
  static let looseWords: Set<String> = [
    "pull", "pulling", "stop", "start", "clean", "hand", "time", "make", "help", "keep", "hold", "train", "teach",
    "using",
    "brush", "indoor", "outdoor", "beginner", "young", "resident", "choosing", "compare", "household",
  ]

  private static let shortCues: Set<String> = ["hay", "toy", "bed", "fur"]
  private static let placeWords: Set<String> = ["pond"]

  /// "introduce" as it is in "introducing" too.
  private static func stem(_ word: String) -> String {
    if word == "biting" { return "bite" }
    if word.utf8.count > 6, word.hasSuffix("ing") { return String(word.dropLast(3)) }
    return word.utf8.count > 7 && word.hasSuffix("e") ? String(word.dropLast()) : word
  }

  /// Whether an article on it must say that it does not replace a vet.
  var needsHealthNote: Bool { type == .signsOf || theme == .health || theme == .dental }

  /// "dog food" becomes what a sentence calls the animal: "hamster" and not "small mammal".
  var animalName: String { animal ?? (species == .smallMammal ? "small pet" : species.singular) }
  var animalsName: String {
    if let animal { return Animals.plural(animal) }
    return species == .smallMammal ? "small pets" : species.plural
  }

  /// The wider group that the animal belongs to, for a change of words.
  var groupName: (singular: String, plural: String) {
    species == .smallMammal ? ("small pet", "small pets") : (species.singular, species.plural)
  }

  /// Whether a fact may be said in an article on this topic.
  func suits(_ fact: Fact) -> Bool {
    switch (stage, fact.stage) {
    case (.young, "senior"), (.senior, "young"): return false
    default: break
    }
    // An old animal's owner needs no word on its first weeks.
    if stage == .senior, Self.youngWords.contains(where: { WordList.occurrences(of: $0, in: fact.lowered) > 0 }) {
      return false
    }
    // What is said of small breeds or large ones is not said of this one.
    if type == .breedProfile, breed != nil,
      Self.breedWords.contains(where: { WordList.occurrences(of: $0, in: fact.lowered) > 0 })
    {
      return false
    }
    // Who reads about a bed on a page of products does not ask about bulbs in the garden.
    if type == .productDescription, theme != .feeding, fact.source == "toxicology" { return false }
    // What is said of the summer has no place in the winter, and the other way round.
    if let season, Self.otherSeason(season).contains(where: { WordList.occurrences(of: $0, in: fact.lowered) > 0 }) {
      return false
    }
    if isPond, Self.tankWords.contains(where: { WordList.occurrences(of: $0, in: fact.lowered) > 0 }) { return false }
    return !excludes(fact.animals)
  }

  /// Whether what is said of these kinds cannot be said of the animal of the topic, or of either of two.
  func excludes(_ mentions: Animals.Mentions) -> Bool {
    if let pair { return pair.allSatisfy { Animals.excludes(mentions, animal: $0, species: species) } }
    return animal.map { Animals.excludes(mentions, animal: $0, species: species) } ?? false
  }

  private static func otherSeason(_ season: Season) -> [[UInt8]] { season == .winter ? summerWords : winterWords }
  private static let summerWords = ["summer", "heat above", " heat ", "heatstroke", " hot ", "fly strike", "maggot"].map
  {
    WordList.lowered($0)
  }
  private static let winterWords = ["winter", "frost", "snow", " ice ", "road salt"].map { WordList.lowered($0) }
  private static let gladWords: Set<String> = [
    "happy", "healthy", "love", "trust", "affection", "content", "pregnancy", "pregnant", "bonded", "bonding",
    "intelligence",
  ]
  private static let tankWords = [
    "tank", "aquarium", "heater", "nano", " stand ", "lights", "tropical", "java fern", "gravel",
  ].map { WordList.lowered($0) }
  private static let youngWords = ["pupp", "kitten", "first heat", "into season"].map { WordList.lowered($0) }
  private static let breedWords = [
    "breed", "small dog", "medium dog", "large dog", "coated", "coats", "poodle", "long haired", "flat face",
  ].map { WordList.lowered($0) }
}
