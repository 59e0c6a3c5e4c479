import HTTP
import Store

/// `GET /api/v1/auth/keys` lists the account's keys, newest first, revoked ones too.
///
/// - 200 with `keys`.
@Sendable func listKeys(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let keys = try worker.services.database.keys(of: request.principal)
  return .json(.ok, ["keys": .array(keys.map(KeyAnswer.json))])
}
