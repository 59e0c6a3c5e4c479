"""openapi.yaml, the router and the world say the same."""

import re
import uuid

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator


def test_openapi_yaml_is_valid_openapi_3_1(contract):
    assert contract.document["openapi"].startswith("3.1.")
    assert not [str(error)[:300] for error in OpenAPIV31SpecValidator(contract.document).iter_errors()]


def test_every_route_is_in_openapi_yaml_and_every_operation_is_a_route(stack, contract):
    assert sorted(stack.routes()) == sorted(contract.operations())


def test_every_example_in_openapi_yaml_fits_its_own_schema(contract):
    looked_at = 0
    for path, item in contract.document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            contents = [(f"{method} {path} request", operation.get("requestBody", {}).get("content", {}))]
            for status, response in operation["responses"].items():
                contents.append((f"{method} {path} {status}", contract.resolve(response).get("content", {})))
            for where, content in contents:
                for media in content.values():
                    examples = [media["example"]] if "example" in media else []
                    examples += [contract.resolve(one)["value"] for one in media.get("examples", {}).values()]
                    for example in examples:
                        contract.check(media["schema"], example, f"{where}: example")
                        looked_at += 1
    assert looked_at > 50


def test_every_operation_says_what_its_access_asks_for(contract, api):
    for method, path, _ in contract.operations():
        operation = contract.document["paths"][path][method.lower()]
        target = re.sub(r"{\w+}", "2d6f1f0a-6f0e-4a53-8a43-93a6f6e4c7d2", path)
        answer = api(method, target, body={} if method in ("POST", "PATCH", "PUT") else None)
        if operation.get("security") == []:
            assert answer.status != 401 or path.endswith("/login"), (method, path, answer)
        else:
            word = "invalid_client" if path.endswith("/introspect") else "unauthenticated"
            assert answer.status == 401 and answer.code == word, (method, path, answer)
            assert answer.headers["www-authenticate"] == 'Bearer realm="petstore"'


def test_the_access_that_openapi_yaml_describes_is_the_one_that_the_router_asks_for(stack, contract):
    access = stack.access()
    for method, path, name in contract.operations():
        operation = contract.document["paths"][path][method.lower()]
        scope, permission, proof = access[method, path]
        if scope == "-":
            assert operation["security"] == [], name
            assert not {"x-required-scope", "x-required-permission", "x-fresh-proof"} & set(operation), name
            continue
        assert operation["x-required-scope"] == scope, name
        assert operation["x-required-permission"] == (None if permission == "-" else permission), name
        assert operation["x-fresh-proof"] is (proof == "fresh"), name
        scopes = [] if scope == "any" else [scope]
        named = [entry for entry in operation["security"] if entry]
        assert named == [{"bearer": scopes}, {"apiKey": scopes}], name
        assert ("step_up_required" in str(contract.resolve(operation["responses"]["401"]))) is (proof == "fresh"), name


# The matrix of roles and permissions, written out once more: Sources/Domain/Account.swift has the other.
PERMISSIONS = {
    "admin": {"create_content", "view_analytics", "manage_users", "access_premium_features", "manage_service"},
    "premium": {"create_content", "view_analytics", "access_premium_features"},
    "standard": {"create_content", "view_analytics"},
    "free": {"create_content"}}
BEHIND = {"create_content": {"content:write"}, "view_analytics": {"analytics:read"},
          "manage_users": {"users:read", "users:write"}, "access_premium_features": set(),
          "manage_service": {"flags:read", "flags:write"}}


@pytest.mark.parametrize("role", PERMISSIONS)
def test_a_role_opens_what_its_permissions_name_and_nothing_else(api, stack, contract, new_account, role):
    account = new_account(minute=100_000, hour=100_000, day=100_000)
    stack.sql("UPDATE users SET role = %s WHERE id = %s", role, account.id)
    scopes = set(contract.document["components"]["schemas"]["Scope"]["enum"])
    # A key with all scopes there are: only the role decides now.
    stack.sql("UPDATE api_keys SET scopes = %s WHERE id = %s", sorted(scopes), account.key_id)
    missing = set().union(*(BEHIND[word] for word in BEHIND if word not in PERMISSIONS[role]))
    usable = set(api.post("/api/v1/auth/token", key=account.key)["scope"].split())
    assert usable == scopes - missing
    for (method, path), (scope, permission, _) in stack.access().items():
        if permission == "-" or "/admin/" in path:
            continue
        assert scope in BEHIND[permission]
        target = re.sub(r"{\w+}", str(uuid.uuid4()), path)
        answer = api(method, target, body={} if method in ("POST", "PATCH", "PUT") else None, key=account.key)
        if permission in PERMISSIONS[role]:
            # Pictures need a provider of them before anything else.
            assert answer.status in (200, 404, 422) or answer.code == "no_image_provider", (role, method, path, answer)
        else:
            assert answer.status == 403 and answer.code == "insufficient_scope", (role, method, path, answer)
            assert permission in answer["detail"]
    # Nobody asks for what he does not have.
    for scope in missing:
        answer = api.post("/api/v1/auth/token", {"scopes": [scope]}, account.key)
        assert answer.status == 403 and answer.code == "insufficient_scope"


def test_nginx_serves_the_very_openapi_yaml_of_the_repository(api, contract):
    response = api.client.get(api.url + "/openapi.yaml")
    assert response.status_code == 200
    assert response.text == contract.text


@pytest.mark.late
def test_the_tests_have_seen_every_operation_succeed_and_fail(contract):
    """Not every status of every operation can be provoked, but each operation's own ones can."""
    missing = {}
    for method, path, name in contract.operations():
        seen = {status for m, p, status in contract.seen if (m, p) == (method, path)}
        described = {int(status) for status in contract.document["paths"][path][method.lower()]["responses"]}
        # 403 of /metrics needs another host; a 409, 415, 422 or 404 is the operation's own.
        wanted = described & {200, 201, 202, 204, 401, 404, 409, 415, 422}
        if wanted - seen:
            missing[name] = sorted(wanted - seen)
    assert missing == {}
