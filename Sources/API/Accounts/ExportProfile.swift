import Domain
import HTTP
import Store

/// `GET /api/v1/auth/profile/export` gives everything that is held about the account (GDPR article 20), as one JSON
/// document: profile, tenants, keys, sessions, addresses, usage, letters, and what the audit trail says of it. Of secrets
/// (password, keys, tokens, codes) only hashes are held, and those are left out.
///
/// - 200.
/// - 401 `step_up_required`, always for an API key: it may have fewer rights than this shows.
@Sendable func exportProfile(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let document = try worker.services.database.export(of: request.principal, by: request.actor)
  return Response(
    .ok,
    fields: [
      Field("Content-Type", "application/json"), Field("Cache-Control", "no-store"),
      Field("Content-Disposition", "attachment; filename=\"petstore-export-\(request.principal.userID).json\""),
    ], body: document)
}
