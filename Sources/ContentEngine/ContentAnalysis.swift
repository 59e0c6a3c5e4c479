// Measuring a text that somebody else wrote.

/// A caller's text with its measures.
public struct ContentAnalysis: Sendable {
  public let slug: String
  public let metaTags: MetaTags
  public let seo: SEOMetrics
  public let quality: ContentQuality
  public let warnings: [String]

  /// Measures a Markdown text. Without a title the first heading, or the beginning, is the title; the first sentences are
  /// the description. The first keyword is the focus.
  public init(_ markdown: String, title: String?, keywords: [String]) {
    let given = title.map { CallerText.clean($0) }.flatMap { CallerText.hasWords($0) ? $0 : nil }
    let name = given ?? Self.title(of: markdown)
    let folded = keywords.map { CallerText.clean($0).lowercased() }.filter { CallerText.hasWords($0) }
    let slug = CallerText.slug(name)
    self.slug = slug.isEmpty ? "untitled" : slug
    let description = Self.description(of: markdown)
    metaTags = MetaTags(title: name, description: description, keywords: folded)
    let measured = MeasuredText(markdown: markdown)
    quality = ContentQuality(measuring: markdown, measured)
    seo = SEOMetrics(
      measuring: markdown, measured, title: given ?? "", description: description, keywords: folded, focus: folded.first
    )
    warnings = seo.warnings + FoodSafety.warnings(in: markdown)
  }

  private static func title(of markdown: String) -> String {
    for bytes in markdown.utf8.split(separator: UInt8(ascii: "\n")) where bytes.first == UInt8(ascii: "#") {
      let line = Substring(bytes)
      // A title is 60 characters; the line may be the whole text.
      let text = CallerText.clean(String(line.drop { $0 == "#" || $0 == " " }.prefix(400)))
      if CallerText.hasWords(text) { return CallerText.shorten(text, to: Headline.titleLimit) }
    }
    let start = CallerText.clean(String(markdown.prefix(400)))
    return CallerText.hasWords(start) ? CallerText.shorten(start, to: Headline.titleLimit) : "Untitled"
  }

  /// The first sentences that fit into 160 characters.
  private static func description(of markdown: String) -> String {
    // The beginning is enough for 160 characters, whatever markup is in it.
    var body = ""
    for line in markdown.utf8.split(separator: UInt8(ascii: "\n")) where body.utf8.count < 1_000 {
      if line.first == UInt8(ascii: "#") || line.first == UInt8(ascii: "|") { continue }
      body += (body.isEmpty ? "" : " ") + String(decoding: line.prefix(2_000), as: UTF8.self)
    }
    let plain = MeasuredText.clean(Array(CallerText.clean(String(body.prefix(1_000))).utf8))
    var text = ""
    // At . ! ?
    for sentence in plain.split(whereSeparator: { $0 == 0x2E || $0 == 0x21 || $0 == 0x3F }).prefix(6) {
      let words = String(decoding: Array(sentence.split(separator: 0x20).joined(separator: [0x20])), as: UTF8.self)
      guard !words.isEmpty else { continue }
      let longer = text.isEmpty ? words + "." : text + " " + words + "."
      if CallerText.length(longer) > 160 { break }
      text = longer
    }
    return text.isEmpty ? CallerText.shorten(String(decoding: plain, as: UTF8.self), to: 160) : text
  }
}

/// Foods and plants that a text must not recommend to an animal that they poison.
enum FoodSafety {
  private static let dangers: [(word: String, animals: String)] = [
    ("grape", "dogs and cats"), ("raisin", "dogs and cats"), ("chocolate", "dogs, cats and birds"),
    ("onion", "dogs and cats"), ("garlic", "dogs and cats"), ("xylitol", "dogs"), ("macadamia", "dogs"),
    ("avocado", "birds, rabbits and rodents"), ("lily", "cats"), ("lilies", "cats"), ("rhubarb", "most pets"),
    ("caffeine", "all pets"), ("coffee", "all pets"), ("alcohol", "all pets"), ("cooked bone", "dogs and cats"),
    ("paracetamol", "cats and dogs"), ("ibuprofen", "dogs and cats"), ("acetaminophen", "cats and dogs"),
    ("tea tree oil", "cats and dogs"), ("sago palm", "dogs and cats"), ("antifreeze", "all pets"),
  ]

  private static let offers = ["feed", "give", "offer", "treat", "snack", "add ", "mix", "serve", "share"]
  private static let cautions = [
    "never", "not ", "n't", "avoid", "toxic", "poison", "danger", "harm", "keep away", "unsafe", "no ", "without",
    "free",
  ]

  private static let dangerBytes = dangers.map { WordList.lowered($0.word) }
  private static let offerBytes = offers.map { WordList.lowered($0) }
  private static let cautionBytes = cautions.map { WordList.lowered($0) }

  /// Whether a danger may begin with two bytes, so that a text is looked through once and not once for each danger.
  private static let beginnings: [Bool] = {
    var beginnings = [Bool](repeating: false, count: 1 << 16)
    for danger in dangerBytes { beginnings[Int(danger[0]) << 8 | Int(danger[1])] = true }
    return beginnings
  }()

  private static func namesDanger(_ text: some RandomAccessCollection<UInt8>) -> Bool {
    var before: UInt8 = 0
    var places: [Int] = []
    for (place, byte) in text.enumerated() {
      if beginnings[Int(before) << 8 | Int(byte)] { places.append(place - 1) }
      before = byte
    }
    return places.contains { place in
      let rest = text.dropFirst(place)
      return dangerBytes.contains { rest.starts(with: $0) }
    }
  }

  /// A warning for each sentence that offers such a thing and does not warn of it.
  static func warnings(in text: String) -> [String] {
    let lower = WordList.lowered(text)
    func has(_ needle: [UInt8], _ hay: [UInt8]) -> Bool { WordList.place(of: needle, in: hay) != nil }
    guard namesDanger(lower) else { return [] }
    var result: [String] = []
    // At . ! ? and line feeds.
    for piece in lower.split(whereSeparator: { $0 == 0x2E || $0 == 0x21 || $0 == 0x3F || $0 == 0x0A })
    where namesDanger(piece) {
      let sentence = Array(piece)
      guard offerBytes.contains(where: { has($0, sentence) }), !cautionBytes.contains(where: { has($0, sentence) })
      else { continue }
      for (danger, bytes) in zip(dangers, dangerBytes) where has(bytes, sentence) {
        let warning = "The text seems to offer \(danger.word), which is poisonous to \(danger.animals): check it."
        if !result.contains(warning) { result.append(warning) }
      }
    }
    return result
  }
}
