// A thread's way to Redis: its own connection, the scripts by their digests, and a breaker that the whole process
// shares, so that a Redis that is away or slow costs one thread one deadline now and then, not every request.

public import Domain
import Host
public import Redis
import Schema
import Synchronization
import Threads

/// Where Redis is and how long to wait for it.
public struct RedisEndpoint: Sendable {
  public let socket: String
  public let password: Secret<String>?
  public let deadline: Duration

  public init(socket: String, password: Secret<String>?, deadline: Duration) {
    self.socket = socket
    self.password = password
    self.deadline = deadline
  }
}

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
    case admit, takeUsage, raiseEpoch

    var source: String {
      switch self {
      case .admit: Schema.admit
      case .takeUsage: Schema.takeUsage
      case .raiseEpoch: Schema.raiseEpoch
      }
    }
  }

  private let endpoint: RedisEndpoint
  private let breaker: Breaker
  private var connection: Redis.Connection?
  /// The breaker's count of failures when the connection was made.
  private var failuresBefore = 0
  private var digests: [Script: String] = [:]

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

  /// Asks Redis whether it can serve, whatever the breaker says: it may be back. With a write, since that is what it
  /// refuses when it is full, read-only or without its replicas.
  public mutating func probe() throws(RedisUnavailable) {
    _ = try exchange(Command("SET", UsageShards.probe, "1", "PX", "1000"))
  }

  /// Tells Redis an epoch whatever the breaker says, for two seconds at most. One worker's link may fail for a moment, or
  /// be slow, while the others' work on: they must hear of a revocation before its caller is answered. Only where Redis
  /// cannot be reached at all does nobody trust a cache.
  ///
  /// - Returns: whether Redis has it.
  public mutating func insistOnEpoch(of user: ID<User>, to epoch: Int) -> Bool {
    let key = AccountKeys(user).epoch
    let end = ContinuousClock.now + .seconds(2)
    var refusals = 0
    while ContinuousClock.now < end {
      do throws(RedisUnavailable) {
        _ = try exchange(Command("EVAL", Schema.raiseEpoch, "1", key, String(epoch)))
        breaker.succeeded()
        return true
      } catch {
        if !error.mayHaveRun { refusals += 1 }
        if refusals == 3 { return false }
        HostClock.sleep(.milliseconds(10))
      }
    }
    return false
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
      if connection == nil { try connect() }
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
    failuresBefore = breaker.failures
    var opened = try Redis.Connection(socket: endpoint.socket, deadline: endpoint.deadline)
    if let password = endpoint.password {
      try opened.authenticate(password: password.exposed)
    }
    connection = consume opened
  }

  private mutating func digest(of script: Script) throws(RedisUnavailable) -> String {
    if connection != nil, let digest = digests[script] { return digest }
    guard let digest = try send(Command("SCRIPT", "LOAD", script.source)).text else {
      throw RedisUnavailable(mayHaveRun: false, reason: "SCRIPT LOAD gave no digest")
    }
    digests[script] = digest
    return digest
  }
}
