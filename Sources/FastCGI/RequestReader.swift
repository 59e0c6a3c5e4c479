import CFastCGI
import Glibc
import HTTP

/// Turns FastCGI parameters and FCGI_STDIN into a request.
enum RequestReader {
  /// What the parameters say.
  struct Head {
    var method: Method?
    var target: String?
    var id = "-"
    var remoteAddress = ""
    var authorization: String?
    var apiKeyHeader: String?
    var contentType: String?
    var userAgent: String?
    var accept: String?
    var lastEventID: String?
    /// Bytes of the body; `Int.max` where CONTENT_LENGTH is not a number.
    var length = 0

    /// The request with its body; nil if something is missing that nginx always sends, or was not UTF-8.
    func request(body: [UInt8]) -> Request? {
      guard let method, let target, target.utf8.first == UInt8(ascii: "/") else { return nil }
      let (path, query) = Target.split(target)
      return Request(
        method: method, path: path, query: query, id: id, remoteAddress: remoteAddress,
        authorization: authorization, apiKeyHeader: apiKeyHeader, contentType: contentType,
        userAgent: userAgent, accept: accept, lastEventID: lastEventID, body: body)
    }
  }

  /// Reads the parameters in one pass.
  static func head(_ parameters: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Head {
    var head = Head()
    guard var next = parameters else { return head }
    while let pair = next.pointee {
      next += 1
      guard let equals = strchr(pair, Int32(UInt8(ascii: "="))) else { continue }
      let name = UnsafeRawBufferPointer(start: pair, count: equals - pair)
      let value = equals + 1
      func text() -> String? { value.pointee == 0 ? nil : String(validatingCString: value) }
      // The name's length tells most of them apart; what is left is compared once.
      switch name.count {
      case 14 where name.matches("REQUEST_METHOD"): head.method = text().map { Method($0) }
      case 11 where name.matches("REQUEST_URI"): head.target = text()
      case 11 where name.matches("REMOTE_ADDR"): head.remoteAddress = text() ?? ""
      case 10 where name.matches("REQUEST_ID"): head.id = text() ?? "-"
      case 12 where name.matches("CONTENT_TYPE"): head.contentType = text()
      case 14 where name.matches("CONTENT_LENGTH"):
        if let digits = text() { head.length = Int(digits).flatMap { $0 < 0 ? nil : $0 } ?? .max }
      case 18 where name.matches("HTTP_AUTHORIZATION"): head.authorization = text()
      case 14 where name.matches("HTTP_X_API_KEY"): head.apiKeyHeader = text()
      case 11 where name.matches("HTTP_ACCEPT"): head.accept = text()
      case 18 where name.matches("HTTP_LAST_EVENT_ID"): head.lastEventID = text()
      case 15 where name.matches("HTTP_USER_AGENT"): head.userAgent = text()
      default: break
      }
    }
    return head
  }

  /// Reads the body to its end. Gives nil if it is longer or shorter than announced.
  static func body(_ stream: UnsafeMutablePointer<FCGX_Stream>?, length: Int) -> [UInt8]? {
    guard let stream else { return nil }
    if length == 0 {
      var byte: CChar = 0
      return FCGX_GetStr(&byte, 1, stream) == 0 ? [] : nil
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      buffer.withMemoryRebound(to: CChar.self) { chars in
        count = Int(max(0, FCGX_GetStr(chars.baseAddress, Int32(length), stream)))
      }
    }
    guard bytes.count == length else { return nil }
    var surplus: CChar = 0
    return FCGX_GetStr(&surplus, 1, stream) == 0 ? bytes : nil
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func matches(_ name: StaticString) -> Bool {
    guard let baseAddress else { return false }
    return memcmp(baseAddress, name.utf8Start, count) == 0
  }
}
