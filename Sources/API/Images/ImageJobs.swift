import Domain
import HTTP
import Store

/// `POST /api/v1/images/jobs` asks for a picture that petstore watch has drawn in the background.
///
/// - 200 with the job's id, whether or not there is a provider: without one the job fails and says so; 422; 429.
@Sendable func createImageJob(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  try worker.requireOn(.images, "Pictures")
  var body = try RequestBody(of: request.request)
  let order = ImageOrder(&body)
  try body.check()
  guard order.json.encoded().count <= 20_000 else {
    throw Problem.validationFailed([
      FieldError([.name("body"), .name("metadata")], "Object should be at most 10000 bytes of JSON", type: "too_long")
    ])
  }
  let id = try worker.services.database.addImageJob(
    String(decoding: order.json.encoded(), as: UTF8.self), by: request.principal)
  return .json(.ok, ["job_id": .string(id.description), "status": "queued"])
}

/// `GET /api/v1/images/jobs` lists the tenant's jobs of the last seven days, newest first, without their pictures: `status`,
/// `limit` (1 to 100) and `offset`.
///
/// - 200, 422.
@Sendable func listImageJobs(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let query = try RequestQuery(of: request.request)
  let status: ImageJobAnswer.Status? = try query.word("status")
  let jobs = try worker.services.database.imageJobs(
    of: request.principal.tenantID, status: status?.rawValue, limit: try query.integer("limit", default: 50, 1...100),
    offset: try query.integer("offset", default: 0, 0...1_000_000))
  return .json(.ok, .array(jobs.map(ImageJobAnswer.json)))
}

/// `GET /api/v1/images/jobs/{id}` shows a job with its pictures.
///
/// - 200, 404.
@Sendable func showImageJob(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  guard let job = try worker.services.database.imageJob(try request.id(), of: request.principal.tenantID) else {
    throw Problem.notFound
  }
  return .json(.ok, ImageJobAnswer.json(job))
}

/// `DELETE /api/v1/images/jobs/{id}` ends a job that is not over.
///
/// - 200; 400 where it is over already; 404.
@Sendable func cancelImageJob(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let id: ID<ImageJob> = try request.id()
  switch try worker.services.database.cancelImageJob(id, of: request.principal.tenantID) {
  case .cancelled: return .json(.ok, ["message": .string("Job \(id) cancelled successfully")])
  case .over(let status): throw Problem.badRequest("The job is \(status) already.")
  case .unknown: throw Problem.notFound
  }
}

enum ImageJobAnswer {
  enum Status: String, CaseIterable { case queued, processing, completed, failed, cancelled }

  static func json(_ job: ImageJobRecord) -> JSON {
    [
      "job_id": .string(job.id.description), "status": .string(job.status), "request": stored(job.request) ?? [:],
      "progress_percentage": job.status == "completed" ? 100.0 : 0.0, "estimated_completion": nil,
      "result": job.result.flatMap(stored) ?? .null, "created_at": Timestamp.json(job.createdAt),
      "started_at": Timestamp.json(job.startedAt), "completed_at": Timestamp.json(job.completedAt),
      "error_message": JSON(job.error), "retry_count": 0,
    ]
  }

  private static func stored(_ text: String) -> JSON? { try? JSON(parsing: Array(text.utf8)) }
}
