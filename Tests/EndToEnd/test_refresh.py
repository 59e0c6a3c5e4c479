"""Refresh tokens: one use, one successor, and the end of the session for whoever comes with an older one."""

import threading

import pytest

from conftest import ROOMY

REFRESH = "/api/v1/auth/refresh"


@pytest.fixture
def person(api, new_account):
    account = new_account(**ROOMY)
    account.pair = api.log_in(account.email).json
    return account


def refresh(api, token):
    return api.post(REFRESH, {"refresh_token": token})


def reused(stack, pair):
    return stack.value(
        "SELECT count(*) FROM audit_trail WHERE action = 'session.refresh_reused' AND subject = %s", pair["session_id"])


def test_a_pair_is_exchanged_for_the_next(api, person):
    answer = refresh(api, person.pair["refresh_token"])
    assert answer.status == 200 and answer["token_type"] == "Bearer"
    assert answer["refresh_token"] != person.pair["refresh_token"] and answer["session_id"] == person.pair["session_id"]
    assert api.profile(answer["access_token"]).status == 200
    # An access token of the generation before lives to its own end, as its session does.
    assert api.profile(person.pair["access_token"]).status == 200


def test_two_hundred_at_once_get_one_successor(api, stack, person):
    answers, lock, start = [], threading.Lock(), threading.Barrier(40)

    def work():
        start.wait()
        for _ in range(5):
            answer = refresh(api, person.pair["refresh_token"])
            with lock:
                answers.append((answer.status, answer.json.get("access_token"), answer.json.get("refresh_token")))

    threads = [threading.Thread(target=work) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 200 and {answer[0] for answer in answers} == {200}
    assert len(set(answers)) == 1
    assert stack.value("SELECT generation FROM sessions WHERE id = %s", person.pair["session_id"]) == 1
    assert refresh(api, answers[0][2]).status == 200


@pytest.mark.parametrize("use", ["access", "refresh"])
def test_the_parent_after_its_successors_first_use_ends_the_session(api, stack, person, use):
    successor = refresh(api, person.pair["refresh_token"]).json
    assert refresh(api, person.pair["refresh_token"]).json["access_token"] == successor["access_token"]
    latest = successor
    if use == "access":
        assert api.profile(successor["access_token"]).status == 200
    else:
        latest = refresh(api, successor["refresh_token"]).json
    answer = refresh(api, person.pair["refresh_token"])
    assert answer.status == 401 and answer.code == "invalid_grant"
    assert api.profile(latest["access_token"]).status == 401
    assert refresh(api, latest["refresh_token"]).status == 401
    assert reused(stack, person.pair) == 1
    assert stack.value(
        "SELECT count(*) FROM letters WHERE user_id = %s AND kind = 'sessions_ended'", person.id) == 1


def test_a_grandparent_ends_the_session(api, stack, person):
    first = refresh(api, person.pair["refresh_token"]).json
    second = refresh(api, first["refresh_token"]).json
    assert refresh(api, person.pair["refresh_token"]).status == 401
    assert api.profile(second["access_token"]).status == 401
    assert reused(stack, person.pair) == 1


def test_the_parents_grace_lasts_ten_seconds(api, stack, person):
    refresh(api, person.pair["refresh_token"])
    stack.sql("UPDATE sessions SET rotated_at = rotated_at - interval '10 seconds' WHERE id = %s", person.pair["session_id"])
    assert refresh(api, person.pair["refresh_token"]).status == 401
    assert reused(stack, person.pair) == 1


def test_other_sessions_of_the_account_outlive_the_theft(api, person):
    other = api.log_in(person.email).json
    refresh(api, refresh(api, person.pair["refresh_token"]).json["refresh_token"])
    assert refresh(api, person.pair["refresh_token"]).status == 401
    assert api.profile(other["access_token"]).status == 200 and api.profile(person.key).status == 200


def test_a_session_that_was_ended_is_not_refreshed(api, person):
    assert api.post("/api/v1/auth/logout", key=person.pair["access_token"]).status == 200
    assert refresh(api, person.pair["refresh_token"]).code == "invalid_grant"


def test_a_suspended_accounts_token_is_refused_by_name(api, stack, person):
    session = person.pair["session_id"]
    stack.sql("UPDATE users SET is_active = false WHERE id = %s", person.id)
    assert refresh(api, person.pair["refresh_token"]).code == "account_disabled"
    stack.sql("UPDATE users SET is_active = true WHERE id = %s", person.id)
    assert stack.value("SELECT revoked_at FROM sessions WHERE id = %s", session) is None
    assert refresh(api, person.pair["refresh_token"]).status == 200


def test_only_json_is_taken(api):
    assert api.post(REFRESH, content=b"<a/>", headers={"Content-Type": "text/xml"}).status == 415


@pytest.mark.parametrize("body, status", [
    ({}, 422), ({"refresh_token": 5}, 422), ({"refresh_token": ""}, 422), ({"refresh_token": "x" * 9000}, 422),
    ({"refresh_token": "a.b.c"}, 401)])
def test_what_is_no_token_is_refused(api, body, status):
    assert api.post(REFRESH, body).status == status


def test_a_key_and_an_access_token_are_no_refresh_tokens(api, person):
    for token in (person.key, person.pair["access_token"]):
        assert refresh(api, token).code == "invalid_grant"


def test_the_successor_lies_sealed_in_the_database(api, stack, person):
    successor = refresh(api, person.pair["refresh_token"]).json
    sealed = bytes(stack.value("SELECT sealed_successor FROM sessions WHERE id = %s", person.pair["session_id"]))
    assert successor["refresh_token"].encode() not in sealed and b"eyJ" not in sealed
