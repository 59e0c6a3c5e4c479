import Domain
import HTTP
import Logging
import Settings
import Store

extension Worker {
  /// Tells Redis an epoch that was just committed, before the caller is answered: from then on every worker notices.
  /// If Redis is away, nobody trusts a cache anyway, and petstore watch tells it when it is back.
  ///
  /// Where it must insist, it does so for seconds, and lets others take this thread's place meanwhile.
  func tellEpoch(of user: ID<User>, _ epoch: Int) throws {
    do {
      let isKnownToAll = try redis.raiseEpoch(of: user, to: epoch)
      redisAnswered(true)
      guard !isKnownToAll else { return }
      seat.giveUp()
      _ = redis.insistOnEpoch(of: user, to: epoch)
    } catch {
      let reason = error.reason
      seat.giveUp()
      if !redis.insistOnEpoch(of: user, to: epoch) { redisAnswered(false, reason: reason) }
    }
  }

  /// Begins nothing that may have to insist while twice as many as there are seats do so already: what a thread's place is
  /// given up for must end somewhere. Before anything is changed, so that who comes again finds all as it was.
  ///
  /// - Throws: `unavailable`.
  func refuseWhatMustWait(_ request: Request) throws(Problem) {
    let waiting = seat.requestsAside
    guard waiting < 2 * services.settings.workerThreads else {
      services.log.warning(
        "refused: too many changes wait for Redis already",
        metadata: ["request_id": "\(request.id)", "waiting": "\(waiting)"])
      throw .unavailable(retryAfter: 1)
    }
  }
}
