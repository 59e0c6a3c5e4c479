import HTTP
import Providers

/// A picture as a caller asks for it: the Image…Requests of the content contract.
struct ImageOrder {
  /// The providers that requests may name, of the earlier service; some of them it never had.
  enum Wish: String, CaseIterable {
    case stabilityAI = "stability_ai"
    case openAI = "openai_dall_e"
    case midjourney, replicate, huggingface
  }

  enum Style: String, CaseIterable {
    case photographic
    case digitalArt = "digital_art"
    case painting, sketch, cartoon, anime, realistic, abstract, minimalist, vintage, cyberpunk, fantasy
    case sciFi = "sci_fi"
    case watercolor
    case oilPainting = "oil_painting"
  }

  enum AspectRatio: String, CaseIterable {
    case square = "1:1"
    case portrait = "3:4"
    case landscape = "4:3"
    case wide = "16:9"
    case ultraWide = "21:9"
    case tall = "2:3"
    case custom

    var value: Double? {
      switch self {
      case .square: 1
      case .portrait: 0.75
      case .landscape: 4.0 / 3
      case .wide: 16.0 / 9
      case .ultraWide: 21.0 / 9
      case .tall: 2.0 / 3
      case .custom: nil
      }
    }
  }

  let task: ImageTask
  /// The kind of provider that is asked first.
  let kind: String
  let tags: [String]
  /// What could not be done as asked.
  let warnings: [String]
  /// The request with all that was left out, as jobs keep and show it.
  let json: JSON

  /// Reads a request for a new picture; what is wrong with it is in the body's errors.
  init(_ body: inout RequestBody) {
    // Trimmed, and then measured.
    let prompt = body.trimmed("prompt", 3...1_000)
    let wish = body.word("provider", default: Wish.stabilityAI)
    let style: Style? = body.optionalWord("style")
    let ratio = body.word("aspect_ratio", default: AspectRatio.square)
    let quality = body.word("quality", default: ImageTask.Quality.standard)
    let negative = body.optionalString("negative_prompt", 0...500)
    let seed = body.optionalInteger("seed", 0...4_294_967_295)
    let steps = body.optionalInteger("steps", 10...150)
    let guidance = body.optionalNumber("guidance_scale", 1...20)
    let width = body.optionalInteger("width", 64...2_048)
    let height = body.optionalInteger("height", 64...2_048)
    let reference = body.optionalString("reference_image_url", 0...1_000_000)
    let mask = body.optionalString("mask_image_url", 0...1_000_000)
    tags = body.imageTags()
    var task = ImageTask(.generate, prompt: prompt)
    task.style = style?.rawValue
    task.quality = quality
    task.negativePrompt = negative.flatMap { $0.isEmpty ? nil : $0 }
    task.seed = seed
    task.ratio = ratio.value ?? width.flatMap { width in height.map { Double(width) / Double($0) } } ?? 1
    self.task = task
    kind = wish.rawValue
    var warnings: [String] = []
    if steps != nil || guidance != nil { warnings.append("The provider takes neither steps nor guidance_scale.") }
    if ratio != .custom, width != nil || height != nil {
      warnings.append("width and height count with aspect_ratio custom.")
    }
    if reference != nil || mask != nil { warnings.append("Pictures to begin with belong to variations and edit.") }
    self.warnings = warnings
    func number(_ value: Int?) -> JSON { value.map { .integer($0) } ?? .null }
    json = [
      "prompt": .string(prompt), "provider": .string(wish.rawValue), "style": JSON(style?.rawValue),
      "aspect_ratio": .string(ratio.rawValue), "quality": .string(quality.rawValue), "negative_prompt": JSON(negative),
      "seed": number(seed), "steps": number(steps), "guidance_scale": guidance.map { .number($0) } ?? .null,
      "width": number(width), "height": number(height), "reference_image_url": nil, "mask_image_url": nil,
      "tags": JSON(tags), "metadata": body.value("metadata") ?? .null,
    ]
  }

  init(_ task: ImageTask, wish: Wish, tags: [String], warnings: [String]) {
    self.task = task
    kind = wish.rawValue
    self.tags = tags
    self.warnings = warnings
    json = .null
  }
}

extension RequestBody {
  /// A text without the white space around it, of so many Unicode scalars.
  mutating func trimmed(_ name: String, _ length: ClosedRange<Int>) -> String {
    let text = string(name, length)
    let start = text.drop(while: \.isWhitespace)
    let trimmed = String(start.reversed().drop(while: \.isWhitespace).reversed())
    if !hasRefused(name), trimmed.unicodeScalars.count < length.lowerBound {
      refuse(name, "String should have at least \(length.lowerBound) characters", type: "string_too_short")
    }
    return trimmed
  }

  /// At most ten tags, trimmed and in lower case; blank ones are dropped.
  mutating func imageTags() -> [String] {
    strings("tags", atMost: 10, 0...100).map(ArticleRequest.folded).filter { !$0.isEmpty }
  }

  /// A picture as a `data:` URL: nothing is fetched from elsewhere, so that nobody can send this service to places that only
  /// it can reach.
  mutating func picture(_ name: String, isRequired: Bool) -> Picture? {
    guard isRequired || value(name) != nil else { return nil }
    let text = string(name, 1...1_000_000)
    guard !hasRefused(name) else { return nil }
    guard let picture = Picture(dataURL: text) else {
      refuse(
        name,
        "Value should be a data: URL with a PNG, JPEG or WebP picture in base64; nothing is fetched from elsewhere",
        type: "value_error")
      return nil
    }
    return picture
  }
}
