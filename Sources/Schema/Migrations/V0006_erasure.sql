-- Erasing a person without touching the audit trail: what events say of a person (addresses, details) is ciphertext
-- under a key of that person's own, and erasing the person destroys the key. Who acts and on what stay as random ids,
-- which lead nowhere once the account is gone.

CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE TABLE person_keys (
  user_id  uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  key      bytea NOT NULL CONSTRAINT person_keys_length CHECK (length(key) = 32)
);

-- Seals a new event, whoever writes it. An event that names no account has no person's data to seal.
CREATE FUNCTION petstore_seal_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
DECLARE
  person  uuid := NEW.actor_id;
  secret  bytea;
  nonce   bytea := gen_random_bytes(16);
BEGIN
  IF person IS NULL AND NEW.subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    person := NEW.subject::uuid;
  END IF;
  -- Locked, so that who is being erased at this moment is waited for and then not there.
  PERFORM FROM users WHERE id = person FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  INSERT INTO person_keys (user_id, key) VALUES (person, gen_random_bytes(32)) ON CONFLICT (user_id) DO NOTHING;
  SELECT key INTO secret FROM person_keys WHERE user_id = person;
  NEW.person_id := person;
  NEW.sealed := nonce || encrypt_iv(
    convert_to(jsonb_build_object('address', NEW.address, 'details', NEW.details)::text, 'UTF8'), secret, nonce, 'aes-cbc');
  NEW.address := 'sealed';
  NEW.details := '{}';
  RETURN NEW;
END
$$;
ALTER TABLE audit_events ADD COLUMN person_id uuid, ADD COLUMN sealed bytea;
CREATE INDEX audit_events_person ON audit_events (person_id, id);
CREATE TRIGGER audit_events_seal BEFORE INSERT ON audit_events
FOR EACH ROW EXECUTE FUNCTION petstore_seal_event();

-- What a sealed event says; NULL once its person is erased.
CREATE FUNCTION petstore_open_event(person uuid, sealed bytea) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT convert_from(decrypt_iv(substr(sealed, 17), k.key, substr(sealed, 1, 16), 'aes-cbc'), 'UTF8')::jsonb
  FROM person_keys k
  WHERE k.user_id = person
$$;
REVOKE ALL ON FUNCTION petstore_open_event(uuid, bytea) FROM PUBLIC;

-- The trail as people read it.
CREATE VIEW audit_trail WITH (security_invoker = true) AS
SELECT e.id, e.occurred_at, e.tenant_id, e.actor_id, e.key_id, e.session_id, e.action, e.subject, e.person_id,
       e.request_id,
       CASE WHEN e.sealed IS NULL THEN e.address ELSE coalesce(opened.said ->> 'address', 'erased') END AS address,
       CASE WHEN e.sealed IS NULL THEN e.details ELSE coalesce(opened.said -> 'details', '{}') END AS details
FROM audit_events e
LEFT JOIN LATERAL (SELECT petstore_open_event(e.person_id, e.sealed) AS said WHERE e.sealed IS NOT NULL) opened ON true;

-- Erases a person everywhere but in the audit trail, where the key's end does it. Gives the epoch that Redis must hear of.
CREATE FUNCTION petstore_erase(person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
DECLARE
  last_epoch  bigint;
  own         uuid[];
BEGIN
  SELECT auth_epoch + 1 INTO last_epoch FROM users WHERE id = person FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  -- Tenants that nobody else is in go with the person.
  SELECT coalesce(array_agg(m.tenant_id), '{}') INTO own
  FROM memberships m
  WHERE m.user_id = person
    AND NOT EXISTS (SELECT FROM memberships o WHERE o.tenant_id = m.tenant_id AND o.user_id <> person);
  DELETE FROM api_usage WHERE user_id = person;
  DELETE FROM letters WHERE user_id = person OR recipient = (SELECT email FROM users WHERE id = person);
  DELETE FROM sessions WHERE user_id = person;
  DELETE FROM api_keys WHERE user_id = person;
  -- Triggers of the two above raised it once more each.
  SELECT auth_epoch + 1 INTO last_epoch FROM users WHERE id = person;
  DELETE FROM users WHERE id = person;
  DELETE FROM tenants WHERE id = ANY (own);
  RETURN last_epoch;
END
$$;
REVOKE ALL ON FUNCTION petstore_erase(uuid) FROM PUBLIC;

GRANT SELECT ON audit_trail TO petstore;
GRANT EXECUTE ON FUNCTION petstore_open_event(uuid, bytea), petstore_erase(uuid) TO petstore;
