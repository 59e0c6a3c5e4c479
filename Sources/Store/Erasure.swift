// What a person may ask for by law: everything that is held, and its end (GDPR articles 15, 17 and 20).

public import Domain
import Postgres
import Redis

extension Database {
  /// Everything that is held about an account, as a JSON document. Secrets are not in it, not even as hashes.
  public func export(of principal: Principal, by actor: AuditActor) throws -> [UInt8] {
    try transaction(in: .service) { connection in
      try AuditLog.add(
        .accountExported, subject: principal.userID.description, tenant: principal.tenantID, by: actor,
        to: &connection)
      let rows = try connection.query(
        """
        WITH person AS (SELECT \(principal.userID)::uuid AS id)
        SELECT jsonb_build_object(
          'exported_at', now(),
          'account', (
            SELECT to_jsonb(u) - 'password_hash' - 'auth_epoch' FROM users u, person p WHERE u.id = p.id),
          'limits', (SELECT to_jsonb(r) FROM rate_limits r, person p WHERE r.user_id = p.id),
          'memberships', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
              'tenant_id', t.id, 'tenant_name', t.name, 'role', m.role, 'since', m.created_at)), '[]')
            FROM memberships m JOIN tenants t ON t.id = m.tenant_id, person p WHERE m.user_id = p.id),
          'api_keys', (
            SELECT coalesce(jsonb_agg(to_jsonb(k) - 'key_hash' ORDER BY k.created_at), '[]')
            FROM api_keys k, person p WHERE k.user_id = p.id),
          'sessions', (
            SELECT coalesce(jsonb_agg(to_jsonb(s) - 'sealed_successor' ORDER BY s.created_at), '[]')
            FROM sessions s, person p WHERE s.user_id = p.id),
          'known_addresses', (
            SELECT coalesce(jsonb_agg(to_jsonb(a) - 'user_id' ORDER BY a.last_seen), '[]')
            FROM known_addresses a, person p WHERE a.user_id = p.id),
          'second_factor', (
            SELECT jsonb_build_object('created_at', f.created_at, 'confirmed_at', f.confirmed_at)
            FROM second_factors f, person p WHERE f.user_id = p.id),
          'letters', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
              'kind', l.kind, 'recipient', l.recipient, 'asked_at', l.created_at, 'sent_at', l.done_at)
              ORDER BY l.created_at), '[]')
            FROM letters l, person p
            WHERE l.user_id = p.id OR l.recipient = (SELECT email FROM users u WHERE u.id = p.id)),
          'posts', (
            SELECT coalesce(jsonb_agg(to_jsonb(t) - 'sentences' ORDER BY t.created_at), '[]')
            FROM posts t, person p WHERE t.author_id = p.id),
          'batches', (
            SELECT coalesce(jsonb_agg(to_jsonb(j) ORDER BY j.created_at), '[]')
            FROM batch_jobs j, person p WHERE j.user_id = p.id),
          'image_jobs', (
            SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.created_at), '[]')
            FROM image_jobs i, person p WHERE i.user_id = p.id),
          'usage', (
            SELECT coalesce(jsonb_agg(to_jsonb(a) - 'user_id' ORDER BY a.hour, a.endpoint), '[]')
            FROM api_usage a, person p WHERE a.user_id = p.id),
          'audit_events', (
            SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.id), '[]')
            FROM audit_trail e, person p
            WHERE e.person_id = p.id OR e.actor_id = p.id OR e.subject = p.id::text)
        )::text
        """)
      guard let row = rows.first, let text = try row.bytes(0) else {
        throw PostgresError(.unexpectedRow, "no export")
      }
      return text
    }
  }

  /// Disables an account and notes when it will be erased. Gives that time, in seconds since 1970, and the epoch.
  ///
  /// - Throws: ``AccountRefusal/lastAdmin``.
  public func askForErasure(
    of principal: Principal, afterDays days: Int, by actor: AuditActor
  ) throws -> (eraseAt: Double, epoch: Int) {
    try refusingLastAdmin {
      try transaction(in: .service) { connection in
        let rows = try connection.query(
          """
          UPDATE users SET is_active = false, erase_at = now() + make_interval(days => \(days)::integer)
          WHERE id = \(principal.userID)
          RETURNING erase_at
          """)
        guard let row = rows.first else { throw AccountRefusal.noSuchAccount }
        try Self.endSessions(of: principal.userID, except: nil, reason: "account_deleted", by: actor, &connection)
        try AuditLog.add(
          .accountDeletionAsked, subject: principal.userID.description, tenant: principal.tenantID, by: actor,
          details: [("days", String(days))], to: &connection)
        return (try row.timestamp(0), try Self.epoch(of: principal.userID, &connection))
      }
    }
  }

  /// Erases an account everywhere. Of the audit trail the events stay, but what they say of the person cannot be read any
  /// more. Gives the epoch that Redis must hear of; nil if there is no such account.
  ///
  /// - Throws: ``AccountRefusal/lastAdmin``.
  public func erase(_ user: ID<User>, by actor: AuditActor) throws -> Int? {
    try refusingLastAdmin {
      try transaction(in: .service) { connection in
        guard let row = try connection.query("SELECT email FROM users WHERE id = \(user)").first else {
          return nil
        }
        try AuditLog.add(
          .accountErased, subject: user.description, tenant: try Self.personalTenant(of: user, &connection),
          by: actor, to: &connection)
        let epoch = try connection.query("SELECT petstore_erase(\(user))").first?.optionalInt(0)
        try Letterbox.add(.accountDeleted, to: try row.string(0), user: nil, to: &connection)
        return epoch
      }
    }
  }

  /// Accounts whose grace after a deletion is over.
  public func accountsToErase(most: Int = 100) throws -> [ID<User>] {
    try pool.withConnection { connection in
      try connection.query("SELECT id FROM users WHERE erase_at <= now() LIMIT \(most)::integer")
    }.map { row in try row.id(0) }
  }

  /// The one rule that the database keeps about administrators, as a refusal.
  func refusingLastAdmin<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as PostgresError where error.violatedCheck == "users_last_admin" {
      throw AccountRefusal.lastAdmin
    }
  }
}

extension RedisLink {
  /// Forgets what was counted for an account that is gone. Its epoch stays: it voids what workers have cached.
  public mutating func forgetAccount(_ user: ID<User>) throws(RedisUnavailable) {
    let keys = AccountKeys(user)
    _ = try send(Command("DEL", keys.ring, keys.contentRing, keys.leases))
  }
}
