import ArgumentParser
import Host
import Settings

/// `petstore pools`: the worker instances that AUTH_WORKERS and CONTENT_WORKERS ask for, and nginx's side of them.
struct PoolsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pools", abstract: "Print the worker instances that the settings ask for.",
    discussion: "One name a line, as petstore-worker@NAME takes it; petstore-setup enables them.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Print nginx's upstream blocks instead: local/upstreams.conf.")
  var nginx = false

  @Option(help: "Folder of the workers' sockets.")
  var sockets = "/run/petstore"

  func run() throws {
    let pools = try common.load().pools
    StandardStream.output.write(nginx ? upstreams(pools) : pools.flatMap(\.instances).map { $0 + "\n" }.joined())
  }

  /// It is always nginx that ends a connection, when a worker that stops asks for it (`Dispatcher.leave`). Were the worker to
  /// close it, nginx could pick it for a POST in the same moment, and a POST is not repeated: measured, 32 of 123,000 lost in
  /// 36 restarts.
  private func upstreams(_ pools: [Settings.WorkerPool]) -> String {
    var text = """
      # Written by 'petstore pools --nginx' from AUTH_WORKERS and CONTENT_WORKERS; petstore-setup
      # writes it again. max_fails=0: else one crash of all workers is ten seconds of 502.

      """
    for pool in pools {
      text += "\nupstream petstore_\(pool.name) {\n    least_conn;\n"
      for instance in pool.instances { text += "    server unix:\(sockets)/\(instance).sock max_fails=0;\n" }
      text += """
            keepalive          64;
            keepalive_requests 100000;
        }

        """
    }
    return text
  }
}
