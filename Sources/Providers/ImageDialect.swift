// Pictures in each company's words.

import Domain
import FoundationEssentials
import HTTP
import Outbound

/// How a provider of pictures is asked, and how its answer is read.
struct ImageDialect {
  /// One call, to be made so many times.
  struct Plan {
    let call: HTTPCall
    var times = 1
    let model: String
    /// Of one picture.
    let nanodollars: Int
    var warnings: [String] = []
  }

  let provider: ImageProvider

  static func fields(_ provider: ImageProvider) -> [(name: String, value: Secret<String>)] {
    [
      (name: "Authorization", value: Secret("Bearer \(provider.key.exposed)")),
      (name: "Accept", value: Secret("application/json")),
    ]
  }

  func plan(_ task: ImageTask) throws(ProviderFault) -> Plan {
    switch provider.kind {
    case .stabilityAI: stability(task)
    case .openAI: try openAI(task)
    }
  }

  // MARK: Stability AI

  private static let stabilityRatios: [(name: String, value: Double)] = [
    ("1:1", 1), ("16:9", 16.0 / 9), ("21:9", 21.0 / 9), ("2:3", 2.0 / 3), ("3:2", 1.5), ("4:5", 0.8), ("5:4", 1.25),
    ("9:16", 9.0 / 16), ("9:21", 9.0 / 21),
  ]

  /// The styles that Stability knows, by ours.
  private static let stabilityStyles = [
    "photographic": "photographic", "digital_art": "digital-art", "anime": "anime", "cartoon": "comic-book",
    "sketch": "line-art", "fantasy": "fantasy-art", "cyberpunk": "neon-punk", "realistic": "photographic",
  ]

  private func stability(_ task: ImageTask) -> Plan {
    var warnings: [String] = []
    var parts: [FormPart] = [FormPart("output_format", "png")]
    var prompt = task.prompt
    if let style = task.style {
      if let preset = Self.stabilityStyles[style] {
        parts.append(FormPart("style_preset", preset))
      } else {
        prompt += ", \(Self.words(style)) style"
      }
    }
    if let negative = task.negativePrompt { parts.append(FormPart("negative_prompt", negative)) }
    if let seed = task.seed { parts.append(FormPart("seed", String(seed))) }
    let (path, model, price, times): (String, String, Int, Int)
    switch task.work {
    case .generate:
      let isLarge = task.quality == .high || task.quality == .ultra || provider.model == "ultra"
      (path, model, price, times) = (
        isLarge ? "/generate/ultra" : "/generate/core", isLarge ? "ultra" : "core", isLarge ? 80_000_000 : 30_000_000, 1
      )
      let nearest = Self.stabilityRatios.min { abs($0.value - task.ratio) < abs($1.value - task.ratio) }?.name ?? "1:1"
      if let found = Self.stabilityRatios.first(where: { $0.name == nearest }), abs(found.value - task.ratio) > 0.01 {
        warnings.append("The provider has no picture of that shape; \(nearest) is the nearest.")
      }
      parts.append(FormPart("aspect_ratio", nearest))
    case .vary(let picture, let strength, let count):
      (path, model, price, times) = ("/generate/sd3", "sd3.5-large", 65_000_000, count)
      parts += [
        FormPart("mode", "image-to-image"), Self.file("image", picture), FormPart("strength", String(strength)),
      ]
    case .enlarge(let picture, let factor):
      (path, model, price, times) = ("/upscale/fast", "upscale-fast", 20_000_000, 1)
      if factor != 4 { warnings.append("The provider enlarges by 4.") }
      parts.append(Self.file("image", picture))
    case .edit(let picture, let mask, let strength):
      if let mask {
        (path, model, price, times) = ("/edit/inpaint", "inpaint", 50_000_000, 1)
        parts += [Self.file("image", picture), Self.file("mask", mask)]
      } else {
        (path, model, price, times) = ("/generate/sd3", "sd3.5-large", 65_000_000, 1)
        parts += [
          FormPart("mode", "image-to-image"), Self.file("image", picture), FormPart("strength", String(strength)),
        ]
        warnings.append("Without a mask the whole picture is drawn anew.")
      }
    }
    if path != "/upscale/fast" { parts.append(FormPart("prompt", prompt)) }
    return Plan(
      call: HTTPCall(
        provider.server, path: "/v2beta/stable-image\(path)", fields: Self.fields(provider), body: .form(parts)),
      times: times, model: model, nanodollars: price, warnings: warnings)
  }

  // MARK: OpenAI

  private func openAI(_ task: ImageTask) throws(ProviderFault) -> Plan {
    var warnings: [String] = []
    var prompt = task.prompt
    if let style = task.style { prompt += ". Style: \(Self.words(style))." }
    if let negative = task.negativePrompt { prompt += " Avoid: \(negative)." }
    if task.seed != nil { warnings.append("The provider takes no seed.") }
    // Newer models answer with bytes always, and have sizes of their own.
    let isNew = provider.model.hasPrefix("gpt-image")
    let large = task.quality == .high || task.quality == .ultra
    switch task.work {
    case .generate:
      let wide = isNew ? "1536x1024" : "1792x1024"
      let tall = isNew ? "1024x1536" : "1024x1792"
      let size = task.ratio > 1.2 ? wide : task.ratio < 0.83 ? tall : "1024x1024"
      let shape = size == "1024x1024" ? 1 : isNew ? 1.5 : 1.75
      if abs(max(task.ratio, 1 / task.ratio) - shape) > 0.1 {
        warnings.append("The provider has no picture of that shape; \(size) is the nearest.")
      }
      var members: [JSON.Member] = [
        .init("model", .string(provider.model)), .init("prompt", .string(prompt)), .init("n", 1),
        .init("size", .string(size)),
        .init("quality", .string(isNew ? (large ? "high" : "medium") : large ? "hd" : "standard")),
      ]
      if !isNew { members.append(.init("response_format", "b64_json")) }
      let price = isNew ? (large ? 167_000_000 : 42_000_000) : (large ? 80_000_000 : 40_000_000)
      return Plan(
        call: HTTPCall(
          provider.server, path: "/images/generations", fields: Self.fields(provider),
          body: .json(JSON.object(members).encoded())), model: provider.model, nanodollars: price, warnings: warnings)
    case .vary(let picture, _, let count):
      // The one model that does it.
      warnings.append("The provider knows no strength of a variation.")
      return Plan(
        call: HTTPCall(
          provider.server, path: "/images/variations", fields: Self.fields(provider),
          body: .form([
            Self.file("image", picture), FormPart("model", "dall-e-2"), FormPart("n", String(count)),
            FormPart("size", "1024x1024"), FormPart("response_format", "b64_json"),
          ])), model: "dall-e-2", nanodollars: 20_000_000, warnings: warnings)
    case .edit(let picture, let mask, _):
      let model = isNew ? provider.model : "dall-e-2"
      var parts = [
        Self.file("image", picture), FormPart("model", model), FormPart("prompt", prompt), FormPart("n", "1"),
      ]
      if let mask { parts.append(Self.file("mask", mask)) }
      if !isNew { parts.append(FormPart("response_format", "b64_json")) }
      return Plan(
        call: HTTPCall(provider.server, path: "/images/edits", fields: Self.fields(provider), body: .form(parts)),
        model: model, nanodollars: isNew ? 42_000_000 : 20_000_000, warnings: warnings)
    case .enlarge: throw .refused(400, "this provider does not enlarge pictures")
    }
  }

  // MARK: Answers

  /// The pictures of an answer; none is no answer.
  func images(_ body: [UInt8]) throws(ProviderFault) -> [ImageOutcome.Made] {
    guard let answer = try? JSON(parsing: body) else { throw .malformed("no JSON") }
    let found: [(data: JSON?, seed: JSON?, prompt: JSON?)]
    switch provider.kind {
    case .stabilityAI:
      if answer["finish_reason"] == "CONTENT_FILTERED" {
        throw .refused(403, "the picture was filtered by the provider")
      }
      found = [(answer["image"], answer["seed"], nil)]
    case .openAI:
      guard case .array(let items)? = answer["data"] else { throw .malformed("no picture in it") }
      found = items.map { ($0["b64_json"], nil, $0["revised_prompt"]) }
    }
    var images: [ImageOutcome.Made] = []
    for item in found {
      guard let text = item.data.flatMap(ChatDialect.text), let data = Data(base64Encoded: text),
        let picture = Picture(Array(data))
      else { throw .malformed("no picture in it") }
      images.append(
        .init(
          picture: picture, seed: item.seed.flatMap(ChatDialect.count),
          revisedPrompt: item.prompt.flatMap(ChatDialect.text)))
    }
    guard !images.isEmpty else { throw .malformed("no picture in it") }
    return images
  }

  private static func file(_ name: String, _ picture: Picture) -> FormPart {
    FormPart(
      name, bytes: picture.bytes, type: "image/\(picture.format.rawValue)",
      fileName: "\(name).\(picture.format.rawValue)")
  }

  private static func words(_ style: String) -> String { style.split(separator: "_").joined(separator: " ") }
}
