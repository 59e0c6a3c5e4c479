import Backup
import Host
import Settings

/// The public keys that a backup is sealed for. Who has one of the private keys opens it; this host has none.
struct BackupRecipients {
  /// As age takes them.
  let arguments: [String]

  private static let advice = """
    make a key on another machine, not on this one:
        age-keygen -o petstore-backup.key      # prints the public key: age1…
    put the public key here, as root:
        echo age1… >> /etc/petstore/backup-recipients
    keep petstore-backup.key where this host cannot read it, with a copy of /etc/petstore/credentials/master-key: \
    without the two a backup does not bring the service back
    """

  /// - Parameter named: those of the command line, instead of the file's.
  init(settings: Settings, named: [String]) throws {
    for key in named {
      if key.hasPrefix("AGE-SECRET-KEY") {
        throw ExitWithMessage(
          "--recipient takes the public key (age1…), never the secret one; that one is known to others now")
      }
      guard key.hasPrefix("age1") || key.hasPrefix("ssh-") else {
        throw ExitWithMessage("--recipient '\(key)': write a public key of age, age1…")
      }
    }
    guard named.isEmpty else {
      arguments = named.flatMap { ["--recipient", $0] }
      return
    }
    let path = settings.backupRecipientsFile
    guard Files.exists(path) else {
      throw ExitWithMessage(
        "BACKUP_RECIPIENTS_FILE=\(path) is not there: nobody is named to seal a backup for;\n\(Self.advice)")
    }
    let text: String
    do {
      text = String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    } catch {
      throw ExitWithMessage(
        "BACKUP_RECIPIENTS_FILE=\(error): petstore_owner must be able to read it (chmod 644 \(path))")
    }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") && $0.contains { $0 != " " } }
    if lines.contains(where: { $0.hasPrefix("AGE-SECRET-KEY") }) {
      throw ExitWithMessage(
        "BACKUP_RECIPIENTS_FILE=\(path) holds a secret key: with it this host could open its own backups;\n\(Self.advice)"
      )
    }
    guard !lines.isEmpty else {
      throw ExitWithMessage("BACKUP_RECIPIENTS_FILE=\(path) names nobody;\n\(Self.advice)")
    }
    arguments = ["--recipients-file", path]
  }
}
