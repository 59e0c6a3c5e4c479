-- Usage: what was called how often, by account, tenant, endpoint and hour.

CREATE TABLE api_usage (
  hour               timestamptz NOT NULL,
  tenant_id          uuid NOT NULL,
  user_id            uuid NOT NULL,
  endpoint           text NOT NULL,
  request_count      bigint NOT NULL DEFAULT 0,
  error_count        bigint NOT NULL DEFAULT 0,
  completed_count    bigint NOT NULL DEFAULT 0,
  latency_sum_us     bigint NOT NULL DEFAULT 0,
  -- How many completed within 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500 ms, and how many took longer.
  latency_histogram  bigint[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0,0,0,0,0}'
                     CONSTRAINT api_usage_histogram_length CHECK (array_length(latency_histogram, 1) = 12),
  PRIMARY KEY (hour, tenant_id, user_id, endpoint)
) PARTITION BY RANGE (hour);
CREATE INDEX api_usage_user ON api_usage (user_id, hour);

-- Nobody gets rights on a partition: row-level security guards the parent, and asking a partition would go past it.
-- Makes the partition of a month if there is none; petstore watch calls it before it writes into a month.
CREATE FUNCTION petstore_ensure_usage_partition(instant timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
DECLARE
  first timestamptz := date_trunc('month', instant AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  after timestamptz := (date_trunc('month', instant AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  name  text := 'api_usage_' || to_char(instant AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF api_usage FOR VALUES FROM (%L) TO (%L)',
                   name, first, after);
  END IF;
END
$$;
REVOKE ALL ON FUNCTION petstore_ensure_usage_partition(timestamptz) FROM PUBLIC;

CREATE VIEW api_usage_daily WITH (security_invoker = true) AS
SELECT (hour AT TIME ZONE 'UTC')::date AS day, tenant_id, user_id, endpoint,
       sum(request_count)::bigint AS request_count, sum(error_count)::bigint AS error_count,
       sum(completed_count)::bigint AS completed_count, sum(latency_sum_us)::bigint AS latency_sum_us
FROM api_usage
GROUP BY 1, 2, 3, 4;

-- How far each stream has been taken in. It moves in the transaction that counts, so nothing counts twice.
CREATE TABLE usage_cursors (
  stream   text PRIMARY KEY,
  last_id  text NOT NULL
);

-- The same for the files that workers write while Redis is away. A row outlives its file by a day, so that a reader that
-- read the file before another one finished it learns that it came late.
CREATE TABLE usage_spools (
  file        text PRIMARY KEY,
  read_bytes  bigint NOT NULL,
  taken_at    timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE api_usage ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_usage_scope ON api_usage USING (petstore_in_scope(tenant_id));

GRANT EXECUTE ON FUNCTION petstore_ensure_usage_partition(timestamptz) TO petstore;
GRANT SELECT, INSERT, UPDATE ON api_usage TO petstore;
GRANT SELECT ON api_usage_daily TO petstore;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_cursors, usage_spools TO petstore;
