// What every subcommand begins with: settings, log, database.

import ArgumentParser
import Crypto
import Domain
import Host
import Logging
import Postgres
import Settings
import Store
import Threads

/// Options that every subcommand has.
struct CommonOptions: ParsableArguments {
  @Option(help: "Settings file of KEY=VALUE lines; the environment overrides it.")
  var config: String?

  /// Reads the settings or ends with every mistake in them.
  func load() throws -> Settings {
    let file = config
    do {
      // The configuration library reads files asynchronously; the commands are threads, which may wait.
      return try CallingThreadExecutor.wait { try await Settings.load(file: file) }
    } catch let mistakes as Settings.Mistakes {
      throw ExitWithMessage("\(mistakes)")
    }
  }
}

/// Ends the command with status 1 and a message for the operator.
struct ExitWithMessage: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Settings {
  /// The application's database.
  ///
  /// - Parameter note: told of each report who answered it. Without one reports are the primary's, as all else.
  func database(noting note: (@Sendable (ReportReader) -> Void)? = nil) -> Database {
    func pool(_ dsn: String) -> Pool {
      Pool(dsn: dsn, password: pgPassword?.exposed, size: pgPoolSize, timeout: pgStatementTimeout)
    }
    guard let note, !pgReplicaDSN.isEmpty else { return Database(pool: pool(pgDSN)) }
    return Database(
      pool: pool(pgDSN),
      replica: ReadReplica(
        pool: pool(pgReplicaDSN), maxLag: pgReplicaMaxLag, now: HostClock.monotonicNanoseconds, note: note))
  }

  /// What the settings add to what is kept of an account.
  var accountTerms: AccountTerms {
    AccountTerms(concurrent: contentConcurrency, idleSeconds: sessionLifetimes.idle)
  }

  /// The master key, from the credential files.
  func requireMasterKey() throws -> MasterKey {
    let fix = "make it once with 'openssl rand -hex 32', keep it safe, and back it up apart from the database"
    guard let text = masterKey else {
      throw ExitWithMessage("the credential master-key is missing: \(fix) (see CREDENTIALS_DIRECTORY)")
    }
    guard let key = MasterKey(text: text.exposed) else {
      throw ExitWithMessage("the credential master-key is not 64 hexadecimal digits: \(fix)")
    }
    return key
  }

  /// A link to Redis for a command that runs once: patient, since nobody else waits for it.
  func redisLink() -> RedisLink { RedisLink(redisEndpoint(deadline: .seconds(1)), breaker: Breaker()) }

  func redisEndpoint(deadline: Duration) -> RedisEndpoint {
    RedisEndpoint(
      servers: redisServers, password: redisPassword, sentinelPassword: sentinelPassword, deadline: deadline)
  }

  /// The log of this process: JSON lines on standard error.
  func logger(instance: String) -> Logger {
    let level = Logger.Level(rawValue: logLevel) ?? .info
    return Logger(label: instance) { JSONLineLog(instance: $0, logLevel: level) }
  }

  /// The rule for new passwords, with the list of common ones.
  func passwordPolicy() throws -> PasswordPolicy {
    do {
      let bytes = try Files.read(commonPasswordsFile)
      let policy = PasswordPolicy(commonPasswords: String(decoding: bytes, as: UTF8.self))
      guard policy.commonCount >= 3_000 else {
        throw ExitWithMessage(
          "COMMON_PASSWORDS_FILE=\(commonPasswordsFile): holds \(policy.commonCount) passwords, at least 3000 are"
            + " needed; the package john-data brings a list")
      }
      return policy
    } catch let failure as FileFailure {
      throw ExitWithMessage(
        "COMMON_PASSWORDS_FILE=\(failure): install the package john-data or name another list")
    }
  }
}
