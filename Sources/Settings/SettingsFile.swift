// What the configuration library does not look at: keys of the settings file that nobody reads. A misspelt setting
// would otherwise be a default that the operator believes to have changed.

/// The settings file as lines of KEY=VALUE.
enum SettingsFile {
  /// Keys that are in the text and are no settings, each with its line and the nearest setting.
  static func mistakes(in text: String) -> [String] {
    var mistakes: [String] = []
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let line = line.drop { $0.isWhitespace }
      guard !line.isEmpty, line.first != "#" else { continue }
      guard let equals = line.firstIndex(of: "=") else {
        mistakes.append("line \(number): '\(line.prefix(40))' is no KEY=VALUE, and no comment, which begins with #")
        continue
      }
      let key = String(line[..<equals].reversed().drop { $0.isWhitespace }.reversed())
      guard !Settings.keys.contains(key) else { continue }
      let nearest = Settings.keys.min { distance($0, key) < distance($1, key) } ?? ""
      mistakes.append(
        "line \(number): \(key) is no setting"
          + (distance(nearest, key) <= max(2, key.count / 2)
            ? "; did you mean \(nearest)?" : "; petstore.env(5) has all"))
    }
    return mistakes
  }

  /// Insertions, deletions and substitutions between two words (Levenshtein 1966), whatever their case.
  static func distance(_ one: String, _ other: String) -> Int {
    let one = Array(one.uppercased()), other = Array(other.uppercased())
    var row = Array(0...other.count)
    for (i, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, its) in other.enumerated() {
        let substituted = diagonal + (letter == its ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
      }
    }
    return row[other.count]
  }
}
