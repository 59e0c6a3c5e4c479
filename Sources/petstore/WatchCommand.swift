import API
import ArgumentParser
import Crypto
import Host
import Logging
import Settings
import Store
import Threads
import Watch

/// `petstore watch`: takes usage in and repairs epochs, one leader for all hosts.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Take usage into PostgreSQL and repair what a crash left behind.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    CrashReport.install()
    let settings = try common.load()
    watch(settings, try settings.requireMasterKey())
  }

  private func watch(_ settings: Settings, _ master: MasterKey) {
    let log = settings.logger(instance: "watch")
    let shutdown = Shutdown()
    let database = settings.database()
    let chain = settings.providerChain(shutdown, slots: 16)
    let flags = FeatureFlagBoard(database: database, enforcement: settings.authEnforcement)
    let writer = ArticleWriter(
      database: database, master: master, chain: chain, flags: flags, metrics: nil, log: log)
    let studio = ImageStudio(database: database, master: master, chain: chain, flags: flags, log: log)
    let watch = Watch(settings: settings, database: database, master: master, log: log) { work in
      do {
        let article = try writer.write(
          request: Array(work.request.utf8), for: work.tenantID, asksProviders: work.asksProviders)
        return .success(String(decoding: article, as: UTF8.self))
      } catch {
        return .failure(BatchFailure("This request could not be read any more; ask for it again."))
      }
    } draw: { work in
      studio.draw(request: Array(work.request.utf8), for: work.tenantID)
    }
    _ = Thread { flags.keepFresh() }
    let loops = Thread { watch.run() }
    ServiceManager.notify("READY=1\nSTATUS=watching")
    let interval = ServiceManager.watchdogInterval
    var seen = watch.progress
    while !StopSignal.wait(timeout: interval ?? .seconds(3_600)) {
      let now = watch.progress
      if interval != nil, now != seen { ServiceManager.notify("WATCHDOG=1") }
      seen = now
    }
    ServiceManager.notify("STOPPING=1")
    shutdown.begin()
    watch.stop()
    loops.join()
    log.info("stopped")
  }
}
