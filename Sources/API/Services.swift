// What all threads of a worker share.

public import Domain
import Host
public import Logging
public import Settings
public import Store

/// The shared parts of one process, made once at start.
public struct Services: Sendable {
  /// Who answers; in `/health`, in logs.
  public static let version = "0.1.0"

  let settings: Settings
  let database: Database
  let redis: RedisEndpoint
  let breaker = Breaker()
  let principals: Principals
  let localLimits: LocalLimits
  let localLeases: LocalLeases
  let spool: UsageSpool
  let metrics: Metrics
  let passwordPolicy: PasswordPolicy
  let log: Logger
  let endpoints: [Endpoint]
  /// Tells this process's calls from all others'.
  let incarnation: String
  let startedAt = HostClock.monotonicNanoseconds()

  public init(
    settings: Settings, instance: String, database: Database, metrics: Metrics,
    passwordPolicy: PasswordPolicy, log: Logger
  ) {
    self.settings = settings
    self.database = database
    self.metrics = metrics
    self.passwordPolicy = passwordPolicy
    self.log = log
    redis = RedisEndpoint(
      socket: settings.redisSocket, password: settings.redisPassword,
      deadline: settings.redisDeadline)
    principals = Principals(database: database, concurrent: settings.contentConcurrency)
    localLimits = LocalLimits(workers: settings.workerCount)
    localLeases = LocalLeases(workers: settings.workerCount)
    spool = UsageSpool(folder: settings.spoolDirectory, instance: instance)
    let perMinute = settings.contentLimitPerMinute
    endpoints = Routes.endpoints(
      contentPolicies: perMinute > 0
        ? [LimitPolicy(name: "content", quota: perMinute, seconds: 60)] : [])
    incarnation = String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
