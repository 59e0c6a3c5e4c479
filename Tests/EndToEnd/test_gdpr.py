"""What a person may ask for by law: everything that is held, and its end."""

import hashlib
import time

import pytest

from conftest import ROOMY

PROFILE = "/api/v1/auth/profile"


@pytest.fixture
def person(api, new_account):
    account = new_account(**ROOMY)
    account.pair = api.log_in(account.email).json
    api.profile(account.key)
    return account


def delete(api, account, password=None):
    return api("DELETE", PROFILE, {"password": password or account.password}, key=account.pair["access_token"])


def places(stack, *needles):
    """Tables and columns that hold one of some texts."""
    found = []
    for table, column in stack.sql("""SELECT table_name, column_name FROM information_schema.columns
            JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type IN ('text', 'uuid', 'jsonb', 'ARRAY')"""):
        for needle in needles:
            if stack.value(f'SELECT count(*) FROM "{table}" WHERE strpos("{column}"::text, %s) > 0', needle):
                found.append((table, column, needle))
    return found


def test_the_export_holds_everything_and_no_secret(api, person):
    answer = api.get(PROFILE + "/export", key=person.pair["access_token"])
    assert answer.status == 200 and "attachment" in answer.headers["content-disposition"]
    document = answer.json
    assert document["account"]["email"] == person.email
    assert [key["id"] for key in document["api_keys"]] == [person.key_id]
    assert person.pair["session_id"] in [session["id"] for session in document["sessions"]]
    assert {"account.registered", "login.succeeded", "account.exported"} <= {e["action"] for e in document["audit_events"]}
    assert document["known_addresses"] and document["memberships"] and document["letters"]
    for secret in (person.password, person.key, hashlib.sha256(person.key.encode()).hexdigest(), "$argon2id$",
                   person.pair["access_token"], person.pair["refresh_token"]):
        assert secret.encode() not in answer.body


def test_an_account_is_erased_everywhere_at_once(api, stack, person):
    assert delete(api, person, "Wrong-password-1").code == "wrong_credentials"
    events = stack.value("SELECT count(*) FROM audit_events WHERE person_id = %s", person.id)
    answer = delete(api, person)
    assert answer.status == 200 and answer["erase_at"] is None
    assert api.profile(person.key).status == 401 and api.profile(person.pair["access_token"]).status == 401
    assert api.log_in(person.email).code == "wrong_credentials"
    deadline = time.time() + 10          # the farewell letter holds the address until it is sent
    while left := [place for place in places(stack, person.id, person.email)
                   if place[0] not in ("audit_events", "epoch_changes")]:
        assert time.time() < deadline, left
        time.sleep(0.3)
    assert not stack.redis().keys(f"*ring:{person.id}*") and not stack.redis().keys(f"*leases:{person.id}")
    # The audit trail has every event, and says nothing of the person any more.
    assert stack.value("SELECT count(*) FROM audit_events WHERE person_id = %s", person.id) > events
    rows = stack.sql("SELECT address, details FROM audit_trail WHERE person_id = %s", person.id)
    assert {row[0] for row in rows} == {"erased"} and all(row[1] == {} for row in rows)
    assert not [place for place in places(stack, person.email) if place[0] == "audit_events"]
    assert api.register(person.email).status == 201


def test_the_last_administrator_and_a_body_that_is_no_json_erase_nobody(api, stack, person):
    stack.sql("UPDATE users SET role = 'admin' WHERE id = %s", person.id)
    others = [row[0] for row in stack.sql("SELECT id FROM users WHERE role = 'admin' AND is_active AND id <> %s", person.id)]
    stack.sql("UPDATE users SET role = 'free' WHERE id = ANY(%s)", others)
    try:
        answer = delete(api, person)
        assert answer.status == 409 and answer.code == "last_admin"
    finally:
        stack.sql("UPDATE users SET role = 'admin' WHERE id = ANY(%s)", others)
        stack.sql("UPDATE users SET role = 'free' WHERE id = %s", person.id)
    person.pair = api.log_in(person.email).json
    answer = api("DELETE", PROFILE, content=b"<a/>", key=person.pair["access_token"], headers={"Content-Type": "text/xml"})
    assert answer.status == 415
    assert api.profile(person.key).status == 200


def test_addresses_are_sealed_in_the_table_and_read_in_the_view(stack, person):
    assert set(stack.sql("SELECT address FROM audit_events WHERE person_id = %s", person.id)) == {("sealed",)}
    assert set(stack.sql("SELECT address FROM audit_trail WHERE person_id = %s", person.id)) >= {("127.0.0.1",)}


def test_with_a_grace_the_account_waits_and_can_come_back(api, stack, side_worker, person):
    worker = side_worker(ERASURE_GRACE_DAYS="7")
    answer = worker("DELETE", PROFILE, {"password": person.password}, key=person.pair["access_token"])
    assert answer.status == 200 and answer["erase_at"]
    assert api.profile(person.key).status == 403 and api.profile(person.pair["access_token"]).status == 401
    back = api.patch(f"/api/v1/admin/users/{person.id}", {"is_active": True}, key=stack["ADMIN_API_KEY"])
    assert back.status == 200 and api.profile(person.key).status == 200
    assert stack.value("SELECT erase_at FROM users WHERE id = %s", person.id) is None


@pytest.mark.parametrize("body", [{}, {"password": 5}])
def test_without_a_password_nothing_is_deleted(api, person, body):
    assert api("DELETE", PROFILE, body, key=person.pair["access_token"]).status == 422
    assert api.profile(person.key).status == 200
