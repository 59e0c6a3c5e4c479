/// A path template such as `/api/v1/auth/keys/{id}`: literal segments and named ones.
public struct RoutePattern: Sendable, Hashable, CustomStringConvertible {
  public let description: String
  let segments: [Substring]

  public init(_ template: String) {
    description = template
    segments = template.split(separator: "/", omittingEmptySubsequences: false)
  }

  /// Whether the template names a segment.
  var isExact: Bool { !description.utf8.contains(UInt8(ascii: "{")) }

  /// The values of the named segments, in order, if the path fits.
  func match(_ path: String) -> [String]? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == segments.count else { return nil }
    var values: [String] = []
    for (segment, part) in zip(segments, parts) {
      if segment.utf8.first == UInt8(ascii: "{") {
        guard !part.isEmpty, let value = Target.decode(part) else { return nil }
        values.append(value)
      } else if segment != part {
        return nil
      }
    }
    return values
  }
}

/// Finds the route of a request. `Endpoint` is whatever the table's owner calls one.
public struct RouteTable<Endpoint: Sendable>: Sendable {
  /// What a look-up found.
  public enum Match {
    case found(Endpoint, parameters: [String])
    /// The path exists, the method does not; `allow` is the value of the Allow header.
    case wrongMethod(allow: String)
    case unknown
  }

  private var exact: [String: [(Method, Endpoint)]] = [:]
  private var patterns: [(RoutePattern, [(Method, Endpoint)])] = []

  public init(_ routes: [(Method, RoutePattern, Endpoint)]) {
    for (method, pattern, endpoint) in routes {
      if pattern.isExact {
        exact[pattern.description, default: []].append((method, endpoint))
      } else if let index = patterns.firstIndex(where: { $0.0 == pattern }) {
        patterns[index].1.append((method, endpoint))
      } else {
        patterns.append((pattern, [(method, endpoint)]))
      }
    }
  }

  /// Looks a request up. HEAD is answered by GET's route (RFC 9110 section 9.3.2).
  public func find(_ method: Method, _ path: String) -> Match {
    let wanted = method == .head ? .get : method
    if let candidates = exact[path] { return choose(wanted, candidates, []) }
    for (pattern, candidates) in patterns {
      if let values = pattern.match(path) { return choose(wanted, candidates, values) }
    }
    return .unknown
  }

  private func choose(
    _ method: Method, _ candidates: [(Method, Endpoint)], _ values: [String]
  ) -> Match {
    for (candidate, endpoint) in candidates where candidate == method {
      return .found(endpoint, parameters: values)
    }
    var allowed = candidates.map(\.0.rawValue)
    if allowed.contains("GET") { allowed.append("HEAD") }
    return .wrongMethod(allow: allowed.joined(separator: ", "))
  }
}
