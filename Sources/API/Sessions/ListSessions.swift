import Domain
import HTTP
import Settings
import Store

/// `GET /api/v1/auth/sessions` shows where the account is logged in.
///
/// - 200 with the sessions that have not ended, last used first.
@Sendable func listSessions(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let sessions = try worker.services.database.sessions(
    of: request.principal.userID, idleSeconds: worker.services.settings.sessionLifetimes.idle)
  return .json(
    .ok,
    ["sessions": .array(sessions.map { SessionAnswer.json($0, present: request.principal.session?.id) })])
}

/// A session as it is answered.
enum SessionAnswer {
  static func json(_ session: SessionRecord, present: ID<Session>?) -> JSON {
    [
      "id": .string(session.id.description), "current": .bool(session.id == present),
      "opened_with": session.keyID == nil ? "password" : "api_key",
      "api_key_id": JSON(session.keyID?.description), "scopes": JSON(session.scopes.scopes.map(\.rawValue)),
      "user_agent": .string(session.userAgent), "address": .string(session.address),
      "second_factor": .bool(session.hasSecondFactor), "created_at": Timestamp.json(session.createdAt),
      "last_seen_at": Timestamp.json(session.lastSeenAt), "expires_at": Timestamp.json(session.expiresAt),
    ]
  }
}
