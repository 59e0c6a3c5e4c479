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
  }

  private static func kind(
    _ name: String, _ plural: String, _ species: Species, _ marks: [String],
    shares: [String] = []
  ) -> Kind {
    Kind(name: name, plural: plural, species: species, marks: marks, shares: shares)
  }

  private static let kinds: [Kind] = [
    kind(
      "hamster", "hamsters", .smallMammal, ["hamster"], shares: ["rodent"]),
    kind("guinea pig", "guinea pigs", .smallMammal, ["guinea pig", "cavy"], shares: ["rodent"]),
    kind("gerbil", "gerbils", .smallMammal, ["gerbil"], shares: ["rodent"]),
    kind("rat", "rats", .smallMammal, ["rat ", "rats"], shares: ["rodent"]),
    kind("mouse", "mice", .smallMammal, ["mouse", "mice"], shares: ["rodent"]),
    kind("ferret", "ferrets", .smallMammal, ["ferret"]),
    kind("chinchilla", "chinchillas", .smallMammal, ["chinchilla"], shares: ["rodent"]),
    kind("bearded dragon", "bearded dragons", .reptile, ["bearded"], shares: ["lizard"]),
    kind("gecko", "geckos", .reptile, ["gecko"], shares: ["lizard"]),
    kind("snake", "snakes", .reptile, ["snake", "python", "boa "], shares: []),
    kind("tortoise", "tortoises", .reptile, ["tortoise"]),
    kind("turtle", "turtles", .reptile, ["turtle", "slider", "terrapin"]),
    kind("lizard", "lizards", .reptile, ["lizard", "iguana", "chameleon"]),
    kind("budgie", "budgies", .bird, ["budgie", "parakeet"], shares: ["parrot"]),
    kind("cockatiel", "cockatiels", .bird, ["cockatiel"], shares: ["parrot"]),
    kind("canary", "canaries", .bird, ["canary", "canari"]),
    kind("finch", "finches", .bird, ["finch"]),
    kind("parrot", "parrots", .bird, ["parrot", "macaw", "conure", "cockatoo"]),
    kind("betta", "bettas", .fish, ["betta"]),
    kind("goldfish", "goldfish", .fish, ["goldfish"]),
    kind("koi", "koi", .fish, ["koi"], shares: ["pond"]),
    kind("guppy", "guppies", .fish, ["guppy", "guppi"]),
  ]

  static func plural(_ name: String) -> String {
    kinds.first { $0.name == name }?.plural ?? name
  }

  static func named(in text: String, species: Species) -> String? {
    kinds.first { kind in
      kind.species == species && kind.marks.contains { text.contains(" " + $0) }
    }?.name
  }

  /// Which kinds a text is about, a bit for each in the order of the table.
  struct Mentions: Sendable {
    /// Kinds that it names.
    fileprivate var named: UInt32 = 0
    /// Kinds for which it holds though it may name others: it names them or a wider group of theirs.
    fileprivate var held: UInt32 = 0
  }

  /// Reads which kinds of a species a text is about; of all species for `any`.
  static func mentions(in text: String, species: Species) -> Mentions {
    let bytes = Array((" " + text.lowercased() + " ").utf8)
    var found = Mentions()
    for (index, kind) in patterns.enumerated() where species == .any || kinds[index].species == species {
      if kind.named.contains(where: { WordList.occurrences(of: $0, in: bytes) > 0 }) { found.named |= 1 << index }
      if kind.held.contains(where: { WordList.occurrences(of: $0, in: bytes) > 0 }) { found.held |= 1 << index }
    }
    return found
  }

  private static let patterns: [(named: [[UInt8]], held: [[UInt8]])] = kinds.map { kind in
    (
      named: kind.marks.map { Array((" " + $0).utf8) },
      held: (kind.marks + kind.shares).map { Array($0.utf8) }
    )
  }

  /// True when a text names other kinds of the species and not this one.
  static func excludes(_ mentions: Mentions, animal: String, species: Species) -> Bool {
    guard mentions.named != 0, let own = kinds.firstIndex(where: { $0.name == animal }),
      mentions.held & (1 << own) == 0
    else { return false }
    return kinds.indices.contains { index in
      index != own && kinds[index].species == species && mentions.named & (1 << index) != 0
    }
  }
}
