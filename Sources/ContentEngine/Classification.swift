// The words that give away what a topic is about.

enum Classification {
  static let petWords: Set<String> = ["pet", "animal", "companion", "vet", "veterinary", "critter"]

  /// Words too common to rank a fact by.
  static let commonWords: Set<String> = [
    "best", "with", "your", "guide", "care", "about", "from", "what", "when", "right", "choose",
    "complete", "that", "this", "have", "does", "tips", "sign", "into", "need", "home", "good",
    "pet", "animal", "dog", "cat", "bird", "fish", "rabbit", "reptile", "beginner", "food", "feed",
    "feeding", "training", "puppy",
    "puppie", "kitten", "senior", "older", "disease", "health",
    "pets", "small", "large",
  ]

  /// The species with the most votes. A word after "for" or "in" counts more, because
  /// "fish oil for dogs" is about dogs.
  static func species(_ topic: [String], _ keywords: [String]) -> Species? {
    var votes: [Species: Int] = [:]
    for (position, word) in topic.enumerated() {
      guard let species = speciesWords[word] else { continue }
      let before = topic[max(0, position - 2)..<position]
      let isObject = before.contains { $0 == "for" || $0 == "in" || $0 == "to" }
      votes[species, default: 0] += isObject ? 7 : 4
    }
    for word in keywords {
      if let species = speciesWords[word] { votes[species, default: 0] += 1 }
    }
    return winner(votes, order: Species.allCases)
  }

  static func theme(_ topic: [String], _ keywords: [String]) -> Theme? {
    var votes: [Theme: Int] = [:]
    for word in topic { if let theme = themeWords[word] { votes[theme, default: 0] += 4 } }
    for word in keywords { if let theme = themeWords[word] { votes[theme, default: 0] += 1 } }
    // "Litter training" is about the litter and "dog crate training" about training.
    if let litter = votes[.litter] { votes[.litter] = litter + 2 }
    if let training = votes[.training] { votes[.training] = training + 1 }
    if let dental = votes[.dental] { votes[.dental] = dental + 3 }
    return winner(votes, order: Theme.allCases)
  }

  private static func winner<Key: Hashable>(_ votes: [Key: Int], order: [Key]) -> Key? {
    var best: Key?
    for key in order where (votes[key] ?? 0) > (best.flatMap { votes[$0] } ?? 0) { best = key }
    return best
  }

  static func type(_ tokens: [String], _ text: String) -> ArticleType {
    let words = Set(tokens)
    func has(_ any: String...) -> Bool { any.contains { words.contains($0) } }
    if has("sign", "symptom", "warning", "disease", "illness", "sick") { return .signsOf }
    if has("vs", "versus", "or", "compare", "compared", "comparison", "difference") {
      return .comparison
    }
    if has("best", "top", "choose", "choosing", "buy", "buying", "review", "pick", "right") {
      return .buyingGuide
    }
    let begins = ["train", "teach", "introduce", "introducing", "setting", "set", "build"]
    if text.contains("how to") || has("step", "setup", "tutorial")
      || begins.contains(tokens.first ?? "")
    {
      return .howTo
    }
    return .careGuide
  }

  /// Words that ask for a type of article by its name, with what stands before or behind the subject then.
  private static let requests: [(type: ArticleType, phrases: [String])] = [
    (.productDescription, ["product description", "description of product", "product page", "product text"]),
    (.faq, ["frequently asked questions", "questions and answers", "questions about", "faqs", "faq"]),
    (.breedProfile, ["breed profile", "profile of the breed", "breed portrait", "profile"]),
  ]

  /// The type that a topic asks for by its name, and the subject that remains; nil where it names none.
  static func request(in text: String) -> (type: ArticleType, subject: String)? {
    // Most topics name none, and need no further look.
    let letters = Array(text.lowercased().utf8)
    guard requestLetters.contains(where: { WordList.occurrences(of: $0, in: letters) > 0 }) else { return nil }
    for (type, phrases) in requests {
      let words = text.split(separator: " ")
      let bare = words.map { CallerText.trimPunctuation($0.lowercased()) }
      for phrase in phrases {
        let wanted = phrase.split(separator: " ").map(String.init)
        guard bare.count >= wanted.count,
          let start = (0...(bare.count - wanted.count)).first(where: { Array(bare[$0..<$0 + wanted.count]) == wanted })
        else { continue }
        let rest = CallerText.trimPunctuation(
          (words[..<start] + words[(start + wanted.count)...]).joined(separator: " "))
        return (type, CallerText.hasWords(rest) ? withoutJoint(rest) : text)
      }
    }
    return nil
  }

  private static let requestLetters = requests.flatMap { $0.phrases.map { Array($0.utf8) } }

  /// "for an orthopedic bed" without "for an".
  private static func withoutJoint(_ text: String) -> String {
    let joints: Set<String> = ["for", "of", "about", "on", "a", "an", "the", "and"]
    var words = text.split(separator: " ")
    while words.count > 1, let first = words.first, joints.contains(first.lowercased()) { words.removeFirst() }
    while words.count > 1, let last = words.last, joints.contains(last.lowercased()) { words.removeLast() }
    return words.joined(separator: " ")
  }

  private static let profileWords: Set<String> = [
    "temperament", "personality", "character", "characteristic", "trait",
  ]

  /// Whether a topic asks who a breed is: in so many words, or by naming nothing but the breed.
  static func asksForProfile(_ tokens: [String], breed: Breed?) -> Bool {
    if tokens.contains(where: { profileWords.contains($0) }) { return breed != nil || tokens.contains("breed") }
    guard let breed else { return false }
    let named = Set(breed.names.flatMap { WordList.tokens(of: $0) })
    let others = tokens.filter { word in
      !named.contains(word)
        && !["breed", "dog", "cat", "rabbit", "about", "all", "the", "a", "meet", "guide"].contains(word)
    }
    return others.isEmpty
  }

  static func stage(_ tokens: [String]) -> LifeStage? {
    for word in tokens {
      switch word {
      case "puppy", "puppie", "kitten", "young", "junior", "baby", "fry", "chick": return .young
      case "senior", "old", "older", "aging", "ageing", "elderly": return .senior
      default: continue
      }
    }
    return nil
  }

  private static func table<Value>(_ groups: [(Value, String)]) -> [String: Value] {
    var result: [String: Value] = [:]
    for (value, words) in groups {
      for word in words.split(separator: " ") { result[String(word)] = value }
    }
    return result
  }

  static let speciesWords: [String: Species] = table([
    (
      .dog,
      """
      dog puppy puppie canine pup labrador retriever poodle bulldog beagle terrier shepherd dachshund \
      chihuahua husky rottweiler pug spaniel collie corgi mastiff doodle leash kennel
      """
    ),
    (.cat, "cat kitten feline siamese persian kitty tabby tomcat ragdoll sphynx maine catnip"),
    (.rabbit, "rabbit bunny bunnie lop"),
    (
      .smallMammal,
      "hamster guinea gerbil rat mouse mice ferret chinchilla rodent cavy degu hedgehog"
    ),
    (
      .bird,
      """
      bird parrot budgie parakeet canary canarie finch finche cockatiel cockatoo macaw conure \
      lovebird budgerigar aviary
      """
    ),
    (
      .fish,
      """
      fish goldfish betta aquarium guppy guppie tetra koi cichlid pond tropical freshwater shrimp \
      fishkeeping
      """
    ),
    (
      .reptile,
      """
      reptile gecko snake lizard tortoise turtle python iguana chameleon terrarium vivarium bearded \
      boa skink
      """
    ),
  ])

  static let themeWords: [String: Theme] = table([
    (
      .feeding,
      """
      food feed feeding feeder fountain diet nutrition eat eating meal treat kibble hay pellet water hydration \
      nutrient weight obesity grain raw portion
      """
    ),
    (
      .training,
      """
      train training teach behavior behaviour obedience leash recall potty housebreak socialize \
      socialization tame taming bond bonding trick command crate introduce introducing handle \
      handling barking biting scratching harness collar muzzle pull pulling clicker
      """
    ),
    (.litter, "litter tray bedding substrate odor odour"),
    (.dental, "dental teeth tooth gum mouth breath toothbrush beak tartar plaque brushing"),
    (
      .grooming,
      """
      groom grooming brush bath bathing nail claw coat fur shed shedding shampoo clipper molt feather \
      clean cleaning maintenance
      """
    ),
    (
      .housing,
      """
      cage tank aquarium enclosure terrarium vivarium hutch bed house housing kennel habitat setup \
      perch filter heater cycle cycling tree aviary
      """
    ),
    (.toys, "toy play enrichment puzzle chew game boredom playtime"),
    (
      .health,
      """
      health healthy disease sick illness symptom vet vaccine vaccination parasite flea tick worm \
      allergy allergie arthritis pain emergency poison toxic kidney diabetes medicine ill injury
      """
    ),
    (.travel, "travel trip car flight plane carrier vacation holiday moving boarding road"),
    (
      .seasons,
      "season summer winter spring autumn heat cold snow weather christmas firework halloween"
    ),
    (.generalCare, "care adopt adopting adoption beginner owner lifespan breed"),
  ])
}
