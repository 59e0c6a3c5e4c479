import Domain
import HTTP
import Store

/// `POST /api/v1/auth/keys/{id}/rotate` puts a new key of the same name and scopes in a key's place. The old one works
/// on for a while; both draw on the account's one quota.
///
/// - 201 with the new key, shown this once.
/// - 403 `insufficient_scope` for a key that may do what the calling key may not.
/// - 404 `not_found`, 409 `key_not_active`, 422 `validation_failed`.
@Sendable func rotateKey(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var overlap = 86_400
  if !request.request.body.isEmpty {
    var body = try RequestBody(of: request.request)
    overlap = body.optionalInteger("overlap_seconds", 0...2_592_000, takesTruth: false) ?? overlap
    try body.check()
  }
  let key = APIKey.random()
  do {
    let (new, previous, epoch) = try worker.services.database.rotateKey(
      try request.id(), of: request.principal, to: key, overlap: overlap, by: request.actor)
    try worker.tellEpoch(of: request.principal.userID, epoch)
    return .json(
      .created,
      [
        "message": "Keep the API key: it is not shown again.",
        "api_key": .string(key.text.exposed), "key": KeyAnswer.json(new),
        "previous": KeyAnswer.json(previous),
      ])
  } catch KeyRefusal.noSuchKey {
    throw Problem.notFound
  } catch KeyRefusal.widerThanCaller(let scopes) {
    throw Problem.scopeNotYours(scopes)
  } catch KeyRefusal.notActive {
    throw Problem.keyNotActive
  }
}
