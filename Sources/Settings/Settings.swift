// The settings, read once into one value. Order of precedence: credential files (secrets only), then the environment,
// then the file of `--config`. Every mistake is reported, not only the first.

import Configuration
public import Domain
import Host
import SystemPackage

/// All that an operator can set. `systemd/petstore.env.example` explains each; a test holds the two together.
public struct Settings: Sendable {
  public var pgDSN: String
  public var pgOwnerDSN: String
  public var pgPassword: Secret<String>?
  public var pgPoolSize: Int
  public var pgStatementTimeout: Duration
  /// A standby that answers reports; empty for none.
  public var pgReplicaDSN: String
  /// How far it may lie behind.
  public var pgReplicaMaxLag: Duration
  public var redisServers: RedisServers
  public var redisPassword: Secret<String>?
  public var sentinelPassword: Secret<String>?
  public var redisDeadline: Duration
  public var workerThreads: Int
  /// Workers of each pool on this host; the units, their sockets and nginx's upstreams follow.
  public var authWorkers: Int
  public var contentWorkers: Int
  /// Workers on all hosts; what each may admit by itself while Redis is away is a limit divided by this.
  public var workerCount: Int
  public var metricsDirectory: String
  public var spoolDirectory: String
  public var commonPasswordsFile: String
  public var contentConcurrency: Int
  /// 0 for no such policy.
  public var contentLimitPerMinute: Int
  public var registerLimitPerHour: Int
  public var loginLimitPerMinute: Int
  /// Whether routes that were public ask for a credential; a feature flag may say otherwise while the service runs.
  public var authEnforcement: AuthEnforcement
  /// Calls without a valid credential from one address, where they are served; 0 for any number.
  public var publicLimitPerMinute: Int
  public var logLevel: String
  public var bodyLimit: Int
  /// Seals what must not be read from the database alone; 64 hexadecimal digits.
  public var masterKey: Secret<String>?
  /// Who signs tokens (RFC 9068 section 2.2), and for whom.
  public var tokenIssuer: String
  public var tokenAudience: String
  public var sessionLifetimes: SessionLifetimes
  public var sessionsPerAccount: Int
  /// Seconds for which a proof of password or second factor opens what is dangerous.
  public var reauthenticationSeconds: Int
  public var signingKeyLead: Int
  /// How the world calls this service, without a slash at the end; in letters and metadata.
  public var publicURL: String
  public var smtpURL: String
  public var smtpSecurity: String
  public var smtpUsername: String
  public var smtpCAFile: String
  public var smtpPassword: Secret<String>?
  public var mailFrom: String
  /// Where letters are written instead of being sent; empty to send them.
  public var mailDirectory: String
  /// Letters of recovery that one mailbox, or one address, may cause in an hour.
  public var recoveryLimitPerHour: Int
  public var erasureGraceDays: Int
  /// `host:port` of the AI providers that are called over the network.
  public var aiHosts: [String]
  /// A folder of sockets `host:port.sock`, each of which leads to an AI provider; empty for none.
  public var aiSockets: String
  /// Certificates (PEM) that AI providers are trusted by instead of the system's; empty for the system's.
  public var aiCAFile: String
  /// Seconds for which a provider may say nothing, and for which a call waits for all of its tenant's providers.
  public var aiSilenceSeconds: Int
  public var aiDeadlineSeconds: Int

  /// Where backups are written.
  public var backupDirectory: String
  /// A file of the public keys that backups are sealed for, one a line, as age reads it.
  public var backupRecipientsFile: String
  public var backupKeepDays: Int
  /// So many of the newest backups stay, however old they are.
  public var backupKeepAtLeast: Int

  /// Workers that answer the same kind of calls, so that slow calls of one kind keep none of another waiting.
  public struct WorkerPool: Sendable {
    /// As nginx's upstream is named: petstore_NAME.
    public let name: String
    /// Instance names as systemd's template takes them: NAME-1, NAME-2 …
    public let instances: [String]

    init(_ name: String, workers: Int) {
      self.name = name
      instances = (1...workers).map { "\(name)-\($0)" }
    }
  }

  /// The pools of this host.
  public var pools: [WorkerPool] {
    [WorkerPool("auth", workers: authWorkers), WorkerPool("content", workers: contentWorkers)]
  }

  /// Every key that is read, in the order of the example file.
  public static let keys = [
    "PG_DSN", "PG_OWNER_DSN", "PG_POOL_SIZE", "PG_STATEMENT_TIMEOUT_MS", "PG_REPLICA_DSN",
    "PG_REPLICA_MAX_LAG_MS", "REDIS_SOCKET", "REDIS_ADDRESS", "REDIS_SENTINELS", "REDIS_SENTINEL_MASTER",
    "REDIS_DEADLINE_MS", "WORKER_THREADS", "AUTH_WORKERS", "CONTENT_WORKERS", "WORKER_COUNT", "METRICS_DIRECTORY",
    "SPOOL_DIRECTORY",
    "COMMON_PASSWORDS_FILE", "CONTENT_CONCURRENCY", "CONTENT_LIMIT_PER_MINUTE",
    "REGISTER_LIMIT_PER_HOUR", "LOGIN_LIMIT_PER_MINUTE", "AUTH_ENFORCEMENT",
    "PUBLIC_LIMIT_PER_MINUTE", "LOG_LEVEL", "BODY_LIMIT_BYTES",
    "CREDENTIALS_DIRECTORY", "TOKEN_ISSUER", "TOKEN_AUDIENCE", "ACCESS_TOKEN_SECONDS", "REFRESH_TOKEN_SECONDS",
    "SESSION_IDLE_SECONDS", "SESSION_ABSOLUTE_SECONDS", "SESSIONS_PER_ACCOUNT", "REAUTHENTICATION_SECONDS",
    "SIGNING_KEY_LEAD_SECONDS", "PUBLIC_URL", "SMTP_URL", "SMTP_SECURITY", "SMTP_USERNAME", "SMTP_CA_FILE", "MAIL_FROM",
    "MAIL_DIRECTORY", "RECOVERY_LIMIT_PER_HOUR", "ERASURE_GRACE_DAYS", "AI_HOSTS", "AI_SOCKETS", "AI_CA_FILE",
    "AI_SILENCE_SECONDS", "AI_DEADLINE_SECONDS", "BACKUP_DIRECTORY", "BACKUP_RECIPIENTS_FILE",
    "BACKUP_KEEP_DAYS", "BACKUP_KEEP_AT_LEAST",
  ]

  /// What is wrong with the settings: each line names a key, its problem and the fix.
  public struct Mistakes: Error, CustomStringConvertible {
    public let lines: [String]
    public var description: String {
      "the settings cannot be used:\n" + lines.map { "  " + $0 }.joined(separator: "\n")
    }
  }

  /// Where settings are looked for when `--config` names no file.
  public static let defaultFile = "/etc/petstore/petstore.env"

  /// Reads the settings.
  ///
  /// - Parameter file: an env file; nil for the default one, which may be missing.
  /// - Throws: ``Mistakes``.
  public static func load(file: String?) async throws -> Settings {
    var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
    let unknown: [String]
    do {
      providers.append(
        try await EnvironmentVariablesProvider(
          environmentFilePath: FilePath(file ?? defaultFile), allowMissing: file == nil))
      unknown = SettingsFile.mistakes(
        in: String(decoding: try file.map { try Files.read($0) } ?? (try? Files.read(defaultFile)) ?? [], as: UTF8.self)
      )
    } catch {
      throw Mistakes(lines: ["\(file ?? defaultFile): cannot be read: \(error)"])
    }
    let plain = ConfigReader(providers: providers)
    var secrets: ConfigReader?
    if let directory = plain.string(forKey: "credentials.directory"), !directory.isEmpty {
      do {
        secrets = ConfigReader(
          provider: try await DirectoryFilesProvider(
            directoryPath: FilePath(directory), allowMissing: true))
      } catch {
        // The file names a folder for whoever may read it: migrations, for one, run as somebody who needs no secret.
        // What systemd hands over must be readable.
        let isHandedOver =
          ConfigReader(provider: EnvironmentVariablesProvider()).string(forKey: "credentials.directory") != nil
        if isHandedOver {
          throw Mistakes(lines: ["CREDENTIALS_DIRECTORY \(directory): cannot be read: \(error)"])
        }
      }
    }
    return try Settings(reading: plain, secrets: secrets, mistakes: unknown)
  }

  /// - Parameter mistakes: those that were found before; they are reported together with the others.
  init(reading reader: ConfigReader, secrets: ConfigReader?, mistakes: [String]) throws(Mistakes) {
    var values = Values(reader: reader)
    values.mistakes = mistakes
    pgDSN = values.text("PG_DSN", "host=/run/postgresql dbname=petstore user=petstore")
    pgOwnerDSN = values.text(
      "PG_OWNER_DSN", "host=/run/postgresql dbname=petstore user=petstore_owner")
    pgPoolSize = values.number("PG_POOL_SIZE", 4, in: 1...64)
    pgStatementTimeout = .milliseconds(
      values.number("PG_STATEMENT_TIMEOUT_MS", 2_000, in: 50...60_000))
    pgReplicaDSN = values.text("PG_REPLICA_DSN", "")
    pgReplicaMaxLag = .milliseconds(values.number("PG_REPLICA_MAX_LAG_MS", 5_000, in: 100...600_000))
    redisServers = values.redisServers()
    redisDeadline = .milliseconds(values.number("REDIS_DEADLINE_MS", 50, in: 5...5_000))
    workerThreads = values.number("WORKER_THREADS", 8, in: 1...256)
    authWorkers = values.number("AUTH_WORKERS", 2, in: 1...64)
    contentWorkers = values.number("CONTENT_WORKERS", 2, in: 1...64)
    workerCount = values.number("WORKER_COUNT", authWorkers + contentWorkers, in: 1...1_000)
    metricsDirectory = values.text("METRICS_DIRECTORY", "/run/petstore/metrics")
    spoolDirectory = values.text("SPOOL_DIRECTORY", "/var/lib/petstore/spool")
    commonPasswordsFile = values.text("COMMON_PASSWORDS_FILE", "/usr/share/john/password.lst")
    contentConcurrency = values.number("CONTENT_CONCURRENCY", 10, in: 1...1_000)
    contentLimitPerMinute = values.number("CONTENT_LIMIT_PER_MINUTE", 0, in: 0...1_000_000)
    registerLimitPerHour = values.number("REGISTER_LIMIT_PER_HOUR", 20, in: 1...1_000_000)
    loginLimitPerMinute = values.number("LOGIN_LIMIT_PER_MINUTE", 30, in: 1...1_000_000)
    authEnforcement = AuthEnforcement()
    do {
      authEnforcement = try AuthEnforcement(values.text("AUTH_ENFORCEMENT", "enforce"))
    } catch {
      values.mistakes.append("AUTH_ENFORCEMENT: \(error)")
    }
    publicLimitPerMinute = values.number("PUBLIC_LIMIT_PER_MINUTE", 60, in: 0...1_000_000)
    logLevel = values.word(
      "LOG_LEVEL", "info", of: ["trace", "debug", "info", "notice", "warning", "error"])
    bodyLimit = values.number("BODY_LIMIT_BYTES", 1 << 20, in: 1_024...(64 << 20))
    pgPassword = secrets?.string(forKey: "pg-password", isSecret: true).map(Self.secret)
    redisPassword = secrets?.string(forKey: "redis-password", isSecret: true).map(Self.secret)
    sentinelPassword = secrets?.string(forKey: "sentinel-password", isSecret: true).map(Self.secret)
    masterKey = secrets?.string(forKey: "master-key", isSecret: true).map(Self.secret)
    smtpPassword = secrets?.string(forKey: "smtp-password", isSecret: true).map(Self.secret)
    publicURL = values.address("PUBLIC_URL", "https://petstore.direct")
    tokenIssuer = values.text("TOKEN_ISSUER", publicURL)
    tokenAudience = values.text("TOKEN_AUDIENCE", "petstore-api")
    sessionLifetimes = SessionLifetimes(
      access: values.number("ACCESS_TOKEN_SECONDS", 86_400, in: 30...604_800),
      refresh: values.number("REFRESH_TOKEN_SECONDS", 2_592_000, in: 60...31_536_000),
      idle: values.number("SESSION_IDLE_SECONDS", 1_209_600, in: 1...31_536_000),
      absolute: values.number("SESSION_ABSOLUTE_SECONDS", 7_776_000, in: 60...31_536_000))
    sessionsPerAccount = values.number("SESSIONS_PER_ACCOUNT", 25, in: 1...10_000)
    reauthenticationSeconds = values.number("REAUTHENTICATION_SECONDS", 900, in: 1...86_400)
    signingKeyLead = values.number("SIGNING_KEY_LEAD_SECONDS", 600, in: 0...604_800)
    smtpURL = values.text("SMTP_URL", "smtp://127.0.0.1:25")
    smtpSecurity = values.word("SMTP_SECURITY", "opportunistic", of: ["none", "opportunistic", "required"])
    smtpUsername = values.text("SMTP_USERNAME", "")
    smtpCAFile = values.text("SMTP_CA_FILE", "")
    mailFrom = values.text("MAIL_FROM", "no-reply@petstore.direct")
    mailDirectory = values.text("MAIL_DIRECTORY", "")
    recoveryLimitPerHour = values.number("RECOVERY_LIMIT_PER_HOUR", 10, in: 1...1_000_000)
    erasureGraceDays = values.number("ERASURE_GRACE_DAYS", 0, in: 0...90)
    aiHosts = values.text("AI_HOSTS", "").split(whereSeparator: { $0 == "," || $0 == " " }).map { $0.lowercased() }
    for host in aiHosts {
      let parts = host.split(separator: ":", omittingEmptySubsequences: false)
      if parts.count != 2 || parts[0].isEmpty || Int(parts[1]).map({ !(1...65_535).contains($0) }) ?? true {
        values.mistakes.append(
          "AI_HOSTS: \(host): write host:port, such as api.openai.com:443, with commas between them")
      }
    }
    aiSockets = values.text("AI_SOCKETS", "/run/petstore/out")
    aiCAFile = values.text("AI_CA_FILE", "")
    aiSilenceSeconds = values.number("AI_SILENCE_SECONDS", 20, in: 1...60)
    // nginx waits for 90 s.
    aiDeadlineSeconds = values.number("AI_DEADLINE_SECONDS", 75, in: 3...80)
    backupDirectory = values.text("BACKUP_DIRECTORY", "/var/backups/petstore")
    backupRecipientsFile = values.text("BACKUP_RECIPIENTS_FILE", "/etc/petstore/backup-recipients")
    backupKeepDays = values.number("BACKUP_KEEP_DAYS", 14, in: 1...3_650)
    backupKeepAtLeast = values.number("BACKUP_KEEP_AT_LEAST", 3, in: 1...1_000)
    guard values.mistakes.isEmpty else { throw Mistakes(lines: values.mistakes) }
  }

  private static func secret(_ text: String) -> Secret<String> {
    Secret(String(text.reversed().drop { $0.isNewline }.reversed()))
  }
}

/// Reads values one by one and remembers what was wrong.
private struct Values {
  let reader: ConfigReader
  var mistakes: [String] = []

  init(reader: ConfigReader) { self.reader = reader }

  func raw(_ key: String) -> String? {
    // The provider joins the parts of a key by underscores and raises them to capitals.
    reader.string(forKey: ConfigKey(key.lowercased().split(separator: "_").map(String.init)))
  }

  func text(_ key: String, _ standard: String) -> String {
    guard let value = raw(key), !value.isEmpty else { return standard }
    return value
  }

  mutating func number(_ key: String, _ standard: Int, in range: ClosedRange<Int>) -> Int {
    guard let text = raw(key), !text.isEmpty else { return standard }
    guard let value = Int(text), range.contains(value) else {
      mistakes.append(
        "\(key)=\(text): write a whole number from \(range.lowerBound) to \(range.upperBound);"
          + " without it, \(standard) is used")
      return standard
    }
    return value
  }

  /// A URL of this service's own: with scheme and host, without a slash at the end.
  mutating func address(_ key: String, _ standard: String) -> String {
    guard let text = raw(key), !text.isEmpty else { return standard }
    guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.hasSuffix("/"),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else {
      mistakes.append("\(key)=\(text): write a URL such as \(standard), without a slash at the end")
      return standard
    }
    return text
  }

  /// REDIS_SENTINELS, else REDIS_ADDRESS, else REDIS_SOCKET.
  mutating func redisServers() -> RedisServers {
    let socket = text("REDIS_SOCKET", "/run/redis-petstore/redis-server.sock")
    let master = text("REDIS_SENTINEL_MASTER", "petstore")
    let address = text("REDIS_ADDRESS", "")
    let list = text("REDIS_SENTINELS", "").split(whereSeparator: { $0 == "," || $0 == " " })
    var sentinels: [ServerAddress] = []
    for item in list {
      if let sentinel = ServerAddress(String(item)) {
        sentinels.append(sentinel)
      } else {
        mistakes.append(
          "REDIS_SENTINELS: \(item): write host:port, such as 10.0.0.5:26379, or a socket's path, with commas between"
            + " them")
      }
    }
    if !master.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
      mistakes.append("REDIS_SENTINEL_MASTER=\(master): write the name from the line 'sentinel monitor NAME …'")
    }
    if !list.isEmpty {
      if !address.isEmpty {
        mistakes.append("REDIS_ADDRESS and REDIS_SENTINELS are both set: the sentinels say where Redis is; remove one")
      }
      return .sentinels(sentinels, master: master)
    }
    guard !address.isEmpty else { return .one(.socket(socket)) }
    guard let place = ServerAddress(address) else {
      mistakes.append("REDIS_ADDRESS=\(address): write host:port, such as 10.0.0.5:6379")
      return .one(.socket(socket))
    }
    return .one(place)
  }

  mutating func word(_ key: String, _ standard: String, of words: [String]) -> String {
    guard let text = raw(key), !text.isEmpty else { return standard }
    guard words.contains(text) else {
      mistakes.append("\(key)=\(text): write one of \(words.joined(separator: ", "))")
      return standard
    }
    return text
  }
}
