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
    "That is worth a thought before any decision about {keyword}.",
    "It also answers one of the usual questions about {keyword}.",
    "This is one more reason to plan ahead when it comes to {keyword}.",
    "Staff in a good store will say the same about {keyword}.",
    "The same goes for much of what is said about {keyword}.",
    "Remember it when the choice comes to {keyword}.",
  ]

  /// For keywords that are whole questions.
  static let questionLeads = [
    "A common search is “{keyword}”, and this is part of the answer: ",
    "Those who ask “{keyword}” should know this: ",
    "Behind the question “{keyword}” stands a simple fact: ",
    "For the search “{keyword}”, one point helps: ",
  ]

  /// How the description of a product begins, in every tone.
  static let productOpeners = [
    "The right choice of {subject} makes daily life easier for the {animal} and for the people around it.",
    "A close look at {subject} before buying saves money and a return.",
    "Those who are looking for {subject} will find here what matters and what does not.",
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

  static func openers(_ theme: Theme, bird: Bool) -> [String] {
    switch theme {
    case .feeding:
      [
        "Food is where the daily care of {animals} begins, because every meal does a little good or a little harm.",
        "A good diet prevents many problems of {animals} that no medicine can put right later.",
        "What {animals} eat matters every day, even when the effect takes months to show.",
      ]
    case .training:
      [
        "Lessons for {animals} work best when they feel safe and when the reward comes at once.",
        "Habits of {animals} form faster than most people expect, and bad ones form just as fast as good ones.",
        "Patience with {animals} saves time in the end, because nothing has to be taught twice.",
      ]
    case .litter:
      [
        "A clean base keeps the whole home pleasant for {animals} and for people.",
        "Hygiene for {animals} is a matter of small routines that take minutes and save hours.",
        "Fresh surroundings keep {animals} out of trouble long before anybody can smell it.",
      ]
    case .dental where bird:
      [
        "A beak in good shape makes every meal of {animals} easier.",
        "The beak is the hand of {animals} as much as their mouth, so its care is worth a look each week.",
        "Trouble with the beak shows late in {animals}, so a habit of looking closely pays off.",
      ]
    case .dental:
      [
        "Problems in the mouths of {animals} hurt long before they show, so regular checks are worth the effort.",
        "A healthy mouth makes every meal of {animals} easier and spares the rest of the body as well.",
        "Prevention is simple for {animals}, while treatment is slow and costs a great deal.",
      ]
    case .grooming:
      [
        "Regular upkeep of {animals} prevents bigger jobs that are unpleasant for everybody.",
        "A few minutes of care for {animals} each week go far, above all when they become a habit.",
        "The upkeep of {animals} is also a health check, because hands find what eyes miss.",
      ]
    case .housing:
      [
        "The right surroundings do half of the work, since {animals} that feel at home give less trouble.",
        "Space shapes how {animals} behave, and so do light, warmth and places to hide.",
        "A home should fit the {animals} that live in it and not only the room that it stands in.",
      ]
    case .toys:
      [
        "Play keeps {animals} in shape in body and mind, whatever their age.",
        "Boredom is behind many bad habits of {animals}, and most of them fade when there is something to do.",
        "Busy {animals} are calm ones, because their energy has somewhere to go.",
      ]
    case .health:
      [
        "Early signs are easy to miss, since {animals} hide pain as long as they can.",
        "The health of {animals} rests on a watchful eye and on a vet who knows them.",
        "Illness in {animals} is best caught early, when treatment is simple and has the best chance.",
      ]
    case .travel:
      [
        "A calm trip with {animals} is planned ahead, from the first practice to the bag at the door.",
        "Moving between places is hard on {animals}, so everything familiar helps.",
        "Preparation makes travel safe for {animals}, because nobody packs well in a hurry.",
      ]
    case .seasons:
      [
        "The needs of {animals} change with the weather, and the routine should change with them.",
        "Each season brings {animals} its own risks, most of which can be seen coming.",
        "The calendar is part of the care of {animals}, since heat and cold never come as a surprise.",
      ]
    case .generalCare:
      [
        "Everyday habits make the largest difference to {animals}, because they add up over the years.",
        "Good care of {animals} is mostly routine that is kept up on busy days as well.",
        "Knowing one's own {animals} comes first, since only then does a change stand out.",
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
