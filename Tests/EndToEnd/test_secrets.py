"""A password or a key that was sent is nowhere but with its owner."""

import subprocess

from conftest import new_email

PASSWORD = "Canary-Password-{}-zwitschert"


def test_passwords_and_keys_are_in_no_log_no_table_and_no_file(api, stack, tmp_path):
    import secrets
    mark = secrets.token_hex(6)
    password, wrong, long = PASSWORD.format(mark), PASSWORD.format("Wrong" + mark), PASSWORD.format("Long" + mark) + "x" * 2000
    email = new_email()
    made = api.register(email, password)
    key = made["api_key"]
    api.register(email, password)                                                   # 409
    api.register(new_email(), long)                                                 # 422
    api.register("not-an-address", password)                                        # 422
    api.post("/api/v1/auth/register", content=f'{{"password":"{password}",'.encode())   # no JSON
    api.log_in(email, password)
    api.log_in(email, wrong)
    api.log_in(new_email(), wrong)
    issued = api.log_in(email, password, issue_api_key=True)["api_key"]
    further = api.post("/api/v1/auth/keys", {"name": "second"}, key)
    rotated = api.post(f"/api/v1/auth/keys/{further['key']['id']}/rotate", {}, key)
    broken = key[:-1] + ("0" if key[-1] != "0" else "1")
    for target in ("/api/v1/auth/profile", "/nowhere", f"/health?api_key={key}", f"/api/v1/usage?days=1&token={key}"):
        api.get(target, key)
        api.get(target, broken)
        api.get(target, headers={"X-API-Key": issued})
    api.get("/health", headers={"X-Request-ID": key[:63], "Cookie": f"key={key}"})
    api.post("/api/v1/generate", {"topic": "x", "api_key": key}, key)
    api.delete(f"/api/v1/auth/keys/{further['key']['id']}", key)

    canaries = [password, wrong, long[:60], key[13:], issued[13:], further["api_key"][13:], rotated["api_key"][13:]]
    found = []
    # 58 characters of a key as a request id were the client's own doing; all the rest of the log must not have it.
    for file in sorted(stack.run.rglob("*")):
        relative = file.relative_to(stack.run)
        if not file.is_file() or relative.parts[0] in ("tls", "accounts", "env", "postgresql"):
            continue
        content = file.read_bytes()
        for canary in canaries:
            if canary.encode() in content:
                lines = [line for line in content.splitlines() if canary.encode() in line]
                if not all(b'"request_id":"' + key[:58].encode() in line for line in lines):
                    found.append((str(relative), canary[:20], lines[0][:300]))
    dump = subprocess.run(["pg_dump", "--data-only", "--inserts", "--no-owner", stack["PG_ADMIN_DSN"]], capture_output=True, check=True).stdout
    for canary in canaries:
        if canary.encode() in dump:
            found.append(("database", canary[:20], ""))
    redis = stack.redis()
    for name in redis.scan_iter(count=10_000):
        assert not any(canary in name for canary in canaries), name
    server_log = stack.run / "postgresql/log"
    if server_log.is_file():
        text = server_log.read_text(errors="replace")
        found += [("postgresql log", canary[:20], "") for canary in canaries if canary in text]
    assert not found, found


def test_the_access_log_has_each_request_once_and_no_query(api, stack):
    import json
    import time
    import uuid
    id = f"log-{uuid.uuid4().hex}"
    api.get("/health?secret=hush", headers={"X-Request-ID": id, "User-Agent": 'quote " and \\ and \u00e9'.encode()})
    time.sleep(1.3)
    lines = [json.loads(line) for line in stack.log("access").splitlines() if id in line]
    assert len(lines) == 1
    assert lines[0]["path"] == "/health" and lines[0]["status"] == 200 and lines[0]["method"] == "GET"
    assert "hush" not in json.dumps(lines[0])


def test_every_line_of_every_workers_log_is_json(stack):
    import json
    for name in [*stack.workers, "watch"]:
        for line in stack.log(name).splitlines():
            # scripts/up notes there when it starts a process again; a crash leaves its backtrace.
            if line.startswith("{"):
                json.loads(line)
