"""/api/v1/admin and `petstore user`: accounts under administrators' hands."""

import email.message
import email.policy
import pathlib
import re
import uuid

import pytest

from conftest import GOOD_PASSWORD, ROOMY, RUN, new_email
from stack import at_once, eventually

USERS = "/api/v1/admin/users"
NOBODY = "2d6f1f0a-6f0e-4a53-8a43-93a6f6e4c7d2"


class Person:
    def __init__(self, email, id, key):
        self.email, self.id, self.key, self.password = email, id, key, GOOD_PASSWORD


@pytest.fixture(scope="session")
def new_person(stack):
    """An account of a role, made on the host, with limits that do not bite."""
    def make(role, tier="free", company="Paws and Whiskers"):
        email = new_email(role)
        output = stack.petstore("user", "create", email, "--company-name", company, "--role", role, "--tier", tier,
                                "--password-stdin", stdin=GOOD_PASSWORD).stdout
        values = dict(line.split() for line in output.splitlines())
        options = [text for name, value in ROOMY.items() for text in (f"--{name}", str(value))]
        stack.petstore("user", "set-limits", email, *options)
        return Person(email, values["user_id"], values["api_key"])
    return make


@pytest.fixture(scope="session")
def admin(new_person):
    return new_person("admin")


@pytest.fixture
def only_admin(stack, new_person):
    """An administrator besides whom there is none while the test runs."""
    person = new_person("admin")
    others = [row[0] for row in stack.sql("SELECT id FROM users WHERE role = 'admin' AND is_active AND id <> %s", person.id)]
    stack.sql("UPDATE users SET role = 'free' WHERE id = ANY(%s)", others)
    yield person
    stack.sql("UPDATE users SET role = 'admin' WHERE id = ANY(%s)", others)


def at(person):
    return f"{USERS}/{person.id}"


def trail(stack, subject):
    """(action, actor, key, session, address, details) of the audit trail, oldest first."""
    return stack.sql("""SELECT action, actor_id::text, key_id::text, session_id::text, address, details
                        FROM audit_trail WHERE subject = %s ORDER BY id""", str(subject))


def key_id(api, key):
    return next(entry["id"] for entry in api.get("/api/v1/auth/keys", key=key)["keys"] if entry["prefix"] == key[:13])


def letters(stack, person):
    """Letters to an address that were delivered into the folder, oldest first: (subject, text)."""
    found = []
    for file in pathlib.Path(stack["MAIL_DIRECTORY"]).glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if person in letter["To"]:
            found.append((file.stat().st_mtime, letter["Subject"], letter.get_body(("plain",)).get_content()))
    return [entry[1:] for entry in sorted(found)]


def letter(stack, person, subject):
    return eventually(lambda: next((text for name, text in letters(stack, person) if subject in name), None),
                      what=f"a letter '{subject}' to {person}")


# ---- who may

CALLS = [
    ("GET", USERS, None, "users:read"), ("POST", USERS, {}, "users:write"),
    ("GET", f"{USERS}/{{id}}", None, "users:read"), ("PATCH", f"{USERS}/{{id}}", {"role": "admin"}, "users:write"),
    ("DELETE", f"{USERS}/{{id}}", None, "users:write"),
    ("POST", f"{USERS}/{{id}}/reset", {"api_keys": True}, "users:write"),
    ("DELETE", f"{USERS}/{{id}}/sessions", None, "users:write")]


@pytest.mark.parametrize("role", ["free", "standard", "premium"])
@pytest.mark.parametrize("method, target, body, scope", CALLS)
def test_only_administrators_get_in_whatever_the_scopes_say(api, stack, new_person, role, method, target, body, scope):
    person, victim = new_person(role), new_person("free")
    stack.sql("UPDATE api_keys SET scopes = scopes || '{users:read,users:write}' WHERE user_id = %s", person.id)
    before = stack.sql("SELECT users::text FROM users WHERE id IN (%s, %s)", person.id, victim.id)
    # Somebody else's account, one's own, and one that does not exist are refused alike.
    for id in (victim.id, person.id, NOBODY, "nonsense"):
        answer = api(method, target.format(id=id), body=body, key=person.key)
        assert answer.status == 403 and answer.code == "insufficient_scope", answer
        assert answer.headers["www-authenticate"].endswith(f'scope="{scope}"') and "manage_users" in answer["detail"]
    session = api.log_in(person.email)["access_token"]
    assert api(method, target.format(id=person.id), body=body, key=session).status == 403
    # A login writes nothing into these columns but the epoch.
    after = stack.sql("SELECT users::text FROM users WHERE id IN (%s, %s)", person.id, victim.id)
    assert [row[0].split(",")[:7] for row in before] == [row[0].split(",")[:7] for row in after]


@pytest.mark.parametrize("method, target, body, scope", CALLS)
def test_without_a_credential_nobody_gets_in(api, method, target, body, scope):
    answer = api(method, target.format(id=NOBODY), body=body)
    assert answer.status == 401 and answer.code == "unauthenticated"


@pytest.mark.parametrize("method, target, body, scope", CALLS)
def test_an_administrators_key_needs_the_scope(api, admin, method, target, body, scope):
    for wanted in ("users:read", "users:write"):
        key = api.post("/api/v1/auth/keys", {"name": uuid.uuid4().hex, "scopes": [wanted]}, admin.key)["api_key"]
        answer = api(method, target.format(id=NOBODY), body=body, key=key)
        assert (answer.status != 403) is (wanted == scope), answer


def test_an_account_that_is_promoted_gains_power_with_its_next_login_and_not_with_its_old_keys(api, admin, new_person):
    person = new_person("premium")
    assert api.patch(at(person), {"role": "admin"}, admin.key)["role"] == "admin"
    assert api.get(USERS, key=person.key).status == 403
    answer = api.log_in(person.email, issue_api_key=True)
    assert api.get(USERS, key=answer["access_token"]).status == 200
    assert api.get(USERS, key=answer["api_key"]).status == 200


def test_a_lowered_role_counts_at_the_very_next_call_on_every_worker(api, admin, new_person):
    for _ in range(5):
        person = new_person("admin")
        session = api.log_in(person.email)["access_token"]
        at_once([lambda key=key: api.get(USERS, key=key) for key in [person.key, session] * 8], 8)
        assert api.patch(at(person), {"role": "standard"}, admin.key).status == 200
        answers = at_once([lambda key=key: api.get(USERS, key=key) for key in [person.key, session] * 8], 8)
        assert {answer.status for answer in answers} == {403}


@pytest.mark.parametrize("method, target, body, fresh", [
    ("GET", USERS, None, False), ("GET", f"{USERS}/{{id}}", None, False),
    ("DELETE", f"{USERS}/{{id}}/sessions", None, False),
    ("POST", USERS, {}, True), ("PATCH", f"{USERS}/{{id}}", {}, True),
    ("POST", f"{USERS}/{{id}}/reset", {}, True), ("DELETE", f"{USERS}/{{id}}", None, True)])
def test_what_changes_accounts_needs_a_fresh_proof(api, stack, new_person, method, target, body, fresh):
    person = new_person("admin")
    login = api.log_in(person.email)
    stack.sql("UPDATE sessions SET authenticated_at = now() - interval '1 day' WHERE user_id = %s", person.id)
    call = lambda: api(method, target.format(id=NOBODY), body=body, key=login["access_token"])
    if fresh:
        answer = eventually(lambda: (found := call()).status == 401 and found, what="the stale proof")
        assert answer.code == "step_up_required" and "max_age" in answer.headers["www-authenticate"]
        assert api.post("/api/v1/auth/step-up", {"password": GOOD_PASSWORD}, login["access_token"]).status == 200
    assert call().status in (200, 404, 422)


def test_a_key_is_no_second_factor(api, stack, new_person):
    person = new_person("admin")
    stack.sql("UPDATE users SET has_second_factor = true WHERE id = %s", person.id)
    eventually(lambda: api.post(USERS, {}, person.key).code == "step_up_required", what="the second factor")
    assert api.get(USERS, key=person.key).status == 200


# ---- the list

@pytest.fixture(scope="session")
def herd(stack, new_person):
    """Twelve accounts of one company, several made at the same moment."""
    company = f"Herd {RUN} 50%_off"
    people = [new_person("free", company=company) for _ in range(12)]
    for index, person in enumerate(people):
        stack.sql("UPDATE users SET created_at = %s WHERE id = %s", f"2026-01-02 03:04:0{index // 5}+00", person.id)
    return company, people


def pages(api, key, query, limit):
    ids, cursor = [], ""
    while True:
        page = api.get(f"{USERS}?q={query}&limit={limit}{cursor}", key=key)
        assert page.status == 200 and len(page["users"]) <= limit
        ids += [user["user_id"] for user in page["users"]]
        if page["next_cursor"] is None:
            return ids, page["total"]
        cursor = "&cursor=" + page["next_cursor"]


@pytest.mark.parametrize("limit", [1, 5, 11, 12, 200])
def test_pages_are_complete_and_in_order(api, stack, admin, herd, limit):
    company, people = herd
    ids, total = pages(api, admin.key, f"herd%20{RUN}", limit)
    wanted = [str(row[0]) for row in stack.sql(
        "SELECT id FROM users WHERE company_name = %s ORDER BY created_at DESC, id", company)]
    assert ids == wanted and total == 12


@pytest.mark.parametrize("query, hits", [("50%25_OFF", 12), ("50%25_", 12), ("50_", 0), ("5%25%25", 0), ("%25_off", 12)])
def test_wildcards_stand_for_themselves(api, admin, herd, query, hits):
    found = api.get(f"{USERS}?q={query}&limit=200", key=admin.key)
    assert sum(user["company_name"] == herd[0] for user in found["users"]) == hits


def test_the_list_shows_what_the_single_account_shows_and_no_secret(api, stack, admin, new_person):
    person = new_person("standard", "premium")
    api.log_in(person.email)
    found = api.get(f"{USERS}?q={person.email.upper()}", key=admin.key)
    user, = found["users"]
    assert found["total"] == 1 and found["next_cursor"] is None
    assert user == api.get(at(person), key=admin.key).json
    assert (user["user_id"], user["email"], user["role"], user["subscription_tier"]) == (
        person.id, person.email, "standard", "premium")
    assert user["sessions"] == 1 and user["api_keys"] == 1 and user["last_login_at"] and user["erase_at"] is None
    hash = stack.value("SELECT password_hash FROM users WHERE id = %s", person.id)
    assert hash not in found.body.decode() and "hash" not in found.body.decode()


def test_filters_narrow_the_list(api, admin, new_person):
    company = f"Filtered {uuid.uuid4().hex}"
    free, odd = new_person("free", company=company), new_person("standard", "premium", company=company)
    assert api.patch(at(odd), {"is_active": False}, admin.key).status == 200
    for query, wanted in [("", [odd, free]), ("&role=standard", [odd]), ("&tier=premium", [odd]), ("&tier=free", [free]),
                          ("&active=true", [free]), ("&active=false", [odd]), ("&active=true&role=standard", [])]:
        page = api.get(f"{USERS}?q={company.replace(' ', '+')}{query}", key=admin.key)
        assert [user["user_id"] for user in page["users"]] == [person.id for person in wanted], query
        assert page["total"] == len(wanted)


@pytest.mark.parametrize("query", [
    "limit=0", "limit=201", "limit=x", "limit=", "limit=5&limit=6", "role=owner", "role=", "role=admin&role=free", "tier=gold",
    "active=yes", "active=1", "cursor=x", "cursor=AAAA", "cursor=" + "A" * 33, "cursor=" + "_" * 32, "q=" + "x" * 255,
    "q=a&q=b", "cursor=%27%20OR%201=1"])
def test_a_query_that_makes_no_sense_is_a_422(api, admin, query):
    answer = api.get(f"{USERS}?{query}", key=admin.key)
    assert answer.status == 422, answer
    assert answer["errors"][0]["loc"] == ["query", query.partition("=")[0]]


# ---- making

def test_an_invited_person_chooses_a_password_and_is_in(api, stack, admin):
    address = new_email("invited")
    answer = api.post(USERS, {"email": address.upper(), "company_name": "Invited", "subscription_tier": "standard"}, admin.key)
    assert answer.status == 201 and answer["email"] == address
    assert (answer["role"], answer["subscription_tier"]) == ("standard", "standard")
    assert answer["api_keys"] == 0 and answer["sessions"] == 0 and answer["email_verified"] is False
    code = re.search(r"^\s*([A-Za-z0-9_-]{43})\s*$", letter(stack, address, "account"), re.M).group(1)
    assert api.post("/api/v1/auth/password/reset", {"token": code, "new_password": GOOD_PASSWORD}).status == 200
    login = api.log_in(address, issue_api_key=True)
    assert login.status == 200 and login["user"]["email_verified"] is True
    assert api.profile(login["api_key"])["user_id"] == answer["user_id"]
    event = trail(stack, answer["user_id"])[0]
    assert event == ("account.created", admin.id, key_id(api, admin.key), None, "127.0.0.1",
                     {"tier": "standard", "role": "standard"})


def test_nobody_can_log_in_to_an_invited_account_before(api, admin):
    address = new_email("invited")
    assert api.post(USERS, {"email": address, "company_name": "Invited", "password": GOOD_PASSWORD}, admin.key).status == 201
    assert api.log_in(address).status == 401
    assert api.log_in(address, "").status == 422


def test_the_role_of_a_new_account_can_be_given(api, admin):
    body = {"email": new_email(), "company_name": "P", "role": "admin"}
    assert api.post(USERS, body, admin.key)["role"] == "admin"


@pytest.mark.parametrize("body, where", [
    ({}, "company_name"), ({"company_name": "P"}, "email"), ({"email": "x", "company_name": "P"}, "email"),
    ({"email": "a@b.example", "company_name": " "}, "company_name"), ({"email": 5, "company_name": "P"}, "email"),
    ({"email": "a@b.example", "company_name": "P", "role": "owner"}, "role"),
    ({"email": "a@b.example", "company_name": "P", "subscription_tier": "gold"}, "subscription_tier"),
    ({"email": "a@b.example", "company_name": "P", "role": 1}, "role")])
def test_a_wish_that_makes_no_sense_is_a_422(api, admin, body, where):
    answer = api.post(USERS, body, admin.key)
    assert answer.status == 422 and ["body", where] in [error["loc"] for error in answer["errors"]], answer


def test_members_that_nobody_may_choose_are_not_taken(api, stack, admin):
    id = str(uuid.uuid4())
    answer = api.post(USERS, {
        "email": new_email(), "company_name": "P", "user_id": id, "id": id, "tenant_id": id, "is_active": False,
        "email_verified": True, "mfa_enabled": True, "created_at": "2001-01-01T00:00:00Z", "limits": {"concurrent": 1000},
        "password_hash": "$2b$12$" + "a" * 53, "auth_epoch": 99}, admin.key)
    assert answer.status == 201
    assert id not in (answer["user_id"], answer["tenant_id"]) and answer["is_active"] and not answer["email_verified"]
    assert answer["limits"]["concurrent"] == 10 and not answer["created_at"].startswith("2001")


def test_an_address_that_is_taken_is_a_409(api, admin, new_person):
    answer = api.post(USERS, {"email": new_person("free").email, "company_name": "P"}, admin.key)
    assert answer.status == 409 and answer.code == "email_taken"


@pytest.mark.parametrize("method, target", [("POST", USERS), ("PATCH", f"{USERS}/{NOBODY}"), ("POST", f"{USERS}/{NOBODY}/reset")])
def test_what_is_no_json_is_refused(api, admin, method, target):
    assert api(method, target, key=admin.key, content=b"a=b", headers={"Content-Type": "text/plain"}).status == 415
    assert api(method, target, key=admin.key, content=b"[]").status == 422


# ---- changing

@pytest.mark.parametrize("method, target, body", [
    ("GET", "", None), ("PATCH", "", {"role": "free"}), ("DELETE", "", None), ("POST", "/reset", {"sessions": True}),
    ("DELETE", "/sessions", None)])
@pytest.mark.parametrize("id", [NOBODY, "nonsense", "2D6F1F0A6F0E4A538A4393A6F6E4C7D2"])
def test_an_account_that_there_is_not_is_a_404(api, admin, method, target, body, id):
    answer = api(method, f"{USERS}/{id}{target}", body=body, key=admin.key)
    assert answer.status == 404 and answer.code == "not_found"


def test_a_change_is_answered_and_written(api, stack, admin, new_person):
    person = new_person("free")
    answer = api.patch(at(person), {"company_name": "Other", "subscription_tier": "premium",
                                    "limits": {"requests_per_minute": 77, "requests_per_hour": None}}, admin.key)
    assert answer.status == 200 and answer["notices"] == []
    assert (answer["company_name"], answer["subscription_tier"], answer["role"]) == ("Other", "premium", "premium")
    assert answer["limits"] == {"requests_per_minute": 77, "requests_per_hour": 50_000, "requests_per_day": 1_000_000,
                                "concurrent": 100}
    # At once, for the account's own key: see the header of its next call.
    next_call = api.profile(person.key)
    assert next_call["role"] == "premium" and '"minute";q=77' in next_call.headers["ratelimit-policy"]
    events = trail(stack, person.id)[-4:]
    key = key_id(api, admin.key)
    assert [event[0] for event in events] == [
        "account.updated", "account.tier_changed", "account.role_changed", "account.limits_changed"]
    assert all(event[1:5] == (admin.id, key, None, "127.0.0.1") for event in events)
    assert events[1][5] == {"tier": "premium", "from": "free"} and events[2][5] == {"role": "premium", "from": "free"}
    assert events[3][5] == {"minute": "77", "hour": "tier", "day": "1000000", "concurrent": "100"}
    shown = api.get(at(person), key=admin.key).json
    assert shown == {name: value for name, value in answer.json.items() if name != "notices"}


def test_changes_and_their_events_are_one_transaction(api, stack, admin, new_person):
    person = new_person("free")
    api.patch(at(person), {"role": "standard"}, admin.key)
    assert stack.value("SELECT xmin::text FROM users WHERE id = %s", person.id) == stack.value(
        "SELECT xmin::text FROM audit_events WHERE subject = %s AND action = 'account.role_changed'", person.id)


def test_no_audit_event_names_an_address(api, stack, admin, new_person):
    person = new_person("free")
    for body in ({"company_name": "Z"}, {"role": "admin"}, {"subscription_tier": "standard"}, {"is_active": False}, {"is_active": True}):
        assert api.patch(at(person), body, admin.key).status == 200
    assert api.post(f"{at(person)}/reset", {"password": True, "second_factor": True, "sessions": True, "api_keys": True}, admin.key).status == 200
    assert api.delete(at(person), admin.key).status == 204
    rows = stack.sql("SELECT details::text FROM audit_trail WHERE subject = %s", person.id)
    assert len(rows) >= 8 and not any("@" in row[0] for row in rows)


def test_members_that_cannot_be_changed_stay_and_are_named(api, stack, admin, new_person):
    person = new_person("free")
    before = stack.sql("SELECT id, email, password_hash, auth_epoch, email_verified_at, has_second_factor, erase_at, created_at FROM users WHERE id = %s", person.id)
    answer = api.patch(at(person), {
        "email": new_email(), "user_id": NOBODY, "tenant_id": NOBODY, "password": "Another-9-password", "email_verified": True,
        "mfa_enabled": True, "password_hash": "$2b$12$" + "a" * 53, "auth_epoch": 1000, "erase_at": "2027-01-01T00:00:00Z",
        "created_at": "2001-01-01T00:00:00Z", "sessions": 5, "id": NOBODY}, admin.key)
    assert answer.status == 200
    assert [notice.split()[0] for notice in answer["notices"]] == [
        "user_id", "email", "email_verified", "mfa_enabled", "password", "tenant_id"]
    assert before == stack.sql("SELECT id, email, password_hash, auth_epoch, email_verified_at, has_second_factor, erase_at, created_at FROM users WHERE id = %s", person.id)


@pytest.mark.parametrize("body, where", [
    ({"role": "owner"}, ["role"]), ({"role": ["admin"]}, ["role"]), ({"subscription_tier": ""}, ["subscription_tier"]),
    ({"is_active": "maybe"}, ["is_active"]), ({"is_active": {}}, ["is_active"]), ({"company_name": ""}, ["company_name"]),
    ({"company_name": "\u0007"}, ["company_name"]), ({"company_name": 5}, ["company_name"]), ({"limits": 5}, ["limits"]),
    ({"limits": []}, ["limits"]), ({"limits": {"requests_per_minute": 0}}, ["limits", "requests_per_minute"]),
    ({"limits": {"requests_per_day": 70_000_001}}, ["limits", "requests_per_day"]),
    ({"limits": {"concurrent": 100_001}}, ["limits", "concurrent"]), ({"limits": {"concurrent": "x"}}, ["limits", "concurrent"]),
    ({"limits": {"requests_per_hour": 1.5}}, ["limits", "requests_per_hour"]),
    ({"limits": {"requests_per_hour": True}}, ["limits", "requests_per_hour"])])
def test_a_change_that_makes_no_sense_is_a_422_and_changes_nothing(api, stack, admin, shared_roomy, body, where):
    before = stack.value("SELECT users::text FROM users WHERE id = %s", shared_roomy.id)
    answer = api.patch(f"{USERS}/{shared_roomy.id}", {"company_name": "Never", **body}, admin.key)
    assert answer.status == 422 and answer["errors"][0]["loc"] == ["body", *where], answer
    assert before == stack.value("SELECT users::text FROM users WHERE id = %s", shared_roomy.id)


def test_nulls_and_nothing_change_nothing(api, stack, admin, new_person):
    person = new_person("free")
    count = len(trail(stack, person.id))
    for body in ({}, {"role": None, "subscription_tier": None, "is_active": None, "company_name": None, "limits": None},
                 {"limits": {}}, {"role": "free", "is_active": True}):
        assert api.patch(at(person), body, admin.key).status == 200
    assert len(trail(stack, person.id)) == count


def test_a_suspended_account_is_out_at_once_and_back_when_activated(api, stack, admin, new_person):
    person = new_person("standard")
    login = api.log_in(person.email)
    at_once([lambda: api.profile(login["access_token"]) for _ in range(16)], 8)
    answer = api.patch(at(person), {"is_active": False}, admin.key)
    assert answer["is_active"] is False and answer["sessions"] == 0
    answers = at_once([lambda: api.profile(login["access_token"]) for _ in range(16)], 8)
    assert {answer.status for answer in answers} == {401}
    keyed = api.profile(person.key)
    assert keyed.status == 403 and keyed.code == "account_disabled"
    assert api.post("/api/v1/auth/refresh", {"refresh_token": login["refresh_token"]}).status == 401
    assert api.log_in(person.email).status == 403
    stack.sql("UPDATE users SET erase_at = now() + interval '3 days' WHERE id = %s", person.id)
    assert api.get(at(person), key=admin.key)["erase_at"]
    answer = api.patch(at(person), {"is_active": True}, admin.key)
    assert answer["is_active"] is True and answer["erase_at"] is None
    assert api.profile(person.key).status == 200
    assert api.profile(login["access_token"]).status == 401, "its sessions stay ended"
    actions = [event[0] for event in trail(stack, person.id)]
    assert actions[-2:] == ["account.suspended", "account.activated"] or actions.count("account.suspended") == 1


# ---- resetting

def test_a_reset_of_the_password_voids_it_and_a_letter_gives_a_way(api, stack, admin, new_person):
    person = new_person("free")
    answer = api.post(f"{at(person)}/reset", {"password": True}, admin.key)
    assert answer.json == {"password_reset": True, "second_factor_removed": False, "sessions_ended": 0, "api_keys_revoked": 0}
    assert api.log_in(person.email).status == 401
    text = letter(stack, person.email, "Choose a new password")
    assert "administrator" in text and "127.0.0.1 asked" not in text
    code = re.search(r"^\s*([A-Za-z0-9_-]{43})\s*$", text, re.M).group(1)
    assert api.post("/api/v1/auth/password/reset", {"token": code, "new_password": "Another-9-password"}).status == 200
    assert api.log_in(person.email, "Another-9-password").status == 200
    assert api.profile(person.key).status == 200, "its keys stay"
    event = next(event for event in trail(stack, person.id) if event[0] == "account.reset")
    assert event[1] == admin.id and event[5] == {"password": "letter"}


def test_a_reset_of_everything_leaves_nothing_that_opens_the_account(api, stack, admin, new_person):
    person = new_person("free")
    logins = [api.log_in(person.email) for _ in range(3)]
    stack.sql("UPDATE users SET has_second_factor = true WHERE id = %s", person.id)
    answer = api.post(f"{at(person)}/reset", {"password": True, "second_factor": True, "sessions": True, "api_keys": True}, admin.key)
    assert answer.json == {"password_reset": True, "second_factor_removed": True, "sessions_ended": 3, "api_keys_revoked": 1}
    keys = [person.key, *(login["access_token"] for login in logins)]
    assert {api.profile(key).status for key in keys} == {401}
    user = api.get(at(person), key=admin.key)
    assert (user["sessions"], user["api_keys"], user["mfa_enabled"]) == (0, 0, False)
    assert "administrator" in letter(stack, person.email, "You were logged out")
    letter(stack, person.email, "Two-step login is off")
    actions = [event[0] for event in trail(stack, person.id)]
    assert "account.reset" in actions and "second_factor.disabled" in actions


@pytest.mark.parametrize("body", [{}, {"password": False}, {"sessions": None}, {"password": False, "api_keys": False}, {"everything": True}])
def test_a_reset_of_nothing_is_a_422(api, stack, admin, shared_roomy, body):
    before = len(trail(stack, shared_roomy.id))
    answer = api.post(f"{USERS}/{shared_roomy.id}/reset", body, admin.key)
    assert answer.status == 422 and answer["errors"][0]["loc"] == ["body"]
    assert api.post(f"{USERS}/{shared_roomy.id}/reset", {"password": "perhaps"}, admin.key).status == 422
    assert len(trail(stack, shared_roomy.id)) == before


def test_ended_sessions_are_ended_on_every_worker(api, stack, admin, new_person):
    person = new_person("free")
    tokens = [api.log_in(person.email)["access_token"] for _ in range(3)]
    at_once([lambda token=token: api.profile(token) for token in tokens * 6], 6)
    answer = api.delete(f"{at(person)}/sessions", admin.key)
    assert answer.status == 200 and answer["sessions_ended"] == 3 and "ratelimit" not in answer.headers
    answers = at_once([lambda token=token: api.profile(token) for token in tokens * 6], 6)
    assert {answer.status for answer in answers} == {401}
    assert api.profile(person.key).status == 200
    assert api.delete(f"{at(person)}/sessions", admin.key)["sessions_ended"] == 0
    assert "administrator" in letter(stack, person.email, "You were logged out")


def test_sessions_can_be_ended_when_the_administrators_quota_is_used_up(api, stack, new_person):
    person = new_person("admin")
    stack.petstore("user", "set-limits", person.email, "--minute", "1")
    assert api.get(USERS, key=person.key).status == 200
    assert api.get(USERS, key=person.key).status == 429
    assert api.delete(f"{at(person)}/sessions", person.key).status == 200


# ---- erasing

def test_an_erased_account_is_gone_everywhere_at_once(api, stack, admin, new_person):
    person = new_person("standard")
    token = api.log_in(person.email)["access_token"]
    at_once([lambda: api.profile(person.key) for _ in range(16)], 8)
    assert api.delete(at(person), admin.key).status == 204
    assert {answer.status for answer in at_once([lambda: api.profile(person.key) for _ in range(16)], 8)} == {401}
    assert api.profile(token).status == 401 and api.log_in(person.email).status == 401
    assert api.get(at(person), key=admin.key).status == 404
    assert api.delete(at(person), admin.key).status == 404
    assert api.get(f"{USERS}?q={person.email}", key=admin.key)["total"] == 0
    for table, column in (("users", "id"), ("api_keys", "user_id"), ("sessions", "user_id"), ("person_keys", "user_id")):
        assert stack.value(f"SELECT count(*) FROM {table} WHERE {column} = %s", person.id) == 0
    event = trail(stack, person.id)[-1]
    assert event[0] == "account.erased" and event[1] == admin.id
    letter(stack, person.email, "")
    again = api.post(USERS, {"email": person.email, "company_name": "Anew"}, admin.key)
    assert again.status == 201 and again["user_id"] != person.id


def test_an_administrator_may_erase_himself_while_there_is_another(api, admin, new_person):
    person = new_person("admin")
    assert api.delete(at(person), person.key).status == 204
    assert api.get(USERS, key=person.key).status == 401


# ---- the last administrator

def test_the_last_active_administrator_stays(api, stack, only_admin, new_person):
    for body in ({"role": "free"}, {"is_active": False}, {"role": "premium", "company_name": "X"}):
        answer = api.patch(at(only_admin), body, only_admin.key)
        assert answer.status == 409 and answer.code == "last_admin"
    answer = api.delete(at(only_admin), only_admin.key)
    assert answer.status == 409 and answer.code == "last_admin"
    user = api.get(at(only_admin), key=only_admin.key)
    assert user["role"] == "admin" and user["is_active"] and user["company_name"] != "X"
    assert [event[0] for event in trail(stack, only_admin.id)] == ["account.registered", "account.limits_changed"]
    # A new tier is no demotion.
    assert api.patch(at(only_admin), {"subscription_tier": "premium"}, only_admin.key)["role"] == "admin"
    other = new_person("admin")
    assert api.patch(at(only_admin), {"role": "free"}, other.key).status == 200
    # Another one must stand in until the fixture has put everything back.
    assert api.patch(at(other), {"is_active": False}, other.key).status == 409


def test_two_administrators_who_demote_each_other_leave_one(api, stack, only_admin, new_person):
    one = only_admin
    for round in range(10):
        two = new_person("admin")
        answers = at_once([lambda: api.patch(at(two), {"role": "free"}, one.key),
                           lambda: api.patch(at(one), {"role": "free"}, two.key)], 2)
        # The second is refused: as the last one, or since it is no administrator any more.
        assert sorted(answer.status for answer in answers) in ([200, 403], [200, 409]), answers
        assert stack.value("SELECT count(*) FROM users WHERE role = 'admin' AND is_active") == 1
        one = two if answers[1].status == 200 else one


# ---- petstore user

def test_the_list_on_the_host(stack, new_person):
    company = f"Hosted {uuid.uuid4().hex[:8]} 5%"
    first, second = new_person("free", company=company), new_person("standard", "premium", company=company)
    stack.petstore("user", "suspend", second.email)

    def listed(*options):
        result = stack.petstore("user", "list", "--query", company.upper(), *options)
        return [line.split()[:4] for line in result.stdout.splitlines()], result.stderr
    lines, count = listed()
    assert lines == [[second.email, "standard", "premium", "suspended"], [first.email, "free", "free", "active"]]
    assert count == "2 accounts\n"
    assert [line[0] for line in listed("--role", "standard")[0]] == [second.email]
    assert [line[0] for line in listed("--tier", "free")[0]] == [first.email]
    assert [line[0] for line in listed("--active", "true")[0]] == [first.email]
    assert [line[0] for line in listed("--active", "false")[0]] == [second.email]
    for option, value in (("--role", "owner"), ("--tier", "gold"), ("--active", "yes")):
        result = stack.petstore("user", "list", option, value, check=False)
        assert result.returncode != 0 and "write" in result.stderr
    shown = dict(line.split(" ", 1) for line in stack.petstore("user", "show", second.email).stdout.splitlines())
    assert (shown["user_id"], shown["role"], shown["state"], shown["api_keys"]) == (second.id, "standard", "suspended", "1")


def test_the_commands_do_what_the_api_does_and_are_written_as_the_operators(api, stack, new_person):
    person = new_person("free")
    token = api.log_in(person.email)["access_token"]
    assert "standard" in stack.petstore("user", "set-role", person.email, "standard").stdout
    assert api.profile(person.key)["role"] == "standard"
    stack.petstore("user", "suspend", person.email)
    assert api.profile(token).status == 401 and api.profile(person.key).status == 403
    stack.petstore("user", "activate", person.email)
    assert api.profile(person.key).status == 200
    output = stack.petstore("user", "reset", person.email, "--password", "--second-factor", "--sessions", "--api-keys").stdout
    assert "API keys revoked: 1" in output and "no second factor" in output and "letter" in output
    assert api.profile(person.key).status == 401 and api.log_in(person.email).status == 401
    warning = stack.petstore("user", "delete", person.email, check=False)
    assert warning.returncode != 0 and "--yes" in warning.stderr
    assert stack.value("SELECT count(*) FROM users WHERE id = %s", person.id) == 1
    stack.petstore("user", "delete", person.email, "--yes")
    assert stack.value("SELECT count(*) FROM users WHERE id = %s", person.id) == 0
    rows = stack.sql("SELECT action, actor_id FROM audit_trail WHERE subject = %s ORDER BY id", person.id)
    assert [row[0] for row in rows if row[0].startswith("account.")] == [
        "account.registered", "account.limits_changed", "account.role_changed", "account.suspended",
        "account.activated", "account.reset", "account.erased"]
    assert {row[1] for row in rows if row[0].startswith("account.")} <= {None, uuid.UUID(person.id)}


def test_commands_that_cannot_be_carried_out_say_why(stack, only_admin):
    for command in (["set-role", only_admin.email, "free"], ["suspend", only_admin.email], ["delete", only_admin.email, "--yes"]):
        result = stack.petstore("user", *command, check=False)
        assert result.returncode != 0 and "last active administrator" in result.stderr and "set-role" in result.stderr
    for command in (["show", "nobody@pets.example"], ["set-role", "nobody@pets.example", "free"], ["suspend", "nobody@pets.example"],
                    ["activate", "nobody@pets.example"], ["reset", "nobody@pets.example", "--sessions"],
                    ["delete", "nobody@pets.example", "--yes"], ["set-tier", "nobody@pets.example", "free"],
                    ["set-limits", "nobody@pets.example"]):
        result = stack.petstore("user", *command, check=False)
        assert result.returncode != 0 and "there is no account nobody@pets.example" in result.stderr, command
    assert "say what" in stack.petstore("user", "reset", only_admin.email, check=False).stderr
    assert "is no role" in stack.petstore("user", "set-role", only_admin.email, "king", check=False).stderr
