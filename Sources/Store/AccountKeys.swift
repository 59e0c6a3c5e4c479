// The names of Redis keys, in one place.
//
// All keys of one account share a hash tag, `{0}` to `{15}`, with the usage stream that its calls end up in: so
// one script may touch them together, in Redis Cluster too.

import Domain

/// How many usage streams there are.
public enum UsageShards {
  public static let count = 16
  /// The stream of each shard.
  static let streams = (0..<count).map { "{\($0)}:usage" }
  /// Usage of each shard that is not in its stream yet.
  static let pending = (0..<count).map { "{\($0)}:pending" }

  /// The warrant of each shard: see EpochWarrant.
  static let warrants = (0..<count).map { "{\($0)}:warrant" }

  /// A key that says nothing, written to see whether Redis can.
  static let probe = "{0}:probe"

  static func tag(_ hash: UInt64) -> String { "{\(hash % UInt64(count))}" }
}

/// The keys of one account.
struct AccountKeys: Sendable {
  let epoch: String
  let ring: String
  let pending: String
  let leases: String
  let calls: String
  let contentRing: String
  let warrant: String
  private let tag: String

  init(_ user: ID<User>) {
    let tag = UsageShards.tag(user.low)
    self.tag = tag
    epoch = "\(tag):epoch:\(user)"
    ring = "\(tag):ring:\(user)"
    pending = "\(tag):pending"
    leases = "\(tag):leases:\(user)"
    calls = "\(tag):calls"
    contentRing = "\(tag):ring:\(user):content"
    warrant = "\(tag):warrant"
  }

  /// What the epochs of all accounts match.
  static let everyEpoch = "{*}:epoch:*"

  /// Whose epoch a key is; nil if it is none of ours.
  static func user(ofEpoch key: String) -> ID<User>? {
    guard let colon = key.lastIndex(of: ":"), let user = ID<User>(key[key.index(after: colon)...]),
      AccountKeys(user).epoch == key
    else { return nil }
    return user
  }

  /// A session of the account: there as long as it is used.
  func session(_ id: ID<Session>) -> String { "\(tag):session:\(id)" }
}

/// The keys of something that is limited without being an account: an address, a login.
struct SubjectKeys {
  let ring: String
  let secondRing: String
  let unused: String

  /// - Parameters:
  ///   - kind: what is limited, such as `register`.
  ///   - subject: by what; keys with the same subject share a hash tag.
  init(kind: String, subject: String, second: String? = nil) {
    let hash = subject.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let tag = UsageShards.tag(hash)
    ring = "\(tag):\(kind):\(subject)\(second.map { ":" + $0 } ?? "")"
    secondRing = "\(tag):\(kind):\(subject):strangers"
    unused = "\(tag):none"
  }
}
