// Headings, section openers and keyword lead-ins that every tone uses.

enum SharedPhrases {
  /// Closes every article about health.
  static let healthNote = "This article gives general information and does not replace an examination by a vet."

  /// Clauses that carry a keyword into a statement. All are right for singular, plural and "how to" keywords alike.
  static let keywordClauses = [
    "Owners who read up on {keyword} soon learn that ",
    "What many guides on {keyword} leave out is that ",
    "Questions about {keyword} often come down to the fact that ",
    "One of the first things to know about {keyword} is that ",
    "When it comes to {keyword}, it helps to know that ",
    "A point on {keyword} that is easy to miss is that ",
    "Anyone who asks about {keyword} should know that ",
    "Good advice on {keyword} starts from the fact that ",
    "No advice on {keyword} is complete without the fact that ",
    "In a talk about {keyword}, it is worth adding that ",
    "Those who think about {keyword} should bear in mind that ",
    "Much of what is written about {keyword} rests on the fact that ",
    "A first look at {keyword} should include the fact that ",
    "It is part of the story of {keyword} that ",
  ]

  /// The same before advice.
  static let keywordAdvice = [
    "When it comes to {keyword}, ", "As a first step on {keyword}, ", "With an eye on {keyword}, ",
    "On the subject of {keyword}, ", "To make a good start on {keyword}, ",
    "As any good guide on {keyword} will say, ", "With questions about {keyword} in mind, ",
    "As a simple rule on {keyword}, ",
  ]

  /// The same before sentences that are not of one piece, such as a fact and what follows from it.
  static let keywordLeads = [
    "One note on {keyword}: ", "Worth knowing about {keyword}: ",
    "A point on {keyword} that is easy to miss: ", "A fact to remember about {keyword}: ",
    "Anyone who reads about {keyword} will meet this point: ",
    "Questions about {keyword} often lead to this: ",
    "When the talk turns to {keyword}, one thing stands out: ",
    "Owners who ask about {keyword} should know this: ",
    "Good guides on {keyword} say the same: ", "With an eye on {keyword}, note this: ",
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
        "Food is where daily care begins, because every meal does a little good or a little harm.",
        "A good diet prevents many problems that no medicine can put right later.",
        "What goes into the bowl matters every day, even when the effect takes months to show.",
      ]
    case .training:
      [
        "Learning works best when it feels safe and when the reward comes at once.",
        "Habits form faster than most people expect, and bad ones form just as fast as good ones.",
        "Patience saves time in the end, because nothing has to be taught twice.",
      ]
    case .litter:
      [
        "A clean base keeps the whole home pleasant for animals and for people.",
        "Hygiene is a matter of small routines that take minutes and save hours.",
        "Fresh surroundings prevent trouble long before anybody can smell it.",
      ]
    case .dental:
      [
        "Problems in the mouth hurt long before they show, so regular checks are worth the effort.",
        "A healthy mouth makes every meal easier and spares the rest of the body as well.",
        "Prevention is simple here, while treatment is slow and costs a great deal.",
      ]
    case .grooming:
      [
        "Regular upkeep prevents bigger jobs that are unpleasant for everybody.",
        "A few minutes of care each week go far, above all when they become a habit.",
        "Upkeep is also a health check, because hands find what eyes miss.",
      ]
    case .housing:
      [
        "The right surroundings do half of the work, since an animal that feels at home gives less trouble.",
        "Space shapes behavior, and so do light, warmth and places to hide.",
        "A home should fit the animal that lives in it and not only the room that it stands in.",
      ]
    case .toys:
      [
        "Play keeps body and mind in shape, whatever the age of the animal.",
        "Boredom is behind many bad habits, and most of them fade when there is something to do.",
        "A busy animal is a calm one, because its energy has somewhere to go.",
      ]
    case .health:
      [
        "Early signs are easy to miss, since most animals hide pain as long as they can.",
        "Good health rests on a watchful eye and on a vet who knows the animal.",
        "Illness is best caught early, when treatment is simple and has the best chance.",
      ]
    case .travel:
      [
        "A calm trip is planned ahead, from the first practice to the bag at the door.",
        "Moving between places is hard on animals, so everything familiar helps.",
        "Preparation makes travel safe, because nobody packs well in a hurry.",
      ]
    case .seasons:
      [
        "Needs change with the weather, and the routine should change with them.",
        "Each season brings its own risks, most of which can be seen coming.",
        "The calendar is part of good care, since heat and cold never come as a surprise.",
      ]
    case .generalCare:
      [
        "Everyday habits make the largest difference, because they add up over the years.",
        "Good care is mostly routine that is kept up on busy days as well.",
        "Knowing the animal comes first, since only then does a change stand out.",
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
