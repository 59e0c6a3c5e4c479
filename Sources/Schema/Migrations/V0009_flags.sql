-- Feature flags, and the account that callers without a credential are served as while AUTH_ENFORCEMENT lets them.

CREATE TABLE feature_flags (
  name        text PRIMARY KEY CONSTRAINT feature_flags_name_form CHECK (name ~ '^[a-z_]{1,60}$'),
  value       text NOT NULL CONSTRAINT feature_flags_value_form CHECK (value ~ '^[a-z]{1,20}$'),
  note        text NOT NULL DEFAULT '' CONSTRAINT feature_flags_note_length CHECK (length(note) <= 200),
  changed_by  uuid REFERENCES users ON DELETE SET NULL,
  changed_at  timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON feature_flags TO petstore;

-- Nobody can log in as the public account: its password's hash is random bytes, as is no password's. Nobody can present
-- its key: a hash of zeros is no key's.
INSERT INTO users (id, email, password_hash, company_name)
VALUES ('00000000-0000-0000-0000-000000000001', 'public@petstore.invalid',
        '$argon2id$v=19$m=19456,t=2,p=1$QZ0XsK1nXnGm0kq0m2u4Rw$'
          || rtrim(translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'), E'\n', ''), '='),
        'Callers without an account');
INSERT INTO tenants (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'Callers without an account');
INSERT INTO memberships (tenant_id, user_id, role)
VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 'owner');
INSERT INTO api_keys (id, user_id, tenant_id, name, key_hash, key_prefix, scopes)
VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001',
        '00000000-0000-0000-0000-000000000001', 'public', repeat('0', 64), 'psd_live_none', '{content:read,content:write}');
-- All of them share the account's calls at once.
INSERT INTO rate_limits (user_id, concurrent) VALUES ('00000000-0000-0000-0000-000000000001', 1000);
