"""The running stack: where everything is, and how to stop, freeze and start its parts."""

import collections
import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import threading
import time

import psycopg
import redis

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def eventually(condition, seconds=10, every=0.02, what="the condition"):
    """Waits until `condition` gives something true and gives that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what} did not come true within {seconds} s"
        time.sleep(every)


class Stack:
    """What scripts/up has started, from the KEY=VALUE file that it wrote."""

    def __init__(self, env_file):
        self.values = {}
        for line in pathlib.Path(env_file).read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, value = line.partition("=")
                self.values[name] = " ".join(shlex.split(value))
        self.run = pathlib.Path(self["RUN_DIR"])
        self.workers = [pathlib.Path(path).stem for path in self["WORKER_SOCKETS"].split()]
        self.sockets = dict(zip(self.workers, self["WORKER_SOCKETS"].split()))

    def __getitem__(self, name):
        return self.values[name]

    # ---- the operator's commands

    def petstore(self, *arguments, stdin=None, check=True, env=None):
        result = subprocess.run(
            [self["PETSTORE_EXECUTABLE"], *arguments, "--config", self["PETSTORE_CONFIG"]],
            input=stdin, capture_output=True, text=True, timeout=60, env={**os.environ, **(env or {})})
        if check:
            assert result.returncode == 0, f"petstore {arguments}: {result.stdout}{result.stderr}"
        return result

    def routes(self):
        """(method, path, name) of `petstore routes`."""
        output = subprocess.run(
            [self["PETSTORE_EXECUTABLE"], "routes"], capture_output=True, text=True, check=True).stdout
        return [tuple(line.split()) for line in output.splitlines()]

    def access(self):
        """What `petstore routes --access` says of each route: (method, path) -> (scope, permission, proof)."""
        output = subprocess.run(
            [self["PETSTORE_EXECUTABLE"], "routes", "--access"], capture_output=True, text=True, check=True).stdout
        return {tuple(line.split()[:2]): tuple(line.split()[3:]) for line in output.splitlines()}

    # ---- data

    def sql(self, query, *parameters, role="admin"):
        """Rows of one statement, run in a transaction of its own."""
        name = {"admin": "PG_ADMIN_DSN", "owner": "PG_OWNER_DSN", "petstore": "PG_DSN"}[role]
        with psycopg.connect(self[name]) as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def value(self, query, *parameters, role="admin"):
        return self.sql(query, *parameters, role=role)[0][0]

    def redis(self):
        return redis.Redis(unix_socket_path=self["REDIS_SOCKET"], decode_responses=True)

    # ---- processes

    def pid(self, name):
        """The process itself; None while it is being started again."""
        for file in (self.run / "pids" / f"{name}.child", self.run / "pids" / name):
            try:
                pid = int(file.read_text().split()[0])
            except (FileNotFoundError, IndexError):
                if file.suffix == ".child" and (self.run / "pids" / name).exists() and name not in ("redis", "nginx"):
                    return None
                continue
            return pid if is_alive(pid) else None
        return None

    def kill(self, name, number=signal.SIGKILL):
        pid = self.pid(name)
        assert pid, f"{name} does not run"
        os.kill(pid, number)
        return pid

    def wait_for_new(self, name, old, seconds=15):
        """Waits until another process than `old` serves as `name`."""
        def there():
            pid = self.pid(name)
            if not pid or pid == old:
                return None
            return pid if name not in self.sockets or accepts(self.sockets[name]) else None
        return eventually(there, seconds, what=f"a new {name}")

    @contextlib.contextmanager
    def frozen(self, *processes):
        """Stops processes, by name or number, and lets them go on."""
        pids = [self.pid(process) if isinstance(process, str) else process for process in processes]
        assert all(pids), f"{processes} do not all run"
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    # ---- Redis

    def stop_redis(self):
        pid = self.kill("redis", signal.SIGTERM)
        eventually(lambda: not is_alive(pid), what="the end of Redis")

    def start_redis(self):
        if self.pid("redis"):
            return
        subprocess.run(
            ["redis-server", str(self.run / "redis/redis.conf")], check=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def answers():
            try:
                return self.redis().ping()
            except redis.exceptions.RedisError:
                return False
        eventually(answers, what="Redis")
        pid = int((self.run / "redis/redis.pid").read_text())
        start = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[19]
        (self.run / "pids/redis").write_text(f"{pid} {start}\n")

    @contextlib.contextmanager
    def redis_stopped(self):
        self.stop_redis()
        try:
            yield
        finally:
            self.start_redis()

    @contextlib.contextmanager
    def redis_configured(self, **wishes):
        """Redis with other settings; a value may be a function of the connection."""
        connection = self.redis()
        wishes = {name.replace("_", "-"): value for name, value in wishes.items()}
        old = {name: connection.config_get(name)[name] for name in wishes}
        for name, value in wishes.items():
            connection.config_set(name, value(connection) if callable(value) else value)
        try:
            yield
        finally:
            for name, value in old.items():
                connection.config_set(name, value)

    # ---- PostgreSQL

    def remember_postgres(self):
        """Its folder must be known before it is stopped."""
        self.pg_data = self.value("SHOW data_directory")

    def pg_ctl(self, *arguments):
        # PostgreSQL does not run as root: the owner of its folder does it then.
        as_owner = []
        if os.geteuid() == 0:
            as_owner = ["runuser", "-u", pathlib.Path(self.pg_data).owner(), "--"]
        log = str(pathlib.Path(self.pg_data).parent / "log")
        return subprocess.run(
            [*as_owner, f"{self['PG_BIN']}/pg_ctl", "-D", self.pg_data, "-l", log, "-w", "-t", "60", *arguments],
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def stop_postgres(self):
        assert self.pg_ctl("-m", "fast", "stop")

    def start_postgres(self):
        if not self.pg_ctl("status"):
            assert self.pg_ctl("start")

    def restore(self):
        """Brings everything back that a test took away."""
        for name in ["redis", "watch", *self.workers]:
            pid = self.pid(name)
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        self.start_redis()
        self.start_postgres()
        for name in self.workers:
            eventually(lambda: self.pid(name) and accepts(self.sockets[name]), 20, what=name)
        eventually(lambda: self.pid("watch"), 20, what="watch")

    # ---- logs

    def log_files(self):
        return [path for path in sorted((self.run / "log").iterdir()) if path.is_file()]

    def log(self, name):
        return (self.run / "log" / f"{name}.log").read_text(errors="replace")


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def accepts(path):
    import socket
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
            return True
        except OSError:
            return False


def tally(names):
    """How often each came."""
    return dict(sorted(collections.Counter(names).items(), key=str))


def percentile(durations, percent):
    """Of durations, shortest first."""
    return durations[min(len(durations) - 1, int(len(durations) * percent / 100))] if durations else 0.0


class Load:
    """Threads that call again and again, until told to stop; what came of each call is kept."""

    def __init__(self, call, threads, pause=0.0):
        self.call, self.pause = call, pause
        self.outcomes = []          # (sent, received, status or exception, thread)
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(index,), daemon=True) for index in range(threads)]

    def work(self, index):
        while not self.stopping.is_set():
            sent = time.monotonic()
            try:
                status = self.call(index)
            except Exception as error:  # the test looks at it
                status = error
            self.outcomes.append((sent, time.monotonic(), status, index))
            if self.pause:
                time.sleep(self.pause)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def statuses(self, since=0.0, until=float("inf")):
        """How often each status (or kind of error) came, of calls that lie within the time."""
        return tally(status if isinstance(status, int) else repr(status)[:300]
                     for sent, received, status, _ in list(self.outcomes) if sent >= since and received <= until)

    def seconds(self, since=0.0, until=float("inf")):
        """Durations, shortest first."""
        return sorted(r - s for s, r, _, _ in list(self.outcomes) if s >= since and r <= until)


def at_once(calls, threads):
    """Runs the calls on so many threads, all beginning together; gives the results in order."""
    results = [None] * len(calls)
    gate = threading.Barrier(threads)

    def work(first):
        gate.wait()
        for index in range(first, len(calls), threads):
            try:
                results[index] = calls[index]()
            except Exception as error:
                results[index] = error
    workers = [threading.Thread(target=work, args=(first,)) for first in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
