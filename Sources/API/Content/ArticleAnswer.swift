public import ContentEngine
public import HTTP
import TextAnalysis

/// An article as it is answered: BlogGenerationResult of the content contract.
public enum ArticleAnswer {
  static func json(_ written: ArticleWriter.Written, now: Double) -> JSON {
    json(
      written.article, seconds: written.seconds, now: now, provider: written.provider, model: written.model,
      tokens: written.tokens, nanodollars: written.nanodollars)
  }

  public static func json(
    _ article: Article, seconds: Double, now: Double, provider: String = ArticleWriter.builtIn, model: String? = nil,
    tokens: Int = 0, nanodollars: Int = 0
  ) -> JSON {
    [
      "success": true, "blog_post": post(article, now: now),
      "generation_time_seconds": .number(seconds), "word_count": .integer(article.wordCount),
      "seo_score": .number(article.seo.overallSEOScore),
      "readability_score": .number(article.quality.readabilityScore),
      "warnings": JSON(article.warnings), "suggestions": JSON(article.suggestions),
      "error_message": nil, "error_code": nil, "provider_used": .string(provider), "model_used": JSON(model),
      "tokens_used": .integer(tokens), "cost": ProviderAnswer.dollars(nanodollars),
    ]
  }

  private static func post(_ article: Article, now: Double) -> JSON {
    [
      "title": .string(article.title), "content": .string(article.content),
      "excerpt": .string(article.excerpt), "meta_tags": tags(article.metaTags),
      "slug": .string(article.slug), "author": nil, "categories": JSON(article.categories),
      "tags": JSON(article.tags), "created_at": Timestamp.json(now), "updated_at": nil,
      "published_at": nil, "seo_metrics": seo(article.seo), "content_quality": quality(article.quality),
      "status": "draft", "featured_image": nil, "json_ld": .string(LinkedData.text(article)),
      "alt_text_ideas": JSON(article.altTextIdeas),
    ]
  }

  private static func tags(_ tags: MetaTags) -> JSON {
    [
      "title": .string(tags.title), "description": .string(tags.description),
      "keywords": JSON(tags.keywords), "canonical_url": JSON(tags.canonicalURL),
      "og_title": JSON(tags.ogTitle), "og_description": JSON(tags.ogDescription),
      "og_image": JSON(tags.ogImage), "og_type": .string(tags.ogType),
      "twitter_card": .string(tags.twitterCard), "twitter_title": JSON(tags.twitterTitle),
      "twitter_description": JSON(tags.twitterDescription),
      "twitter_image": JSON(tags.twitterImage),
    ]
  }

  private static func seo(_ seo: SEOMetrics) -> JSON {
    [
      "keyword_density": .object(seo.keywordDensity.map { .init($0.keyword, .number($0.density)) }),
      "keyword_frequency": .object(
        seo.keywordFrequency.map { .init($0.keyword, .integer($0.frequency)) }),
      "focus_keyword_score": .number(seo.focusKeywordScore),
      "title_seo_score": .number(seo.titleSEOScore),
      "meta_description_score": .number(seo.metaDescriptionScore),
      "heading_structure_score": .number(seo.headingStructureScore),
      "word_count": .integer(seo.wordCount),
      "reading_time_minutes": .number(seo.readingTimeMinutes),
      "internal_links_count": .integer(seo.internalLinksCount),
      "external_links_count": .integer(seo.externalLinksCount),
      "overall_seo_score": .number(seo.overallSEOScore),
      "content_quality_score": .number(seo.contentQualityScore),
      "recommendations": JSON(seo.recommendations), "warnings": JSON(seo.warnings),
    ]
  }

  private static func quality(_ quality: ContentQuality) -> JSON {
    [
      "flesch_kincaid_grade": .number(quality.textstat.fleschKincaidGrade),
      "flesch_reading_ease": .number(quality.textstat.fleschReadingEase),
      "gunning_fog_index": .number(quality.textstat.gunningFog),
      "sentence_count": .integer(quality.textstat.sentences),
      "paragraph_count": .integer(quality.paragraphCount),
      "avg_sentence_length": .number(quality.avgSentenceLength),
      "avg_paragraph_length": .number(quality.avgParagraphLength),
      "unique_words": .integer(quality.uniqueWords),
      "vocabulary_diversity": .number(quality.vocabularyDiversity),
      "complex_words_ratio": .number(quality.complexWordsRatio),
      "readability_score": .number(quality.readabilityScore),
      "engagement_score": .number(quality.engagementScore),
      "readability_suggestions": JSON(quality.readabilitySuggestions),
      "structure_suggestions": JSON(quality.structureSuggestions),
      "smog_index": .number(quality.textstat.smogIndex),
      "automated_readability_index": .number(quality.textstat.automatedReadabilityIndex),
      "coleman_liau_index": .number(quality.textstat.colemanLiauIndex),
      "lexicon_count": .integer(quality.textstat.words),
      "syllable_count": .integer(quality.textstat.syllables),
      "corrected": corrected(quality.corrected),
    ]
  }

  private static func corrected(_ indices: ReadabilityIndices) -> JSON {
    [
      "flesch_kincaid_grade": .number(indices.fleschKincaidGrade),
      "flesch_reading_ease": .number(indices.fleschReadingEase),
      "gunning_fog_index": .number(indices.gunningFog), "smog_index": .number(indices.smogIndex),
      "automated_readability_index": .number(indices.automatedReadabilityIndex),
      "coleman_liau_index": .number(indices.colemanLiauIndex),
      "sentence_count": .integer(indices.sentences), "word_count": .integer(indices.words),
      "syllable_count": .integer(indices.syllables),
    ]
  }

  /// A caller's own text with its measures, in the same shape.
  public static func json(_ analysis: ContentAnalysis, of content: String, seconds: Double, now: Double) -> JSON {
    [
      "success": true,
      "blog_post": [
        "title": .string(analysis.metaTags.title), "content": .string(content), "excerpt": nil,
        "meta_tags": tags(analysis.metaTags),
        "slug": .string(analysis.slug), "author": nil, "categories": [], "tags": [], "created_at": Timestamp.json(now),
        "updated_at": nil, "published_at": nil, "seo_metrics": seo(analysis.seo),
        "content_quality": quality(analysis.quality), "status": "draft", "featured_image": nil,
        "json_ld": .string(LinkedData.text(analysis)), "alt_text_ideas": [],
      ],
      "generation_time_seconds": .number(seconds), "word_count": .integer(analysis.seo.wordCount),
      "seo_score": .number(analysis.seo.overallSEOScore),
      "readability_score": .number(analysis.quality.readabilityScore),
      "warnings": JSON(analysis.warnings),
      "suggestions": JSON(
        analysis.seo.recommendations + analysis.quality.readabilitySuggestions + analysis.quality.structureSuggestions),
      "error_message": nil, "error_code": nil,
    ]
  }
}
