import ContentEngine

/// Topics that a pet store asks for, with their keywords.
let topicTable: [(topic: String, keywords: [String])] = [
  ("Best Dog Food for Puppies", ["puppy food", "dog nutrition", "puppy care"]),
  ("How to Train a Puppy to Use a Crate", ["crate training", "puppy crate"]),
  ("Best Cat Litter for Multi-Cat Households", ["cat litter", "odor control"]),
  ("Signs of Dental Disease in Dogs", ["dog dental care"]),
  ("Best Fish Tanks for Beginners", ["fish tank", "beginner aquarium"]),
  ("Best Dog Toys for Large Breeds", ["dog toys", "chew toys"]),
  ("How to Choose the Right Cat Food", []),
  ("Senior Cat Health Care", ["senior cat"]),
  ("Rabbit Housing and Hay", ["rabbit hutch", "timothy hay"]),
  ("How to Litter Train a Rabbit", ["rabbit litter training"]),
  ("Hamster Cage Setup", ["hamster cage"]),
  ("Guinea Pig Diet", ["guinea pig food", "vitamin c"]),
  ("Parrot Training for Beginners", ["parrot training"]),
  ("Signs of Illness in Budgies", ["sick budgie"]),
  ("Leopard Gecko Care Guide", ["leopard gecko"]),
  ("Bearded Dragon Enclosure Setup", ["bearded dragon tank"]),
  ("Wet vs Dry Cat Food", ["wet cat food", "dry cat food"]),
  ("Travelling With Dogs by Car", ["dog travel"]),
  ("Winter Care for Rabbits", ["rabbit winter care"]),
  ("how to groom a dog at home", ["dog grooming", "how to brush a dog"]),
  ("Pet First Aid", ["pet safety"]),
]

/// The words of a text as a reader counts them: split at white space, marks left out.
func wordCount(_ text: String) -> Int {
  text.split(whereSeparator: \.isWhitespace).filter { $0.contains { $0.isLetter || $0.isNumber } }
    .count
}

/// The sentences of the paragraphs, list items and questions of a Markdown text.
func sentences(_ markdown: String) -> [String] {
  var result: [String] = []
  for line in markdown.split(separator: "\n") where !line.hasPrefix("|") && !line.hasPrefix("- [") {
    var sentence = ""
    for character in line {
      sentence.append(character)
      if ".!?".contains(character) {
        result.append(sentence.filter { $0 != "#" && $0 != "-" })
        sentence = ""
      }
    }
  }
  return result.filter { $0.count > 12 }
}
