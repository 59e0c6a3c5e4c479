import FastCGI
import Glibc
import HTTP
import Host
import Testing

@Suite struct CrashReportTests {
  @Test func `A trap in a handler leaves signal, request id and backtrace`() async throws {
    // The process that ends cannot tidy up.
    let folder = try Server.makeFolder()
    defer {
      unlink(folder + "/socket")
      rmdir(folder)
    }
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [folder = folder as String] in
      CrashReport.install()
      let server = try Server(in: folder) { request in
        CrashReport.remember(requestID: request.id)
        let numbers = [1, 2, 3]
        return Response(.ok, body: [UInt8(numbers[request.body.count])])
      }
      let client = try Client(server.path)
      _ = try client.ask(request("POST", "/", body: [1], id: "req-fine"))
      _ = try client.ask(request("POST", "/", body: [1, 2, 3], id: "req-fatal"))
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains(#""message":"fatal signal""#))
    #expect(text.contains(#""request_id":"req-fatal""#))
    #expect(!text.contains("req-fine"))
    let backtrace = text.split(separator: "backtrace:\n").dropFirst().joined()
    #expect(backtrace.split(separator: "\n").count > 5)
  }
}
