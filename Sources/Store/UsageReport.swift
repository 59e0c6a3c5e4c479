// An account's own usage, read from api_usage.

public import Domain
import Postgres

/// Usage of one account over some days.
public struct UsageReport: Sendable {
  public struct Endpoint: Sendable {
    public let name: String
    public let requests: Int
    public let errors: Int
    /// Milliseconds; nil while no call has ended.
    public let averageLatency: Double?
    /// Milliseconds: the upper end of the histogram class in which the 95th of 100 calls lies.
    public let latency95: Double?
  }

  public struct Day: Sendable {
    /// `YYYY-MM-DD`, UTC.
    public let date: String
    public let requests: Int
    public let errors: Int
  }

  /// First and last day, UTC.
  public let from: String
  public let to: String
  public let endpoints: [Endpoint]
  public let days: [Day]
  public let requests: Int
  public let errors: Int
  public let averageLatency: Double?
}

/// One endpoint's calls in one hour. Latencies are milliseconds; percentiles the upper ends of their classes.
public struct HourlyUsage: Sendable {
  /// Seconds since 1970.
  public let begins: Double
  public let endpoint: String
  public let requests: Int
  public let errors: Int
  public let averageLatency: Double?
  public let latency50: Double?
  public let latency95: Double?
  public let latency99: Double?
}

extension Database {
  /// Reads an account's usage of the last `days` days, today included.
  public func usage(of principal: Principal, days: Int) throws -> UsageReport {
    try report(in: .tenant(principal.tenantID)) { connection in
      let back = max(0, days - 1)
      let endpoints = try connection.query(
        """
        SELECT endpoint, sum(request_count)::bigint, sum(error_count)::bigint, sum(completed_count)::bigint,
               sum(latency_sum_us)::bigint,
               (SELECT string_agg(c::text, ' ' ORDER BY i)
                FROM (SELECT i, sum(v) AS c
                      FROM api_usage h, unnest(h.latency_histogram) WITH ORDINALITY AS x(v, i)
                      WHERE h.user_id = \(principal.userID) AND h.endpoint = u.endpoint
                        AND h.hour >= (date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')
                                      - make_interval(days => \(back)::integer)
                      GROUP BY i) s)
        FROM api_usage u
        WHERE user_id = \(principal.userID)
          AND hour >= (date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')
                      - make_interval(days => \(back)::integer)
        GROUP BY endpoint
        ORDER BY 2 DESC, endpoint
        """)
      let byDay = try connection.query(
        """
        SELECT to_char(d.day, 'YYYY-MM-DD'), coalesce(sum(u.request_count), 0)::bigint,
               coalesce(sum(u.error_count), 0)::bigint
        FROM generate_series((now() AT TIME ZONE 'UTC')::date - \(back)::integer,
                             (now() AT TIME ZONE 'UTC')::date, interval '1 day') AS d(day)
        LEFT JOIN api_usage_daily u ON u.day = d.day::date AND u.user_id = \(principal.userID)
        GROUP BY d.day
        ORDER BY d.day
        """
      ).map { row in
        UsageReport.Day(
          date: try row.string(0), requests: try row.int(1), errors: try row.int(2))
      }
      var total = (requests: 0, errors: 0, completed: 0, microseconds: 0)
      let byEndpoint = try endpoints.map { row in
        let completed = try row.int(3)
        let microseconds = try row.int(4)
        total.requests += try row.int(1)
        total.errors += try row.int(2)
        total.completed += completed
        total.microseconds += microseconds
        let histogram = (try row.optionalString(5) ?? "").split(separator: " ").map { Int($0) ?? 0 }
        return UsageReport.Endpoint(
          name: try row.string(0), requests: try row.int(1), errors: try row.int(2),
          averageLatency: Self.average(microseconds, completed),
          latency95: Self.percentile(95, of: histogram))
      }
      return UsageReport(
        from: byDay.first?.date ?? "", to: byDay.last?.date ?? "", endpoints: byEndpoint,
        days: byDay, requests: total.requests, errors: total.errors,
        averageLatency: Self.average(total.microseconds, total.completed))
    }
  }

  /// An account's usage hour by hour, oldest first; hours without calls are left out.
  public func usageByHour(of principal: Principal, hours: Int) throws -> [HourlyUsage] {
    try report(in: .tenant(principal.tenantID)) { connection in
      try connection.query(
        """
        SELECT hour, endpoint, request_count, error_count, completed_count, latency_sum_us,
               array_to_string(latency_histogram, ' ')
        FROM api_usage
        WHERE user_id = \(principal.userID)
          AND hour > now() - make_interval(hours => \(hours)::integer)
        ORDER BY hour, endpoint
        """
      ).map { row in
        let histogram = try row.string(6).split(separator: " ").map { Int($0) ?? 0 }
        return HourlyUsage(
          begins: try row.timestamp(0), endpoint: try row.string(1), requests: try row.int(2),
          errors: try row.int(3), averageLatency: Self.average(try row.int(5), try row.int(4)),
          latency50: Self.percentile(50, of: histogram), latency95: Self.percentile(95, of: histogram),
          latency99: Self.percentile(99, of: histogram))
      }
    }
  }

  private static func average(_ microseconds: Int, _ count: Int) -> Double? {
    count > 0 ? Double(microseconds) / Double(count) / 1_000 : nil
  }

  static func percentile(_ percent: Int, of histogram: [Int]) -> Double? {
    let total = histogram.reduce(0, +)
    guard total > 0 else { return nil }
    var seen = 0
    for (index, count) in histogram.enumerated() {
      seen += count
      if seen * 100 >= total * percent {
        let boundaries = UsageCounts.boundaries
        return Double(boundaries[min(index, boundaries.count - 1)])
      }
    }
    return nil
  }
}
