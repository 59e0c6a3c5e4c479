import FastCGI
import Glibc
import HTTP
import Synchronization
import Threads

/// A dispatcher on a socket of its own, with a closure for a handler.
final class Server: Sendable {
  let path: String
  let dispatcher: Dispatcher
  private let folder: String
  private let ended = CountingSemaphore(slots: 1)
  private let refusedConnections = Atomic<Int>(0)
  private let idleCalls = Atomic<Int>(0)

  private final class Handler: RequestHandler {
    let body: @Sendable (Request) -> Response
    let whenIdle: () -> Void

    init(_ body: @escaping @Sendable (Request) -> Response, _ whenIdle: @escaping () -> Void) {
      self.body = body
      self.whenIdle = whenIdle
    }

    func handle(_ request: Request) -> Response { body(request) }
    func idle() { whenIdle() }
  }

  init(
    _ limits: Dispatcher.Limits = .init(
      threads: 2, body: 100_000, drain: .seconds(5), read: .milliseconds(300)),
    handler: @escaping @Sendable (Request) -> Response = Server.echo
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    var template = Array("/tmp/psd-fcgi-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Client.Failure(description: "mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = folder + "/socket"
    let counter = Pointer()
    dispatcher = try Dispatcher(try ListeningSocket(path: path), limits: limits) {
      counter.server?.refusedConnections.wrappingAdd(1, ordering: .relaxed)
    }
    counter.server = self
    _ = Thread { [self] in
      dispatcher.run(
        refusal: { refused, _ in
          Response(refused == .bodyTooLarge ? .contentTooLarge : .badRequest)
        },
        makeHandler: { _ in
          Handler(handler) { [self] in idleCalls.wrappingAdd(1, ordering: .relaxed) }
        })
      ended.signal()
    }
    _ = ended.wait(timeout: .zero)
  }

  /// Lets the dispatcher's callback find its server; set before any connection can be made.
  private final class Pointer: @unchecked Sendable {
    weak var server: Server?
  }

  deinit {
    unlink(path)
    rmdir(folder)
  }

  /// Connections that were closed because the peer broke the protocol.
  var refused: Int { refusedConnections.load(ordering: .relaxed) }
  /// How often a thread had nothing to do.
  var idles: Int { idleCalls.load(ordering: .relaxed) }

  /// Whether the dispatcher ends in time; without a call of `stop` it would not.
  func ends(within timeout: Duration) -> Bool {
    let done = ended.wait(timeout: timeout)
    if done { ended.signal() }
    return done
  }

  static let echo: @Sendable (Request) -> Response = { request in
    Response(
      .ok, fields: [Field("X-Target", request.path + "?" + request.query)], body: request.body)
  }
}

/// Runs `body` with a server that is stopped afterwards.
func withServer(
  _ limits: Dispatcher.Limits = .init(
    threads: 2, body: 100_000, drain: .milliseconds(200), read: .milliseconds(300)),
  handler: @escaping @Sendable (Request) -> Response = Server.echo, _ body: (Server) throws -> Void
) throws {
  let server = try Server(limits, handler: handler)
  defer {
    server.dispatcher.stop()
    _ = server.ends(within: .seconds(10))
  }
  try body(server)
}
