"""Clocks that are wrong: workers under libfaketime, PostgreSQL and Redis not. Tokens and codes go by the worker's clock,
windows by Redis's, and nothing falls over."""

import pathlib
import time

import pytest

from conftest import ROOMY
from test_second_factor import enrolled, person, totp  # noqa: F401 (fixtures)

LIBRARY = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
A = "/api/v1/auth/"

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason="the package faketime is not installed")


@pytest.fixture
def shifted(side_worker):
    def make(offset):
        return side_worker(LD_PRELOAD=str(LIBRARY), FAKETIME=offset, FAKETIME_DONT_FAKE_MONOTONIC="1", LOGIN_LIMIT_PER_MINUTE="10000")
    return make


def profile(worker, credential):
    return worker("GET", A + "profile", key=credential).status


def test_a_token_ends_by_the_second(api, shifted, shared_roomy):
    pair = api.post(A + "token", {"expires_in": 60}, key=shared_roomy.key).json
    assert profile(shifted("+50s"), pair["access_token"]) == 200
    assert profile(shifted("+61s"), pair["access_token"]) == 401
    assert api.profile(pair["access_token"]).status == 200


def test_a_token_of_a_host_that_is_ahead_counts_within_two_minutes(api, shifted, shared_roomy):
    token = api.post(A + "token", key=shared_roomy.key)["access_token"]
    assert profile(shifted("-100s"), token) == 200
    assert profile(shifted("-200s"), token) == 401


def test_a_key_ends_by_the_clock(api, shifted, new_account):
    account = new_account(**ROOMY)
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    key = api.post(A + "keys", {"name": "short", "expires_at": end}, key=account.key)["api_key"]
    assert profile(shifted("+2h"), key) == 401 and api.profile(key).status == 200


def test_codes_of_an_app_go_by_the_workers_clock(shifted, enrolled):  # noqa: F811
    worker = shifted("+600s")
    login = {"email": enrolled.email, "password": enrolled.password}
    assert worker("POST", A + "login", {**login, "code": totp(enrolled.secret)}).code == "second_factor_wrong"
    assert worker("POST", A + "login", {**login, "code": totp(enrolled.secret, 20)}).status == 200


def test_windows_do_not_follow_a_workers_clock(api, shifted, new_account):
    account = new_account(minute=5, hour=1000, day=1000)
    assert [api.profile(account.key).status for _ in range(6)] == [200] * 5 + [429]
    for offset in ("+2h", "-2h", "+40d"):
        worker = shifted(offset)
        assert profile(worker, account.key) == 429
        assert worker("GET", "/health").status == 200
