import ContentEngine
import Domain
import HTTP
import Store

/// `GET /api/v1/posts` lists the tenant's posts, newest first: `status`, `limit` (1 to 100) and `cursor`.
///
/// - 200 with `posts` (without their content), `next_cursor` (null on the last page) and `total`.
@Sendable func listPosts(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let query = try RequestQuery(of: request.request)
  let page = try worker.services.database.posts(
    of: request.principal.tenantID, status: try query.word("status"), after: try query.cursor(),
    limit: try query.integer("limit", default: 20, 1...100))
  return .json(
    .ok,
    [
      "posts": .array(page.posts.map { PostAnswer.json($0, withContent: false) }), "next_cursor": JSON(page.next?.text),
      "total": .integer(page.total),
    ])
}

/// `POST /api/v1/posts` keeps a draft.
///
/// - 201 with the post, and `warnings`: that it repeats an earlier one, that it offers an animal what poisons it.
/// - 409 `slug_taken`, only for a slug that was given; 422.
@Sendable func createPost(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  let title = body.string("title", 1...200)
  let content = body.string("content", 1...ContentLimits.text)
  let format = body.word("format", default: Format.markdown)
  let excerpt = body.optionalString("excerpt", 0...300)
  let description = body.optionalString("description", 0...300)
  let keywords = body.strings("keywords", atMost: 20, 1...200)
  let categories = body.strings("categories", atMost: 20, 1...100)
  let tags = body.strings("tags", atMost: 40, 1...100)
  let given = PostAnswer.slug(&body)
  try body.check()
  let database = worker.services.database
  let sentences = TextFingerprint.sentences(of: content)
  let warnings = try PostAnswer.warnings(content, sentences, in: request.principal.tenantID, database)
  var text = PostText(
    title: title, slug: given ?? TextFingerprint.slug(of: title), content: content, format: format.rawValue,
    excerpt: excerpt, description: description, keywords: keywords, categories: categories, tags: tags,
    sentences: sentences)
  let stem = text.slug
  for attempt in 2...100 {
    do {
      let post = try database.addPost(text, by: request.principal)
      return .json(
        .created, PostAnswer.json(post, warnings: warnings),
        fields: [Field("Location", "/api/v1/posts/\(post.id)")])
    } catch PostRefusal.slugTaken {
      // Two posts may have the same title; only a slug that was asked for is refused.
      guard given == nil else { throw Problem.slugTaken }
      text.slug = stem + "-\(attempt)"
    }
  }
  throw Problem.slugTaken
}

/// `GET /api/v1/posts/{id}` shows a post.
///
/// - 200; 404 for another tenant's too.
@Sendable func showPost(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  guard let post = try worker.services.database.post(try request.id(), of: request.principal.tenantID) else {
    throw Problem.notFound
  }
  return .json(.ok, PostAnswer.json(post))
}

/// `PATCH /api/v1/posts/{id}` changes what is given of a post, its `status` too: `draft`, `published`, `archived`.
///
/// - 200 with the post and `warnings`; 404; 409 `slug_taken`; 422.
@Sendable func updatePost(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  var body = try RequestBody(of: request.request)
  var change = PostChange()
  change.title = body.optionalString("title", 1...200)
  let content = body.optionalString("content", 1...ContentLimits.text)
  change.excerpt = body.optionalString("excerpt", 0...300)
  change.description = body.optionalString("description", 0...300)
  if body.value("keywords") != nil { change.keywords = body.strings("keywords", atMost: 20, 1...200) }
  if body.value("categories") != nil { change.categories = body.strings("categories", atMost: 20, 1...100) }
  if body.value("tags") != nil { change.tags = body.strings("tags", atMost: 40, 1...100) }
  change.slug = PostAnswer.slug(&body)
  change.status = body.optionalWord("status")
  try body.check()
  let id: ID<Post> = try request.id()
  let (tenant, database) = (request.principal.tenantID, worker.services.database)
  var warnings: [String] = []
  if let content {
    let sentences = TextFingerprint.sentences(of: content)
    change.content = (content, sentences)
    warnings = try PostAnswer.warnings(content, sentences, in: tenant, database, except: id)
  }
  do {
    guard let post = try database.changePost(id, change, of: tenant) else { throw Problem.notFound }
    return .json(.ok, PostAnswer.json(post, warnings: warnings))
  } catch PostRefusal.slugTaken {
    throw Problem.slugTaken
  }
}

/// `DELETE /api/v1/posts/{id}` deletes a post.
///
/// - 204; 404.
@Sendable func deletePost(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  guard try worker.services.database.deletePost(try request.id(), of: request.principal.tenantID) else {
    throw Problem.notFound
  }
  return .nothing
}

/// `GET /api/v1/posts/{id}/export` gives a post's text as a file: in the format in which it was written, or, of Markdown, in
/// the one that `format` names.
///
/// - 200; 404; 422 for another format of a post that is no Markdown.
@Sendable func exportPost(_ request: AuthenticatedRequest, _ worker: Worker) throws -> Response {
  let query = try RequestQuery(of: request.request)
  let wanted: Format? = try query.word("format")
  guard let post = try worker.services.database.post(try request.id(), of: request.principal.tenantID) else {
    throw Problem.notFound
  }
  let written = Format(rawValue: post.format) ?? .markdown
  let format = wanted ?? written
  guard format == written || written == .markdown else {
    throw query.refusal(
      "format", "Input should be '\(written.rawValue)': only Markdown becomes another format", type: "enum")
  }
  let (type, ending) =
    switch format {
    case .html: ("text/html; charset=utf-8", "html")
    case .json: ("application/json", "json")
    case .plainText: ("text/plain; charset=utf-8", "txt")
    case .markdown: ("text/markdown; charset=utf-8", "md")
    }
  let text = format == written ? post.content : TextConversion.convert(post.content, to: format)
  return Response(
    .ok,
    fields: [
      Field("Content-Type", type), Field("Cache-Control", "no-store"),
      Field("Content-Disposition", "attachment; filename=\"\(post.slug).\(ending)\""),
      // A tenant's own HTML, opened from here, must not run as ours.
      Field("Content-Security-Policy", "sandbox; default-src 'none'"),
    ], body: Array(text.utf8))
}

/// A post as it is answered, and what is said of its text.
enum PostAnswer {
  static func json(_ post: Post, withContent: Bool = true, warnings: [String]? = nil) -> JSON {
    var members: [JSON.Member] = [
      .init("id", .string(post.id.description)), .init("title", .string(post.title)),
      .init("slug", .string(post.slug)), .init("status", .string(post.status.rawValue)),
      .init("format", .string(post.format)),
    ]
    if withContent { members.append(.init("content", .string(post.content))) }
    members += [
      .init("excerpt", JSON(post.excerpt)), .init("description", JSON(post.description)),
      .init("keywords", JSON(post.keywords)), .init("categories", JSON(post.categories)),
      .init("tags", JSON(post.tags)), .init("author_id", JSON(post.authorID?.description)),
      .init("created_at", Timestamp.json(post.createdAt)), .init("updated_at", Timestamp.json(post.updatedAt)),
      .init("published_at", post.publishedAt.map { Timestamp.json($0) } ?? .null),
    ]
    if let warnings { members.append(.init("warnings", JSON(warnings))) }
    return .object(members)
  }

  /// The slug of a body, in the one form that slugs have.
  static func slug(_ body: inout RequestBody) -> String? {
    guard let slug = body.optionalString("slug", 1...200) else { return nil }
    guard TextFingerprint.isSlug(slug) else {
      body.refuse(
        "slug", "String should be lower-case letters and digits with single hyphens between", type: "value_error")
      return nil
    }
    return slug
  }

  /// What its author should look at before it is published.
  static func warnings(
    _ content: String, _ sentences: [Int], in tenant: ID<Tenant>, _ database: Database, except id: ID<Post>? = nil
  ) throws -> [String] {
    var warnings = TextFingerprint.dangers(in: content)
    if let twin = try database.twin(of: sentences, in: tenant, except: id), twin.share >= 0.3 {
      warnings.append(
        "\(Int((twin.share * 100).rounded())) % of the sentences are those of the post '\(twin.title)': "
          + "search engines rank texts that repeat each other lower.")
    }
    return warnings
  }
}
