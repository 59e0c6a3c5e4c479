import ContentEngine
import HTTP

/// `GET /api/v1/config` says what the content API can do.
///
/// - 200.
@Sendable func showConfig(_ request: Request, _ worker: Worker) throws -> Response {
  .json(
    .ok,
    [
      "seo_optimization_enabled": true, "quality_analysis_enabled": true,
      "enhanced_keyword_analysis_enabled": false, "ai_enhancement_enabled": false,
      "default_tone": .string(Tone.professional.rawValue),
      "default_length": .string(Length.medium.rawValue),
      "supported_tones": JSON(Tone.allCases.map(\.rawValue)),
      "supported_lengths": JSON(Length.allCases.map(\.rawValue)),
      "supported_formats": JSON(Format.allCases.map(\.rawValue)),
      "litellm_router": ["enabled": false, "message": "LiteLLM is not part of this service"],
    ])
}
