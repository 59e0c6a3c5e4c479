// A tenant's posts.

public import Domain
import Postgres

/// Where a post is on its way.
public enum PostStatus: String, Sendable, CaseIterable { case draft, published, archived }

/// What a caller gives of a post.
public struct PostText: Sendable {
  public var title: String
  public var slug: String
  public var content: String
  public var format: String
  public var excerpt: String?
  public var description: String?
  public var keywords: [String]
  public var categories: [String]
  public var tags: [String]
  /// Hashes of the content's sentences.
  public var sentences: [Int]

  public init(
    title: String, slug: String, content: String, format: String, excerpt: String?, description: String?,
    keywords: [String], categories: [String], tags: [String], sentences: [Int]
  ) {
    self.title = title
    self.slug = slug
    self.content = content
    self.format = format
    self.excerpt = excerpt
    self.description = description
    self.keywords = keywords
    self.categories = categories
    self.tags = tags
    self.sentences = sentences
  }
}

/// What becomes of a post; nil leaves a member as it is.
public struct PostChange: Sendable {
  public var title: String?
  public var slug: String?
  public var content: (text: String, sentences: [Int])?
  public var excerpt: String?
  public var description: String?
  public var keywords: [String]?
  public var categories: [String]?
  public var tags: [String]?
  public var status: PostStatus?

  public init() {}
}

/// A post as it is kept. Times are seconds since 1970.
public struct Post: Sendable {
  public let id: ID<Post>
  public let authorID: ID<User>?
  public let title: String
  public let slug: String
  public let content: String
  public let format: String
  public let excerpt: String?
  public let description: String?
  public let keywords: [String]
  public let categories: [String]
  public let tags: [String]
  public let status: PostStatus
  public let createdAt: Double
  public let updatedAt: Double
  public let publishedAt: Double?
}

public struct PostPage: Sendable {
  public let posts: [Post]
  public let next: PageCursor<Post>?
  public let total: Int
}

public enum PostRefusal: Error, Equatable { case slugTaken }

/// An earlier post that a text repeats.
public struct PostTwin: Sendable, Equatable {
  public let title: String
  /// The part of the text's sentences that the post has too, from 0 to 1.
  public let share: Double
}

extension Database {
  private static let columns: SQL = """
    id, author_id, title, slug, content, format, excerpt, description, array_to_string(keywords, chr(31)),
    array_to_string(categories, chr(31)), array_to_string(tags, chr(31)), status, created_at, updated_at, published_at
    """

  private static func post(_ row: Row) throws -> Post {
    func list(_ column: Int) throws -> [String] {
      try row.string(column).split(separator: "\u{1F}").map(String.init)
    }
    guard let status = PostStatus(rawValue: try row.string(11)) else {
      throw PostgresError(.unexpectedRow, "an unknown status")
    }
    return Post(
      id: try row.id(0), authorID: try row.optionalID(1), title: try row.string(2), slug: try row.string(3),
      content: try row.string(4), format: try row.string(5), excerpt: try row.optionalString(6),
      description: try row.optionalString(7), keywords: try list(8), categories: try list(9), tags: try list(10),
      status: status, createdAt: try row.timestamp(12), updatedAt: try row.timestamp(13),
      publishedAt: try row.optionalTimestamp(14))
  }

  /// Keeps a new draft.
  ///
  /// - Throws: ``PostRefusal/slugTaken``.
  public func addPost(_ text: PostText, by principal: Principal) throws -> Post {
    try refusingTakenSlug {
      try transaction(in: .tenant(principal.tenantID)) { connection in
        let rows = try connection.query(
          """
          INSERT INTO posts (tenant_id, author_id, title, slug, content, format, excerpt, description, keywords,
                             categories, tags, sentences)
          VALUES (\(principal.tenantID), \(principal.userID), \(text.title), \(text.slug), \(text.content),
                  \(text.format), \(text.excerpt), \(text.description), \(text.keywords)::text[],
                  \(text.categories)::text[], \(text.tags)::text[], \(text.sentences)::bigint[])
          RETURNING \(shared: Self.columns)
          """)
        guard let row = rows.first else { throw PostgresError(.unexpectedRow, "no post") }
        return try Self.post(row)
      }
    }
  }

  /// A page of the tenant's posts, newest first.
  public func posts(
    of tenant: ID<Tenant>, status: PostStatus?, after cursor: PageCursor<Post>?, limit: Int
  ) throws -> PostPage {
    try transaction(in: .tenant(tenant)) { connection in
      let rows = try connection.query(
        """
        SELECT \(shared: Self.columns), (extract(epoch FROM created_at) * 1000000)::bigint
        FROM posts
        WHERE tenant_id = \(tenant) AND (\(status?.rawValue)::text IS NULL OR status = \(status?.rawValue)::text)
          AND (\(cursor?.createdAt)::bigint IS NULL OR (created_at, id) <
               (timestamptz 'epoch' + \(cursor?.createdAt)::bigint * interval '1 microsecond', \(cursor?.id)::uuid))
        ORDER BY created_at DESC, id DESC
        LIMIT \(limit + 1)::integer
        """)
      let total = try connection.query(
        """
        SELECT count(*) FROM posts
        WHERE tenant_id = \(tenant) AND (\(status?.rawValue)::text IS NULL OR status = \(status?.rawValue)::text)
        """)
      let posts = try rows.prefix(limit).map(Self.post)
      var next: PageCursor<Post>?
      if rows.count > limit, let last = posts.last {
        next = PageCursor(createdAt: try rows[limit - 1].int(15), id: last.id)
      }
      return PostPage(posts: posts, next: next, total: try total.first?.int(0) ?? 0)
    }
  }

  /// One of the tenant's posts; nil where there is none.
  public func post(_ id: ID<Post>, of tenant: ID<Tenant>) throws -> Post? {
    try transaction(in: .tenant(tenant)) { connection in
      try connection.query("SELECT \(shared: Self.columns) FROM posts WHERE id = \(id) AND tenant_id = \(tenant)").first
        .map(Self.post)
    }
  }

  /// Changes a post; nil where there is none.
  ///
  /// - Throws: ``PostRefusal/slugTaken``.
  public func changePost(_ id: ID<Post>, _ change: PostChange, of tenant: ID<Tenant>) throws -> Post? {
    try refusingTakenSlug {
      try transaction(in: .tenant(tenant)) { connection in
        try connection.query(
          """
          UPDATE posts SET
            title = coalesce(\(change.title), title), slug = coalesce(\(change.slug), slug),
            content = coalesce(\(change.content?.text), content),
            sentences = coalesce(\(change.content?.sentences)::bigint[], sentences),
            excerpt = coalesce(\(change.excerpt), excerpt),
            description = coalesce(\(change.description), description),
            keywords = coalesce(\(change.keywords)::text[], keywords),
            categories = coalesce(\(change.categories)::text[], categories),
            tags = coalesce(\(change.tags)::text[], tags), status = coalesce(\(change.status?.rawValue), status),
            published_at = CASE WHEN \(change.status?.rawValue)::text = 'published' THEN coalesce(published_at, now())
                                ELSE published_at END,
            updated_at = now()
          WHERE id = \(id) AND tenant_id = \(tenant)
          RETURNING \(shared: Self.columns)
          """
        ).first.map(Self.post)
      }
    }
  }

  /// Whether there was such a post.
  public func deletePost(_ id: ID<Post>, of tenant: ID<Tenant>) throws -> Bool {
    try transaction(in: .tenant(tenant)) { connection in
      try !connection.query("DELETE FROM posts WHERE id = \(id) AND tenant_id = \(tenant) RETURNING id").isEmpty
    }
  }

  /// The post of the tenant that has the most of some sentences; nil where none has any.
  public func twin(of sentences: [Int], in tenant: ID<Tenant>, except id: ID<Post>? = nil) throws -> PostTwin? {
    guard !sentences.isEmpty else { return nil }
    return try transaction(in: .tenant(tenant)) { connection in
      let row = try connection.query(
        """
        SELECT title, (SELECT count(*) FROM unnest(sentences) AS s WHERE s = ANY (\(sentences)::bigint[])) AS same
        FROM posts
        WHERE tenant_id = \(tenant) AND sentences && \(sentences)::bigint[] AND id IS DISTINCT FROM \(id)::uuid
        ORDER BY same DESC, id
        LIMIT 1
        """
      ).first
      guard let row else { return nil }
      return PostTwin(title: try row.string(0), share: min(1, Double(try row.int(1)) / Double(sentences.count)))
    }
  }

  private func refusingTakenSlug<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as PostgresError where error.violatedUnique == "posts_slug_once" {
      throw PostRefusal.slugTaken
    }
  }
}
