"""TLS, plain HTTP, and the headers that every answer carries."""

import socket
import ssl

import httpx
import pytest

from conftest import Api


def handshake(stack, **versions):
    host, _, port = stack["BASE_URL"].removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=stack["CA_CERT"])
    for name, value in versions.items():
        setattr(context, name, value)
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        with context.wrap_socket(connection, server_hostname=host) as tls:
            return tls.version()


def test_the_door_speaks_tls_1_3(stack):
    assert handshake(stack) == "TLSv1.3"


def test_the_door_refuses_tls_1_2(stack):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        handshake(stack, maximum_version=ssl.TLSVersion.TLSv1_2)


@pytest.mark.parametrize("target", ["/", "/health", "/nowhere", "/api/v1/auth/profile", "/api/v1/config"])
def test_every_answer_carries_the_security_headers(api, target):
    headers = api.get(target).headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "nginx/" not in headers.get("server", "")
    assert "x-powered-by" not in headers


def test_plain_http_sends_a_person_over_and_refuses_a_program(stack, shared_roomy):
    plain = httpx.Client(trust_env=False)
    answer = plain.get(stack["HTTP_URL"] + "/health")
    assert answer.status_code == 301 and answer.headers["location"].startswith("https://")
    assert "strict-transport-security" not in answer.headers
    answer = plain.get(stack["HTTP_URL"] + "/api/v1/auth/profile",
                       headers={"Authorization": f"Bearer {shared_roomy.key}"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_http_2_works_as_http_1_1_does(stack, contract, shared_roomy):
    api = Api(stack, contract, http2=True)
    answer = api.profile(shared_roomy.key)
    assert answer.status == 200 and answer["user_id"] == shared_roomy.id


@pytest.mark.parametrize("sent", ["a", "order-1.2_3", "A" * 64])
def test_a_decent_request_id_comes_back(api, sent):
    assert api.get("/health", headers={"X-Request-ID": sent}).headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", ["", "A" * 65, "a b", "a\"b", "<script>", "é".encode(), "a{b}", "a\tb", "a;b=c"])
def test_any_other_request_id_is_replaced(api, sent):
    answer = api.get("/nowhere", headers={"X-Request-ID": sent})
    assert len(answer.headers["x-request-id"]) == 32
    assert answer["request_id"] == answer.headers["x-request-id"]


def test_each_request_gets_a_request_id_of_its_own(api):
    assert len({api.get("/health").headers["x-request-id"] for _ in range(20)}) == 20
