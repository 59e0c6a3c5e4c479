"""Tokens from a login or a key: what they claim, what they open, and what standard clients may ask of them."""

import base64
import json
import urllib.parse

import jwt
import pytest

from conftest import ROOMY

A = "/api/v1/auth/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def part(token, index):
    text = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def form(api, path, key=None, **members):
    return api.post(A + path, content=urllib.parse.urlencode(members).encode(), key=key, headers=FORM)


@pytest.fixture
def person(api, new_account):
    account = new_account(**ROOMY)
    account.pair = api.log_in(account.email).json
    return account


def test_a_token_claims_what_the_design_says(api, stack, person):
    pair = person.pair
    assert part(pair["access_token"], 0).keys() == {"alg", "typ", "kid"}
    assert part(pair["access_token"], 0)["alg"] == "RS256" and part(pair["access_token"], 0)["typ"] == "at+jwt"
    for kind, life in (("access", 86_400), ("refresh", 2_592_000)):
        claims = part(pair[f"{kind}_token"], 1)
        assert claims["iss"] == stack["BASE_URL"] and claims["aud"] == "petstore-api" and claims["type"] == kind
        assert claims["sub"] == claims["user_id"] == person.id and claims["sid"] == pair["session_id"]
        assert claims["exp"] - claims["iat"] == life and claims["nbf"] == claims["iat"]
        assert claims["gen"] == 0 and claims["role"] == "free" and claims["client_id"] == "petstore"
        assert claims["scope"] == pair["scope"] and "users:write" not in claims["scope"].split()
        assert claims["jti"] and claims["tid"]


def test_any_jwt_library_verifies_a_token_with_the_published_keys(api, stack, person):
    keys = jwt.PyJWKSet.from_dict(api.get("/.well-known/jwks.json").json)
    token = person.pair["access_token"]
    claims = jwt.decode(token, keys[part(token, 0)["kid"]].key, algorithms=["RS256"], audience="petstore-api",
                        issuer=stack["BASE_URL"])
    assert claims["sub"] == person.id


def test_the_metadata_names_endpoints_that_answer(api, stack):
    metadata = api.get("/.well-known/oauth-authorization-server").json
    assert metadata["issuer"] == stack["BASE_URL"]
    for name in ("token_endpoint", "introspection_endpoint", "revocation_endpoint"):
        answer = api.post(metadata[name].removeprefix(stack["BASE_URL"]), content=b"", headers=FORM)
        assert answer.status in (400, 401) and "error" in answer.json, name
    assert api.get(metadata["jwks_uri"].removeprefix(stack["BASE_URL"])).status == 200


def test_a_key_is_exchanged_for_narrower_and_shorter_tokens(api, person):
    answer = api.post(A + "token", {"scopes": ["profile:read"], "expires_in": 60}, key=person.key)
    assert answer.status == 200 and 55 <= answer["expires_in"] <= 60 and answer["scope"] == "profile:read"
    assert part(answer["access_token"], 1)["client_id"] == person.key_id
    assert api.profile(answer["access_token"]).status == 200
    refused = api.get(A + "keys", key=answer["access_token"])
    assert refused.status == 403 and refused.code == "insufficient_scope"
    assert 'error="insufficient_scope", scope="keys:read"' in refused.headers["www-authenticate"]
    # Its successor is no wider.
    successor = api.post(A + "refresh", {"refresh_token": answer["refresh_token"]})
    assert successor["scope"] == "profile:read" and successor["expires_in"] <= 60


def test_a_key_gives_no_scope_that_it_lacks_and_no_token_is_exchanged(api, person):
    narrow = api.post(A + "keys", {"name": "narrow", "scopes": ["usage:read"]}, key=person.key)["api_key"]
    assert api.post(A + "token", {"scopes": ["profile:read"]}, key=narrow).status == 403
    assert api.post(A + "token", {"scopes": ["users:write"]}, key=person.key).status == 403
    assert api.post(A + "token", key=person.pair["access_token"]).status == 400
    assert api.post(A + "token").status == 401
    for body in ({"scopes": ["all"]}, {"expires_in": 5}, {"expires_in": 1e9}, {"scopes": "profile:read"}):
        assert api.post(A + "token", body, key=person.key).status == 422
    assert api.post(A + "token", content=b"<a/>", key=person.key, headers={"Content-Type": "text/xml"}).status == 415


def test_a_standard_client_gets_and_renews_tokens_with_forms(api, person):
    answer = form(api, "token", grant_type="client_credentials", client_secret=person.key, scope="profile:read usage:read")
    assert answer.status == 200 and answer["scope"] == "profile:read usage:read"
    assert answer.headers["cache-control"] == "no-store"
    renewed = form(api, "token", grant_type="refresh_token", refresh_token=answer["refresh_token"])
    assert renewed.status == 200 and api.profile(renewed["access_token"]).status == 200
    for members, error in [
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "a.b.c"}, "invalid_grant"), ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_secret": person.key, "scope": "all"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "client_secret": person.key, "scope": "users:write"}, "invalid_scope"),
    ]:
        answer = form(api, "token", **members)
        assert answer.status in (400, 401) and answer["error"] == error, (members, answer)
    twice = api.post(A + "token", content=b"grant_type=refresh_token&grant_type=refresh_token", headers=FORM)
    assert twice.status == 400 and twice["error"] == "invalid_request"


def test_introspection_tells_owners_and_administrators_alone(api, stack, person, new_account):
    other = new_account(**ROOMY)
    for token, kind in ((person.pair["access_token"], "Bearer"), (person.pair["refresh_token"], "refresh_token"),
                        (person.key, "api_key")):
        own = form(api, "introspect", key=person.key, token=token)
        assert own.status == 200 and own["active"] is True and own["token_type"] == kind and own["sub"] == person.id
        assert form(api, "introspect", key=other.key, token=token).json == {"active": False}
        assert form(api, "introspect", key=stack["ADMIN_API_KEY"], token=token)["active"] is True
    api.post(A + "logout", key=person.pair["access_token"])
    for token in (person.pair["access_token"], person.pair["refresh_token"], "nonsense"):
        assert form(api, "introspect", key=person.key, token=token).json == {"active": False}
    assert form(api, "introspect", token="x").status == 401
    assert form(api, "introspect", key=person.key)["error"] == "invalid_request"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_either_token_revokes_its_session(api, person, kind):
    assert form(api, "revoke", token=person.pair[kind]).status == 200
    assert api.profile(person.pair["access_token"]).status == 401
    assert api.post(A + "refresh", {"refresh_token": person.pair["refresh_token"]}).status == 401
    assert form(api, "revoke", token=person.pair[kind]).status == 200
    assert form(api, "revoke", token="nonsense").status == 200
    assert form(api, "revoke", token=person.key)["error"] == "unsupported_token_type"
    assert api.profile(person.key).status == 200


def test_token_answers_are_never_kept(api, person):
    for answer in (api.log_in(person.email), api.post(A + "token", key=person.key)):
        assert answer.headers["cache-control"] == "no-store"


def test_two_credentials_and_tokens_in_the_wrong_place_are_refused(api, person):
    token = person.pair["access_token"]
    assert api.get(A + "profile", headers={"X-API-Key": token}).status == 401
    assert api.get(A + "profile", key=token, headers={"X-API-Key": person.key}).status == 400
    assert api.get(A + f"profile?access_token={token}").status == 400
    assert api.get(A + "profile", headers={"Authorization": f"bearer {token}"}).status == 200
    assert api.get(A + "profile", headers={"Authorization": f"Token {token}"}).status == 401
