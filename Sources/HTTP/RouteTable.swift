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

/// Finds the route of a request: its place in the list that the table was made of. Not generic, so that the look-up of
/// every request is compiled for what it is.
public struct RouteTable: Sendable {
  /// What a look-up found.
  public enum Match: Sendable, Equatable {
    case found(index: Int, parameters: [String])
    /// The path exists, the method does not; `allow` is the value of the Allow header.
    case wrongMethod(allow: String)
    case unknown
  }

  private struct Candidate {
    let method: Method
    let index: Int
  }

  private struct Row {
    let pattern: RoutePattern
    var candidates: [Candidate]
  }

  private var exact: [String: [Candidate]] = [:]
  private var patterns: [Row] = []

  public init(_ routes: [(Method, RoutePattern)]) {
    for (index, (method, pattern)) in routes.enumerated() {
      let candidate = Candidate(method: method, index: index)
      if pattern.isExact {
        exact[pattern.description, default: []].append(candidate)
      } else if let row = patterns.firstIndex(where: { $0.pattern == pattern }) {
        patterns[row].candidates.append(candidate)
      } else {
        patterns.append(Row(pattern: pattern, candidates: [candidate]))
      }
    }
  }

  /// Looks a request up. HEAD is answered by GET's route (RFC 9110 section 9.3.2).
  public func find(_ method: Method, _ path: String) -> Match {
    let wanted = method == .head ? .get : method
    if let candidates = exact[path] { return choose(wanted, candidates, []) }
    for row in patterns {
      if let values = row.pattern.match(path) { return choose(wanted, row.candidates, values) }
    }
    return .unknown
  }

  private func choose(_ method: Method, _ candidates: [Candidate], _ values: [String]) -> Match {
    for candidate in candidates where candidate.method == method {
      return .found(index: candidate.index, parameters: values)
    }
    var allowed = candidates.map(\.method.rawValue)
    if allowed.contains("GET") { allowed.append("HEAD") }
    return .wrongMethod(allow: allowed.joined(separator: ", "))
  }
}
