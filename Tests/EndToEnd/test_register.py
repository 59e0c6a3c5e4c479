"""POST /api/v1/auth/register."""

import pytest

from conftest import GOOD_PASSWORD, new_email
from stack import at_once

COUNTS = """SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM tenants), (SELECT count(*) FROM memberships),
                   (SELECT count(*) FROM api_keys), (SELECT count(*) FROM audit_events)"""


def test_registering_gives_a_key_that_works_at_once(api, stack):
    email = new_email()
    answer = api.register(email, company_name="Paws & Söhne 🐾")
    assert answer.status == 201
    assert answer["subscription_tier"] == "free" and answer["notices"] == []
    profile = api.profile(answer["api_key"])
    assert profile.status == 200
    assert profile["user_id"] == answer["user_id"] and profile["email"] == email
    assert profile["company_name"] == "Paws & Söhne 🐾"
    assert profile["role"] == "free" and profile["is_active"] is True
    assert profile["limits"] == {
        "requests_per_minute": 60, "requests_per_hour": 1000, "requests_per_day": 10000, "concurrent": 10}
    keys = api.get("/api/v1/auth/keys", key=answer["api_key"])["keys"]
    assert [key["id"] for key in keys] == [answer["api_key_id"]]
    assert answer["api_key"].startswith(keys[0]["prefix"])


def test_registering_makes_a_personal_tenant_that_the_user_owns(stack, account):
    rows = stack.sql("SELECT tenant_id::text, role FROM memberships WHERE user_id = %s", account.id)
    assert len(rows) == 1 and rows[0][1] == "owner"
    assert stack.value("SELECT tenant_id::text FROM api_keys WHERE id = %s", account.key_id) == rows[0][0]


def test_only_hashes_of_password_and_key_are_kept(stack, account):
    assert stack.value("SELECT password_hash FROM users WHERE id = %s", account.id).startswith(
        "$argon2id$v=19$m=19456,t=2,p=1$")
    key_hash, prefix = stack.sql("SELECT key_hash, key_prefix FROM api_keys WHERE id = %s", account.key_id)[0]
    import hashlib
    assert key_hash == hashlib.sha256(account.key.encode()).hexdigest()
    assert prefix == account.key[:13]


@pytest.mark.parametrize("wanted, notices", [
    ({"subscription_tier": "premium", "role": "admin"}, 2), ({"subscription_tier": "standard"}, 1),
    ({"role": "admin"}, 1), ({"role": "premium"}, 1), ({"subscription_tier": "free", "role": "free"}, 0),
    ({"subscription_tier": None, "role": None}, 0), ({"is_active": False, "tenant_id": "x", "nonsense": [{}]}, 0)])
def test_tier_and_role_are_not_taken_from_the_body_and_the_answer_says_so(api, stack, wanted, notices):
    answer = api.register(**wanted)
    assert answer.status == 201 and answer["subscription_tier"] == "free"
    assert len(answer["notices"]) == notices
    if wanted.get("subscription_tier") == "premium":
        assert "premium" in answer["notices"][0]
    assert stack.sql("SELECT subscription_tier, role, is_active FROM users WHERE id = %s", answer["user_id"]) == [
        ("free", "free", True)]


def test_a_tier_that_does_not_exist_is_a_422(api):
    answer = api.register(subscription_tier="gold")
    assert answer.status == 422
    assert answer["errors"][0]["loc"] == ["body", "subscription_tier"]


ACCEPTED = [
    "aB3$efgh", "Ab1!Ab1!", "qzwxkvjbmpfghtr", "four small words here", "x" * 5 + "y" * 5 + "z" * 5 + "w",
    "Zq7 " * 16, "correct horse battery staple " * 4 + "plus twelve!", "пароль-для-кошек-и-собак", "Äöü3ßßß!",
    "🐕🐈🐇🐹🐦🐢🐍🐠🦎🐖🐓🐎🐄🐏🐐", "       spaces are kept       ", "tab\tand\u00a0no-break space",
    "q" * 1021 + "XYZ", "é" * 510 + "abcd"]
REFUSED = [
    "aB3$efg", "abcdefg1", "ABCDEFG1!", "abcdefgh!", "Abcdefgh1", "qzwxkvjbmpfght", "", "a",
    "password", "Password1", "Password1!", "PASSWORD1!", "P@ssw0rd", "Qwerty123!", "letmein", "Iloveyou1!",
    "aaaaaaaaaaaaaaaa", "abababababababab", "1" * 40, "q" * 1022 + "XYZ", "é" * 513, "x" * 100_000]


@pytest.mark.parametrize("password", ACCEPTED, ids=lambda text: f"{len(text)}-{text[:12]}")
def test_a_good_password_is_accepted_and_logs_in_as_typed(api, password):
    email = new_email()
    assert api.register(email, password).status == 201
    assert api.log_in(email, password).status == 200
    assert api.log_in(email, password + " ").status in (401, 422)
    assert api.log_in(email, password[:-1]).status in (401, 422)


@pytest.mark.parametrize("password", REFUSED, ids=lambda text: f"{len(text)}-{text[:12]}")
def test_a_weak_common_or_overlong_password_is_refused_and_no_account_half_made(api, stack, password):
    email = new_email()
    answer = api.register(email, password)
    assert answer.status == 422, password
    assert all(error["loc"] == ["body", "password"] for error in answer["errors"])
    assert len(password) < 9 or password not in answer.body.decode(), "the answer repeats no password"
    assert stack.value("SELECT count(*) FROM users WHERE email = %s", email) == 0


@pytest.mark.parametrize("length", [64, 128])
def test_long_passphrases_are_accepted_whole(api, length):
    email, password = new_email(), ("The quick brown fox feeds 3 cats. " * 4)[:length]
    assert len(password) == length
    assert api.register(email, password).status == 201
    assert api.log_in(email, password).status == 200
    assert api.log_in(email, password[:-1] + "#").status == 401, "the end counts too"


def test_the_password_limit_is_1024_bytes_and_not_characters(api):
    assert len("q" * 1021 + "XYZ") == 1024
    assert api.register(password="🐾" * 256).status == 422, "one character 256 times is no good password"
    assert api.register(password="🐾🐕🐈🐇" * 64).status == 201
    assert api.register(password="🐾🐕🐈🐇" * 64 + "x").status == 422


@pytest.mark.parametrize("form", ["{email}", "x{email}9!A", "{mailbox}123!Abc", "{MAILBOX}-Rex-2026"])
def test_a_password_with_the_email_in_it_is_refused(api, form):
    email = new_email("rosalind")
    mailbox = email.partition("@")[0]
    answer = api.register(email, form.format(email=email, mailbox=mailbox, MAILBOX=mailbox.upper()))
    assert answer.status == 422 and "e-mail" in answer["errors"][0]["msg"]


def test_all_mistakes_are_named_at_once(api):
    answer = api.post("/api/v1/auth/register", {"email": "no", "password": "short", "company_name": " "})
    assert answer.status == 422
    assert {error["loc"][1] for error in answer["errors"]} == {"email", "password", "company_name"}
    answer = api.post("/api/v1/auth/register", {})
    assert [error["loc"][1] for error in answer["errors"]] == ["email", "password", "company_name"]
    assert set(answer.error_types) == {"missing"}


@pytest.mark.parametrize("email", [
    "plain", "@pets.example", "a@", "a@b", "a b@pets.example", "a@pets..example", "a@-pets.example", ".a@pets.example",
    "a.@pets.example", "a@pets.example\n", "a@pets.example\r\nBcc: x@y.example", "ä@pets.example", "a@pets.exämple",
    "\"a\"@pets.example", "a@[127.0.0.1]", "x" * 65 + "@pets.example", "a@" + "d" * 250 + ".example", "a\u0000@pets.example"])
def test_what_is_no_address_is_a_422(api, email):
    assert api.register(email).status == 422


def test_an_address_is_one_whatever_its_case(api, stack):
    email = new_email()
    first = api.register(email.upper())
    assert first.status == 201
    assert api.profile(first["api_key"])["email"] == email
    before = stack.sql(COUNTS)
    for spelling in (email, email.upper(), email.title()):
        answer = api.register(spelling)
        assert answer.status == 409 and answer.code == "email_taken"
        assert email not in answer.body.decode().lower(), "the answer repeats nothing"
        assert first["user_id"] not in answer.body.decode()
    assert stack.sql(COUNTS) == before, "a refused registration leaves nothing behind"
    assert api.log_in(email).status == 200, "and the account stays as it was"


def test_of_ten_registrations_of_one_address_at_once_one_wins(api, stack):
    email = new_email()
    answers = at_once([lambda: api.register(email)] * 10, 10)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 9
    assert stack.value("SELECT count(*) FROM users WHERE email = %s", email) == 1
    winner = next(answer for answer in answers if answer.status == 201)
    assert stack.value("SELECT count(*) FROM api_keys k JOIN users u ON u.id = k.user_id WHERE email = %s", email) == 1
    assert stack.value(
        "SELECT count(*) FROM tenants t WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.tenant_id = t.id)") == 0
    assert api.profile(winner["api_key"]).status == 200


@pytest.mark.parametrize("name", ["", " ", "\t", "a\nb", "a\r\nX-Evil: 1", "a\u0007", "x" * 201, "\u0085", "\u0000"])
def test_a_company_name_has_visible_characters_and_no_control_characters(api, name):
    answer = api.register(company_name=name)
    assert answer.status == 422 and answer["errors"][0]["loc"] == ["body", "company_name"]
    assert "x-evil" not in answer.headers


def test_an_address_may_register_only_so_often_an_hour(side_worker):
    worker = side_worker(REGISTER_LIMIT_PER_HOUR="3")

    def register(address):
        return worker("POST", "/api/v1/auth/register",
                      {"email": new_email(), "password": GOOD_PASSWORD, "company_name": "Paws"}, address=address)
    assert [register("192.0.2.7").status for _ in range(4)] == [201, 201, 201, 429]
    refused = register("192.0.2.7")
    assert refused.code == "too_many_attempts" and 3590 <= int(refused.headers["retry-after"]) <= 3600
    assert register("192.0.2.8").status == 201, "another address is another count"
    # One customer's IPv6 /64 is one address, however he writes it.
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:aaaa::", "2001:0db8:0001:0002:1:2:3:4"):
        assert register(address).status == 201
    assert register("2001:db8:1:2:ffff:ffff:ffff:ffff").status == 429
    assert register("2001:db8:1:3::1").status == 201
    # A body that is refused anyway counts for nothing.
    for _ in range(5):
        assert worker("POST", "/api/v1/auth/register", {"email": "no"}, address="192.0.2.9").status == 422
    assert register("192.0.2.9").status == 201
