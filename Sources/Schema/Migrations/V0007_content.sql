-- What tenants keep: their posts, and the batches of articles that they have asked for.

CREATE TABLE posts (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  author_id     uuid REFERENCES users ON DELETE SET NULL,
  title         text NOT NULL CONSTRAINT posts_title CHECK (char_length(title) BETWEEN 1 AND 200),
  slug          text NOT NULL CONSTRAINT posts_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 200),
  content       text NOT NULL CONSTRAINT posts_content CHECK (char_length(content) BETWEEN 1 AND 200000),
  format        text NOT NULL CONSTRAINT posts_format CHECK (format IN ('markdown', 'html', 'plain_text', 'json')),
  excerpt       text CONSTRAINT posts_excerpt CHECK (char_length(excerpt) <= 300),
  description   text CONSTRAINT posts_description CHECK (char_length(description) <= 300),
  keywords      text[] NOT NULL DEFAULT '{}',
  categories    text[] NOT NULL DEFAULT '{}',
  tags          text[] NOT NULL DEFAULT '{}',
  status        text NOT NULL DEFAULT 'draft' CONSTRAINT posts_status CHECK (status IN ('draft', 'published', 'archived')),
  -- Hashes of the sentences, by which a text that repeats an earlier one is found.
  sentences     bigint[] NOT NULL DEFAULT '{}',
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  published_at  timestamptz,
  CONSTRAINT posts_slug_once UNIQUE (tenant_id, slug),
  CONSTRAINT posts_published CHECK (status <> 'published' OR published_at IS NOT NULL)
);
CREATE INDEX posts_newest ON posts (tenant_id, created_at DESC, id DESC);
CREATE INDEX posts_sentences ON posts USING gin (sentences);

CREATE TABLE batch_jobs (
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id            text NOT NULL CONSTRAINT batch_jobs_id CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  user_id       uuid REFERENCES users ON DELETE SET NULL,
  metadata      jsonb NOT NULL DEFAULT '{}' CONSTRAINT batch_jobs_metadata CHECK (jsonb_typeof(metadata) = 'object'),
  created_at    timestamptz NOT NULL DEFAULT now(),
  cancelled_at  timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX batch_jobs_newest ON batch_jobs (tenant_id, created_at DESC, id);

CREATE TABLE batch_items (
  tenant_id     uuid NOT NULL,
  job_id        text NOT NULL,
  number        integer NOT NULL CONSTRAINT batch_items_number CHECK (number >= 0),
  -- The order in which items of all tenants are run.
  queued        bigint GENERATED ALWAYS AS IDENTITY,
  request       jsonb NOT NULL,
  status        text NOT NULL DEFAULT 'pending'
    CONSTRAINT batch_items_status CHECK (status IN ('pending', 'completed', 'failed', 'cancelled')),
  result        jsonb,
  error         text,
  started_at    timestamptz,
  completed_at  timestamptz,
  PRIMARY KEY (tenant_id, job_id, number),
  FOREIGN KEY (tenant_id, job_id) REFERENCES batch_jobs ON DELETE CASCADE,
  CONSTRAINT batch_items_ended CHECK ((status = 'pending') = (completed_at IS NULL))
);
CREATE INDEX batch_items_pending ON batch_items (queued) WHERE status = 'pending';

-- A job as its items make it: there is no second place where its progress is kept.
CREATE VIEW batch_progress WITH (security_invoker = true) AS
SELECT j.tenant_id, j.id, j.user_id, j.metadata, j.created_at,
       count(*) AS total,
       count(*) FILTER (WHERE i.status = 'completed') AS completed,
       count(*) FILTER (WHERE i.status = 'failed') AS failed,
       count(*) FILTER (WHERE i.status = 'pending') AS pending,
       min(i.started_at) AS started_at,
       CASE WHEN count(*) FILTER (WHERE i.status = 'pending') = 0 THEN max(i.completed_at) END AS completed_at,
       CASE WHEN j.cancelled_at IS NOT NULL THEN 'cancelled'
            WHEN count(*) FILTER (WHERE i.status = 'pending') = 0 THEN 'completed'
            WHEN min(i.started_at) IS NULL THEN 'pending'
            ELSE 'running' END AS status
FROM batch_jobs j
JOIN batch_items i ON i.tenant_id = j.tenant_id AND i.job_id = j.id
GROUP BY j.tenant_id, j.id;

ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY posts_scope ON posts USING (petstore_in_scope(tenant_id));
ALTER TABLE batch_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch_jobs_scope ON batch_jobs USING (petstore_in_scope(tenant_id));
ALTER TABLE batch_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch_items_scope ON batch_items USING (petstore_in_scope(tenant_id));

GRANT SELECT, INSERT, UPDATE, DELETE ON posts, batch_jobs, batch_items TO petstore;
GRANT SELECT ON batch_progress TO petstore;
