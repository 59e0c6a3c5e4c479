"""The keys that sign tokens: rotation loses no request, revocation takes effect at once, and what is published is what
signs."""

import base64
import json
import threading
import time

import pytest

from conftest import GOOD_PASSWORD


def header(token):
    part = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def published(api):
    answer = api.get("/.well-known/jwks.json")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    return [key["kid"] for key in answer["keys"]]


@pytest.fixture
def log_in(api, shared_roomy):
    def go():
        answer = api.log_in(shared_roomy.email, GOOD_PASSWORD)
        assert answer.status == 200, answer
        return answer.json
    return go


def key_lines(stack):
    return [line.split() for line in stack.petstore("keys", "list").stdout.splitlines()]


def test_a_new_key_is_published_before_it_signs(api, stack, log_in):
    before = header(log_in()["access_token"])["kid"]
    new = stack.petstore("keys", "rotate").stdout.split()[0]
    deadline = time.time() + 15
    while new not in published(api):
        assert time.time() < deadline, "a worker publishes a new key within ten seconds"
        time.sleep(0.5)
    assert before in published(api)
    assert header(log_in()["access_token"])["kid"] == before
    states = {line[0]: line[1] for line in key_lines(stack)}
    assert states[new] == "waits" and states[before] == "signs"


def test_rotation_under_load_refuses_nothing(api, stack, log_in):
    """Eight clients use and renew tokens while the key changes at once, three times."""
    stop = threading.Event()
    failures, counts = [], []

    def work(pair):
        count = 0
        while not stop.is_set():
            answer = api.profile(pair["access_token"])
            count += 1
            if answer.status != 200:
                failures.append(answer)
            if count % 5 == 0:
                answer = api.post("/api/v1/auth/refresh", {"refresh_token": pair["refresh_token"]})
                if answer.status != 200:
                    failures.append(answer)
                else:
                    pair = answer.json
        counts.append(count)

    # One after the other: five guesses at one account may be under way at once.
    threads = [threading.Thread(target=work, args=(log_in(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    kids = set()
    for _ in range(3):
        time.sleep(0.7)
        kids.add(stack.petstore("keys", "rotate", "--now").stdout.split()[0])
    deadline = time.time() + 15
    while header(log_in()["access_token"])["kid"] not in kids:
        assert time.time() < deadline, "workers sign with the new key within ten seconds"
        time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[:3]
    assert len(counts) == 8 and sum(counts) > 100


def test_a_revoked_key_is_believed_by_nobody_from_that_moment(api, stack, log_in):
    """Every worker has verified the token and remembers it; the revocation must reach them all the same."""
    old = log_in()
    kid = header(old["access_token"])["kid"]
    for _ in range(20):
        assert api.profile(old["access_token"]).status == 200
    stack.petstore("keys", "rotate", "--now")
    deadline = time.time() + 15
    while header(log_in()["access_token"])["kid"] == kid:
        assert time.time() < deadline
        time.sleep(0.5)
    fresh = log_in()
    stack.petstore("keys", "revoke", kid)
    for _ in range(20):
        assert api.profile(old["access_token"]).status == 401
    assert api.post("/api/v1/auth/refresh", {"refresh_token": old["refresh_token"]}).status == 401
    assert api.profile(fresh["access_token"]).status == 200
    assert kid not in {line[0] for line in key_lines(stack)}
    deadline = time.time() + 15
    while kid in published(api):
        assert time.time() < deadline
        time.sleep(0.5)


def test_the_only_key_cannot_be_revoked(stack, log_in):
    log_in()
    signing = [line[0] for line in key_lines(stack) if line[1] == "signs"]
    others = [line[0] for line in key_lines(stack) if line[1] == "verifies"]
    for kid in others:
        stack.petstore("keys", "revoke", kid)
    result = stack.petstore("keys", "revoke", signing[0], check=False)
    assert result.returncode != 0 and "rotate --now" in result.stderr


def test_private_keys_lie_sealed_in_the_database(stack):
    rows = stack.sql("SELECT encode(sealed_key, 'hex') FROM signing_keys")
    assert rows
    for row in rows:
        data = bytes.fromhex(row[0] if isinstance(row, (list, tuple)) else row)
        # PKCS#8 and RSA's object identifier would show in plain DER.
        assert bytes.fromhex("2a864886f70d010101") not in data and data[0] == 1
