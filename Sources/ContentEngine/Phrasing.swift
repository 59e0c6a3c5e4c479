// How a topic is said inside a sentence: "Best Dog Food for Puppies" is a headline, "dog food
// for puppies" is something a person says.

enum Phrasing {
  /// Words that keep their capital: breeds, places, days and brands.
  private static let properNames: Set<String> = [
    "german", "labrador", "siamese", "persian", "maine", "holland", "french", "english",
    "american", "yorkshire", "boston", "dane", "christmas", "halloween", "easter", "syrian",
    "russian", "chihuahua", "pomeranian", "rottweiler", "burmese", "bengal", "abyssinian",
    "himalayan", "scottish", "irish", "australian", "siberian", "alaskan", "japanese", "chinese",
    "netherland", "flemish", "angora", "african", "amazon", "indian", "bernese", "doberman",
    "havanese", "maltese", "shetland", "newfoundland", "pekingese", "dalmatian", "january",
    "february", "april", "june", "july", "august", "september", "october", "november",
    "december", "royal", "canin", "purina", "whiskas", "hill's", "london", "europe", "america",
    "canada", "texas", "florida", "california", "york",
  ]

  /// Headline capitals are taken out; in a sentence-case topic capitals mean names and stay.
  static func lowered(_ text: String) -> String {
    let words = text.split(separator: " ")
    let long = words.dropFirst().filter { $0.count > 3 }
    let capitals = long.filter { $0.first?.isUppercase == true }.count
    let isHeadline = long.isEmpty || capitals * 2 > long.count
    return words.enumerated().map { position, word in
      let plain = word.lowercased()
      let bare = plain.hasSuffix("s") ? String(plain.dropLast()) : plain
      let isName = properNames.contains(plain) || properNames.contains(bare)
      let isShouted = word.dropFirst().contains { $0.isUppercase } && word.count <= 6
      if isShouted { return String(word) }
      if isName { return capitalised(plain) }
      return isHeadline || position == 0 ? plain : String(word)
    }.joined(separator: " ")
  }

  static func capitalised(_ text: String) -> String {
    guard let first = text.first else { return text }
    return first.uppercased() + text.dropFirst()
  }

  /// Names get their capital back, which keywords lose: "a Labrador puppy".
  static func named(_ text: String) -> String {
    var before: Substring = ""
    return text.split(separator: " ").map { word in
      defer { before = word }
      if word == "uvb" || word == "uva" || word == "uv" || word == "led" { return word.uppercased() }
      if before == "vitamin", word.count == 1 { return word.uppercased() }
      let bare = word.hasSuffix("s") ? String(word.dropLast()) : String(word)
      return properNames.contains(String(word)) || properNames.contains(bare) ? capitalised(String(word)) : String(word)
    }.joined(separator: " ")
  }

  /// Small letters for a sentence that follows a lead-in, except for names and "UVB".
  static func uncapitalised(_ sentence: String) -> String {
    guard let first = sentence.first, first.isUppercase else { return sentence }
    if let second = sentence.dropFirst().first, second.isUppercase { return sentence }
    let word = sentence.prefix { $0.isLetter }.lowercased()
    if properNames.contains(word) { return sentence }
    return first.lowercased() + sentence.dropFirst()
  }

  static func titleCased(_ text: String) -> String {
    text.split(separator: " ").enumerated().map { position, word in
      let keep = position > 0 && CallerText.titleSmallWords.contains(String(word))
      // "No-Pull", and yet "Step-by-Step" from whoever types it so.
      let parts = word.split(separator: "-", omittingEmptySubsequences: false)
      return keep
        ? String(word)
        : parts.map {
          CallerText.titleSmallWords.contains(String($0)) && parts.count > 2 ? String($0) : capitalised(String($0))
        }
        .joined(separator: "-")
    }.joined(separator: " ")
  }

  private static let separators: Set<Character> = [":", "?", "!", "(", ";", "—", "–", "."]

  private static let questions: Set<Substring> = [
    "why", "what", "when", "where", "which", "who", "can", "do", "does", "is", "are", "should",
    "will", "i", "my",
  ]

  private static let beginnings: [[Substring]] = [
    ["how", "to", "choose"], ["how", "to", "pick"], ["how", "to", "buy"],
    ["how", "to", "find"], ["how", "to", "select"], ["choosing"], ["choose"], ["buying"],
    ["the"], ["a"], ["an"], ["complete"], ["ultimate"], ["beginner's"], ["guide", "to"],
    ["guide", "for"], ["introduction", "to"], ["everything", "about"], ["best"], ["top"],
    ["right"], ["early"], ["warning"], ["common"], ["signs", "of"], ["symptoms", "of"],
    ["tips", "for"], ["signs", "and", "symptoms", "of"], ["essential"],
  ]

  private static let endings: Set<Substring> = [
    "guide", "guides", "tips", "review", "reviews", "basics", "101", "buying", "buyer's", "guide:",
  ]

  /// A noun phrase that is right after "about" and "for". When the topic gives none that is
  /// short and sure, the species and theme do.
  static func subject(of topic: Topic) -> String {
    guard topic.isRecognised else { return "everyday pet care" }
    let head = topic.text.split(whereSeparator: { separators.contains($0) }).first ?? ""
    let plain =
      head.unicodeScalars.contains(where: isPictorial)
      ? String(String.UnicodeScalarView(head.unicodeScalars.filter { !isPictorial($0) })) : String(head)
    var words = lowered(CallerText.trimPunctuation(plain)).split(separator: " ")
    if let first = words.first, questions.contains(first) { return themeNoun(topic) }
    var changed = true
    while changed {
      changed = false
      for beginning in beginnings
      where words.starts(with: beginning) && words.count > beginning.count {
        words.removeFirst(beginning.count)
        changed = true
      }
      if let first = words.first, words.count > 1, first.allSatisfy({ $0.isNumber }) {
        words.removeFirst()
        changed = true
      }
    }
    while let last = words.last, words.count > 1, endings.contains(last) { words.removeLast() }
    guard let first = words.first else { return themeNoun(topic) }
    if first == "how" {
      guard words.count > 2, words[1] == "to" else { return themeNoun(topic) }
    } else if imperatives.contains(first) {
      words.insert(contentsOf: ["how", "to"], at: 0)
    }
    let phrase = words.joined(separator: " ")
    let isPlain = CallerText.hasWords(phrase) && words.count <= 11 && CallerText.length(phrase) <= 60
    // Of an animal alone, all of them are meant: "corn snakes".
    if phrase == topic.animal { return topic.animalsName }
    return isPlain ? withArticle(phrase) : themeNoun(topic)
  }

  /// Emoji and what holds them together: they stand in titles and not in sentences.
  private static func isPictorial(_ scalar: Unicode.Scalar) -> Bool {
    guard !scalar.isASCII else { return false }
    switch scalar.properties.generalCategory {
    case .otherSymbol, .modifierSymbol, .format: return true
    default: return (0xFE00...0xFE0F).contains(scalar.value)
    }
  }

  private static let imperatives: Set<Substring> = [
    "keep", "train", "teach", "choose", "help", "make", "stop", "get", "build", "understand",
    "prevent", "introduce", "clean", "set", "pick", "find", "start", "brush", "protect", "prepare",
  ]

  /// "betta fish tank" needs an article inside a sentence; "dog food" and "toys" need none.
  static func withArticle(_ phrase: String) -> String {
    let words = phrase.split(separator: " ")
    guard let first = words.first else { return phrase }
    let determined: Set<Substring> = [
      "a", "an", "the", "how", "your", "my", "every", "each", "this", "one", "to", "what",
    ]
    if determined.contains(first) || first.first?.isNumber == true { return phrase }
    // "setting up a tank" is something that is done, and has no article.
    if words.count > 1, first.hasSuffix("ing"), !nounsInIng.contains(first) { return phrase }
    // Of an animal alone, all of them are meant.
    if words.count == 1, let animals = animals(String(first)) { return animals }
    // The noun stands before the first preposition: "crate for puppies".
    let prepositions: Set<Substring> = ["for", "in", "with", "on", "of", "to", "from", "under"]
    let head = words.prefix { !prepositions.contains($0) }
    guard let noun = head.last, countNouns.contains(noun) else { return phrase }
    let vowels: Set<Character> = ["a", "e", "i", "o", "u"]
    // As they are said: "a UVB lamp", "a used tank".
    let isSaidWithY = ["uv", "uni", "use", "euro"].contains { first.lowercased().hasPrefix($0) }
    return (vowels.contains(first.first ?? "x") && !isSaidWithY ? "an " : "a ") + phrase
  }

  private static let nounsInIng: Set<Substring> = [
    "training", "dressing", "sleeping", "chewing", "climbing", "scratching", "teething", "barking", "nursing",
    "growing",
    "limping",
  ]

  /// "puppies" for "puppy"; nil for what is no animal, or many already.
  private static func animals(_ word: String) -> String? {
    let known = Animals.plural(word)
    if known != word { return known }
    guard countNouns.contains(Substring(word)), Classification.speciesWords[word] != nil else { return nil }
    return word.hasSuffix("y") ? word.dropLast() + "ies" : word + "s"
  }

  private static let countNouns: Set<Substring> = [
    "tank", "crate", "cage", "toy", "brush", "bed", "box", "bowl", "collar", "leash", "harness",
    "puppy", "kitten", "dog", "cat", "rabbit", "bird", "hamster", "parrot", "budgie", "gecko",
    "snake", "tortoise", "turtle", "betta", "carrier", "enclosure", "terrarium", "vivarium",
    "aquarium", "hutch", "wheel", "filter", "heater", "perch", "tray", "tree", "post", "fountain",
    "feeder", "clipper", "comb", "toothbrush", "chew", "guide", "routine", "schedule", "diet",
    "breed", "kit", "lamp", "pig", "dragon", "pond", "pet", "animal", "vet", "house", "kennel",
    "lizard", "reptile", "setup", "coat", "rack", "table", "hide", "pad",
  ]

  /// "dental care for dogs": always a mass noun, so agreement cannot fail.
  static func themeNoun(_ topic: Topic) -> String {
    let animals = topic.animalsName
    switch topic.theme {
    case .feeding: return "good food for \(animals)"
    case .training: return "kind training for \(animals)"
    case .litter: return "litter care for \(animals)"
    case .dental: return "dental care for \(animals)"
    case .grooming: return "grooming for \(animals)"
    case .housing: return "a good home for \(animals)"
    case .toys: return "play and enrichment for \(animals)"
    case .health: return "the health of \(animals)"
    case .travel: return "travel with \(animals)"
    case .seasons: return "seasonal care for \(animals)"
    case .generalCare: return "daily care for \(animals)"
    }
  }
}
