// Titles, descriptions and labels: all that stands outside the text.

enum Headline {
  static let titleLimit = 60

  /// 10 to 60 code points, with the focus keyword where both fit.
  static func title(for topic: Topic, focus: String?, random: inout SeededRandom) -> String {
    let fallback = "Everyday Pet Care: A Practical Guide"
    let typed = CallerText.trimPunctuation(topic.text)
    guard CallerText.hasWords(typed) else {
      let name = focus.map { Phrasing.titleCased($0) + ": A Practical Guide" } ?? fallback
      return CallerText.length(name) <= titleLimit ? name : fallback
    }
    let isQuestion = topic.text.last == "?"
    let full = Phrasing.titleCased(typed) + (isQuestion ? "?" : "")
    var title = CallerText.shorten(full, to: titleLimit)
    if let focus, Voice.range(of: focus, in: title.lowercased()) == nil {
      let name = Phrasing.titleCased(focus)
      let both = CallerText.length(name) + CallerText.length(full) + 2
      if Voice.hasWords(full.lowercased(), in: focus) {
        // "Golden Retriever Puppy: Golden Retriever" says one thing twice.
        title = name
      } else if both <= titleLimit {
        title = name + ": " + full
      } else if CallerText.length(name) <= titleLimit {
        let room = titleLimit - CallerText.length(name) - 2
        let rest = room >= 12 ? CallerText.shorten(full, to: room) : ""
        title = rest.isEmpty ? name : name + ": " + rest
      }
    }
    // A second colon or a guide after "Guide" reads badly.
    let lower = title.lowercased()
    let isNamed = ["guide", "tips", "review", ":", "?", "step", "profile", "questions"].contains {
      Voice.range(of: $0, in: lower) != nil
    }
    if !isNamed || CallerText.length(title) < 10 {
      let endings =
        topic.isRecognised ? SharedPhrases.wordTitle(topic.type) : ["A Pet Care Guide"]
      let fitting = endings.filter {
        CallerText.length($0) + 2 + CallerText.length(title) <= titleLimit
      }
      if CallerText.length(title) < 46, let ending = random.pick(fitting) {
        title += ": " + ending
      }
    }
    return CallerText.length(title) < 10 ? fallback : title
  }

  /// 120 to 160 code points of whole sentences.
  static func description(
    for topic: Topic, focus: String?, random: inout SeededRandom
  ) -> String {
    let name = CallerText.shorten(focus.map { Phrasing.named(Phrasing.withArticle($0)) } ?? topic.subject, to: 70)
    let animals = topic.animalsName
    let firsts = random.shuffled([
      "Learn about \(name) with clear facts and simple steps.",
      "Learn what matters about \(name) and why.",
      "Get plain, checked facts about \(name).",
      "Read the facts on \(name) that count.",
    ])
    let seconds = random.shuffled([
      "Advice for owners of \(animals) on choices, routine and safety.",
      "With warning signs, common mistakes and the right time to ask a vet.",
      "A practical read for everyone who lives with \(animals).",
      "Know what to do, what to avoid and when to call the vet.",
      "With figures, tips and safety notes.",
      "Written for busy owners.",
      "Simple routines, safety notes and good questions to ask in the store.",
    ])
    for first in firsts {
      for second in seconds {
        let two = first + " " + second
        if (120...160).contains(CallerText.length(two)) { return two }
        for third in seconds where third != second {
          let three = two + " " + third
          if (120...160).contains(CallerText.length(three)) { return three }
        }
      }
    }
    return "Plain facts, simple routines and safety notes for pet owners. "
      + "Learn what to do, what to avoid and when to call the vet."
  }

  /// The first whole sentences of the article, up to 300 code points.
  static func excerpt(of blocks: [Block], fallback: String) -> String {
    var text = ""
    for case .paragraph(let sentences) in blocks {
      for sentence in sentences {
        let next = text.isEmpty ? sentence : text + " " + sentence
        if CallerText.length(next) > 300 { return text.isEmpty ? fallback : text }
        text = next
      }
      if CallerText.length(text) > 140 { return text }
    }
    return text.isEmpty ? fallback : text
  }

  static func categories(_ topic: Topic) -> [String] {
    let animals = topic.species == .any ? "Pets" : Phrasing.titleCased(topic.species.plural)
    return [animals, Phrasing.titleCased(topic.theme.rawValue)]
  }

  static func tags(_ topic: Topic, keywords: [String]) -> [String] {
    var seen: Set<String> = []
    return (keywords + [topic.animalsName, topic.theme.rawValue]).filter {
      seen.insert($0).inserted
    }
  }
}
