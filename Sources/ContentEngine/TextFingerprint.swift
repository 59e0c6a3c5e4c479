/// What a kept text is known by.
public enum TextFingerprint {
  /// Hashes of the sentences of four words and more, in any case and without their marks (FNV-1a, 64 bits).
  public static func sentences(of text: String) -> [Int] {
    var seen: Set<Int> = []
    var result: [Int] = []
    for sentence in text.split(whereSeparator: { ".!?\n|".contains($0) }) {
      let words = WordList.words(of: sentence.lowercased())
      guard words.count >= 4 else { continue }
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for word in words {
        for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 0x20) &* 0x100_0000_01B3
      }
      let value = Int(truncatingIfNeeded: hash)
      if seen.insert(value).inserted { result.append(value) }
    }
    return result
  }

  /// A slug for a title; `post` where it has no letter that one can be made of.
  public static func slug(of title: String) -> String {
    let slug = String(CallerText.slug(title).prefix(180))
    return isSlug(slug) ? slug : slug.isEmpty ? "post" : String(slug.reversed().drop { $0 == "-" }.reversed())
  }

  /// Lower-case letters and digits with single hyphens between.
  public static func isSlug(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
    }
  }

  /// A warning for each sentence that offers an animal what poisons it.
  public static func dangers(in text: String) -> [String] { FoodSafety.warnings(in: text) }
}
