import Testing

import Outbound

@Suite struct ServerURLTests {
  @Test(arguments: [
    ("https://api.openai.com/v1", "api.openai.com:443", "https://api.openai.com/v1"),
    ("https://api.openai.com/v1/", "api.openai.com:443", "https://api.openai.com/v1"),
    ("http://127.0.0.1:11434", "127.0.0.1:11434", "http://127.0.0.1:11434"),
    ("http://LocalHost:8080/a/b", "localhost:8080", "http://localhost:8080/a/b"),
  ])
  func whatIsOne(text: String, authority: String, written: String) throws {
    let server = try #require(ServerURL(text))
    #expect(server.authority == authority)
    #expect(server.description == written)
  }

  @Test(arguments: [
    "", "api.openai.com", "ftp://a", "file:///etc/passwd", "https://", "https://user@host", "https://user:pw@host/x",
    "https://host?x=1", "https://host/#x", "https://host/%2e%2e", "https://host/../x", "https://host/./x",
    "https://host//x",
    "https://host:0", "https://host:65536", "https://host:-1", "https://host:", "https://host:80:80", "https://-a.b",
    "https://a..b", "https://a b", "https://a\r\nX: y", "https://[::1]", "https://a.b\\c", "HTTPS://a.b",
    "https://127.0.0.1:22@evil.example",
  ])
  func whatIsNone(text: String) { #expect(ServerURL(text) == nil) }

  @Test func onlyWaysThatTheOperatorOpenedAreOpen() throws {
    let ways = WaysOut(hosts: ["127.0.0.1:11434"], sockets: "/run/out") { $0 == "/run/out/api.openai.com:443.sock" }
    #expect(ways.route(to: try #require(ServerURL("http://127.0.0.1:11434/v1"))) == .network)
    #expect(
      ways.route(to: try #require(ServerURL("https://api.openai.com/v1")))
        == .socket("/run/out/api.openai.com:443.sock"))
    for other in ["http://127.0.0.1", "https://127.0.0.1:6379", "https://api.openai.com:444", "http://169.254.169.254"]
    {
      #expect(ways.route(to: try #require(ServerURL(other))) == nil)
    }
    #expect(
      WaysOut(hosts: [], sockets: "", exists: { _ in true }).route(to: try #require(ServerURL("http://a"))) == nil)
  }
}
