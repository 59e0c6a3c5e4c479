// One delivery through libcurl: the handle and everything that libcurl writes to while it lives.

import CCurl

/// A delivery over a handle of libcurl's, owned by one thread.
struct Transfer: ~Copyable {
  var curl: CurlHandle
  private let exchange: Exchange

  /// What libcurl is done with by its end, however it ended.
  struct Outcome {
    let code: CURLcode
    /// What the relay said last, but for its farewell; code and words.
    let reply: String
    /// Whether libcurl had begun to take the message, that is, whether DATA was granted.
    let hasBegun: Bool
    /// libcurl's own words.
    let words: String
  }

  /// nil if libcurl cannot be used.
  init?(sending message: [UInt8]) {
    exchange = Exchange(message)
    guard let curl = CurlHandle(context: exchange) else { return nil }
    self.curl = curl
    self.curl.set(CURLOPT_UPLOAD, true)
    self.curl.setCallback(CURLOPT_READFUNCTION, CURLOPT_READDATA) { Exchange.at($3)?.give($0, $1 * $2) ?? 0 }
    // Each line of a reply comes as a header.
    self.curl.setCallback(CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA) { Exchange.at($3)?.take($0, $1 * $2) ?? 0 }
    // Without this libcurl writes to standard output.
    self.curl.setCallback(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA) { _, size, count, _ in size * count }
  }

  /// Runs the delivery to its end.
  mutating func run() -> Outcome {
    let outcome = curl.run()
    return Outcome(code: outcome.code, reply: exchange.reply, hasBegun: exchange.hasBegun, words: outcome.words)
  }
}

/// What libcurl's callbacks read and write. Only the thread inside ``Transfer`` touches it.
private final class Exchange {
  private let message: [UInt8]
  private var sent = 0
  private(set) var hasBegun = false
  private(set) var reply = ""
  private var lines = ""

  /// Bytes of a reply that are kept; RFC 5321 section 4.5.3.1.5 gives a line 512.
  private static let replyLimit = 512

  init(_ message: [UInt8]) { self.message = message }

  static func at(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Gives libcurl the next bytes of the message; 0 at its end.
  func give(_ buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
    hasBegun = true
    let count = min(room, message.count - sent)
    UnsafeMutableRawBufferPointer(start: buffer, count: room).copyBytes(from: message[sent..<sent + count])
    sent += count
    return count
  }

  /// Takes a line of a reply: three digits, then `-` if more lines follow (RFC 5321 section 4.2.1).
  func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    let kept = line.prefix(max(0, Self.replyLimit - lines.utf8.count))
    let clean = String(decoding: kept, as: UTF8.self).unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? " " : Character(scalar)
    }
    lines += (lines.isEmpty ? "" : " ") + String(clean).split(separator: " ").joined(separator: " ")
    if count > 3, line[3] == UInt8(ascii: "-") { return count }
    // After a refusal libcurl says QUIT; the answer to that is not why the letter was refused.
    if !lines.hasPrefix("221"), !(Self.isRefusal(reply) && Self.isRefusal(lines)) { reply = lines }
    lines = ""
    return count
  }

  private static func isRefusal(_ reply: String) -> Bool { reply.hasPrefix("4") || reply.hasPrefix("5") }
}
