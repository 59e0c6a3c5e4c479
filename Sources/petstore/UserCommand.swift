import ArgumentParser
import Crypto
import Domain
import Host
import Settings
import Store

/// `petstore user …`: accounts, for operators.
struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Work on accounts.",
    subcommands: [
      List.self, Show.self, Create.self, SetRole.self, SetTier.self, SetLimits.self, Suspend.self, Activate.self,
      Reset.self, Delete.self, ImportUsers.self,
    ])

  /// Parses an address of the command line.
  static func address(_ text: String) throws -> EmailAddress {
    guard let email = EmailAddress(text) else {
      throw ExitWithMessage("\(text) is not an e-mail address")
    }
    return email
  }

  /// Parses a role of the command line.
  static func role(_ text: String) throws -> Role {
    guard let role = Role(rawValue: text) else {
      throw ExitWithMessage("\(text) is no role: write admin, premium, standard or free")
    }
    return role
  }

  /// Parses a tier of the command line.
  static func tier(_ text: String) throws -> Tier {
    guard let tier = Tier(rawValue: text) else {
      throw ExitWithMessage("\(text) is no tier: write free, standard or premium")
    }
    return tier
  }

  /// Runs `body` with the address of an account; what refuses is said in words.
  static func findingAccount<Result>(_ text: String, _ body: (EmailAddress) throws -> Result) throws -> Result {
    let email = try address(text)
    do {
      return try body(email)
    } catch AccountRefusal.noSuchAccount {
      throw ExitWithMessage("there is no account \(email)")
    } catch AccountRefusal.lastAdmin {
      throw ExitWithMessage(
        "\(email) is the last active administrator: make somebody else one first, with petstore user set-role EMAIL admin"
          + " or petstore user create --role admin")
    }
  }

  /// Tells Redis an epoch; petstore watch would do it within a second if Redis is away now.
  static func tell(_ change: (userID: ID<User>, epoch: Int), _ settings: Settings) {
    tell([change], settings)
  }

  /// The same of many.
  static func tell(_ changes: [(userID: ID<User>, epoch: Int)], _ settings: Settings) {
    var link = settings.redisLink()
    do {
      var unsure: (userID: ID<User>, epoch: Int)?
      for change in changes where !(try link.raiseEpoch(of: change.userID, to: change.epoch)) { unsure = change }
      // One wait is long enough for all of them: see insistOnEpoch.
      if let unsure { _ = link.insistOnEpoch(of: unsure.userID, to: unsure.epoch) }
    } catch {
      StandardStream.error.write(
        "\(error.description): workers learn of the change from petstore watch once Redis is back\n")
    }
  }

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an account; its password comes on standard input.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Option(help: "Name of the company.") var companyName: String
    @Option(help: "free, standard or premium.") var tier = "free"
    @Option(help: "admin, premium, standard or free; follows the tier unless given.") var role: String?
    @Flag(help: "Read the password from standard input, up to the first line end.")
    var passwordStdin = false

    func run() throws {
      let settings = try common.load()
      let email = try UserCommand.address(email)
      guard passwordStdin else {
        throw ExitWithMessage(
          "give --password-stdin and the password on standard input: arguments can be read by everybody on the host")
      }
      guard let tier = Tier(rawValue: tier) else {
        throw ExitWithMessage("--tier \(tier): write free, standard or premium")
      }
      guard let role = Role(rawValue: role ?? tier.rawValue) else {
        throw ExitWithMessage("--role \(role ?? ""): write admin, premium, standard or free")
      }
      guard let companyName = DisplayName(companyName, limit: 200) else {
        throw ExitWithMessage("--company-name: 1 to 200 characters without control characters")
      }
      let line = Files.standardInput().prefix { $0 != UInt8(ascii: "\n") }
      guard let text = String(validating: line, as: UTF8.self), let password = Password(text) else {
        throw ExitWithMessage("standard input holds no password")
      }
      do {
        try settings.passwordPolicy().check(password, email: email)
      } catch let refusal as PasswordPolicy.Refusal {
        throw ExitWithMessage(refusal.description)
      }
      let key = APIKey.random()
      do {
        let (userID, _, _) = try settings.database().addAccount(
          NewAccount(
            email: email, passwordHash: try PasswordHash.make(password.text.exposed),
            companyName: companyName, tier: tier, role: role),
          key: key, by: .operatorAtHost)
        StandardStream.output.write("user_id \(userID)\napi_key \(key.text.exposed)\n")
      } catch AccountRefusal.emailTaken {
        throw ExitWithMessage("there is an account \(email) already")
      }
    }
  }

  struct SetTier: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set-tier", abstract: "Change an account's tier, and with it limits and role.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Argument(help: "free, standard or premium.") var tier: String

    func run() throws {
      let settings = try common.load()
      let tier = try UserCommand.tier(tier)
      let email = try UserCommand.findingAccount(email) { email in
        UserCommand.tell(try settings.database().setTier(tier, of: email), settings)
        return email
      }
      StandardStream.output.write("\(email) is \(tier.rawValue) now\n")
    }
  }

  struct SetLimits: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set-limits",
      abstract: "Give an account limits of its own; what is left out follows the tier.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Option(help: "Requests a minute.") var minute: Int?
    @Option(help: "Requests an hour.") var hour: Int?
    @Option(help: "Requests a day.") var day: Int?
    @Option(help: "Content requests at once.") var concurrent: Int?

    func run() throws {
      let settings = try common.load()
      for (name, value, range) in [
        ("--minute", minute, AccountLimits.quotas), ("--hour", hour, AccountLimits.quotas),
        ("--day", day, AccountLimits.quotas), ("--concurrent", concurrent, AccountLimits.concurrencies),
      ] {
        if let value, !range.contains(value) {
          throw ExitWithMessage("\(name) \(value): write a number from \(range.lowerBound) to \(range.upperBound)")
        }
      }
      let email = try UserCommand.findingAccount(email) { email in
        UserCommand.tell(
          try settings.database().setLimits(
            .init(perMinute: minute, perHour: hour, perDay: day, concurrent: concurrent), of: email),
          settings)
        return email
      }
      StandardStream.output.write("the limits of \(email) are set\n")
    }
  }
}
