// What an article says besides its text, for machines that read pages: the questions it answers, the steps it gives, and
// words for pictures that would fit.

/// A question with its answer, as the article has them.
public struct QuestionAndAnswer: Sendable, Equatable {
  public let question: String
  public let answer: String
}

extension Section {
  /// The questions of a section: each a heading of the third level with the text below it.
  var questions: [QuestionAndAnswer] {
    var found: [QuestionAndAnswer] = []
    var asked: String?
    for block in blocks {
      switch block {
      case .heading(3, let text, _): asked = text
      case .paragraph(let lines):
        if let question = asked { found.append(.init(question: question, answer: lines.joined(separator: " "))) }
        asked = nil
      default: asked = nil
      }
    }
    return found
  }

  /// The numbered steps of a section.
  var steps: [String] {
    blocks.flatMap { block -> [String] in
      if case .steps(let lines) = block { return lines }
      return []
    }
  }
}

/// Words for pictures: what somebody who cannot see them would hear read out.
enum AltTexts {
  /// Screen readers cut longer ones.
  static let limit = 125

  /// - Returns: three to five ideas, each at most ``limit`` characters.
  static func ideas(for topic: Topic, sections: [Section]) -> [String] {
    let animal = topic.animalName
    // One animal in each picture: "a betta", "a guinea pig".
    let article = "aeiou".contains(animal.first ?? "x") ? "An " : "A "
    let one = article + animal
    var ideas = scenes(topic.theme).map { one + " " + $0 }
    if topic.species == .fish || topic.species == .reptile || topic.species == .bird {
      // Nobody holds these out to a camera or walks them on a lead.
      ideas = scenesBehindGlass(topic.theme).map { one + " " + $0 }
    }
    if sections.contains(where: { !$0.steps.isEmpty }) {
      ideas.append("All that is needed for the steps, laid out on a table")
    }
    if topic.type == .comparison || topic.type == .buyingGuide {
      ideas.append("Several products for \(topic.animalsName) side by side on a shelf")
    }
    return Array(ideas.filter { CallerText.length($0) <= limit }.prefix(5))
  }

  private static func scenes(_ theme: Theme) -> [String] {
    switch theme {
    case .feeding:
      [
        "eating from a bowl on the floor", "waiting beside a bowl while food is measured",
        "next to a bowl of fresh water",
      ]
    case .training:
      ["looking up at its owner for a treat", "during a short training session indoors", "resting after training"]
    case .litter:
      [
        "stepping into a clean litter box", "beside a litter box in a quiet corner",
        "while its owner scoops the litter box",
      ]
    case .dental:
      ["having its teeth checked by a vet", "chewing on a toy made for teeth", "with its clean teeth in view"]
    case .grooming:
      [
        "being brushed by its owner", "sitting still on a towel after grooming",
        "with its brush and comb in front of it",
      ]
    case .housing:
      ["resting in its own place at home", "in a roomy, well furnished home", "looking out of its sleeping place"]
    case .toys: ["playing with a toy on the floor", "carrying a favourite toy", "with several safe toys around it"]
    case .health:
      ["on a vet's table during a check-up", "being looked over by its owner at home", "resting quietly in its bed"]
    case .travel:
      [
        "in a carrier that is ready for the car", "resting safely in the back of a car",
        "drinking water during a break",
      ]
    case .seasons:
      ["outdoors in mild weather", "resting in the shade on a hot day", "warm indoors on a cold day"]
    case .generalCare: ["relaxing at home", "together with its owner", "looking into the camera"]
    }
  }

  private static func scenesBehindGlass(_ theme: Theme) -> [String] {
    switch theme {
    case .feeding: ["at feeding time", "close to the food in its home", "while its owner measures a small portion"]
    case .health, .dental: ["seen from close by, with clear eyes", "while its owner checks on it", "resting quietly"]
    default: ["in its roomy, well furnished home", "seen from close by", "while its owner cleans its home"]
    }
  }
}
