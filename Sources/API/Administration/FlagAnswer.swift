import Domain
import HTTP
import Store

/// A feature flag as administrators are answered it.
enum FlagAnswer {
  static func json(_ record: FeatureFlagRecord, _ settings: AuthEnforcement) -> JSON {
    let standard = record.flag.standard(settings)
    return [
      "name": .string(record.flag.rawValue), "value": .string(record.setting?.value ?? standard),
      "default": .string(standard), "values": JSON(record.flag.values), "summary": .string(record.flag.summary),
      "is_set": .bool(record.setting != nil), "note": .string(record.setting?.note ?? ""),
      "changed_at": Timestamp.json(record.setting?.changedAt),
      "changed_by": JSON(record.setting?.changedBy?.description),
    ]
  }
}

extension AuthenticatedRequest {
  /// The flag that the path names.
  ///
  /// - Throws: `notFound`.
  func flag() throws(Problem) -> FeatureFlag {
    guard let flag = parameters.first.flatMap({ FeatureFlag(rawValue: $0) }) else { throw .notFound }
    return flag
  }
}
