import API
import ArgumentParser
import Crypto
import FastCGI
import HTTP
import Host
import Logging
import Settings
import Store
import Threads

/// `petstore worker`: answers requests that nginx sends over a unix socket.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Answer requests of one pool.",
    discussion: """
      Serves the socket that systemd hands over, or makes its own with --listen. SIGTERM ends it in order: every \
      request in flight is answered.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "Name of this instance, such as auth-1: the part before the last dash is its pool.")
  var instance: String

  @Option(help: "Pool, where the instance's name does not say it.")
  var pool: String?

  @Option(help: "Path of a unix socket to make, instead of one handed over by systemd.")
  var listen: String?

  func run() throws {
    CrashReport.install()
    HostMemory.returnLargeBlocks()
    let settings = try common.load()
    try serve(settings)
  }

  private func serve(_ settings: Settings) throws {
    guard !instance.isEmpty, instance.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else { throw ExitWithMessage("--instance \(instance): use letters, digits and dashes") }
    let log = settings.logger(instance: instance)
    let socket = try listeningSocket()
    try Files.makeFolder(settings.metricsDirectory)
    try Files.makeFolder(settings.spoolDirectory)
    let metrics = try Metrics(
      directory: settings.metricsDirectory, instance: instance, endpoints: Routes.names)
    let database = settings.database { reader in
      metrics.count(reader == .replica ? .reportFromReplica : .reportFromPrimary)
    }
    let services = Services(
      settings: settings, instance: instance, database: database,
      master: try settings.requireMasterKey(), metrics: metrics,
      passwordPolicy: try settings.passwordPolicy(), log: log)
    let dispatcher = try Dispatcher(
      socket, limits: .init(threads: settings.workerThreads, body: settings.bodyLimit)
    ) {
      metrics.count(.connectionRefused)
      log.warning("a FastCGI connection was closed: the peer broke the protocol")
    }

    let pool = pool ?? String(instance.prefix(upTo: instance.lastIndex(of: "-") ?? instance.endIndex))
    let supervisor = Thread {
      log.info("serving", metadata: ["pool": "\(pool)", "version": "\(Services.version)"])
      ServiceManager.notify("READY=1\nSTATUS=serving, \(settings.workerThreads) threads")
      let interval = ServiceManager.watchdogInterval
      var beats: UInt64 = 0
      _ = dispatcher.madeProgress(since: &beats)
      while !StopSignal.wait(timeout: interval ?? .seconds(3_600)) {
        if interval != nil, dispatcher.madeProgress(since: &beats) {
          ServiceManager.notify("WATCHDOG=1")
        }
      }
      log.info("stopping", metadata: ["in_flight": "\(dispatcher.requestsInFlight)"])
      ServiceManager.notify("STOPPING=1\nSTATUS=finishing requests")
      services.shutdown.begin()
      dispatcher.stop()
    }
    _ = Thread { services.flags.keepFresh() }
    // Hashing a decoy takes as long as a login: not within somebody's, and nobody shall wait for it.
    _ = Thread { _ = PasswordHash.decoy }
    dispatcher.run(
      refusal: { refused, request in
        Worker.refusal(tooLarge: refused == .bodyTooLarge ? settings.bodyLimit : nil, request)
      },
      makeHandler: { seat in RequestThread(Worker(services, thread: seat.number, seat: LentSeat(seat))) })
    supervisor.join()
    log.info("stopped")
  }

  private func listeningSocket() throws -> ListeningSocket {
    if let listen { return try ListeningSocket(path: listen) }
    guard ServiceManager.handedOverSocket else {
      throw ExitWithMessage(
        "no socket: systemd hands one over when petstore-worker@\(instance).socket starts this; by hand, give --listen PATH"
      )
    }
    return try ListeningSocket(handedOver: ServiceManager.firstListenDescriptor)
  }
}

/// Lends a worker the seat that it may give up.
private struct LentSeat: WorkerSeat {
  private let seat: any Seat

  init(_ seat: any Seat) { self.seat = seat }

  var requestsAside: Int { seat.requestsAside }
  func giveUp() { seat.giveUp() }
}

/// Lends a worker to the dispatcher.
private final class RequestThread: RequestHandler {
  private let worker: Worker

  init(_ worker: Worker) { self.worker = worker }

  func handle(_ request: Request) -> Response { worker.handle(request) }
  func idle() { worker.idle() }
}
