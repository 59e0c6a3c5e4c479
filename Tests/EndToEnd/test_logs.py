"""Logs while somebody turns them over: nginx's by logrotate's two ways, a worker's when its reader goes, comes back or sleeps."""

import contextlib
import fcntl
import itertools
import json
import os
import pathlib
import shutil
import signal
import tempfile
import time

import pytest

from conftest import RUN
from stack import Load, eventually

numbers = itertools.count()


class Ledger:
    """Calls with a name each, which nginx writes into its log as the client's; what was answered must be found there."""

    def __init__(self, api):
        self.api, self.answered = api, []

    def __call__(self, _):
        name = f"ledger-{RUN}-{next(numbers)}"
        status = self.api.get("/api/v1/config", headers={"User-Agent": name}).status
        self.answered.append((name, time.monotonic()))
        return status


def written(*files):
    """The names in log files, in the order in which they stand there. Every line must be whole."""
    lines = [line for file in files for line in file.read_text().splitlines()]
    return [agent for agent in (json.loads(line)["agent"] for line in lines) if agent.startswith(f"ledger-{RUN}-")]


def test_no_line_is_lost_when_nginx_is_told_to_open_its_log_anew(api, stack):
    """logrotate with a postrotate of `nginx -s reopen`, three times under load."""
    log, ledger = stack.run / "log/access.log", Ledger(api)
    turned = [log.with_name(f"access.log.turned-{n}") for n in range(3)]
    with Load(ledger, 4) as load:
        for file in turned:
            time.sleep(0.25)
            log.rename(file)
            os.kill(int((stack.run / "nginx/nginx.pid").read_text()), signal.SIGUSR1)
            eventually(log.exists, 2, what="a new log")
        time.sleep(0.25)
    assert set(load.statuses()) == {200}, load.statuses()
    names = sorted(name for name, _ in ledger.answered)
    # nginx gathers lines for a second; those of before a turn are in one of the old files.
    eventually(lambda: sorted(written(*turned, log)) == names, 4, every=0.2, what=f"each of {len(names)} lines once")
    assert written(log) and written(turned[0])


def test_a_log_that_is_copied_and_cut_loses_at_most_what_came_between(api, stack):
    """copytruncate: nginx goes on at the new end, without a hole, and what came before or after is all there."""
    log, ledger = stack.run / "log/access.log", Ledger(api)
    copy = log.with_name("access.log.copied")
    with Load(ledger, 4) as load:
        time.sleep(1.3)
        began = time.monotonic()
        shutil.copyfile(log, copy)
        os.truncate(log, 0)
        ended = time.monotonic()
        time.sleep(0.3)
    assert set(load.statuses()) == {200}, load.statuses()
    # A line is written a second after its answer at the latest.
    sure = {name for name, at in ledger.answered if at < began - 1.1 or at > ended}
    assert len(sure) > 20
    eventually(lambda: sure <= set(written(copy, log)), 4, every=0.2, what="what came before and after")
    assert b"\0" not in log.read_bytes()
    lost = {name for name, _ in ledger.answered} - set(written(copy, log))
    print(f"{len(lost)} of {len(ledger.answered)} lines lost in the {1000 * (ended - began):.0f} ms of copying")


@pytest.fixture
def pipe():
    """A pipe with a name, small; what is written is kept as long as somebody has it open."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="petstore-e2e-"))
    os.mkfifo(folder / "log")
    yield folder / "log"
    shutil.rmtree(folder)


class Reader:
    def __init__(self, path):
        self.descriptor, self.bytes = os.open(path, os.O_RDONLY | os.O_NONBLOCK), b""

    def lines(self):
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self.descriptor, 65536):
                self.bytes += piece
        return [json.loads(line) for line in self.bytes.decode().splitlines()]

    def sees(self, message):
        return eventually(lambda: [line for line in self.lines() if line["message"] == message], 3, what=message)

    def close(self):
        os.close(self.descriptor)


def test_a_worker_whose_log_nobody_reads_works_on_and_says_later_how_much_was_lost(side_worker, pipe):
    reader = Reader(pipe)
    fcntl.fcntl(reader.descriptor, fcntl.F_SETPIPE_SZ, 16384)
    writer = os.open(pipe, os.O_WRONLY)
    # Each call without a credential is a line.
    worker = side_worker(stderr=writer, AUTH_ENFORCEMENT="observe", PUBLIC_LIMIT_PER_MINUTE="100000")
    os.close(writer)

    def call(times):
        for _ in range(times):
            began = time.monotonic()
            assert worker("GET", "/api/v1/metrics").status == 200
            assert time.monotonic() - began < 1
        assert worker.process.poll() is None
    call(1)
    reader.sees("would be refused")
    # Gone: writing is EPIPE, and SIGPIPE.
    reader.close()
    call(20)
    # Back.
    reader = Reader(pipe)
    call(1)
    assert int(reader.sees("log lines lost")[0]["lines"]) == 20
    assert len(reader.sees("would be refused")) == 1
    # Asleep: the pipe fills up.
    call(120)
    assert 20 < len(reader.sees("would be refused")) < 100
    call(1)
    told = reader.sees("log lines lost")
    assert len(reader.sees("would be refused")) + sum(int(line["lines"]) for line in told) == 1 + 20 + 120 + 1
    reader.close()
