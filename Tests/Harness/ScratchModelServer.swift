// A provider of texts of the tests' own: Tests/EndToEnd/model_server.py.

import Glibc

/// The provider, on a port of 127.0.0.1. Its key is `sk-good`; the model says what goes wrong.
public final class ScratchModelServer: Sendable {
  private let servant: Servant
  public let port: Int

  public init() throws {
    let program =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "/") + "/EndToEnd/model_server.py"
    servant = try Servant(
      "models",
      script: """
        python3 '\(program)' --folder "$PWD" &
        echo $! >program
        """,
      ending: "KILL")
    let folder = servant.folder
    try servant.wait { access(folder + "/port", R_OK) == 0 }
    guard let port = Int(Servant.read(folder + "/port")) else { throw ScratchFailure("no port in \(folder)/port") }
    self.port = port
  }

  /// What came, oldest first: one JSON text each.
  public var requests: [String] {
    Servant.read(servant.folder + "/requests.jsonl").split(separator: "\n").map(String.init)
  }
}
