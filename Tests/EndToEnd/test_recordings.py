"""The earlier service's recordings, replayed: the same members of the same types, the same status or a better one."""

import json
import pathlib

import pytest

FOLDER = pathlib.Path(__file__).parent.parent / "Recordings/content/fixtures"
RECORDINGS = {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))}

# Where the earlier service was wrong: what we answer instead (docs/migration.md tells it).
BETTER = {
    "130-abstraction-generate-500": 200, "202-stub-abstraction-still-500": 200,
    "103-keywords-analyze-empty-500": 422,
    "140-batch-duplicate-id-overwrites": 409, "142-batch-stream-unknown": 404,
    "166-images-generate-500": 503, "167-images-variations-500": 503, "168-images-upscale-500": 503,
    "169-images-edit-500": 503, "179-images-configure-500": 400,
}

# Made with a provider: test_providers.py compares its own answers with these.
WITH_PROVIDER = ("196-stub-providers-health", "197-stub-providers-stats", "205-envkey-ai-health")

# Members of these have names that nobody promised.
MAPS = ("keyword_density", "keyword_frequency", "gauges", "provider_status", "strategy_usage",
        "provider_usage")


def kind(value):
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return type(value).__name__


def differences(recorded, found, at="body", free=False):
    """What an existing client would stumble over: a member that is gone, another type. New members are none of it."""
    if recorded is None or found is None:
        return []
    if kind(recorded) != kind(found):
        return [f"{at}: {kind(recorded)} became {kind(found)}"]
    if isinstance(recorded, dict):
        wrong = []
        for name, value in recorded.items():
            if name not in found:
                # Members of a map have the caller's names, those of an object ours.
                if not free:
                    wrong.append(f"{at}.{name} is gone")
            else:
                wrong += differences(value, found[name], f"{at}.{name}", name in MAPS)
        return wrong
    if isinstance(recorded, list) and recorded and found:
        return differences(recorded[0], found[0], at + "[0]")
    return []


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_replays(api, contract, shared_roomy, name):
    recording = RECORDINGS[name]
    request, wanted = recording["request"], recording["response"]
    method, path = request["method"], request["path"]
    template, item = contract.find(path.split("?")[0])
    if item is None:
        moved = api.client.get(api.url + path)
        if wanted["status"] == 404:
            assert moved.status_code == 404
            return
        assert moved.status_code == 308 and moved.headers["location"].endswith(("/docs/", "/openapi.yaml")), "not served"
        return
    assert method.lower() in item or wanted["status"] == 405 or method == "OPTIONS", "this path is not served"
    if method == "OPTIONS":
        pytest.skip("there is no CORS any more: docs/migration.md, 5")
    if "/providers/{" in template and wanted["status"] == 200:
        pytest.skip("test_providers.py removes its own")
    body = request.get("body")
    if body is not None and not isinstance(body, (dict, list)):
        pytest.skip("a body that is no JSON has its own test")
    if name in WITH_PROVIDER:
        pytest.skip("test_providers.py replays it")
    if "[" in json.dumps(body) and "characters]" in json.dumps(body):
        pytest.skip("the recording's text is cut")
    answer = api(method, path, body=body, key=shared_roomy.key)
    status = BETTER.get(name, wanted["status"])
    assert answer.status == status, (answer.status, wanted["status"], answer.body[:300])
    if status == 200 == wanted["status"]:
        recorded = wanted["body"]
        if "extracted_keywords" in recorded:      # numbers there, the phrases themselves here (D2)
            assert all(isinstance(phrase, str) for phrase in answer["extracted_keywords"])
            assert [entry["keyword"] for entry in answer["keyword_scores"]] == answer["extracted_keywords"]
            assert len(answer["extracted_keywords"]) == len(recorded["extracted_keywords"])
            return
        if isinstance(recorded, dict) and recorded.get("success") is False and "/providers/" not in path:
            assert answer["success"] is True
            return
        wrong = differences(recorded, answer.json)
        assert not wrong, wrong
    elif status == 422 == wanted["status"]:
        assert {tuple(error["loc"]) for error in wanted["body"]["detail"]} == {tuple(e["loc"]) for e in answer["errors"]}
        assert {error["type"] for error in wanted["body"]["detail"]} == {error["type"] for error in answer["errors"]}
