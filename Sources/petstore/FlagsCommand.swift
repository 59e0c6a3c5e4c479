import API
import ArgumentParser
import Domain
import Host
import Settings
import Store

/// `petstore flags …`: what administrators may switch while the service runs.
struct FlagsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flags", abstract: "Show and switch feature flags; a switch counts on every worker within a second.",
    subcommands: [List.self, Set.self, Clear.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print every flag: its value and values, why it was set.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      let settings = try common.load()
      for record in try settings.database().featureFlags() {
        let standard = record.flag.standard(settings.authEnforcement)
        // A note may come from the API: no control character of it reaches the operator's terminal.
        let note =
          record.setting.map { setting in
            let words = setting.note.unicodeScalars.filter { $0.properties.generalCategory != .control }
            return "set \(Timestamp.text(setting.changedAt)) \(String(String.UnicodeScalarView(words)))"
          } ?? "default"
        StandardStream.output.write(
          "\(record.flag.rawValue) \(record.setting?.value ?? standard) (\(record.flag.values.joined(separator: "|"))) \(note)\n"
        )
      }
    }
  }

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Set a flag.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The flag's name.") var name: String
    @Argument(help: "One of its values.") var value: String
    @Option(help: "Why, at most 200 characters.") var note = ""

    func run() throws {
      let flag = try FlagsCommand.flag(name)
      guard flag.values.contains(value) else {
        throw ExitWithMessage("\(name) may be \(flag.values.joined(separator: ", "))")
      }
      guard note.unicodeScalars.count <= 200 else { throw ExitWithMessage("--note: at most 200 characters") }
      try FlagsCommand.change(flag, to: value, note: note, try common.load())
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take back what was set: the default counts again.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The flag's name.") var name: String

    func run() throws {
      try FlagsCommand.change(try FlagsCommand.flag(name), to: nil, note: "", try common.load())
    }
  }

  private static func flag(_ name: String) throws -> FeatureFlag {
    guard let flag = FeatureFlag(rawValue: name) else {
      let names = FeatureFlag.allCases.map(\.rawValue).joined(separator: ", ")
      throw ExitWithMessage("\(name) is no flag; there are \(names)")
    }
    return flag
  }

  private static func change(_ flag: FeatureFlag, to value: String?, note: String, _ settings: Settings) throws {
    let record = try settings.database().setFeatureFlag(
      flag, to: value, note: note, in: AuditLog.noTenant, by: .operatorAtHost)
    let now = record.setting?.value ?? flag.standard(settings.authEnforcement)
    StandardStream.output.write("\(flag.rawValue) is \(now)\(record.setting == nil ? ", its default" : "")\n")
  }
}
