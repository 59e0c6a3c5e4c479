"""The audit trail: a row beside each change, in its transaction, for ever."""

import uuid

import psycopg
import pytest

from conftest import GOOD_PASSWORD, new_email

KEYS = "/api/v1/auth/keys"


def events(stack, subject):
    """(action, xmin, actor, key, address, request id, details), oldest first."""
    return stack.sql("""SELECT t.action, e.xmin::text, t.actor_id::text, t.key_id::text, t.address, t.request_id,
                               t.details
                        FROM audit_trail t JOIN audit_events e USING (id) WHERE t.subject = %s ORDER BY id""", subject)


def name():
    return f"audit-{uuid.uuid4().hex}"


def test_a_registration_is_written_in_its_own_transaction(api, stack):
    id = name()
    answer = api.post("/api/v1/auth/register", {"email": new_email(), "password": GOOD_PASSWORD, "company_name": "Paws"},
                      headers={"X-Request-ID": id})
    (action, xmin, actor, key, address, request, details), = events(stack, answer["user_id"])
    assert (action, actor, address, request) == ("account.registered", answer["user_id"], "127.0.0.1", id)
    for table, column in (("users", "id"), ("memberships", "user_id"), ("api_keys", "user_id")):
        assert stack.value(f"SELECT xmin::text FROM {table} WHERE {column} = %s", answer["user_id"]) == xmin, table
    assert [event[:2] for event in events(stack, answer["api_key_id"])] == [("key.created", xmin)]


def test_each_change_of_a_key_is_written_in_its_own_transaction(api, stack, account):
    made = api.post(KEYS, {"name": "one"}, account.key, headers={"X-Request-ID": name()})
    id = made["key"]["id"]
    event, = events(stack, id)
    assert event[0] == "key.created" and event[2:5] == (account.id, account.key_id, "127.0.0.1")
    assert event[5] == made.headers["x-request-id"]
    assert event[1] == stack.value("SELECT xmin::text FROM api_keys WHERE id = %s", id)

    rotated = api.post(f"{KEYS}/{id}/rotate", {"overlap_seconds": 60}, account.key)
    event = events(stack, id)[1]
    assert event[0] == "key.rotated" and event[6] == {"successor": rotated["key"]["id"], "overlap_seconds": "60"}
    for key in (id, rotated["key"]["id"]):
        assert stack.value("SELECT xmin::text FROM api_keys WHERE id = %s", key) == event[1]

    revoked = api.delete(f"{KEYS}/{id}", rotated["api_key"])
    event = events(stack, id)[2]
    assert event[0] == "key.revoked" and event[3] == rotated["key"]["id"] and event[5] == revoked.headers["x-request-id"]
    assert event[1] == stack.value("SELECT xmin::text FROM api_keys WHERE id = %s", id)


def test_a_change_of_the_profile_is_written_in_its_own_transaction(api, stack, account):
    api.patch("/api/v1/auth/profile", {"company_name": "Other"}, account.key)
    event = events(stack, account.id)[-1]
    assert event[0] == "account.updated" and event[6] == {"members": "company_name"}
    assert event[1] == stack.value("SELECT xmin::text FROM users WHERE id = %s", account.id)


def test_each_login_is_written_and_each_that_failed(api, stack, account):
    api.log_in(account.email, issue_api_key=True)
    for _ in range(6):
        api.log_in(account.email, "Wrong-password-1")
    rows = events(stack, account.id)[1:]
    assert [row[0] for row in rows] == ["login.succeeded"] + ["login.failed"] * 5 + ["login.locked"]
    assert rows[0][1] == stack.value("SELECT xmin::text FROM known_addresses WHERE user_id = %s", account.id)
    assert rows[0][2] == account.id and rows[1][2] is None, "nobody knows who guessed"
    assert len({row[5] for row in rows}) == 7, "each with its request"


def test_a_failed_login_to_no_account_is_written_without_the_address(api, stack):
    email, id = new_email(), name()
    api.post("/api/v1/auth/login", {"email": email, "password": "Wrong-password-1"}, headers={"X-Request-ID": id})
    (action, subject, tenant, details), = stack.sql(
        "SELECT action, subject, tenant_id::text, details FROM audit_trail WHERE request_id = %s", id)
    assert action == "login.failed" and subject.startswith("email:") and email not in subject
    assert tenant == "00000000-0000-0000-0000-000000000000" and details == {}


def test_the_operators_commands_are_written_too(stack, account):
    stack.petstore("user", "set-tier", account.email, "standard")
    stack.petstore("user", "set-limits", account.email, "--minute", "5")
    stack.petstore("key", "create", account.email, "--name", "by hand")
    rows = events(stack, account.id)[1:]
    assert [(row[0], row[4]) for row in rows] == [
        ("account.tier_changed", "local"), ("account.role_changed", "local"), ("account.limits_changed", "local")]
    assert rows[2][6] == {"minute": "5", "hour": "tier", "day": "tier", "concurrent": "tier"}
    assert stack.value("SELECT count(*) FROM audit_trail WHERE action = 'key.created' AND details->>'name' = 'by hand' "
                       "AND tenant_id = (SELECT tenant_id FROM memberships WHERE user_id = %s)", account.id) == 1


def test_a_call_that_was_refused_writes_nothing(api, stack, account):
    before = stack.value("SELECT count(*) FROM audit_events WHERE tenant_id = (SELECT tenant_id FROM memberships WHERE user_id = %s)", account.id)
    api.post(KEYS, {"name": "default"}, account.key)
    api.post(KEYS, {"name": ""}, account.key)
    api.delete(f"{KEYS}/{uuid.uuid4()}", account.key)
    api.patch("/api/v1/auth/profile", {"company_name": ""}, account.key)
    api.register(account.email)
    assert before == stack.value("SELECT count(*) FROM audit_events WHERE tenant_id = (SELECT tenant_id FROM memberships WHERE user_id = %s)", account.id)


def test_where_the_event_cannot_be_written_nothing_is_changed(api, stack, account, allow_in_log):
    allow_in_log("audit_events")
    made = api.post(KEYS, {"name": "stays"}, account.key)
    email = new_email()
    stack.sql("REVOKE INSERT ON audit_events FROM petstore", role="owner")
    try:
        assert api.delete(f"{KEYS}/{made['key']['id']}", account.key).status == 500
        assert api.post(KEYS, {"name": "never"}, account.key).status == 500
        assert api.patch("/api/v1/auth/profile", {"company_name": "Never"}, account.key).status == 500
        assert api.post(f"{KEYS}/{made['key']['id']}/rotate", {}, account.key).status == 500
        assert api.register(email).status == 500
        answer = api.log_in(account.email, issue_api_key=True)
        assert answer.status == 500 and answer.code == "internal_error"
        assert "audit" not in answer.body.decode() and "permission" not in answer.body.decode()
    finally:
        stack.sql("GRANT INSERT ON audit_events TO petstore", role="owner")
    assert api.profile(made["api_key"]).status == 200
    assert api.profile(account.key)["company_name"] != "Never"
    assert {key["name"]: key["status"] for key in api.get(KEYS, key=account.key)["keys"]} == {
        "stays": "active", "default": "active"}
    assert stack.value("SELECT count(*) FROM users WHERE email = %s", email) == 0


@pytest.mark.parametrize("statement", [
    "UPDATE audit_events SET action = 'x.y'", "DELETE FROM audit_events", "TRUNCATE audit_events",
    "UPDATE audit_events SET action = action WHERE false", "DELETE FROM audit_events WHERE id = -1",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL", "DROP TABLE audit_events", "DROP TRIGGER audit_events_append_only ON audit_events"])
def test_the_applications_role_can_neither_change_nor_remove_events(stack, account, statement):
    for scope in ("service", ""):
        with psycopg.connect(stack["PG_DSN"]) as connection:
            connection.execute("SELECT set_config('petstore.scope', %s, true)", (scope,))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize("statement", [
    "UPDATE audit_events SET details = '{}' WHERE id = (SELECT max(id) FROM audit_events)",
    "DELETE FROM audit_events WHERE id = (SELECT max(id) FROM audit_events)", "TRUNCATE audit_events"])
def test_even_the_owner_is_stopped_by_a_trigger(stack, account, statement):
    before = stack.value("SELECT count(*) FROM audit_events")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stack.sql(statement)
    assert stack.value("SELECT count(*) FROM audit_events") == before


@pytest.mark.parametrize("table", ["audit_events", "api_keys", "memberships", "api_usage"])
def test_without_a_scope_a_tenants_rows_are_not_seen_and_with_it_only_its_own(stack, account, table):
    tenant = stack.value("SELECT tenant_id::text FROM memberships WHERE user_id = %s", account.id)
    with psycopg.connect(stack["PG_DSN"]) as connection:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        connection.execute("SELECT set_config('petstore.scope', %s, true)", (tenant,))
        seen = {str(row[0]) for row in connection.execute(f"SELECT DISTINCT tenant_id FROM {table}")}
        assert seen <= {tenant} and (seen or table == "api_usage")
