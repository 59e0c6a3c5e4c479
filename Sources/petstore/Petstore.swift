import API
import ArgumentParser

/// The one executable: every role of the product is a subcommand.
@main
struct Petstore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "petstore",
    abstract: "The PetStore Direct platform: workers, their watch, and the operator's commands.",
    version: Services.version,
    subcommands: [
      WorkerCommand.self, WatchCommand.self, MigrateCommand.self, UserCommand.self,
      KeyCommand.self, DoctorCommand.self, RoutesCommand.self,
    ])
}
