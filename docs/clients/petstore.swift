// A small client of PetStore Direct with Foundation: swiftc petstore.swift, then ./petstore TOPIC writes an article and
// prints its title. BASE_URL says where; API_KEY, or EMAIL and PASSWORD, who you are; the system says whom to trust.

import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What the service refused, and why (RFC 9457).
struct Problem: Error, Decodable, CustomStringConvertible {
  struct Place: Decodable {
    let loc: [Step]
    let msg: String
  }
  /// A name, or a position in a list.
  enum Step: Decodable, CustomStringConvertible {
    case name(String), position(Int)
    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      self = if let position = try? value.decode(Int.self) { .position(position) } else { .name(try value.decode(String.self)) }
    }
    var description: String {
      switch self {
      case .name(let name): name
      case .position(let position): "\(position)"
      }
    }
  }
  var status: Int
  let type: String
  let detail: String
  let request_id: String?
  let errors: [Place]?

  /// From an answer that was refused, whatever it holds.
  init(_ answer: Answer) {
    if let told = try? JSONDecoder().decode(Problem.self, from: answer.body) {
      self = told
    } else {
      (status, type, detail, request_id, errors) = (answer.status, "", "no answer that could be read", nil, nil)
    }
  }
  var code: Substring { type.split { "/#".contains($0) }.last ?? "" }
  var description: String {
    let places = (errors ?? []).map { "\n  \($0.loc.map(\.description).joined(separator: ".")): \($0.msg)" }
    return "\(status) \(code): \(detail) (request \(request_id ?? "-"))" + places.joined()
  }
}

struct Answer {
  let status: Int
  let retryAfter: Double?
  let body: Data
}

struct Profile: Decodable { let email: String }
struct Article: Decodable {
  struct Post: Decodable { let title: String }
  let blog_post: Post
}
struct Wish: Encodable {
  let topic: String
  var length = "short"
}

/// An actor, so that of several calls at once one renews the tokens and the others wait for it.
actor PetStore {
  enum Account {
    case key(String)
    case login(email: String, password: String)
  }
  private struct Pair: Decodable {
    let access_token: String
    let refresh_token: String
  }
  private let base: URL
  private let account: Account
  private var pair: Pair?
  private var renewal: Task<Pair, any Error>?
  private let tries = 5
  private let longestWait = 90.0

  init(base: URL, account: Account) {
    self.base = base
    self.account = account
  }

  func profile() async throws -> Profile { try await call("GET", "auth/profile", repeatable: true) }
  func write(_ wish: Wish) async throws -> Article {
    try await call("POST", "blog/generate", JSONEncoder().encode(wish), repeatable: true)
  }

  /// A call with all its tries. `repeatable`: doing it twice does no harm.
  func call<Value: Decodable>(_ method: String, _ path: String, _ body: Data? = nil, repeatable: Bool) async throws -> Value {
    var renewed = false
    var tried = 0
    while true {
      let credential = try await credential()
      tried += 1
      var wait = pow(2, Double(tried - 1)) * Double.random(in: 0.5...1.5)
      do {
        let answer = try await send(method, path, body, credential)
        if answer.status < 300 { return try JSONDecoder().decode(Value.self, from: answer.body) }
        let problem = Problem(answer)
        if answer.status == 401, problem.code == "invalid_credential", case .login = account, !renewed {
          _ = try await renew(insteadOf: credential)
          renewed = true
          continue
        }
        wait = answer.retryAfter ?? wait
        let again = answer.status == 429 || ([502, 503, 504].contains(answer.status) && repeatable)
        guard again, tried < tries, wait <= longestWait else { throw problem }
      } catch let broken as URLError {
        guard repeatable, tried < tries else { throw broken }
      }
      try await Task.sleep(for: .seconds(wait))
    }
  }

  private func credential() async throws -> String {
    if case .key(let key) = account { return key }
    if let pair { return pair.access_token }
    return try await renew(insteadOf: nil).access_token
  }

  /// A new pair for the old one; where that is not taken, a login.
  private func renew(insteadOf stale: String?) async throws -> Pair {
    if let pair, pair.access_token != stale { return pair }
    if let renewal { return try await renewal.value }
    let old = pair?.refresh_token
    let task = Task<Pair, any Error> {
      var answer = Answer(status: 401, retryAfter: nil, body: Data())
      if let old { answer = try await send("POST", "auth/refresh", JSONEncoder().encode(["refresh_token": old])) }
      if answer.status == 401, case .login(let email, let password) = account {
        answer = try await send("POST", "auth/login", JSONEncoder().encode(["email": email, "password": password]))
      }
      guard answer.status == 200 else { throw Problem(answer) }
      return try JSONDecoder().decode(Pair.self, from: answer.body)
    }
    renewal = task
    defer { renewal = nil }
    let new = try await task.value
    pair = new
    return new
  }

  /// One request.
  private func send(_ method: String, _ path: String, _ body: Data?, _ credential: String? = nil) async throws -> Answer {
    var request = URLRequest(url: base.appending(path: "api/v1/\(path)"), timeoutInterval: 100)
    request.httpMethod = method
    request.httpBody = body
    if let credential { request.setValue("Bearer \(credential)", forHTTPHeaderField: "Authorization") }
    if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    return Answer(
      status: response.statusCode, retryAfter: response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init), body: data)
  }
}

let environment = ProcessInfo.processInfo.environment
guard let base = environment["BASE_URL"].flatMap(URL.init(string:)), CommandLine.arguments.count == 2 else {
  fputs("usage: BASE_URL=… API_KEY=… petstore TOPIC\n", stderr)
  exit(2)
}
let account: PetStore.Account =
  if let key = environment["API_KEY"] {
    .key(key)
  } else {
    .login(email: environment["EMAIL"] ?? "", password: environment["PASSWORD"] ?? "")
  }
let client = PetStore(base: base, account: account)
do {
  print(try await client.profile().email)
  print(try await client.write(Wish(topic: CommandLine.arguments[1])).blog_post.title)
} catch {
  fputs("\(error)\n", stderr)
  exit(1)
}
