// Headings and keyword lead-ins that every tone uses.

enum SharedPhrases {
  /// Closes every article about health.
  static let healthNote = "This article gives general information and does not replace an examination by a vet."

  /// Clauses that carry a keyword into a statement. All are right for singular, plural and "how to" keywords alike, and none
  /// is longer than it has to be: the fact is what is read.
  static let keywordClauses = [
    "With {keyword}, it helps to know that ",
    "A point on {keyword} that is easy to miss is that ",
    "Anyone new to {keyword} should know that ",
    "When it comes to {keyword}, remember that ",
    "One thing to know about {keyword} is that ",
    "As for {keyword}, bear in mind that ",
    "Good advice on {keyword} begins with the fact that ",
    "For {keyword}, it matters that ",
  ]

  /// The same before advice.
  static let keywordAdvice = [
    "For {keyword}, ", "When it comes to {keyword}, ", "As a first step on {keyword}, ", "With {keyword} in mind, ",
    "As a simple rule on {keyword}, ",
  ]

  /// The same before sentences that are not of one piece, such as a fact and what follows from it.
  static let keywordLeads = [
    "A note on {keyword}: ", "Worth knowing about {keyword}: ", "To remember about {keyword}: ",
    "A tip on {keyword}: ",
  ]

  /// Behind a fact of one piece that does not speak of the keyword.
  static let keywordTails = [
    ", which matters for {keyword} as well", ", which also counts for {keyword}", ", and that bears on {keyword} too",
    ", which is worth a thought with {keyword} in mind", ", and the same thought helps with {keyword}",
    ", and plans for {keyword} should allow for that",
  ]

  /// Behind any other one.
  static let bridges = [
    "That matters for {keyword} as well.",
    "Keep that in mind for {keyword} too.",
    "It also counts in plans for {keyword}.",
    "It bears on {keyword} too.",
    "Remember it when it comes to {keyword}.",
    "That belongs to any advice on {keyword}.",
    "It is worth a thought before any decision about {keyword}.",
    "Notes like these help with {keyword} as well.",
  ]

  /// Where no fact is at hand that the keyword could stand beside.
  static let storeLines = [
    "Ask in the store about {keyword} when something is unclear.",
    "The store can help with questions about {keyword}.",
    "It pays to think of {keyword} in the same step.",
    "Notes on {keyword} are worth keeping beside these.",
    "A word with the store about {keyword} saves a second trip.",
  ]

  /// For keywords about another kind of animal.
  static let foreignLines = [
    "In homes with other animals, the store can help with {keyword} as well.",
    "Those who keep other animals too can ask in the store about {keyword}.",
    "Other animals in the home have needs of their own, and the store can tell about {keyword}.",
  ]

  /// For keywords that are whole questions.
  static let questionLeads = [
    "Those who ask “{keyword}” should know this: ",
    "Part of the answer to “{keyword}” is this: ",
    "Behind the question “{keyword}” stands a simple fact: ",
  ]

  /// How the description of a product begins, in every tone.
  static let productOpeners = [
    "The right choice of {subject} makes daily life easier for the {animal} and its people.",
    "A close look at {subject} before buying saves money and a return.",
    "With {subject}, a few points decide how long it is used.",
  ]

  /// How an article on an illness begins and ends: nobody who is worried about an animal wants to be entertained.
  static func signOpeners(isFormal: Bool) -> [String] {
    isFormal
      ? [
        "With {subject}, the first signs decide how much a vet can do.",
        "Early signs of {subject} are easy to miss, since {animals} hide pain and weakness.",
        "An owner who can read the signs of {subject} gives a vet more time to help.",
      ]
      : [
        "If you're worried about {subject}, these are the signs to know.",
        "With {subject}, it's the first signs that count, and they're easy to miss.",
        "Here's what to look for when you think of {subject}.",
      ]
  }

  static func signClosers(isFormal: Bool) -> [String] {
    isFormal
      ? [
        "When in doubt about {subject}, a call to a vet costs little and may save much.",
        "The early signs of {subject} are the ones to remember, because treatment works best then.",
      ]
      : [
        "If you're ever in doubt about {subject}, call your vet, because early help works best.",
        "Keep the early signs of {subject} in mind, and trust your eyes when your {animal} seems different.",
      ]
  }

  static func headings(_ theme: Theme, fish: Bool, bird: Bool) -> [String] {
    switch theme {
    case .feeding: ["Feeding {Animals} Well", "What Goes in the Bowl", "Food and Water"]
    case .training:
      fish
        ? ["Settling New {Animals} In", "Calm First Days", "Habits of {Animals}"]
        : ["Building Good Habits", "Training {Animals} With Kindness", "Lessons That Last"]
    case .litter:
      fish
        ? ["Gravel and Substrate", "The Tank Floor", "Under the Water Line"]
        : ["Litter and Daily Cleaning", "Keeping Things Clean", "A Fresh Start Every Day"]
    case .dental:
      bird
        ? ["Beak Care", "Keeping the Beak in Shape", "A Healthy Beak"]
        : ["Healthy Teeth and Mouths", "Dental Care for {Animals}", "Protecting the Teeth"]
    case .grooming:
      fish
        ? ["Water and Upkeep", "Clean Water Every Week", "Routine Tank Work"]
        : ["Grooming and Upkeep", "Grooming {Animals} at Home", "Coat, Skin and Nails"]
    case .housing:
      ["Home and Space", "A Good Home for {Animals}", "Setting Up the Space"]
    case .toys: ["Play and Enrichment", "Keeping {Animals} Busy", "Games That Suit {Animals}"]
    case .health: ["Health and Vet Care", "Keeping {Animals} Healthy", "What a Vet Looks For"]
    case .travel: ["Travel and Moves", "On the Road With {Animals}", "Trips Without Stress"]
    case .seasons: ["Care Through the Seasons", "Heat, Cold and Holidays", "Weather and {Animals}"]
    case .generalCare:
      ["Daily Life With {Animals}", "Living With {Animals}", "The Basics of Good Care"]
    }
  }

  static func wordTitle(_ type: ArticleType) -> [String] {
    switch type {
    case .howTo: ["A Step-by-Step Guide", "Simple Steps That Work", "Step by Step"]
    case .buyingGuide: ["A Practical Buying Guide", "What to Look For", "How to Choose Well"]
    case .comparison: ["How They Compare", "A Fair Comparison", "Which One Fits?"]
    case .signsOf: ["What Owners Should Know", "When to Call the Vet", "What to Watch For"]
    case .productDescription: ["What It Offers", "At a Glance", "Is It Right for Your Pet?"]
    case .faq: ["Frequently Asked Questions", "Questions and Answers", "Your Questions Answered"]
    case .breedProfile: ["Breed Profile", "Character, Care and Health", "Who They Are"]
    case .careGuide: ["A Practical Care Guide", "Facts and Tips for Owners", "The Essentials"]
    }
  }
}
