import QRCode
import Testing

@Suite struct QRCodeTests {
  @Test func `A short text is a picture of 21 modules with a quiet zone of four on each side`() throws {
    let svg = try #require(QRCode.svg("kim"))
    #expect(
      svg.hasPrefix(#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges">"#))
    #expect(svg.hasSuffix("</svg>"))
    #expect(svg.contains(##"<path fill="#fff" d="M0,0h29v29h-29z"/>"##))
    let bars = Self.bars(svg)
    // Nothing is drawn in the quiet zone.
    #expect(bars.allSatisfy { $0.column >= 4 && $0.row >= 4 && $0.row < 25 && $0.column + $0.length <= 25 })
    // The finder patterns: seven modules wide in three corners.
    for (column, row) in [(4, 4), (18, 4), (4, 10), (18, 10), (4, 18), (4, 24)] {
      #expect(bars.contains(Bar(column: column, row: row, length: 7)))
    }
    #expect(!bars.contains { $0.row == 24 && $0.column == 18 && $0.length == 7 })
  }

  @Test func `The same text gives the same picture, another text another`() {
    #expect(QRCode.svg("otpauth://totp/a") == QRCode.svg("otpauth://totp/a"))
    #expect(QRCode.svg("otpauth://totp/a") != QRCode.svg("otpauth://totp/b"))
  }

  @Test func `Text that would be markup stays out of the picture`() throws {
    #expect(try !#require(QRCode.svg("<script>&\"\0")).contains("script"))
  }

  @Test func `The longest text has 2331 bytes, and none has no picture`() throws {
    // Version 40, 177 modules wide.
    #expect(try #require(QRCode.svg(String(repeating: "x", count: 2331))).contains(#"viewBox="0 0 185 185""#))
    #expect(QRCode.svg(String(repeating: "x", count: 2332)) == nil)
    #expect(QRCode.svg(String(repeating: "x", count: 1_000_000)) == nil)
    #expect(QRCode.svg("") == nil)
  }

  private struct Bar: Equatable {
    let column: Int
    let row: Int
    let length: Int
  }

  /// What the picture draws in black: `Mx,yhLv1h-Lz`, again and again.
  private static func bars(_ svg: String) -> [Bar] {
    svg.matches(of: /M(\d+),(\d+)h(\d+)v1h-\d+z/).map {
      Bar(column: Int($0.1) ?? -1, row: Int($0.2) ?? -1, length: Int($0.3) ?? -1)
    }
  }
}
