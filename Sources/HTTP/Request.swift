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
/// nginx itself writes.
public struct Request: Sendable {
  public var method: Method
  /// The path as sent, still percent-encoded, without the query.
  public var path: String
  /// What follows the question mark, without it; empty if there is none.
  public var query: String
  /// `X-Request-ID`: the client's own where it was well formed, else nginx's.
  public var id: String
  /// The client's address as nginx saw it, after its real-address rules.
  public var remoteAddress: String
  public var authorization: String?
  public var apiKeyHeader: String?
  public var contentType: String?
  public var userAgent: String?
  public var body: [UInt8]

  public init(
    method: Method, path: String, query: String = "", id: String = "-",
    remoteAddress: String = "127.0.0.1", authorization: String? = nil, apiKeyHeader: String? = nil,
    contentType: String? = nil, userAgent: String? = nil, body: [UInt8] = []
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
    self.body = body
  }
}
