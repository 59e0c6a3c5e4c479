import API
import ArgumentParser
import Host

/// `petstore routes`: the route table, for people and for the tests that hold it against openapi.yaml.
struct RoutesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "routes", abstract: "Print every route: method, path, name.")

  func run() {
    for route in Routes.listing {
      StandardStream.output.write("\(route.method) \(route.path) \(route.name)\n")
    }
  }
}
