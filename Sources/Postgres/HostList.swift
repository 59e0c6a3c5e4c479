// A connection string that names several hosts, as libpq reads it, taken apart into one for each host.
//
// libpq itself goes from host to host only when one refuses: with PQconnectPoll it has no time-out of its own, so a host
// that does not answer at all, because its machine or its network is gone, would take all the time there is.

import CPostgres
import Glibc
import Threads

/// What a connection string says.
public enum ConnectionString {
  /// The hosts that it leads to over the network: addresses, and names of those that have no address in it.
  public static func networkHosts(_ dsn: String) -> [String] {
    (HostList(dsn: dsn)?.hosts ?? []).compactMap { host in
      if let address = host.address, !address.isEmpty { return address }
      guard let name = host.name, !name.isEmpty, !name.hasPrefix("/"), !name.hasPrefix("@") else { return nil }
      return name
    }
  }

  /// Whether libpq can read it.
  public static func isReadable(_ dsn: String) -> Bool { HostList(dsn: dsn) != nil }
}

/// The hosts of a connection string, in their order.
struct HostList: Sendable, Equatable {
  struct Host: Sendable, Equatable {
    var name: String?
    var address: String?
    var port: String?
  }

  let hosts: [Host]
  /// `target_session_attrs`; nil where the string does not say.
  let attributes: String?

  /// nil where the string cannot be read: libpq then says why.
  init?(dsn: String) {
    guard let options = PQconninfoParse(dsn, nil) else { return nil }
    defer { PQconninfoFree(options) }
    var values: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    func list(_ keyword: String) -> [String] {
      values[keyword].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }
    let names = list("host"), addresses = list("hostaddr"), ports = list("port")
    let count = max(names.count, addresses.count)
    hosts = (0..<count).map { index in
      Host(
        name: names.indices.contains(index) ? names[index] : nil,
        address: addresses.indices.contains(index) ? addresses[index] : nil,
        port: ports.count == 1 ? ports[0] : ports.indices.contains(index) ? ports[index] : nil)
    }
    attributes = values["target_session_attrs"]
  }

  /// What to try one after the other: each host alone, and what its session must be. `prefer-standby` is a second round
  /// for any server. Begins with the host that answered last.
  func attempts(beginningWith first: Int) -> [(index: Int, host: Host, attributes: String?)] {
    let order = hosts.indices.map { ($0 + first) % hosts.count }
    // Which host is preferred must not depend on which one answered last.
    let rounds: [String?] = attributes == "prefer-standby" ? ["standby", "any"] : [attributes]
    return rounds.flatMap { round in order.map { (index: $0, host: hosts[$0], attributes: round) } }
  }

  /// Which host answered last, by connection string, for all threads.
  private static let answered = Locked<[String: Int]>([:])

  static func lastAnswered(_ dsn: String) -> Int { answered.withLock { $0[dsn] ?? 0 } }
  static func remember(_ index: Int, _ dsn: String) { answered.withLock { $0[dsn] = index } }
}
