"""Hostile and broken requests: each a problem with the right status, nothing lost, nobody hurt."""

import re
import uuid

import pytest

from conftest import GOOD_PASSWORD, new_email
from stack import at_once

REGISTER, LOGIN, PROFILE = "/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/profile"
KEYS, GENERATE = "/api/v1/auth/keys", "/api/v1/blog/generate"
TAKES_BODY = [("POST", REGISTER), ("POST", LOGIN), ("PATCH", PROFILE), ("POST", KEYS), ("POST", "{rotate}"),
              ("POST", GENERATE), ("POST", "/api/v1/generate")]


@pytest.fixture(autouse=True)
def healthy_afterwards(api):
    yield
    assert api.get("/health").status == 200


def send(api, account, method, target, **more):
    target = target.replace("{rotate}", f"{KEYS}/{account.key_id}/rotate")
    return api(method, target, key=None if target in (REGISTER, LOGIN) else account.key, **more)


NOT_JSON = {
    "words": b"hello", "half an object": b'{"a":', "half a string": b'{"a":"b', "trailing comma": b'{"a":1,}', "two values": b"{} {}",
    "single quotes": b"{'a':1}", "comment": b'{"a":1} // x', "NaN": b'{"a":NaN}', "Infinity": b'{"a":-Infinity}', "hex": b'{"a":0x10}',
    "leading zero": b'{"a":012}', "plus": b'{"a":+1}', "bare name": b"{a:1}", "BOM": b"\xef\xbb\xbf{}", "NUL alone": b"\x00",
    "NUL in a string": b'{"topic":"a\x00b"}', "NUL at the end": b"{}\x00", "line feed in a string": b'{"topic":"a\nb"}',
    "invalid UTF-8": b'{"topic":"\xff\xfe"}', "overlong UTF-8": b'{"topic":"\xc0\xaf\xc0\xaf"}', "surrogate in UTF-8": b'{"topic":"\xed\xa0\x80"}',
    "cut UTF-8": b'{"topic":"\xe2\x82"}', "UTF-16": '{"topic":"cats"}'.encode("utf-16"), "lone surrogate": rb'{"topic":"\ud800"}',
    "swapped surrogates": rb'{"topic":"\udc00\ud800"}', "bad escape": rb'{"topic":"\x41"}', "huge number": b'{"a":1e999}',
    "duplicate member": b'{"topic":"cats","topic":"dogs"}', "duplicate by escape": rb'{"topic":"cats","\u0074opic":"dogs"}',
    "deep duplicate": b'{"x":[{"a":1,"a":2}]}', "10,000 arrays": b"[" * 10_000 + b"]" * 10_000,
    "10,000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "100,000 open arrays": b"[" * 100_000,
    "500,000 open objects": b'{"":' * 250_000, "form": b"topic=cats&x=1", "xml": b"<?xml version='1.0'?><a/>"}


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_no_json_is_a_422_that_says_where(api, shared_roomy, name):
    for method, target in TAKES_BODY:
        answer = send(api, shared_roomy, method, target, content=NOT_JSON[name])
        assert answer.status == 422, (method, target, answer)
        error = answer["errors"][0]
        assert error["type"] == "json_invalid" and error["loc"][0] == "body" and len(answer["errors"]) == 1
        assert 0 <= error["loc"][1] <= len(NOT_JSON[name])


@pytest.mark.parametrize("body", [b"[]", b"5", b'"text"', b"null", b"true", b"[{}]", b" \t\r\n[] "])
def test_json_that_is_no_object_is_a_422(api, shared_roomy, body):
    for method, target in TAKES_BODY:
        answer = send(api, shared_roomy, method, target, content=body)
        assert answer.status == 422 and answer.error_types == ["model_attributes_type"], (method, target, answer)


def test_a_missing_body_is_a_422(api, shared_roomy):
    for method, target in TAKES_BODY:
        if target == "{rotate}":
            continue        # the one call whose body may be left out
        answer = send(api, shared_roomy, method, target)
        assert answer.status == 422 and answer.error_types == ["missing"], (method, target, answer)


@pytest.mark.parametrize("value", [5, -1, 1.5, True, None, [], {}, ["x"], {"x": "y"}, "\u0000", "a\u0000b"], ids=repr)
def test_a_value_of_the_wrong_type_is_a_422_that_names_its_member(api, shared_roomy, value):
    good = {"email": new_email(), "password": GOOD_PASSWORD, "company_name": "Paws", "name": "n", "topic": "Cats"}
    for method, target, members in [("POST", REGISTER, ("email", "password", "company_name")),
                                    ("POST", LOGIN, ("email", "password")), ("POST", KEYS, ("name",)),
                                    ("POST", GENERATE, ("topic",))]:
        for member in members:
            answer = send(api, shared_roomy, method, target, body={**good, member: value})
            assert answer.status == 422, (target, member, answer)
            assert [error["loc"] for error in answer["errors"]] == [["body", member]]


@pytest.mark.parametrize("type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                  "application/xml", "application/jsonx", "json", "application/json+xml", "*/*"])
def test_another_content_type_is_a_415(api, shared_roomy, type):
    for method, target in TAKES_BODY:
        answer = send(api, shared_roomy, method, target, content=b"{}", headers={"Content-Type": type})
        assert answer.status == 415 and answer.code == "unsupported_media_type", (method, target, answer)


@pytest.mark.parametrize("type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
                                  "application/json;charset=UTF-8", "application/merge-patch+json", None])
def test_json_by_any_of_its_names_is_read(api, shared_roomy, type):
    content = b'{"topic":"Cats and dogs"}'
    if type is None:
        answer = api.client.post(api.url + GENERATE, content=content, headers={"Authorization": f"Bearer {shared_roomy.key}"})
        assert answer.status_code == 200
    else:
        assert send(api, shared_roomy, "POST", GENERATE, content=content, headers={"Content-Type": type}).status == 200


# ---- methods and paths

def test_a_wrong_method_is_a_405_that_names_the_right_ones(api, stack, contract, shared_roomy):
    for path in contract.document["paths"]:
        right = {method for method, other, _ in contract.operations() if other == path}
        right |= {"HEAD"} if "GET" in right else set()
        target = re.sub(r"{\w+}", str(uuid.uuid4()), path)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"} - right:
            answer = api(method, target, key=shared_roomy.key)
            assert answer.status == 405, (method, target, answer)
            assert set(answer.headers["allow"].split(", ")) == right, (method, target, answer.headers["allow"])


def test_methods_are_case_sensitive(raw_answer):
    answer = raw_answer(b"get /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method="get", target="/nowhere")
    assert answer.status in (400, 405)


def test_trace_and_connect_are_refused(raw_answer, api):
    for line in (b"TRACE / HTTP/1.1", b"TRACE /api/v1/auth/profile HTTP/1.1", b"CONNECT evil.example:443 HTTP/1.1"):
        answer = raw_answer(line + b"\r\nHost: x\r\nCookie: secret=1\r\nConnection: close\r\n\r\n",
                            method=line.split()[0].decode(), target="/")
        assert answer.status in (400, 405)
        assert b"secret" not in answer.body


@pytest.mark.parametrize("target", [
    "/nowhere", "/api", "/api/v1", "/api/v1/", "/api/v2/auth/profile", "/api/v1/auth/profile/", "/api/v1/auth/Profile",
    "/API/v1/auth/profile", "/api/v1/auth//profilex", "/health/", "/health.json", "/metrics/x", "/metricsx", "/.git/config", "/.env",
    "/docs/nowhere.html", "/api/v1/auth/keys/", "/api/v1/auth/keys/x/rotate/y", "/api/v1/blog/", "/api/v1/generate/x",
    "/api/v1/auth%2Fprofile", "/api/v1/auth/profile%00", "/%2e%2e/%2e%2e/etc/passwd", "/docs/%2e%2e/openapi.yam",
    "/docs/..%2f..%2fetc/passwd", "/api/v1/auth/profile;x=1", "/é".encode().decode("latin-1"), "/%zz", "/%", "//", "/*"])
def test_a_path_that_does_not_exist_is_a_404_or_cannot_be_read(raw_answer, target, shared_roomy):
    answer = raw_answer(f"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shared_roomy.key}\r\n"
                        "Connection: close\r\n\r\n".encode("latin-1"), target="/nowhere")
    assert answer.status in (400, 404), answer
    assert b"root:" not in answer.body


# ---- credentials

def test_no_credential_is_a_401_without_an_error_code(api):
    for headers in ({}, {"Authorization": ""}, {"X-API-Key": ""}):
        answer = api.get(PROFILE, headers=headers)
        assert answer.status == 401 and answer.code == "unauthenticated"
        assert answer.headers["www-authenticate"] == 'Bearer realm="petstore"'


@pytest.mark.parametrize("value", ["Basic YTpi", "Bearer", "Bearer x", "Bearer null", "Token {key}", "{key}", "Bearer {key},{key}",
                                   "Bearer {key} x", 'Bearer "{key}"', "Bearer: {key}", "Digest username=x", "Bearer " + "A" * 5000])
def test_a_bad_credential_is_a_401_with_invalid_token(api, shared_roomy, value):
    answer = api.get(PROFILE, headers={"Authorization": value.replace("{key}", shared_roomy.key)})
    assert answer.status == 401 and answer.code == "invalid_credential"
    assert answer.headers["www-authenticate"] == 'Bearer realm="petstore", error="invalid_token"'
    assert shared_roomy.key not in answer.body.decode()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_not_case_sensitive(api, shared_roomy, scheme):
    assert api.get(PROFILE, headers={"Authorization": f"{scheme} {shared_roomy.key}"}).status == 200
    assert api.get(PROFILE, headers={"X-API-Key": shared_roomy.key}).status == 200


def test_two_different_credentials_are_a_400_and_the_same_one_twice_is_fine(api, shared_roomy, account):
    both = {"Authorization": f"Bearer {shared_roomy.key}", "X-API-Key": account.key}
    for headers in (both, {**both, "X-API-Key": "x"}, {"Authorization": "Bearer x", "X-API-Key": account.key}):
        answer = api.get(PROFILE, headers=headers)
        assert answer.status == 400 and answer.code == "conflicting_credentials"
    assert api.get(PROFILE, headers={**both, "X-API-Key": shared_roomy.key}).status == 200


@pytest.mark.xfail(strict=False, reason="nginx before 1.23 passes on the first of two Authorization lines and hides the other")
def test_two_authorization_headers_never_pick_one_silently(raw_answer, shared_roomy, account):
    for name in ("Authorization: Bearer ", "X-API-Key: "):
        answer = raw_answer(f"GET {PROFILE} HTTP/1.1\r\nHost: x\r\n{name}{shared_roomy.key}\r\n{name}{account.key}\r\n"
                            "Connection: close\r\n\r\n".encode(), target=PROFILE)
        assert answer.status in (400, 401), answer


@pytest.mark.parametrize("name", ["api_key", "access_token", "token", "API_KEY", "apikey", "api%5Fkey", "other"])
def test_a_key_in_the_url_is_a_400_everywhere_and_is_not_logged(api, stack, shared_roomy, account, name):
    for target in (PROFILE, "/health", "/api/v1/config", LOGIN):
        method = "POST" if target == LOGIN else "GET"
        answer = api(method, f"{target}?{name}={account.key}", key=shared_roomy.key if target == PROFILE else None,
                     body={} if method == "POST" else None)
        assert answer.status == 400 and answer.code == "credential_in_url", (target, answer)
    for file in stack.log_files():
        assert account.key not in file.read_text(errors="replace"), file


# ---- sizes

def test_a_body_of_100_mb_is_a_413_problem(raw_answer, shared_roomy):
    for target in (GENERATE, REGISTER):
        head = (f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
                f"Authorization: Bearer {shared_roomy.key}\r\nContent-Length: 104857600\r\n\r\n").encode()
        answer = raw_answer(head, *[b" " * 65536] * 1600, method="POST", target=target)
        assert answer.status == 413 and answer.code == "payload_too_large"


def test_a_chunked_body_without_an_end_is_a_413_problem(raw_answer, shared_roomy):
    head = (f"POST {GENERATE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
            f"Authorization: Bearer {shared_roomy.key}\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
    answer = raw_answer(head, *[b"10000\r\n" + b" " * 65536 + b"\r\n"] * 40, method="POST", target=GENERATE)
    assert answer.status == 413


def test_the_body_limit_is_one_mebibyte(api, shared_roomy):
    for size, status in ((1 << 20, 200), ((1 << 20) + 1, 413)):
        content = b'{"topic":"Cats and dogs"}'
        content += b" " * (size - len(content))
        answer = send(api, shared_roomy, "POST", GENERATE, content=content)
        assert answer.status == status, answer


def test_a_chunked_body_is_read_whole(api, shared_roomy):
    def pieces():
        for byte in b'{"topic":"Cats and dogs"}':
            yield bytes([byte])
    answer = api.client.post(api.url + GENERATE, content=pieces(), headers={
        "Authorization": f"Bearer {shared_roomy.key}", "Content-Type": "application/json"})
    assert answer.status_code == 200 and answer.json()["success"]


def test_a_header_too_large_and_a_target_too_long_are_problems(raw_answer):
    answer = raw_answer(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * 9000 + b"\r\nConnection: close\r\n\r\n")
    assert answer.status == 400 and answer.code == "bad_request"
    answer = raw_answer(b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 7000) for n in range(8))
                        + b"Connection: close\r\n\r\n")
    assert answer.status == 400
    answer = raw_answer(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", target="/nowhere")
    assert answer.status == 414 and answer.code == "uri_too_long"


@pytest.mark.parametrize("request_bytes", [
    b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
    b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello",
    b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
    b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\n",
    b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n\r\n",
    b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n",
    b"GET /health\x00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: x\r\nA\x00B: c\r\nConnection: close\r\n\r\n",
    b"G\xffT /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"\x16\x03\x01\x00\x00\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"], ids=lambda text: repr(text)[:60])
def test_what_is_no_http_is_a_400_problem(raw_answer, request_bytes):
    answer = raw_answer(request_bytes, target="/unreadable")
    assert answer.status == 400 and answer.code == "bad_request", answer


def test_a_body_that_comes_with_a_get_is_never_the_next_request(raw, shared_roomy):
    """Pipelining: what nobody asked for must not shift the answers."""
    smuggled = b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
    data = raw(b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(smuggled) + smuggled
               + b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert data.count(b"HTTP/1.1 200") == 2 == data.count(b"HTTP/1.1 ")
    assert data.index(b'"healthy"') < data.index(b'"alive"') and b"not_found" not in data


# ---- injection

SQL = ["'); DROP TABLE users;--", "' OR '1'='1", "\\'; DELETE FROM api_keys; --", "$$; SELECT 1; $$", "%s %(x)s $1 ?", "NULL", "{1,2}",
       "a\"b\\c/d", "'\u2019\u02bc\uff07", "*:ring:*", "x,y;z 1", "${jndi:ldap://evil.example}", "{{7*7}}", "<script>alert(1)</script>"]


@pytest.mark.parametrize("text", SQL)
def test_hostile_text_is_kept_literally_in_every_field(api, stack, text):
    users = stack.value("SELECT count(*) FROM users")
    email = f"o'brien+{uuid.uuid4().hex[:12]}@pets.example"
    answer = api.register(email, password=text + "Aa1! and some more", company_name=text, subscription_tier=None)
    assert answer.status == 201, answer
    key = answer["api_key"]
    assert api.profile(key)["company_name"] == text and api.profile(key)["email"] == email
    assert api.log_in(email, text + "Aa1! and some more").status == 200
    assert api.log_in(email, text).status == 401
    made = api.post(KEYS, {"name": text}, key)
    assert made["key"]["name"] == text
    assert text in [one["name"] for one in api.get(KEYS, key=key)["keys"]]
    changed = api.patch(PROFILE, {"company_name": text + "2"}, key)
    assert changed["company_name"] == text + "2" == api.profile(key)["company_name"]
    assert stack.value("SELECT details->>'name' FROM audit_trail WHERE subject = %s AND action = 'key.created'",
                       made["key"]["id"]) == text
    assert api.get("/health", headers={"User-Agent": text.encode(), "Cookie": text.encode(), "Accept": text.encode()}).status == 200
    assert stack.value("SELECT count(*) FROM users") == users + 1


def test_line_ends_never_reach_a_header(api, shared_roomy):
    evil = "x\r\nX-Evil: 1\r\n\r\n<html>"
    for answer in (api.post(GENERATE, {"topic": evil, "custom_instructions": evil}, shared_roomy.key),
                   api.patch(PROFILE, {"company_name": evil}, shared_roomy.key), api.post(KEYS, {"name": evil}, shared_roomy.key),
                   api.get("/%0d%0aX-Evil:%201", shared_roomy.key), api.get(f"{KEYS}/%0d%0aX-Evil:%201"),
                   api.get("/health?x=%0d%0aX-Evil:%201")):
        assert "x-evil" not in answer.headers, answer.headers


def test_line_ends_in_a_request_id_make_no_second_header(raw):
    for id in (b"a\rX-Evil: 1", b"a\r\n X-Evil: 1", b"a%0d%0aX-Evil: 1", b"a\x0bb"):
        data = raw(b"GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Request-ID: " + id + b"\r\nConnection: close\r\n\r\n")
        assert data.startswith(b"HTTP/1.1 4")
        assert b"x-evil" not in data.partition(b"\r\n\r\n")[0].lower()


def test_a_forged_address_is_not_believed(api, stack, account):
    request_id = f"forged-{uuid.uuid4().hex}"
    api.post(LOGIN, {"email": account.email, "password": GOOD_PASSWORD}, headers={
        "X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9", "Remote-Addr": "203.0.113.9",
        "REMOTE_ADDR": "203.0.113.9", "X-Request-ID": request_id})
    assert set(stack.sql("SELECT address FROM audit_trail WHERE request_id = %s", request_id)) == {("127.0.0.1",)}


def test_the_proxy_header_reaches_nobody(api):
    assert api.get("/health", headers={"Proxy": "http://evil.example", "X-HTTP-Method-Override": "DELETE",
                                       "X-Original-URL": "/metrics", "X-Accel-Redirect": "/openapi.yaml"})["status"] == "healthy"


def test_the_host_header_changes_nothing(api):
    assert api.get("/health", headers={"Host": "evil.example"}).status == 200


def test_hostile_calls_beside_good_ones_disturb_nobody(api, shared_roomy):
    bad = [lambda: send(api, shared_roomy, "POST", GENERATE, content=NOT_JSON["10,000 objects"]).status,
           lambda: send(api, shared_roomy, "POST", GENERATE, content=b" " * 1_100_000).status,
           lambda: api.profile("psd_live_bad").status, lambda: api("PUT", PROFILE).status]
    good = [lambda: api.profile(shared_roomy.key).status] * 4
    statuses = at_once((bad + good) * 15, 12)
    assert [statuses[n] for n in range(len(statuses)) if n % 8 >= 4] == [200] * 60
    assert set(statuses) == {422, 413, 401, 405, 200}


def test_every_operation_with_a_body_refuses_another_type_and_what_is_no_object(api, contract, new_account):
    account = new_account(minute=100_000, hour=100_000, day=100_000)
    token = api.log_in(account.email)["access_token"]
    tried = 0
    for method, path, name in contract.operations():
        operation = contract.document["paths"][path][method.lower()]
        # RFC 7662 and RFC 7009 have their own errors, and answer no 415.
        if "requestBody" not in operation or "415" not in operation["responses"] or "{" in path or "/admin/" in path:
            continue
        key = token if operation.get("security") != [] else None
        tried += 1
        answer = api(method, path, content=b"<a/>", key=key, headers={"Content-Type": "text/xml"})
        assert answer.status == 415 and answer.code == "unsupported_media_type", (name, answer)
        if "422" in operation["responses"]:
            answer = api(method, path, content=b"[]", key=key, headers={"Content-Type": "application/json"})
            assert answer.status == 422, (name, answer)
    assert tried >= 15
