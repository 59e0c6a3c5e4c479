import Backup
import Testing

struct RetentionTests {
  private let day: Int64 = 86_400
  private let now: Int64 = 1_800_000_000

  private func backups(_ ages: [Int64]) -> [BackupName] { ages.map { BackupName(seconds: now - $0 * day) } }

  @Test func `Older backups go and younger ones stay`() {
    let rule = Retention(days: 14, atLeast: 3)
    let expired = rule.expired(among: backups([0, 1, 2, 13, 14, 15, 40]), now: now)
    #expect(expired == backups([40, 15]))
  }

  @Test(arguments: [1, 3, 5])
  func `The newest stay however old they are`(atLeast: Int) {
    let all = backups([100, 101, 102, 103, 104])
    let expired = Retention(days: 14, atLeast: atLeast).expired(among: all.reversed(), now: now)
    #expect(expired == Array(all.dropFirst(atLeast).reversed()))
  }

  @Test func `A clock that went back removes nothing`() {
    #expect(Retention(days: 1, atLeast: 1).expired(among: backups([-5, -4, -3]), now: now).isEmpty)
  }

  @Test func `Names sort as the backups were made, and read back`() throws {
    for seconds: Int64 in [0, 951_782_400, 951_868_799, 1_709_251_199, 1_796_032_904, 4_102_444_799] {
      let name = BackupName(seconds: seconds)
      #expect(BackupName(file: name.archive) == name)
      #expect(BackupName(file: name.manifest) == name)
      #expect(name.archive < BackupName(seconds: seconds + 1).archive)
    }
    #expect(BackupName(seconds: 1_796_032_904).archive == "petstore-20261130T100144Z.tar.age")
  }

  @Test(
    arguments: [
      "petstore-20260230T000000Z.json", "petstore-20261301T000000Z.json", "petstore-20260101T240000Z.json",
      "petstore-20260101T000000Z.tar", "petstore-20260101T000000.json", "other-20260101T000000Z.json",
      "petstore-20260101T000000Z.tar.age.partial", "petstore-2026010１T00000Z.json", "", ".json",
    ])
  func `What is no name of a backup is none`(file: String) {
    #expect(BackupName(file: file) == nil)
  }

  @Test func `A backup is whole when archive and manifest are there`() {
    let (first, second, third) = (BackupName(seconds: 10), BackupName(seconds: 20), BackupName(seconds: 30))
    let files = [
      third.archive, third.manifest, second.archive, first.manifest, first.archive, "notes.json", "lost+found",
    ]
    #expect(BackupName.whole(among: files) == [first, third])
  }
}
