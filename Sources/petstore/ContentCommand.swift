import API
public import ArgumentParser
public import ContentEngine
import HTTP
import Host
import SystemPackage

extension Tone: ExpressibleByArgument {}
extension Length: ExpressibleByArgument {}
extension Format: ExpressibleByArgument {}

/// `petstore content`: the engine without a server, for trying it and for scripts.
struct ContentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "content", abstract: "Write and measure texts on the command line, without a server.",
    subcommands: [Generate.self, Analyze.self])

  struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write an article and print it.")

    @Argument(help: "What it is about, 3 to 200 characters.") var topic: String
    @Option(name: .customLong("keyword"), help: "A keyword; may be given often.") var keywords: [String] = []
    @Option(help: "The phrase that the title should hold.") var focus: String?
    @Option(help: "How it should sound.") var tone: Tone = .professional
    @Option(help: "How long it should be.") var length: Length = .medium
    @Option(help: "Its markup.") var format: Format = .markdown
    @Option(help: "For whom.") var audience: String?
    @Option(help: "Words, 100 to 10,000; wins over the length.") var words: Int?
    @Option(help: "What else it should have.") var instructions: String?
    @Flag(help: "With questions and answers.") var faq = false
    @Flag(help: "Without a table of contents.") var withoutContents = false
    @Option(help: "The same seed gives the same text.") var seed: UInt64 = 1
    @Flag(help: "Print all of it as the API answers it, and not the text alone.") var json = false

    func validate() throws {
      guard (3...200).contains(topic.unicodeScalars.count) else {
        throw ValidationError("A topic has 3 to 200 characters.")
      }
      if let words, !(100...10_000).contains(words) { throw ValidationError("Words are 100 to 10000.") }
    }

    func run() throws {
      let brief = Brief(
        topic: topic, keywords: keywords, tone: tone, length: length, format: format, targetAudience: audience,
        focusKeyword: focus, includeFAQ: faq, includeTableOfContents: !withoutContents, wordCountTarget: words,
        customInstructions: instructions)
      let began = HostClock.monotonicNanoseconds()
      let article = ContentEngine.write(brief, seed: seed)
      let seconds = Double(HostClock.monotonicNanoseconds() - began) / 1e9
      if json {
        let answer = ArticleAnswer.json(article, seconds: seconds, now: HostClock.wallSeconds())
        print(String(decoding: answer.encoded(), as: UTF8.self))
      } else {
        print(article.content)
      }
    }
  }

  struct Analyze: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure a Markdown text and print the measures as JSON, as the API answers them.")

    @Argument(help: "The file, or - for standard input.") var file: String
    @Option(help: "Its title; without it the first heading.") var title: String?
    @Option(name: .customLong("keyword"), help: "A keyword; may be given often; the first is the focus.")
    var keywords: [String] = []

    func run() throws {
      let descriptor = file == "-" ? FileDescriptor.standardInput : try FileDescriptor.open(FilePath(file), .readOnly)
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
        if count == 0 { break }
        bytes += buffer[..<count]
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let began = HostClock.monotonicNanoseconds()
      let analysis = ContentAnalysis(text, title: title, keywords: keywords)
      let seconds = Double(HostClock.monotonicNanoseconds() - began) / 1e9
      let answer = ArticleAnswer.json(analysis, of: text, seconds: seconds, now: HostClock.wallSeconds())
      print(String(decoding: answer.encoded(), as: UTF8.self))
    }
  }
}
