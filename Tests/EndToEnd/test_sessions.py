"""Sessions: seen and ended by their owners, capped, ended by disuse, and kept when Redis forgets."""

import pathlib
import time

import pytest

from conftest import ROOMY

A = "/api/v1/auth/"
S = A + "sessions"


@pytest.fixture
def person(api, new_account):
    return new_account(**ROOMY)


def log_in(api, person):
    return api.log_in(person.email, person.password).json


def test_an_owner_sees_and_ends_sessions(api, person, new_account):
    one, two = log_in(api, person), log_in(api, person)
    listed = api.get(S, key=one["access_token"])["sessions"]
    assert {session["id"] for session in listed} == {one["session_id"], two["session_id"]}
    assert [session["id"] for session in listed if session["current"]] == [one["session_id"]]
    assert listed[0]["address"] == "127.0.0.1" and "python-httpx" in listed[0]["user_agent"]
    stranger = new_account(**ROOMY)
    assert api.delete(f"{S}/{two['session_id']}", key=stranger.key).status == 404
    for _ in range(2):
        assert api.delete(f"{S}/{two['session_id']}", key=one["access_token"]).status == 204
    assert api.profile(two["access_token"]).status == 401 and api.profile(one["access_token"]).status == 200
    assert api.delete(f"{S}/nonsense", key=one["access_token"]).status == 404


def test_logging_out(api, person):
    pairs = [log_in(api, person) for _ in range(3)]
    assert api.post(A + "logout", key=person.key).code == "no_session"
    assert api.post(A + "logout", key=pairs[0]["access_token"]).status == 200
    assert api.post(A + "logout", key=pairs[0]["access_token"]).status == 401
    assert api.post(A + "logout-all", key=pairs[1]["access_token"])["sessions_ended"] == 2
    assert all(api.profile(pair["access_token"]).status == 401 for pair in pairs)
    assert api.profile(person.key).status == 200
    assert api.post(A + "logout-all").status == 401 and api.post(A + "logout").status == 401


def test_logging_out_is_never_refused_for_a_limit(api, new_account):
    account = new_account(minute=2, hour=1000, day=1000)
    token = log_in(api, account)["access_token"]
    assert [api.profile(token).status for _ in range(3)] == [200, 200, 429]
    assert api.post(A + "logout", key=token).status == 200


def test_beyond_the_cap_the_one_not_used_for_longest_ends(api, side_worker, person):
    worker = side_worker(SESSIONS_PER_ACCOUNT="3", LOGIN_LIMIT_PER_MINUTE="10000")
    def enter():
        return worker("POST", A + "login", {"email": person.email, "password": person.password}).json["access_token"]
    first, second, third = enter(), enter(), enter()
    api.profile(first)
    time.sleep(1.2)             # until petstore watch has taken the use in
    fourth = enter()
    assert [api.profile(token).status for token in (first, second, third, fourth)] == [200, 401, 200, 200]


def test_a_session_that_nobody_uses_ends(api, side_worker, person):
    worker = side_worker(SESSION_IDLE_SECONDS="2", LOGIN_LIMIT_PER_MINUTE="10000")
    pair = worker("POST", A + "login", {"email": person.email, "password": person.password}).json
    for _ in range(3):
        time.sleep(1)
        assert worker("GET", A + "profile", key=pair["access_token"]).status == 200
    time.sleep(3)
    assert worker("GET", A + "profile", key=pair["access_token"]).status == 401
    assert worker("POST", A + "refresh", {"refresh_token": pair["refresh_token"]}).status == 401


def test_a_session_ends_at_its_end(api, stack, person):
    pair = log_in(api, person)
    assert api.profile(pair["access_token"]).status == 200
    stack.sql("UPDATE sessions SET expires_at = now() WHERE id = %s", pair["session_id"])
    stack.sql("UPDATE users SET company_name = 'Else' WHERE id = %s", person.id)   # by any hand: the trigger tells
    time.sleep(1)
    assert api.profile(pair["access_token"]).status == 401
    assert api.post(A + "refresh", {"refresh_token": pair["refresh_token"]}).status == 401


def test_a_session_ends_with_the_key_that_opened_it(api, person):
    pair = api.post(A + "token", key=person.key).json
    assert api.profile(pair["access_token"]).status == 200
    assert api.get(S, key=pair["access_token"])["sessions"][0]["opened_with"] == "api_key"
    other = log_in(api, person)["access_token"]
    assert api.delete(f"{A}keys/{person.key_id}", key=other).status in (200, 204)
    assert api.profile(pair["access_token"]).status == 401
    assert api.post(A + "refresh", {"refresh_token": pair["refresh_token"]}).status == 401


@pytest.mark.faults
def test_a_redis_that_forgets_logs_nobody_out_and_lets_nobody_in(api, stack, person):
    living, ended = log_in(api, person), log_in(api, person)
    api.profile(living["access_token"])
    api.post(A + "logout", key=ended["access_token"])
    stack.redis().flushall()
    assert api.profile(ended["access_token"]).status == 401
    assert api.profile(living["access_token"]).status == 200


@pytest.mark.faults
def test_sessions_without_redis(api, stack, person, allow_in_log):
    living, ended, leaving = log_in(api, person), log_in(api, person), log_in(api, person)
    for pair in (living, ended, leaving):
        api.profile(pair["access_token"])
    api.post(A + "logout", key=ended["access_token"])
    stack.stop_redis()
    try:
        assert api.profile(living["access_token"]).status == 200
        assert api.profile(ended["access_token"]).status == 401
        assert api.post(A + "logout", key=leaving["access_token"]).status == 200
        assert api.profile(leaving["access_token"]).status == 401
        successor = api.post(A + "refresh", {"refresh_token": living["refresh_token"]})
        assert successor.status == 200
    finally:
        stack.start_redis()
    deadline = time.time() + 10
    while api.profile(living["access_token"]).status != 200:
        assert time.time() < deadline
        time.sleep(0.1)
    assert api.profile(leaving["access_token"]).status == 401


def test_a_thousand_idle_sessions_cost_no_thread(side_worker, person):
    worker = side_worker(SESSIONS_PER_ACCOUNT="2000")
    def threads():
        return len(list(pathlib.Path(f"/proc/{worker.process.pid}/task").iterdir()))
    worker("GET", A + "profile", key=person.key)
    before = threads()
    for _ in range(1000):
        assert worker("POST", A + "token", {"scopes": ["profile:read"]}, key=person.key).status == 200
    # One of the start's own threads may have ended meanwhile.
    assert threads() <= before
