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

  /// True when a fact names other kinds of the species and not this one.
  static func excludes(_ sentence: String, animal: String, species: Species) -> Bool {
    guard let own = kinds.first(where: { $0.name == animal }) else { return false }
    let text = " " + sentence.lowercased() + " "
    if (own.marks + own.shares).contains(where: { text.contains($0) }) { return false }
    return kinds.contains { kind in
      kind.species == species && kind.name != animal
        && kind.marks.contains { text.contains(" " + $0) }
    }
  }
}
