-- Providers of texts and pictures that tenants have configured, what they have cost, and pictures asked for.

CREATE TABLE ai_providers (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  purpose       text NOT NULL CONSTRAINT ai_providers_purpose CHECK (purpose IN ('text', 'image')),
  name          text NOT NULL CONSTRAINT ai_providers_name CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  kind          text NOT NULL,
  -- Sealed under the master key; the row's id is its context.
  sealed_key    bytea NOT NULL,
  base_url      text NOT NULL CONSTRAINT ai_providers_url CHECK (base_url ~ '^https?://' AND length(base_url) <= 300),
  model         text NOT NULL CONSTRAINT ai_providers_model CHECK (length(model) BETWEEN 1 AND 200),
  -- US dollars for a million tokens; NULL where the price list of the product is meant.
  input_price   double precision CONSTRAINT ai_providers_input_price CHECK (input_price >= 0),
  output_price  double precision CONSTRAINT ai_providers_output_price CHECK (output_price >= 0),
  priority      integer NOT NULL CONSTRAINT ai_providers_priority CHECK (priority BETWEEN 1 AND 10),
  is_enabled    boolean NOT NULL,
  -- The last that was heard of it: the earlier service's words.
  status        text NOT NULL
    CONSTRAINT ai_providers_status CHECK (status IN ('configured', 'not_configured', 'invalid_key', 'rate_limited', 'quota_exceeded', 'error')),
  error         text,
  failures      integer NOT NULL DEFAULT 0,
  configured_at timestamptz NOT NULL DEFAULT now(),
  -- Of providers of one priority the one that was preferred last comes first.
  preferred_at  timestamptz NOT NULL DEFAULT now(),
  validated_at  timestamptz,
  last_used_at  timestamptz,
  CONSTRAINT ai_providers_name_once UNIQUE (tenant_id, purpose, name)
);
CREATE INDEX ai_providers_order ON ai_providers (tenant_id, purpose, priority, preferred_at DESC);

-- A day's requests to a provider; it outlives the provider, for the bill does too.
CREATE TABLE ai_usage (
  tenant_id      uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  purpose        text NOT NULL,
  provider       text NOT NULL,
  kind           text NOT NULL,
  model          text NOT NULL,
  day            date NOT NULL,
  requests       bigint NOT NULL DEFAULT 0,
  failures       bigint NOT NULL DEFAULT 0,
  rate_limited   bigint NOT NULL DEFAULT 0,
  quota_exceeded bigint NOT NULL DEFAULT 0,
  unauthorized   bigint NOT NULL DEFAULT 0,
  input_tokens   bigint NOT NULL DEFAULT 0,
  output_tokens  bigint NOT NULL DEFAULT 0,
  -- Billionths of a US dollar.
  nanodollars    bigint NOT NULL DEFAULT 0,
  milliseconds   bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, purpose, provider, model, day)
);

CREATE TABLE image_jobs (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id       uuid REFERENCES users ON DELETE SET NULL,
  queued        bigint GENERATED ALWAYS AS IDENTITY,
  request       jsonb NOT NULL,
  status        text NOT NULL DEFAULT 'queued'
    CONSTRAINT image_jobs_status CHECK (status IN ('queued', 'processing', 'completed', 'failed', 'cancelled')),
  result        jsonb,
  error         text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  started_at    timestamptz,
  completed_at  timestamptz
);
CREATE INDEX image_jobs_newest ON image_jobs (tenant_id, created_at DESC, id);
CREATE INDEX image_jobs_waiting ON image_jobs (queued) WHERE status IN ('queued', 'processing');

-- Whether a tenant's articles are asked of a provider: a principal shows it, so that a call of a tenant without one
-- needs no look at the table above.
ALTER TABLE tenants ADD COLUMN has_providers boolean NOT NULL DEFAULT false;

CREATE FUNCTION petstore_note_providers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
DECLARE
  tenant  uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
  has     boolean := EXISTS (SELECT FROM ai_providers WHERE tenant_id = tenant AND purpose = 'text' AND is_enabled);
BEGIN
  UPDATE tenants SET has_providers = has WHERE id = tenant AND has_providers <> has;
  IF FOUND THEN
    UPDATE users SET auth_epoch = auth_epoch + 1
    WHERE id IN (SELECT user_id FROM memberships WHERE tenant_id = tenant);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER ai_providers_note AFTER INSERT OR DELETE OR UPDATE OF is_enabled, tenant_id, purpose ON ai_providers
FOR EACH ROW EXECUTE FUNCTION petstore_note_providers();

-- As before, and whether the tenant has providers. A worker of the version before asks by name for what it knows.
DROP FUNCTION petstore_principal(text);
CREATE FUNCTION petstore_principal(hash text)
RETURNS TABLE (
  user_id uuid, tenant_id uuid, key_id uuid, epoch bigint, email text, company_name text, tier text, role text,
  is_active boolean, scopes text, expires_at timestamptz, created_at timestamptz, updated_at timestamptz,
  per_minute integer, per_hour integer, per_day integer, concurrent integer,
  email_verified boolean, has_second_factor boolean, has_providers boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT u.id, k.tenant_id, k.id, u.auth_epoch, u.email, u.company_name, u.subscription_tier, u.role,
         u.is_active, array_to_string(k.scopes, ' '), k.expires_at, u.created_at, u.updated_at,
         r.requests_per_minute, r.requests_per_hour, r.requests_per_day, r.concurrent,
         u.email_verified_at IS NOT NULL, u.has_second_factor, t.has_providers
  FROM api_keys k
  JOIN users u ON u.id = k.user_id
  JOIN tenants t ON t.id = k.tenant_id
  LEFT JOIN rate_limits r ON r.user_id = u.id
  WHERE k.key_hash = hash AND k.revoked_at IS NULL
$$;
REVOKE ALL ON FUNCTION petstore_principal(text) FROM PUBLIC;

DROP FUNCTION petstore_session_principal(uuid, integer);
CREATE FUNCTION petstore_session_principal(session uuid, idle_seconds integer)
RETURNS TABLE (
  user_id uuid, tenant_id uuid, key_id uuid, epoch bigint, email text, company_name text, tier text, role text,
  is_active boolean, scopes text, expires_at timestamptz, created_at timestamptz, updated_at timestamptz,
  per_minute integer, per_hour integer, per_day integer, concurrent integer,
  email_verified boolean, has_second_factor boolean, has_providers boolean,
  authenticated_at timestamptz, second_factor_at timestamptz, acked_generation bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT u.id, s.tenant_id, s.key_id, u.auth_epoch, u.email, u.company_name, u.subscription_tier, u.role, u.is_active,
         array_to_string(
           CASE WHEN k.id IS NULL THEN s.scopes
                ELSE ARRAY(SELECT unnest(s.scopes) INTERSECT SELECT unnest(k.scopes)) END, ' '),
         least(s.expires_at, k.expires_at), u.created_at, u.updated_at,
         r.requests_per_minute, r.requests_per_hour, r.requests_per_day, r.concurrent,
         u.email_verified_at IS NOT NULL, u.has_second_factor, t.has_providers,
         s.authenticated_at, s.second_factor_at, s.acked_generation
  FROM sessions s
  JOIN users u ON u.id = s.user_id
  JOIN tenants t ON t.id = s.tenant_id
  LEFT JOIN api_keys k ON k.id = s.key_id
  LEFT JOIN rate_limits r ON r.user_id = u.id
  WHERE s.id = session
    AND s.revoked_at IS NULL AND s.expires_at > now()
    AND s.last_seen_at > now() - make_interval(secs => idle_seconds)
    AND (s.key_id IS NULL OR k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true))
$$;
REVOKE ALL ON FUNCTION petstore_session_principal(uuid, integer) FROM PUBLIC;

ALTER TABLE ai_providers ENABLE ROW LEVEL SECURITY;
CREATE POLICY ai_providers_scope ON ai_providers USING (petstore_in_scope(tenant_id));
ALTER TABLE ai_usage ENABLE ROW LEVEL SECURITY;
CREATE POLICY ai_usage_scope ON ai_usage USING (petstore_in_scope(tenant_id));
ALTER TABLE image_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY image_jobs_scope ON image_jobs USING (petstore_in_scope(tenant_id));

GRANT SELECT, INSERT, UPDATE, DELETE ON ai_providers, ai_usage, image_jobs TO petstore;
GRANT EXECUTE ON FUNCTION petstore_principal(text), petstore_session_principal(uuid, integer) TO petstore;
