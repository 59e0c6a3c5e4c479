-- Letters to account holders, the codes in them, and the second factor.

-- The outbox: a letter is asked for in the transaction of what it reports, and sent by petstore watch. What it says is
-- made when it is sent, so nothing secret lies here. A stranger's wish to reset a password is a row whether the address
-- has an account or not: only petstore watch looks, so the answer, and the time it takes, tell nothing.
CREATE TABLE letters (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL CONSTRAINT letters_kind_form CHECK (kind ~ '^[a-z_]+$'),
  recipient    text NOT NULL CONSTRAINT letters_recipient_length CHECK (length(recipient) <= 254),
  -- Whom it is about; NULL where only the address is known.
  user_id      uuid,
  parameters   jsonb NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL DEFAULT now(),
  not_before   timestamptz NOT NULL DEFAULT now(),
  attempts     integer NOT NULL DEFAULT 0,
  -- Sent, or found to need no sending.
  done_at      timestamptz,
  failed_at    timestamptz,
  last_error   text
);
CREATE INDEX letters_due ON letters (not_before) WHERE done_at IS NULL AND failed_at IS NULL;
CREATE INDEX letters_user ON letters (user_id);

-- Codes of letters, by their hash. A code is derived from the master key and its letter's id: a letter that is sent
-- again after a crash carries the same one.
CREATE TABLE letter_codes (
  letter_id   uuid PRIMARY KEY REFERENCES letters ON DELETE CASCADE,
  user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose     text NOT NULL CONSTRAINT letter_codes_purpose CHECK (purpose IN ('verify_email', 'change_email', 'reset_password')),
  email       text NOT NULL,
  code_hash   char(64) NOT NULL CONSTRAINT letter_codes_hash_key UNIQUE
              CONSTRAINT letter_codes_hash_hex CHECK (code_hash ~ '^[0-9a-f]{64}$'),
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);
CREATE INDEX letter_codes_user ON letter_codes (user_id);

-- The second factor: a TOTP secret, sealed with the master key. Counts once it is confirmed.
CREATE TABLE second_factors (
  user_id       uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  sealed_secret bytea NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  confirmed_at  timestamptz,
  -- The latest time step of which a code was taken: no code is taken twice (RFC 6238 section 5.2).
  last_step     bigint NOT NULL DEFAULT 0
);
CREATE TABLE recovery_codes (
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  code_hash  char(64) NOT NULL CONSTRAINT recovery_codes_hash_hex CHECK (code_hash ~ '^[0-9a-f]{64}$'),
  used_at    timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON letters, letter_codes, second_factors, recovery_codes TO petstore;
