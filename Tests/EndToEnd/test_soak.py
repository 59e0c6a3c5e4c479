"""Does a worker's memory grow under load? SOAK_MINUTES=30 says how long to look; without it nobody does, since less than
some minutes say nothing."""

import itertools
import math
import os
import pathlib
import time

import pytest

from conftest import ROOMY
from fault_load import FaultLoad, People
from stack import Load

MINUTES = float(os.environ.get("SOAK_MINUTES") or 0)
EVERY, WINDOW = 0.5, 10 # seconds between two looks, and of which the least counts: a password's hash takes 19 MB for a moment
BOUND = 1.0             # MB an hour

pytestmark = pytest.mark.faults


def resident(pid):
    """MB of its own that a process holds: files and shared counters are not among them."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"no RssAnon of {pid}")


def floor(points):
    """The least of each window."""
    windows = itertools.groupby(points, key=lambda point: int(point[0] / WINDOW))
    return [(window * WINDOW, min(y for _, y in group)) for window, group in windows]


def slope(points):
    """MB an hour by least squares, and twice its standard error: as many looks as are independent of each other, by how
    much a look is like the one before it."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    rise = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = [y - mean_y - rise * (x - mean_x) for x, y in points]
    power = sum(r * r for r in rest)
    alike = max(0.0, sum(a * b for a, b in itertools.pairwise(rest)) / power) if power else 0.0
    independent = max(3.0, n * (1 - alike) / (1 + alike))
    return rise * 3600, 2 * math.sqrt(power / (independent - 2) / (spread * independent / n)) * 3600


def others(api, account):
    """What the load of the faults leaves out: content of every kind, and calls that are refused."""
    text = "Cats sleep a lot. They wake when it suits them, and eat when the bowl is full. " * 8
    calls = [
        lambda: api.post("/api/v1/generate", {"topic": "Winter walks with an old dog", "length": "short"}, account.key),
        lambda: api.post("/api/v1/analyze", {"content": text, "title": "On the sleep of cats"}, account.key),
        lambda: api.post("/api/v1/optimize", {"content": text, "keyword": "cats"}, account.key),
        lambda: api.post("/api/v1/generate", {"topic": 7}, account.key),
        lambda: api.get("/api/v1/posts", key=account.key),
        lambda: api.get("/api/v1/usage", key=account.key),
        lambda: api.get("/nowhere"),
        lambda: api.profile("psd_live_nonsense"),
        lambda: api.log_in("nobody@pets.example", "Wrong-password-1"),
        lambda: api.register(),
    ]
    turn = itertools.count()
    return lambda _: calls[next(turn) % len(calls)]().status


@pytest.mark.skipif(not MINUTES, reason="SOAK_MINUTES is not set: 30 is long enough to see 1 MB an hour")
def test_no_worker_grows_under_load(api, stack, new_account):
    people = People(api, stack, new_account)
    pids = {name: stack.pid(name) for name in [*stack.workers, "watch"]}
    looks = {name: [] for name in pids}
    began = time.monotonic()
    # Caches fill and allocators find their size.
    warm = began + min(300, MINUTES * 60 / 3)
    with FaultLoad(api, stack, people, new_account) as load, Load(others(api, new_account(**ROOMY)), 2, pause=0.1) as rest:
        while (now := time.monotonic()) < began + MINUTES * 60:
            for name, pid in pids.items():
                looks[name].append((now - began, resident(pid)))
            time.sleep(EVERY)
    load.check_invariants(None, False)
    told, grown = [], []
    for name, points in looks.items():
        points = floor(points)
        after = [(x, y) for x, y in points if began + x >= warm]
        rise, doubt = slope(after)
        told.append(f"{name}: {points[0][1]:.1f} MB at first, {after[0][1]:.1f} warm, {after[-1][1]:.1f} at last; "
                    f"{rise:+.2f} ± {doubt:.2f} MB an hour")
        if rise - doubt > BOUND:
            grown.append(name)
    total = len(load.answered) + len(rest.outcomes)
    print(f"\n{total} calls in {MINUTES:g} minutes, the first {(warm - began) / 60:g} of them to warm up\n" + "\n".join(told))
    assert not grown, told
