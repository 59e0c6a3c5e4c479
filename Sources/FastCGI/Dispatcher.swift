// The dispatcher: an epoll set owns idle connections, threads own requests.
//
// libfcgi is blocking, and left alone it pins a thread to a kept connection: at a thousand clients all but as many as
// there are threads starve. So idle connections (and the listening socket) wait in one epoll set. A thread takes a
// readable one out (EPOLLONESHOT: nobody else gets it), lends its descriptor to libfcgi for one request, takes it
// back and arms it again. `keepConnection` is set by hand before FCGX_Accept_r, which would else close the descriptor
// that it was just given.
//
// Stopping loses nothing: nginx may pick a kept connection at the very moment in which it is closed here, even right
// after an answer, and will not repeat a POST. So this side never closes a connection that works. A stop leaves the
// listening socket at once (its backlog waits for the next process) and asks nginx to let go of each connection, with
// `leave` below: nginx closes at once what it does not use, and what it uses is answered first.

import CFastCGI
import Glibc
public import HTTP
import Synchronization
import Threads

/// A thread's place among those that run requests.
public protocol Seat: AnyObject {
  /// Tells one thread from every other of the process, also from those that have ended.
  var number: Int { get }
  /// How many requests go on without a seat.
  var requestsAside: Int { get }
  /// Lets another thread take this one's place, for the rest of the request that runs: it may now wait for long without
  /// anybody waiting for it. Where there may be no more threads, it stays. To be called on the seat's own thread.
  func giveUp()
}

/// Runs the requests of one thread: made once a thread, so that it can own connections.
public protocol RequestHandler: AnyObject {
  /// Answers a request. What cannot be answered is answered with a 500.
  func handle(_ request: Request) -> Response
  /// Called when the thread has had nothing to do for a moment, and before it ends.
  func idle()
}

/// Serves FastCGI connections of one listening socket with a fixed number of threads.
public final class Dispatcher: @unchecked Sendable {
  // @unchecked because the descriptors never change after init, the kernel serialises epoll, and all else is atomic.

  /// Limits of the dispatcher.
  public struct Limits: Sendable {
    /// Threads that run requests.
    public var threads: Int
    /// Bytes; a longer body is answered 413 without being read.
    public var body: Int
    /// How long a stop waits for the peer to close its connections, which nginx does at once. Requests in flight are
    /// finished however long they take.
    public var drain: Duration
    /// How long a peer may keep a thread waiting for the rest of a request.
    public var read: Duration

    public init(
      threads: Int, body: Int, drain: Duration = .milliseconds(1_500), read: Duration = .seconds(5)
    ) {
      self.threads = max(1, threads)
      self.body = body
      self.drain = drain
      self.read = read
    }
  }

  /// Answers what the dispatcher itself refuses (413, an unreadable request).
  public typealias Refusal = @Sendable (Refused, Request?) -> Response

  /// Why a request never reached the handler.
  public enum Refused: Sendable { case bodyTooLarge, malformed }

  private let listener: Int32
  private let ownPath: String?
  private let epoll: Int32
  /// A semaphore that a stop fills with one token for each thread, so that all of them wake at once.
  private let stopping: Int32
  private let limits: Limits
  /// Nanoseconds of the monotonic clock until which a stop waits for nginx; 0 while none was asked for.
  private let drainUntil = Atomic<UInt64>(0)
  private let heartbeats = Atomic<UInt64>(0)
  private let busy = Atomic<Int>(0)
  private let open = Atomic<Int>(0)
  private let aside = Atomic<Int>(0)
  private let crew = Locked(Crew())
  private let ended = Latch()
  /// Connections on which no request is being answered: only these may be written to by others than their thread.
  private let resting = Locked(Resting())
  private let onConnectionRefused: @Sendable () -> Void

  /// Milliseconds that a thread waits for an event, between signs of life; and while a stop is under way, when
  /// requests wait in the socket for the next process.
  private static let tick: Int32 = 500
  private static let drainTick: Int32 = 5

  /// What it takes to start a thread, and which there are.
  private struct Crew {
    var makeHandler: (@Sendable (any Seat) -> any RequestHandler)?
    var refusal: Refusal?
    var started = 0
    var running = 0
  }

  /// One thread's place.
  private final class Place: Seat {
    let number: Int
    private(set) var isGivenUp = false
    private unowned let dispatcher: Dispatcher

    init(_ number: Int, _ dispatcher: Dispatcher) {
      self.number = number
      self.dispatcher = dispatcher
    }

    var requestsAside: Int { dispatcher.requestsAside }

    func giveUp() {
      guard !isGivenUp, dispatcher.startThread() else { return }
      isGivenUp = true
      dispatcher.aside.wrappingAdd(1, ordering: .relaxed)
    }
  }

  private struct Resting {
    /// By descriptor.
    var rests: [Bool] = []
    /// Whether a stop is under way, so that a connection is told to be let go of as soon as it rests.
    var isStopping = false
  }

  /// What asks nginx to let go of a connection: an empty FCGI_STDERR record of request 1 (FastCGI specification, sections 3.3
  /// and 5.3). nginx closes a kept connection on which bytes come unasked (ngx_http_upstream_keepalive_close_handler), and
  /// keeps none on which bytes follow FCGI_END_REQUEST. Should it just have sent a request, the record is the beginning of
  /// the answer, where an empty one says nothing.
  static let leave: [UInt8] = [1, 7, 0, 1, 0, 0, 0, 0]

  /// Serves a listening socket.
  ///
  /// - Parameter onConnectionRefused: called when a peer broke the protocol and its connection was closed.
  public init(
    _ socket: ListeningSocket, limits: Limits,
    onConnectionRefused: @escaping @Sendable () -> Void = {}
  ) throws(SocketFailure) {
    FCGX_Init()
    listener = socket.descriptor
    ownPath = socket.path
    self.limits = limits
    self.onConnectionRefused = onConnectionRefused
    _ = fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK)
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    stopping = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE))
    guard epoll >= 0, stopping >= 0 else { throw SocketFailure("epoll_create1") }
    arm(EPOLL_CTL_ADD, listener)
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: stopping))
    epoll_ctl(epoll, EPOLL_CTL_ADD, stopping, &event)
  }

  deinit {
    close(epoll)
    close(stopping)
  }

  /// Serves until ``stop()``; `makeHandler` is called on each thread.
  public func run(
    refusal: @escaping Refusal, makeHandler: @escaping @Sendable (_ seat: any Seat) -> any RequestHandler
  ) {
    crew.withLock { crew in
      crew.makeHandler = makeHandler
      crew.refusal = refusal
    }
    for _ in 0..<limits.threads where !startThread() {
      preconditionFailure("\(limits.threads) threads are more than the system allows")
    }
    while !ended.wait(timeout: .seconds(3600)) {}
  }

  /// Gives whether there is one thread more.
  private func startThread() -> Bool {
    let (number, makeHandler, refusal) = crew.withLock { crew in
      crew.started += 1
      crew.running += 1
      return (crew.started - 1, crew.makeHandler, crew.refusal)
    }
    guard let makeHandler, let refusal else { return false }
    let isThere = Thread.start { [self] in
      let place = Place(number, self)
      serve(place, handler: makeHandler(place), refusal: refusal)
      leave()
    }
    if !isThere { leave() }
    return isThere
  }

  private func leave() {
    let left = crew.withLock { crew in
      crew.running -= 1
      return crew.running
    }
    if left == 0 { ended.open() }
  }

  /// Begins an orderly end and returns; ``run(refusal:makeHandler:)`` returns when the last connection is closed.
  public func stop() {
    let (seconds, attoseconds) = limits.drain.components
    let drain = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    let first = drainUntil.compareExchange(
      expected: 0, desired: Self.now() + drain, ordering: .relaxed)
    guard first.exchanged else { return }
    if let ownPath {
      // Nobody else will serve this backlog: no new connection can reach it from here on, and the threads go on
      // accepting until it is empty.
      unlink(ownPath)
    } else {
      epoll_ctl(epoll, EPOLL_CTL_DEL, listener, nil)
    }
    resting.withLock { resting in
      resting.isStopping = true
      for (descriptor, rests) in resting.rests.enumerated() where rests { Self.ask(toLeave: Int32(descriptor)) }
    }
    eventfd_write(stopping, UInt64(limits.threads))
  }

  /// How many requests run right now.
  public var requestsInFlight: Int { busy.load(ordering: .relaxed) }

  /// How many of them run on a thread that has given up its seat.
  public var requestsAside: Int { aside.load(ordering: .relaxed) }

  /// Whether some thread has come by since the last look, which `since` remembers. A watchdog asks this: a heartbeat
  /// of main alone would cover up threads that hang.
  public func madeProgress(since: inout UInt64) -> Bool {
    let now = heartbeats.load(ordering: .relaxed)
    defer { since = now }
    return since != now
  }

  // MARK: - One thread

  private func serve(_ place: Place, handler: any RequestHandler, refusal: Refusal) {
    var request = FCGX_Request()
    // No listening socket for libfcgi: after a broken request FCGX_Accept_r would else accept by itself.
    FCGX_InitRequest(&request, -1, 0)
    var event = epoll_event()
    var isStopping = false
    while true {
      heartbeats.wrappingAdd(1, ordering: .relaxed)
      let tick = drainUntil.load(ordering: .relaxed) == 0 ? Self.tick : Self.drainTick
      guard epoll_wait(epoll, &event, 1, tick) == 1 else {
        handler.idle()
        if mayEnd { return }
        continue
      }
      let descriptor = event.data.fd
      if descriptor == stopping {
        var token: UInt64 = 0
        if isStopping {
          // What is left are the tokens of those that still run a request, or have ended without one.
          usleep(UInt32(Self.drainTick) * 1_000)
          handler.idle()
          if mayEnd { return }
        } else {
          isStopping = eventfd_read(stopping, &token) == 0
        }
        continue
      }
      if descriptor == listener {
        accept()
        continue
      }
      resting.withLock { $0.rests[Int(descriptor)] = false }
      if event.events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0,
        !hasBytes(descriptor)
      {
        close(descriptor)
        open.wrappingSubtract(1, ordering: .relaxed)
        continue
      }
      busy.wrappingAdd(1, ordering: .relaxed)
      serveOne(&request, on: descriptor, handler: handler, refusal: refusal)
      busy.wrappingSubtract(1, ordering: .relaxed)
      if place.isGivenUp {
        // Another thread sits here now.
        aside.wrappingSubtract(1, ordering: .relaxed)
        handler.idle()
        return
      }
    }
  }

  private func accept() {
    let connection = petstore_accept(listener)
    let failure = errno
    arm(EPOLL_CTL_MOD, listener)
    if connection >= 0 {
      open.wrappingAdd(1, ordering: .relaxed)
      rest(connection, EPOLL_CTL_ADD)
    } else if failure == EMFILE || failure == ENFILE {
      // No descriptor left: a short pause instead of a busy loop; a connection that ends frees one.
      usleep(10_000)
    }
  }

  private func serveOne(
    _ raw: inout FCGX_Request, on descriptor: Int32, handler: any RequestHandler, refusal: Refusal
  ) {
    raw.ipcFd = descriptor
    raw.keepConnection = 1
    let (seconds, attoseconds) = limits.read.components
    petstore_guard_begin(descriptor, Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    if FCGX_Accept_r(&raw) == 0 {
      let (response, headOnly) = answer(&raw, handler: handler, refusal: refusal)
      ResponseWriter.send(response, headOnly: headOnly, to: raw.out)
      FCGX_Finish_r(&raw)
    }
    if petstore_guard_end() != 0 { onConnectionRefused() }
    // Where libfcgi has closed the connection it says so with -1.
    if raw.ipcFd >= 0 {
      raw.ipcFd = -1
      rest(descriptor, EPOLL_CTL_MOD)
    } else {
      open.wrappingSubtract(1, ordering: .relaxed)
    }
  }

  /// Whether a thread that has just had nothing to do may end: a stop was asked for, and no connection is open or
  /// nginx has had its time.
  private var mayEnd: Bool {
    let until = drainUntil.load(ordering: .relaxed)
    return until != 0 && (open.load(ordering: .relaxed) <= 0 || Self.now() >= until)
  }

  private static func now() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  private func answer(
    _ raw: inout FCGX_Request, handler: any RequestHandler, refusal: Refusal
  ) -> (response: Response, headOnly: Bool) {
    let head = RequestReader.head(raw.envp)
    guard head.length <= limits.body else {
      // The body stays unread, so the connection cannot serve another request.
      raw.keepConnection = 0
      return (refusal(.bodyTooLarge, head.request(body: [])), false)
    }
    // Read to the end even when no length was announced: what stays unread would begin the next request.
    guard let body = RequestReader.body(raw.in, length: head.length),
      let request = head.request(body: body)
    else {
      raw.keepConnection = 0
      return (refusal(.malformed, head.request(body: [])), false)
    }
    return (handler.handle(request), request.method == .head)
  }

  private func hasBytes(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    let peek = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
    return recv(descriptor, &byte, 1, peek) > 0
  }

  /// Puts a connection (back) among those that wait for a request.
  private func rest(_ descriptor: Int32, _ operation: Int32) {
    resting.withLock { resting in
      let index = Int(descriptor)
      if index >= resting.rests.count {
        resting.rests += repeatElement(false, count: index + 1 - resting.rests.count)
      }
      resting.rests[index] = true
      if resting.isStopping { Self.ask(toLeave: descriptor) }
    }
    arm(operation, descriptor)
  }

  private static func ask(toLeave descriptor: Int32) {
    // Eight bytes go whole or not at all. Where they do not, the peer has gone or does not read: a stop waits its time for it.
    _ = send(descriptor, leave, leave.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
  }

  private func arm(_ operation: Int32, _ descriptor: Int32) {
    var event = epoll_event(
      events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue,
      data: epoll_data_t(fd: descriptor))
    epoll_ctl(epoll, operation, descriptor, &event)
  }
}
