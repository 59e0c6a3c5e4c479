-- Sessions, the keys that sign their tokens, and what an account needs besides: a verified address, a second factor.

ALTER TABLE users
  ADD COLUMN email_verified_at  timestamptz,
  ADD COLUMN has_second_factor  boolean NOT NULL DEFAULT false,
  -- When a deletion that its owner asked for is carried out; the account is disabled until then.
  ADD COLUMN erase_at           timestamptz;
CREATE INDEX users_erase ON users (erase_at) WHERE erase_at IS NOT NULL;
-- For the administrators' list: newest first, a page at a time.
CREATE INDEX users_created ON users (created_at DESC, id);

-- RSA keys. The private half is sealed with the master key, which the database never sees.
CREATE TABLE signing_keys (
  key_id       text PRIMARY KEY CONSTRAINT signing_keys_id_form CHECK (key_id ~ '^[0-9A-Za-z_-]{1,64}$'),
  sealed_key   bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- Published from the beginning, signs from here on: caches of the published set have it by then.
  signs_from   timestamptz NOT NULL,
  -- Believed until here: no token that it signed lives longer.
  expires_at   timestamptz,
  revoked_at   timestamptz
);

CREATE TABLE sessions (
  id                 uuid PRIMARY KEY,
  user_id            uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  tenant_id          uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  -- The API key that it was opened with: the session ends with it.
  key_id             uuid REFERENCES api_keys ON DELETE CASCADE,
  scopes             text[] NOT NULL,
  access_seconds     integer NOT NULL CONSTRAINT sessions_access_seconds CHECK (access_seconds > 0),
  -- How often its refresh token was exchanged; the present one carries this number.
  generation         bigint NOT NULL DEFAULT 0,
  -- The latest generation of which a token has been used.
  acked_generation   bigint NOT NULL DEFAULT 0,
  -- The present pair of tokens, sealed, for a client that asks twice with their parent.
  sealed_successor   bytea,
  rotated_at         timestamptz,
  user_agent         text NOT NULL CONSTRAINT sessions_user_agent_length CHECK (length(user_agent) <= 512),
  address            text NOT NULL,
  -- When its owner last proved the password, and the second factor.
  authenticated_at   timestamptz,
  second_factor_at   timestamptz,
  created_at         timestamptz NOT NULL DEFAULT now(),
  last_seen_at       timestamptz NOT NULL DEFAULT now(),
  expires_at         timestamptz NOT NULL,
  revoked_at         timestamptz,
  revoked_reason     text,
  CONSTRAINT sessions_acked CHECK (acked_generation <= generation)
);
CREATE INDEX sessions_user ON sessions (user_id, created_at) WHERE revoked_at IS NULL;
CREATE INDEX sessions_key ON sessions (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX sessions_end ON sessions (least(expires_at, revoked_at));

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sessions_scope ON sessions USING (petstore_in_scope(tenant_id));

-- What a principal shows, and so what raises an epoch.
CREATE OR REPLACE FUNCTION petstore_raise_epoch() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF (NEW.email, NEW.password_hash, NEW.company_name, NEW.subscription_tier, NEW.role, NEW.is_active,
      NEW.email_verified_at, NEW.has_second_factor)
     IS DISTINCT FROM
     (OLD.email, OLD.password_hash, OLD.company_name, OLD.subscription_tier, OLD.role, OLD.is_active,
      OLD.email_verified_at, OLD.has_second_factor) THEN
    NEW.auth_epoch := OLD.auth_epoch + 1;
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END
$$;
-- An account that is gone: caches that still hold it must ask, and find nothing.
CREATE FUNCTION petstore_note_last_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
BEGIN
  INSERT INTO epoch_changes (user_id, epoch) VALUES (OLD.id, OLD.auth_epoch + 1)
  ON CONFLICT (user_id) DO UPDATE SET epoch = excluded.epoch, changed_at = now();
  RETURN NULL;
END
$$;
CREATE TRIGGER users_note_last_epoch AFTER DELETE ON users
FOR EACH ROW EXECUTE FUNCTION petstore_note_last_epoch();

CREATE TRIGGER sessions_raise_epoch
AFTER UPDATE OF revoked_at, scopes, expires_at, authenticated_at, second_factor_at, tenant_id, user_id ON sessions
FOR EACH ROW WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION petstore_raise_epoch_of_owner();
CREATE TRIGGER sessions_raise_epoch_on_delete AFTER DELETE ON sessions
FOR EACH ROW WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION petstore_raise_epoch_of_owner();

-- Whoever tries it and by whatever means: one administrator who can act must be left.
CREATE FUNCTION petstore_keep_an_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
BEGIN
  -- One after the other, or two administrators could demote each other at the same moment.
  PERFORM pg_advisory_xact_lock(1886610529);
  IF NOT EXISTS (SELECT FROM users WHERE role = 'admin' AND is_active AND id <> OLD.id) THEN
    RAISE EXCEPTION 'the last active administrator must stay' USING ERRCODE = 'check_violation', CONSTRAINT = 'users_last_admin';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER users_keep_an_admin AFTER UPDATE OF role, is_active ON users
FOR EACH ROW WHEN (OLD.role = 'admin' AND OLD.is_active AND NOT (NEW.role = 'admin' AND NEW.is_active))
EXECUTE FUNCTION petstore_keep_an_admin();
CREATE TRIGGER users_keep_an_admin_on_delete AFTER DELETE ON users
FOR EACH ROW WHEN (OLD.role = 'admin' AND OLD.is_active) EXECUTE FUNCTION petstore_keep_an_admin();

-- Whom a key stands for. With more columns than before; a worker of the version before asks by name for those it knows.
DROP FUNCTION petstore_principal(text);
CREATE FUNCTION petstore_principal(hash text)
RETURNS TABLE (
  user_id uuid, tenant_id uuid, key_id uuid, epoch bigint, email text, company_name text, tier text, role text,
  is_active boolean, scopes text, expires_at timestamptz, created_at timestamptz, updated_at timestamptz,
  per_minute integer, per_hour integer, per_day integer, concurrent integer,
  email_verified boolean, has_second_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT u.id, k.tenant_id, k.id, u.auth_epoch, u.email, u.company_name, u.subscription_tier, u.role,
         u.is_active, array_to_string(k.scopes, ' '), k.expires_at, u.created_at, u.updated_at,
         r.requests_per_minute, r.requests_per_hour, r.requests_per_day, r.concurrent,
         u.email_verified_at IS NOT NULL, u.has_second_factor
  FROM api_keys k
  JOIN users u ON u.id = k.user_id
  LEFT JOIN rate_limits r ON r.user_id = u.id
  WHERE k.key_hash = hash AND k.revoked_at IS NULL
$$;
REVOKE ALL ON FUNCTION petstore_principal(text) FROM PUBLIC;

-- Whom a session stands for; no row once it has ended, by whatever end: its own, its key's, or that nobody used it.
CREATE FUNCTION petstore_session_principal(session uuid, idle_seconds integer)
RETURNS TABLE (
  user_id uuid, tenant_id uuid, key_id uuid, epoch bigint, email text, company_name text, tier text, role text,
  is_active boolean, scopes text, expires_at timestamptz, created_at timestamptz, updated_at timestamptz,
  per_minute integer, per_hour integer, per_day integer, concurrent integer,
  email_verified boolean, has_second_factor boolean,
  authenticated_at timestamptz, second_factor_at timestamptz, acked_generation bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT u.id, s.tenant_id, s.key_id, u.auth_epoch, u.email, u.company_name, u.subscription_tier, u.role, u.is_active,
         array_to_string(
           CASE WHEN k.id IS NULL THEN s.scopes
                ELSE ARRAY(SELECT unnest(s.scopes) INTERSECT SELECT unnest(k.scopes)) END, ' '),
         least(s.expires_at, k.expires_at), u.created_at, u.updated_at,
         r.requests_per_minute, r.requests_per_hour, r.requests_per_day, r.concurrent,
         u.email_verified_at IS NOT NULL, u.has_second_factor,
         s.authenticated_at, s.second_factor_at, s.acked_generation
  FROM sessions s
  JOIN users u ON u.id = s.user_id
  LEFT JOIN api_keys k ON k.id = s.key_id
  LEFT JOIN rate_limits r ON r.user_id = u.id
  WHERE s.id = session
    AND s.revoked_at IS NULL AND s.expires_at > now()
    AND s.last_seen_at > now() - make_interval(secs => idle_seconds)
    AND (s.key_id IS NULL OR k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true))
$$;
REVOKE ALL ON FUNCTION petstore_session_principal(uuid, integer) FROM PUBLIC;

-- Audit events say in which session they happened.
ALTER TABLE audit_events ADD COLUMN session_id uuid;

GRANT EXECUTE ON FUNCTION petstore_principal(text), petstore_session_principal(uuid, integer) TO petstore;
GRANT SELECT, INSERT, UPDATE ON signing_keys TO petstore;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO petstore;
