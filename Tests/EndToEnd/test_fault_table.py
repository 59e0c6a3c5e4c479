"""The table of faults (docs/faults.md): each is made under load, and each row's bounds and the invariants must hold.

With FAULT_TABLE=1 in its environment it writes what it measured into that page; rows that did not run stay as they are.
"""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import psycopg
import pytest
import redis

from garbler import Garbler
from fault_load import READS, WRITES, FaultLoad, People
from stack import REPOSITORY, eventually
from test_faults import every_thread_is_well, uncounted

pytestmark = pytest.mark.faults
ROWS = {}


class Case:
    """A fault with its bounds.

    reads, writes: least share of calls answered as they should be while it lasts; p99: seconds, of reads; back: seconds
    after its end within which the last call failed; limit: calls that an account of 20 a minute may have had admitted in
    all, None where the document gives no bound; deaths: whether it kills workers.
    """

    def __init__(self, id, what, how, expected, make, *, reads=1.0, writes=0.0, p99=0.75, back=2.0, limit=20, seconds=1.8,
                 deaths=False, needs=lambda stack: None):
        self.id, self.what, self.how, self.expected, self.make = id, what, how, expected, make
        self.reads, self.writes, self.p99, self.back = reads, writes, p99, back
        self.limit, self.seconds, self.deaths, self.needs = limit, seconds, deaths, needs


# ---- Redis

@contextlib.contextmanager
def redis_restarted_empty(stack):
    stack.redis().flushall()
    stack.stop_redis()
    stack.start_redis()
    yield


@contextlib.contextmanager
def redis_paused(stack):
    stack.redis().execute_command("CLIENT", "PAUSE", "1500", "ALL")
    yield


@contextlib.contextmanager
def redis_flushed(stack):
    stack.redis().flushall()
    stack.redis().script_flush()
    yield


@contextlib.contextmanager
def redis_garbled(stack):
    """Every hundredth byte that comes from Redis is another one."""
    with Garbler(stack["REDIS_SOCKET"], 0.01) as garbler:
        yield
    assert garbler.changed > 20, f"{garbler.changed} of {garbler.passed} bytes were changed"


def configured(**wishes):
    return lambda stack: stack.redis_configured(**wishes)


@contextlib.contextmanager
def redis_replica(stack, stale="yes"):
    """A replica of a master that is not there: it refuses writes, or everything."""
    connection = stack.redis()
    connection.config_set("replica-serve-stale-data", stale)
    connection.execute_command("REPLICAOF", "127.0.0.1", "1")
    try:
        yield
    finally:
        connection.execute_command("REPLICAOF", "NO", "ONE")
        connection.config_set("replica-serve-stale-data", "yes")


@contextlib.contextmanager
def redis_busy(stack):
    """A script that never ends; after 20 ms Redis answers BUSY."""
    stack.redis().config_set("busy-reply-threshold", "20")
    endless = threading.Thread(
        target=_swallow, args=(lambda: stack.redis().eval("while true do end", 0),), daemon=True)
    endless.start()
    try:
        yield
    finally:
        eventually(lambda: _swallow(lambda: stack.redis().script_kill()), 5, every=0.05, what="SCRIPT KILL")
        endless.join(5)
        stack.redis().config_set("busy-reply-threshold", "5000")


def _swallow(call):
    try:
        return call() or True
    except redis.RedisError:
        return False


@contextlib.contextmanager
def redis_full_of_clients(stack):
    """Nobody new may connect, and those who were there are put out."""
    admin = stack.redis()
    admin.ping()
    admin.config_set("maxclients", "1")
    admin.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    try:
        yield
    finally:
        admin.config_set("maxclients", "10000")


@contextlib.contextmanager
def redis_password_changed(stack):
    admin = stack.redis()
    admin.config_set("requirepass", "another-password")
    admin.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    try:
        yield
    finally:
        admin.config_set("requirepass", "")


@contextlib.contextmanager
def redis_cannot_save(stack):
    """Its snapshot's name is a folder: saving fails, and Redis refuses writes (MISCONF)."""
    connection = stack.redis()
    folder = pathlib.Path(connection.config_get("dir")["dir"]) / connection.config_get("dbfilename")["dbfilename"]
    kept = folder.with_suffix(".kept")
    if folder.exists():
        folder.rename(kept)
    (folder / "x").mkdir(parents=True)
    old = {name: connection.config_get(name)[name] for name in ("save", "stop-writes-on-bgsave-error")}
    connection.config_set("stop-writes-on-bgsave-error", "yes")
    connection.config_set("save", "3600 1000000")
    connection.bgsave()
    eventually(lambda: connection.info("persistence")["rdb_last_bgsave_status"] == "err", 5, what="a snapshot that failed")
    try:
        yield
    finally:
        shutil.rmtree(folder)
        if kept.exists():
            kept.rename(folder)
        connection.bgsave()
        eventually(lambda: connection.info("persistence")["rdb_last_bgsave_status"] == "ok", 5, what="a snapshot")
        for name, value in old.items():
            connection.config_set(name, value)


# ---- PostgreSQL

@contextlib.contextmanager
def postgres_stopped(stack):
    stack.stop_postgres()
    yield
    stack.start_postgres()


@contextlib.contextmanager
def postgres_restarted(stack):
    assert stack.pg_ctl("-m", "fast", "restart")
    yield


@contextlib.contextmanager
def postgres_backend_killed(stack):
    """One backend by SIGKILL: the postmaster ends all others and recovers."""
    os.kill(stack.value("SELECT pid FROM pg_stat_activity WHERE usename = 'petstore' LIMIT 1"), signal.SIGKILL)
    yield


def postmaster(stack):
    return int((pathlib.Path(stack.pg_data) / "postmaster.pid").read_text().split()[0])


@contextlib.contextmanager
def postmaster_killed(stack):
    os.kill(postmaster(stack), signal.SIGKILL)
    time.sleep(0.5)
    eventually(lambda: stack.pg_ctl("start"), 20, every=0.3, what="a new postmaster")
    yield


def backends(stack):
    return [row[0] for row in stack.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'petstore'")]


@contextlib.contextmanager
def table_locked(stack):
    with psycopg.connect(stack["PG_ADMIN_DSN"]) as connection:
        connection.execute("LOCK TABLE users, sessions, api_keys IN ACCESS EXCLUSIVE MODE")
        yield


@contextlib.contextmanager
def no_connections_left(stack):
    stack.sql("ALTER ROLE petstore CONNECTION LIMIT 0")
    stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'petstore'")
    try:
        yield
    finally:
        stack.sql("ALTER ROLE petstore CONNECTION LIMIT -1")


@contextlib.contextmanager
def backends_terminated(stack):
    for _ in range(4):
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'petstore'")
        time.sleep(0.4)
    yield


@contextlib.contextmanager
def postgres_read_only(stack):
    stack.sql("ALTER ROLE petstore SET default_transaction_read_only = on")
    stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'petstore'")
    try:
        yield
    finally:
        stack.sql("ALTER ROLE petstore RESET default_transaction_read_only")
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'petstore'")


def may_mount(stack):
    if os.geteuid() != 0:
        return "mounting a small disk needs root"
    probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    return None if probe.returncode == 0 else "no file system can be mounted here"


@contextlib.contextmanager
def audit_disk_full(stack):
    """The trail lies on a disk of 8 MB, which is filled to the last byte."""
    place = pathlib.Path("/tmp") / f"petstore-full-{os.getpid()}"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(place)], check=True)
    owner = pathlib.Path(stack.pg_data).owner()
    (place / "space").mkdir()
    shutil.chown(place, owner)
    shutil.chown(place / "space", owner)

    def admin(statement):
        with psycopg.connect(stack["PG_ADMIN_DSN"], autocommit=True) as connection:
            connection.execute(statement)
    try:
        admin(f"CREATE TABLESPACE petstore_full LOCATION '{place}/space'")
        admin("ALTER TABLE audit_events SET TABLESPACE petstore_full")
        subprocess.run(["dd", "if=/dev/zero", f"of={place}/filler", "bs=4096"], capture_output=True)
        try:
            yield
        finally:
            (place / "filler").unlink()
    finally:
        admin("ALTER TABLE audit_events SET TABLESPACE pg_default")
        admin("DROP TABLESPACE IF EXISTS petstore_full")
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


# ---- workers and clients

def workers_ended(number):
    """Each by this signal, one after the other."""
    @contextlib.contextmanager
    def make(stack):
        for name in stack.workers:
            old = stack.kill(name, number)
            stack.wait_for_new(name, old)
            time.sleep(0.3)
        yield
    return make


@contextlib.contextmanager
def few_descriptors(stack):
    """A worker that may open no further file for a while."""
    pid = stack.pid("auth-1")
    old = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    spent = lambda: sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[11:13]))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{pid}/fd")), old[1]))
    began, ticks = time.monotonic(), spent()
    try:
        yield
        share = (spent() - ticks) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - began)
        assert share < 0.8, f"a worker that cannot accept used {share:.0%} of a core"
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, old)


def besides(attack):
    """Runs something hostile as long as the case lasts."""
    @contextlib.contextmanager
    def make(stack):
        over = threading.Event()
        thread = threading.Thread(target=attack, args=(stack, over), daemon=True)
        thread.start()
        yield
        over.set()
        thread.join(20)
    return make


def door(stack):
    host, _, port = stack["BASE_URL"].removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=stack["CA_CERT"])
    return lambda protocols=(): _connect(context, host, int(port), protocols)


def _connect(context, host, port, protocols):
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context.wrap_socket(socket.create_connection((host, port), timeout=5), server_hostname=host)


def slow_clients(stack, over):
    """Three hundred that send a request's head a byte at a time."""
    connect, open_ones = door(stack), []
    for _ in range(300):
        with contextlib.suppress(OSError):
            open_ones.append(connect())
    head = b"POST /api/v1/generate HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    for byte in head:
        if over.wait(0.05):
            break
        for connection in open_ones:
            with contextlib.suppress(OSError):
                connection.send(bytes([byte]))
    over.wait(20)
    for connection in open_ones:
        connection.close()


def hasty_clients(stack, over):
    """Clients that ask and are gone before the answer."""
    connect = door(stack)
    while not over.is_set():
        with contextlib.suppress(OSError), connect() as connection:
            connection.send(b"GET /api/v1/config HTTP/1.1\r\nHost: x\r\n\r\n")


def rapid_resets(stack, over):
    """HTTP/2 streams that are reset as soon as they are opened (CVE-2023-44487)."""
    import h2.config
    import h2.connection
    import h2.exceptions
    connect = door(stack)
    while not over.is_set():
        with contextlib.suppress(OSError, h2.exceptions.ProtocolError), connect(["h2"]) as tls:
            connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
            connection.initiate_connection()
            tls.sendall(connection.data_to_send())
            for _ in range(100):
                stream = connection.get_next_available_stream_id()
                connection.send_headers(stream, [(":method", "GET"), (":path", "/api/v1/config"), (":scheme", "https"),
                                                 (":authority", "x")], end_stream=True)
                connection.reset_stream(stream)
                tls.sendall(connection.data_to_send())
                if over.is_set():
                    return


def password_flood(stack, over):
    """Sixteen clients that guess passwords as fast as they can: each guess is an Argon2id hash."""
    import http.client
    import json
    host, _, port = stack["BASE_URL"].removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=stack["CA_CERT"])

    def guess(number):
        while not over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)
                connection.request("POST", "/api/v1/auth/login", json.dumps(
                    {"email": f"nobody-{number}-{time.time()}@pets.example", "password": "Wrong-password-1"}),
                    {"Content-Type": "application/json"})
                connection.getresponse().read()
                connection.close()
    threads = [threading.Thread(target=guess, args=(n,), daemon=True) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


FROM_PG = "every credential is checked in PostgreSQL, limits are divided among the workers"
CASES = [
    Case("R1", "Redis stopped", "SIGTERM, started again", FROM_PG, lambda s: s.redis_stopped(), writes=0.95, limit=40),
    Case("R2", "Redis frozen", "SIGSTOP", FROM_PG, lambda s: s.frozen("redis"), writes=0.95, limit=40),
    Case("R3", "Redis slow", "CLIENT PAUSE 1500", FROM_PG, redis_paused, writes=0.95, limit=40),
    Case("R4", "bytes from Redis garbled", "a proxy changes 1 % of them", "an answer that makes no sense ends its connection; as R1",
         redis_garbled, writes=0.95, limit=40),
    Case("R5", "Redis restarted, empty", "FLUSHALL, SIGTERM, start", "counts begin anew; nothing else is lost",
         redis_restarted_empty, writes=0.95, limit=60),
    Case("R6", "Redis flushed", "FLUSHALL, SCRIPT FLUSH", "the same", redis_flushed, writes=0.95, limit=40),
    Case("R7", "Redis out of memory", "maxmemory 1", FROM_PG, configured(maxmemory="1"), writes=0.95, limit=40),
    Case("R8", "Redis evicts", "allkeys-lru at nine tenths of what it holds",
         "revocations hold; counts may be forgotten, which doctor warns of",
         configured(maxmemory_policy="allkeys-lru", maxmemory=lambda c: str(int(c.info("memory")["used_memory"] * 0.9))),
         writes=0.95, limit=None),
    Case("R10", "Redis is a replica", "REPLICAOF", FROM_PG, redis_replica, writes=0.95, limit=40),
    Case("R11", "Redis without its replicas", "min-replicas-to-write 1", FROM_PG,
         configured(min_replicas_to_write="1"), writes=0.95, limit=40),
    Case("R12", "Redis busy with a script", "an endless script", FROM_PG, redis_busy, writes=0.95, limit=40),
    Case("R13", "Redis takes no clients", "maxclients 1", FROM_PG, redis_full_of_clients, writes=0.95, limit=40),
    Case("R14", "Redis's password changed", "requirepass", FROM_PG, redis_password_changed, writes=0.95, limit=40),
    Case("R15", "Redis cannot save", "its snapshot's file is a folder", FROM_PG, redis_cannot_save, writes=0.95, limit=40),
    Case("R16", "Redis lost its master", "replica-serve-stale-data no", FROM_PG,
         lambda s: redis_replica(s, "no"), writes=0.95, limit=40),
    Case("P1", "PostgreSQL stopped", "fast stop, started again", "known callers are served, writes are 503", postgres_stopped),
    Case("P2", "PostgreSQL restarted", "fast restart", "the same, for a moment", postgres_restarted),
    Case("P3", "a backend crashed", "SIGKILL of one", "the same, until it has recovered", postgres_backend_killed, back=5),
    Case("P4", "the postmaster crashed", "SIGKILL, started again", "the same", postmaster_killed, back=5),
    Case("P5", "the postmaster frozen", "SIGSTOP", "open connections go on",
         lambda s: s.frozen(postmaster(s)), writes=0.99),
    Case("P6", "backends frozen", "SIGSTOP of all of ours", "known callers are served, writes end by their deadline",
         lambda s: s.frozen(*backends(s)), reads=0.99, p99=2.5),
    Case("P7", "tables locked", "ACCESS EXCLUSIVE on users, sessions, api_keys", "the same", table_locked, reads=0.99, p99=2.5),
    Case("P8", "no connections left", "CONNECTION LIMIT 0", "known callers are served, writes are 503 at once",
         no_connections_left),
    Case("P11", "PostgreSQL read-only", "default_transaction_read_only", "the same, until the connection is to a primary",
         postgres_read_only),
    Case("P12", "the trail's disk full", "a full file system under audit_events", "no action without its event",
         audit_disk_full, needs=may_mount),
    Case("P13", "connections ended", "pg_terminate_backend, four times", "at most a 503 for each", backends_terminated, writes=0.5),
    Case("W1", "workers killed", "SIGKILL, one after the other", "no GET fails; of POSTs those that ran",
         workers_ended(signal.SIGKILL), reads=0.98, writes=0.9, deaths=True),
    Case("W2", "workers stopped", "SIGTERM, one after the other", "nothing fails", workers_ended(signal.SIGTERM),
         writes=1.0, deaths=True),
    Case("W5", "passwords guessed by sixteen", "logins as fast as they go", "hashing has its own queue",
         besides(password_flood), writes=0.0),
    Case("W7", "slow clients", "300 that send a byte at a time", "nginx holds them", besides(slow_clients), writes=0.99),
    Case("W12", "HTTP/2 rapid reset", "streams reset at once", "nginx's limits", besides(rapid_resets), writes=0.99),
    Case("W21", "a worker out of descriptors", "prlimit", "the other one goes on", few_descriptors, writes=0.99),
    Case("W24", "clients that leave", "gone before the answer", "nothing", besides(hasty_clients), writes=0.99),
]


@pytest.fixture(scope="module")
def people(api, stack, new_account):
    return People(api, stack, new_account)


@pytest.fixture(autouse=True)
def restored(api, stack):
    yield
    stack.restore()
    eventually(lambda: every_thread_is_well(stack), 20, every=0.1, what="/ready of every thread")
    eventually(lambda: not uncounted(stack), 30, every=0.1, what="the end of what was spooled")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_fault_under_load(api, stack, people, new_account, case, allow_in_log):
    why_not = case.needs(stack)
    if why_not:
        pytest.skip(why_not)
    if case.id in ("P12", "W21"):       # neither disk nor descriptor is left to note what was used
        allow_in_log("usage event lost")
    with FaultLoad(api, stack, people, new_account) as load:
        time.sleep(0.7)
        began = time.monotonic()
        with case.make(stack):
            time.sleep(max(0.3, case.seconds - (time.monotonic() - began)))
        end = time.monotonic()
        # Until all has been well for a moment; at most a little longer than it may take.
        time.sleep(0.8)
        while time.monotonic() < end + case.back + 0.5 and load.well_since(time.monotonic() - 0.7) > 0:
            time.sleep(0.1)
        stopped = time.monotonic()
    reads, calls = load.share(READS, began, end)
    writes, _ = load.share(WRITES, began, end)
    p99, back = load.percentile(99, READS, began, end), load.well_since(end)
    ROWS[case.id] = (case, calls, reads, writes, p99, back, load.admitted)
    told = f"reads {reads:.4f} of {calls}, writes {writes:.3f}, p99 {p99 * 1000:.0f} ms, well after {back:.2f} s\n" \
           f"during: {load.failures(began, end)}\nafter: {load.failures(end, stopped)}"
    load.check_invariants(case.limit, case.deaths)
    assert reads >= case.reads, told
    assert writes >= case.writes, told
    assert p99 <= case.p99, told
    assert back <= case.back, told


def table(known):
    """`known`: the lines that the page has, by their rows."""
    lines = ["| row | fault | made by | reads answered | writes answered | p99 of reads | well again after | then |",
             "|---|---|---|---|---|---|---|---|"]
    for id in (case.id for case in CASES):
        if id not in ROWS:
            assert id in known, f"{id} must run: the page does not have it yet"
            lines.append(known[id])
            continue
        case, calls, reads, writes, p99, back, _ = ROWS[id]
        lines.append(
            f"| {case.id} | {case.what} | {case.how} | {reads:.2%} of {calls} (≥ {case.reads:.0%}) | {writes:.1%}"
            f"{f' (≥ {case.writes:.0%})' if case.writes else ''} | {p99 * 1000:.0f} ms (≤ {case.p99 * 1000:.0f}) | {back:.1f} s (≤ {case.back:.0f}) "
            f"| {case.expected} |")
    return "\n".join(lines)


MARKS = re.compile(r"(<!-- measured: begin -->\n).*?(<!-- measured: end -->)", re.S)


def test_the_page_of_faults_has_a_row_for_each_case():
    page = REPOSITORY / "docs/faults.md"
    if os.environ.get("FAULT_TABLE"):
        known = {line.split()[1]: line for line in MARKS.search(page.read_text())[0].splitlines() if line.startswith("| ")}
        page.write_text(MARKS.sub(lambda m: f"{m[1]}{table(known)}\n{m[2]}", page.read_text()))
    rows = re.findall(r"^\| ([A-Z]\d+) \| ([^|]+) \|", MARKS.search(page.read_text())[0], re.M)
    assert rows == [(case.id, case.what) for case in CASES]
