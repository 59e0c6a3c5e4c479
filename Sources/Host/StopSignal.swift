// Signals. libfcgi installs handlers of its own for SIGTERM, SIGUSR1 and SIGPIPE that interrupt reads, which loses
// requests; so every signal that means "stop" is blocked before the first thread starts, and main waits for it.

import CHost
import Glibc

/// The signals that ask this process to stop.
public enum StopSignal {
  /// Blocks SIGTERM and SIGINT in this thread and all that it will start; ignores SIGPIPE, so that a client that went
  /// away is an error of a write and not a death.
  ///
  /// Call it first thing in main.
  public static func block() {
    var set = stopSignals()
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits for a stop signal, at most `timeout`. Gives true when one came.
  public static func wait(timeout: Duration) -> Bool {
    var set = stopSignals()
    let (seconds, attoseconds) = timeout.components
    var limit = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    return sigtimedwait(&set, nil, &limit) > 0
  }

  private static func stopSignals() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    return set
  }
}

/// The report that a trap leaves in the journal: signal, request id and backtrace.
public enum CrashReport {
  /// Installs the handlers for the rest of the process's life.
  public static func install() { petstore_crash_report_install() }

  /// Remembers which request this thread runs.
  public static func remember(requestID: String) {
    var requestID = requestID
    requestID.withUTF8 { bytes in
      bytes.baseAddress?.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        petstore_crash_report_request($0, Int32(bytes.count))
      }
    }
  }
}
