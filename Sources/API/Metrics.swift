// What is counted, and how the counts of all workers of the host become one page for Prometheus: each instance counts
// in a shared file of its own, and whoever is asked adds the files up.

import Domain
public import Host

/// The metrics of one instance.
public final class Metrics: Sendable {
  /// Counters that are not about one endpoint.
  public enum Event: Int, CaseIterable, Sendable {
    case admitted, refused, concurrencyRefused, admittedLocally, refusedLocally
    case principalReloaded, credentialRefused, tokenRefused, tokensRefreshed, refreshReused
    case redisFailure, postgresFailure, unforeseenError
    case reportFromReplica, reportFromPrimary
    case loginSucceeded, loginFailed, loginLocked, accountRegistered
    case usageSpooled, usageLost, connectionRefused
    case articles, articleWords, articleMicroseconds, articleSEOPoints, articleReadabilityPoints, articleQualityPoints
    case seoOptimizedArticles, engagementFocusedArticles, conversionOptimizedArticles, educationalArticles
    case promotionalArticles, technicalArticles, creativeArticles
    case providerAnswered, providerFailed, providerNanodollars
    case inFlight

    /// Name, labels and help text; events that share a name are one metric with labels.
    var metric: (name: String, labels: String, help: String) {
      switch self {
      case .admitted: ("petstore_admissions_total", #"outcome="admitted",by="redis""#, Self.admissions)
      case .refused: ("petstore_admissions_total", #"outcome="refused",by="redis""#, Self.admissions)
      case .concurrencyRefused:
        ("petstore_admissions_total", #"outcome="too_many_concurrent",by="redis""#, Self.admissions)
      case .admittedLocally:
        ("petstore_admissions_total", #"outcome="admitted",by="worker""#, Self.admissions)
      case .refusedLocally:
        ("petstore_admissions_total", #"outcome="refused",by="worker""#, Self.admissions)
      case .principalReloaded:
        ("petstore_principal_reloads_total", "", "Principals read from PostgreSQL.")
      case .credentialRefused:
        ("petstore_credentials_refused_total", "", "Requests with a credential that is not valid.")
      case .tokenRefused:
        ("petstore_tokens_refused_total", "", "Tokens whose signature, claims or form were wrong.")
      case .tokensRefreshed: ("petstore_refreshes_total", #"outcome="succeeded""#, Self.refreshes)
      case .refreshReused: ("petstore_refreshes_total", #"outcome="reused""#, Self.refreshes)
      case .redisFailure: ("petstore_dependency_failures_total", #"dependency="redis""#, Self.failures)
      case .postgresFailure:
        ("petstore_dependency_failures_total", #"dependency="postgresql""#, Self.failures)
      case .unforeseenError:
        ("petstore_unforeseen_errors_total", "", "Errors that nobody foresaw, answered 500.")
      case .reportFromReplica: ("petstore_reports_total", #"by="replica""#, Self.reports)
      case .reportFromPrimary: ("petstore_reports_total", #"by="primary""#, Self.reports)
      case .loginSucceeded: ("petstore_logins_total", #"outcome="succeeded""#, Self.logins)
      case .loginFailed: ("petstore_logins_total", #"outcome="failed""#, Self.logins)
      case .loginLocked: ("petstore_logins_total", #"outcome="locked""#, Self.logins)
      case .accountRegistered: ("petstore_registrations_total", "", "Accounts registered.")
      case .usageSpooled:
        ("petstore_usage_spooled_total", "", "Usage events written to disk while Redis was away.")
      case .usageLost:
        ("petstore_usage_lost_total", "", "Usage events that neither Redis nor the disk took.")
      case .connectionRefused:
        (
          "petstore_fastcgi_violations_total", "",
          "FastCGI connections closed because the peer broke the protocol."
        )
      case .articles: ("petstore_articles_total", "", "Articles written for a call; those of batches are not in it.")
      case .articleWords: ("petstore_article_words_total", "", "Words of these articles.")
      case .articleMicroseconds: ("petstore_article_seconds_total", "", "Time in the engine for these articles.")
      case .articleSEOPoints:
        ("petstore_article_seo_points_total", "", "Sum of these articles' SEO scores, in hundredths.")
      case .articleReadabilityPoints:
        ("petstore_article_readability_points_total", "", "Sum of their readability scores, in hundredths.")
      case .articleQualityPoints:
        ("petstore_article_quality_points_total", "", "Sum of their quality scores, in hundredths.")
      case .seoOptimizedArticles: ("petstore_articles_by_strategy_total", #"strategy="seo_optimized""#, Self.strategies)
      case .engagementFocusedArticles:
        ("petstore_articles_by_strategy_total", #"strategy="engagement_focused""#, Self.strategies)
      case .conversionOptimizedArticles:
        ("petstore_articles_by_strategy_total", #"strategy="conversion_optimized""#, Self.strategies)
      case .educationalArticles: ("petstore_articles_by_strategy_total", #"strategy="educational""#, Self.strategies)
      case .promotionalArticles: ("petstore_articles_by_strategy_total", #"strategy="promotional""#, Self.strategies)
      case .technicalArticles: ("petstore_articles_by_strategy_total", #"strategy="technical""#, Self.strategies)
      case .creativeArticles: ("petstore_articles_by_strategy_total", #"strategy="creative""#, Self.strategies)
      case .providerAnswered: ("petstore_provider_requests_total", #"outcome="answered""#, Self.providers)
      case .providerFailed: ("petstore_provider_requests_total", #"outcome="failed""#, Self.providers)
      case .providerNanodollars:
        ("petstore_provider_nanodollars_total", "", "What AI providers charged, in billionths of a US dollar.")
      case .inFlight: ("petstore_requests_in_flight", "", "Requests that run now.")
      }
    }

    private static let admissions = "Decisions about authenticated requests."
    private static let failures = "Calls to a dependency that failed."
    private static let reports =
      "Reports by the PostgreSQL that answered; counted where PG_REPLICA_DSN names a standby."
    private static let logins = "Logins by outcome."
    private static let providers = "Requests to AI providers."
    private static let strategies = "Articles written for a strategy."
    private static let refreshes = "Refresh tokens exchanged, or presented after they had been exchanged."
  }

  /// Upper ends of the histogram's classes, in microseconds.
  static let boundaries = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000]
  private static let perEndpoint = 4 + boundaries.count + 2

  private let counters: SharedCounters
  /// Where the counters of calls that would be refused begin: by group, then by reason.
  private let wouldRefuse: Int
  private let directory: String
  private let endpoints: [String]
  private let layout: UInt64

  /// - Parameters:
  ///   - instance: names the file.
  ///   - endpoints: all names that can be counted, in the route table's order.
  public init(
    directory: String, instance: String, endpoints: [String]
  ) throws(SharedCounters.Failure) {
    self.directory = directory
    self.endpoints = endpoints
    let names = endpoints.joined(separator: ",") + Event.allCases.map { "\($0)" }.joined()
    layout = names.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    wouldRefuse = Event.allCases.count + endpoints.count * Self.perEndpoint
    counters = try SharedCounters(
      path: "\(directory)/\(instance).counters", count: Self.size(endpoints), layout: layout)
    // A gauge of a process that is gone says nothing.
    counters.store(0, at: Event.inFlight.rawValue)
  }

  private static func size(_ endpoints: [String]) -> Int {
    Event.allCases.count + endpoints.count * perEndpoint + RouteGroup.allCases.count * WouldRefuse.allCases.count
  }

  public func count(_ event: Event, _ amount: Int = 1) { counters.add(UInt64(max(0, amount)), at: event.rawValue) }

  func began() { counters.add(at: Event.inFlight.rawValue) }

  /// Counts a call that was served, and would have been refused if its group of routes enforced a credential.
  func countWouldRefuse(_ group: RouteGroup, _ reason: WouldRefuse) {
    guard let place = Self.refusals.firstIndex(where: { $0 == (group, reason) }) else { return }
    counters.add(at: wouldRefuse + place)
  }

  private static let refusals = RouteGroup.allCases.flatMap { group in WouldRefuse.allCases.map { (group, $0) } }

  /// Counts a request that has ended.
  func ended(endpoint: Int, status: Int, microseconds: Int) {
    counters.add(UInt64.max, at: Event.inFlight.rawValue)
    let base = Event.allCases.count + endpoint * Self.perEndpoint
    counters.add(at: base + min(max(status / 100, 2), 5) - 2)
    let index = Self.boundaries.firstIndex { microseconds <= $0 } ?? Self.boundaries.count
    counters.add(at: base + 4 + index)
    counters.add(UInt64(max(0, microseconds)), at: base + 4 + Self.boundaries.count + 1)
  }

  /// What the instances of this host have counted together since their files were made.
  struct Totals {
    struct Requests {
      var success = 0
      var redirection = 0
      var clientError = 0
      var serverError = 0
      var microseconds = 0
      var count: Int { success + redirection + clientError + serverError }
    }

    fileprivate(set) var instances = 0
    fileprivate let sums: [UInt64]
    fileprivate let endpoints: [String]

    func callAsFunction(_ event: Event) -> Int { Int(truncatingIfNeeded: sums[event.rawValue]) }

    /// By endpoint, those that have been called.
    var requests: [(endpoint: String, requests: Requests)] {
      endpoints.enumerated().compactMap { index, name in
        let base = Event.allCases.count + index * Metrics.perEndpoint
        func sum(_ offset: Int) -> Int { Int(truncatingIfNeeded: sums[base + offset]) }
        let requests = Requests(
          success: sum(0), redirection: sum(1), clientError: sum(2), serverError: sum(3),
          microseconds: sum(4 + Metrics.boundaries.count + 1))
        return requests.count == 0 ? nil : (name, requests)
      }
    }
  }

  func totals() -> Totals {
    var sums = [UInt64](repeating: 0, count: Self.size(endpoints))
    var instances = 0
    for name in Files.names(in: directory) where name.hasSuffix(".counters") {
      let path = "\(directory)/\(name)"
      guard let values = SharedCounters.read(path: path, count: sums.count, layout: layout) else {
        continue
      }
      instances += 1
      for index in sums.indices { sums[index] &+= values[index] }
    }
    return Totals(instances: instances, sums: sums, endpoints: endpoints)
  }

  /// All instances of this host in Prometheus's text format, version 0.0.4.
  func page() -> String {
    let totals = totals()
    let (sums, instances) = (totals.sums, totals.instances)
    var page = ""
    func header(_ name: String, _ type: String, _ help: String) {
      page += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
    header("petstore_instances", "gauge", "Worker instances whose counters are in this page.")
    page += "petstore_instances \(instances)\n"
    var previous = ""
    for event in Event.allCases {
      let (name, labels, help) = event.metric
      if name != previous { header(name, event == .inFlight ? "gauge" : "counter", help) }
      previous = name
      // Prometheus's base unit is the second; what is counted are whole microseconds.
      let value = event == .articleMicroseconds ? "\(Double(sums[event.rawValue]) / 1e6)" : "\(sums[event.rawValue])"
      page += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value)\n"
    }
    header(
      "petstore_would_refuse_total", "counter",
      "Calls without a valid credential that were served while AUTH_ENFORCEMENT only observes.")
    for (place, (group, reason)) in Self.refusals.enumerated() {
      page += "petstore_would_refuse_total{group=\"\(group.rawValue)\",reason=\"\(reason.rawValue)\"}"
      page += " \(sums[wouldRefuse + place])\n"
    }
    header("petstore_requests_total", "counter", "Requests by endpoint and class of status.")
    for (index, endpoint) in endpoints.enumerated() {
      let base = Event.allCases.count + index * Self.perEndpoint
      for status in 0..<4 {
        page += "petstore_requests_total{endpoint=\"\(endpoint)\",status=\"\(status + 2)xx\"}"
        page += " \(sums[base + status])\n"
      }
    }
    let name = "petstore_request_duration_seconds"
    header(name, "histogram", "Time from the request's arrival at the worker to its answer.")
    for (index, endpoint) in endpoints.enumerated() {
      let base = Event.allCases.count + index * Self.perEndpoint + 4
      var seen: UInt64 = 0
      for (bucket, boundary) in Self.boundaries.enumerated() {
        seen &+= sums[base + bucket]
        page += "\(name)_bucket{endpoint=\"\(endpoint)\",le=\"\(Double(boundary) / 1e6)\"} \(seen)\n"
      }
      seen &+= sums[base + Self.boundaries.count]
      page += "\(name)_bucket{endpoint=\"\(endpoint)\",le=\"+Inf\"} \(seen)\n"
      let sum = Double(sums[base + Self.boundaries.count + 1]) / 1e6
      page += "\(name)_sum{endpoint=\"\(endpoint)\"} \(sum)\n"
      page += "\(name)_count{endpoint=\"\(endpoint)\"} \(seen)\n"
    }
    return page
  }
}
