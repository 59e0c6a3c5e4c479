import Domain
import HTTP
import Providers
import Store

/// `POST /api/v1/images/generate` draws a picture by the tenant's providers of pictures.
///
/// - 200 with the picture; 422; 429; 502 `provider_failed`; 503 `no_image_provider` where none is configured.
@Sendable func generateImage(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let order = ImageOrder(&body)
  try body.check()
  return try worker.draw(order, for: request)
}

/// `POST /api/v1/images/variations` draws up to ten pictures like a given one.
///
/// - 200, 422, 429, 502, 503.
@Sendable func varyImage(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  try worker.requireImageProvider(request)
  let source = body.picture("source_image_url", isRequired: true)
  let wish = body.word("provider", default: ImageOrder.Wish.stabilityAI)
  let strength = body.number("variation_strength", 0...1, default: 0.5)
  let count = body.integer("num_variations", 1...10, default: 4)
  let style: ImageOrder.Style? = body.optionalWord("style")
  let seed = body.optionalInteger("seed", 0...4_294_967_295)
  let tags = body.imageTags()
  try body.check()
  guard let source else { throw Problem.internalError }
  var task = ImageTask(.vary(source, strength: strength, count: count), prompt: "A variation of this picture")
  task.style = style?.rawValue
  task.seed = seed
  try worker.countFurther(count - 1, of: request)
  return try worker.draw(ImageOrder(task, wish: wish, tags: tags, warnings: []), for: request)
}

/// `POST /api/v1/images/upscale` makes a picture larger.
///
/// - 200, 422, 429, 502, 503.
@Sendable func enlargeImage(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  try worker.requireImageProvider(request)
  let source = body.picture("source_image_url", isRequired: true)
  let wish = body.word("provider", default: ImageOrder.Wish.stabilityAI)
  let factor = body.number("scale_factor", 1...4, default: 2)
  let quality = body.word("quality", default: ImageTask.Quality.high)
  let preserves = body.bool("preserve_details", default: true)
  let enhances = body.bool("enhance_colors", default: false)
  let tags = body.imageTags()
  try body.check()
  guard let source else { throw Problem.internalError }
  var task = ImageTask(.enlarge(source, factor: factor), prompt: "An enlarged picture")
  task.quality = quality
  let warnings = !preserves || enhances ? ["The provider knows neither preserve_details nor enhance_colors."] : []
  return try worker.draw(ImageOrder(task, wish: wish, tags: tags, warnings: warnings), for: request)
}

/// `POST /api/v1/images/edit` draws a part of a picture anew: where the mask is white, or all of it without a mask.
///
/// - 200, 422, 429, 502, 503.
@Sendable func editImage(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  try worker.requireImageProvider(request)
  let source = body.picture("source_image_url", isRequired: true)
  let mask = body.picture("mask_image_url", isRequired: false)
  let prompt = body.string("prompt", 1...1_000)
  let wish = body.word("provider", default: ImageOrder.Wish.stabilityAI)
  let kind = body.optionalString("edit_type", 0...50) ?? "inpaint"
  let strength = body.number("strength", 0...1, default: 0.8)
  let seed = body.optionalInteger("seed", 0...4_294_967_295)
  let guidance = body.optionalNumber("guidance_scale", 1...20)
  let tags = body.imageTags()
  try body.check()
  guard let source else { throw Problem.internalError }
  var task = ImageTask(.edit(source, mask: mask, strength: strength), prompt: prompt)
  task.seed = seed
  var warnings = guidance == nil ? [] : ["The provider takes no guidance_scale."]
  if kind != "inpaint" { warnings.append("The only edit_type is inpaint.") }
  return try worker.draw(ImageOrder(task, wish: wish, tags: tags, warnings: warnings), for: request)
}

extension Worker {
  func draw(_ order: ImageOrder, for request: AuthenticatedRequest) throws -> Response {
    .json(.ok, try services.studio.draw(order, for: request.principal.tenantID))
  }

  /// Before the members are looked at: clients of the earlier service send addresses of pictures, and what they need first is
  /// a provider.
  ///
  /// - Throws: `noImageProvider`.
  func requireImageProvider(_ request: AuthenticatedRequest) throws {
    guard try services.database.providers(.image, of: request.principal.tenantID).contains(where: \.isEnabled) else {
      throw Problem.noImageProvider
    }
  }
}
