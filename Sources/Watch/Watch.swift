// petstore watch: what one process does for all, over and over. It becomes leader by an advisory lock in PostgreSQL;
// a second one waits and takes over when the first is gone. Every loop is safe to be killed at any point and to run
// twice: the leader is one for thrift, not for truth.

public import Crypto
import Domain
import Host
public import Logging
import Postgres
public import Settings
public import Store
import Threads

/// The loops of `petstore watch`.
public final class Watch: Sendable {
  private let settings: Settings
  private let database: Database
  private let master: MasterKey
  private let log: Logger
  private let work: @Sendable (BatchWork) -> Result<String, BatchFailure>
  private let draw: @Sendable (ImageWork) -> Result<String, BatchFailure>?
  /// Opened by a stop, so that no loop sleeps on.
  private let stopped = Latch()
  private let turns = Locked<UInt64>(0)

  /// Tenants whose AI providers are waited for at the same time.
  private static let laneCount = 3

  /// "psdw" in ASCII.
  private static let lock = 1_886_610_551

  /// - Parameters:
  ///   - work: writes an article of a batch.
  ///   - draw: draws a picture; nil if it is to be tried again later.
  public init(
    settings: Settings, database: Database, master: MasterKey, log: Logger,
    work: @escaping @Sendable (BatchWork) -> Result<String, BatchFailure>,
    draw: @escaping @Sendable (ImageWork) -> Result<String, BatchFailure>?
  ) {
    self.work = work
    self.draw = draw
    self.settings = settings
    self.database = database
    self.master = master
    self.log = log
  }

  /// Asks ``run()`` to return.
  public func stop() { stopped.open() }

  /// Grows as long as the loops turn; for the watchdog.
  public var progress: UInt64 { turns.withLock { $0 } }

  /// Runs until ``stop()``.
  public func run() {
    while !isStopping {
      do {
        try lead()
      } catch {
        log.warning("not leading", metadata: ["reason": "\(error)"])
        pause(.seconds(1))
      }
    }
  }

  private var isStopping: Bool { stopped.isOpen }

  /// Leads for as long as the connection that holds the lock lives.
  private func lead() throws {
    var holder = try Postgres.Connection(
      dsn: settings.pgDSN, password: settings.pgPassword?.exposed,
      timeout: settings.pgStatementTimeout)
    let endpoint = RedisEndpoint(
      servers: settings.redisServers, password: settings.redisPassword, sentinelPassword: settings.sentinelPassword,
      // A batch is larger than a request's decision.
      deadline: settings.redisDeadline * 20)
    var intake = UsageIntake(
      database: database, link: RedisLink(endpoint, breaker: Breaker()), spoolFolder: settings.spoolDirectory)
    while try holder.query("SELECT pg_try_advisory_lock(\(Self.lock)::bigint)").first?.bool(0) != true {
      if isStopping { return }
      do {
        _ = try intake.takeSpoolsAsFollower()
      } catch {
        log.debug("usage of this host waits", metadata: ["reason": "\(error)"])
      }
      pause(.milliseconds(500))
    }
    log.info("leading")
    // A thread of its own: a mail server that hangs must not keep usage waiting.
    let over = Locked(false)
    let mail = Thread { [self] in sendLetters(until: { isStopping || over.withLock { $0 } }) }
    let batches = Thread { [self] in runBatches(until: { isStopping || over.withLock { $0 } }) }
    let lanes = (0..<Self.laneCount).map { _ in
      Joined(Thread { [self] in runLane(until: { isStopping || over.withLock { $0 } }) })
    }
    let outcome = Result { try takeCare(endpoint, holder: &holder) }
    over.withLock { $0 = true }
    mail.join()
    batches.join()
    for lane in lanes { lane.join() }
    try outcome.get()
  }

  /// Takes usage in, repairs epochs and keeps house for as long as `holder` holds the lock.
  private func takeCare(_ endpoint: RedisEndpoint, holder: inout Postgres.Connection) throws {
    let breaker = Breaker()
    var intake = UsageIntake(
      database: database, link: RedisLink(endpoint, breaker: breaker),
      spoolFolder: settings.spoolDirectory)
    var repair = EpochRepair(database: database, link: RedisLink(endpoint, breaker: breaker))
    var isVouchedFor = true
    var housekeptAt: UInt64 = 0
    var failed = false
    var heldAt = HostClock.monotonicNanoseconds()
    while !isStopping {
      var taken = 0
      do {
        let vouches = try repair.runAndVouch {
          do {
            _ = try holder.query("SELECT 1")
          } catch {
            throw LeadershipLost(reason: "\(error)")
          }
          heldAt = HostClock.monotonicNanoseconds()
          turns.withLock { $0 &+= 1 }
        }
        if vouches != isVouchedFor {
          log.notice(
            vouches ? "vouching for Redis" : "not vouching for Redis yet: another server may still be believed")
        }
        isVouchedFor = vouches
        taken = try intake.takeStreams()
        taken += try intake.takeSpools()
        if failed {
          failed = false
          log.notice("taking usage in again")
        }
      } catch let lost as LeadershipLost {
        throw lost
      } catch {
        if !failed { log.warning("usage waits", metadata: ["reason": "\(error)"]) }
        failed = true
      }
      if HostClock.monotonicNanoseconds() - housekeptAt > 60_000_000_000 {
        keepHouse(RedisLink(endpoint, breaker: breaker))
        housekeptAt = HostClock.monotonicNanoseconds()
      }
      // The lock is ours only while its connection lives.
      if HostClock.monotonicNanoseconds() - heldAt > 1_000_000_000 {
        _ = try holder.query("SELECT 1")
        heldAt = HostClock.monotonicNanoseconds()
      }
      if taken < 1_000 { pause(.milliseconds(250)) }
      turns.withLock { $0 &+= 1 }
    }
  }

  /// Sends what lies in the outbox, one letter after the other.
  private func sendLetters(until isOver: () -> Bool) {
    let courier = Courier(settings)
    var delivery = LetterDelivery(dsn: settings.pgDSN, password: settings.pgPassword, master: master)
    var failed = false
    while !isOver() {
      do {
        let outcome = try delivery.deliverNext { letter throws(DeliveryFailure) in try courier.deliver(letter) }
        failed = false
        switch outcome {
        case .nothingDue: stopped.wait(timeout: .milliseconds(250))
        case .sent, .needless: break
        case .postponed(let reason):
          log.warning("a letter waits: the mail relay did not take it", metadata: ["reason": "\(reason)"])
        case .givenUp(let reason):
          log.error("a letter was given up", metadata: ["reason": "\(reason)"])
        }
      } catch {
        if !failed { log.warning("letters wait", metadata: ["reason": "\(error)"]) }
        failed = true
        stopped.wait(timeout: .seconds(1))
      }
    }
  }

  /// Writes the articles of batches, one after the other in the order in which they were asked for.
  private func runBatches(until isOver: () -> Bool) {
    var failed = false
    while !isOver() {
      do {
        let hadWork = try database.runNextBatchItem(work)
        failed = false
        if !hadWork { stopped.wait(timeout: .milliseconds(100)) }
      } catch {
        if !failed { log.warning("batches wait", metadata: ["reason": "\(error)"]) }
        failed = true
        stopped.wait(timeout: .seconds(1))
      }
    }
  }

  /// Does what waits for AI providers, one piece after the other; other lanes do the same for other tenants.
  private func runLane(until isOver: () -> Bool) {
    var lane = ProviderLane(
      dsn: settings.pgDSN, password: settings.pgPassword, timeout: settings.pgStatementTimeout)
    var failed = false
    while !isOver() {
      do {
        let hadArticle = try lane.runNextBatchItem(work)
        let hadPicture = try lane.runNextImageJob(draw)
        failed = false
        if !hadArticle, !hadPicture { stopped.wait(timeout: .milliseconds(400)) }
      } catch {
        if !failed { log.warning("work for AI providers waits", metadata: ["reason": "\(error)"]) }
        failed = true
        stopped.wait(timeout: .seconds(1))
      }
    }
  }

  /// What needs doing now and then: sessions that nobody uses, letters that are over, accounts whose deletion is due.
  private func keepHouse(_ link: consuming RedisLink) {
    var link = link
    do {
      while try database.cleanSessions(idleSeconds: settings.sessionLifetimes.idle) > 500, !isStopping {}
      try database.cleanLetters()
      try database.cleanImageJobs()
      for user in try database.accountsToErase() {
        do {
          guard let epoch = try database.erase(user, by: .operatorAtHost) else { continue }
          try link.raiseEpoch(of: user, to: epoch)
          try link.forgetAccount(user)
          log.notice("an account was erased: its grace is over")
        } catch AccountRefusal.lastAdmin {
          log.warning("an account waits for its erasure: it is the last administrator's")
        }
      }
    } catch {
      log.warning("housekeeping waits", metadata: ["reason": "\(error)"])
    }
  }

  private func pause(_ duration: Duration) {
    stopped.wait(timeout: duration)
    turns.withLock { $0 &+= 1 }
  }
}

/// The connection that holds the lock has ended, and the lock with it.
private struct LeadershipLost: Error, CustomStringConvertible {
  let reason: String
  var description: String { "the lock is lost: \(reason)" }
}

/// A thread in a list, which holds no values with one owner.
private final class Joined: Sendable {
  private let thread: Locked<Thread?>
  init(_ thread: consuming Thread) { self.thread = Locked(thread) }
  func join() { thread.withLock { $0.take()?.join() } }
}
