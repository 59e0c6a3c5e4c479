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
      return try read(reply, Self.policies(of: call, cached), of: name)
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
    return try read(reply, Self.policies(of: call, cached), of: name)
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
    let name = CallName(thread: "", number: nextQuestion())
    let reply = try run(.admit) { command in
      command.append(strangers == nil ? "4" : "6")
      for text in [keys.unused, keys.ring, keys.unused, keys.unused] { command.append(text) }
      if strangers != nil {
        command.append(keys.unused)
        command.append(keys.secondRing)
      }
      for text in ["", "", "", name.thread, String(name.number)] { command.append(text) }
      command.append(LimitArguments.fragment(policies))
      command.append("")
      if let strangers {
        for text in ["", "0", "0"] { command.append(text) }
        command.append(LimitArguments.fragment([strangers]))
      }
    }
    let all = policies + (strangers.map { [$0] } ?? [])
    switch try read(reply, all, of: name) {
    case .admitted(let decision), .refused(let decision): return decision
    case .epochDiffers, .tooManyConcurrent: throw noSense()
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
      let reply = try run(.raiseEpoch) { command in
        command.append("1")
        command.append(keys.epoch)
        command.append(epoch)
      }
      return try wasRaised(reply, to: epoch)
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
    return try wasRaised(reply, to: epoch)
  }

  /// Forgets every account's epoch: an epoch that is missing counts as another one, so every principal that any worker
  /// remembers is read anew. For a database that was put back.
  public mutating func forgetEpochs() throws(RedisUnavailable) {
    var cursor = "0"
    repeat {
      // What is there from the first step to the last is seen; what comes meanwhile was read from PostgreSQL just now.
      let reply = try send(Command("SCAN", cursor, "MATCH", AccountKeys.everyEpoch, "COUNT", "500"))
      guard let parts = reply.elements, parts.count == 2, let next = parts[0].text,
        let names = parts[1].elements
      else { throw noSense() }
      for name in names {
        // One by one: keys of several hash tags in one command are refused by Redis Cluster. One that is not there was
        // named twice, or its name was changed on the way: whoever called tries again, and finds what is left.
        guard let name = name.text, try send(Command("DEL", name)) == .integer(1) else { throw noSense() }
      }
      cursor = next
    } while cursor != "0"
  }

  private mutating func read(
    _ reply: Reply, _ policies: [LimitPolicy], of name: CallName
  ) throws(RedisUnavailable) -> Admission {
    guard case .bytes(let bytes) = reply, let admission = Admission(bytes, policies, of: name) else { throw noSense() }
    return admission
  }
}

extension Admission {
  /// Reads what admit.lua answers; nil for anything that it would not answer to this call. What grants something must not
  /// come of bytes that were changed on their way: an answer to `name` has that name, and its word stands at both ends.
  init?(_ bytes: [UInt8], _ policies: [LimitPolicy], of name: CallName) {
    guard let word = bytes.first else { return nil }
    var numbers: [Int] = []
    numbers.reserveCapacity(policies.count * 2 + 1)
    if word == UInt8(ascii: "E") {
      guard bytes.count >= 2, bytes[1] == UInt8(ascii: " "), bytes.count == 2 || Self.read(bytes[2...], into: &numbers)
      else { return nil }
      self = .epochDiffers
      return
    }
    guard let end = Self.end(of: bytes, before: name, word),
      end == 1 || bytes[1] == UInt8(ascii: " ") && Self.read(bytes[2..<end], into: &numbers)
    else { return nil }
    var violated: [String] = []
    if word == UInt8(ascii: "R") {
      guard let bits = numbers.first, bits >= 1, bits < 1 << policies.count else { return nil }
      numbers.removeFirst()
      for (index, policy) in policies.enumerated() where bits & 1 << index != 0 { violated.append(policy.name) }
    }
    guard numbers.count == policies.count * 2 else { return nil }
    let windows = policies.indices.map { index in
      WindowState(remaining: numbers[index * 2], reset: numbers[index * 2 + 1])
    }
    for (policy, window) in zip(policies, windows)
    where window.remaining > policy.quota || window.reset > policy.seconds + 1 { return nil }
    let decision = LimitDecision(violated: violated, windows: windows)
    switch word {
    case UInt8(ascii: "A"): self = .admitted(decision)
    case UInt8(ascii: "R"): self = .refused(decision)
    case UInt8(ascii: "C"): self = .tooManyConcurrent(decision)
    default: return nil
    }
  }

  /// Where the numbers end: before " <name> <word>", which are the last bytes; nil if they are not. Without a string of them,
  /// since every authenticated call comes by here.
  private static func end(of bytes: [UInt8], before name: CallName, _ word: UInt8) -> Int? {
    let thread = name.thread.utf8
    var number = name.number
    var place = bytes.count - 1
    func isNext(_ byte: UInt8) -> Bool {
      defer { place -= 1 }
      return place >= 1 && bytes[place] == byte
    }
    guard number >= 0, isNext(word), isNext(UInt8(ascii: " ")) else { return nil }
    repeat {
      guard isNext(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)) else { return nil }
      number /= 10
    } while number > 0
    guard isNext(UInt8(ascii: "-")) else { return nil }
    let start = place + 1 - thread.count
    guard start >= 2, bytes[start..<place + 1].elementsEqual(thread), bytes[start - 1] == UInt8(ascii: " ") else {
      return nil
    }
    return start - 1
  }

  /// Reads numbers with one space between two; false if anything else is there, or a number that no answer has.
  private static func read(_ bytes: ArraySlice<UInt8>, into numbers: inout [Int]) -> Bool {
    var value = 0
    var digits = 0
    for byte in bytes {
      if byte == UInt8(ascii: " ") {
        guard digits > 0 else { return false }
        numbers.append(value)
        (value, digits) = (0, 0)
      } else {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 16 else { return false }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      }
    }
    guard digits > 0 else { return false }
    numbers.append(value)
    return true
  }
}
