// Pictures: the same idea as texts, with two companies' APIs.

public import Domain
import FoundationEssentials
import HTTP
public import Outbound

/// A kind of provider of pictures; the names are the earlier service's.
public enum ImageProviderKind: String, CaseIterable, Sendable {
  /// Stability AI REST API v2beta, "Stable Image Services".
  case stabilityAI = "stability_ai"
  /// OpenAI API reference, "Images"; other servers speak it too.
  case openAI = "openai_dall_e"

  public var standardServer: ServerURL? {
    switch self {
    case .stabilityAI: ServerURL("https://api.stability.ai")
    case .openAI: ServerURL("https://api.openai.com/v1")
    }
  }

  public var standardModel: String {
    switch self {
    case .stabilityAI: "core"
    case .openAI: "dall-e-3"
    }
  }
}

/// A provider of pictures as a tenant has configured it, with its key.
public struct ImageProvider: Sendable {
  public let name: String
  public let kind: ImageProviderKind
  public let server: ServerURL
  public let model: String
  public let key: Secret<String>

  public init(name: String, kind: ImageProviderKind, server: ServerURL, model: String, key: Secret<String>) {
    self.name = name
    self.kind = kind
    self.server = server
    self.model = model
    self.key = key
  }
}

/// A picture as bytes of a known format.
public struct Picture: Sendable, Equatable {
  public enum Format: String, Sendable, CaseIterable { case png, jpeg, webp }

  public let bytes: [UInt8]
  public let format: Format

  /// nil for what begins like no picture of these formats.
  public init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      format = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      format = .jpeg
    } else if bytes.count > 12, bytes.starts(with: Array("RIFF".utf8)), Array(bytes[8..<12]) == Array("WEBP".utf8) {
      format = .webp
    } else {
      return nil
    }
    self.bytes = bytes
  }

  /// Reads `data:image/…;base64,…` (RFC 2397); nil for anything else.
  public init?(dataURL text: String) {
    guard text.hasPrefix("data:image/"), let comma = text.firstIndex(of: ","),
      text[..<comma].hasSuffix(";base64"), let data = Data(base64Encoded: String(text[text.index(after: comma)...]))
    else { return nil }
    self.init(Array(data))
  }

  public var dataURL: String { "data:image/\(format.rawValue);base64,\(Data(bytes).base64EncodedString())" }

  /// In pixels, where the format is PNG (ISO/IEC 15948, section 11.2.2), which says it at its beginning.
  public var size: (width: Int, height: Int)? {
    guard format == .png, bytes.count >= 24 else { return nil }
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }
}

/// What is to be drawn.
public struct ImageTask: Sendable {
  public enum Work: Sendable {
    case generate
    /// So many pictures like a given one; strength from 0 (the same) to 1.
    case vary(Picture, strength: Double, count: Int)
    case enlarge(Picture, factor: Double)
    case edit(Picture, mask: Picture?, strength: Double)
  }

  public enum Quality: String, CaseIterable, Sendable { case draft, standard, high, ultra }

  public let work: Work
  public let prompt: String
  public var style: String?
  /// Width by height.
  public var ratio = 1.0
  public var quality = Quality.standard
  public var negativePrompt: String?
  public var seed: Int?

  public init(_ work: Work, prompt: String) {
    self.work = work
    self.prompt = prompt
  }
}

/// What a provider has drawn.
public struct ImageOutcome: Sendable {
  public struct Made: Sendable {
    public let picture: Picture
    public let seed: Int?
    public let revisedPrompt: String?
  }

  public let images: [Made]
  public let model: String
  /// Billionths of a US dollar, by the companies' price lists of 2025.
  public let nanodollars: Int
  /// What could not be done as asked.
  public let warnings: [String]
}

/// Asks providers of pictures.
public struct ImageClient: Sendable {
  private let http: HTTPClient
  private let ways: WaysOut
  private let patience: Patience
  /// Bytes of an answer with ten large pictures.
  private static let sizeLimit = 64 << 20

  public init(http: HTTPClient, ways: WaysOut, patience: Patience) {
    self.http = http
    self.ways = ways
    self.patience = patience
  }

  /// Whether a provider takes its key; asks for nothing that costs.
  public func check(_ provider: ImageProvider) -> ProviderFault? {
    let path =
      switch provider.kind {
      case .stabilityAI: "/v1/user/balance"
      case .openAI: "/models"
      }
    do throws(ProviderFault) {
      _ = try send(
        HTTPCall(provider.server, path: path, fields: ImageDialect.fields(provider), body: .none), provider,
        within: .seconds(20))
      return nil
    } catch {
      return error
    }
  }

  /// Asks for pictures, one after the other where a provider makes one at a time.
  ///
  /// - Throws: ``ProviderFault``.
  public func draw(_ task: ImageTask, by provider: ImageProvider) throws(ProviderFault) -> ImageOutcome {
    let dialect = ImageDialect(provider: provider)
    let plan = try dialect.plan(task)
    let end = ContinuousClock.now + patience.deadline
    var images: [ImageOutcome.Made] = []
    for _ in 0..<plan.times {
      let reply = try send(plan.call, provider, within: max(.seconds(1), end - .now))
      images += try dialect.images(reply.body)
    }
    return ImageOutcome(
      images: images, model: plan.model, nanodollars: plan.nanodollars * images.count, warnings: plan.warnings)
  }

  private func send(
    _ call: HTTPCall, _ provider: ImageProvider, within total: Duration
  ) throws(ProviderFault) -> HTTPReply {
    guard let route = ways.route(to: provider.server) else { throw .noWay(provider.server.authority) }
    let reply: HTTPReply
    do {
      // A picture comes whole, so there is silence until it is there.
      reply = try http.send(
        call, over: route,
        within: HTTPLimits(connect: .seconds(5), silence: total, total: total, size: Self.sizeLimit))
    } catch {
      throw ProviderFault(error)
    }
    guard (200...299).contains(reply.status) else { throw ProviderFault(reply, key: provider.key) }
    return reply
  }
}
