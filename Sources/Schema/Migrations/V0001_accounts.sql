-- Accounts, tenants, keys and limits.
--
-- Owner of everything is the role that migrates (petstore_owner); the application's role, petstore, gets only what it
-- needs, and sees rows of tenant-owned tables only within the scope that its transaction sets.

-- The scope of a transaction: a tenant's id, or 'service' for what must look across tenants (finding a key by its
-- hash, taking usage in). Nothing set, nothing seen.
CREATE FUNCTION petstore_in_scope(tenant uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT current_setting('petstore.scope', true) = 'service'
      OR tenant::text = current_setting('petstore.scope', true)
$$;

CREATE TABLE users (
  id                 uuid PRIMARY KEY,
  email              text NOT NULL CONSTRAINT users_email_key UNIQUE
                     CONSTRAINT users_email_folded CHECK (email = lower(email) AND length(email) <= 254),
  password_hash      text NOT NULL
                     CONSTRAINT users_password_hash_form CHECK (password_hash ~ '^\$(argon2id|2[aby])\$'),
  company_name       text NOT NULL CONSTRAINT users_company_name_length CHECK (length(company_name) BETWEEN 1 AND 200),
  subscription_tier  text NOT NULL DEFAULT 'free'
                     CONSTRAINT users_tier CHECK (subscription_tier IN ('free', 'standard', 'premium')),
  role               text NOT NULL DEFAULT 'free'
                     CONSTRAINT users_role CHECK (role IN ('admin', 'premium', 'standard', 'free')),
  is_active          boolean NOT NULL DEFAULT true,
  auth_epoch         bigint NOT NULL DEFAULT 1,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tenants (
  id          uuid PRIMARY KEY,
  name        text NOT NULL CONSTRAINT tenants_name_length CHECK (length(name) BETWEEN 1 AND 200),
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  role        text NOT NULL CONSTRAINT memberships_role CHECK (role IN ('owner', 'admin', 'member')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE api_keys (
  id            uuid PRIMARY KEY,
  user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name          text NOT NULL CONSTRAINT api_keys_name_length CHECK (length(name) BETWEEN 1 AND 100),
  key_hash      char(64) NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE
                CONSTRAINT api_keys_key_hash_hex CHECK (key_hash ~ '^[0-9a-f]{64}$'),
  key_prefix    text NOT NULL CONSTRAINT api_keys_prefix_form CHECK (key_prefix ~ '^psd_(live|test)_[0-9A-Za-z]{4}$'),
  scopes        text[] NOT NULL,
  expires_at    timestamptz,
  last_used_at  timestamptz,
  replaced_by   uuid REFERENCES api_keys ON DELETE SET NULL,
  revoked_at    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now()
);
-- A name is free again once its key is revoked or replaced.
CREATE UNIQUE INDEX api_keys_name_key ON api_keys (user_id, name) WHERE revoked_at IS NULL AND replaced_by IS NULL;
CREATE INDEX api_keys_user ON api_keys (user_id, created_at);

-- One row for each account whose limits differ from its tier's. The largest quota is what a Redis string can hold:
-- 7 bytes a request, 512 MB.
CREATE TABLE rate_limits (
  user_id              uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  requests_per_minute  integer CONSTRAINT rate_limits_minute CHECK (requests_per_minute BETWEEN 1 AND 70000000),
  requests_per_hour    integer CONSTRAINT rate_limits_hour CHECK (requests_per_hour BETWEEN 1 AND 70000000),
  requests_per_day     integer CONSTRAINT rate_limits_day CHECK (requests_per_day BETWEEN 1 AND 70000000),
  concurrent           integer CONSTRAINT rate_limits_concurrent CHECK (concurrent BETWEEN 1 AND 100000),
  updated_at           timestamptz NOT NULL DEFAULT now()
);

-- Addresses that an account has logged in from: its owner is not locked out there by other people's guesses.
CREATE TABLE known_addresses (
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  address    text NOT NULL,
  last_seen  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, address)
);

-- The epoch. Whatever a worker may have cached about an account is void once its epoch differs, so everything that
-- such a cache holds raises it here, whoever changes it and by whatever means.
CREATE FUNCTION petstore_raise_epoch() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF (NEW.email, NEW.password_hash, NEW.company_name, NEW.subscription_tier, NEW.role, NEW.is_active)
     IS DISTINCT FROM
     (OLD.email, OLD.password_hash, OLD.company_name, OLD.subscription_tier, OLD.role, OLD.is_active) THEN
    NEW.auth_epoch := OLD.auth_epoch + 1;
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER users_raise_epoch BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION petstore_raise_epoch();

CREATE FUNCTION petstore_raise_epoch_of_owner() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE users SET auth_epoch = auth_epoch + 1
  WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
  RETURN NULL;
END
$$;
CREATE TRIGGER api_keys_raise_epoch AFTER UPDATE OF revoked_at, expires_at, scopes, tenant_id, user_id ON api_keys
FOR EACH ROW EXECUTE FUNCTION petstore_raise_epoch_of_owner();
CREATE TRIGGER api_keys_raise_epoch_on_delete AFTER DELETE ON api_keys
FOR EACH ROW EXECUTE FUNCTION petstore_raise_epoch_of_owner();
CREATE TRIGGER rate_limits_raise_epoch AFTER INSERT OR UPDATE OR DELETE ON rate_limits
FOR EACH ROW EXECUTE FUNCTION petstore_raise_epoch_of_owner();

-- Epochs that Redis may not have heard of yet: petstore watch empties it. The worker that made a change tells Redis
-- itself before it answers; this row is for the worker that died in between.
CREATE TABLE epoch_changes (
  user_id     uuid PRIMARY KEY,
  epoch       bigint NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION petstore_note_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
BEGIN
  INSERT INTO epoch_changes (user_id, epoch) VALUES (NEW.id, NEW.auth_epoch)
  ON CONFLICT (user_id) DO UPDATE SET epoch = excluded.epoch, changed_at = now();
  RETURN NULL;
END
$$;
CREATE TRIGGER users_note_epoch AFTER UPDATE ON users
FOR EACH ROW WHEN (NEW.auth_epoch <> OLD.auth_epoch) EXECUTE FUNCTION petstore_note_epoch();

-- Whom a key stands for, in one look: a function, so that a key can be found before its tenant is known without the
-- application's role seeing other tenants' keys otherwise.
CREATE FUNCTION petstore_principal(hash text)
RETURNS TABLE (
  user_id uuid, tenant_id uuid, key_id uuid, epoch bigint, email text, company_name text, tier text, role text,
  is_active boolean, scopes text, expires_at timestamptz, created_at timestamptz, updated_at timestamptz,
  per_minute integer, per_hour integer, per_day integer, concurrent integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT u.id, k.tenant_id, k.id, u.auth_epoch, u.email, u.company_name, u.subscription_tier, u.role,
         u.is_active, array_to_string(k.scopes, ' '), k.expires_at, u.created_at, u.updated_at,
         r.requests_per_minute, r.requests_per_hour, r.requests_per_day, r.concurrent
  FROM api_keys k
  JOIN users u ON u.id = k.user_id
  LEFT JOIN rate_limits r ON r.user_id = u.id
  WHERE k.key_hash = hash AND k.revoked_at IS NULL
$$;
REVOKE ALL ON FUNCTION petstore_principal(text) FROM PUBLIC;

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
CREATE POLICY memberships_scope ON memberships USING (petstore_in_scope(tenant_id));
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_keys_scope ON api_keys USING (petstore_in_scope(tenant_id));

GRANT EXECUTE ON FUNCTION petstore_principal(text) TO petstore;
GRANT SELECT, INSERT, UPDATE ON users, api_keys, known_addresses TO petstore;
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO petstore;
GRANT SELECT, INSERT ON tenants, memberships TO petstore;
GRANT SELECT, DELETE ON epoch_changes TO petstore;
