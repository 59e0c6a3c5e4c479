import Domain
import HTTP
import Store

/// `GET /api/v1/cache/stats` shows what this worker remembers of accounts, and Redis in numbers.
///
/// - 200, without Redis too.
@Sendable func showCache(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var numbers: [String: String]?
  do throws(RedisUnavailable) {
    numbers = try worker.redis.numbers()
  } catch {
    worker.redisAnswered(false, reason: error.reason)
  }
  func count(_ name: String) -> JSON { numbers?[name].flatMap { Int($0) }.map { .integer($0) } ?? .null }
  return .json(
    .ok,
    [
      "redis_available": .bool(numbers != nil), "memory_cache_size": .integer(worker.services.principals.count),
      "max_memory_cache_size": .integer(worker.services.principals.capacity),
      "redis_used_memory": JSON(numbers?["used_memory_human"]), "redis_connected_clients": count("connected_clients"),
      "redis_total_commands_processed": count("total_commands_processed"),
      "redis_error": numbers == nil ? "Redis does not answer" : nil,
    ])
}

/// `DELETE /api/v1/cache/clear` makes every worker forget what it remembers of the caller's account: the next call reads it
/// from PostgreSQL. Limits and sessions are no cache and stay. `pattern` names other things than accounts: none is cached.
///
/// - 200 with how many entries this worker had; 422.
@Sendable func clearCache(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let pattern = try RequestQuery(of: request.request).text("pattern", atMost: 200)
  let name = "blogwriter:principal:\(request.principal.userID)"
  if let pattern {
    let stem = pattern.split(separator: "*").joined()
    guard name.contains(stem) else {
      return .json(.ok, ["success": true, "cleared_items": 0, "pattern": .string(pattern)])
    }
  }
  let user = request.principal.userID
  let cleared = worker.services.principals.forget(user)
  try worker.tellEpoch(of: user, try worker.services.database.raiseEpoch(of: request.principal))
  var answer: [JSON.Member] = [.init("success", true), .init("cleared_items", .integer(cleared))]
  answer.append(pattern.map { .init("pattern", .string($0)) } ?? .init("message", "All cache cleared"))
  return .json(.ok, .object(answer))
}
