"""Forged tokens against a protected route, over HTTP: every one is a 401, none a 500, and none makes us call anybody."""

import base64
import hashlib
import hmac
import json
import pathlib
import socket
import threading
import time
import uuid

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from conftest import ROOMY


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def forge(api, stack, new_account):
    """A true token's parts, the true key, an attacker's, and a listener that nobody may call."""
    class Forge:
        pass
    forge = Forge()
    account = new_account(**ROOMY)
    pair = api.log_in(account.email).json
    forge.access, forge.refresh = pair["access_token"], pair["refresh_token"]
    forge.header, forge.claims = (json.loads(unb64(part)) for part in forge.access.split(".")[:2])
    forge.refresh_claims = json.loads(unb64(forge.refresh.split(".")[1]))
    settings = dict(line.split("=", 1) for line in pathlib.Path(stack["PETSTORE_CONFIG"]).read_text().splitlines()
                    if "=" in line and not line.startswith("#"))
    master = bytes.fromhex((pathlib.Path(settings["CREDENTIALS_DIRECTORY"]) / "master-key").read_text().strip())
    sealed = bytes(stack.value("SELECT sealed_key FROM signing_keys WHERE key_id = %s", forge.header["kid"]))
    # As Sources/Crypto/MasterKey.swift seals: a key for the purpose, the key's id as associated data.
    key = hmac.new(master, b"\x00AES-256-GCM\x00signing key\x01", hashlib.sha256).digest()
    der = AESGCM(key).decrypt(sealed[1:13], sealed[13:], forge.header["kid"].encode())
    forge.true = serialization.load_der_private_key(der, None)
    forge.evil = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forge.listener = socket.create_server(("127.0.0.1", 0))
    forge.url = f"http://127.0.0.1:{forge.listener.getsockname()[1]}/keys"

    def sign(header, payload, key=None, digest=hashes.SHA256()):
        header = header if isinstance(header, (bytes, str)) else json.dumps(header)
        payload = payload if isinstance(payload, (bytes, str)) else json.dumps(payload)
        parts = ".".join(b64(part if isinstance(part, bytes) else part.encode()) for part in (header, payload))
        return parts + "." + b64((key or forge.true).sign(parts.encode(), padding.PKCS1v15(), digest))
    forge.sign = sign
    yield forge
    forge.listener.close()


def forgeries(forge):
    head, claims = forge.header, forge.claims
    first, second, third = forge.access.split(".")
    for word in ("none", "None", "NONE", "nOnE", "", None, "HS256", "RS384", "RS512", "PS256", "ES256", "rs256", "RS256 "):
        altered = b64(json.dumps({**head, "alg": word}).encode())
        yield f"alg {word}, no signature", f"{altered}.{second}."
        yield f"alg {word}, the old signature", f"{altered}.{second}.{third}"
        yield f"alg {word}, signed by the true key", forge.sign({**head, "alg": word}, claims)
    public = forge.true.public_key()
    for form, encoding in (("PEM", serialization.Encoding.PEM), ("DER", serialization.Encoding.DER)):
        secret = public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
        text = b64(json.dumps({**head, "alg": "HS256"}).encode()) + "." + second
        yield f"HS256 with the public key as {form}", text + "." + b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())
    yield "RS512 by the true key", forge.sign({**head, "alg": "RS512"}, claims, digest=hashes.SHA512())
    yield "an attacker's signature under the true kid", forge.sign(head, claims, forge.evil)
    for kid in ("unknown", "../../etc/passwd", "' OR '1'='1", "", 7, None):
        yield f"kid {kid}", forge.sign({**head, "kid": kid}, claims)
    yield "no kid", forge.sign({"alg": "RS256", "typ": "at+jwt"}, claims)
    numbers = forge.evil.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": b64(numbers.n.to_bytes(256, "big")), "e": "AQAB", "kid": head["kid"]}
    for key in (forge.evil, forge.true):
        for extra in ({"jwk": jwk}, {"jku": forge.url}, {"x5u": forge.url}, {"x5c": ["MIIB"]}, {"crit": ["exp"]},
                      {"b64": False}, {"zip": "DEF"}, {"cty": "JWT"}):
            yield f"{list(extra)[0]}, {'true' if key is forge.true else 'attacker'}", forge.sign({**head, **extra}, claims, key)
    for typ in ("JWT", "rt+jwt", "AT+JWT", None, 5):
        yield f"typ {typ}", forge.sign({**head, "typ": typ}, claims)
    now = int(time.time())
    for value in (str(now + 60), now + 60.5, float(now + 60), True, None, -1, 0, now - 1, 2**53, 2**63, 2**64, -2**63, [], {}):
        yield f"exp {value!r}", forge.sign(head, {**claims, "exp": value})
    yield "exp 1e999", forge.sign(head, json.dumps(claims).replace(str(claims["exp"]), "1e999"))
    for name in ("nbf", "iat"):
        for value in (now + 300, str(now), None, 1.5):
            yield f"{name} {value!r}", forge.sign(head, {**claims, name: value})
    for name in ("exp", "nbf", "iat", "iss", "aud", "sub", "sid", "tid", "jti", "gen", "type", "client_id", "scope"):
        yield f"no {name}", forge.sign(head, {key: value for key, value in claims.items() if key != name})
    for name, values in {"iss": ["https://evil.example", [claims["iss"]], claims["iss"] + "/"],
                         "aud": ["other", ["petstore-api"], ""], "type": ["refresh", "Access", ""],
                         "gen": [-1, "0", 0.5], "sid": [str(uuid.uuid4()), "x", 5], "sub": ["admin", ""]}.items():
        for value in values:
            yield f"{name} {value!r}", forge.sign(head, {**claims, name: value})
    yield "a refresh token", forge.refresh
    yield "a refresh token's claims", forge.sign(head, forge.refresh_claims)
    yield "a member twice in the header", forge.sign('{"alg":"RS256","alg":"RS256","typ":"at+jwt","kid":"%s"}' % head["kid"], claims)
    yield "a member twice in the payload", forge.sign(head, json.dumps(claims)[:-1] + ',"sub":"%s"}' % claims["sub"])
    yield "no JSON", forge.sign(head, "hello")
    yield "invalid UTF-8", forge.sign(head, b'{"sub":"\xff"}')
    yield "padding", forge.access + "="
    yield "padding within", f"{first}=.{second}.{third}"
    yield "plus and slash", f"{first}.{second}.{third.replace('-', '+').replace('_', '/')}+/"
    yield "trailing bits", f"{first}.{second}.{third[:-1]}{'B' if third[-1] != 'B' else 'C'}"
    yield "truncated", forge.access[:-4]
    yield "truncated by one", forge.access[:-1]
    yield "extended", forge.access + "AAAA"
    yield "a byte changed", f"{first}.{second[:-2]}{'A' if second[-2] != 'A' else 'B'}{second[-1]}.{third}"
    for text in (".", "..", "...", first, f"{first}.{second}", f"{first}.{second}.", f".{second}.{third}",
                 f"{first}..{third}", f"{forge.access}.", f"{forge.access}.{third}", "A" * 7000, b64(forge.access.encode())):
        yield f"form {text[:12]!r}", text
    yield "nested", forge.sign({**head, "cty": "JWT"}, forge.access)


def test_the_true_token_and_one_of_our_own_making_open(api, forge):
    assert api.profile(forge.access).status == 200
    assert api.profile(forge.sign(forge.header, {**forge.claims, "exp": 2**31})).status == 200


def test_every_forged_token_is_refused(api, forge):
    calls = []
    threading.Thread(target=lambda: calls.append(forge.listener.accept()), daemon=True).start()
    wrong, count = [], 0
    for name, token in forgeries(forge):
        if token == forge.access:
            continue
        answer = api.get("/api/v1/auth/profile", headers={"Authorization": f"Bearer {token}"})
        count += 1
        if answer.status != 401 or 'error="invalid_token"' not in answer.headers.get("www-authenticate", ""):
            wrong.append((name, answer))
    assert not wrong, wrong[:5]
    assert count > 150 and not calls
    assert api.profile(forge.access).status == 200


def test_no_access_token_is_refreshed(api, forge):
    for token in (forge.access, forge.sign({**forge.header, "typ": "rt+jwt"}, forge.claims),
                  forge.sign(forge.header, forge.refresh_claims), forge.sign({**forge.header, "typ": "rt+jwt"},
                                                                          forge.refresh_claims, forge.evil)):
        assert api.post("/api/v1/auth/refresh", {"refresh_token": token}).code == "invalid_grant"
