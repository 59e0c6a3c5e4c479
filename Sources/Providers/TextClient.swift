// One request to one provider.

import HTTP
public import Outbound

/// How long providers are waited for.
public struct Patience: Sendable {
  /// Without a byte.
  public let silence: Duration
  /// For all attempts of a request together.
  public let deadline: Duration

  public init(silence: Duration, deadline: Duration) {
    self.silence = silence
    self.deadline = deadline
  }
}

/// Asks one provider.
public struct TextClient: Sendable {
  private let http: HTTPClient
  private let ways: WaysOut
  let patience: Patience
  /// Bytes of an answer: a long article has 30,000, and every token comes in an event of its own.
  private static let sizeLimit = 8 << 20

  public init(http: HTTPClient, ways: WaysOut, patience: Patience) {
    self.http = http
    self.ways = ways
    self.patience = patience
  }

  /// Asks for a completion.
  ///
  /// - Parameters:
  ///   - total: how long it may take in all.
  ///   - onText: is given each piece of the text as it comes; false gives the request up. nil asks for a whole answer.
  /// - Throws: ``ProviderFault``.
  public func complete(
    _ prompt: Prompt, by provider: TextProvider, within total: Duration, onText: ((String) -> Bool)?
  ) throws(ProviderFault) -> Completion {
    guard let route = ways.route(to: provider.server) else { throw .noWay(provider.server.authority) }
    let dialect = ChatDialect(provider: provider)
    var stream = ChatStream(provider.kind.dialect)
    let limits = HTTPLimits(
      connect: .seconds(min(5, max(1, total.components.seconds))), silence: patience.silence, total: total,
      size: Self.sizeLimit)
    let reply: HTTPReply
    do {
      if let onText {
        let held = Held(stream)
        reply = try http.send(dialect.call(prompt, stream: true), over: route, within: limits) { line in
          let piece = held.stream.take(line)
          return held.stream.fault == nil && (piece.isEmpty || onText(piece))
        }
        stream = held.stream
      } else {
        reply = try http.send(dialect.call(prompt, stream: false), over: route, within: limits)
      }
    } catch {
      throw ProviderFault(error)
    }
    guard (200...299).contains(reply.status) else { throw ProviderFault(reply, key: provider.key) }
    if onText == nil || reply.contentType != "text/event-stream" { return try dialect.completion(reply.body) }
    if let fault = stream.fault { throw fault }
    guard stream.isComplete else { throw .malformed("half a stream") }
    return stream.completion(of: prompt, model: provider.model)
  }

  private final class Held {
    var stream: ChatStream
    init(_ stream: ChatStream) { self.stream = stream }
  }
}
