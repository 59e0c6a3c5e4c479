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
    let seat: any Seat
    let body: @Sendable (Request) -> Response
    let whenIdle: () -> Void

    init(_ seat: any Seat, _ body: @escaping @Sendable (Request) -> Response, _ whenIdle: @escaping () -> Void) {
      self.seat = seat
      self.body = body
      self.whenIdle = whenIdle
    }

    /// A request for /aside gives its thread's seat up.
    func handle(_ request: Request) -> Response {
      if request.path == "/aside" { seat.giveUp() }
      return body(request)
    }
    func idle() { whenIdle() }
  }

  /// A folder for a socket.
  static func makeFolder() throws -> String {
    var template = Array("/tmp/psd-fcgi-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Client.Failure(description: "mkdtemp") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// - Parameters:
  ///   - folder: where the socket is made; nil for a new one.
  ///   - whenIdle: called by a thread that has nothing to do.
  init(
    _ limits: Dispatcher.Limits = .init(
      threads: 2, body: 100_000, drain: .seconds(5), read: .milliseconds(300)),
    in folder: String? = nil, handler: @escaping @Sendable (Request) -> Response = Server.echo,
    whenIdle: @escaping @Sendable () -> Void = {}
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    self.folder = try folder ?? Self.makeFolder()
    path = self.folder + "/socket"
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
        makeHandler: { seat in
          Handler(seat, handler) { [self] in
            idleCalls.wrappingAdd(1, ordering: .relaxed)
            whenIdle()
          }
        })
      ended.signal()
    }
    _ = ended.wait(timeout: .zero)
  }

  /// Lets the dispatcher's callback find its server; set before any connection can be made.
  private final class Pointer: @unchecked Sendable {
    weak var server: Server?
  }

  /// Begins the end; nothing stays in the file system.
  func stop() {
    dispatcher.stop()
    rmdir(folder)
  }

  /// Connections that were closed because the peer broke the protocol.
  var refused: Int { refusedConnections.load(ordering: .relaxed) }
  /// Whether so many connections are refused within a second; the count comes a moment after the close.
  func refuses(_ count: Int) -> Bool {
    for _ in 0..<1_000 where refused < count { usleep(1_000) }
    return refused == count
  }

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
  // Not waited for: its threads notice within half a second, and there are many such servers.
  defer { server.stop() }
  try body(server)
}
