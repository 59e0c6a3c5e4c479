import Domain
import HTTP
import Settings
import Store

/// `GET /api/v1/admin/flags` lists every feature flag: what it is, what it may be, and who set it.
///
/// - 200; 403 `insufficient_scope`.
@Sendable func listFlags(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let settings = worker.services.settings.authEnforcement
  let records = try worker.services.database.featureFlags()
  return .json(.ok, ["flags": .array(records.map { FlagAnswer.json($0, settings) })])
}
