// Kinds of animals inside a species. A hamster article must not advise on guinea pigs.

enum Animals {
  private struct Kind {
    let name: String
    let plural: String
    let species: Species
    /// Beginnings of words by which a fact or a topic names this kind.
    let marks: [String]
    /// Marks of wider groups whose facts hold for this kind as well.
    let shares: [String]
    /// Beginnings of words that are never said of it: no snake eats an insect or has a leg.
    let foreign: [String]
    /// A pond is none, and yet what is said of ponds is not said of tanks.
    let isAnimal: Bool
  }

  private static func kind(
    _ name: String, _ plural: String, _ species: Species, _ marks: [String],
    shares: [String] = [], foreign: [String] = [], isAnimal: Bool = true
  ) -> Kind {
    Kind(
      name: name, plural: plural, species: species, marks: marks, shares: shares, foreign: foreign, isAnimal: isAnimal)
  }

  private static let notForSnakes = [
    "insect", "cricket", "waxworm", "roach", "mealworm", "green", "spinach", "leaves", "legs", "toes", "calcium powder",
    "vegetable", "dandelion", "lizard", "shell",
  ]

  /// Narrower kinds before the wider ones, whose names theirs may hold.
  private static let kinds: [Kind] = [
    kind(
      "hamster", "hamsters", .smallMammal, ["hamster"], shares: ["rodent"]),
    kind("guinea pig", "guinea pigs", .smallMammal, ["guinea pig", "cavy"], shares: ["rodent"]),
    kind("gerbil", "gerbils", .smallMammal, ["gerbil"], shares: ["rodent"]),
    kind("rat", "rats", .smallMammal, ["rat ", "rats"], shares: ["rodent"]),
    kind("mouse", "mice", .smallMammal, ["mouse", "mice"], shares: ["rodent"]),
    kind("ferret", "ferrets", .smallMammal, ["ferret"]),
    kind("hedgehog", "hedgehogs", .smallMammal, ["hedgehog"]),
    kind("degu", "degus", .smallMammal, ["degu"], shares: ["rodent"]),
    kind("chinchilla", "chinchillas", .smallMammal, ["chinchilla"], shares: ["rodent"]),
    kind("bearded dragon", "bearded dragons", .reptile, ["bearded"], shares: ["lizard"]),
    kind("leopard gecko", "leopard geckos", .reptile, ["leopard gecko"], shares: ["gecko", "lizard"]),
    kind("crested gecko", "crested geckos", .reptile, ["crested gecko"], shares: ["gecko", "lizard"]),
    kind("gecko", "geckos", .reptile, ["gecko"], shares: ["lizard"]),
    kind(
      "ball python", "ball pythons", .reptile, ["ball python", "royal python", "python"], shares: ["snake"],
      foreign: notForSnakes),
    kind("corn snake", "corn snakes", .reptile, ["corn snake"], shares: ["snake"], foreign: notForSnakes),
    kind("snake", "snakes", .reptile, ["snake", "boa "], foreign: notForSnakes),
    kind(
      "tortoise", "tortoises", .reptile, ["tortoise"],
      foreign: ["insect", "cricket", "waxworm", "roach", "prey", "climb"]),
    kind("turtle", "turtles", .reptile, ["turtle", "slider", "terrapin"]),
    kind("lizard", "lizards", .reptile, ["lizard", "iguana", "chameleon"]),
    kind("budgie", "budgies", .bird, ["budgie", "parakeet"], shares: ["parrot"]),
    kind("cockatiel", "cockatiels", .bird, ["cockatiel"], shares: ["parrot"]),
    kind("canary", "canaries", .bird, ["canary", "canari"]),
    kind("finch", "finches", .bird, ["finch"]),
    kind("parrot", "parrots", .bird, ["parrot", "macaw", "conure", "cockatoo"]),
    kind("betta", "bettas", .fish, ["betta"]),
    kind("goldfish", "goldfish", .fish, ["goldfish"], shares: ["pond"]),
    kind("koi", "koi", .fish, ["koi"], shares: ["pond"]),
    kind("guppy", "guppies", .fish, ["guppy", "guppi"]),
    kind("neon tetra", "neon tetras", .fish, ["neon tetra", "tetra"]),
    kind("corydoras", "corydoras", .fish, ["corydoras"]),
    kind("discus", "discus", .fish, ["discus"]),
    kind("shrimp", "shrimp", .fish, ["shrimp"]),
    kind("pufferfish", "pufferfish", .fish, ["pufferfish"]),
    kind("pond", "ponds", .fish, ["pond"], isAnimal: false),
  ]

  static func plural(_ name: String) -> String {
    kinds.first { $0.name == name }?.plural ?? name
  }

  static func named(in text: String, species: Species) -> String? {
    kinds.first { kind in
      kind.isAnimal && kind.species == species && kind.marks.contains { text.contains(" " + $0) }
    }?.name
  }

  /// The two kinds that a comparison names, in its order; nil for one kind or for many.
  static func pair(in tokens: [String], species: Species) -> [String]? {
    guard species != .any,
      let cut = tokens.firstIndex(where: { ["vs", "versus", "or", "and", "to", "with"].contains($0) })
    else { return nil }
    let sides = [tokens[..<cut], tokens[(cut + 1)...]].map { " " + $0.joined(separator: " ") + " " }
    let found = sides.compactMap { named(in: $0, species: species) }
    return found.count == 2 && found[0] != found[1] ? found : nil
  }

  /// Which kinds a text is about, a bit for each in the order of the table.
  struct Mentions: Sendable {
    /// Kinds that it names.
    fileprivate var named: UInt64 = 0
    /// Kinds of which it cannot be said.
    fileprivate var foreign: UInt64 = 0
    /// Kinds for which it holds though it may name others: it names them or a wider group of theirs.
    fileprivate var held: UInt64 = 0
  }

  /// Reads which kinds of a species a text is about; of all species for `any`.
  static func mentions(in text: String, species: Species) -> Mentions {
    var bytes = Array((" " + text.lowercased() + " ").utf8)
    var found = Mentions()
    for (index, kind) in patterns.enumerated() where species == .any || kinds[index].species == species {
      var isNamed = false
      for mark in kind.named {
        // What a narrower name holds is read once: a corn snake is not every snake.
        while let place = WordList.place(of: mark, in: bytes) {
          isNamed = true
          for offset in mark.indices { bytes[place + offset] = UInt8(ascii: " ") }
        }
      }
      if isNamed {
        found.named |= 1 << UInt64(index)
        found.held |= kind.groups | 1 << UInt64(index)
      }
    }
    for (index, kind) in patterns.enumerated() where species == .any || kinds[index].species == species {
      if kind.foreign.contains(where: { WordList.place(of: $0, in: bytes) != nil }) {
        found.foreign |= 1 << UInt64(index)
      }
      if kind.shares.contains(where: { found.named & $0 != 0 }) { found.held |= 1 << UInt64(index) }
      if kind.held.contains(where: { WordList.place(of: $0, in: bytes) != nil }) { found.held |= 1 << UInt64(index) }
    }
    return found
  }

  private struct Pattern {
    /// Beginnings of words that name the kind.
    let named: [[UInt8]]
    /// Words of groups that are no kinds themselves.
    let held: [[UInt8]]
    let foreign: [[UInt8]]
    /// Wider kinds, as bits: what is said of them holds for this one.
    let shares: [UInt64]
    /// The same as one number: what is said of this one is no reason to leave it out of an article on them.
    let groups: UInt64
  }

  private static let patterns: [Pattern] = kinds.map { kind in
    let shares = kind.shares.compactMap { name in kinds.firstIndex { $0.name == name }.map { UInt64(1) << UInt64($0) } }
    return Pattern(
      named: kind.marks.map { Array((" " + $0).utf8) },
      held: kind.shares.filter { name in !kinds.contains { $0.name == name } }.map { Array($0.utf8) },
      foreign: kind.foreign.map { Array((" " + $0).utf8) }, shares: shares, groups: shares.reduce(0, |))
  }

  /// True when a text names other kinds of the species and not this one.
  static func excludes(_ mentions: Mentions, animal: String, species: Species) -> Bool {
    guard mentions.named | mentions.foreign != 0, let own = kinds.firstIndex(where: { $0.name == animal }) else {
      return false
    }
    if mentions.foreign & (1 << UInt64(own)) != 0, mentions.named & (1 << UInt64(own)) == 0 { return true }
    guard mentions.held & (1 << UInt64(own)) == 0 else { return false }
    return kinds.indices.contains { index in
      index != own && kinds[index].species == species && mentions.named & (1 << UInt64(index)) != 0
    }
  }

  /// Whether a text names an animal.
  static func names(_ animal: String, _ mentions: Mentions) -> Bool {
    kinds.firstIndex { $0.name == animal }.map { mentions.named & (1 << UInt64($0)) != 0 } ?? false
  }
}
