// One request thread of a worker: its own link to Redis, the way of every request from route to answer, and what is
// owed to Redis afterwards.

public import HTTP
import Crypto
import Domain
import Host
import Logging
import Postgres
import Store

/// What lets a request wait for long without holding up others: see Seat.
public protocol WorkerSeat {
  /// How many requests of this process do so now.
  var requestsAside: Int { get }
  /// Lets others take this thread's place for the rest of its request.
  func giveUp()
}

/// A request thread. Not shared with any other.
public final class Worker {
  let services: Services
  var redis: RedisLink
  private let thread: Int
  let seat: any WorkerSeat
  private var calls = 0
  private var doubts = 0
  private var threadName: String
  /// What ended calls came to, to travel with a later call's round trip.
  private var completions = Completions()
  /// By credential, so that a principal that was read anew takes the place of the one before.
  private var profiles: [UInt64: EncodedProfile] = [:]
  private var redisWasAway = false

  public init(_ services: Services, thread: Int, seat: any WorkerSeat) {
    self.services = services
    self.seat = seat
    self.thread = thread
    threadName = "\(services.incarnation)-\(thread)"
    redis = RedisLink(services.redis, breaker: services.breaker)
  }

  /// Answers one request. Never fails: what nobody foresaw is a 500 and a line in the log.
  public func handle(_ request: Request) -> Response {
    let began = HostClock.monotonicNanoseconds()
    CrashReport.remember(requestID: request.id)
    services.metrics.began()
    var visit = Visit(request: request)
    var response: Response
    var index = Routes.unknownIndex
    switch Routes.table.find(request.method, request.path) {
    case .found(let found, let parameters):
      index = found
      visit.parameters = parameters
      visit.speaksOAuth = services.endpoints[found].speaksOAuth
      do {
        response = try answer(services.endpoints[found], &visit)
      } catch let refusal as OAuthRefusal {
        response = refusal.response
      } catch {
        let problem = self.problem(for: error, request)
        response =
          visit.speaksOAuth
          ? OAuthRefusal(problem).response : problem.response(to: request.path, id: request.id)
      }
      response.fields += visit.limitFields
    case .wrongMethod(let allow):
      response = Problem.methodNotAllowed(allow: allow).response(to: request.path, id: request.id)
    case .unknown:
      response = Problem.notFound.response(to: request.path, id: request.id)
    }
    response.fields.append(Field("X-Request-ID", request.id))
    let microseconds = Int((HostClock.monotonicNanoseconds() - began) / 1_000)
    services.metrics.ended(
      endpoint: index, status: response.status.code, microseconds: microseconds)
    settle(visit, status: response.status.code, microseconds: microseconds)
    return response
  }

  /// Called when nothing has come for a moment, and before the thread ends: what is owed to Redis is paid now.
  public func idle() {
    if redisWasAway, (try? redis.probe()) != nil { redisAnswered(true) }
    guard !completions.isEmpty else { return }
    let events = completions.take()
    do {
      try redis.write(completions: events)
    } catch {
      // Noted, so that the spool is closed again when Redis is back.
      redisAnswered(false, reason: error.reason)
      spoolCompletions(events)
    }
  }

  /// The answer to what never became a request: a body beyond the limit, or bytes that make no request.
  public static func refusal(tooLarge limit: Int?, _ request: Request?) -> Response {
    let problem: Problem =
      limit.map { .payloadTooLarge(limit: $0) } ?? .badRequest("The request could not be read.")
    let id = request?.id ?? "-"
    var response = problem.response(to: request?.path ?? "/", id: id)
    response.fields.append(Field("X-Request-ID", id))
    return response
  }

  // MARK: - The way of a request

  private func answer(_ endpoint: Endpoint, _ visit: inout Visit) throws -> Response {
    if visit.request.query.utf8.contains(UInt8(ascii: "=")) {
      try refuseCredentialInURL(visit.request)
    }
    if visit.request.method != .get, visit.request.method != .head { try refuseWhatMustWait(visit.request) }
    switch endpoint.access {
    case .open(let handler): return try handler(visit.request, self)
    case .grant(let handler): return try handler(&visit, endpoint, self)
    case .caller(let rule, let handler):
      let caller = try caller(of: endpoint, rule, &visit)
      return try handler(AuthenticatedRequest(visit, caller), self)
    }
  }

  /// A fresh name for one call.
  func nextCall() -> CallName {
    calls += 1
    return CallName(thread: threadName, number: calls)
  }

  /// After a call of which nobody knows whether Redis ran it, this thread goes by a new name: see CallName.
  func renameThread() {
    doubts += 1
    threadName = "\(services.incarnation)-\(thread).\(doubts)"
  }

  /// What the next round trip takes along; mostly nothing.
  func dueCompletions() -> String {
    completions.areDue(now: HostClock.monotonicNanoseconds()) ? completions.take() : ""
  }

  /// The body of a profile, encoded once for each principal: it is the call that clients poll.
  func profileBody(_ principal: Principal) -> [UInt8] {
    let id = principal.session?.id.low ?? principal.keyID?.low ?? principal.userID.low
    if let known = profiles[id], known.principal === principal { return known.body }
    let body = ProfileAnswer.json(principal).encoded()
    if profiles.count >= 1_000 { profiles = [:] }
    profiles[id] = EncodedProfile(principal: principal, body: body)
    return body
  }

  /// Puts events back that a round trip did not deliver.
  func spoolCompletions(_ events: String) {
    guard !events.isEmpty else { return }
    do {
      try services.spool.completions(events)
      services.metrics.count(.usageSpooled)
    } catch {
      services.metrics.count(.usageLost)
      services.log.error("usage event lost", metadata: ["reason": "\(error)"])
    }
  }

  /// Notes whether Redis answered, so that the spool is closed and the log says so once.
  func redisAnswered(_ answered: Bool, reason: String = "") {
    if answered {
      guard redisWasAway else { return }
      redisWasAway = false
      services.spool.close()
      services.log.notice("Redis is back")
    } else {
      services.metrics.count(.redisFailure)
      if !redisWasAway {
        services.log.warning(
          "Redis is away: limits are divided among the workers, keys are checked in PostgreSQL",
          metadata: ["reason": "\(reason)"])
      }
      redisWasAway = true
    }
  }

  /// Gives a caller's lease back.
  func release(_ caller: Caller) {
    switch caller.lease {
    case .none: break
    case .redis(let name):
      do {
        try redis.release(lease: name, of: caller.cached)
      } catch {
        // It ends by itself after its life.
        redisAnswered(false, reason: error.reason)
      }
    case .local: services.localLeases.release(caller.principal.userID)
    }
  }

  private func settle(_ visit: Visit, status: Int, microseconds: Int) {
    guard let caller = visit.caller else { return }
    release(caller)
    completions.add(
      caller.cached, endpoint: caller.endpoint, status: status, microseconds: microseconds,
      now: HostClock.monotonicNanoseconds())
  }

  // MARK: - What the world is told

  /// Turns any error into what the caller may know; the rest goes to the log. The only place that does.
  private func problem(for error: any Error, _ request: Request) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as PublicQuotaExceeded: return error.problem
    case let error as PostgresError:
      services.metrics.count(.postgresFailure)
      let temporary: Bool
      switch error.kind {
      case .unreachable, .connectionLost, .deadline: temporary = true
      case .refused(let state, _):
        // Time-outs, lost races, out of resources, shutting down, read-only.
        temporary = ["57", "55", "53", "40", "25", "08"].contains(String(state.prefix(2)))
      case .unexpectedRow: temporary = false
      }
      guard temporary else { break }
      services.log.warning(
        "PostgreSQL cannot serve a request",
        metadata: ["request_id": "\(request.id)", "reason": "\(error)"])
      return .unavailable(retryAfter: 1)
    case let error as RedisUnavailable:
      redisAnswered(false, reason: error.reason)
      return .unavailable(retryAfter: 1)
    case is PasswordHash.Busy: return .unavailable(retryAfter: 2)
    default: break
    }
    services.metrics.count(.unforeseenError)
    services.log.error(
      "unforeseen error",
      metadata: [
        "request_id": "\(request.id)", "method": "\(request.method.rawValue)",
        "path": "\(request.path)", "error": "\(error)",
      ])
    return .internalError
  }
}

/// A profile's answer, kept with the principal that it shows: an identifier alone may be given to another object.
private struct EncodedProfile {
  let principal: Principal
  let body: [UInt8]
}

/// One request on its way through a worker.
struct Visit {
  let request: Request
  var parameters: [String] = []
  var caller: Caller?
  /// Whether refusals are told as OAuth tells them.
  var speaksOAuth = false
  /// RateLimit and its older kin, once admission has spoken.
  var limitFields: [Field] = []

  init(request: Request) { self.request = request }
}

/// Who calls, proven by admission: one of these exists only where a key or token was valid and there was room in every window.
struct Caller {
  enum Lease { case none, redis(CallName), local }

  let cached: CachedPrincipal
  let endpoint: String
  let lease: Lease
  var principal: Principal { cached.principal }
}

/// A request with its proven caller.
struct AuthenticatedRequest {
  let request: Request
  let parameters: [String]
  let caller: Caller
  var principal: Principal { caller.principal }

  init(_ visit: Visit, _ caller: Caller) {
    request = visit.request
    parameters = visit.parameters
    self.caller = caller
  }

  /// For the audit trail.
  var actor: AuditActor {
    AuditActor(
      userID: principal.userID, keyID: principal.keyID, sessionID: principal.session?.id,
      address: request.remoteAddress, requestID: request.id)
  }

  /// A path parameter that must be an identity; what is none can be nothing that exists.
  func id<Entity>(_ index: Int = 0) throws(Problem) -> ID<Entity> {
    guard parameters.indices.contains(index), let id = ID<Entity>(parameters[index]) else {
      throw .notFound
    }
    return id
  }
}
