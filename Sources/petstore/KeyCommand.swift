import ArgumentParser
import Domain
import Host
import Settings
import Store

/// `petstore key …`: keys of any account, for operators.
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Work on API keys.", subcommands: [Create.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a further key of an account and print it, once.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's e-mail address.") var email: String
    @Option(help: "Name of the key.") var name: String

    func run() throws {
      let settings = try common.load()
      let email = try UserCommand.address(email)
      guard let name = DisplayName(name, limit: 100) else {
        throw ExitWithMessage("--name: 1 to 100 characters without control characters")
      }
      let key = APIKey.random()
      do {
        _ = try settings.database().addKey(
          NewKey(name: name.description, key: key, scopes: .all, expiresAt: nil), toAccount: email)
      } catch AccountRefusal.noSuchAccount {
        throw ExitWithMessage("there is no account \(email)")
      } catch KeyRefusal.nameTaken {
        throw ExitWithMessage("\(email) has a key named \(name) already")
      }
      StandardStream.output.write(key.text.exposed + "\n")
    }
  }
}
