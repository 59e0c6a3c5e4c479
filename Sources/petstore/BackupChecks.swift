import Backup
import Host
import Settings

/// What `petstore doctor` says of backups.
enum BackupChecks {
  /// Hours after which a daily backup is missing.
  static let longestHours: Int64 = 48

  /// Says how old the newest whole backup is; throws if that is too old. Where nobody is named to seal backups for, none are
  /// wanted here: they may be made in another way.
  static func newest(_ settings: Settings) throws -> String {
    guard Files.exists(settings.backupRecipientsFile) else {
      return "none are made: \(settings.backupRecipientsFile) is not there (/docs/backup.html says how)"
    }
    let fix = "look at 'systemctl status petstore-backup.timer petstore-backup.service'"
    // The folder is open to this user for its names alone.
    guard let newest = BackupName.whole(among: Files.names(in: settings.backupDirectory)).last else {
      throw ExitWithMessage("there is none in BACKUP_DIRECTORY=\(settings.backupDirectory): \(fix)")
    }
    let hours = (Int64(HostClock.wallSeconds()) - newest.seconds) / 3600
    guard hours < longestHours else {
      throw ExitWithMessage("the newest, \(newest), is \(hours) hours old: \(fix)")
    }
    return "the newest, \(newest), is \(hours) hours old"
  }
}
