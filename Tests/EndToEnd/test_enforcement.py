"""AUTH_ENFORCEMENT: routes that were public, on their way to asking for a credential; and feature flags."""

import re
import secrets
import time

import pytest

from conftest import GOOD_PASSWORD, ROOMY, new_email
from stack import at_once, eventually
from test_admin import admin, new_person  # noqa: F401 (fixtures)

FLAGS = "/api/v1/admin/flags"
TOPIC = {"topic": "Winter walks with an old dog", "length": "short"}
PUBLIC = "00000000-0000-0000-0000-000000000001"
# Each group with a call of its own, and what it answers when nobody has to show who he is.
CALLS = {"content": ("POST", "/api/v1/generate", TOPIC, 200), "batch": ("GET", "/api/v1/batch", None, 200),
         "images": ("POST", "/api/v1/images/generate", {"prompt": "A kitten"}, 503),
         "status": ("GET", "/api/v1/metrics", None, 200)}
ALWAYS = [("GET", "/api/v1/auth/profile", None), ("GET", "/api/v1/posts", None), ("GET", "/api/v1/usage", None),
          ("POST", "/api/v1/posts", {"title": "x", "content": "x"}), ("DELETE", "/api/v1/cache/clear", None),
          ("POST", "/api/v1/ai/providers/configure", {"provider_type": "openai", "api_key": "x"}),
          ("POST", "/api/v1/images/providers/configure", {"provider_type": "openai", "api_key": "x"}),
          ("GET", "/api/v1/admin/users", None), ("GET", FLAGS, None), ("POST", "/api/v1/ai/providers/switch", {"provider": "x"}),
          ("POST", "/api/v1/ai/providers/test", {"provider_type": "openai", "api_key": "x"})]


def would_refuse(worker):
    page = worker("GET", "/metrics").body.decode()
    return {(group, reason): int(count) for group, reason, count in
            re.findall(r'petstore_would_refuse_total\{group="(\w+)",reason="(\w+)"\} (\d+)', page)}


def noted_calls(worker):
    """What a worker has noted of calls that would be refused, from its log."""
    import json
    return [json.loads(line) for line in worker.log.read_text().splitlines() if '"would be refused"' in line]


@pytest.mark.parametrize("mode", ["off", "observe"])
def test_a_public_group_serves_whoever_comes_and_observing_tells_of_it(side_worker, stack, shared_roomy, mode):
    worker = side_worker(AUTH_ENFORCEMENT=mode, PUBLIC_LIMIT_PER_MINUTE="1000")
    for group, (method, target, body, status) in CALLS.items():
        for key in (None, "psd_live_nonsense", "a.b.c"):
            answer = worker(method, target, body, key=key, address="192.0.2.1")
            assert answer.status == status, (group, answer)
            assert status == 200 or answer.code == "no_image_provider"
            assert answer.rate("address")[0] < 1000
    # Whoever shows a key is who he is, and counts in his own windows.
    own = worker("POST", "/api/v1/generate", TOPIC, key=shared_roomy.key)
    assert own.status == 200 and own.rate("minute")[0] > 1000
    seen = would_refuse(worker)
    lines = noted_calls(worker)
    for group in CALLS:
        assert seen[group, "no_credential"] == (1 if mode == "observe" else 0)
        assert seen[group, "invalid_credential"] == (2 if mode == "observe" else 0)
    assert len(lines) == (12 if mode == "observe" else 0)
    if lines:
        assert lines[0]["endpoint"] == "generate_article_alias" and lines[0]["reason"] == "no_credential"
        assert lines[0]["address"] == "192.0.2.1" and lines[0]["problem"] == "unauthenticated"
        assert "psd_live" not in worker.log.read_text()
    # What never was public, or gives power over others, asks as ever.
    for method, target, body in ALWAYS:
        answer = worker(method, target, body)
        assert answer.status == 401 and answer.code == "unauthenticated", (target, answer)


def test_each_group_goes_by_its_own_word(side_worker):
    worker = side_worker(AUTH_ENFORCEMENT="content=observe")
    assert worker("POST", "/api/v1/analyze", {"content": "Cats sleep a lot. " * 20, "title": "On the sleep of cats"}).status == 200
    for group in ("batch", "images", "status"):
        method, target, body, _ = CALLS[group]
        assert worker(method, target, body).status == 401


def test_a_setting_that_cannot_be_meant_stops_the_start(stack):
    done = stack.petstore("doctor", check=False, env={"AUTH_ENFORCEMENT": "content=open"})
    assert done.returncode != 0 and "AUTH_ENFORCEMENT" in done.stderr and "off, observe, enforce" in done.stderr


def test_an_address_without_a_credential_has_its_own_window_exactly(side_worker):
    worker = side_worker(AUTH_ENFORCEMENT="off", PUBLIC_LIMIT_PER_MINUTE="5")
    # IPv6 counts by /64.
    one, other, third = (f"2001:db8:{secrets.token_hex(2)}:{n}::1" for n in (1, 2, 3))
    answers = at_once([lambda: worker("POST", "/api/v1/keywords/suggest", {"keyword": "dog food"}, address=one)] * 20, 10)
    assert sorted(answer.status for answer in answers) == [200] * 5 + [429] * 15
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused["violated-policies"] == ["address"] and int(refused.headers["retry-after"]) >= refused.rate("address")[1]
    assert worker("POST", "/api/v1/keywords/suggest", {"keyword": "dog food"}, address=other).status == 200
    # A batch of ten counts ten.
    ten = {"requests": [TOPIC] * 10}
    assert worker("POST", "/api/v1/batch/generate", ten, address=third).status == 429


def test_what_a_key_may_not_do_is_served_as_nobody_and_gives_its_place_back(side_worker, api, stack, new_account):
    worker = side_worker(AUTH_ENFORCEMENT="observe", PUBLIC_LIMIT_PER_MINUTE="1000")
    account = new_account(minute=1000, hour=1000, day=1000, concurrent=1)
    narrow = api.post("/api/v1/auth/keys", {"name": "narrow", "scopes": ["usage:read"]}, account.key)["api_key"]
    for _ in range(3):
        assert worker("POST", "/api/v1/generate", TOPIC, key=narrow).status == 200
    # The one place of the account is free.
    assert worker("POST", "/api/v1/generate", TOPIC, key=account.key).rate("minute")[0] < 1000
    assert would_refuse(worker)["content", "forbidden"] == 3
    # Its own windows full: it goes on as nobody, and that is told.
    tight = new_account(minute=1, hour=1000, day=1000)
    assert worker("POST", "/api/v1/generate", TOPIC, key=tight.key).status == 200
    assert worker("POST", "/api/v1/generate", TOPIC, key=tight.key).status == 200
    assert would_refuse(worker)["content", "limited"] == 1


def test_what_nobody_called_is_counted_as_the_public_accounts(side_worker, stack):
    worker = side_worker(AUTH_ENFORCEMENT="off")
    query = "SELECT coalesce(sum(request_count), 0)::int FROM api_usage WHERE user_id = %s AND endpoint = 'suggest_keywords'"
    before = stack.value(query, PUBLIC)
    for number in range(3):
        assert worker("POST", "/api/v1/keywords/suggest", {"keyword": "cat tree"}, address=f"192.0.2.{130 + number}").status == 200
    eventually(lambda: stack.value(query, PUBLIC) == before + 3, what="usage of the public account")


def test_a_suspended_public_account_ends_the_public_service_at_once(side_worker, api, stack, admin):
    worker = side_worker(AUTH_ENFORCEMENT="off")
    call = lambda: worker("POST", "/api/v1/keywords/suggest", {"keyword": "cat tree"}, address="192.0.2.140")
    assert call().status == 200
    try:
        assert api.patch(f"/api/v1/admin/users/{PUBLIC}", {"is_active": False}, admin.key).status == 200
        assert {(call().status, call().code) for _ in range(4)} == {(401, "unauthenticated")}
    finally:
        assert api.patch(f"/api/v1/admin/users/{PUBLIC}", {"is_active": True}, admin.key).status == 200
    assert call().status == 200


def test_nobody_can_be_the_public_account(api, stack, side_worker):
    worker = side_worker(AUTH_ENFORCEMENT="off")
    assert api.log_in("public@petstore.invalid", "public").code == "wrong_credentials"
    assert api.register("public@petstore.invalid").status in (409, 422)
    for text in ("0" * 64, "psd_live_" + "0" * 49, "psd_live_none"):
        assert api.profile(text).code == "invalid_credential"
        assert worker("GET", "/api/v1/auth/profile", key=text).code == "invalid_credential"


# ---- flags

@pytest.fixture
def flags(api, stack, admin):
    yield lambda name, value, **more: api("PUT", f"{FLAGS}/{name}", {"value": value, **more}, key=admin.key)
    stack.sql("DELETE FROM feature_flags")
    time.sleep(1.5)                   # every worker has looked again


def test_an_administrator_sees_and_switches_flags_and_the_trail_has_it(api, stack, admin, flags):
    listed = {flag["name"]: flag for flag in api.get(FLAGS, admin.key)["flags"]}
    assert listed["registration"]["value"] == "on" == listed["registration"]["default"] and not listed["registration"]["is_set"]
    assert listed["auth_enforcement_content"]["value"] == "enforce"
    changed = flags("registration", "off", note="invitations only")
    assert changed.status == 200 and changed["value"] == "off" and changed["is_set"] and changed["changed_by"] == admin.id
    assert changed["note"] == "invitations only"
    assert api.delete(f"{FLAGS}/registration", admin.key)["is_set"] is False
    assert api.delete(f"{FLAGS}/registration", admin.key)["value"] == "on"
    trail = stack.sql("SELECT actor_id::text, details->>'value' FROM audit_trail WHERE action = 'flag.changed' AND actor_id = %s ORDER BY id", admin.id)
    assert trail == [(admin.id, "off"), (admin.id, "default"), (admin.id, "default")]
    assert flags("fish", "on").status == 404 and api.delete(f"{FLAGS}/fish", admin.key).status == 404
    assert flags("registration", "perhaps").error_types == ["enum"]
    assert api("PUT", f"{FLAGS}/registration", {}, key=admin.key).error_types == ["missing"]
    assert flags("registration", "off", note="x" * 201).error_types == ["string_too_long"]
    text = api("PUT", f"{FLAGS}/registration", key=admin.key, content=b"value=off", headers={"Content-Type": "text/plain"})
    assert text.status == 415


def test_only_administrators_switch(api, stack, shared_roomy, new_person):
    premium = new_person("premium")
    stack.sql("UPDATE api_keys SET scopes = scopes || '{flags:read,flags:write}' WHERE user_id = %s", premium.id)
    for key in (shared_roomy.key, premium.key):
        for method, target, body in (("GET", FLAGS, None), ("PUT", f"{FLAGS}/registration", {"value": "off"}),
                                     ("DELETE", f"{FLAGS}/registration", None)):
            assert api(method, target, body, key=key).code == "insufficient_scope"
    for method in ("PUT", "DELETE"):
        assert api(method, f"{FLAGS}/registration", {"value": "off"} if method == "PUT" else None).status == 401


def test_a_switched_flag_counts_on_every_worker_within_a_second(api, flags):
    flags("registration", "off")
    time.sleep(1.2)
    for _ in range(8):
        answer = api.register()
        assert answer.status == 503 and answer.code == "switched_off" and "New accounts" in answer["detail"]
    flags("registration", "on")
    time.sleep(1.2)
    assert {api.register().status for _ in range(8)} == {201}


def test_enforcement_is_switched_while_the_service_runs(api, flags):
    call = lambda: api.post("/api/v1/keywords/suggest", {"keyword": "dog bed"})
    assert call().status == 401
    flags("auth_enforcement_content", "observe")
    time.sleep(1.2)
    assert {call().status for _ in range(8)} == {200}
    flags("auth_enforcement_content", "enforce")
    time.sleep(1.2)
    assert {call().status for _ in range(8)} == {401}


def test_batches_and_pictures_can_be_switched_off(api, flags, shared_roomy):
    flags("batches", "off")
    flags("images", "off")
    time.sleep(1.2)
    assert api.post("/api/v1/batch/generate", {"requests": [TOPIC]}, shared_roomy.key).code == "switched_off"
    assert api.post("/api/v1/images/jobs", {"prompt": "A kitten"}, shared_roomy.key).code == "switched_off"
    assert api.post("/api/v1/images/generate", {"prompt": "A kitten"}, shared_roomy.key).code == "switched_off"
    assert api.get("/api/v1/batch", shared_roomy.key).status == 200


def test_a_note_of_the_api_cannot_steer_the_operators_terminal(stack, flags):
    assert flags("images", "on", note="\u001b[2Jred\r\u009b1m").status == 200
    listed = stack.petstore("flags", "list").stdout
    assert "[2Jred1m" in listed and not set(listed) & set("\u001b\r\u009b")


def test_the_operator_switches_on_the_host(stack, api):
    try:
        assert "registration off" in stack.petstore("flags", "set", "registration", "off", "--note", "moving").stdout.replace(" is ", " ")
        assert re.search(r"^registration off \(on\|off\) set \S+ moving$", stack.petstore("flags", "list").stdout, re.M)
        assert stack.petstore("flags", "set", "registration", "maybe", check=False).returncode != 0
        assert "there are registration" in stack.petstore("flags", "set", "fish", "on", check=False).stderr
    finally:
        assert "its default" in stack.petstore("flags", "clear", "registration").stdout
    time.sleep(1.2)
