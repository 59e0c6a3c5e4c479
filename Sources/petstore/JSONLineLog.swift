import FoundationEssentials
import HTTP
import Host
import Logging

/// Writes each event as one line of JSON to standard error, which systemd keeps. Values are escaped, so no text of a
/// client can begin a line of its own.
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

  func log(event: LogEvent) {
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    var members: [JSON.Member] = [
      .init("time", .string(time)), .init("level", .string(event.level.rawValue)),
      .init("instance", .string(instance)), .init("message", .string(event.message.description)),
    ]
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (name, value) in all.sorted(by: { $0.key < $1.key }) {
      members.append(.init(name, .string(value.description)))
    }
    let line = String(decoding: JSON.object(members).encoded(), as: UTF8.self)
    StandardStream.error.write(line + "\n")
  }
}
