"""What a request costs: one Redis round trip and no SQL, counted by Redis and PostgreSQL themselves.

petstore watch uses the same role and the same Redis; it is frozen while these tests count, so that every command and
every statement that is left is a worker's.
"""

import time

import pytest

import fastcgi
from conftest import ROOMY
from stack import at_once

STATEMENTS = "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE rolname = 'petstore'"
# What each process asks once a second, whatever the load, is no request's: the feature flags.
STATEMENTS += " AND query NOT LIKE '%%feature_flags%%'"


# Seconds after which a thread that has had nothing to do has paid what it owed to Redis.
IDLE = 1.2


class Ledger:
    """Redis commands that clients sent (what a script calls is not one of them), and SQL statements of the workers."""

    def __init__(self, stack):
        self.stack = stack
        self.redis = stack.redis()

    def __enter__(self):
        self.sql_before = self.stack.value(STATEMENTS)
        self.evalsha_before = self.evalsha()
        self.monitor = self.redis.monitor().__enter__()
        return self

    def evalsha(self):
        return self.redis.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0)

    def __exit__(self, *_):
        time.sleep(IDLE)
        marker = f"end-{time.time()}"
        self.stack.redis().echo(marker)
        self.commands = []
        while True:
            command = self.monitor.next_command()
            if marker in command["command"]:
                break
            name = command["command"].split()[0].upper()
            if command["client_type"] != "lua" and name not in ("INFO", "CLIENT", "HELLO"):
                self.commands.append(name)
        self.monitor.__exit__(None, None, None)
        self.evalsha_calls = self.evalsha() - self.evalsha_before
        self.sql = self.stack.value(STATEMENTS) - self.sql_before

    def count(self, name):
        return self.commands.count(name)


@pytest.fixture
def ledger(stack, quiet):
    with stack.frozen("watch"):
        time.sleep(IDLE)
        yield Ledger(stack)


def warm_up(stack, key):
    """Every thread of every worker has met the key and loaded the script: long calls, more at once than there are threads."""
    body = b'{"topic":"Cats and dogs","word_count_target":10000}'
    headers = {"Authorization": f"Bearer {key}"}
    for path in stack.sockets.values():
        at_once([lambda path=path: fastcgi.call(path, "POST", "/api/v1/generate", headers, body)] * 48, 24)
    time.sleep(IDLE)


def test_an_authenticated_request_costs_one_redis_round_trip_and_no_sql(api, stack, roomy, ledger):
    warm_up(stack, roomy.key)
    with ledger:
        answers = at_once([lambda: api.profile(roomy.key)] * 600, 24)
    assert {answer.status for answer in answers} == {200}
    assert ledger.sql == 0, "statements of workers"
    assert ledger.evalsha_calls == 600 == ledger.count("EVALSHA"), "one script call a request"
    # How a call ended travels along with a later call of its thread. A thread that has none for a while writes it by itself:
    # after the answer, and seldom under a load that is worth the name.
    others = [name for name in ledger.commands if name != "EVALSHA"]
    assert set(others) <= {"XADD"} and len(others) <= 150, f"{len(others)} further commands: {set(others)}"


def test_a_refused_request_costs_the_same(api, new_account, ledger):
    account = new_account(minute=3)
    at_once([lambda: api.profile(account.key)] * 100, 20)
    time.sleep(IDLE)
    with ledger:
        answers = at_once([lambda: api.profile(account.key)] * 100, 20)
    assert {answer.status for answer in answers} == {429}
    assert ledger.sql == 0
    assert ledger.commands == ["EVALSHA"] * 100


def test_a_content_request_costs_one_more_which_gives_its_lease_back(api, stack, new_account, ledger):
    account = new_account(**ROOMY)
    warm_up(stack, account.key)
    with ledger:
        answers = at_once([lambda: api.post("/api/v1/generate", {"topic": "Cats"}, account.key)] * 60, 6)
    assert {answer.status for answer in answers} == {200}
    assert ledger.sql == 0
    assert ledger.count("EVALSHA") == 60
    assert ledger.count("ZREM") <= 60
    assert set(ledger.commands) <= {"EVALSHA", "ZREM", "XADD"}


def broken(key):
    """Keys that their form or checksum betrays."""
    flip = "A" if key[20] != "A" else "B"
    return [
        key[:-1] + ("0" if key[-1] != "0" else "1"), key[:20] + flip + key[21:], key[:-1], key + "0", key.swapcase(),
        key.replace("psd_live_", "psd_test_"), key.replace("psd_live_", "PSD_LIVE_"), "psd_live_", "x", "psd_live_" + "0" * 49,
        key[:30] + "-" + key[31:], key[:9] + key[10:] + key[9], "null", "undefined", "Bearer", key[9:], key * 2]


def test_a_key_with_a_broken_checksum_is_refused_without_any_io(api, stack, roomy, ledger):
    keys = broken(roomy.key)
    before = {name: value["calls"] for name, value in stack.redis().info("commandstats").items()}
    with ledger:
        for key in keys:
            for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
                answer = api.get("/api/v1/auth/profile", headers=headers)
                assert answer.status == 401 and answer.code == "invalid_credential", key
                assert answer.headers["www-authenticate"] == 'Bearer realm="petstore", error="invalid_token"'
    assert ledger.sql == 0 and ledger.commands == [] and ledger.evalsha_calls == 0
    after = {name: value["calls"] for name, value in stack.redis().info("commandstats").items()}
    changed = {name for name in after if after[name] != before.get(name, 0)}
    assert changed <= {"cmdstat_info", "cmdstat_monitor", "cmdstat_echo", "cmdstat_client|setinfo", "cmdstat_hello"}


def test_a_well_formed_key_that_does_not_exist_is_looked_up_once_a_worker(api, ledger):
    import secrets
    import string
    import zlib
    alphabet = string.digits + string.ascii_uppercase + string.ascii_lowercase
    body = "psd_live_" + "".join(secrets.choice(alphabet) for _ in range(43))
    crc, tail = zlib.crc32(body.encode()), ""
    for _ in range(6):
        crc, digit = divmod(crc, 62)
        tail = alphabet[digit] + tail
    with ledger:
        answers = [api.profile(body + tail) for _ in range(40)]
    assert {answer.status for answer in answers} == {401}
    assert ledger.sql <= 4 and ledger.commands == []


def test_public_calls_cost_nothing(api, ledger):
    with ledger:
        for target in ("/", "/health", "/live", "/api/v1/config", "/metrics", "/nowhere"):
            for _ in range(5):
                api.get(target)
    assert ledger.sql == 0 and ledger.commands == []
