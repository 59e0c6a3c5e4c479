import FoundationEssentials
import HTTP
import Host
import Logging
import Synchronization

/// Writes each event as one line of JSON to standard error, which systemd keeps. Values are escaped, so no text of a
/// client can begin a line of its own. Where nobody reads, lines are lost rather than requests held up, and the next line that
/// is written says how many.
struct JSONLineLog: LogHandler {
  let instance: String
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  init(instance: String, logLevel: Logger.Level) {
    self.instance = instance
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  private static let lost = Atomic(0)

  func log(event: LogEvent) {
    let lost = Self.lost.exchange(0, ordering: .relaxed)
    if lost > 0, !write(.warning, "log lines lost", ["lines": "\(lost)"]) {
      Self.lost.wrappingAdd(lost, ordering: .relaxed)
    }
    if !write(event.level, event.message, metadata.merging(event.metadata ?? [:]) { _, new in new }) {
      Self.lost.wrappingAdd(1, ordering: .relaxed)
    }
  }

  /// Gives whether somebody took it.
  private func write(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) -> Bool {
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    var members: [JSON.Member] = [
      .init("time", .string(time)), .init("level", .string(level.rawValue)),
      .init("instance", .string(instance)), .init("message", .string(message.description)),
    ]
    for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
      members.append(.init(name, .string(value.description)))
    }
    let line = String(decoding: JSON.object(members).encoded(), as: UTF8.self)
    return StandardStream.error.offer(line + "\n")
  }
}
