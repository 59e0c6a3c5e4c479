// The companies and programs whose models are called, and how each is spoken to.

public import Outbound

/// What a provider's API looks like.
public enum Dialect: Sendable {
  /// `POST …/chat/completions` (OpenAI API reference, "Chat"), which most others speak too.
  case openAI
  /// The same with the model in the path and the key in `api-key` (Azure OpenAI REST API 2024-10-21).
  case azure
  /// `POST …/messages` (Anthropic API 2023-06-01, "Messages").
  case anthropic
}

/// A kind of provider of texts; the names are those of the earlier service, and one for everything else.
public enum TextProviderKind: String, CaseIterable, Sendable {
  case openAI = "openai"
  case anthropic, google, cohere
  case azureOpenAI = "azure_openai"
  case huggingFace = "huggingface"
  /// Any server that speaks OpenAI's API, such as Ollama, vLLM or llama.cpp.
  case openAICompatible = "openai_compatible"

  public var dialect: Dialect {
    switch self {
    case .openAI, .google, .cohere, .huggingFace, .openAICompatible: .openAI
    case .azureOpenAI: .azure
    case .anthropic: .anthropic
    }
  }

  /// Where it is when nobody says otherwise; nil where every customer has an address of their own.
  public var standardServer: ServerURL? {
    switch self {
    case .openAI: ServerURL("https://api.openai.com/v1")
    case .anthropic: ServerURL("https://api.anthropic.com/v1")
    case .google: ServerURL("https://generativelanguage.googleapis.com/v1beta/openai")
    case .cohere: ServerURL("https://api.cohere.ai/compatibility/v1")
    case .huggingFace: ServerURL("https://router.huggingface.co/v1")
    case .azureOpenAI, .openAICompatible: nil
    }
  }

  /// The model when nobody names one; nil where only the customer knows.
  public var standardModel: String? { models.first?.id }

  /// What is known of its models, the standard one first. Others may be named.
  public var models: [ModelFacts] { ModelFacts.known(of: self) }
}

/// What is known of a model. Prices are US dollars for a million tokens, from the companies' public price pages in 2025;
/// whoever has others gives them with the provider.
public struct ModelFacts: Sendable {
  public let id: String
  public let name: String
  /// Tokens that a question and its answer may have together.
  public let contextWindow: Int
  /// Tokens of an answer.
  public let outputLimit: Int
  public let prices: TokenPrices

  static func known(of kind: TextProviderKind) -> [ModelFacts] {
    func model(_ id: String, _ name: String, _ window: Int, _ output: Int, _ input: Double, _ price: Double)
      -> ModelFacts
    {
      ModelFacts(
        id: id, name: name, contextWindow: window, outputLimit: output, prices: TokenPrices(input: input, output: price)
      )
    }
    switch kind {
    case .openAI:
      return [
        model("gpt-4o-mini", "GPT-4o mini", 128_000, 16_384, 0.15, 0.60),
        model("gpt-4o", "GPT-4o", 128_000, 16_384, 2.50, 10),
        model("gpt-4.1", "GPT-4.1", 1_047_576, 32_768, 2, 8),
        model("gpt-4.1-mini", "GPT-4.1 mini", 1_047_576, 32_768, 0.40, 1.60),
        model("gpt-4-turbo", "GPT-4 Turbo", 128_000, 4_096, 10, 30),
        model("gpt-4", "GPT-4", 8_192, 8_192, 30, 60),
        model("gpt-3.5-turbo", "GPT-3.5 Turbo", 16_385, 4_096, 0.50, 1.50),
      ]
    case .anthropic:
      return [
        model("claude-3-5-haiku-latest", "Claude Haiku 3.5", 200_000, 8_192, 0.80, 4),
        model("claude-sonnet-4-0", "Claude Sonnet 4", 200_000, 64_000, 3, 15),
        model("claude-3-7-sonnet-latest", "Claude Sonnet 3.7", 200_000, 64_000, 3, 15),
        model("claude-opus-4-0", "Claude Opus 4", 200_000, 32_000, 15, 75),
      ]
    case .google:
      return [
        model("gemini-2.0-flash", "Gemini 2.0 Flash", 1_048_576, 8_192, 0.10, 0.40),
        model("gemini-2.5-flash", "Gemini 2.5 Flash", 1_048_576, 65_536, 0.30, 2.50),
        model("gemini-2.5-pro", "Gemini 2.5 Pro", 1_048_576, 65_536, 1.25, 10),
      ]
    case .cohere:
      return [
        model("command-r-08-2024", "Command R", 128_000, 4_000, 0.15, 0.60),
        model("command-r-plus-08-2024", "Command R+", 128_000, 4_000, 2.50, 10),
      ]
    case .azureOpenAI, .huggingFace, .openAICompatible: return []
    }
  }
}

/// What tokens cost.
public struct TokenPrices: Sendable, Equatable {
  /// US dollars for a million tokens, of the question and of the answer.
  public let input: Double
  public let output: Double

  public init(input: Double, output: Double) {
    self.input = input
    self.output = output
  }

  /// Billionths of a US dollar.
  public func nanodollars(input tokens: Int, output answered: Int) -> Int {
    let cost = (Double(tokens) * input + Double(answered) * output) * 1_000
    return cost.isFinite ? Int(min(cost, 1e17).rounded()) : 0
  }
}
