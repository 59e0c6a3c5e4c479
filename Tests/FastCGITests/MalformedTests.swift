// Peers that break the protocol: their connection ends, the process lives, and the next connection is served.

import FastCGI
import Glibc
import HTTP
import Testing

@Suite struct MalformedTests {
  private static let method = pair("REQUEST_METHOD", "GET") + pair("REQUEST_URI", "/")
  private static let huge = pair("A", "B", lengths: (0x7fff_fffe, 0x7fff_fffe))

  /// What a peer sends, by name. Each is refused as soon as it is read, without the peer's closing.
  private static let refused: [(name: String, bytes: [UInt8])] = [
    ("lengths near 2^31, twice", beginKept + record(.params, huge)),
    (
      "such lengths over two records",
      beginKept + record(.params, Array(huge.prefix(3))) + record(.params, Array(huge.dropFirst(3)))
    ),
    ("a value of nearly 2^31", beginKept + record(.params, pair("A", "", lengths: (1, 0x7fff_ffff)))),
    (
      "a pair longer than all parameters may be",
      beginKept + record(.params, pair("A", "", lengths: (1, 200_000)))
    ),
    (
      "FCGI_GET_VALUES with repeated names",
      record(
        .getValues,
        (0..<200).flatMap { _ in pair("FCGI_MAX_CONNS", "") + pair("FCGI_MPXS_CONNS", "") }, id: 0)
    ),
    ("FCGI_GET_VALUES for a request", record(.getValues, pair("FCGI_MAX_CONNS", ""))),
    ("version 2", record(.begin, [0, 1, 1, 0, 0, 0, 0, 0], version: 2)),
    ("version 0", record(.begin, [0, 1, 1, 0, 0, 0, 0, 0], version: 0)),
    ("request id 0", record(.begin, [0, 1, 1, 0, 0, 0, 0, 0], id: 0)),
    ("a begin that is too short", record(.begin, [0, 1, 1, 0])),
    ("a begin that is too long", record(.begin, [UInt8](repeating: 0, count: 16))),
    ("an unknown type", [1, 77, 0, 1, 0, 0, 0, 0]),
    ("a type of answers", record(.stdout, [1, 2, 3])),
    (
      "parameters beyond the limit",
      beginKept
        + (0..<3).flatMap { _ in
          record(.params, (0..<60).flatMap { pair("NAME_\($0)", String(repeating: "x", count: 1_000)) })
        }
    ),
    (
      "parameters that end within a pair",
      beginKept + record(.params, method + [5, 5, 65, 66]) + record(.params) + record(.stdin)
    ),
    (
      "parameters that end within a length",
      beginKept + record(.params, method + [0x80, 0]) + record(.params) + record(.stdin)
    ),
    ("HTTP", Array("GET / HTTP/1.1\r\nHost: petstore\r\n\r\n".utf8)),
    ("nothing but ones", [UInt8](repeating: 0xff, count: 1_000)),
  ]

  private func expectServing(_ server: Server, _ location: SourceLocation = #_sourceLocation) throws {
    let answer = try Client(server.path).ask(request("POST", "/", body: [65]))
    #expect(answer.body == "A", sourceLocation: location)
  }

  @Test(arguments: refused.map(\.name))
  func `A broken record ends its connection at once and nothing else`(name: String) throws {
    let bytes = try #require(Self.refused.first { $0.name == name }).bytes
    try withServer(.init(threads: 2, body: 1_000, drain: .milliseconds(100), read: .seconds(8))) {
      server in
      // given: a bystander on a kept connection
      let bystander = try Client(server.path)
      #expect(try bystander.ask(request()).status == "Status: 200 OK")
      // when
      let client = try Client(server.path)
      client.send(bytes)
      // then
      #expect(client.isClosedByPeer)
      client.close()
      #expect(server.refuses(1))
      #expect(try bystander.ask(request()).status == "Status: 200 OK")
      try expectServing(server)
    }
  }

  @Test(arguments: refused.map(\.name))
  func `It does so on a connection that has served well before`(name: String) throws {
    let bytes = try #require(Self.refused.first { $0.name == name }).bytes
    try withServer(.init(threads: 2, body: 1_000, drain: .milliseconds(100), read: .seconds(8))) {
      server in
      let client = try Client(server.path)
      #expect(try client.ask(request()).status == "Status: 200 OK")
      client.send(bytes)
      #expect(client.isClosedByPeer)
      try expectServing(server)
    }
  }

  private static let whole = request("POST", "/", body: Array("0123456789".utf8))

  @Test func `A peer that goes away after any number of bytes takes nothing along`() throws {
    try withServer { server in
      for count in 0..<Self.whole.count {
        let client = try Client(server.path)
        client.send(Array(Self.whole.prefix(count)))
        if count % 2 == 0 { client.finish() } else { client.close() }
        if count % 20 == 0 { try expectServing(server) }
      }
      try expectServing(server)
    }
  }

  @Test(arguments: [1, 7, 8, 12, 40, whole.count - 9, whole.count - 1])
  func `A peer that falls silent is left after the read limit`(count: Int) throws {
    try withServer { server in
      // given: both threads wait for peers that say no more
      let silent = try (0..<2).map { _ in try Client(server.path) }
      for client in silent { client.send(Array(Self.whole.prefix(count))) }
      // when, then: they are free again soon
      try expectServing(server)
      for client in silent {
        #expect(client.isClosedByPeer)
        client.close()
      }
      #expect(server.refuses(2))
    }
  }

  @Test func `A peer that connects and says nothing holds no thread`() throws {
    try withServer { server in
      let silent = try (0..<20).map { _ in try Client(server.path) }
      try expectServing(server)
      usleep(500_000)
      // and is not closed either: it may have something to say later
      #expect(try silent[0].ask(request()).status == "Status: 200 OK")
      withExtendedLifetime(silent) {}
    }
  }

  @Test func `A broken record on a connection of a high number ends that connection alone`()
    async
  {
    await #expect(processExitsWith: .success) {
      // given: more descriptors open than select(2) can name
      for _ in 0..<1_100 { _ = dup(2) }
      try withServer { server in
        let bystander = try Client(server.path)
        _ = try bystander.ask(request())
        // when
        let client = try Client(server.path)
        client.send(record(.begin, [0, 1, 1, 0, 0, 0, 0, 0], version: 2))
        // then
        #expect(client.isClosedByPeer)
        client.close()
        #expect(try bystander.ask(request()).status == "Status: 200 OK")
      }
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `Requests with bytes changed at random never take the process down`(seed: UInt64) throws {
    var state = seed
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    try withServer { server in
      for _ in 0..<150 {
        var bytes = request(
          "POST", "/x", body: Array("0123456789".utf8),
          more: [("HTTP_USER_AGENT", String(repeating: "u", count: 300))])
        for _ in 0...random(4) {
          switch random(4) {
          case 0: bytes[random(bytes.count)] = UInt8(random(256))
          case 1: bytes.remove(at: random(bytes.count))
          case 2: bytes.insert(UInt8(random(256)), at: random(bytes.count))
          default: bytes[random(60)] ^= 1 << UInt8(random(8))
          }
        }
        let client = try Client(server.path)
        client.send(bytes)
        client.finish()
        _ = try? client.answer()
      }
      try expectServing(server)
    }
  }
}
