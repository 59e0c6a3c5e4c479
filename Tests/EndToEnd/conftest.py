"""The end-to-end tests: against a running stack, through nginx and TLS, as a client would.

PETSTORE_ENV names the file that scripts/up wrote (.run/env). Every response that a test gets through `api` is held
against openapi.yaml, whatever else the test looks at.
"""

import itertools
import json
import os
import pathlib
import random
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

import httpx
import pytest

import fastcgi
from contract import Contract
from stack import REPOSITORY, Stack, accepts, eventually

GOOD_PASSWORD = "Tabby-and-7-kittens"


def pytest_configure(config):
    config.addinivalue_line("markers", "late: runs after the others")
    config.addinivalue_line("markers", "faults: breaks the stack and restores it; runs last")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: 2 if item.get_closest_marker("faults") else 1 if item.get_closest_marker("late") else 0)


@pytest.fixture(scope="session")
def stack():
    assert "PETSTORE_ENV" in os.environ, "set PETSTORE_ENV to the env file that scripts/up wrote, such as .run/env"
    stack = Stack(os.environ["PETSTORE_ENV"])
    stack.remember_postgres()
    return stack


@pytest.fixture(scope="session")
def contract():
    return Contract(REPOSITORY / "openapi.yaml")


class Answer:
    """A response that openapi.yaml knows."""

    def __init__(self, status, headers, body, value):
        self.status, self.headers, self.body, self.json = status, headers, body, value

    def __getitem__(self, member):
        return self.json[member]

    @property
    def code(self):
        """The stable end of a problem's type, or OAuth's word."""
        if not self.json:
            return None
        return self.json["type"].rpartition("/")[2].rpartition("#")[2] if "type" in self.json else self.json["error"]

    @property
    def error_types(self):
        return [error["type"] for error in self.json["errors"]]

    def rate(self, name="minute"):
        """r and t of one window."""
        for item in self.headers["ratelimit"].split(", "):
            word, r, t = item.split(";")
            if word == f'"{name}"':
                return int(r[2:]), int(t[2:])
        raise KeyError(name)

    def __repr__(self):
        return f"{self.status} {self.body[:400]!r}"


class Api:
    """Calls through the front door; each answer has been held against openapi.yaml."""

    def __init__(self, stack, contract, address="127.0.0.1", http2=False):
        self.stack, self.contract = stack, contract
        self.url = stack["BASE_URL"]
        context = ssl.create_default_context(cafile=stack["CA_CERT"])
        transport = httpx.HTTPTransport(
            verify=context, local_address=address, http2=http2,
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=200, keepalive_expiry=30))
        self.client = httpx.Client(transport=transport, timeout=30, trust_env=False)

    def __call__(self, method, target, body=None, key=None, headers=None, content=None):
        """`body` is sent as JSON; `content` as it is, with Content-Type: application/json unless headers say."""
        headers = dict(headers or {})
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        headers = {name: value.encode() if isinstance(value, str) else value for name, value in headers.items()
                   if value is not None}
        response = self.client.request(method, self.url + target, headers=headers, content=content)
        fields = {name.lower(): value for name, value in response.headers.items()}
        value = self.contract.judge(method, target, response.status_code, fields, response.content)
        return Answer(response.status_code, fields, response.content, value)

    def get(self, target, key=None, **more):
        return self("GET", target, key=key, **more)

    def post(self, target, body=None, key=None, **more):
        return self("POST", target, body, key=key, **more)

    def patch(self, target, body=None, key=None, **more):
        return self("PATCH", target, body, key=key, **more)

    def delete(self, target, key=None, **more):
        return self("DELETE", target, key=key, **more)

    def form(self, target, key=None, **fields):
        """Sends a form, as OAuth's clients do."""
        return self("POST", target, key=key, content=urllib.parse.urlencode(fields).encode(),
                    headers={"Content-Type": "application/x-www-form-urlencoded"})

    # ---- what many tests do

    def register(self, email=None, password=GOOD_PASSWORD, company_name="Paws and Whiskers", **more):
        email = email or new_email()
        return self.post("/api/v1/auth/register",
                         {"email": email, "password": password, "company_name": company_name, **more})

    def log_in(self, email, password=GOOD_PASSWORD, **more):
        return self.post("/api/v1/auth/login", {"email": email, "password": password, **more})

    def profile(self, key, **more):
        return self.get("/api/v1/auth/profile", key=key, **more)


numbers = itertools.count(1)
RUN = secrets.token_hex(4)


def new_email(name="e2e"):
    return f"{name}-{RUN}-{next(numbers)}@pets.example"


class Account:
    def __init__(self, email, password, answer):
        self.email, self.password = email, password
        self.id, self.key, self.key_id = answer["user_id"], answer["api_key"], answer["api_key_id"]


@pytest.fixture(scope="session")
def api(stack, contract):
    return Api(stack, contract)


@pytest.fixture(scope="session")
def api_from(stack, contract):
    """A client of another address: api_from("127.0.0.2")."""
    made = {}

    def give(address):
        if address not in made:
            made[address] = Api(stack, contract, address)
        return made[address]
    return give


@pytest.fixture(scope="session")
def new_account(api, stack):
    """Registers an account; minute, hour, day and concurrent are limits of its own."""
    def make(password=GOOD_PASSWORD, company_name="Paws and Whiskers", **limits):
        email = new_email()
        answer = api.register(email, password, company_name)
        assert answer.status == 201, answer
        if limits:
            options = [text for name, value in limits.items() for text in (f"--{name}", str(value))]
            stack.petstore("user", "set-limits", email, *options)
        return Account(email, password, answer)
    return make


@pytest.fixture
def account(new_account):
    return new_account()


ROOMY = {"minute": 1_000_000, "hour": 1_000_000, "day": 1_000_000, "concurrent": 100}


@pytest.fixture
def roomy(new_account):
    """An account whose limits do not bite."""
    return new_account(**ROOMY)


@pytest.fixture(scope="session")
def shared_roomy(new_account):
    """The same for tests that count nothing."""
    return new_account(**ROOMY)


# ---- a worker of one's own, with other settings

class SideWorker:
    def __init__(self, stack, contract, directory, settings, stderr=None):
        self.contract = contract
        self.socket = str(directory / "w.sock")
        self.log = directory / "worker.log"
        instance = "auth-9"
        (directory / "metrics").mkdir(exist_ok=True)
        # libfaketime's first process ends itself in making the memory that the others share: env is that process.
        first = ["env"] if "LD_PRELOAD" in settings else []
        self.process = subprocess.Popen(
            [*first, stack["PETSTORE_EXECUTABLE"], "worker", "--instance", instance, "--listen", self.socket,
             "--config", stack["PETSTORE_CONFIG"]],
            env={**os.environ, "METRICS_DIRECTORY": str(directory / "metrics"), **settings},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr or self.log.open("w"))
        eventually(lambda: accepts(self.socket), what="a worker of one's own")

    def __call__(self, method, target, body=None, key=None, address="127.0.0.1"):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        content = json.dumps(body).encode() if body is not None else b""
        status, fields, body = fastcgi.call(
            self.socket, method, target, headers, content, address=address,
            request_id=f"side-{secrets.token_hex(8)}")
        return Answer(status, fields, body, self.contract.judge(method, target, status, fields, body))


@pytest.fixture
def side_worker(stack, contract):
    made = []

    def make(stderr=None, **settings):
        """`stderr`: a descriptor for its log, instead of a file."""
        directory = pathlib.Path(tempfile.mkdtemp(prefix="petstore-e2e-"))
        made.append((SideWorker(stack, contract, directory, settings, stderr), directory))
        return made[-1][0]
    yield make
    for worker, directory in made:
        worker.process.terminate()
    ended = []
    for worker, directory in made:
        try:
            ended.append(worker.process.wait(5))
        except subprocess.TimeoutExpired:
            worker.process.kill()
            ended.append("alive 5 s after SIGTERM")
        shutil.rmtree(directory)
    assert set(ended) <= {0}, ended


# ---- a caller beside all tests, whose windows are looked at in the end

class Bystander:
    """One account with a small limit, called in random bursts while the other tests run. See test_limits.py."""
    QUOTA = 10

    def __init__(self, api, account):
        self.api, self.account = api, account
        self.outcomes = []              # (sent, received, status, Retry-After)
        self.degraded = []              # (from, until): workers counted by themselves, since Redis missed its deadline
        self.quiet = threading.Lock()   # held by tests that count what Redis is asked
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.failure = None

    def work(self):
        dice = random.Random(7)
        looked, counted = time.time(), self.counted_by_workers()
        try:
            while not self.stopping.is_set():
                for _ in range(dice.randint(1, 6)):
                    with self.quiet:
                        sent = time.time()
                        answer = self.api.profile(self.account.key)
                        self.outcomes.append((sent, time.time(), answer.status, answer.headers.get("retry-after")))
                with self.quiet:
                    now = self.counted_by_workers()
                if now != counted:
                    self.degraded.append((looked, time.time()))
                looked, counted = time.time(), now
                self.stopping.wait(dice.choice([0.05, 0.4, 1.5, 4]))
        except BaseException as error:
            self.failure = error

    def counted_by_workers(self):
        page = self.api.get("/metrics").body.decode()
        return re.findall(r'petstore_admissions_total\{outcome="\w+",by="worker"\} \d+', page)


@pytest.fixture(scope="session", autouse=True)
def bystander(api, new_account, stack):
    bystander = Bystander(api, new_account(minute=Bystander.QUOTA, hour=1_000_000, day=1_000_000))
    bystander.thread.start()
    yield bystander
    bystander.stopping.set()
    bystander.thread.join(10)


@pytest.fixture
def quiet(bystander):
    """Nobody else calls while the test runs."""
    with bystander.quiet:
        time.sleep(0.3)
        yield


# ---- what may never happen, whatever a test does

@pytest.fixture(autouse=True)
def nothing_unforeseen(request, stack):
    """No test may leave an unforeseen error or a crash in a log; one that provokes some says so by its marker."""
    files = [stack.run / "log" / f"{name}.log" for name in [*stack.workers, "watch"]]
    before = {file: file.stat().st_size for file in files}
    yield
    allowed = getattr(request.node, "allowed_log", [])
    bad = []
    for file in files:
        with file.open(errors="replace") as log:
            log.seek(before[file] if file.stat().st_size >= before[file] else 0)
            for line in log:
                if any(word in line for word in ('"level":"error"', '"level":"critical"', "Fatal error", "crashed")):
                    if not any(word in line for word in allowed):
                        bad.append(f"{file.name}: {line.strip()[:400]}")
    assert not bad, bad[:5]


@pytest.fixture
def allow_in_log(request):
    """Words of log lines that this test provokes."""
    def allow(*words):
        request.node.allowed_log = [*getattr(request.node, "allowed_log", []), *words]
    return allow


# ---- bytes over TLS, for what no decent client sends

@pytest.fixture
def raw(stack):
    """Sends bytes and gives all that comes back until the server closes or is silent."""
    host, _, port = stack["BASE_URL"].removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=stack["CA_CERT"])

    def send(*pieces, timeout=5):
        connection = socket.create_connection((host, int(port)), timeout=timeout)
        with context.wrap_socket(connection, server_hostname=host) as tls:
            try:
                for piece in pieces:
                    tls.sendall(piece)
            except OSError:
                pass  # the server has heard enough; what it said is still to be read
            data = b""
            try:
                while True:
                    piece = tls.recv(65536)
                    if not piece:
                        break
                    data += piece
            except (OSError, ssl.SSLError):
                pass
            return data
    return send


@pytest.fixture
def raw_answer(raw, contract):
    """The same, held against openapi.yaml: for one request that gets one answer."""
    def send(*pieces, method="GET", target="/health"):
        data = raw(*pieces)
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 "), data[:300]
        status = int(head.split()[1])
        headers = {}
        for line in head.decode().split("\r\n")[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        body = body[:int(headers["content-length"])] if "content-length" in headers else body
        return Answer(status, headers, body, contract.judge(method, target, status, headers, body))
    return send


@pytest.fixture(scope="session")
def test_data():
    """Published test data that is not in the repository."""
    return pathlib.Path(os.environ.get("PETSTORE_TEST_DATA") or REPOSITORY.parent / "shared/security")
