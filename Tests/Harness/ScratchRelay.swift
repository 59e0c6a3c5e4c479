// A mail relay of the tests' own: Tests/EndToEnd/mailbox.py, with a certificate that nobody but a test trusts.

import Glibc

/// The relay, on a port of 127.0.0.1.
public final class ScratchRelay: Sendable {
  private let servant: Servant
  /// The port that it listens on.
  public let port: Int

  /// - Parameters:
  ///   - options: of `mailbox.py`; `certificate.pem` is at hand.
  ///   - name: what the certificate is made out to: a subjectAltName of OpenSSL.
  public init(_ options: String..., certifiedFor name: String = "IP:127.0.0.1") throws {
    let program =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "/") + "/EndToEnd/mailbox.py"
    servant = try Servant(
      "relay",
      script: """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mailbox.test \
          -addext 'subjectAltName=\(name)' -keyout key.pem -out ca.pem 2>/dev/null
        cat key.pem ca.pem >certificate.pem
        python3 '\(program)' --folder "$PWD" \(options.joined(separator: " ")) &
        echo $! >program
        """,
      ending: "KILL")
    let folder = servant.folder
    try servant.wait { access(folder + "/port", R_OK) == 0 }
    guard let port = Int(Servant.read(folder + "/port")) else { throw ScratchFailure("no port in \(folder)/port") }
    self.port = port
  }

  /// The certificate, which is its own authority.
  public var caFile: String { servant.folder + "/ca.pem" }

  /// What came, oldest first: one JSON text each.
  public var letters: [String] {
    var letters: [String] = []
    while access("\(servant.folder)/letter-\(letters.count + 1).json", R_OK) == 0 {
      letters.append(Servant.read("\(servant.folder)/letter-\(letters.count + 1).json"))
    }
    return letters
  }
}
