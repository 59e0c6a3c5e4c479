// What all threads of a worker share.

public import Crypto
public import Domain
import Host
public import Logging
public import Settings
public import Store
import Tokens

/// The shared parts of one process, made once at start.
public struct Services: Sendable {
  /// Who answers; in `/health`, in logs.
  public static let version = "0.1.0"

  let settings: Settings
  let database: Database
  let redis: RedisEndpoint
  let breaker = Breaker()
  let principals: Principals
  let master: MasterKey
  let tokens: TokenAuthority
  let localLimits: LocalLimits
  let localLeases: LocalLeases
  let touches = SessionTouches()
  let spool: UsageSpool
  let metrics: Metrics
  let passwordPolicy: PasswordPolicy
  let log: Logger
  let load = LoadMeter()
  /// Tells what waits for somebody else that this process wants to end.
  public let shutdown = Shutdown()
  let writer: ArticleWriter
  let studio: ImageStudio
  let endpoints: [Endpoint]
  /// What administrators have switched; whoever runs the process refreshes it.
  public let flags: FeatureFlagBoard
  /// Further windows of content calls.
  let contentPolicies: [LimitPolicy]
  /// Tells this process's calls from all others'.
  let incarnation: String
  /// How many sessions there may be and how long they last.
  var sessionRule: SessionRule {
    SessionRule(lifetimes: settings.sessionLifetimes, cap: settings.sessionsPerAccount)
  }
  let startedAt = HostClock.monotonicNanoseconds()

  public init(
    settings: Settings, instance: String, database: Database, master: MasterKey, metrics: Metrics,
    passwordPolicy: PasswordPolicy, log: Logger
  ) {
    self.settings = settings
    self.database = database
    self.metrics = metrics
    self.passwordPolicy = passwordPolicy
    self.log = log
    redis = RedisEndpoint(
      servers: settings.redisServers, password: settings.redisPassword, sentinelPassword: settings.sentinelPassword,
      deadline: settings.redisDeadline)
    principals = Principals(
      database: database, concurrent: settings.contentConcurrency,
      idleSeconds: settings.sessionLifetimes.idle, needsWarrant: settings.redisServers.mayLoseWrites)
    self.master = master
    tokens = TokenAuthority(
      database: database, master: master,
      format: TokenFormat(issuer: settings.tokenIssuer, audience: settings.tokenAudience),
      lifetimes: settings.sessionLifetimes)
    localLimits = LocalLimits(workers: settings.workerCount)
    localLeases = LocalLeases(workers: settings.workerCount)
    spool = UsageSpool(folder: settings.spoolDirectory, instance: instance)
    let perMinute = settings.contentLimitPerMinute
    contentPolicies = perMinute > 0 ? [LimitPolicy(name: "content", quota: perMinute, seconds: 60)] : []
    endpoints = Routes.endpoints(contentPolicies: contentPolicies)
    // Half of the threads at most wait for providers, so that there is always one for a call that needs none.
    let chain = settings.providerChain(shutdown, slots: settings.workerThreads / 2)
    flags = FeatureFlagBoard(database: database, enforcement: settings.authEnforcement)
    writer = ArticleWriter(
      database: database, master: master, chain: chain, flags: flags, metrics: metrics, log: log)
    studio = ImageStudio(database: database, master: master, chain: chain, flags: flags, log: log)
    incarnation = String(UInt64.random(in: .min ... .max), radix: 36)
  }
}

extension FeatureFlagBoard {
  /// Reads the flags again every second, for the rest of the process's life. What cannot be read goes by what was known;
  /// `/ready` tells of a PostgreSQL that is away.
  public func keepFresh() {
    while true {
      try? refresh()
      HostClock.sleep(.seconds(1))
    }
  }
}
