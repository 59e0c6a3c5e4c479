// The providers of a tenant in their order: each gets its chance, none may cost more than its share of time and threads.

import Domain
import Host
import Outbound
import Threads

/// Asks providers one after the other until one has answered.
public final class ProviderChain: Sendable {
  /// What became of one request to one provider.
  public struct Attempt: Sendable {
    public let provider: TextProvider
    public let result: Result<Completion, ProviderFault>
    /// What the provider said, whether or not it could be used: it is charged either way.
    public let answer: Completion?
    public let milliseconds: Int
  }

  /// What a caller who watches is told.
  public enum Event: Sendable {
    case began(TextProvider)
    case text(String)
    /// The provider failed: the text so far is void.
    case failed(TextProvider, ProviderFault)
  }

  public struct Outcome: Sendable {
    /// The answer of the last attempt that was made, if it was one.
    public let completion: (provider: TextProvider, answer: Completion)?
    public let attempts: [Attempt]
    /// Why there is no answer, or not the first provider's, in words for the tenant.
    public let warnings: [String]
  }

  private struct Health {
    var failures = 0
    /// Nanoseconds of the monotonic clock.
    var restsUntil: UInt64 = 0
  }

  public let client: TextClient
  public let images: ImageClient
  private let slots: CountingSemaphore
  private let health = Locked<[String: Health]>([:])

  /// Failures in a row after which a provider rests, and how long: a moment for a person, long for a machine.
  static let failureLimit = 3
  static let rest: Duration = .seconds(30)
  private static let attemptsEach = 2
  /// Providers that are remembered.
  private static let capacity = 10_000

  /// - Parameter slots: how many requests of this process may wait for providers at once; the others are answered without
  ///   them, so that there are always threads for everybody else.
  public init(_ client: TextClient, images: ImageClient, slots: Int) {
    self.client = client
    self.images = images
    self.slots = CountingSemaphore(slots: slots)
  }

  /// Asks providers in their order. Blocks at most for the deadline of the client's ``Patience``.
  ///
  /// - Parameters:
  ///   - isUsable: whether an answer will do; one that will not counts as malformed.
  ///   - onEvent: is told what happens; false gives up.
  public func ask(
    _ prompt: Prompt, of providers: [TextProvider], isUsable: (Completion) -> Bool,
    onEvent: (Event) -> Bool = { _ in true }
  ) -> Outcome {
    withSlot { askInTurn(prompt, of: providers, isUsable: isUsable, onEvent: onEvent) }
      ?? Outcome(
        completion: nil, attempts: [],
        warnings: ["Too many requests wait for AI providers at this moment."])
  }

  /// Runs what waits for a provider; nil where too much does already.
  public func withSlot<Result>(_ body: () throws -> Result) rethrows -> Result? {
    guard slots.wait(timeout: .milliseconds(200)) else { return nil }
    defer { slots.signal() }
    return try body()
  }

  private func askInTurn(
    _ prompt: Prompt, of providers: [TextProvider], isUsable: (Completion) -> Bool, onEvent: (Event) -> Bool
  ) -> Outcome {
    let patience = client.patience
    let end = HostClock.monotonicNanoseconds() + Self.nanoseconds(patience.deadline)
    var attempts: [Attempt] = []
    var warnings: [String] = []
    for provider in providers {
      var fault: ProviderFault?
      for number in 1...Self.attemptsEach {
        let began = HostClock.monotonicNanoseconds()
        guard began + 1_000_000_000 < end else {
          fault = fault ?? .timedOut
          break
        }
        guard !isResting(provider, at: began) else {
          fault = .resting
          break
        }
        let (result, said) = once(prompt, provider, end: end, isUsable: isUsable, onEvent: onEvent)
        attempts.append(
          Attempt(
            provider: provider, result: result, answer: said,
            milliseconds: Int((HostClock.monotonicNanoseconds() - began) / 1_000_000)))
        switch result {
        case .success(let answer):
          note(provider, nil)
          if answer.isCut { warnings.append("The model stopped at its limit of \(prompt.tokenLimit) tokens.") }
          return Outcome(completion: (provider, answer), attempts: attempts, warnings: warnings)
        case .failure(let found):
          fault = found
          note(provider, found)
          guard onEvent(.failed(provider, found)), found != .abandoned else {
            return Outcome(completion: nil, attempts: attempts, warnings: warnings + [Self.words(provider, found)])
          }
        }
        guard let found = fault, found.isFleeting, number < Self.attemptsEach else { break }
        pause(after: found, until: end)
      }
      if let fault { warnings.append(Self.words(provider, fault)) }
    }
    return Outcome(completion: nil, attempts: attempts, warnings: warnings)
  }

  private func once(
    _ prompt: Prompt, _ provider: TextProvider, end: UInt64, isUsable: (Completion) -> Bool, onEvent: (Event) -> Bool
  ) -> (Result<Completion, ProviderFault>, Completion?) {
    guard onEvent(.began(provider)) else { return (.failure(.abandoned), nil) }
    let left = Duration.nanoseconds(Int64(end - min(end, HostClock.monotonicNanoseconds())))
    do throws(ProviderFault) {
      let answer = try withoutActuallyEscaping(onEvent) { onEvent throws(ProviderFault) in
        try client.complete(prompt, by: provider, within: left) { onEvent(.text($0)) }
      }
      return (isUsable(answer) ? .success(answer) : .failure(.malformed("no article")), answer)
    } catch {
      return (.failure(error), nil)
    }
  }

  /// Full jitter around a quarter of a second, so that requests that failed together do not come again together; or what
  /// the provider asks for.
  private func pause(after fault: ProviderFault, until end: UInt64) {
    var wait = UInt64.random(in: 50_000_000...500_000_000)
    if case .rateLimited(let seconds?) = fault { wait += UInt64(max(0, seconds)) * 1_000_000_000 }
    let now = HostClock.monotonicNanoseconds()
    HostClock.sleep(.nanoseconds(Int64(min(wait, end > now ? end - now : 0))))
  }

  // MARK: Health

  /// How many times in a row a provider has failed here.
  public func failures(of provider: String) -> Int { health.withLock { $0[provider]?.failures ?? 0 } }

  private func isResting(_ provider: TextProvider, at now: UInt64) -> Bool {
    health.withLock { health in
      guard var entry = health[provider.id], entry.failures >= Self.failureLimit else { return false }
      if entry.restsUntil > now { return true }
      // One request tries it; the others wait for its outcome.
      entry.restsUntil = now + Self.nanoseconds(Self.rest)
      health[provider.id] = entry
      return false
    }
  }

  private func note(_ provider: TextProvider, _ fault: ProviderFault?) {
    health.withLock { health in
      guard let fault else {
        health[provider.id] = nil
        return
      }
      guard fault.countsAgainstHealth else { return }
      if health.count >= Self.capacity { health = [:] }
      var entry = health[provider.id] ?? Health()
      entry.failures += 1
      entry.restsUntil = HostClock.monotonicNanoseconds() + Self.nanoseconds(Self.rest)
      health[provider.id] = entry
    }
  }

  private static func words(_ provider: TextProvider, _ fault: ProviderFault) -> String {
    "The AI provider \(provider.name) was of no use: \(fault.description)."
  }

  private static func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
  }
}
