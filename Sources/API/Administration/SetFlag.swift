import Domain
import HTTP
import Settings
import Store

/// `PUT /api/v1/admin/flags/{name}` sets a feature flag: `value`, one of its values, and `note`, why. It counts on every
/// worker within a second.
///
/// - 200 with the flag as it is now.
/// - 401 `step_up_required`; 403 `insufficient_scope`; 404 `not_found`; 422 `validation_failed`.
@Sendable func setFlag(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let flag = try request.flag()
  var body = try RequestBody(of: request.request)
  let value = body.string("value", 1...20)
  let note = body.optionalString("note", 0...200) ?? ""
  if !body.hasRefused("value"), !flag.values.contains(value) {
    let known = flag.values.map { "'\($0)'" }.joined(separator: ", ")
    body.refuse("value", "Input should be one of \(known)", type: "enum")
  }
  try body.check()
  return try worker.change(flag, to: value, note: note, request)
}

/// `DELETE /api/v1/admin/flags/{name}` takes back what was set: the flag goes by its default again.
///
/// - 200 with the flag as it is now.
/// - 401 `step_up_required`; 403 `insufficient_scope`; 404 `not_found`.
@Sendable func clearFlag(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  try worker.change(try request.flag(), to: nil, note: "", request)
}

extension Worker {
  fileprivate func change(
    _ flag: FeatureFlag, to value: String?, note: String, _ request: AuthenticatedRequest
  ) throws -> Response {
    let record = try services.database.setFeatureFlag(
      flag, to: value, note: note, in: request.principal.tenantID, by: request.actor)
    // The other processes look for themselves.
    try services.flags.refresh()
    return .json(.ok, FlagAnswer.json(record, services.settings.authEnforcement))
  }
}
