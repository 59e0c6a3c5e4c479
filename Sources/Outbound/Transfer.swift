// One delivery through libcurl: the handle and everything that libcurl writes to while it lives.

import CCurl

/// An easy handle of libcurl, for one delivery, owned by one thread.
struct Transfer: ~Copyable {
  private let raw: UnsafeMutableRawPointer
  private let exchange: Exchange
  private let errorText: UnsafeMutablePointer<CChar>
  private var recipients: UnsafeMutablePointer<curl_slist>?
  /// The first option that libcurl refused. Nothing is sent then: a delivery without one of its restrictions is worse
  /// than none.
  private var refusal = CURLE_OK

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
    guard Self.isReady, let handle = curl_easy_init() else { return nil }
    raw = handle
    exchange = Exchange(message)
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    let context = Unmanaged.passUnretained(exchange).toOpaque()
    note(petstore_curl_set_error_buffer(raw, errorText))
    set(CURLOPT_UPLOAD, true)
    note(petstore_curl_set_context(raw, CURLOPT_READDATA, context))
    note(petstore_curl_set_function(raw, CURLOPT_READFUNCTION) { Exchange.at($3)?.give($0, $1 * $2) ?? 0 })
    // Each line of a reply comes as a header.
    note(petstore_curl_set_context(raw, CURLOPT_HEADERDATA, context))
    note(petstore_curl_set_function(raw, CURLOPT_HEADERFUNCTION) { Exchange.at($3)?.take($0, $1 * $2) ?? 0 })
    // Without this libcurl writes to standard output.
    note(petstore_curl_set_function(raw, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count })
  }

  deinit {
    // Says QUIT and still reads the answer: so the handle goes first, then what it writes to.
    curl_easy_cleanup(raw)
    curl_slist_free_all(recipients)
    errorText.deallocate()
  }

  mutating func set(_ option: CURLoption, _ value: Int) { note(petstore_curl_set_long(raw, option, value)) }

  mutating func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }

  /// libcurl copies the text; nil takes libcurl's own default away.
  mutating func set(_ option: CURLoption, _ value: String?) { note(petstore_curl_set_string(raw, option, value)) }

  mutating func addRecipient(_ address: String) {
    guard let list = curl_slist_append(recipients, address) else { return note(CURLE_OUT_OF_MEMORY) }
    recipients = list
    note(petstore_curl_set_list(raw, CURLOPT_MAIL_RCPT, list))
  }

  /// Runs the delivery to its end.
  mutating func run() -> Outcome {
    let code = refusal == CURLE_OK ? curl_easy_perform(raw) : refusal
    let detail = String(cString: errorText)
    return Outcome(
      code: code, reply: exchange.reply, hasBegun: exchange.hasBegun,
      words: detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)
  }

  private mutating func note(_ code: CURLcode) {
    if refusal == CURLE_OK { refusal = code }
  }

  /// libcurl's own preparation, once a process. `static let` makes it so, whichever thread comes first.
  private static let isReady = petstore_curl_global_init() == CURLE_OK
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
