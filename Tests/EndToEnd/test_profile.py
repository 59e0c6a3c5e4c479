"""GET and PATCH /api/v1/auth/profile."""

import pytest

from stack import eventually


def test_a_profile_change_is_seen_by_every_worker_at_once(api, roomy):
    for round in range(10):
        name = f"Paws {round}"
        changed = api.patch("/api/v1/auth/profile", {"company_name": name}, roomy.key)
        assert changed.status == 200 and changed["company_name"] == name and changed["notices"] == []
        assert {api.profile(roomy.key)["company_name"] for _ in range(8)} == {name}
    assert api.profile(roomy.key)["updated_at"] == changed["updated_at"] > changed["created_at"]


def test_members_that_an_owner_may_not_change_are_named_in_notices(api, stack, account):
    before = api.profile(account.key)
    answer = api.patch("/api/v1/auth/profile", {
        "company_name": "New", "email": "other@pets.example", "subscription_tier": "premium", "role": "admin",
        "is_active": False, "tenant_id": "x", "user_id": "y"}, account.key)
    assert answer.status == 200
    for member in ("email", "subscription_tier", "role", "is_active", "tenant_id", "user_id"):
        assert any(notice.startswith(member) for notice in answer["notices"]), member
        assert answer[member] == before[member]
    assert len(answer["notices"]) == 6
    assert stack.sql("SELECT email, subscription_tier, role, is_active, company_name FROM users WHERE id = %s",
                     account.id) == [(account.email, "free", "free", True, "New")]


@pytest.mark.parametrize("body", [{}, {"company_name": None}, {"unknown": 1}])
def test_a_change_of_nothing_is_a_200_and_writes_nothing(api, stack, account, body):
    before = stack.value("SELECT count(*) FROM audit_events")
    assert api.patch("/api/v1/auth/profile", body, account.key).status == 200
    assert stack.value(
        "SELECT count(*) FROM audit_events WHERE actor_id = %s AND action = 'account.updated'", account.id) == 0
    assert before <= stack.value("SELECT count(*) FROM audit_events")


@pytest.mark.parametrize("name", ["", "   ", 7, ["x"], {}, True, "a\nb", "x" * 201, "\u0000"])
def test_a_name_that_is_none_is_a_422(api, shared_roomy, name):
    answer = api.patch("/api/v1/auth/profile", {"company_name": name}, shared_roomy.key)
    assert answer.status == 422 and answer["errors"][0]["loc"] == ["body", "company_name"]


def test_an_account_disabled_behind_the_workers_back_is_refused_within_a_second_and_a_half(api, stack, roomy):
    assert api.profile(roomy.key).status == 200
    stack.sql("UPDATE users SET is_active = false WHERE id = %s", roomy.id)
    eventually(lambda: api.profile(roomy.key).status == 403, 1.5, what="the refusal of a disabled account")
    for _ in range(8):
        answer = api.profile(roomy.key)
        assert answer.status == 403 and answer.code == "account_disabled"
    stack.sql("UPDATE users SET is_active = true WHERE id = %s", roomy.id)
    eventually(lambda: api.profile(roomy.key).status == 200, 1.5, what="the return of an enabled account")


def test_a_tier_that_an_operator_sets_is_in_force_at_the_next_request(api, stack, account):
    assert api.profile(account.key).headers["x-ratelimit-limit"] == "60"
    for tier, limits in [("premium", (1200, 50000, 500000)), ("standard", (300, 10000, 100000)), ("free", (60, 1000, 10000))]:
        stack.petstore("user", "set-tier", account.email, tier)
        answer = api.profile(account.key)
        assert answer["subscription_tier"] == tier == answer["role"]
        assert answer.headers["ratelimit-policy"] == (
            f'"minute";q={limits[0]};w=60, "hour";q={limits[1]};w=3600, "day";q={limits[2]};w=86400')


def test_the_operators_commands_refuse_what_makes_no_sense(stack, account):
    for arguments in (["user", "set-tier", account.email, "gold"], ["user", "set-tier", "nobody@pets.example", "free"],
                      ["user", "set-limits", account.email, "--minute", "0"],
                      ["user", "set-limits", account.email, "--concurrent", "-1"],
                      ["user", "set-limits", "nobody@pets.example", "--minute", "5"],
                      ["user", "create", account.email, "--company-name", "X", "--password-stdin"],
                      ["key", "create", "nobody@pets.example", "--name", "x"]):
        result = stack.petstore(*arguments, stdin="Tabby-and-7-kittens", check=False)
        assert result.returncode != 0 and result.stderr, arguments
        assert "Fatal" not in result.stderr


def test_an_operator_creates_accounts_and_keys(api, stack):
    from conftest import new_email
    email = new_email()
    made = stack.petstore("user", "create", email, "--company-name", "Vet & Co", "--password-stdin", "--role", "admin",
                          "--tier", "premium", stdin="Tabby-and-7-kittens\n").stdout
    key = made.split("api_key ")[1].strip()
    profile = api.profile(key)
    assert profile["role"] == "admin" and profile["subscription_tier"] == "premium"
    assert profile["limits"]["requests_per_minute"] == 1200
    further = stack.petstore("key", "create", email, "--name", "second").stdout.strip()
    assert api.profile(further)["user_id"] == profile["user_id"]
    assert api.log_in(email).status == 200


def test_doctor_finds_nothing_to_complain_about(stack):
    result = stack.petstore("doctor")
    assert "FAIL" not in result.stdout and result.stdout.count("ok ") >= 6


def test_doctor_names_everything_that_is_wrong(stack):
    result = stack.petstore("doctor", check=False, env={"REDIS_SOCKET": "/nonexistent.sock", "PG_DSN": "host=/nonexistent"})
    assert result.returncode == 1
    assert result.stdout.count("FAIL") == 2 and "PostgreSQL" in result.stdout and "Redis" in result.stdout
