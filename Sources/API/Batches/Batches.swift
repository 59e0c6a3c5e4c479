import Domain
import HTTP
import Host
import Logging
import Settings
import Store

/// `POST /api/v1/batch/generate` asks for up to 100 articles, which petstore watch writes in the background, each once.
///
/// - 200 with `job_id`. Each article counts as a call of its own; a batch for which there is no room is not begun.
/// - 409 `job_exists`; 422; 429 `quota_exceeded`; 503 `switched_off`.
@Sendable func createBatch(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  try worker.requireOn(.batches, "New batches")
  var body = try RequestBody(of: request.request)
  var briefs: [JSON] = []
  for var item in body.objects("requests", 1...100) {
    let brief = ArticleRequest.brief(&item)
    body.add(item.errors)
    briefs.append(ArticleRequest.json(brief))
  }
  let given = body.optionalString("job_id", 1...100)
  if let given, !BatchAnswer.isName(given) {
    body.refuse("job_id", "String should be letters, digits, dots, hyphens and underscores", type: "value_error")
  }
  let metadata = body.dictionary("metadata") ?? [:]
  try body.check()
  let encoded = metadata.encoded()
  if encoded.count > 10_000 {
    body.refuse("metadata", "Object should be at most 10000 bytes of JSON", type: "too_long")
    try body.check()
  }
  try worker.countFurther(briefs.count - 1, of: request)
  let id = given ?? ID<BatchJob>.random().description
  do {
    try worker.services.database.addBatch(
      id, briefs.map { String(decoding: $0.encoded(), as: UTF8.self) },
      metadata: String(decoding: encoded, as: UTF8.self), by: request.principal)
  } catch BatchRefusal.jobExists {
    throw Problem.jobExists
  }
  return .json(
    .ok,
    [
      "success": true, "job_id": .string(id), "total_items": .integer(briefs.count), "status": "pending",
      "message": .string("Batch job of \(briefs.count) article\(briefs.count == 1 ? "" : "s") created"),
    ])
}

/// `GET /api/v1/batch` lists the tenant's jobs, newest first, with their items: `limit` (1 to 100) and `offset`.
///
/// - 200 with `jobs` and `statistics` over all of them.
@Sendable func listBatches(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let query = try RequestQuery(of: request.request)
  let limit = try query.integer("limit", default: 20, 1...100)
  let offset = try query.integer("offset", default: 0, 0...1_000_000)
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  let jobs = try database.batches(of: tenant, limit: limit, offset: offset)
  let sums = try database.batchStatistics(of: tenant)
  return .json(
    .ok,
    [
      "jobs": .array(try jobs.map { BatchAnswer.json($0, try database.batchItems(of: $0.id, in: tenant)) }),
      "statistics": [
        "jobs": [
          "total": .integer(sums.jobs.total), "running": .integer(sums.jobs.running),
          "completed": .integer(sums.jobs.completed), "failed": 0, "cancelled": .integer(sums.jobs.cancelled),
        ],
        "items": [
          "total": .integer(sums.items.total), "completed": .integer(sums.items.completed),
          "failed": .integer(sums.items.failed),
          "success_rate": .number(
            sums.items.total == 0 ? 0 : 100 * Double(sums.items.completed) / Double(sums.items.total)),
        ],
        // One item at a time, none tried again: what can fail is a mistake of the request.
        "settings": ["max_concurrent": 1, "max_retries": 0, "retry_delay": 0.0],
      ],
    ])
}

/// `GET /api/v1/batch/{id}/status` shows a job with its items.
///
/// - 200; 404.
@Sendable func showBatch(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  guard let job = try database.batch(request.parameters[0], of: tenant) else { throw Problem.notFound }
  return .json(.ok, BatchAnswer.json(job, try database.batchItems(of: job.id, in: tenant)))
}

/// `POST /api/v1/batch/{id}/cancel` ends what has not begun; what is written stays.
///
/// - 200 with the number of items that will not be written; 404.
@Sendable func cancelBatch(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let id = request.parameters[0]
  guard let count = try worker.services.database.cancelBatch(id, of: request.principal.tenantID) else {
    throw Problem.notFound
  }
  return .json(
    .ok,
    [
      "success": true, "job_id": .string(id), "cancelled_items": .integer(count),
      "message": count == 0 ? "The job is over already" : "Batch job cancelled",
    ])
}

/// `DELETE /api/v1/batch/{id}` deletes a job with its articles; what has not begun is never written.
///
/// - 200; 404.
@Sendable func deleteBatch(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  guard try worker.services.database.deleteBatch(request.parameters[0], of: request.principal.tenantID) else {
    throw Problem.notFound
  }
  return .json(.ok, ["success": true, "message": "Batch job deleted"])
}

/// `GET /api/v1/batch/{id}/stream` tells of each article as it is finished, as server-sent events (HTML standard, section
/// 9.2): `item` with the item, `progress` with the counts, `done` at the end. `after=N`, or
/// Last-Event-ID, begins behind item N.
///
/// - 200, for five minutes at most, after which a client connects again by itself; 404.
@Sendable func streamBatch(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  let id = request.parameters[0]
  guard try database.batch(id, of: tenant) != nil else { throw Problem.notFound }
  // A client that connects again by itself says where it was; one that asks says it in the query.
  let heard = request.request.lastEventID.flatMap { Int($0) }.flatMap { (0...99).contains($0) ? $0 : nil }
  let first = try (heard ?? RequestQuery(of: request.request).integer("after", default: -1, -1...99)) + 1
  return Response(
    .ok, fields: [Field("Content-Type", "text/event-stream"), Field("Cache-Control", "no-store")]
  ) { send in
    func event(_ name: String, _ data: JSON, id: Int? = nil) -> Bool {
      var text = Array("event: \(name)\n".utf8)
      if let id { text += Array("id: \(id)\n".utf8) }
      return send(text + Array("data: ".utf8) + data.encoded() + [0x0A, 0x0A])
    }
    guard send(Array("retry: 2000\n\n".utf8)) else { return }
    let began = HostClock.monotonicNanoseconds()
    var next = first
    var told = -1
    var spokeAt = began
    while HostClock.monotonicNanoseconds() - began < 300_000_000_000 {
      guard let job = try database.batch(id, of: tenant) else {
        _ = event("done", ["status": "deleted"])
        return
      }
      // In the order of their numbers: which is the order in which they are written.
      for item in try database.batchItems(of: id, in: tenant, from: next, endedOnly: true) where item.number == next {
        guard event("item", BatchAnswer.json(item, of: id), id: item.number) else { return }
        next += 1
      }
      if job.total - job.pending != told {
        told = job.total - job.pending
        guard event("progress", BatchAnswer.progress(job)) else { return }
        spokeAt = HostClock.monotonicNanoseconds()
      }
      if job.isOver {
        _ = event("done", BatchAnswer.progress(job))
        return
      }
      if HostClock.monotonicNanoseconds() - spokeAt > 15_000_000_000 {
        guard send(Array(": still there\n\n".utf8)) else { return }
        spokeAt = HostClock.monotonicNanoseconds()
      }
      HostClock.sleep(.milliseconds(250))
    }
  }
}

extension Worker {
  /// Counts so many further calls for the caller of a request. Where there is no room for all of them, as few as possible
  /// are counted.
  ///
  /// - Throws: `quotaExceeded`; `unavailable` without Redis, which alone can count so many at once.
  func countFurther(_ count: Int, of request: AuthenticatedRequest) throws {
    guard count > 0 else { return }
    if request.caller.isPublic {
      for _ in 0..<count { _ = try countPublicCall(from: request.request.remoteAddress) }
      return
    }
    var cached = request.caller.cached
    var source = PrincipalSource.cache
    let call = Call(
      endpoint: request.caller.endpoint, policies: services.contentPolicies, takesLease: false, isLimited: true)
    var number = 0
    while number < count {
      let admission: Admission
      do throws(RedisUnavailable) {
        admission = try redis.admit(
          call, for: cached, source: source, name: nextCall(), completions: "",
          idleSeconds: services.settings.sessionLifetimes.idle)
        redisAnswered(true)
      } catch {
        redisAnswered(false, reason: error.reason)
        throw Problem.unavailable(retryAfter: 1)
      }
      let left = count - number - 1
      switch admission {
      case .admitted(let decision):
        let full = zip(cached.policies + call.policies, decision.windows).filter { $1.remaining < left }
        guard full.isEmpty else {
          // The window that is too full may have room again when its oldest calls leave it.
          throw Problem.quotaExceeded(violated: full.map(\.0.name), retryAfter: full.map(\.1.reset).max() ?? 1)
        }
      case .refused(let decision), .tooManyConcurrent(let decision):
        throw Problem.quotaExceeded(
          violated: decision.violated, retryAfter: max(1, decision.windows.map(\.reset).min() ?? 1))
      case .epochDiffers:
        // Changed meanwhile, or nobody vouches for what Redis knows: PostgreSQL says, once.
        guard source == .cache, let loaded = try reload(try requireCredential(request.request)) else {
          throw Problem.invalidCredential
        }
        (cached, source) = (loaded, .database)
        continue
      }
      number += 1
    }
  }
}

/// Jobs and items as they are answered.
enum BatchAnswer {
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first < 0x80, isAlphanumeric(first) else { return false }
    return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A && byte < 0x80)
  }

  static func json(_ job: BatchJob, _ items: [BatchItem]) -> JSON {
    [
      "id": .string(job.id), "status": .string(job.status), "created_at": Timestamp.json(job.createdAt),
      "started_at": job.startedAt.map { Timestamp.json($0) } ?? .null,
      "completed_at": job.completedAt.map { Timestamp.json($0) } ?? .null, "progress": percent(job),
      "total_items": .integer(job.total), "completed_items": .integer(job.completed),
      "failed_items": .integer(job.failed), "metadata": stored(job.metadata),
      "items": .array(items.map { json($0, of: job.id) }),
    ]
  }

  static func json(_ item: BatchItem, of job: String) -> JSON {
    [
      "id": .string("\(job)_\(item.number)"), "request": stored(item.request), "status": .string(item.status),
      "result": item.result.map { stored($0) } ?? .null, "error": JSON(item.error),
      "started_at": item.startedAt.map { Timestamp.json($0) } ?? .null,
      "completed_at": item.completedAt.map { Timestamp.json($0) } ?? .null,
    ]
  }

  static func progress(_ job: BatchJob) -> JSON {
    [
      "job_id": .string(job.id), "status": .string(job.status), "progress": percent(job),
      "total_items": .integer(job.total), "completed_items": .integer(job.completed),
      "failed_items": .integer(job.failed),
    ]
  }

  private static func percent(_ job: BatchJob) -> JSON {
    .number(job.total == 0 ? 0 : 100 * Double(job.total - job.pending) / Double(job.total))
  }

  /// JSON that the database keeps; it was JSON when it went in.
  private static func stored(_ text: String) -> JSON { (try? JSON(parsing: Array(text.utf8))) ?? .null }
}
