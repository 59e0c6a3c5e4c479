import Host
import Outbound
public import Providers
public import Settings
import Synchronization

/// That a process wants to end.
public final class Shutdown: Sendable {
  private let began = Atomic<UInt64>(0)
  /// What a call to a provider may still take: a third of the time that systemd gives a worker.
  private static let grace: UInt64 = 10_000_000_000

  public init() {}

  public func begin() {
    _ = began.compareExchange(expected: 0, desired: HostClock.monotonicNanoseconds(), ordering: .relaxed)
  }

  /// Whether waiting has to end now.
  public var isDue: Bool {
    let began = began.load(ordering: .relaxed)
    return began != 0 && HostClock.monotonicNanoseconds() - began > Self.grace
  }
}

extension Settings {
  /// Who asks AI providers, by the ways that the operator has opened.
  public func providerChain(_ shutdown: Shutdown, slots: Int) -> ProviderChain {
    let http = HTTPClient(caFile: aiCAFile.isEmpty ? nil : aiCAFile) { shutdown.isDue }
    let ways = WaysOut(hosts: Set(aiHosts), sockets: aiSockets) { Files.exists($0) }
    let patience = Patience(silence: .seconds(aiSilenceSeconds), deadline: .seconds(aiDeadlineSeconds))
    return ProviderChain(
      TextClient(http: http, ways: ways, patience: patience),
      images: ImageClient(http: http, ways: ways, patience: patience), slots: max(1, slots))
  }
}
