"""/api/v1/auth/keys: named keys with scopes and an end; revocation and rotation."""

import datetime
import time
import uuid

import pytest

from stack import Load, eventually

KEYS = "/api/v1/auth/keys"


def in_seconds(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat(
        timespec="milliseconds").replace("+00:00", "Z")


def find(api, account, id):
    return next(key for key in api.get(KEYS, key=account.key)["keys"] if key["id"] == id)


def test_a_new_key_has_the_wanted_scopes_and_end_and_works(api, account):
    end = in_seconds(3600)
    answer = api.post(KEYS, {"name": "till 5", "scopes": ["usage:read", "profile:read"], "expires_at": end}, account.key)
    assert answer.status == 201
    assert answer["key"]["name"] == "till 5" and answer["key"]["expires_at"] == end
    assert answer["key"]["scopes"] == ["profile:read", "usage:read"]
    assert answer["key"]["status"] == "active"
    assert answer["api_key"].startswith(answer["key"]["prefix"])
    assert api.profile(answer["api_key"])["user_id"] == account.id
    assert api.get("/api/v1/usage", key=answer["api_key"]).status == 200


def test_a_key_without_a_wish_may_what_its_maker_may(api, account):
    narrow = api.post(KEYS, {"name": "narrow", "scopes": ["keys:write", "profile:read"]}, account.key)
    child = api.post(KEYS, {"name": "child"}, narrow["api_key"])
    assert child["key"]["scopes"] == ["keys:write", "profile:read"]
    assert len(api.post(KEYS, {"name": "wide"}, account.key)["key"]["scopes"]) == len(api.get(KEYS, account.key)["keys"][-1]["scopes"]) - 1


def test_a_key_may_not_give_what_it_does_not_have(api, stack, account):
    narrow = api.post(KEYS, {"name": "narrow", "scopes": ["keys:write", "profile:read"]}, account.key)["api_key"]
    answer = api.post(KEYS, {"name": "wider", "scopes": ["profile:read", "usage:read", "content:write"]}, narrow)
    assert answer.status == 403 and answer.code == "insufficient_scope"
    assert 'scope="content:write usage:read"' in answer.headers["www-authenticate"]
    assert stack.value("SELECT count(*) FROM api_keys WHERE user_id = %s", account.id) == 2


CALLS = [
    ("GET", "/api/v1/auth/profile", "profile:read"), ("PATCH", "/api/v1/auth/profile", "profile:write"),
    ("GET", KEYS, "keys:read"), ("POST", KEYS, "keys:write"), ("DELETE", f"{KEYS}/{uuid.uuid4()}", "keys:write"),
    ("POST", f"{KEYS}/{uuid.uuid4()}/rotate", "keys:write"), ("GET", "/api/v1/usage", "usage:read"),
    ("POST", "/api/v1/blog/generate", "content:write"), ("POST", "/api/v1/generate", "content:write")]


def test_each_call_asks_for_its_own_scope_and_for_no_other(api, roomy):
    scopes = sorted({scope for _, _, scope in CALLS} | {"content:read"})
    for scope in scopes:
        key = api.post(KEYS, {"name": scope, "scopes": [scope]}, roomy.key)["api_key"]
        for method, target, wanted in CALLS:
            answer = api(method, target, body={} if method in ("POST", "PATCH", "PUT") else None, key=key)
            if scope == wanted:
                assert answer.status not in (401, 403), (scope, method, target, answer)
            else:
                assert answer.status == 403 and answer.code == "insufficient_scope"
                assert answer.headers["www-authenticate"].endswith(f'error="insufficient_scope", scope="{wanted}"')


def test_a_key_without_scopes_opens_nothing(api, account):
    answer = api.post(KEYS, {"name": "none", "scopes": []}, account.key)
    assert answer.status == 201 and answer["key"]["scopes"] == []
    assert api.profile(answer["api_key"]).status == 403


@pytest.mark.parametrize("body, where", [
    ({}, "name"), ({"name": ""}, "name"), ({"name": "  "}, "name"), ({"name": "x" * 101}, "name"), ({"name": 5}, "name"),
    ({"name": "a\r\nX-Evil: 1"}, "name"), ({"name": "a\u0000"}, "name"), ({"name": "n", "scopes": ["all"]}, "scopes"),
    ({"name": "n", "scopes": "usage:read"}, "scopes"), ({"name": "n", "scopes": [1]}, "scopes"),
    ({"name": "n", "scopes": ["usage:read"] * 15}, "scopes"), ({"name": "n", "scopes": None}, "scopes"),
    ({"name": "n", "expires_at": "tomorrow"}, "expires_at"), ({"name": "n", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
    ({"name": "n", "expires_at": "9999-12-31T23:59:59Z"}, "expires_at"), ({"name": "n", "expires_at": 2000000000}, "expires_at"),
    ({"name": "n", "expires_at": "2027-02-30T00:00:00Z"}, "expires_at"), ({"name": "n", "expires_at": "2027-01-01"}, "expires_at")])
def test_a_wish_that_makes_no_sense_is_a_422(api, shared_roomy, body, where):
    answer = api.post(KEYS, body, shared_roomy.key)
    assert answer.status == 422, answer
    assert answer["errors"][0]["loc"][:2] == ["body", where]


@pytest.mark.parametrize("text", ["2029-01-31T12:00:00+02:00", "2029-01-31T10:00:00.000Z", "2029-01-31T10:00:00Z",
                                  "2029-01-31T04:30:00.0-05:30"])
def test_every_spelling_of_rfc_3339_is_understood(api, shared_roomy, text):
    answer = api.post(KEYS, {"name": f"at {text} {uuid.uuid4().hex[:6]}", "expires_at": text}, shared_roomy.key)
    assert answer.status == 201, answer
    assert answer["key"]["expires_at"] == "2029-01-31T10:00:00.000Z"


def test_a_name_is_taken_until_its_key_is_revoked(api, account):
    first = api.post(KEYS, {"name": "shop"}, account.key)
    taken = api.post(KEYS, {"name": "shop"}, account.key)
    assert taken.status == 409 and taken.code == "key_name_taken"
    assert api.post(KEYS, {"name": "default"}, account.key).status == 409
    assert api.delete(f"{KEYS}/{first['key']['id']}", account.key).status == 200
    assert api.post(KEYS, {"name": "shop"}, account.key).status == 201


def test_two_accounts_may_use_one_name(api, account, new_account):
    assert api.post(KEYS, {"name": "shop"}, account.key).status == 201
    assert api.post(KEYS, {"name": "shop"}, new_account().key).status == 201


def test_the_list_never_shows_a_key_and_shows_the_newest_first(api, roomy):
    made = [api.post(KEYS, {"name": f"k{n}"}, roomy.key) for n in range(3)]
    listed = api.get(KEYS, key=roomy.key)
    assert [key["name"] for key in listed["keys"]] == ["k2", "k1", "k0", "default"]
    for answer in made:
        assert answer["api_key"] not in listed.body.decode()
        assert answer["api_key"][13:30] not in listed.body.decode()


def test_the_last_use_of_a_key_is_shown_a_moment_later(api, roomy):
    made = api.post(KEYS, {"name": "used"}, roomy.key)
    assert made["key"]["last_used_at"] is None
    api.profile(made["api_key"])
    used = eventually(lambda: find(api, roomy, made["key"]["id"])["last_used_at"], 3, what="last_used_at")
    assert abs(datetime.datetime.fromisoformat(used).timestamp() - time.time()) < 10


def test_an_expired_key_is_refused_to_the_second(api, roomy):
    made = api.post(KEYS, {"name": "brief", "expires_at": in_seconds(1.5)}, roomy.key)
    end = datetime.datetime.fromisoformat(made["key"]["expires_at"]).timestamp()
    while time.time() < end - 0.1:
        assert api.profile(made["api_key"]).status == 200
        time.sleep(0.05)
    time.sleep(max(0, end - time.time()) + 0.01)
    for _ in range(8):
        answer = api.profile(made["api_key"])
        assert answer.status == 401 and answer.code == "invalid_credential"
        assert answer.headers["www-authenticate"] == 'Bearer realm="petstore", error="invalid_token"'
    assert find(api, roomy, made["key"]["id"])["status"] == "expired"


def test_a_revoked_key_stays_in_the_list_and_revoking_it_again_changes_nothing(api, stack, account):
    made = api.post(KEYS, {"name": "gone"}, account.key)
    first = api.delete(f"{KEYS}/{made['key']['id']}", account.key)
    assert first.status == 200 and first["key"]["status"] == "revoked"
    again = api.delete(f"{KEYS}/{made['key']['id']}", account.key)
    assert again.status == 200 and again["key"] == first["key"]
    assert stack.value("SELECT count(*) FROM audit_events WHERE action = 'key.revoked' AND subject = %s",
                       made["key"]["id"]) == 1
    assert find(api, account, made["key"]["id"])["status"] == "revoked"


def test_a_key_can_revoke_itself(api, account):
    assert api.delete(f"{KEYS}/{account.key_id}", account.key).status == 200
    assert api.profile(account.key).status == 401


def test_a_revocation_is_in_force_on_every_worker_when_its_answer_comes(api, stack, roomy):
    """Eight threads use the key at both pools without a pause; not one call sent after the answer gets through."""
    for round in range(20):
        made = api.post(KEYS, {"name": f"victim {round}"}, roomy.key)

        def call(index):
            if index % 2:
                return api.profile(made["api_key"]).status
            return api.post("/api/v1/generate", {}, made["api_key"]).status     # 422: admitted, and refused for its body
        with Load(call, 8) as load:
            time.sleep(0.08)
            assert api.delete(f"{KEYS}/{made['key']['id']}", roomy.key).status == 200
            revoked = time.monotonic()
            time.sleep(0.08)
        before, after = load.statuses(until=revoked), load.statuses(since=revoked)
        assert set(load.statuses()) <= {200, 422, 401}, load.statuses()
        assert before.get(200, 0) + before.get(422, 0) > 0, "the key did work"
        assert set(after) == {401}, f"round {round}: {after}"


def test_a_foreign_key_is_a_404_like_one_that_does_not_exist(api, account, new_account):
    other = new_account()
    for id in (other.key_id, str(uuid.uuid4()), "nonsense", "1", "' OR 1=1 --".replace(" ", "%20"), "%F0%9F%90%B6"):
        for method, target in (("DELETE", f"{KEYS}/{id}"), ("POST", f"{KEYS}/{id}/rotate")):
            answer = api(method, target, key=account.key)
            assert answer.status == 404 and answer.code == "not_found", (method, id, answer)
    assert api.profile(other.key).status == 200


# ---- rotation

def test_after_a_rotation_both_keys_work_and_share_one_quota(api, new_account):
    account = new_account(minute=12, hour=1000, day=1000)
    answer = api.post(f"{KEYS}/{account.key_id}/rotate", {"overlap_seconds": 600}, account.key)     # 1
    assert answer.status == 201 and answer["previous"]["id"] == account.key_id
    assert answer["previous"]["status"] == "rotating" and answer["previous"]["replaced_by"] == answer["key"]["id"]
    assert answer["key"]["name"] == answer["previous"]["name"] and answer["key"]["scopes"] == answer["previous"]["scopes"]
    end = datetime.datetime.fromisoformat(answer["previous"]["expires_at"]).timestamp()
    assert abs(end - time.time() - 600) < 5
    keys = [account.key, answer["api_key"]]
    rest = [api.profile(keys[n % 2]) for n in range(11)]
    assert [one.rate()[0] for one in rest] == list(range(10, -1, -1))
    assert {api.profile(key).status for key in keys} == {429}


def test_the_old_key_ends_with_the_overlap(api, roomy):
    made = api.post(KEYS, {"name": "turning"}, roomy.key)
    rotated = api.post(f"{KEYS}/{made['key']['id']}/rotate", {"overlap_seconds": 1}, roomy.key)
    end = time.time() + 1
    assert api.profile(made["api_key"]).status == 200
    time.sleep(max(0, end - time.time()) + 0.05)
    for _ in range(8):
        assert api.profile(made["api_key"]).status == 401
        assert api.profile(rotated["api_key"]).status == 200
    assert find(api, roomy, made["key"]["id"])["status"] == "expired"


def test_a_rotation_without_overlap_ends_the_old_key_at_once(api, roomy):
    made = api.post(KEYS, {"name": "turning"}, roomy.key)
    for _ in range(4):
        assert api.profile(made["api_key"]).status == 200
    rotated = api.post(f"{KEYS}/{made['key']['id']}/rotate", {"overlap_seconds": 0}, made["api_key"])
    assert rotated.status == 201
    assert {api.profile(made["api_key"]).status for _ in range(8)} == {401}
    assert api.profile(rotated["api_key"]).status == 200


def test_a_rotation_without_a_body_overlaps_for_a_day(api, account):
    answer = api.post(f"{KEYS}/{account.key_id}/rotate", None, account.key)
    end = datetime.datetime.fromisoformat(answer["previous"]["expires_at"]).timestamp()
    assert abs(end - time.time() - 86400) < 5


def test_a_rotated_revoked_or_expired_key_cannot_be_rotated(api, roomy):
    a = api.post(KEYS, {"name": "a"}, roomy.key)["key"]["id"]
    assert api.post(f"{KEYS}/{a}/rotate", {}, roomy.key).status == 201
    b = api.post(KEYS, {"name": "b"}, roomy.key)["key"]["id"]
    api.delete(f"{KEYS}/{b}", roomy.key)
    c = api.post(KEYS, {"name": "c", "expires_at": in_seconds(0.3)}, roomy.key)["key"]["id"]
    time.sleep(0.4)
    for id in (a, b, c):
        answer = api.post(f"{KEYS}/{id}/rotate", {}, roomy.key)
        assert answer.status == 409 and answer.code == "key_not_active"


def test_a_rotation_never_lengthens_a_keys_life(api, roomy):
    end = in_seconds(100)
    made = api.post(KEYS, {"name": "short", "expires_at": end}, roomy.key)
    rotated = api.post(f"{KEYS}/{made['key']['id']}/rotate", {"overlap_seconds": 1000}, roomy.key)
    assert rotated["previous"]["expires_at"] == end == rotated["key"]["expires_at"]


def test_of_two_rotations_at_once_one_wins(api, roomy):
    from stack import at_once
    made = api.post(KEYS, {"name": "raced"}, roomy.key)["key"]["id"]
    answers = at_once([lambda: api.post(f"{KEYS}/{made}/rotate", {}, roomy.key)] * 6, 6)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5


def test_a_key_cannot_widen_itself_by_rotating_a_wider_key(api, roomy):
    """A key with keys:write alone must not get hold of a key that may more."""
    narrow = api.post(KEYS, {"name": "narrow", "scopes": ["keys:write"]}, roomy.key)["api_key"]
    wide = api.post(KEYS, {"name": "wide"}, roomy.key)["key"]["id"]
    answer = api.post(f"{KEYS}/{wide}/rotate", {}, narrow)
    assert answer.status == 403 and answer.code == "insufficient_scope"


@pytest.mark.parametrize("overlap", [-1, 2_592_001, "soon", 1.5, [], {}, True, 10**30])
def test_an_overlap_that_makes_no_sense_is_a_422(api, shared_roomy, overlap):
    answer = api.post(f"{KEYS}/{shared_roomy.key_id}/rotate", {"overlap_seconds": overlap}, shared_roomy.key)
    assert answer.status == 422 and answer["errors"][0]["loc"] == ["body", "overlap_seconds"]
