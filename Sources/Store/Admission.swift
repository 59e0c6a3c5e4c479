// Admission: the one round trip of an authenticated call. The script admit.lua says whether the principal is still
// true, checks and counts every window, takes a lease where one is needed and writes the usage event; this file
// sends it what it needs and reads what it says.

public import Domain
import Redis

/// What a call is counted as.
public struct Call: Sendable {
  /// The endpoint's name, such as `show_profile`.
  public let endpoint: String
  /// Further windows that only calls of this kind have.
  public let policies: [LimitPolicy]
  /// Whether the call takes one of the account's leases while it runs.
  public let takesLease: Bool
  /// Whether the account's windows count it. What protects an account, such as logging out, is never refused for them.
  public let isLimited: Bool
  let windows: Command.Fragment

  public init(
    endpoint: String, policies: [LimitPolicy] = [], takesLease: Bool = false, isLimited: Bool = true
  ) {
    self.endpoint = endpoint
    self.policies = policies
    self.takesLease = takesLease
    self.isLimited = isLimited
    windows = LimitArguments.fragment(policies)
  }
}

/// The name of one call: the thread that makes it and a number that only grows. A thread takes a new name for itself
/// after a call of which it does not know whether Redis ran it, so that this can be asked later.
public struct CallName: Sendable, CustomStringConvertible {
  public let thread: String
  public let number: Int

  public init(thread: String, number: Int) {
    self.thread = thread
    self.number = number
  }

  public var description: String { "\(thread)-\(number)" }
}

/// Where a principal comes from.
public enum PrincipalSource: String, Sendable {
  case cache = ""
  /// Read from PostgreSQL just now: Redis may have missed its epoch.
  case database = "1"
  /// Read from PostgreSQL after Redis had named another epoch twice. A commit comes before Redis hears of it, so an older
  /// epoch here means that PostgreSQL was put back, from a backup for example.
  case databaseAgain = "2"
}

/// What admission says.
public enum Admission: Sendable, Equatable {
  case admitted(LimitDecision)
  case refused(LimitDecision)
  case tooManyConcurrent(LimitDecision)
  /// The principal is not true any more, or Redis does not know: read it again.
  case epochDiffers
}

extension RedisLink {
  /// Seconds after which a lease that nobody gave back ends by itself: longer than any request may run.
  public static var leaseLife: Int { 180 }

  /// Asks for a call to be admitted.
  ///
  /// - Parameters:
  ///   - source: where the principal comes from: what Redis may learn from its epoch.
  ///   - name: tells this call apart from all others, in case no answer comes.
  ///   - completions: what calls that ended before came to, to be written on the way.
  ///   - idleSeconds: after which a session that nobody uses ends.
  public mutating func admit(
    _ call: Call, for cached: CachedPrincipal, source: PrincipalSource, name: CallName, completions: String,
    idleSeconds: Int
  ) throws(RedisUnavailable) -> Admission {
    let hasContentWindows = !call.policies.isEmpty
    if cached.needsWarrant {
      let reply = try runWarranted(
        call, for: cached, source: source, name: name, completions: completions, idleSeconds: idleSeconds)
      return try Self.read(reply, Self.policies(of: call, cached))
    }
    let reply = try run(.admit) { command in
      let isPlain = !call.takesLease && !hasContentWindows
      Self.append(call, cached, name, completions, idleSeconds, to: &command)
      if !isPlain {
        command.append(source.rawValue)
        command.append(call.takesLease ? cached.principal.limits.concurrent : 0)
        command.append(Self.leaseLife)
        if hasContentWindows { command.append(call.windows) }
      } else if source != .cache {
        command.append(source.rawValue)
      }
    }
    return try Self.read(reply, Self.policies(of: call, cached))
  }

  /// What every admission begins with.
  private static func append(
    _ call: Call, _ cached: CachedPrincipal, _ name: CallName, _ completions: String, _ idleSeconds: Int,
    to command: inout Command
  ) {
    command.append(
      !call.policies.isEmpty
        ? cached.commandHeadWithLeaseAndRing : call.takesLease ? cached.commandHeadWithLease : cached.commandHead)
    command.append(cached.eventPrefix, call.endpoint)
    command.append(completions)
    command.append(name.thread)
    command.append(name.number)
    command.append(call.isLimited ? cached.windows : LimitArguments.none)
    if cached.principal.session == nil { command.append("") } else { command.append(idleSeconds) }
  }

  private static func policies(of call: Call, _ cached: CachedPrincipal) -> [LimitPolicy] {
    !call.isLimited ? [] : call.policies.isEmpty ? cached.policies : cached.policies + call.policies
  }

  /// The same where an epoch is true only together with a warrant. What was read from PostgreSQL is sent over a connection
  /// that was there before it was read, so that no answer from before a failover makes an epoch after it.
  private mutating func runWarranted(
    _ call: Call, for cached: CachedPrincipal, source: PrincipalSource, name: CallName, completions: String,
    idleSeconds: Int
  ) throws(RedisUnavailable) -> Reply {
    if source == .cache { try prepare() }
    let server = server
    return try runConnected(.admit) { command in
      Self.append(call, cached, name, completions, idleSeconds, to: &command)
      command.append(source.rawValue)
      let hasLeaseKey = call.takesLease || !call.policies.isEmpty
      command.append(call.takesLease ? String(cached.principal.limits.concurrent) : hasLeaseKey ? "0" : "")
      command.append(Self.leaseLife)
      if call.policies.isEmpty { command.append("") } else { command.append(call.windows) }
      command.append(server)
    }
  }

  /// Asks for something that is limited without an account: a registration, a login.
  ///
  /// - Parameters:
  ///   - second: with it, `policies` count for subject and second together, and `strangers` for the subject alone.
  public mutating func admit(
    kind: String, subject: String, policies: [LimitPolicy], second: String? = nil,
    strangers: LimitPolicy? = nil
  ) throws(RedisUnavailable) -> LimitDecision {
    let keys = SubjectKeys(kind: kind, subject: subject, second: second)
    let reply = try run(.admit) { command in
      command.append(strangers == nil ? "4" : "6")
      for text in [keys.unused, keys.ring, keys.unused, keys.unused] { command.append(text) }
      if strangers != nil {
        command.append(keys.unused)
        command.append(keys.secondRing)
      }
      for text in ["", "", "", "", ""] { command.append(text) }
      command.append(LimitArguments.fragment(policies))
      command.append("")
      if let strangers {
        for text in ["", "0", "0"] { command.append(text) }
        command.append(LimitArguments.fragment([strangers]))
      }
    }
    let all = policies + (strangers.map { [$0] } ?? [])
    switch try Self.read(reply, all) {
    case .admitted(let decision), .refused(let decision), .tooManyConcurrent(let decision):
      return decision
    case .epochDiffers: throw RedisUnavailable(mayHaveRun: true, reason: "no sense in the answer")
    }
  }

  /// Forgets what was counted for subject and second together: a login that succeeded.
  public mutating func forget(kind: String, subject: String, second: String) throws(RedisUnavailable) {
    let keys = SubjectKeys(kind: kind, subject: subject, second: second)
    _ = try send(Command("DEL", keys.ring))
  }

  /// Gives a lease back.
  public mutating func release(
    lease name: CallName, of cached: CachedPrincipal
  ) throws(RedisUnavailable) {
    _ = try send(Command("ZREM", cached.keys.leases, name.description))
  }

  /// Writes what calls that ended came to, where no other call took it along.
  public mutating func write(completions: String) throws(RedisUnavailable) {
    // Straight into a stream: an entry there is fields and amounts too, and any shard will do.
    var command = Command("XADD", UsageShards.streams[0], "*")
    for word in completions.split(separator: " ") { command.append(String(word)) }
    _ = try send(command)
  }

  /// What Redis says of itself (INFO), name by name.
  public mutating func numbers() throws(RedisUnavailable) -> [String: String] {
    var numbers: [String: String] = [:]
    for line in (try send(Command("INFO")).text ?? "").split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      numbers[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
    return numbers
  }

  /// Tells Redis an account's epoch, after it was committed.
  ///
  /// - Returns: whether from here on no worker goes by an older one. False where no warrant names this Redis: then another
  ///   one may still have a warrant, for as long as that lives.
  @discardableResult
  public mutating func raiseEpoch(of user: ID<User>, to epoch: Int) throws(RedisUnavailable) -> Bool {
    let keys = AccountKeys(user)
    guard mayLoseWrites else {
      _ = try run(.raiseEpoch) { command in
        command.append("1")
        command.append(keys.epoch)
        command.append(epoch)
      }
      return true
    }
    try prepare()
    let server = server
    let reply = try runConnected(.raiseEpoch) { command in
      command.append("2")
      command.append(keys.epoch)
      command.append(keys.warrant)
      command.append(epoch)
      command.append(server)
    }
    return reply == .integer(1)
  }

  /// Forgets every account's epoch: an epoch that is missing counts as another one, so every principal that any worker
  /// remembers is read anew. For a database that was put back.
  public mutating func forgetEpochs() throws(RedisUnavailable) {
    var cursor = "0"
    repeat {
      // What is there from the first step to the last is seen; what comes meanwhile was read from PostgreSQL just now.
      let reply = try send(Command("SCAN", cursor, "MATCH", AccountKeys.everyEpoch, "COUNT", "500"))
      guard let parts = reply.elements, parts.count == 2, let next = parts[0].text else {
        throw RedisUnavailable(mayHaveRun: true, reason: "no sense in the answer")
      }
      for key in parts[1].elements ?? [] {
        // One by one: keys of several hash tags in one command are refused by Redis Cluster.
        if let name = key.text { _ = try send(Command("DEL", name)) }
      }
      cursor = next
    } while cursor != "0"
  }

  private static func read(
    _ reply: Reply, _ policies: [LimitPolicy]
  ) throws(RedisUnavailable) -> Admission {
    guard case .bytes(let bytes) = reply, let word = bytes.first else {
      throw RedisUnavailable(mayHaveRun: true, reason: "no sense in the answer")
    }
    if word == UInt8(ascii: "E") { return .epochDiffers }
    var numbers: [Int] = []
    numbers.reserveCapacity(policies.count * 2 + 1)
    var value = 0
    var digits = false
    for byte in bytes.dropFirst() {
      if byte == UInt8(ascii: " ") {
        if digits { numbers.append(value) }
        (value, digits) = (0, false)
      } else {
        value = value * 10 + Int(byte) - 48
        digits = true
      }
    }
    if digits { numbers.append(value) }
    var violated: [String] = []
    if word == UInt8(ascii: "R") {
      let bits = numbers.isEmpty ? 0 : numbers.removeFirst()
      for (index, policy) in policies.enumerated() where bits & 1 << index != 0 {
        violated.append(policy.name)
      }
    }
    guard numbers.count == policies.count * 2 else {
      throw RedisUnavailable(mayHaveRun: true, reason: "no sense in the answer")
    }
    let windows = policies.indices.map { index in
      WindowState(remaining: numbers[index * 2], reset: numbers[index * 2 + 1])
    }
    let decision = LimitDecision(violated: violated, windows: windows)
    switch word {
    case UInt8(ascii: "A"): return .admitted(decision)
    case UInt8(ascii: "R"): return .refused(decision)
    default: return .tooManyConcurrent(decision)
    }
  }
}
