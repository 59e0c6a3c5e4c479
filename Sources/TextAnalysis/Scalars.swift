// Text as an array of Unicode scalars, with the classes that the analysis asks for.

/// The text's scalars; most questions about a character are answered without a table when it is ASCII.
typealias Scalars = [UInt32]

enum ScalarClass {
  /// A letter, a digit or the underscore, as `\w` has it.
  @inline(__always) static func isWord(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 {
      return isASCIILetter(scalar) || isASCIIDigit(scalar) || scalar == 0x5F
    }
    guard let category = category(scalar) else { return false }
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  /// A letter of a script with cases, or a digit: what a word of a search phrase is made of.
  @inline(__always) static func isAlphanumeric(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isASCIILetter(scalar) || isASCIIDigit(scalar) }
    guard let category = category(scalar) else { return false }
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .decimalNumber, .letterNumber:
      return true
    default: return false
    }
  }

  @inline(__always) static func isSpace(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 {
      return scalar == 0x20 || (scalar >= 0x09 && scalar <= 0x0D) || (scalar >= 0x1C && scalar <= 0x1F)
    }
    if scalar == 0x85 || scalar == 0xA0 { return true }
    return scalar >= 0x1680 && Unicode.Scalar(scalar)?.properties.isWhitespace == true
  }

  @inline(__always) static func isLetter(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isASCIILetter(scalar) }
    switch category(scalar) {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return false
    }
  }

  @inline(__always) static func isDigit(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isASCIIDigit(scalar) }
    return category(scalar) == .decimalNumber
  }

  @inline(__always) static func isUpper(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x41 && scalar <= 0x5A }
    return Unicode.Scalar(scalar)?.properties.isUppercase == true
  }

  @inline(__always) static func isLower(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x61 && scalar <= 0x7A }
    return Unicode.Scalar(scalar)?.properties.isLowercase == true
  }

  /// ASCII punctuation (the 32 characters from `!` to `~` that are neither letter nor digit).
  @inline(__always) static func isPunctuation(_ scalar: UInt32) -> Bool {
    scalar > 0x20 && scalar < 0x7F && !isASCIILetter(scalar) && !isASCIIDigit(scalar)
  }

  /// Characters that end a sentence.
  @inline(__always) static func isTerminal(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar == 0x2E || scalar == 0x21 || scalar == 0x3F }
    return terminals.contains(scalar)
  }

  @inline(__always) private static func isASCIILetter(_ scalar: UInt32) -> Bool {
    (scalar | 0x20) >= 0x61 && (scalar | 0x20) <= 0x7A
  }

  @inline(__always) private static func isASCIIDigit(_ scalar: UInt32) -> Bool { scalar >= 0x30 && scalar <= 0x39 }

  private static func category(_ scalar: UInt32) -> Unicode.GeneralCategory? {
    Unicode.Scalar(scalar)?.properties.generalCategory
  }

  private static let terminals: Set<UInt32> = [
    0x203C, 0x203D, 0x2047, 0x2048, 0x2049, 0x3002, 0xFE52, 0xFE57, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61,
  ]
}

extension String {
  init(_ scalars: some Collection<UInt32>) {
    var view = String.UnicodeScalarView()
    for value in scalars {
      if let scalar = Unicode.Scalar(value) { view.append(scalar) }
    }
    self.init(view)
  }

  var scalars: Scalars {
    var result = Scalars()
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars { result.append(scalar.value) }
    return result
  }
}

/// The lower case of a scalar, where that is one scalar; others stay.
@inline(__always) func lowered(_ scalar: UInt32) -> UInt32 {
  if scalar < 0x80 { return scalar >= 0x41 && scalar <= 0x5A ? scalar | 0x20 : scalar }
  guard let mapping = Unicode.Scalar(scalar)?.properties.lowercaseMapping.unicodeScalars, mapping.count == 1,
    let first = mapping.first
  else { return scalar }
  return first.value
}
