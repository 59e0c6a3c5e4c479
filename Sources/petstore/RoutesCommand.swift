import API
import ArgumentParser
import Host

/// `petstore routes`: the route table, for people and for the tests that hold it against openapi.yaml.
struct RoutesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "routes", abstract: "Print every route: method, path, name.")

  @Flag(help: "Add what a caller must show: scope, permission of the role, and whether a fresh proof is asked for.")
  var access = false

  func run() {
    for route in Routes.listing {
      let proof = route.needsPresence ? "fresh" : "-"
      let more = access ? " \(route.scope) \(route.permission) \(proof)" : ""
      StandardStream.output.write("\(route.method) \(route.path) \(route.name)\(more)\n")
    }
  }
}
