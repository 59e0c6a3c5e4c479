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
      "Good decisions about {subject} rest on a few facts that every owner can check.",
      "Clear information about {subject} helps owners to act with confidence and to avoid what does harm.",
      "Owners who read up on {subject} early avoid most of the problems that a vet sees later.",
    ],
    promises: [
      "This article sets out the main points in a practical order, with reasons where they help.",
      "The sections below move from the essentials to the finer details, so that each can be read alone.",
      "Each part gives plain facts, the reasons behind them and steps that fit into a normal day.",
    ],
    closers: [
      "What an owner learns about {subject} pays off over the whole life of the {animal}.",
      "A simple written plan makes it easier to act on advice about {subject} when the day is busy.",
      "Sound choices about {subject} begin with the needs of the {animal} and end with a routine that lasts.",
    ],
    farewells: [
      "A local store or vet can help to fit the advice to one {animal} and one home.",
      "Small steps bring the best results when they are taken in good order and kept up.",
    ],
    statementLeads: ["In practice, ", "As a rule of thumb, ", "In most homes, "], asides: [])

  private static let authoritative = TonePhrases(
    openers: [
      "The facts about {subject} are clear, and they leave little room for guesswork.",
      "Three things settle most questions about {subject}: knowledge, routine and attention to detail.",
      "Poor advice on {subject} is common, so the facts must come before any opinion.",
    ],
    promises: [
      "What follows is the standard that every owner should meet, whatever the age of the {animal}.",
      "These points are not a matter of taste, because the health of the {animal} depends on them.",
      "Owners should read each section before they spend any money on the {animal}.",
    ],
    closers: [
      "Owners who act on these facts about {subject} will see the difference within weeks.",
      "Clear rules on {subject} are worth the effort, because mistakes are hard to undo.",
      "Neglect is paid for later by the {animal}, so take the advice on {subject} to heart.",
    ],
    farewells: [
      "Start with the first section, do it properly, and only then move on to the next.",
      "When facts and habit disagree, the facts should win, however old the habit is.",
    ],
    statementLeads: ["The evidence is plain: ", "The rule is firm: ", "Experts agree on this: "],
    asides: [])

  private static let technical = TonePhrases(
    openers: [
      "This document covers {subject} and lists the relevant values, limits and steps.",
      "The facts about {subject} can be checked, recorded and applied by anyone with a scale and a log.",
      "Any sound answer to questions about {subject} starts with data and with known limits.",
    ],
    promises: [
      "Quantities are given where they are known, and limits are marked as such.",
      "Each section treats one factor on its own, so that its effect can be tested alone.",
      "Values refer to healthy {animals} unless the text says otherwise, and outliers need a vet.",
    ],
    closers: [
      "Records kept over several weeks show whether the advice on {subject} works in a given case.",
      "Review the notes on {subject} at fixed intervals, and adjust them to the measured results.",
      "Change one factor at a time, log the result and return to the notes on {subject}.",
    ],
    farewells: [
      "Deviations that last should be reported to a vet, together with the log.",
      "A log of weight, intake and behavior is the most useful tool that an owner of {animals} can keep.",
    ],
    statementLeads: ["Reference point: ", "Observed norm: ", "For the record, "], asides: [])

  private static let casual = TonePhrases(
    openers: [
      "So you're looking into {subject}, and you'd like the short version without the fluff.",
      "Let's talk about {subject}, minus the boring bits that nobody reads anyway.",
      "Got questions about {subject}? You're in the right spot, because we hear them all the time.",
    ],
    promises: [
      "Grab a coffee, skim what you need, and come back for the rest when you've got a minute.",
      "It's easier than you'd think once you know the handful of things that matter to {animals}.",
      "Here's the stuff that really counts, in an order that makes sense.",
    ],
    closers: [
      "And that's the short version of what there is to know about {subject}.",
      "You've got this, and questions about {subject} won't faze you now.",
      "Stick with the basics on {subject}, and you'll do fine on most days.",
    ],
    farewells: [
      "Now go give your {animal} some love, because that's what all of this is for.",
      "Don't sweat the small stuff, and ask us when something about your {animal} looks odd.",
    ],
    statementLeads: ["Heads up: ", "Good to know: ", "Here's the deal: "],
    asides: [
      "It's that simple, and it costs you next to nothing.",
      "There's no need to overthink it, since a rough plan beats no plan.",
      "That's worth knowing before you spend a cent.",
      "It's not rocket science, but plenty of people skip it.",
    ])

  private static let friendly = TonePhrases(
    openers: [
      "If you're wondering about {subject}, you're already the kind of owner every animal deserves.",
      "We're so glad you want to learn about {subject}, because a little knowledge goes a long way.",
      "Every happy {animal} has someone who took the time to read about {subject}.",
    ],
    promises: [
      "We'll walk you through it step by step, and you can stop wherever you like.",
      "You'll find simple tips that fit into a busy day, and reasons that make them easy to remember.",
      "Don't worry if it's all new to you, since we'll keep it clear and kind.",
    ],
    closers: [
      "We hope you feel ready to use what you've read about {subject}.",
      "With a little patience, what you've learned about {subject} will soon feel natural.",
      "Thank you for taking the time to read about {subject}, because it shows how much you care.",
    ],
    farewells: [
      "Your {animal} is lucky to have you, and it'll show you so in its own way.",
      "If you're ever unsure, just ask us or your vet, because no question is too small.",
    ],
    statementLeads: [
      "You'll be glad to know this: ", "A friendly reminder: ", "Here's a kind tip: ",
    ],
    asides: [
      "You're doing great if you've read this far.",
      "Little steps count, even when you can't see the result yet.",
      "Take your time with it, because nobody gets everything right in the first week.",
      "Your patience will pay off sooner than you think.",
    ])

  private static let conversational = TonePhrases(
    openers: [
      "Have you ever had questions about {subject} that nobody could answer in plain words?",
      "People in the shop ask us about {subject} almost every day, and the answers surprise many of them.",
      "So what's really worth knowing about {subject}, and what can you safely forget?",
    ],
    promises: [
      "Let's go through it together, from the things that matter most to {animals} to the nice extras.",
      "We'll answer that one piece at a time, just as we would across the counter.",
      "Here's what we tell them, with the reasons that make it stick.",
    ],
    closers: [
      "So, what's your next question about {subject}?",
      "That's what we'd tell a friend about {subject}, and we'd mean every word of it.",
      "Now you know the essentials about {subject}, and the rest comes with practice.",
    ],
    farewells: [
      "Tell us how it goes with your {animal}, because your story may help the next person.",
      "And if something's still unclear, come in and ask, since that's what we're here for.",
    ],
    statementLeads: [
      "You may have noticed this: ", "Here's something people ask about: ", "Think of it like this: ",
    ],
    asides: [
      "Does that sound familiar to you?",
      "It makes sense when you think about it, doesn't it?",
      "You'd be surprised how often that's forgotten.",
      "Have you tried that yet, or is it on your list?",
    ])

  private static let creative = TonePhrases(
    openers: [
      "Picture a quiet evening, a content {animal} and all questions about {subject} answered.",
      "Every {animal} has a story, and here's the chapter about {subject}.",
      "Imagine the world at the height of your {animal}, and then think about {subject}.",
    ],
    promises: [
      "Let's turn the page and see what's there, because the best parts are easy to miss.",
      "Come along, since the small details are where the magic hides.",
      "The path is short, and there are treats along the way for those who look closely.",
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
    statementLeads: [
      "Here's a small secret: ", "Nature has its own plan: ", "A whisper worth hearing: ",
    ],
    asides: [
      "Small things make big hearts, as every old friend knows.",
      "Such is life with animals, and who would want it otherwise?",
      "Every day adds a line to the story that you share.",
    ])
}
