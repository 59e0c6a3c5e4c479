// Questions and answers in each dialect. The only place that knows what the companies' JSON looks like.

import Domain
import HTTP
import Outbound

/// How a provider of texts is asked, and how its answer is read.
struct ChatDialect {
  let provider: TextProvider

  /// The call for a prompt.
  func call(_ prompt: Prompt, stream: Bool) -> HTTPCall {
    let (path, fields, body): (String, [(String, Secret<String>)], [JSON.Member])
    let user: JSON = ["role": "user", "content": .string(prompt.user)]
    let system: JSON = ["role": "system", "content": .string(prompt.system)]
    var usage: [JSON.Member] = [.init("stream", .bool(stream))]
    if stream, provider.kind.dialect != .anthropic { usage.append(.init("stream_options", ["include_usage": true])) }
    switch provider.kind.dialect {
    case .openAI:
      path = "/chat/completions"
      fields = [("Authorization", Secret("Bearer \(provider.key.exposed)"))]
      body = [
        .init("model", .string(provider.model)), .init("messages", .array([system, user])),
        .init("max_tokens", .integer(prompt.tokenLimit)),
      ]
    case .azure:
      path = "/openai/deployments/\(Self.escaped(provider.model))/chat/completions?api-version=2024-10-21"
      fields = [("api-key", provider.key)]
      body = [.init("messages", .array([system, user])), .init("max_tokens", .integer(prompt.tokenLimit))]
    case .anthropic:
      path = "/messages"
      fields = [("x-api-key", provider.key), ("anthropic-version", Secret("2023-06-01"))]
      body = [
        .init("model", .string(provider.model)), .init("system", .string(prompt.system)),
        .init("messages", .array([user])),
        .init("max_tokens", .integer(prompt.tokenLimit)),
      ]
    }
    return HTTPCall(
      provider.server, path: path, fields: fields.map { (name: $0.0, value: $0.1) },
      body: .json(JSON.object(body + usage).encoded()))
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: escaped.unicodeScalars.append(.init(byte))
      default: escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }

  /// A whole answer.
  func completion(_ body: [UInt8]) throws(ProviderFault) -> Completion {
    guard let answer = try? JSON(parsing: body) else { throw .malformed("no JSON") }
    let text: String
    let isCut: Bool
    let (input, output): (JSON?, JSON?)
    switch provider.kind.dialect {
    case .openAI, .azure:
      guard case .array(let choices)? = answer["choices"], let choice = choices.first,
        case .string(let content)? = choice["message"]?["content"]
      else { throw .malformed("no text in it") }
      text = content
      isCut = choice["finish_reason"] == "length"
      (input, output) = (answer["usage"]?["prompt_tokens"], answer["usage"]?["completion_tokens"])
    case .anthropic:
      guard case .array(let parts)? = answer["content"] else { throw .malformed("no text in it") }
      text = parts.map { part in if case .string(let words)? = part["text"] { words } else { "" } }.joined()
      isCut = answer["stop_reason"] == "max_tokens"
      (input, output) = (answer["usage"]?["input_tokens"], answer["usage"]?["output_tokens"])
    }
    return Completion(
      text: text, model: answer["model"].flatMap(Self.text) ?? provider.model,
      inputTokens: input.flatMap(Self.count) ?? 0, outputTokens: output.flatMap(Self.count) ?? Self.estimate(text),
      isCut: isCut)
  }

  static func text(_ value: JSON) -> String? { if case .string(let text) = value { text } else { nil } }
  static func count(_ value: JSON) -> Int? { if case .integer(let count) = value, count >= 0 { count } else { nil } }

  /// Tokens of a text of which the provider said nothing: four characters each, as OpenAI's help has it for English.
  static func estimate(_ text: String) -> Int { (text.utf8.count + 3) / 4 }
}

/// An answer that comes in pieces, as server-sent events.
struct ChatStream {
  private let dialect: Dialect
  private(set) var text = ""
  private(set) var model: String?
  private var input: Int?
  private var output: Int?
  private var isCut = false
  /// Whether the provider has said that it is done.
  private(set) var isComplete = false
  private(set) var fault: ProviderFault?

  init(_ dialect: Dialect) { self.dialect = dialect }

  /// Reads a line; gives the text that it adds.
  mutating func take(_ line: String) -> String {
    guard line.hasPrefix("data:") else { return "" }
    let data = line.dropFirst(5).drop { $0 == " " }
    if data == "[DONE]" {
      isComplete = true
      return ""
    }
    guard !data.isEmpty else { return "" }
    guard let event = try? JSON(parsing: Array(data.utf8)) else {
      fault = .malformed("a piece that is no JSON")
      return ""
    }
    if let error = event["error"], error != .null {
      fault = .malformed("an error within the stream: \(error["message"].flatMap(ChatDialect.text)?.prefix(100) ?? "")")
      return ""
    }
    let piece = dialect == .anthropic ? takeAnthropic(event) : takeOpenAI(event)
    text += piece
    return piece
  }

  private mutating func takeOpenAI(_ event: JSON) -> String {
    if let name = event["model"].flatMap(ChatDialect.text), !name.isEmpty { model = name }
    if let usage = event["usage"] {
      input = usage["prompt_tokens"].flatMap(ChatDialect.count) ?? input
      output = usage["completion_tokens"].flatMap(ChatDialect.count) ?? output
    }
    guard case .array(let choices)? = event["choices"], let choice = choices.first else { return "" }
    if let reason = choice["finish_reason"].flatMap(ChatDialect.text) {
      isComplete = true
      isCut = reason == "length"
    }
    return choice["delta"]?["content"].flatMap(ChatDialect.text) ?? ""
  }

  private mutating func takeAnthropic(_ event: JSON) -> String {
    switch event["type"] {
    case "message_start":
      model = event["message"]?["model"].flatMap(ChatDialect.text)
      input = event["message"]?["usage"]?["input_tokens"].flatMap(ChatDialect.count)
    case "content_block_delta": return event["delta"]?["text"].flatMap(ChatDialect.text) ?? ""
    case "message_delta":
      output = event["usage"]?["output_tokens"].flatMap(ChatDialect.count) ?? output
      isCut = event["delta"]?["stop_reason"] == "max_tokens"
    case "message_stop": isComplete = true
    default: break
    }
    return ""
  }

  /// The whole answer, once it is complete.
  ///
  /// - Parameter prompt: what was asked, where the provider does not say how many tokens that was.
  func completion(of prompt: Prompt, model asked: String) -> Completion {
    Completion(
      text: text, model: model ?? asked,
      inputTokens: input ?? ChatDialect.estimate(prompt.system) + ChatDialect.estimate(prompt.user),
      outputTokens: output ?? ChatDialect.estimate(text), isCut: isCut)
  }
}
