// `petstore user set-role`, `suspend`, `activate`, `reset` and `delete`: what the administrators' API does, on the host.

import ArgumentParser
import Crypto
import Domain
import Host
import Settings
import Store

extension UserCommand {
  /// Changes the account of an address and tells Redis. Gives the account as it is now.
  private static func change(_ text: String, _ change: UserChange, _ settings: Settings) throws -> UserRecord {
    let database = settings.database()
    return try findingAccount(text) { email in
      let id = try database.userID(of: email)
      let changed = try database.changeUser(id, change, settings.accountTerms, by: .operatorAtHost)
      tell((id, changed.epoch), settings)
      return changed.user
    }
  }

  struct SetRole: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set-role", abstract: "Change what an account may do; its tier and limits stay.",
      discussion: "API keys that were made before do not gain power over other accounts: petstore key create makes one."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Argument(help: "admin, premium, standard or free.") var role: String

    func run() throws {
      let settings = try common.load()
      let user = try UserCommand.change(email, UserChange(role: try UserCommand.role(role)), settings)
      StandardStream.output.write("\(user.profile.email) has the role \(user.profile.role.rawValue) now\n")
    }
  }

  struct Suspend: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lock an account out: its sessions end, its API keys rest until it is activated.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String

    func run() throws {
      let user = try UserCommand.change(email, UserChange(isActive: false), try common.load())
      StandardStream.output.write("\(user.profile.email) is suspended\n")
    }
  }

  struct Activate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a suspended account in again; calls off a deletion that its owner asked for.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String

    func run() throws {
      let user = try UserCommand.change(email, UserChange(isActive: true), try common.load())
      StandardStream.output.write("\(user.profile.email) is active\n")
    }
  }

  struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take away what somebody else may have, or what the owner has lost. Name at least one.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Flag(help: "The password: a letter lets the owner choose another.") var password = false
    @Flag(help: "The second factor and its recovery codes.") var secondFactor = false
    @Flag(help: "All sessions.") var sessions = false
    @Flag(help: "All API keys.") var apiKeys = false

    func run() throws {
      let settings = try common.load()
      let reset = UserReset(password: password, secondFactor: secondFactor, sessions: sessions, keys: apiKeys)
      guard !reset.isEmpty else {
        throw ExitWithMessage("say what: --password, --second-factor, --sessions, --api-keys")
      }
      let database = settings.database()
      let outcome = try UserCommand.findingAccount(email) { email in
        let id = try database.userID(of: email)
        let outcome = try database.resetUser(
          id, reset, unusable: reset.password ? try .unusable() : nil, by: .operatorAtHost)
        UserCommand.tell((id, outcome.epoch), settings)
        return outcome
      }
      var lines: [String] = []
      if outcome.passwordReset {
        lines.append("the password is void; a letter with a code for a new one is on its way")
      }
      if reset.secondFactor {
        lines.append(outcome.secondFactorRemoved ? "the second factor is removed" : "there was no second factor")
      }
      if reset.sessions { lines.append("sessions ended: \(outcome.sessionsEnded)") }
      if reset.keys { lines.append("API keys revoked: \(outcome.keysRevoked)") }
      StandardStream.output.write(lines.map { $0 + "\n" }.joined())
    }
  }

  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase an account and everything held about it, at once and for good.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Flag(help: "Do it; without this the command says what it would do.") var yes = false

    func run() throws {
      let settings = try common.load()
      let database = settings.database()
      try UserCommand.findingAccount(email) { email in
        let id = try database.userID(of: email)
        guard yes else {
          let user = try database.user(id, settings.accountTerms)
          throw ExitWithMessage(
            "this would erase \(email) (\(user.profile.companyName), \(user.profile.role.rawValue)) with its API keys,"
              + " sessions and usage, and nothing brings it back: say it again with --yes")
        }
        guard let epoch = try database.erase(id, by: .operatorAtHost) else { throw AccountRefusal.noSuchAccount }
        UserCommand.tell((id, epoch), settings)
        var link = settings.redisLink()
        // What cannot be forgotten now ends by itself within two days.
        try? link.forgetAccount(id)
        StandardStream.output.write("\(email) is erased\n")
      }
    }
  }
}
