extension [UInt8] {
  /// Appends a number in decimal digits. Every answer has a dozen of them, and a String for each would cost more than all else
  /// that is done with it.
  public mutating func append(decimal value: Int) {
    guard value > 9 || value < 0 else { return append(0x30 + UInt8(truncatingIfNeeded: value)) }
    if value < 0 { append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    var power: UInt = 1
    while magnitude / power > 9 { power *= 10 }
    while power > 0 {
      append(0x30 + UInt8(truncatingIfNeeded: magnitude / power % 10))
      power /= 10
    }
  }
}
