import API
import ArgumentParser
import Host

/// Where the process begins, on its first and only thread.
@main
enum Main {
  static func main() {
    // Before a second thread starts: one that does not block SIGTERM would take it, and libfcgi's handler there would
    // swallow it. For the same reason main is not async: an async main waits with all signals unblocked. The commands
    // that end by themselves keep a Ctrl-C that works.
    if let command = CommandLine.arguments.dropFirst().first, ["worker", "watch"].contains(command) {
      StopSignal.block()
    }
    Petstore.main()
  }
}

/// The one executable: every role of the product is a subcommand.
struct Petstore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "petstore",
    abstract: "The PetStore Direct platform: workers, their watch, and the operator's commands.",
    version: Services.version,
    subcommands: [
      WorkerCommand.self, WatchCommand.self, MigrateCommand.self, UserCommand.self,
      FlagsCommand.self,
      KeyCommand.self, SigningKeysCommand.self, DoctorCommand.self, RoutesCommand.self,
      ContentCommand.self, PoolsCommand.self, DataHostsCommand.self, BackupCommand.self, RestoreCommand.self,
    ])
}
