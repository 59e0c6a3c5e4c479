import Glibc
import HTTP
import Testing
import Threads

@testable import FastCGI

@Suite struct HandedOverTests {
  private final class Fixed: RequestHandler {
    let text: String
    init(_ text: String) { self.text = text }
    func handle(_ request: Request) -> Response { Response(.ok, body: Array(text.utf8)) }
    func idle() {}
  }

  @Test func `After a stop new connections wait in the backlog for the next process`() throws {
    // given: a socket of systemd's and a process on it
    var template = Array("/tmp/psd-fcgi-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = folder + "/socket"
    let descriptor = try ListeningSocket(path: path).descriptor
    defer {
      close(descriptor)
      unlink(path)
      rmdir(folder)
    }
    func start(_ text: String) throws -> (Dispatcher, CountingSemaphore) {
      let dispatcher = try Dispatcher(
        try ListeningSocket(handedOver: descriptor),
        limits: .init(threads: 2, body: 1_000, drain: .milliseconds(300)))
      let ended = CountingSemaphore(slots: 1)
      _ = ended.wait(timeout: .zero)
      _ = Thread {
        dispatcher.run(
          refusal: { _, _ in Response(.badRequest) }, makeHandler: { _ in Fixed(text) })
        ended.signal()
      }
      return (dispatcher, ended)
    }
    let (first, firstEnded) = try start("first")
    let kept = try Client(path)
    #expect(try kept.ask(request()).body == "first")
    // when
    first.stop()
    usleep(150_000)
    let late = try Client(path)
    late.send(request())
    kept.close()
    #expect(firstEnded.wait(timeout: .seconds(5)))
    let (second, secondEnded) = try start("second")
    // then
    #expect(try late.answer().body == "second")
    late.close()
    second.stop()
    #expect(secondEnded.wait(timeout: .seconds(5)))
  }
}
