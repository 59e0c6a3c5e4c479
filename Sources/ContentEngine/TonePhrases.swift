// The sentences that belong to a tone and not to a fact.
//
// Slots: {subject}, {animal}, {animals}. The subject always follows a preposition or stands
// in a place where number does not matter, so that no phrase can disagree with it.

struct TonePhrases: Sendable {
  var openers: [String]
  var promises: [String]
  var closers: [String]
  var farewells: [String]
  /// Before a statement, with a small letter after it.
  var statementLeads: [String]
  /// Short sentences between facts.
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
      "Good decisions about {subject} rest on a few facts that owners can check.",
      "Clear information about {subject} helps owners to act with confidence.",
      "Owners who read up on {subject} early avoid most of the common problems.",
    ],
    promises: [
      "This article sets out the main points in a practical order.",
      "The sections below move from the essentials to the finer details.",
      "Each part gives plain facts, sound reasons and clear next steps.",
    ],
    closers: [
      "What an owner learns about {subject} pays off over the whole life of the {animal}.",
      "A simple written plan makes it easier to act on advice about {subject}.",
      "Sound choices about {subject} begin with the needs of the {animal}.",
    ],
    farewells: [
      "A local store or vet can help to fit the advice to one animal.",
      "Small steps, taken in good order, bring the best results.",
    ],
    statementLeads: ["In practice, ", "As a rule of thumb, ", "In most homes, "], asides: [])

  private static let authoritative = TonePhrases(
    openers: [
      "The facts about {subject} are clear.",
      "Three things settle most questions about {subject}: knowledge, routine and attention.",
      "Poor advice on {subject} is common, so the facts must come first.",
    ],
    promises: [
      "What follows is the standard that every owner should meet.",
      "These points are not a matter of taste.",
      "Owners should read each section before they spend any money.",
    ],
    closers: [
      "Owners who act on these facts about {subject} will see the difference.",
      "Clear rules on {subject} are worth the effort.",
      "Neglect is paid for later by the {animal}, so take the advice on {subject} to heart.",
    ],
    farewells: [
      "Start with the first section and do it properly.",
      "When facts and habit disagree, the facts should win.",
    ],
    statementLeads: ["The evidence is plain: ", "The rule is firm: ", "Experts agree on this: "],
    asides: [])

  private static let technical = TonePhrases(
    openers: [
      "This document covers {subject} and lists the relevant values, limits and steps.",
      "The facts about {subject} can be checked, recorded and applied.",
      "Any sound answer to questions about {subject} starts with data and limits.",
    ],
    promises: [
      "Quantities are given where they are known, and limits are marked as such.",
      "Each section treats one factor on its own.",
      "Values refer to healthy animals unless the text says otherwise.",
    ],
    closers: [
      "Records kept over several weeks show whether the advice on {subject} works.",
      "Review the notes on {subject} at fixed intervals.",
      "Change one factor at a time, log the result and return to the notes on {subject}.",
    ],
    farewells: [
      "Deviations that last should be reported to a vet.",
      "A log of weight, intake and behavior is the most useful tool.",
    ],
    statementLeads: ["Reference point: ", "Observed norm: ", "For the record, "], asides: [])

  private static let casual = TonePhrases(
    openers: [
      "So you're looking into {subject}. Nice!",
      "Let's talk about {subject}, minus the boring bits.",
      "Got questions about {subject}? You're in the right spot.",
    ],
    promises: [
      "Grab a coffee and skim what you need.",
      "It's easier than you'd think.",
      "Here's the stuff that really counts.",
    ],
    closers: [
      "And that's the short version of what there is to know about {subject}.",
      "You've got this, and questions about {subject} won't faze you now.",
      "Stick with the basics on {subject} and you'll do fine.",
    ],
    farewells: [
      "Now go give your {animal} some love.",
      "Don't sweat the small stuff.",
    ],
    statementLeads: ["Heads up: ", "Good to know: ", "Here's the deal: "],
    asides: [
      "Easy, right?", "It's that simple.", "No need to overthink it.",
      "Worth knowing.", "Not rocket science.",
    ])

  private static let friendly = TonePhrases(
    openers: [
      "If you're wondering about {subject}, you're already a caring owner.",
      "We're so glad you want to learn about {subject}.",
      "Every happy {animal} has someone who took the time to read about {subject}.",
    ],
    promises: [
      "We'll walk you through it step by step.",
      "You'll find simple tips here that you can use today.",
      "Don't worry, we'll keep it clear and kind.",
    ],
    closers: [
      "We hope you feel ready to use what you've read about {subject}.",
      "With a little patience, what you've learned about {subject} will soon feel natural.",
      "Thank you for taking the time to read about {subject}.",
    ],
    farewells: [
      "Your {animal} is lucky to have you.",
      "If you're ever unsure, just ask us or your vet.",
    ],
    statementLeads: [
      "You'll be glad to know this: ", "A friendly reminder: ", "Here's a kind tip: ",
    ],
    asides: [
      "You're doing great.", "Little steps count.", "Take your time with it.",
      "Your patience will pay off.",
    ])

  private static let conversational = TonePhrases(
    openers: [
      "Have you ever had questions about {subject}?",
      "People in the shop ask us about {subject} almost every day.",
      "So what's really worth knowing about {subject}?",
    ],
    promises: [
      "Let's go through it together.",
      "We'll answer that one piece at a time.",
      "Here's what we tell them.",
    ],
    closers: [
      "So, what's your next question about {subject}?",
      "That's what we'd tell a friend about {subject}.",
      "Now you know the essentials about {subject}.",
    ],
    farewells: [
      "Tell us how it goes with your {animal}.",
      "And if something's still unclear, come in and ask.",
    ],
    statementLeads: [
      "You may have noticed this: ", "Here's something people ask: ", "Think of it like this: ",
    ],
    asides: [
      "Does that sound familiar?", "Makes sense, doesn't it?", "You'd be surprised.",
      "Have you tried that yet?", "It's a common question.",
    ])

  private static let creative = TonePhrases(
    openers: [
      "Picture a quiet evening, a content {animal} and all questions about {subject} answered.",
      "Every {animal} has a story, and here's the chapter about {subject}.",
      "Imagine the world at the height of your {animal}, and then think about {subject}.",
    ],
    promises: [
      "Let's turn the page and see what's there.",
      "Come along, since the small details are where the magic hides.",
      "The path is short, and there are treats along the way.",
    ],
    closers: [
      "So ends our little story about {subject}.",
      "The next chapter about {subject} is yours to write.",
      "Somewhere between the facts about {subject}, a friendship grows.",
    ],
    farewells: [
      "Listen closely, and your {animal} will tell you the rest.",
      "May your days together be long and bright.",
    ],
    statementLeads: [
      "Here's a small secret: ", "Nature has its own plan: ", "A whisper worth hearing: ",
    ],
    asides: [
      "Small things, big hearts.", "Such is life with a {animal}.", "Every day adds a line.",
    ])
}
