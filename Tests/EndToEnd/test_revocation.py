"""Whatever ends a credential ends it on every worker at once: eight clients hammer all four workers directly while it is
ended; of the requests sent after the ending call had answered, none may succeed."""

import itertools
import threading
import time

import pytest

import fastcgi
from conftest import ROOMY

PROFILE = "/api/v1/auth/profile"
KINDS = ["logout", "revoke", "session", "logout-all", "key", "password", "suspended", "erased"]


class Hammer:
    """Eight threads that ask all workers in turn with one credential; remembers when each 200 had been sent."""

    def __init__(self, stack, credential, path=PROFILE):
        self.sockets = itertools.cycle(stack.sockets.values())
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.good, self.statuses, self.credential, self.path = [], {}, credential, path
        self.threads = [threading.Thread(target=self.work) for _ in range(8)]
        for thread in self.threads:
            thread.start()

    def work(self):
        while not self.stopping.is_set():
            with self.lock:
                socket = next(self.sockets)
            sent = time.monotonic()
            try:
                status, _, _ = fastcgi.call(
                    socket, "GET", self.path, {"Authorization": f"Bearer {self.credential}"}, timeout=5)
            except (OSError, EOFError):
                continue                # a worker that is being killed
            with self.lock:
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status < 300:
                    self.good.append(sent)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def wait_for(condition, seconds=5):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def end(kind, api, stack, account, pair):
    """The call that ends the credential."""
    token = pair["access_token"]
    if kind == "logout":
        return api.post("/api/v1/auth/logout", key=token)
    if kind == "revoke":
        return api.post("/api/v1/auth/revoke", content=f"token={pair['refresh_token']}".encode(),
                        headers={"Content-Type": "application/x-www-form-urlencoded"})
    if kind == "session":
        return api.delete(f"/api/v1/auth/sessions/{pair['session_id']}", key=account.key)
    if kind == "logout-all":
        return api.post("/api/v1/auth/logout-all", key=account.key)
    if kind == "key":
        return api.delete(f"/api/v1/auth/keys/{account.key_id}", key=account.key)
    if kind == "password":
        account.password, former = account.password + "x", account.password
        return api.post("/api/v1/auth/password", {"current_password": former, "new_password": account.password},
                        key=account.key)
    if kind == "suspended":
        return api.patch(f"/api/v1/admin/users/{account.id}", {"is_active": False}, key=stack["ADMIN_API_KEY"])
    return api("DELETE", PROFILE, {"password": account.password}, key=account.key)


def one_round(kind, api, stack, new_account, accounts, kill=None):
    account = accounts.pop(kind, None) or new_account(**ROOMY)
    pair = api.log_in(account.email, account.password).json
    credential = account.key if kind == "key" else pair["access_token"]
    hammer = Hammer(stack, credential)
    try:
        wait_for(lambda: len(hammer.good) >= 8)
        killed = stack.kill(kill) if kill else None
        answer = end(kind, api, stack, account, pair)
        answered = time.monotonic()
        assert answer.status in (200, 204), answer
        before = sum(hammer.statuses.values())
        wait_for(lambda: sum(hammer.statuses.values()) >= before + 32)
        if killed:
            stack.wait_for_new(kill, killed)
    finally:
        hammer.stop()
    late = [sent for sent in hammer.good if sent > answered]
    assert not late, f"{kind}: {len(late)} answers to requests sent after the end: {hammer.statuses}"
    assert hammer.statuses.keys() <= {200, 401, 403, 503}, hammer.statuses
    if kind in ("logout", "revoke", "session", "logout-all", "password"):
        accounts[kind] = account
    return len(hammer.good)


def test_two_hundred_ends_and_not_one_success_after_them(api, stack, new_account):
    accounts, successes = {}, 0
    for number in range(200):
        successes += one_round(KINDS[number % len(KINDS)], api, stack, new_account, accounts)
    assert successes >= 1600


@pytest.mark.late
@pytest.mark.parametrize("kind", ["logout", "key", "suspended"])
def test_not_even_with_a_worker_killed_in_the_middle(api, stack, new_account, kind):
    one_round(kind, api, stack, new_account, {}, kill="content-2")


def test_a_lowered_role_counts_at_the_next_call(api, stack, new_account):
    """A premium account may see analytics; from the moment in which it is a free one it may not."""
    for _ in range(5):
        account = new_account(**ROOMY)
        stack.petstore("user", "set-tier", account.email, "premium")
        token = api.log_in(account.email).json["access_token"]
        hammer = Hammer(stack, token, "/api/v1/usage/hours")
        try:
            wait_for(lambda: len(hammer.good) >= 8)
            answer = api.patch(f"/api/v1/admin/users/{account.id}", {"role": "free"}, key=stack["ADMIN_API_KEY"])
            answered = time.monotonic()
            assert answer.status == 200, answer
            before = sum(hammer.statuses.values())
            wait_for(lambda: sum(hammer.statuses.values()) >= before + 32)
        finally:
            hammer.stop()
        assert not [sent for sent in hammer.good if sent > answered]
        assert hammer.statuses.get(403), hammer.statuses
