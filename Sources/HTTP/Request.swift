/// The methods that some route answers; anything else is `other`.
public enum Method: String, Sendable, CaseIterable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  case options = "OPTIONS"
  case other = ""

  /// Methods are case-sensitive (RFC 9110 section 9.1).
  public init(_ name: String) { self = Method(rawValue: name) ?? .other }
}

/// One request as it left nginx. Values only: nothing in it has been trusted yet but the address and the id, which
/// nginx itself writes. A class so that handing it on costs one reference count and not one for each text.
public final class Request: Sendable {
  public let method: Method
  /// The path as sent, still percent-encoded, without the query.
  public let path: String
  /// What follows the question mark, without it; empty if there is none.
  public let query: String
  /// `X-Request-ID`: the client's own where it was well formed, else nginx's.
  public let id: String
  /// The client's address as nginx saw it, after its real-address rules.
  public let remoteAddress: String
  public let authorization: String?
  public let apiKeyHeader: String?
  public let contentType: String?
  public let userAgent: String?
  /// The field Accept as it came.
  public let accept: String?
  /// The field Last-Event-ID (HTML standard, section 9.2.4): where a stream of events broke off.
  public let lastEventID: String?
  public let body: [UInt8]

  public init(
    method: Method, path: String, query: String = "", id: String = "-",
    remoteAddress: String = "127.0.0.1", authorization: String? = nil, apiKeyHeader: String? = nil,
    contentType: String? = nil, userAgent: String? = nil, accept: String? = nil, lastEventID: String? = nil,
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.id = id
    self.remoteAddress = remoteAddress
    self.authorization = authorization
    self.apiKeyHeader = apiKeyHeader
    self.contentType = contentType
    self.userAgent = userAgent
    self.accept = accept
    self.lastEventID = lastEventID
    self.body = body
  }

  /// Whether Accept names a media type itself (RFC 9110 section 12.5.1): a range such as `*/*` asks for nothing special.
  public func accepts(_ type: String) -> Bool {
    guard let accept else { return false }
    return accept.split(separator: ",").contains { item in
      let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      let refused = parts.dropFirst().contains { $0.hasPrefix("q=0") && !$0.contains { ("1"..."9").contains($0) } }
      return parts.first == type && !refused
    }
  }
}
