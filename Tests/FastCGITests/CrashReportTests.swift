import FastCGI
import HTTP
import Host
import Testing

@Suite struct CrashReportTests {
  @Test func `A trap in a handler leaves signal, request id and backtrace`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      CrashReport.install()
      let server = try Server { request in
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
