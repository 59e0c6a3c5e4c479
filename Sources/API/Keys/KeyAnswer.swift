import Domain
import HTTP
import Host
import Store

/// A key as it is answered: never the key itself.
enum KeyAnswer {
  static func json(_ key: KeyRecord) -> JSON {
    [
      "id": .string(key.id.description), "name": .string(key.name), "prefix": .string(key.prefix),
      "scopes": JSON(key.scopes.scopes.map(\.rawValue)), "created_at": Timestamp.json(key.createdAt),
      "expires_at": Timestamp.json(key.expiresAt), "last_used_at": Timestamp.json(key.lastUsedAt),
      "revoked_at": Timestamp.json(key.revokedAt), "replaced_by": JSON(key.replacedBy?.description),
      "status": .string(key.status(at: HostClock.wallSeconds()).rawValue),
    ]
  }
}
