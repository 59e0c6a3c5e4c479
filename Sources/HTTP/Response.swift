/// A status code with its reason phrase (RFC 9110 section 15).
public struct Status: Hashable, Sendable {
  public let code: Int
  public let reason: String

  public init(_ code: Int, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  public static let ok = Status(200, "OK")
  public static let created = Status(201, "Created")
  public static let accepted = Status(202, "Accepted")
  public static let noContent = Status(204, "No Content")
  public static let badRequest = Status(400, "Bad Request")
  public static let unauthorized = Status(401, "Unauthorized")
  public static let forbidden = Status(403, "Forbidden")
  public static let notFound = Status(404, "Not Found")
  public static let methodNotAllowed = Status(405, "Method Not Allowed")
  public static let conflict = Status(409, "Conflict")
  public static let contentTooLarge = Status(413, "Content Too Large")
  public static let unsupportedMediaType = Status(415, "Unsupported Media Type")
  public static let unprocessableContent = Status(422, "Unprocessable Content")
  public static let tooManyRequests = Status(429, "Too Many Requests")
  public static let internalServerError = Status(500, "Internal Server Error")
  public static let badGateway = Status(502, "Bad Gateway")
  public static let serviceUnavailable = Status(503, "Service Unavailable")
}

/// One header line. Control characters in a value become spaces, so that no value can begin a line of its own.
public struct Field: Sendable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    if Self.holdsControls(value) {
      self.value = String(
        String.UnicodeScalarView(
          value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    } else {
      self.value = value
    }
  }
}

extension Field {
  /// Asked of every field of every answer: a plain loop over the bytes.
  private static func holdsControls(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var found = false
      for index in bytes.indices {
        let byte = unsafe bytes[index]
        found = found || byte < 0x20 || byte == 0x7f
      }
      return found
    }
  }
}

/// What goes back to the client.
public struct Response: Sendable {
  /// Takes chunks of a streamed body; false means that the client has gone and the stream may end.
  public typealias Sink = (_ chunk: [UInt8]) -> Bool

  public enum Body: Sendable {
    case bytes([UInt8])
    /// Called on the request's own thread; each chunk is sent at once.
    case stream(@Sendable (Sink) throws -> Void)
  }

  public var status: Status
  public var fields: [Field]
  public var body: Body

  public init(_ status: Status, fields: [Field] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = .bytes(body)
  }

  /// A body sent piece by piece, for answers too long to hold or not all known yet.
  public init(
    _ status: Status, fields: [Field], stream: @escaping @Sendable (Sink) throws -> Void
  ) {
    self.status = status
    self.fields = fields
    body = .stream(stream)
  }

  /// A JSON answer. `no-store` because almost every answer is about one account.
  public static func json(_ status: Status, _ value: JSON, fields: [Field] = []) -> Response {
    Response(status, fields: jsonFields + fields, body: value.encoded())
  }

  /// A JSON answer that is encoded already.
  public static func json(_ status: Status, encoded body: [UInt8]) -> Response {
    Response(status, fields: jsonFields, body: body)
  }

  /// Done, and nothing to say.
  public static let nothing = Response(.noContent, fields: [Field("Cache-Control", "no-store")])

  private static let jsonFields = [
    Field("Content-Type", "application/json"), Field("Cache-Control", "no-store"),
  ]
}
