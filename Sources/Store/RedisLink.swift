// A thread's way to Redis: its own connection, the scripts by their digests, and a breaker that the whole process
// shares, so that a Redis that is away or slow costs one thread one deadline now and then, not every request.

public import Domain
import Host
public import Redis
import Schema
import Synchronization
import Threads

/// Lets calls through until one fails; then one probe at a time, after a pause that doubles from 100 ms to 1 s.
public final class Breaker: Sendable {
  private struct State {
    var failures = 0
    var notBefore: ContinuousClock.Instant?
    var reason = ""
  }
  private let state = Locked(State())
  /// Whether calls do not simply pass; asked before every call, without the lock.
  private let isOpen = Atomic(false)
  /// How often a call has failed. A connection from before the last failure is not trusted: a thread that slept through
  /// an outage would else open the breaker again with its first call on a dead one.
  private let failureCount = Atomic(0)

  public init() {}

  /// Why calls do not pass now; nil while they do. Passing once the pause is over starts the next pause, so that of
  /// many threads one probes.
  func blocked() -> String? {
    guard isOpen.load(ordering: .relaxed) else { return nil }
    return state.withLock { state in
      guard let notBefore = state.notBefore else { return nil }
      guard ContinuousClock.now >= notBefore else { return state.reason }
      state.notBefore = ContinuousClock.now + Self.pause(state.failures)
      return nil
    }
  }

  func succeeded() {
    guard isOpen.load(ordering: .relaxed) else { return }
    state.withLock { state in
      state = State()
      isOpen.store(false, ordering: .relaxed)
    }
  }

  var failures: Int { failureCount.load(ordering: .relaxed) }

  func failed(_ reason: String) {
    failureCount.wrappingAdd(1, ordering: .relaxed)
    state.withLock { state in
      state.failures += 1
      state.reason = reason
      state.notBefore = ContinuousClock.now + Self.pause(state.failures)
      isOpen.store(true, ordering: .relaxed)
    }
  }

  private static func pause(_ failures: Int) -> Duration {
    let milliseconds = min(1_000, 100 << min(max(0, failures - 1), 5))
    return .milliseconds(Int.random(in: milliseconds / 2...milliseconds))
  }
}

/// Redis could not do it.
public struct RedisUnavailable: Error, Sendable, CustomStringConvertible {
  /// Whether the command may have been run all the same.
  public let mayHaveRun: Bool
  public let reason: String
  public var description: String { "Redis: \(reason)" }
}

/// One thread's link to Redis.
public struct RedisLink: ~Copyable {
  /// The scripts that the product runs.
  public enum Script: Sendable {
    case admit, takeUsage, raiseEpoch, raiseEpochs

    var source: String {
      switch self {
      case .admit: Schema.admit
      case .takeUsage: Schema.takeUsage
      case .raiseEpoch: Schema.raiseEpoch
      case .raiseEpochs: Schema.raiseEpochs
      }
    }
  }

  private let endpoint: RedisEndpoint
  private let breaker: Breaker
  private var connection: Redis.Connection?
  /// The breaker's count of failures when the connection was made.
  private var failuresBefore = 0
  /// Which server the connection leads to: see RedisEndpoint.Opened. Empty where it does not matter, or there is none.
  public private(set) var server = ""
  /// False while what is sent was decided by something that was read over the connection that there is.
  private var mayConnect = true
  private var digests: [Script: String] = [:]
  /// How many answers were asked for that no call gives a name: each must say its own number.
  private var questions = 0

  public init(_ endpoint: RedisEndpoint, breaker: Breaker) {
    self.endpoint = endpoint
    self.breaker = breaker
  }

  /// Runs a script that was loaded before, loading it once more if Redis has forgotten it.
  public mutating func run(
    _ script: Script, _ arguments: (inout Command) -> Void
  ) throws(RedisUnavailable) -> Reply {
    for _ in 0..<2 {
      let digest = try digest(of: script)
      var command = Command("EVALSHA")
      command.append(digest)
      arguments(&command)
      do {
        return try send(command)
      } catch {
        guard error.reason.hasPrefix("NOSCRIPT") else { throw error }
        digests = [:]
      }
    }
    throw RedisUnavailable(mayHaveRun: false, reason: "the script does not stay loaded")
  }

  /// Whether this Redis may lose what it has acknowledged: see RedisServers.
  public var mayLoseWrites: Bool { endpoint.servers.mayLoseWrites }

  /// Connects, unless there is a connection: before PostgreSQL is read, so that what is read there is no older than what
  /// this Redis knew when it became master.
  public mutating func prepare() throws(RedisUnavailable) {
    guard !isConnected else { return }
    if let reason = breaker.blocked() { throw RedisUnavailable(mayHaveRun: false, reason: reason) }
    try probe()
  }

  private var isConnected: Bool { connection != nil && failuresBefore == breaker.failures }

  /// Runs a script over the connection that there is, and over no other.
  mutating func runConnected(
    _ script: Script, _ arguments: (inout Command) -> Void
  ) throws(RedisUnavailable) -> Reply {
    mayConnect = false
    defer { mayConnect = true }
    return try run(script, arguments)
  }

  /// Asks Redis whether it can serve, whatever the breaker says: it may be back. With a write, since that is what it
  /// refuses when it is full, read-only or without its replicas.
  public mutating func probe() throws(RedisUnavailable) {
    _ = try exchange(Command("SET", UsageShards.probe, "1", "PX", "1000"))
  }

  /// Tells Redis an epoch whatever the breaker says, for two seconds at most. One worker's link may fail for a moment, or
  /// be slow, while the others' work on: they must hear of a revocation before its caller is answered. Only where Redis
  /// cannot be reached at all does nobody trust a cache.
  ///
  /// Where Redis is on another host, others may reach one that this worker does not: then it tries for as long as a
  /// warrant lives that was given before the change. After that nobody trusts a cache that the change made void.
  ///
  /// - Returns: whether Redis has it.
  public mutating func insistOnEpoch(of user: ID<User>, to epoch: Int) -> Bool {
    let end = ContinuousClock.now + (mayLoseWrites ? EpochWarrant.life + .milliseconds(200) : .seconds(2))
    var refusals = 0
    var wasTold = false
    while ContinuousClock.now < end {
      do throws(RedisUnavailable) {
        wasTold = true
        if try tellEpochOnce(of: user, epoch) {
          breaker.succeeded()
          return true
        }
      } catch {
        wasTold = false
        if !error.mayHaveRun { refusals += 1 }
        if refusals == 3, !mayLoseWrites { return false }
      }
      HostClock.sleep(.milliseconds(mayLoseWrites ? 25 : 10))
    }
    return wasTold
  }

  private mutating func tellEpochOnce(of user: ID<User>, _ epoch: Int) throws(RedisUnavailable) -> Bool {
    let keys = AccountKeys(user)
    guard mayLoseWrites else {
      return try wasRaised(exchange(Command("EVAL", Schema.raiseEpoch, "1", keys.epoch, String(epoch))), to: epoch)
    }
    if !isConnected { _ = try exchange(Command("PING")) }
    let reply = try exchange(
      Command("EVAL", Schema.raiseEpoch, "2", keys.epoch, keys.warrant, String(epoch), server))
    return try wasRaised(reply, to: epoch)
  }

  /// Whether the answer of raise_epoch.lua says that nobody goes by an older epoch any more.
  mutating func wasRaised(_ reply: Reply, to epoch: Int) throws(RedisUnavailable) -> Bool {
    let parts = (reply.text ?? "").split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let known = Int(parts[0]), known >= epoch else { throw noSense() }
    return !mayLoseWrites || parts[1] == server
  }

  /// An answer that cannot be one: bytes were changed or lost on their way, so nothing else that comes over this
  /// connection is to be believed either.
  mutating func noSense() -> RedisUnavailable {
    let reason = "no sense in the answer"
    connection = nil
    breaker.failed(reason)
    return RedisUnavailable(mayHaveRun: true, reason: reason)
  }

  /// The number of the next question.
  mutating func nextQuestion() -> Int {
    questions += 1
    return questions
  }

  /// Sends a command. An error reply counts as unavailable: every one that Redis gives to a correct command
  /// (READONLY, OOM, MISCONF, LOADING, BUSY, NOREPLICAS, NOAUTH …) means that it cannot serve now.
  public mutating func send(_ command: consuming Command) throws(RedisUnavailable) -> Reply {
    if let reason = breaker.blocked() {
      throw RedisUnavailable(mayHaveRun: false, reason: reason)
    }
    return try exchange(command)
  }

  private mutating func exchange(_ command: consuming Command) throws(RedisUnavailable) -> Reply {
    let command = command
    let reply: Reply
    do throws(RedisError) {
      if failuresBefore != breaker.failures { connection = nil }
      if connection == nil {
        guard mayConnect else {
          throw RedisError(kind: .unreachable, message: "the connection was lost meanwhile")
        }
        try connect()
      }
      reply = try connection?.send(command) ?? .null
    } catch {
      connection = nil
      breaker.failed(error.message)
      throw RedisUnavailable(mayHaveRun: error.kind == .noAnswer, reason: error.message)
    }
    guard case .error(let message) = reply else {
      breaker.succeeded()
      return reply
    }
    // A script that Redis has forgotten is no fault of its health.
    if !message.hasPrefix("NOSCRIPT") {
      // READONLY comes from a primary that was demoted: another connection may find the new one.
      connection = nil
      breaker.failed(message)
    }
    throw RedisUnavailable(mayHaveRun: false, reason: message)
  }

  private mutating func connect() throws(RedisError) {
    digests = [:]
    server = ""
    connection = nil
    failuresBefore = breaker.failures
    let opened = try endpoint.open()
    server = opened.identity
    connection = consume opened.connection
  }

  private mutating func digest(of script: Script) throws(RedisUnavailable) -> String {
    if connection != nil, let digest = digests[script] { return digest }
    guard let digest = try send(Command("SCRIPT", "LOAD", script.source)).text, digest.utf8.count == 40 else {
      throw noSense()
    }
    digests[script] = digest
    return digest
  }
}
