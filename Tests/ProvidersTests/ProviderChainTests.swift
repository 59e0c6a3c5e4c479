import Testing

import Domain
import HTTP
import Harness
import Outbound
import Providers
import Threads

@Suite struct ProviderChainTests {
  private static let server = Result { try ScratchModelServer() }
  private let port: Int

  init() throws { port = try Self.server.get().port }

  private let prompt = Prompt(system: "Write.", user: "On cats.", tokenLimit: 900)

  private func provider(
    _ model: String, kind: TextProviderKind = .openAICompatible, key: String = "sk-good", port: Int? = nil,
    name: String? = nil
  ) throws -> TextProvider {
    TextProvider(
      id: "\(model)-\(kind)-\(key)", name: name ?? model, kind: kind,
      server: try #require(ServerURL("http://127.0.0.1:\(port ?? self.port)/v1")), model: model, key: Secret(key),
      prices: TokenPrices(input: 1, output: 2))
  }

  private func chain(
    silence: Duration = .seconds(2), deadline: Duration = .seconds(8), slots: Int = 4,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> ProviderChain {
    chain(
      WaysOut(hosts: ["127.0.0.1:\(port)", "127.0.0.1:1"], sockets: "", exists: { _ in false }),
      Patience(silence: silence, deadline: deadline), slots: slots, shouldStop: shouldStop)
  }

  private func chain(
    _ ways: WaysOut, _ patience: Patience, slots: Int, shouldStop: @escaping @Sendable () -> Bool
  ) -> ProviderChain {
    let http = HTTPClient(caFile: nil, shouldStop: shouldStop)
    return ProviderChain(
      TextClient(http: http, ways: ways, patience: patience),
      images: ImageClient(http: http, ways: ways, patience: patience), slots: slots)
  }

  private func ask(_ chain: ProviderChain, _ providers: TextProvider...) -> ProviderChain.Outcome {
    chain.ask(prompt, of: providers, isUsable: { $0.text.utf8.count > 100 })
  }

  @Test(arguments: [TextProviderKind.openAICompatible, .anthropic, .azureOpenAI])
  func aModelAnswersInEachDialect(kind: TextProviderKind) throws {
    let outcome = ask(chain(), try provider("fine", kind: kind))
    let completion = try #require(outcome.completion?.answer)
    #expect(completion.text.hasPrefix("# Feeding Pets Well"))
    #expect(completion.text.hasSuffix("whole day.\n"))
    #expect((completion.inputTokens, completion.outputTokens) == (200, 300))
    #expect(outcome.warnings.isEmpty)
    #expect(outcome.completion?.provider.nanodollars(input: 200, output: 300) == 800_000)
    let last = try #require(
      try Self.server.get().requests.map { try JSON(parsing: Array($0.utf8)) }.last { $0["key"] == "sk-good" })
    #expect(last["body"]?["max_tokens"] == 900 || kind != .openAICompatible)
  }

  /// Each fault ends in the next provider, within the time limit, and is told.
  @Test(arguments: [
    ("hang", "it did not answer in time"), ("drop", "the connection ended"), ("broken-json", "no JSON"),
    ("half-stream", "half a stream"), ("stall", "it did not answer in time"), ("busy", "too many requests"),
    ("quota", "quota"), ("error", "it failed (500)"), ("unknown", "it refused the request (404"),
    ("refusing", "no article"), ("huge", "too long"), ("redirect", "it refused the request (302"),
  ])
  func aFaultEndsInTheNextProvider(model: String, words: String) throws {
    let clock = ContinuousClock()
    let began = clock.now
    let outcome = ask(chain(), try provider(model), try provider("fine"))
    #expect(clock.now - began < .seconds(8))
    #expect(outcome.completion?.provider.model == "fine")
    #expect(outcome.warnings.count == 1)
    #expect(outcome.warnings.first?.contains(words) == true, "\(outcome.warnings)")
    #expect(!outcome.warnings.joined().contains("sk-good"))
  }

  @Test func aWrongKeyIsToldWithoutTheKey() throws {
    let outcome = ask(chain(), try provider("fine", key: "sk-secret"))
    #expect(outcome.completion == nil)
    #expect(outcome.warnings == ["The AI provider fine was of no use: it does not take the key."])
  }

  @Test func nobodyListens() throws {
    let outcome = ask(chain(), try provider("fine", port: 1), try provider("fine"))
    #expect(outcome.completion?.provider.model == "fine")
    #expect(outcome.warnings.first?.contains("cannot be reached") == true)
    // Tried twice.
    #expect(outcome.attempts.count == 3)
  }

  @Test func whereNoWayIsOpenNothingIsSent() throws {
    let before = try Self.server.get().requests.count
    let chain = chain(
      WaysOut(hosts: [], sockets: "/nonexistent", exists: { _ in false }),
      Patience(silence: .seconds(1), deadline: .seconds(3)), slots: 1, shouldStop: { false })
    let outcome = ask(chain, try provider("no-way"))
    #expect(outcome.warnings.first?.contains("has not opened the way to 127.0.0.1:\(port)") == true)
    #expect(try Self.server.get().requests.dropFirst(before).allSatisfy { !$0.contains("no-way") })
  }

  @Test func aPassingFaultIsTriedAgain() throws {
    let outcome = ask(chain(), try provider("flaky"))
    #expect(outcome.completion?.provider.model == "flaky")
    #expect(outcome.attempts.count == 2)
    #expect(outcome.warnings.isEmpty)
  }

  @Test func aProviderThatFailsInARowIsLeftInPeace() throws {
    let chain = chain()
    let broken = try provider("error", name: "resting")
    for _ in 0..<2 { _ = ask(chain, broken) }
    let outcome = ask(chain, broken)
    #expect(outcome.attempts.isEmpty)
    #expect(outcome.warnings.first?.contains("left in peace") == true)
    // A wrong key is the tenant's matter and says nothing of the provider.
    let unpaid = try provider("quota")
    for _ in 0..<5 { #expect(ask(chain, unpaid).attempts.count == 1) }
  }

  @Test func allProvidersTogetherKeepTheDeadline() throws {
    let clock = ContinuousClock()
    let began = clock.now
    let outcome = ask(
      chain(silence: .seconds(2), deadline: .seconds(5)), try provider("hang", key: "sk-good"),
      try provider("stall"), try provider("hang", kind: .anthropic), try provider("hang", kind: .azureOpenAI))
    #expect(outcome.completion == nil)
    #expect(clock.now - began < .seconds(6.5))
  }

  @Test func noMoreRequestsWaitThanThereAreSlots() throws {
    let chain = chain(slots: 1)
    let slow = try provider("hang")
    let started = CountingSemaphore(slots: 1)
    _ = started.wait(timeout: .zero)
    let first = Thread {
      _ = chain.ask(
        prompt, of: [slow], isUsable: { _ in true },
        onEvent: { _ in
          started.signal()
          return true
        })
    }
    #expect(started.wait(timeout: .seconds(5)))
    let clock = ContinuousClock()
    let began = clock.now
    let second = ask(chain, try provider("fine"))
    #expect(clock.now - began < .seconds(1))
    #expect(second.completion == nil)
    #expect(second.warnings.first?.contains("Too many requests wait") == true)
    first.join()
  }

  @Test func aProcessThatStopsWaitsForNobody() throws {
    let clock = ContinuousClock()
    let began = clock.now
    let outcome = ask(chain(silence: .seconds(6), shouldStop: { true }), try provider("hang"), try provider("fine"))
    #expect(outcome.completion == nil)
    #expect(clock.now - began < .seconds(4))
  }

  @Test func aClientThatWatchesSeesTheText() throws {
    var seen = ""
    var events: [String] = []
    let outcome = chain().ask(
      prompt, of: [try provider("half-stream"), try provider("fine")], isUsable: { _ in true },
      onEvent: { event in
        switch event {
        case .began(let provider): events.append("began \(provider.name)")
        case .text(let text): seen += text
        case .failed(let provider, _):
          events.append("failed \(provider.name)")
          seen = ""
        }
        return true
      })
    #expect(seen == outcome.completion?.answer.text)
    #expect(
      events == ["began half-stream", "failed half-stream", "began half-stream", "failed half-stream", "began fine"])
  }

  @Test func aClientThatLeavesEndsTheRequest() throws {
    var pieces = 0
    let outcome = chain().ask(
      prompt, of: [try provider("slow"), try provider("fine")], isUsable: { _ in true },
      onEvent: { event in
        if case .text = event { pieces += 1 }
        return pieces < 3
      })
    #expect(outcome.completion == nil)
    #expect(outcome.attempts.count == 1)
  }

  // MARK: Pictures

  private func drawer(_ kind: ImageProviderKind, key: String = "sk-good", model: String? = nil) throws -> ImageProvider
  {
    ImageProvider(
      name: kind.rawValue, kind: kind, server: try #require(ServerURL("http://127.0.0.1:\(port)")),
      model: model ?? kind.standardModel, key: Secret(key))
  }

  private func picture() throws -> Picture {
    try #require(chain().images.draw(ImageTask(.generate, prompt: "A cat"), by: try drawer(.stabilityAI)).images.first)
      .picture
  }

  @Test(arguments: ImageProviderKind.allCases) func aPictureIsDrawn(kind: ImageProviderKind) throws {
    var task = ImageTask(.generate, prompt: "A happy puppy")
    task.style = "watercolor"
    task.ratio = 16.0 / 9
    let outcome = try chain().images.draw(task, by: try drawer(kind))
    let made = try #require(outcome.images.first)
    #expect(made.picture.format == .png)
    #expect(try #require(made.picture.size) == (8, 8))
    #expect(outcome.nanodollars > 0)
    #expect(Picture(dataURL: made.picture.dataURL) == made.picture)
  }

  @Test func picturesAreVariedEnlargedAndEdited() throws {
    let source = try picture()
    let client = chain().images
    let stability = try drawer(.stabilityAI)
    #expect(
      try client.draw(ImageTask(.vary(source, strength: 0.5, count: 3), prompt: "x"), by: stability).images.count == 3)
    #expect(try client.draw(ImageTask(.enlarge(source, factor: 4), prompt: ""), by: stability).images.count == 1)
    #expect(
      try client.draw(ImageTask(.edit(source, mask: source, strength: 0.8), prompt: "a hat"), by: stability).warnings
        .isEmpty)
    #expect(
      try client.draw(ImageTask(.edit(source, mask: nil, strength: 0.8), prompt: "a hat"), by: try drawer(.openAI))
        .images.count == 1)
    #expect(throws: ProviderFault.self) {
      try client.draw(ImageTask(.enlarge(source, factor: 2), prompt: ""), by: try drawer(.openAI))
    }
    // What travelled is the picture itself.
    let sent = try Self.server.get().requests.filter { $0.contains("/edit/inpaint") }
    #expect(sent.last?.contains("IHDR") == true && sent.last?.contains("mask.png") == true)
  }

  @Test func aFaultIsNoPicture() throws {
    let client = chain().images
    #expect(throws: ProviderFault.broken(500)) {
      try client.draw(ImageTask(.generate, prompt: "trouble"), by: try drawer(.stabilityAI))
    }
    #expect(throws: ProviderFault.unauthorized) {
      try client.draw(ImageTask(.generate, prompt: "x"), by: try drawer(.openAI, key: "sk-bad"))
    }
    #expect(client.check(try drawer(.openAI)) == nil)
    #expect(client.check(try drawer(.stabilityAI, key: "sk-bad")) == .unauthorized)
  }

  @Test(arguments: [
    "", "data:,x", "data:image/png;base64,", "data:image/png;base64,AAAA", "data:text/html;base64,PGI+",
    "http://a/b.png", "data:image/png;base64,!!",
  ])
  func whatIsNoPictureIsNone(text: String) { #expect(Picture(dataURL: text) == nil) }
}
