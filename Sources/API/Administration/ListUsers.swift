import Domain
import HTTP
import Store

/// `GET /api/v1/admin/users` lists accounts, newest first: `q` (a part of the e-mail address or the company's name),
/// `role`, `tier`, `active`, `limit` (1 to 200) and `cursor`, the `next_cursor` of the page before.
///
/// - 200 with `users`, `next_cursor` (null on the last page) and `total`, the accounts on all pages.
/// - 403 `insufficient_scope`.
/// - 422 `validation_failed`, for a cursor that was never given too.
@Sendable func listUsers(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let query = try RequestQuery(of: request.request)
  let filter = UserFilter(
    text: try query.text("q", atMost: 254), role: try query.word("role"), tier: try query.word("tier"),
    isActive: try query.bool("active"))
  let limit = try query.integer("limit", default: 50, 1...200)
  let cursor: PageCursor<User>? = try query.cursor()
  let services = worker.services
  let page = try services.database.users(filter, after: cursor, limit: limit, services.accountTerms)
  return .json(
    .ok,
    [
      "users": .array(page.users.map { UserAnswer.json($0) }), "next_cursor": JSON(page.next?.text),
      "total": .integer(page.total),
    ])
}
