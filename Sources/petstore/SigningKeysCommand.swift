import API
import ArgumentParser
import Crypto
import Domain
import Host
import Settings
import Store
import Tokens

/// `petstore keys …`: the keys that sign tokens. (API keys are `petstore key …`.)
struct SigningKeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Work on the keys that sign tokens (API keys: petstore key).",
    subcommands: [List.self, Rotate.self, Revoke.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print every key that is believed: its id, what it does now, since when, until when.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      let settings = try common.load()
      let keys = try settings.database().signingKeys(try settings.requireMasterKey())
      let now = HostClock.wallSeconds()
      let signing = keys.last { $0.signsFrom <= now }?.keyID
      for key in keys {
        let state = key.keyID == signing ? "signs" : key.signsFrom > now ? "waits" : "verifies"
        let end = key.expiresAt.map { "until \(Timestamp.text($0))" } ?? "-"
        StandardStream.output.write("\(key.keyID) \(state) from \(Timestamp.text(key.signsFrom)) \(end)\n")
      }
      if keys.isEmpty {
        StandardStream.output.write("there is none yet: the first login makes it\n")
      }
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new key and print its id.",
      discussion: """
        It is published now and signs after SIGNING_KEY_LEAD_SECONDS, when every cache of the published keys has it. The \
        key before it is believed until the last token that it signed has ended. No token is refused meanwhile.
        """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Sign with it at once: where the old key may be known to others.") var now = false
    @Option(help: "Size in bits: 2048, 3072 or 4096.") var bits = 2_048

    func run() throws {
      let settings = try common.load()
      guard [2_048, 3_072, 4_096].contains(bits) else {
        throw ExitWithMessage("--bits \(bits): write 2048, 3072 or 4096")
      }
      let master = try settings.requireMasterKey()
      let key = try RSAPrivateKey.generate(bits: bits)
      let keyID = KeyRing.keyID(of: key.publicKey)
      let lead = now ? 0 : settings.signingKeyLead
      try settings.database().addSigningKey(
        key, keyID: keyID, lead: lead, longestLife: settings.sessionLifetimes.refresh, sealedWith: master)
      StandardStream.output.write("\(keyID) signs \(lead == 0 ? "from now on" : "in \(lead) s")\n")
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take all belief from a key at once: every token that it signed is void.",
      discussion: "For a key that others may know. Rotate with --now first; whoever holds its tokens logs in again.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The key's id.") var keyID: String

    func run() throws {
      let settings = try common.load()
      do {
        let epochs = try settings.database().revokeSigningKey(keyID)
        UserCommand.tell(epochs, settings)
        StandardStream.output.write("\(keyID) is revoked; \(epochs.count) accounts with sessions were told\n")
      } catch let refusal as SigningKeyRefusal {
        throw ExitWithMessage(refusal.description)
      }
    }
  }
}
