"""Usage: exactly what was called, whatever happens to the process that counts."""

import datetime
import time

import pytest

from stack import Load, eventually

USAGE = "/api/v1/usage"


def by_endpoint(answer):
    return {row["endpoint"]: (row["requests"], row["errors"]) for row in answer["by_endpoint"]}


def counted(stack, account, endpoint):
    return stack.value(
        "SELECT coalesce(sum(request_count), 0)::int FROM api_usage WHERE user_id = %s AND endpoint = %s",
        account.id, endpoint)


def test_a_new_account_has_used_nothing(api, account):
    answer = api.get(USAGE, key=account.key)
    assert answer["days"] == 30 and len(answer["by_day"]) == 30
    assert answer["totals"] == {"requests": 0, "errors": 0, "avg_latency_ms": None}
    assert answer["by_endpoint"] == []


def test_within_three_seconds_usage_shows_exactly_what_was_called(api, roomy):
    for n in range(57):
        api.profile(roomy.key)
    for n in range(11):
        api.post("/api/v1/generate", {}, roomy.key)
    for n in range(5):
        assert api.post("/api/v1/blog/generate", {"topic": "Cats"}, roomy.key).status == 200
    for n in range(3):
        api.delete("/api/v1/auth/keys/nothing", roomy.key)
    wanted = {"show_profile": (57, 0), "generate_article_alias": (11, 11), "generate_article": (5, 0), "revoke_key": (3, 3)}
    ended = time.monotonic()

    def shown():
        rows = by_endpoint(api.get(f"{USAGE}?days=1", key=roomy.key))
        rows.pop("show_usage", None)
        return rows == wanted and rows
    eventually(shown, 3, every=0.2, what=f"usage of {wanted}")
    assert time.monotonic() - ended < 3
    time.sleep(0.6)
    answer = api.get(f"{USAGE}?days=1", key=roomy.key)
    rows = by_endpoint(answer)
    shows = rows.pop("show_usage")
    assert rows == wanted, "and no more later"
    assert answer["totals"]["requests"] == 76 + shows[0] and answer["totals"]["errors"] == 14
    assert answer["by_day"] == [{"date": answer["from"], "requests": 76 + shows[0], "errors": 14}]
    assert answer["from"] == answer["to"] == datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    for row in answer["by_endpoint"]:
        assert 0 < row["avg_latency_ms"] < 5000 and row["p95_latency_ms"] is not None


def test_a_refused_call_is_no_usage(api, stack, new_account):
    account = new_account(minute=4)
    for _ in range(9):
        api.profile(account.key)
    time.sleep(1)
    assert counted(stack, account, "show_profile") == 4


def test_usage_is_the_callers_own(api, account, roomy):
    api.profile(roomy.key)
    time.sleep(0.7)
    assert "show_profile" not in by_endpoint(api.get(USAGE, key=account.key))


@pytest.mark.parametrize("query, status", [
    ("days=1", 200), ("days=366", 200), ("days=7&other=x", 200), ("", 200), ("days=0", 422), ("days=367", 422),
    ("days=-1", 422), ("days=x", 422), ("days=", 422), ("days=1.5", 422), ("days=1&days=2", 422), ("days=%31", 200),
    ("days=1%00", 400), ("days=%zz", 400), ("days=%ff", 400), ("days=99999999999999999999", 422),
    ("days=1;DROP%20TABLE%20users", 422), ("days=1%27%20OR%201=1", 422)])
def test_days_are_a_number_from_1_to_366(api, shared_roomy, query, status):
    answer = api.get(f"{USAGE}?{query}", key=shared_roomy.key)
    assert answer.status == status, answer
    if status == 422:
        assert answer["errors"][0]["loc"] == ["query", "days"]
    if status == 200:
        assert len(answer["by_day"]) == answer["days"]


def test_older_usage_lies_in_its_own_day_and_month(api, stack, account):
    """Rows of an earlier month, written as petstore watch would."""
    tenant = stack.value("SELECT tenant_id::text FROM memberships WHERE user_id = %s", account.id)
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=40)
    stack.sql("SELECT petstore_ensure_usage_partition(%s)", then)
    stack.sql("""INSERT INTO api_usage (hour, tenant_id, user_id, endpoint, request_count, error_count, completed_count,
                                        latency_sum_us)
                 VALUES (date_trunc('hour', %s::timestamptz), %s, %s, 'show_profile', 12, 2, 12, 24000)""",
              then, tenant, account.id)
    assert "show_profile" not in by_endpoint(api.get(f"{USAGE}?days=30", key=account.key))
    answer = api.get(f"{USAGE}?days=60", key=account.key)
    assert by_endpoint(answer)["show_profile"] == (12, 2)
    assert {day["date"]: day["requests"] for day in answer["by_day"]}[then.date().isoformat()] == 12


def test_killing_the_counter_loses_no_event_and_counts_none_twice(api, stack, new_account, roomy):
    others = [new_account(minute=1_000_000, hour=1_000_000, day=1_000_000) for _ in range(3)]
    accounts = [roomy, *others]
    with Load(lambda index: api.profile(accounts[index].key).status, 4) as load:
        for _ in range(5):
            time.sleep(0.5)
            old = stack.kill("watch")
            stack.wait_for_new("watch", old)
        time.sleep(0.3)
    assert set(load.statuses()) == {200}
    sent = [sum(1 for outcome in load.outcomes if outcome[3] == index) for index in range(4)]
    assert min(sent) > 50

    def all_counted():
        return [counted(stack, account, "show_profile") for account in accounts] == sent
    eventually(all_counted, 8, every=0.2, what=f"usage of {sent}")
    time.sleep(1)
    assert all_counted()


@pytest.mark.parametrize("hours, status", [("1", 200), ("744", 200), ("0", 422), ("745", 422), ("-1", 422), ("x", 422), ("1.5", 422)])
def test_hours_are_a_number_from_1_to_744(api, stack, new_account, hours, status):
    account = new_account()
    stack.sql("UPDATE users SET role = 'standard' WHERE id = %s", account.id)
    assert api.get("/api/v1/usage/hours?hours=" + hours, key=api.log_in(account.email)["access_token"]).status == status
