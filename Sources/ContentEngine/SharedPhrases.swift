// Headings, section openers and keyword lead-ins that every tone uses.

enum SharedPhrases {
  /// Closes every article about health.
  static let healthNote = "This article gives general information and does not replace an examination by a vet."

  /// Lead-ins that carry a keyword into a fact. All are right before a statement and before
  /// advice, and for singular, plural and "how to" keywords alike.
  static let keywordLeads = [
    "One note on {keyword}: ", "Worth knowing about {keyword}: ",
    "A point on {keyword} that is easy to miss: ", "A first rule on {keyword}: ",
    "Advice on {keyword} often starts here: ", "A fact to remember about {keyword}: ",
    "In short, on {keyword}: ", "Anyone who reads about {keyword} will meet this point: ",
    "A useful fact on {keyword}: ", "Questions about {keyword} often lead to this: ",
    "On the subject of {keyword}, ", "A tip on {keyword}: ",
    "When the talk turns to {keyword}, one thing stands out: ",
    "Owners who ask about {keyword} should know this: ",
    "Good guides on {keyword} say the same: ", "A basic point about {keyword}: ",
    "Here is a detail on {keyword}: ", "With an eye on {keyword}, note this: ",
  ]

  /// For keywords whose theme the article hardly touches.
  static let bridges = [
    "Those who came for {keyword} will find that this part matters as well.",
    "All of this ties in with {keyword}.",
    "The same care helps with questions about {keyword}.",
    "Keep this in mind when you read about {keyword}.",
    "A store that knows {keyword} can help with the details.",
    "Many owners look up {keyword} at this point.",
    "Each of these points has a bearing on {keyword}.",
    "Notes like these also help with {keyword}.",
    "Ask in the store about {keyword} when something is unclear.",
    "More than one plan for {keyword} begins right here.",
    "This is also where thoughts about {keyword} belong.",
    "It is worth reading this twice with {keyword} in mind.",
  ]

  /// For keywords that are whole questions.
  static let questionLeads = [
    "A common search is “{keyword}”, and this is part of the answer: ",
    "Those who ask “{keyword}” should know this: ",
    "Behind the question “{keyword}” stands a simple fact: ",
    "For the search “{keyword}”, one point helps: ",
  ]

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
        ? ["Water and Tank Upkeep", "Clean Water Every Week", "Routine Tank Work"]
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

  static func openers(_ theme: Theme) -> [String] {
    switch theme {
    case .feeding:
      [
        "Food is where daily care begins.", "A good diet prevents many problems.",
        "What goes in matters every day.",
      ]
    case .training:
      [
        "Learning works best when it feels safe.", "Habits form faster than most people expect.",
        "Patience saves time in the end.",
      ]
    case .litter:
      [
        "A clean base keeps the whole home pleasant.", "Hygiene is a matter of small routines.",
        "Fresh surroundings prevent trouble.",
      ]
    case .dental:
      [
        "Mouth problems hurt long before they show.", "A healthy mouth makes every meal easier.",
        "Prevention is simple here.",
      ]
    case .grooming:
      [
        "Regular upkeep prevents bigger jobs.", "A few minutes of care each week go far.",
        "Upkeep is also a health check.",
      ]
    case .housing:
      [
        "The right surroundings do half of the work.", "Space shapes behavior.",
        "A home should fit the animal in it.",
      ]
    case .toys:
      [
        "Play keeps body and mind in shape.", "Boredom is behind many bad habits.",
        "A busy animal is a calm one.",
      ]
    case .health:
      [
        "Early signs are easy to miss.", "Good health rests on a watchful eye.",
        "Illness is best caught early.",
      ]
    case .travel:
      [
        "A calm trip is planned ahead.", "Moving between places is hard on animals.",
        "Preparation makes travel safe.",
      ]
    case .seasons:
      [
        "Needs change with the weather.", "Each season brings its own risks.",
        "The calendar is part of good care.",
      ]
    case .generalCare:
      [
        "Everyday habits make the largest difference.", "Good care is mostly routine.",
        "Knowing the animal comes first.",
      ]
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
