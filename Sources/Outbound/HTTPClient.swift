// Calls to HTTP APIs of other companies, through libcurl: bounded in time and size, without redirects.

import CCurl
public import Domain

/// A field of a form; text, or a file with its type and name.
public struct FormPart: Sendable {
  public let name: String
  public let bytes: [UInt8]
  public let type: String?
  public let fileName: String?

  public init(_ name: String, _ text: String) {
    self.init(name, bytes: Array(text.utf8), type: nil, fileName: nil)
  }

  public init(_ name: String, bytes: [UInt8], type: String?, fileName: String?) {
    self.name = name
    self.bytes = bytes
    self.type = type
    self.fileName = fileName
  }
}

/// One call.
public struct HTTPCall: Sendable {
  public enum Body: Sendable {
    /// GET.
    case none
    /// POST of `application/json`.
    case json([UInt8])
    /// POST of `multipart/form-data`.
    case form([FormPart])
  }

  public let server: ServerURL
  /// Added to the server's; begins with a slash; percent-encoded; may have a query.
  public let path: String
  /// Name and value, such as a key in Authorization.
  public let fields: [(name: String, value: Secret<String>)]
  public let body: Body

  public init(_ server: ServerURL, path: String, fields: [(name: String, value: Secret<String>)], body: Body) {
    self.server = server
    self.path = path
    self.fields = fields
    self.body = body
  }
}

/// An answer, whatever its status.
public struct HTTPReply: Sendable {
  public let status: Int
  /// In lower case, without parameters.
  public let contentType: String
  /// Seconds of Retry-After (RFC 9110 section 10.2.3), where it is a number.
  public let retryAfter: Int?
  /// What was not given to a reader of lines.
  public let body: [UInt8]
}

/// Why there was no answer, or no whole one.
public struct HTTPFailure: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// No connection: no name, no route, refused.
    case unreachable
    /// The server's certificate is not to be trusted.
    case untrusted
    /// Too long without a byte, or in all.
    case timedOut
    /// The connection ended before the answer did.
    case cutOff
    case tooLarge
    /// The reader of lines wanted no more, or the process stops.
    case abandoned
  }

  public let kind: Kind
  /// For the log: one line without secrets.
  public let description: String
}

/// How long a call may take.
public struct HTTPLimits: Sendable {
  public let connect: Duration
  /// Without a byte; looked at once a second.
  public let silence: Duration
  public let total: Duration
  /// Bytes of the answer.
  public let size: Int

  public init(connect: Duration, silence: Duration, total: Duration, size: Int) {
    self.connect = connect
    self.silence = silence
    self.total = total
    self.size = size
  }
}

/// Makes calls. Blocks the calling thread.
public struct HTTPClient: Sendable {
  private let caFile: String?
  private let shouldStop: @Sendable () -> Bool

  /// - Parameters:
  ///   - caFile: certificates (PEM) that are trusted instead of the system's.
  ///   - shouldStop: asked about once a second; true ends calls that are under way.
  public init(caFile: String?, shouldStop: @escaping @Sendable () -> Bool) {
    self.caFile = caFile
    self.shouldStop = shouldStop
  }

  /// Makes one call.
  ///
  /// - Parameter onLine: is given each line of a successful answer of type text/event-stream as it comes, without its end;
  ///   false ends the call.
  /// - Throws: ``HTTPFailure``.
  public func send(
    _ call: HTTPCall, over route: WaysOut.Route, within limits: HTTPLimits, onLine: ((String) -> Bool)? = nil
  ) throws(HTTPFailure) -> HTTPReply {
    let answer = Answer(limits, onLine: onLine, shouldStop: shouldStop)
    guard var curl = CurlHandle(context: answer) else {
      throw HTTPFailure(kind: .unreachable, description: "libcurl cannot be used")
    }
    curl.restrict(to: "http,https")
    if let caFile { curl.trust(only: caFile) }
    if case .socket(let path) = route { curl.set(CURLOPT_UNIX_SOCKET_PATH, path) }
    curl.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    curl.set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect.curlMilliseconds)
    curl.set(CURLOPT_TIMEOUT_MS, limits.total.curlMilliseconds)
    curl.set(CURLOPT_URL, call.server.description + call.path)
    var lines = ["User-Agent: petstore", "Expect:"]
    switch call.body {
    case .none: curl.set(CURLOPT_HTTPGET, true)
    case .json(let bytes):
      curl.set(CURLOPT_POST, true)
      curl.setBody(bytes)
      lines.append("Content-Type: application/json")
    case .form(let parts): curl.setForm(parts)
    }
    for field in call.fields {
      // A line break would begin a field of its own.
      let value = String(
        field.value.exposed.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.map(Character.init))
      lines.append("\(field.name): \(value)")
    }
    curl.set(CURLOPT_HTTPHEADER, lines)
    curl.setCallback(CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA) { Answer.at($3)?.takeHeader($0, $1 * $2) ?? 0 }
    curl.setCallback(CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA) { Answer.at($3)?.takeBody($0, $1 * $2) ?? 0 }
    curl.setProgressCallback { context, _, _, _, _ in Answer.at(context)?.mustStop == true ? 1 : 0 }
    let (code, words) = curl.run()
    guard code == CURLE_OK else { throw failure(code, words, answer) }
    answer.finish()
    return HTTPReply(
      status: curl.status, contentType: answer.contentType, retryAfter: answer.retryAfter, body: answer.body)
  }

  private func failure(_ code: CURLcode, _ words: String, _ answer: Answer) -> HTTPFailure {
    let kind: HTTPFailure.Kind
    if answer.isTooLarge {
      kind = .tooLarge
    } else if answer.isAbandoned {
      kind = .abandoned
    } else if answer.isSilent {
      kind = .timedOut
    } else {
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: kind = .unreachable
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: kind = .untrusted
      case CURLE_OPERATION_TIMEDOUT: kind = .timedOut
      case CURLE_ABORTED_BY_CALLBACK: kind = .abandoned
      default: kind = .cutOff
      }
    }
    return HTTPFailure(kind: kind, description: String(words.map { $0.isNewline ? " " : $0 }))
  }
}

/// What libcurl's callbacks write. Only the thread inside ``HTTPClient/send(_:over:within:onLine:)`` touches it.
private final class Answer {
  private let limits: HTTPLimits
  private let onLine: ((String) -> Bool)?
  private let shouldStop: @Sendable () -> Bool
  private(set) var contentType = ""
  private(set) var retryAfter: Int?
  private(set) var body: [UInt8] = []
  private(set) var isTooLarge = false
  private(set) var isAbandoned = false
  private(set) var isSilent = false
  private var heardAt = ContinuousClock.now
  private var isSuccess = false
  private var taken = 0
  private var line: [UInt8] = []

  init(_ limits: HTTPLimits, onLine: ((String) -> Bool)?, shouldStop: @escaping @Sendable () -> Bool) {
    self.limits = limits
    self.onLine = onLine
    self.shouldStop = shouldStop
  }

  static func at(_ context: UnsafeMutableRawPointer?) -> Answer? {
    context.map { Unmanaged<Answer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// libcurl's own measure of silence is the mean speed of five seconds, the request's bytes among them; this is the time
  /// since the last byte of the answer, or since the beginning.
  var mustStop: Bool {
    if ContinuousClock.now - heardAt > limits.silence { isSilent = true }
    return isSilent || shouldStop()
  }

  func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let text = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      // Of an interim answer nothing stays.
      isSuccess = text.split(separator: " ").dropFirst().first?.hasPrefix("2") == true
      (contentType, retryAfter) = ("", nil)
      return count
    }
    guard let colon = text.firstIndex(of: ":") else { return count }
    let value = text[text.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    switch text[..<colon].lowercased() {
    case "content-type": contentType = value.split(separator: ";").first.map { $0.lowercased() } ?? ""
    case "retry-after": retryAfter = Int(value)
    default: break
    }
    return count
  }

  func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    taken += count
    heardAt = .now
    guard taken <= limits.size else {
      isTooLarge = true
      return 0
    }
    let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
    guard isSuccess, contentType == "text/event-stream", let onLine else {
      body += buffer
      return count
    }
    for byte in buffer {
      guard byte == 0x0A else {
        line.append(byte)
        continue
      }
      if line.last == 0x0D { line.removeLast() }
      guard onLine(String(decoding: line, as: UTF8.self)) else {
        isAbandoned = true
        return 0
      }
      line.removeAll(keepingCapacity: true)
    }
    return count
  }

  /// A last line without an end.
  func finish() {
    guard !line.isEmpty, let onLine else { return }
    _ = onLine(String(decoding: line, as: UTF8.self))
  }
}
