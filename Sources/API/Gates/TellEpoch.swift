import Domain
import Store

extension Worker {
  /// Tells Redis an epoch that was just committed, before the caller is answered: from then on every worker notices.
  /// If Redis is away, nobody trusts a cache anyway, and petstore watch tells it when it is back.
  func tellEpoch(of user: ID<User>, _ epoch: Int) throws {
    do {
      let isKnownToAll = try redis.raiseEpoch(of: user, to: epoch)
      redisAnswered(true)
      if !isKnownToAll { _ = redis.insistOnEpoch(of: user, to: epoch) }
    } catch {
      let reason = error.reason
      if !redis.insistOnEpoch(of: user, to: epoch) { redisAnswered(false, reason: reason) }
    }
  }
}
