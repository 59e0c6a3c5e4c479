import FastCGI
import Glibc
import HTTP
import Synchronization
import Testing
import Threads

@Suite struct DispatcherTests {
  @Test func `A kept connection answers one request after another`() throws {
    try withServer { server in
      let client = try Client(server.path)
      for number in 0..<50 {
        let answer = try client.ask(
          request("POST", "/things?n=\(number)", body: Array("body \(number)".utf8)))
        #expect(answer.status == "Status: 200 OK")
        #expect(answer.head.contains("X-Target: /things?n=\(number)"))
        #expect(answer.body == "body \(number)" && answer.exitStatus == 0)
      }
      #expect(server.refused == 0)
    }
  }

  @Test func `A request that gives up its seat holds nobody up, and ends with its thread`() throws {
    let gate = Latch()
    let handler: @Sendable (Request) -> Response = { request in
      if request.path == "/aside" { gate.wait(timeout: .seconds(10)) }
      return Response(.ok, body: Array(request.path.utf8))
    }
    let limits = Dispatcher.Limits(threads: 1, body: 1_000, drain: .milliseconds(200), read: .milliseconds(300))
    try withServer(limits, handler: handler) { server in
      // given: one seat, and more that wait than there are seats
      let waiting = try (0..<5).map { _ in try Client(server.path) }
      for client in waiting { client.send(request("GET", "/aside")) }
      // when
      let other = try Client(server.path)
      let began = ContinuousClock.now
      // then
      for _ in 0..<20 { #expect(try other.ask(request("GET", "/quick")).body == "/quick") }
      #expect(ContinuousClock.now - began < .seconds(2))
      for _ in 0..<1_000 where server.dispatcher.requestsAside < 5 { usleep(1_000) }
      #expect(server.dispatcher.requestsAside == 5)
      // and all are answered, on connections that serve on
      gate.open()
      for client in waiting {
        #expect(try client.answer().body == "/aside")
        #expect(try client.ask(request("GET", "/next")).body == "/next")
      }
      for _ in 0..<1_000 where server.dispatcher.requestsAside > 0 { usleep(1_000) }
      #expect(server.dispatcher.requestsAside == 0)
      #expect(server.dispatcher.requestsInFlight == 0)
      server.dispatcher.stop()
      #expect(server.ends(within: .seconds(3)))
    }
  }

  @Test func `A peer that does not ask to keep its connection is answered all the same`() throws {
    try withServer { server in
      let client = try Client(server.path)
      #expect(try client.ask(request(keep: false)).status == "Status: 200 OK")
    }
  }

  @Test func `A request that comes byte by byte is answered all the same`() throws {
    try withServer { server in
      let client = try Client(server.path)
      for byte in request("POST", "/slow", body: Array("slow".utf8)) {
        client.send([byte])
        usleep(100)
      }
      #expect(try client.answer().body == "slow")
    }
  }

  @Test func `The handler is given what nginx says, and nothing that is not UTF-8`() throws {
    try withServer(handler: { request in
      let words = [
        request.method.rawValue, request.path, request.query, request.id, request.remoteAddress,
        request.authorization ?? "nil", request.apiKeyHeader ?? "nil", request.contentType ?? "nil",
        request.userAgent ?? "nil",
      ]
      return Response(.ok, body: Array(words.joined(separator: " ").utf8))
    }) { server in
      let client = try Client(server.path)
      let answer = try client.ask(
        request(
          "GET", "/a%20b?x=1?y", id: "abc",
          more: [
            ("HTTP_AUTHORIZATION", "Bearer x"), ("HTTP_X_API_KEY", "k"), ("CONTENT_TYPE", ""),
            ("HTTP_USER_AGENT", "curl"), ("HTTP_COOKIE", "no=1"), ("EMPTY", ""),
          ]))
      #expect(answer.body == "GET /a%20b x=1?y abc 192.0.2.1 Bearer x k nil curl")
      let begin = beginKept
      let bad =
        pair("REQUEST_METHOD", "GET") + pair("REQUEST_URI", "/")
        + [10, 1] + Array("REQUEST_ID".utf8) + [0xff]
      let second = try client.ask(
        begin + record(.params, bad) + record(.params) + record(.stdin))
      #expect(second.body.hasPrefix("GET /  - "))
    }
  }

  @Test(arguments: [
    [pair("REQUEST_METHOD", "GET")], [pair("REQUEST_URI", "/")], [],
    [pair("REQUEST_METHOD", "GET"), pair("REQUEST_URI", "no-slash")],
  ])
  func `A request without method or target is answered 400`(pairs: [[UInt8]]) throws {
    try withServer { server in
      let client = try Client(server.path)
      let content = Array(pairs.joined())
      let answer = try client.ask(
        beginKept + (content.isEmpty ? [] : record(.params, content)) + record(.params)
          + record(.stdin))
      #expect(answer.status == "Status: 400 Bad Request")
      #expect(client.isClosedByPeer)
    }
  }

  // MARK: - Bodies

  @Test(arguments: [1, 1_000, 65_535, 65_536, 99_999, 100_000])
  func `A body within the limit arrives whole`(size: Int) throws {
    try withServer { server in
      let client = try Client(server.path)
      let body = (0..<size).map { UInt8(97 + $0 % 26) }
      let answer = try client.ask(request("POST", "/", body: body))
      #expect(Array(answer.body.utf8) == body)
      #expect(try client.ask(request()).status == "Status: 200 OK")
    }
  }

  @Test(arguments: ["100001", "99999999999", "99999999999999999999", "-1", "ten", "0x10"])
  func `A body announced beyond the limit, or in no number, is refused unread`(
    announced: String
  ) throws {
    try withServer(handler: { _ in Response(.internalServerError) }) { server in
      let client = try Client(server.path)
      let answer = try client.ask(request("POST", "/", body: [1, 2, 3], announced: announced))
      #expect(answer.status == "Status: 413 Content Too Large")
      #expect(client.isClosedByPeer)
      #expect(
        try Client(server.path).ask(request()).status == "Status: 500 Internal Server Error")
    }
  }

  @Test(arguments: [("10", 5), ("5", 10), ("", 1), ("0", 4)])
  func `A body that is not as long as announced never reaches the handler`(
    announced: String, sent: Int
  ) throws {
    try withServer(handler: { _ in Response(.ok) }) { server in
      let client = try Client(server.path)
      let answer = try client.ask(
        request(
          "POST", "/", body: [UInt8](repeating: 65, count: sent), announced: announced))
      #expect(answer.status == "Status: 400 Bad Request")
      #expect(client.isClosedByPeer)
    }
  }

  // MARK: - Answers

  @Test func `HEAD has the length and no body`() throws {
    try withServer(handler: { _ in Response(.ok, body: Array("hello".utf8)) }) { server in
      let client = try Client(server.path)
      let answer = try client.ask(request("HEAD"))
      #expect(answer.head == ["Status: 200 OK", "Content-Length: 5"] && answer.body == "")
      #expect(try client.ask(request("GET")).body == "hello")
    }
  }

  @Test func `204 has no length`() throws {
    try withServer(handler: { _ in Response(.noContent) }) { server in
      let answer = try Client(server.path).ask(request("DELETE"))
      #expect(answer.head == ["Status: 204 No Content"] && answer.body == "")
    }
  }

  @Test func `An answer larger than a record arrives whole`() throws {
    let body = (0..<300_000).map { UInt8(97 + $0 % 26) }
    try withServer(handler: { _ in Response(.ok, body: body) }) { server in
      let answer = try Client(server.path).ask(request())
      #expect(Array(answer.body.utf8) == body)
    }
  }

  @Test func `Each chunk of a stream is sent at once`() throws {
    // given: a stream that waits for the client before each further chunk
    let turn = CountingSemaphore(slots: 1)
    _ = turn.wait(timeout: .zero)
    try withServer(handler: { _ in
      Response(.ok, fields: [Field("X-A", "b")]) { sink in
        for number in 0..<3 {
          _ = sink(Array("chunk \(number)".utf8))
          if !turn.wait(timeout: .seconds(5)) { return }
        }
      }
    }) { server in
      let client = try Client(server.path)
      client.send(request())
      // when, then
      let head = try client.nextOutput()
      #expect(head == "Status: 200 OK\r\nX-A: b\r\nX-Accel-Buffering: no\r\n\r\n")
      for number in 0..<3 {
        #expect(try client.nextOutput() == "chunk \(number)")
        turn.signal()
      }
      #expect(try client.answer().exitStatus == 0)
      #expect(try client.ask(request("HEAD")).body == "")
    }
  }

  @Test func `A stream that fails tells so by its exit status`() throws {
    struct Broken: Error {}
    try withServer(handler: { _ in
      Response(.ok, fields: []) { sink in
        _ = sink([65])
        throw Broken()
      }
    }) { server in
      let answer = try Client(server.path).ask(request())
      #expect(answer.body == "A" && answer.exitStatus == 1)
    }
  }

  @Test func `A stream ends when its client has gone`() throws {
    let ended = CountingSemaphore(slots: 1)
    _ = ended.wait(timeout: .zero)
    try withServer(handler: { _ in
      Response(.ok, fields: []) { sink in
        for _ in 0..<10_000 where !sink([UInt8](repeating: 65, count: 10_000)) {
          ended.signal()
          return
        }
      }
    }) { server in
      let client = try Client(server.path)
      client.send(request())
      _ = try client.nextOutput()
      client.close()
      #expect(ended.wait(timeout: .seconds(5)))
      #expect(try Client(server.path).ask(request("HEAD")).status == "Status: 200 OK")
    }
  }

  // MARK: - Many connections, stopping

  @Test func `Two threads serve two hundred kept connections`() throws {
    try withServer { server in
      let clients = try (0..<200).map { _ in try Client(server.path) }
      for round in 0..<5 {
        for (index, client) in clients.enumerated() {
          let body = Array("\(round)/\(index)".utf8)
          #expect(try client.ask(request("POST", "/", body: body)).body == "\(round)/\(index)")
        }
      }
      // All at once as well.
      for client in clients { client.send(request("POST", "/", body: [88])) }
      for client in clients { #expect(try client.answer().body == "X") }
      #expect(server.refused == 0)
    }
  }

  @Test func `A stop answers what is running and what is still sent on open connections`() throws {
    // given: eight requests that take a moment, four threads
    let started = Atomic<Int>(0)
    let server = try Server(
      .init(threads: 4, body: 1_000, drain: .milliseconds(600), read: .seconds(1))
    ) { request in
      started.wrappingAdd(1, ordering: .relaxed)
      usleep(200_000)
      return Response(.ok, body: request.body)
    }
    let clients = try (0..<8).map { _ in try Client(server.path) }
    for client in clients { client.send(request("POST", "/", body: [65])) }
    while started.load(ordering: .relaxed) < 4 { usleep(1_000) }
    #expect(server.dispatcher.requestsInFlight == 4)
    // when
    server.stop()
    server.stop()
    // then
    #expect(throws: Client.Failure.self) { try Client(server.path) }
    for client in clients { #expect(try client.answer().body == "A") }
    // nginx may have picked a kept connection at that very moment
    #expect(try clients[0].ask(request("POST", "/", body: [66])).body == "B")
    #expect(!server.ends(within: .zero))
    for client in clients { client.close() }
    #expect(server.ends(within: .seconds(3)))
    #expect(server.dispatcher.requestsInFlight == 0)
  }

  @Test func `A stop asks each kept connection to be let go of, once it rests`() throws {
    // given: one connection that rests, one with a request that runs
    let isRunning = Atomic<Bool>(false)
    let server = try Server { request in
      if request.path == "/slow" {
        isRunning.store(true, ordering: .relaxed)
        usleep(200_000)
      }
      return Response(.ok, body: Array(request.path.utf8))
    }
    let resting = try Client(server.path)
    _ = try resting.ask(request("GET", "/"))
    let working = try Client(server.path)
    working.send(request("GET", "/slow"))
    while !isRunning.load(ordering: .relaxed) { usleep(1_000) }
    // when
    server.stop()
    // then: an empty FCGI_STDERR record, at once or after the answer; and still both are served
    #expect(try resting.bytes(8) == [1, 7, 0, 1, 0, 0, 0, 0])
    #expect(try working.answer().body == "/slow")
    #expect(try working.bytes(8) == [1, 7, 0, 1, 0, 0, 0, 0])
    #expect(try resting.ask(request("GET", "/after")).body == "/after")
    resting.close()
    working.close()
    #expect(server.ends(within: .seconds(1)))
  }

  @Test func `A stop waits no longer than its time for connections that nobody closes`() throws {
    let server = try Server(
      .init(threads: 2, body: 1_000, drain: .milliseconds(300), read: .seconds(1)))
    let client = try Client(server.path)
    _ = try client.ask(request())
    server.stop()
    #expect(server.ends(within: .seconds(3)))
    client.close()
  }

  @Test func `A thread that ends without having been woken for a stop keeps no other from ending`() throws {
    // given: a thread that was about to look whether it may end when the stop began
    let (isIdle, mayGoOn) = (Latch(), Latch())
    let isFirst = Atomic<Bool>(true)
    let server = try Server(
      .init(threads: 2, body: 1_000, drain: .milliseconds(300), read: .seconds(1)),
      whenIdle: {
        guard isFirst.exchange(false, ordering: .relaxed) else { return }
        isIdle.open()
        mayGoOn.wait(timeout: .seconds(5))
      })
    #expect(isIdle.wait(timeout: .seconds(5)))
    // when
    server.stop()
    mayGoOn.open()
    // then
    #expect(server.ends(within: .seconds(3)))
  }

  @Test func `A request that outlives the time of a stop is finished`() throws {
    let server = try Server(
      .init(threads: 2, body: 1_000, drain: .milliseconds(100), read: .seconds(1))
    ) { request in
      usleep(1_000_000)
      return Response(.ok, body: request.body)
    }
    let client = try Client(server.path)
    client.send(request("POST", "/", body: [65]))
    while server.dispatcher.requestsInFlight == 0 { usleep(1_000) }
    server.stop()
    #expect(try client.answer().body == "A")
    #expect(server.ends(within: .seconds(3)))
  }

  @Test func `Threads that turn show progress, and are told when there is nothing to do`() throws {
    try withServer { server in
      var seen: UInt64 = 0
      _ = server.dispatcher.madeProgress(since: &seen)
      usleep(1_200_000)
      #expect(server.dispatcher.madeProgress(since: &seen))
      #expect(server.idles > 0)
    }
  }

  @Test func `A descriptor that does not listen is refused, and a path that is too long`() {
    #expect(throws: SocketFailure.self) { try ListeningSocket(handedOver: 0) }
    #expect(throws: SocketFailure.self) {
      try ListeningSocket(path: "/tmp/" + String(repeating: "x", count: 200))
    }
  }

  @Test func `The socket is for owner and group alone`() throws {
    try withServer { server in
      var status = stat()
      #expect(stat(server.path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o660)
    }
  }
}
