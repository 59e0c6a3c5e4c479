// QR codes (ISO/IEC 18004), drawn as pictures that a page can hold.

import CQRCode

/// What a phone's camera reads.
public enum QRCode {
  /// An SVG picture of `text`, black on white with a quiet zone of four modules, error correction M; nil when the text
  /// is too long, which is from 2332 bytes on, or empty. One unit of the picture's own measure is one module.
  public static func svg(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.count <= 2331,
      let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
    else { return nil }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width)
    let isBlack = UnsafeBufferPointer(start: code.pointee.data, count: width * width).map { $0 & 1 == 1 }
    return picture(isBlack, width: width)
  }

  private static let quiet = 4

  /// Draws each run of black modules in a row as one bar, so that there are no seams between modules.
  private static func picture(_ isBlack: [Bool], width: Int) -> String {
    var bars = ""
    for row in 0..<width {
      var column = 0
      while column < width {
        let start = column
        while column < width, isBlack[row * width + column] { column += 1 }
        if column > start {
          bars += "M\(start + quiet),\(row + quiet)h\(column - start)v1h-\(column - start)z"
        } else {
          column += 1
        }
      }
    }
    let size = width + 2 * quiet
    return #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(size) \#(size)" shape-rendering="crispEdges">"#
      + ##"<path fill="#fff" d="M0,0h\##(size)v\##(size)h-\##(size)z"/><path fill="#000" d="\##(bars)"/></svg>"##
  }
}
