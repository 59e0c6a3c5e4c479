// The service in numbers, for dashboards that knew the earlier service: every number is counted or read, none waits.

import ContentEngine
import Domain
import HTTP
import Host
import Settings
import Store
import Threads

/// `GET /api/v1/metrics` shows what all workers of this host have counted, and how busy the host is.
///
/// - 200.
@Sendable func showServiceMetrics(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let totals = worker.services.metrics.totals()
  let load = worker.services.load.read(disk: worker.services.settings.spoolDirectory)
  let requests = RequestSums(totals)
  let articles = ArticleSums(totals)
  // Calls about content only: how long logins take is the operator's to know.
  let times = totals.requests.filter { Routes.content.contains($0.endpoint) }.map { entry in
    JSON.Member(entry.endpoint, .number(Double(entry.requests.microseconds) / 1e6 / Double(entry.requests.count)))
  }
  return .json(
    .ok,
    [
      "timestamp": Timestamp.json(HostClock.wallSeconds()), "uptime_seconds": .number(worker.services.uptime),
      "requests": [
        "total": .integer(requests.total), "errors": .integer(requests.errors),
        "error_rate_percent": .number(requests.errorPercent), "avg_response_times": .object(times),
      ],
      "blog_generation": [
        "total_generated": .integer(articles.count), "total_words": .integer(totals(.articleWords)),
        "avg_seo_score": .number(articles.mean(totals(.articleSEOPoints))),
        "avg_readability_score": .number(articles.mean(totals(.articleReadabilityPoints))),
        "success_rate": .number(articles.successPercent),
        "avg_generation_time": .number(articles.meanSeconds),
      ],
      "system": [
        "cpu_usage_percent": .number(load.processor), "memory_usage_percent": .number(load.memory.usedPercent),
        "disk_usage_percent": .number(load.disk.usedPercent),
        "process_memory_mb": .number(Double(HostLoad.residentBytes) / 1_048_576),
      ],
      // Single requests are in the access log, not here.
      "performance": ["recent_operations": [], "total_operations": .integer(requests.total)],
      // What concerns articles. Logins and refusals are for the operator, whose page is /metrics.
      "counters": .object(
        Metrics.Event.allCases.filter { $0.metric.name.hasPrefix("petstore_article") }
          .map { .init("\($0)", .integer(totals($0))) }),
      "gauges": [
        "instances": .integer(totals.instances),
        "system_cpu_usage_percent": .number(load.processor),
        "system_memory_usage_percent": .number(load.memory.usedPercent),
        "system_memory_used_bytes": .integer(load.memory.used),
        "system_memory_available_bytes": .integer(load.memory.free),
        "system_disk_usage_percent": .number(load.disk.usedPercent),
        "system_disk_used_bytes": .integer(load.disk.used), "system_disk_free_bytes": .integer(load.disk.free),
        "process_memory_rss_bytes": .integer(HostLoad.residentBytes),
      ],
    ])
}

/// `GET /api/v1/health/detailed` compares the host's load and the share of failed requests with their thresholds.
///
/// - 200, whatever the status says: `healthy`, `degraded` or `unhealthy`.
@Sendable func showDetailedHealth(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let load = worker.services.load.read(disk: worker.services.settings.spoolDirectory)
  let health = DetailedHealth(load, RequestSums(worker.services.metrics.totals()))
  return .json(
    .ok,
    [
      "status": .string(health.status), "timestamp": Timestamp.json(HostClock.wallSeconds()),
      "checks": .object(
        health.checks.map { check in
          .init(
            check.name,
            [
              "value": .number(check.value), "threshold": .number(check.threshold),
              "status": check.isExceeded ? "warning" : "ok",
            ])
        }),
      "issues": JSON(health.issues), "uptime_seconds": .number(worker.services.uptime),
    ])
}

/// `GET /api/v1/cloudrun/status` shows the host and what the service can do. It runs on hosts of the operator's own, so
/// the members about Cloud Run say `unknown`, as they did outside it.
///
/// - 200.
@Sendable func showHostStatus(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let load = worker.services.load.read(disk: worker.services.settings.spoolDirectory)
  func gigabytes(_ bytes: Int) -> JSON { .number((Double(bytes) / 1_073_741_824 * 100).rounded() / 100) }
  let health = DetailedHealth(load, RequestSums(worker.services.metrics.totals()))
  return .json(
    .ok,
    [
      "status": .string(health.status), "timestamp": .number(HostClock.wallSeconds()),
      "cloud_run": [
        "service": "unknown", "revision": "unknown", "configuration": "unknown", "port": "unknown",
        "project_id": "unknown", "region": "unknown",
      ],
      "application": [
        "uptime_seconds": .number(worker.services.uptime), "version": .string(Services.version),
        // No Python runs here.
        "python_version": nil, "environment": "self-hosted",
      ],
      "system": [
        "cpu_percent": .number(load.processor),
        "memory": [
          "total_gb": gigabytes(load.memory.total), "available_gb": gigabytes(load.memory.free),
          "used_percent": .number(load.memory.usedPercent),
        ],
        "disk": [
          "total_gb": gigabytes(load.disk.total), "free_gb": gigabytes(load.disk.free),
          "used_percent": .number(load.disk.usedPercent),
        ],
      ],
      "capabilities": [
        "ai_enhancement": .bool(request.principal.hasProviders), "seo_optimization": true, "quality_analysis": true,
        "enhanced_keyword_analysis": false, "batch_processing": true, "caching": true, "metrics": true,
      ],
    ])
}

/// `GET /api/v1/abstraction/status` shows what articles have come to so far.
///
/// - 200.
@Sendable func showAbstractionStatus(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let totals = worker.services.metrics.totals()
  let articles = ArticleSums(totals)
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  let providers = request.principal.hasProviders ? try database.providers(.text, of: tenant).filter(\.isEnabled) : []
  let sums = ProviderSums(request.principal.hasProviders ? try database.providerTotals(.text, of: tenant) : [])
  return .json(
    .ok,
    [
      "status": "operational",
      "provider_status": .object(
        [.init("builtin", "available")] + providers.map { .init($0.name, ProviderAnswer.state($0)) }),
      "generation_statistics": [
        "total_blogs_generated": .integer(articles.count + articles.failures),
        "successful_generations": .integer(articles.count), "failed_generations": .integer(articles.failures),
        "average_quality_score": .number(articles.mean(totals(.articleQualityPoints))),
        "strategy_usage": .object(
          ContentStrategy.allCases.compactMap { strategy in
            let count = totals(strategy.event)
            return count == 0 ? nil : .init(strategy.rawValue, .integer(count))
          }),
        "provider_usage": .object(
          [.init("builtin", .integer(max(0, articles.count - totals(.providerAnswered))))]
            + sums.byProvider.map { .init($0.name, .integer($0.requests)) }),
        "total_cost": ProviderAnswer.dollars(sums.nanodollars), "total_tokens": .integer(sums.tokens),
        "success_rate": .number(articles.successPercent),
        "average_cost_per_blog": sums.mean(Double(sums.nanodollars) / 1e9),
        "average_tokens_per_blog": sums.mean(Double(sums.tokens)),
      ],
      "features": [
        "content_strategies": .integer(ContentStrategy.allCases.count),
        "quality_levels": .integer(QualityTarget.allCases.count), "presets": .integer(WriterPreset.allCases.count),
        "optimization_strategies": true, "quality_assurance": true, "batch_generation": true,
        "provider_fallback": true,
      ],
    ])
}

/// Whether the host and the service are within their thresholds, all in percent.
struct DetailedHealth {
  struct Check {
    let name: String
    let value: Double
    let threshold: Double
    /// Above it the service is degraded; nil where only the threshold counts.
    var early: Double?
    var isExceeded: Bool { value > threshold }
  }

  let checks: [Check]

  fileprivate init(_ load: LoadMeter.Load, _ requests: RequestSums) {
    checks = [
      Check(name: "cpu_usage", value: load.processor, threshold: 80, early: 60),
      Check(name: "memory_usage", value: load.memory.usedPercent, threshold: 85, early: 70),
      Check(name: "disk_usage", value: load.disk.usedPercent, threshold: 90),
      Check(name: "error_rate", value: requests.errorPercent, threshold: 5, early: 1),
    ]
  }

  var status: String {
    if checks.contains(where: \.isExceeded) { return "unhealthy" }
    return checks.contains { check in check.early.map { check.value > $0 } ?? false } ? "degraded" : "healthy"
  }

  /// What exceeds its threshold, in words.
  var issues: [String] {
    checks.filter(\.isExceeded).map { check in
      let tenths = Int((check.value * 10).rounded())
      return "\(check.name) is \(tenths / 10).\(tenths % 10) %, above \(Int(check.threshold)) %"
    }
  }
}

/// The processor's load between one question and the next: nobody waits for a measurement.
final class LoadMeter: Sendable {
  struct Load {
    /// Percent of all processors' time since the question before, or since the host started; where the unit hides that,
    /// the load of the last minute.
    let processor: Double
    let memory: Capacity
    let disk: Capacity
  }

  /// The last reading and what it said. Two questions within a tick of the kernel get the same answer.
  private let last = Locked<(time: ProcessorTime, percent: Double)?>(nil)

  func read(disk folder: String) -> Load {
    let processor = last.withLock { last in
      guard let now = ProcessorTime.now() else { return HostLoad.loadPercent }
      guard let earlier = last else {
        let percent = now.total == 0 ? 0 : 100 * Double(now.busy) / Double(now.total)
        last = (now, percent)
        return percent
      }
      guard let percent = now.percent(since: earlier.time) else { return earlier.percent }
      last = (now, percent)
      return percent
    }
    let none = Capacity(total: 0, free: 0)
    return Load(processor: processor, memory: HostLoad.memory ?? none, disk: HostLoad.disk(of: folder) ?? none)
  }
}

/// Requests of all endpoints together; errors are the service's own (5xx).
private struct RequestSums {
  let total: Int
  let errors: Int
  var errorPercent: Double { total == 0 ? 0 : 100 * Double(errors) / Double(total) }

  init(_ totals: Metrics.Totals) {
    total = totals.requests.reduce(0) { $0 + $1.requests.count }
    errors = totals.requests.reduce(0) { $0 + $1.requests.serverError }
  }
}

/// Articles written for calls.
private struct ArticleSums {
  let count: Int
  let failures: Int
  let meanSeconds: Double
  var successPercent: Double {
    count + failures == 0 ? 0 : 100 * Double(count) / Double(count + failures)
  }

  init(_ totals: Metrics.Totals) {
    count = totals(.articles)
    failures = totals.requests.filter { Routes.writers.contains($0.endpoint) }
      .reduce(0) { $0 + $1.requests.serverError }
    meanSeconds = count == 0 ? 0 : Double(totals(.articleMicroseconds)) / 1e6 / Double(count)
  }

  /// The mean of a sum of hundredths.
  func mean(_ hundredths: Int) -> Double { count == 0 ? 0 : Double(hundredths) / 100 / Double(count) }
}

extension Metrics {
  /// Counts an article that a call has got.
  func count(_ article: Article, seconds: Double) {
    count(.articles)
    count(.articleWords, article.wordCount)
    count(.articleMicroseconds, Int((seconds * 1e6).rounded()))
    count(.articleSEOPoints, Int((article.seo.overallSEOScore * 100).rounded()))
    count(.articleReadabilityPoints, Int((article.quality.readabilityScore * 100).rounded()))
    count(.articleQualityPoints, Int((article.overallQuality * 100).rounded()))
  }
}

extension ContentStrategy {
  /// What counts the articles that were written for it.
  var event: Metrics.Event {
    switch self {
    case .seoOptimized: .seoOptimizedArticles
    case .engagementFocused: .engagementFocusedArticles
    case .conversionOptimized: .conversionOptimizedArticles
    case .educational: .educationalArticles
    case .promotional: .promotionalArticles
    case .technical: .technicalArticles
    case .creative: .creativeArticles
    }
  }
}

extension Article {
  /// The mean of the SEO, readability and engagement scores, 0 to 100.
  var overallQuality: Double {
    (seo.overallSEOScore + quality.readabilityScore + quality.engagementScore) / 3
  }
}

extension Services {
  /// Seconds since this worker started.
  var uptime: Double { Double(HostClock.monotonicNanoseconds() - startedAt) / 1e9 }
}
