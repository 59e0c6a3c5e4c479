"""openapi.yaml as a judge: every response is held against it."""

import functools
import json
import re

import jsonschema_rs
import yaml

RATE_FIELDS = ["RateLimit-Policy", "RateLimit", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]


class Contract:
    def __init__(self, path):
        self.text = path.read_text()
        self.document = yaml.safe_load(self.text)
        self.seen = set()           # (method, template, status) that some test has seen
        self.templates = []
        for template, item in self.document["paths"].items():
            pattern = re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template)).join(["^", "$"]))
            self.templates.append(("{" in template, pattern, template, item))
        self.templates.sort(key=lambda entry: entry[0])

    def operations(self):
        """(method, path, operationId) of each operation."""
        return [
            (method.upper(), path, operation["operationId"])
            for path, item in self.document["paths"].items() for method, operation in item.items()
            if method != "parameters"]

    def resolve(self, value):
        while "$ref" in value:
            target = self.document
            for step in value["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            value = target
        return value

    def find(self, path):
        for _, pattern, template, item in self.templates:
            if pattern.match(path):
                return template, item
        return None, None

    def validator(self, schema):
        return self._validator(json.dumps(schema, sort_keys=True))

    @functools.cache
    def _validator(self, text):
        return jsonschema_rs.Draft202012Validator(
            {"components": self.document["components"], "allOf": [json.loads(text)]}, validate_formats=True)

    def judge(self, method, target, status, headers, body):
        """Fails if the response is not one that openapi.yaml describes. `headers` has lower-case names."""
        path = target.partition("?")[0]
        template, item = self.find(path)
        where = f"{method} {target[:120]} -> {status}"
        operation = None
        if item:
            operation = item.get("get" if method == "HEAD" else method.lower())
        components = self.document["components"]["responses"]
        if operation:
            self.seen.add((method, template, status))
            assert str(status) in operation["responses"], f"{where}: openapi.yaml has no such status; {body[:500]}"
            response = self.resolve(operation["responses"][str(status)])
        elif item and status == 405:
            response = components["MethodNotAllowed"]
        else:
            by_status = {404: "UnknownPath", 400: "BadRequest", 405: "MethodNotAllowed", 413: "PayloadTooLarge",
                         414: "UriTooLong", 502: "BadGateway", 503: "Unavailable", 504: "GatewayTimeout"}
            assert status in by_status, f"{where}: no status for what openapi.yaml does not name; {body[:500]}"
            response = components[by_status[status]]

        for name, header in response.get("headers", {}).items():
            header = self.resolve(header)
            value = headers.get(name.lower())
            if value is None:
                assert not header.get("required"), f"{where}: no header {name}"
                continue
            schema = self.resolve(header["schema"])
            if schema.get("type") == "integer":
                assert re.fullmatch(r"\d+", value), f"{where}: {name}: {value}"
                value = int(value)
            self.check(schema, value, f"{where}: header {name}")
        # Limits belong where openapi.yaml names them, and to nothing else.
        for name in RATE_FIELDS:
            if name not in response.get("headers", {}):
                assert name.lower() not in headers, f"{where}: {name} came without being described"

        content = response.get("content")
        if not content:
            assert not body, f"{where}: a body that is not described"
            return None
        essence = headers.get("content-type", "").partition(";")[0].strip()
        assert essence in content, f"{where}: Content-Type {headers.get('content-type')}, not {list(content)}"
        if method == "HEAD":
            assert not body
            return None
        if not essence.endswith("json"):
            return None
        value = json.loads(body)
        self.check(content[essence]["schema"], value, f"{where}: body")
        if essence == "application/problem+json":
            assert value["status"] == status, f"{where}: status {value['status']} in the body"
            assert value["request_id"] == headers["x-request-id"], f"{where}: request_id is not X-Request-ID"
            if operation:
                assert value["instance"] == path, f"{where}: instance {value['instance']}"
        return value

    def check(self, schema, value, where):
        errors = [f"{list(error.instance_path)}: {error.message}"
                  for error in self.validator(schema).iter_errors(value)]
        assert not errors, f"{where}: {errors[:5]}"
