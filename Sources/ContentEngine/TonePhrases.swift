// The sentences that belong to a tone and not to a fact.
//
// Slots: {subject}, {animal}, {animals}. The subject always follows a preposition or stands
// in a place where number does not matter, so that no phrase can disagree with it.

struct TonePhrases: Sendable {
  var openers: [String]
  var closers: [String]
  var farewells: [String]
  /// Before a statement, with a small letter after it.
  var statementLeads: [String]
  /// Short sentences after advice.
  var asides: [String]

  static func phrases(for tone: Tone) -> TonePhrases {
    switch tone {
    case .professional: professional
    case .authoritative: authoritative
    case .technical: technical
    case .casual: casual
    case .friendly: friendly
    case .conversational: conversational
    case .creative: creative
    }
  }

  private static let professional = TonePhrases(
    openers: [
      "A few facts make decisions about {subject} much easier.",
      "Good advice on {subject} prevents problems that cost far more later.",
      "What counts with {subject} is soon told and easy to check.",
    ],
    closers: [
      "A written plan makes advice on {subject} easier to follow on busy days.",
      "Choices about {subject} begin with the needs of the {animal} and end with a routine that lasts.",
      "Review these points on {subject} whenever the needs of the {animal} change.",
    ],
    farewells: [
      "A local store or vet can fit the advice to one {animal} and one home.",
      "Small steps bring the best results when they are kept up.",
    ],
    statementLeads: ["In practice, ", "As a rule, ", "Worth noting: "], asides: [])

  private static let authoritative = TonePhrases(
    openers: [
      "The facts about {subject} leave little room for guesswork.",
      "Poor advice on {subject} is common, so the facts come first here.",
      "These are the facts about {subject} that matter most.",
    ],
    closers: [
      "Act on these facts about {subject} from the first day, because mistakes are hard to undo.",
      "Clear rules on {subject} spare the {animal} much trouble.",
      "Take the advice on {subject} to heart, for good habits are easier to build than to mend.",
    ],
    farewells: [
      "Begin with the first section, do it properly, and only then move on.",
      "Where facts and habit disagree, follow the facts.",
    ],
    statementLeads: ["One point is settled: ", "Make no mistake: ", "This much is certain: "], asides: [])

  private static let technical = TonePhrases(
    openers: [
      "This document covers {subject}, with values, limits and steps where they are known.",
      "These notes on {subject} list what can be measured, checked and recorded.",
      "The values on {subject} below refer to healthy {animals}.",
    ],
    closers: [
      "Records kept over several weeks show whether the advice on {subject} works in a given case.",
      "Review the notes on {subject} at fixed intervals, and adjust them to the results.",
      "Change one factor at a time, log the result and return to the notes on {subject}.",
    ],
    farewells: [
      "Deviations that last should be reported to a vet, together with the log.",
      "A log of weight, intake and behavior is the most useful tool of an owner.",
    ],
    statementLeads: ["Reference point: ", "For the record, ", "To be noted: "], asides: [])

  private static let casual = TonePhrases(
    openers: [
      "Here's the short version on {subject}, without the fluff.",
      "Let's talk about {subject}, minus the boring bits.",
      "If you've got questions about {subject}, you're in the right spot.",
    ],
    closers: [
      "That's the short version of what there is to know about {subject}.",
      "You've got this, and questions about {subject} won't faze you now.",
      "Stick with the basics on {subject}, and you'll do fine on most days.",
    ],
    farewells: [
      "Now go give your {animal} some love, because that's what all of this is for.",
      "Ask us when something about your {animal} looks odd.",
    ],
    statementLeads: ["Heads up: ", "Good to know: ", "Here's the deal: "],
    asides: ["It's that simple.", "Plenty of people skip that one.", "There's no need to overthink it."])

  private static let friendly = TonePhrases(
    openers: [
      "It's great that you want to learn about {subject}, because a little knowledge goes a long way.",
      "Here's a little help with {subject}, kept clear and kind.",
      "We're glad you're here to read about {subject}.",
    ],
    closers: [
      "We hope these tips on {subject} make your days easier.",
      "With a little patience, what you've learned about {subject} will soon feel natural.",
      "Thank you for taking the time to read about {subject}, because it shows how much you care.",
    ],
    farewells: [
      "Your {animal} is lucky to have you.",
      "If you're ever unsure, just ask us or your vet, because no question is too small.",
    ],
    statementLeads: ["You may like to know this: ", "A friendly reminder: ", "Here's something to remember: "],
    asides: [
      "Little steps count, even when you can't see the result yet.", "Take your time with it.",
      "Your patience will pay off.",
    ])

  private static let conversational = TonePhrases(
    openers: [
      "Have you ever had questions about {subject} that nobody could answer in plain words?",
      "People in the shop often ask us about {subject}, so here's what we tell them.",
      "So what's really worth knowing about {subject}, and what can you forget?",
    ],
    closers: [
      "So, what's your next question about {subject}?",
      "That's what we'd tell a friend about {subject}.",
      "Now you know the essentials about {subject}, and the rest comes with practice.",
    ],
    farewells: [
      "Tell us how it goes with your {animal}, because your story may help the next person.",
      "And if something's still unclear, come in and ask.",
    ],
    statementLeads: [
      "You may have noticed this: ", "Here's something people ask about: ", "Here's one to remember: ",
    ],
    asides: ["It makes sense when you think about it.", "You'd be surprised how often that's forgotten."])

  private static let creative = TonePhrases(
    openers: [
      "Picture a quiet evening, a content {animal} and no open questions about {subject}.",
      "Every {animal} has a story, and here's the chapter about {subject}.",
      "Imagine the world at the height of your {animal}, and then think about {subject}.",
    ],
    closers: [
      "So ends our little story about {subject}, though yours has only begun.",
      "The next chapter about {subject} is yours to write.",
      "Somewhere between the facts about {subject}, a friendship grows that lasts for years.",
    ],
    farewells: [
      "Listen closely, and your {animal} will tell you the rest in its own language.",
      "May your days with your {animal} be long, bright and full of small adventures.",
    ],
    statementLeads: ["Here's a small secret: ", "A line for the notebook: ", "Worth a whisper: "],
    asides: ["Small things make big hearts.", "Every day adds a line to the story that you share."])
}
