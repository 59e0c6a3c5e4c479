// Counts over a Markdown text that the scores are made of.
//
// The cleaning follows the analysis that earlier clients know (heading marks, links, emphasis
// and tags taken out); words with accents or digits are counted, which it failed to do.

import TextAnalysis

struct MeasuredText {
  var words = 0
  var syllables = 0
  var complexWords = 0
  var contentWords = 0
  var uniqueWords = 0
  /// Whitespace tokens of each sentence and each paragraph.
  var sentenceLengths: [Int] = []
  var paragraphLengths: [Int] = []
  var cleaned: [UInt8] = []

  init(markdown: String) {
    cleaned = Self.clean(Array(markdown.utf8))
    countWords()
    countPieces()
  }

  /// Words as hashes: a set of numbers is much faster than a set of strings.
  private mutating func countWords() {
    var distinct = HashedWords(capacity: 400)
    var words = 0
    var syllables = 0
    var complex = 0
    var content = 0
    let bytes = cleaned
    WordList.forEachWord(in: bytes) { range in
      words += 1
      let beats = Self.syllables(in: bytes, range)
      syllables += beats
      if beats >= 3 { complex += 1 }
      let hash = Self.hash(bytes, range)
      if !Self.stopWords.contains(hash) {
        content += 1
        distinct.insert(hash)
      }
    }
    self.words = words
    self.syllables = syllables
    complexWords = complex
    contentWords = content
    uniqueWords = distinct.count
  }

  private mutating func countPieces() {
    sentenceLengths = Self.pieces(cleaned, longerThan: 10) { bytes, position in
      bytes[position] == 0x2E || bytes[position] == 0x21 || bytes[position] == 0x3F ? 1 : 0
    }
    paragraphLengths = Self.pieces(cleaned, longerThan: 20) { bytes, position in
      let next = position + 1
      return bytes[position] == 0x0A && next < bytes.count && bytes[next] == 0x0A ? 2 : 0
    }
  }

  private static func pieces(
    _ bytes: [UInt8], longerThan limit: Int, separator: ([UInt8], Int) -> Int
  ) -> [Int] {
    var lengths: [Int] = []
    var start = 0
    func close(_ end: Int) {
      var low = start
      var high = end
      while low < high, bytes[low] <= 32 { low += 1 }
      while high > low, bytes[high - 1] <= 32 { high -= 1 }
      if high - low > limit {
        var tokens = 0
        var inside = false
        for byte in bytes[low..<high] {
          if byte <= 32 {
            inside = false
          } else if !inside {
            inside = true
            tokens += 1
          }
        }
        lengths.append(tokens)
      }
    }
    var position = 0
    while position < bytes.count {
      let width = separator(bytes, position)
      if width > 0 {
        close(position)
        start = position + width
        position = start
      } else {
        position += 1
      }
    }
    close(bytes.count)
    return lengths
  }

  static func clean(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var position = 0
    func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case 0x23:  // "#" at the start of a line
        if out.last.map({ $0 == 0x0A }) ?? true {
          while at(position) == 0x23 || at(position) == 0x20 { position += 1 }
        } else {
          out.append(byte)
          position += 1
        }
      case 0x2A, 0x5F: position += 1
      case 0x5B: position += 1
      case 0x5D where at(position + 1) == 0x28:
        var end = position
        while end < bytes.count, bytes[end] != 0x29, bytes[end] != 0x0A { end += 1 }
        position = at(end) == 0x29 ? end + 1 : position + 1
      case 0x3C:
        var end = position
        while end < bytes.count, bytes[end] != 0x3E { end += 1 }
        if end < bytes.count {
          position = end + 1
        } else {
          out.append(byte)
          position += 1
        }
      case 0x20 where out.last == 0x20: position += 1
      default:
        out.append(byte)
        position += 1
      }
    }
    return out
  }

  /// Vowel groups, less one for a final e, at least one.
  static func syllables(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    var groups = 0
    var inside = false
    for index in range {
      let byte = bytes[index]
      let isVowel: Bool
      switch byte | 0x20 {
      case 0x61, 0x65, 0x69, 0x6F, 0x75, 0x79: isVowel = byte < 0x80
      // The second byte of the Latin accents à to ü; é must be a beat in "café".
      default: isVowel = byte >= 0xA0 && byte <= 0xBC
      }
      if isVowel, !inside { groups += 1 }
      inside = isVowel
    }
    let last = bytes[range.upperBound - 1] | 0x20
    if last == 0x65, groups > 1 { groups -= 1 }
    return max(1, groups)
  }

  private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    var value = HashedWords.basis
    for index in range {
      let byte = bytes[index]
      let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
      value = HashedWords.step(value, UInt64(lower))
    }
    return value
  }

  private static let stopWords: HashedWords = {
    let words = """
      a about an and are as at be been boy by can did do each for from get go had has have he her \
      him his how if in is it its let man many new not now of old on out put said say see she that \
      the their them then these they this to too two up use was way we were what which who will \
      with would you your
      """
    var hashes = HashedWords(capacity: 100)
    for word in words.split(separator: " ") {
      let bytes = Array(word.utf8)
      hashes.insert(hash(bytes, 0..<bytes.count))
    }
    return hashes
  }()
}
