-- The audit trail: one row an event, written in the transaction of the change that it reports, never changed again.

CREATE TABLE audit_events (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  occurred_at  timestamptz NOT NULL DEFAULT now(),
  tenant_id    uuid NOT NULL,
  actor_id     uuid,
  key_id       uuid,
  action       text NOT NULL CONSTRAINT audit_events_action_form CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  subject      text NOT NULL,
  address      text NOT NULL,
  request_id   text NOT NULL,
  details      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_events_tenant ON audit_events (tenant_id, id);

CREATE FUNCTION petstore_refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION petstore_refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION petstore_refuse_change();

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_events_scope ON audit_events USING (petstore_in_scope(tenant_id));

GRANT SELECT, INSERT ON audit_events TO petstore;
