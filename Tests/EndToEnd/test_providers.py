"""AI providers: configured per tenant, asked in their order, paid for, and never more harm than a warning."""

import json
import pathlib
import random
import subprocess
import sys
import threading
import time

import httpx
import pytest

from conftest import ROOMY
from stack import eventually
from test_batch import finished
from test_recordings import RECORDINGS, differences

AI = "/api/v1/ai"
PROVIDERS = AI + "/providers"
GENERATE = "/api/v1/blog/generate"
BRIEF = {"topic": "Feeding a young dog", "keywords": ["dog feeding"], "length": "short"}


class Models:
    """Tests/EndToEnd/model_server.py behind the socket that opens the way to it."""

    def __init__(self, stack, folder):
        self.folder = folder
        self.socket = pathlib.Path(stack["RUN_DIR"]) / "out/models.test:80.sock"
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, str(pathlib.Path(__file__).parent / "model_server.py"), "--folder", str(folder), "--socket",
             str(self.socket)])
        eventually(self.socket.exists, what="the model server")

    def requests(self, model=None):
        file = self.folder / "requests.jsonl"
        found = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [request for request in found if model is None or request["body"].get("model") == model]

    def close(self):
        self.process.terminate()
        self.process.wait(5)
        self.socket.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def models(stack, tmp_path_factory):
    models = Models(stack, tmp_path_factory.mktemp("models"))
    yield models
    models.close()


@pytest.fixture
def tenant(new_account, stack):
    """An account that may have providers of its own."""
    account = new_account(**ROOMY)
    stack.petstore("user", "set-role", account.email, "premium")
    return account


def configure(api, tenant, model, key="sk-good", kind="openai_compatible", **more):
    custom = {"base_url": "http://models.test/v1", "name": model, "input_price": 1, "output_price": 2}
    return api.post(PROVIDERS + "/configure", {
        "provider_type": kind, "api_key": key, "default_model": model, "custom_config": custom, **more}, tenant.key)


def unchecked(api, tenant, *names):
    """Providers whose keys nobody has tried, so that their models may be those that fail."""
    answer = api.post(PROVIDERS + "/bulk-configure", {"validate_keys": False, "providers": [
        {"provider_type": "openai_compatible", "api_key": "sk-good", "default_model": name, "priority": number + 1,
         "custom_config": {"base_url": "http://models.test/v1", "name": name, "input_price": 1}}
        for number, name in enumerate(names)]}, tenant.key)
    assert answer.status == 200 and answer["successful_configs"] == len(names), answer


def test_an_article_is_asked_of_a_configured_provider(api, models, tenant):
    before = api.post(GENERATE, BRIEF, tenant.key)
    assert before["provider_used"] == "builtin" and before["tokens_used"] == 0 and before["cost"] == 0
    assert api.get(AI + "/health", key=tenant.key)["ai_enabled"] is False
    made = configure(api, tenant, "fine-1")
    assert made["status"] == "configured" and made["api_key_valid"] and made["enabled"] and made["last_validated"]
    article = api.post(GENERATE, {**BRIEF, "custom_instructions": "mention the price", "include_faq": True}, tenant.key)
    assert article.status == 200 and article["provider_used"] == "fine-1" and article["model_used"] == "fine-1"
    assert article["tokens_used"] == 500 and article["cost"] == pytest.approx(800e-6)
    post = article["blog_post"]
    assert post["title"] == "Feeding Pets Well: What Owners Should Know" and "- [What to Feed](#what-to-feed)" in post["content"]
    assert 120 <= len(post["meta_tags"]["description"]) <= 160 and post["seo_metrics"]["word_count"] > 150
    assert "FAQPage" in post["json_ld"]
    asked = models.requests("fine-1")[-1]["body"]["messages"][1]["content"]
    for part in ("Feeding a young dog", "dog feeding", "mention the price", "400 words"):
        assert part in asked
    listed = api.get(PROVIDERS + "/list", key=tenant.key)
    assert listed["active_provider"] == "fine-1" and listed["providers"][0]["successful_requests"] == 1
    stats = api.get(PROVIDERS + "/stats", key=tenant.key)["fine-1"]
    assert stats["total_requests"] == stats["requests_today"] == 1 and stats["total_tokens"] == 500
    health = api.get(AI + "/health", key=tenant.key)
    assert health["ai_enabled"] and health["generation_stats"]["total_tokens_used"] == 500
    status = api.get("/api/v1/abstraction/status", key=tenant.key)
    assert status["provider_status"]["fine-1"]["status"] == "healthy"
    assert status["generation_statistics"]["total_cost"] == pytest.approx(800e-6)
    told = api.post(GENERATE, {**BRIEF, "preferred_provider": "builtin"}, tenant.key)
    assert told["provider_used"] == "builtin" and told["warnings"] == before["warnings"]
    short = api.post("/api/v1/abstraction/blog/generate", {"topic": "Feeding a young dog", "format": "html"}, tenant.key)
    assert short["provider_used"] == "fine-1" and '<h2 id="what-to-feed">' in short["content"]


def test_what_the_earlier_service_answered_with_a_provider_is_still_answered(api, models, tenant):
    def recorded(name):
        return RECORDINGS[name]["response"]["body"]

    def same(name, answer, wrap=lambda value: value):
        wrong = differences(wrap(recorded(name)), wrap(answer.json))
        assert not wrong, (name, wrong)

    def first(value):
        return next(iter(value.values()))
    same("199-stub-providers-bulk", api.post(PROVIDERS + "/bulk-configure", {"providers": [
        {"provider_type": kind, "api_key": "sk-good", "default_model": "fine", "custom_config": {"base_url": "http://models.test/v1"}}
        for kind in ("openai", "anthropic")] + [{"provider_type": "cohere", "api_key": "x"}]}, tenant.key))
    assert api.post(GENERATE, BRIEF, tenant.key)["provider_used"].startswith(("openai_", "anthropic_"))
    same("190-stub-providers-list", api.get(PROVIDERS + "/list", key=tenant.key))
    same("196-stub-providers-health", api.get(PROVIDERS + "/health", key=tenant.key), first)
    same("197-stub-providers-stats", api.get(PROVIDERS + "/stats", key=tenant.key), first)
    health = api.get(AI + "/health", key=tenant.key)
    same("205-envkey-ai-health", health, lambda value: first(value["providers"]))
    same("205-envkey-ai-health", health, lambda value: value["generation_stats"])
    status = api.get("/api/v1/abstraction/status", key=tenant.key)
    same("209-envkey-abstraction-status", status)


def test_a_removed_provider_is_asked_by_no_worker(api, models, tenant):
    configure(api, tenant, "fine-2")
    assert api.post(GENERATE, BRIEF, tenant.key)["provider_used"] == "fine-2"
    assert api.delete(PROVIDERS + "/fine-2", key=tenant.key).status == 200
    count = len(models.requests("fine-2"))
    for _ in range(12):
        assert api.post(GENERATE, BRIEF, tenant.key)["provider_used"] == "builtin"
    assert len(models.requests("fine-2")) == count
    assert api.delete(PROVIDERS + "/fine-2", key=tenant.key).status == 404
    assert api.get(PROVIDERS + "/stats", key=tenant.key)["fine-2"]["total_requests"] == 1


def test_a_key_is_sealed_and_never_told(api, models, stack, tenant):
    assert configure(api, tenant, "fine-3", name="x").status == 200
    row = stack.sql("SELECT p::text, encode(sealed_key, 'escape') FROM ai_providers p WHERE name = 'fine-3'")[0]
    assert "sk-good" not in row[0] + row[1]
    for path in ("/list", "/health", "/stats"):
        assert b"sk-good" not in api.get(PROVIDERS + path, key=tenant.key).body
    for log in (pathlib.Path(stack["RUN_DIR"]) / "log").iterdir():
        assert b"sk-good" not in log.read_bytes()


def test_a_key_that_is_not_taken_is_not_kept(api, models, tenant):
    refused = configure(api, tenant, "fine-4", key="sk-wrong")
    assert refused.status == 200 and refused["status"] == "invalid_key" and not refused["enabled"]
    assert refused["error_message"] == "Invalid API key" and b"sk-wrong" not in refused.body
    assert api.get(PROVIDERS + "/list", key=tenant.key)["total_providers"] == 0
    test = api.post(PROVIDERS + "/test", {
        "provider_type": "anthropic", "api_key": "sk-wrong", "custom_config": {"base_url": "http://models.test/v1"}},
        tenant.key)
    assert not test["success"] and test["error_code"] == "invalid_key" and b"sk-wrong" not in test.body
    test = api.post(PROVIDERS + "/test", {
        "provider_type": "anthropic", "api_key": "sk-good", "custom_config": {"base_url": "http://models.test/v1"}},
        tenant.key)
    assert test["success"] and test["tokens_used"] == 30 and test["generated_content"] and test["cost_estimate"] > 0


def test_tenants_do_not_share_providers(api, models, tenant, new_account):
    configure(api, tenant, "fine-5")
    other = new_account(**ROOMY)
    assert api.get(PROVIDERS + "/list", key=other.key)["providers"] == []
    assert api.delete(PROVIDERS + "/fine-5", key=other.key).status == 404
    assert api.post(GENERATE, BRIEF, other.key)["provider_used"] == "builtin"
    taken = configure(api, tenant, "fine-5")
    assert taken.status == 409 and taken.code == "provider_name_taken"


def test_addresses_of_ones_own_are_premium_and_only_those_that_are_open(api, models, stack, tenant, account):
    refused = configure(api, account, "fine-6")
    assert refused.status == 403 and refused.code == "premium_feature"
    assert api.post(GENERATE, BRIEF, account.key, headers={"Accept": "text/event-stream"}).code == "premium_feature"
    before = len(models.requests())
    for address in ("http://127.0.0.1:5432", "http://169.254.169.254/latest", "http://localhost", "http://models.test:81/v1",
                    "https://models.test/v1"):
        closed = configure(api, tenant, "fine-6", custom_config={"base_url": address})
        assert closed["status"] == "error" and "has not opened the way" in closed["error_message"], closed
    for address in ("file:///etc/passwd", "http://u:p@models.test", "http://models.test/../x", "http://models.test?x", "gopher://x"):
        assert configure(api, tenant, "fine-6", custom_config={"base_url": address}).status == 422
    assert len(models.requests()) == before


@pytest.mark.parametrize("model, words", [
    ("drop", "the connection ended"), ("broken-json", "no JSON"), ("half-stream", "half a stream"),
    ("busy", "too many requests"), ("quota", "quota"), ("error", "it failed (500)"), ("refusing", "no article"),
    ("redirect", "302"), ("unknown", "404")])
def test_a_fault_ends_in_the_next_provider(api, models, tenant, model, words):
    unchecked(api, tenant, model, "fine")
    began = time.monotonic()
    article = api.post(GENERATE, BRIEF, tenant.key)
    assert time.monotonic() - began < 8
    assert article.status == 200 and article["provider_used"] == "fine"
    assert [words in warning and model in warning for warning in article["warnings"]].count(True) == 1, article["warnings"]
    assert b"sk-good" not in article.body
    health = api.get(PROVIDERS + "/health", key=tenant.key)
    assert health[model]["status"] != "configured" and health[model]["consecutive_failures"] >= 1
    assert health["fine"]["status"] == "configured"


def test_where_all_fail_the_engine_writes(api, models, tenant):
    unchecked(api, tenant, "error")
    article = api.post(GENERATE, BRIEF, tenant.key)
    assert article["provider_used"] == "builtin" and "The built-in engine wrote this article." in article["warnings"]
    assert article["blog_post"]["seo_metrics"]["word_count"] >= 360
    sums = api.get(PROVIDERS + "/stats", key=tenant.key)["error"]
    assert sums["failed_requests"] == sums["other_errors"] == sums["total_requests"] >= 2


def test_an_answer_that_is_no_article_is_booked_all_the_same(api, models, tenant):
    unchecked(api, tenant, "refusing")
    article = api.post(GENERATE, BRIEF, tenant.key)
    assert article["provider_used"] == "builtin" and article["tokens_used"] == 0
    # Asked twice, 500 tokens each, at a dollar for a million.
    assert article["cost"] == pytest.approx(2 * 500e-6)
    books = api.get(PROVIDERS + "/stats", key=tenant.key)["refusing"]
    assert books["failed_requests"] == 2 and books["total_tokens"] == 1000 and books["total_cost"] == pytest.approx(1e-3)


def test_switch_puts_a_provider_first(api, models, tenant):
    unchecked(api, tenant, "fine-7", "fine-8")
    assert api.post(GENERATE, BRIEF, tenant.key)["provider_used"] == "fine-7"
    switched = api.post(PROVIDERS + "/switch", {
        "provider_type": "openai_compatible", "provider_name": "fine-8", "reason": "better"}, tenant.key)
    assert (switched["previous_provider"], switched["current_provider"]) == ("fine-7", "fine-8")
    assert api.post(GENERATE, BRIEF, tenant.key)["provider_used"] == "fine-8"
    assert api.get(PROVIDERS + "/list", key=tenant.key)["fallback_order"] == ["fine-8", "fine-7"]
    assert api.post(GENERATE, {**BRIEF, "preferred_provider": "fine-7"}, tenant.key)["provider_used"] == "fine-7"
    assert api.post(PROVIDERS + "/switch", {"provider_type": "anthropic"}, tenant.key).status == 404


def stream(stack, api, key, brief):
    events = []
    with httpx.Client(verify=stack["CA_CERT"], timeout=60) as client:
        with client.stream("POST", api.url + GENERATE, json=brief,
                           headers={"Authorization": "Bearer " + key, "Accept": "text/event-stream"}) as response:
            assert response.status_code == 200 and response.headers["content-type"] == "text/event-stream"
            name = None
            for line in response.iter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    events.append((time.monotonic(), name, json.loads(line[6:])))
    return events


def test_an_article_is_seen_while_it_is_written(api, models, stack, contract, tenant):
    unchecked(api, tenant, "half-stream", "slow")
    events = stream(stack, api, tenant.key, BRIEF)
    names = [name for _, name, _ in events]
    assert names[0] == "provider" and names.count("restart") == 2 and names[-1] == "result"
    last = max(number for number, name in enumerate(names) if name == "restart")
    text = "".join(data["text"] for _, name, data in events[last:] if name == "delta")
    result = events[-1][2]
    assert result["provider_used"] == "slow" and text.startswith("# Feeding Pets Well") and text.endswith("day.\n")
    contract.validator({"$ref": "#/components/schemas/BlogGenerationResult"}).validate(result)
    deltas = [moment for moment, name, _ in events[last:] if name == "delta"]
    assert deltas[-1] - deltas[0] > 1, "pieces come as the model writes them"
    # Without a provider the article comes at once.
    assert [name for _, name, _ in stream(stack, api, tenant.key, {**BRIEF, "preferred_provider": "builtin"})] == ["result"]


def test_batches_are_asked_of_providers_too_and_can_be_cancelled(api, models, tenant):
    configure(api, tenant, "slow")
    job = api.post("/api/v1/batch/generate", {"requests": [BRIEF] * 3}, tenant.key)["job_id"]
    done = finished(api, tenant, job, 60)
    assert [item["result"]["provider_used"] for item in done["items"]] == ["slow"] * 3
    job = api.post("/api/v1/batch/generate", {"requests": [BRIEF] * 5}, tenant.key)["job_id"]
    eventually(lambda: api.get(f"/api/v1/batch/{job}/status", key=tenant.key)["status"] == "running", what="the first item")
    began = time.monotonic()
    assert api.post(f"/api/v1/batch/{job}/cancel", key=tenant.key)["cancelled_items"] >= 4
    assert time.monotonic() - began < 1, "nobody waits for the item that is being written"
    time.sleep(3)
    assert api.get(f"/api/v1/batch/{job}/status", key=tenant.key)["status"] == "cancelled"


def test_a_watch_that_is_killed_while_a_provider_writes_asks_again(api, models, tenant, stack):
    configure(api, tenant, "slow")
    job = api.post("/api/v1/batch/generate", {"requests": [BRIEF] * 2}, tenant.key)["job_id"]
    eventually(lambda: api.get(f"/api/v1/batch/{job}/status", key=tenant.key)["status"] == "running", what="the first item")
    stack.wait_for_new("watch", stack.kill("watch"))
    done = finished(api, tenant, job, 60)
    assert done["completed_items"] == 2 and done["failed_items"] == 0


def test_a_provider_that_hangs_costs_threads_of_the_content_pool_and_no_more(api, models, tenant, new_account, stack):
    """Twice as many calls wait for it as there are threads: others' articles and logins come as fast as ever."""
    unchecked(api, tenant, "hang")
    other = new_account(**ROOMY)
    threads = 16                                        # 2 workers of 8 threads, half of which may wait
    answers = []

    trial = {"provider_type": "openai_compatible", "api_key": "sk-good", "model": "hang",
             "custom_config": {"base_url": "http://models.test/v1"}}

    def ask(path, body):
        with httpx.Client(verify=stack["CA_CERT"], timeout=100) as client:
            answer = client.post(api.url + path, json=body, headers={"Authorization": "Bearer " + tenant.key})
            answers.append((path, answer))
    callers = [threading.Thread(target=ask, args=call) for call in [(GENERATE, BRIEF)] * threads + [(PROVIDERS + "/test", trial)] * threads]
    random.shuffle(callers)
    for caller in callers:
        caller.start()
    time.sleep(1)
    slowest = 0
    for _ in range(40):
        began = time.monotonic()
        assert api.post(GENERATE, BRIEF, other.key).status == 200
        assert api.profile(other.key).status == 200
        slowest = max(slowest, time.monotonic() - began)
    for caller in callers:
        caller.join()
    assert slowest < 1, f"{slowest:.2f} s while a provider hung"
    bodies = [answer.json() for path, answer in answers if path == GENERATE]
    assert {answer.status_code for path, answer in answers if path == GENERATE} == {200}
    tried = [answer for path, answer in answers if path != GENERATE]
    assert {answer.status_code for answer in tried} <= {200, 503}
    assert all(answer.json()["error_code"] == "timeout" for answer in tried if answer.status_code == 200)
    assert {body["provider_used"] for body in bodies} == {"builtin"}
    words = "\n".join(" ".join(body["warnings"]) for body in bodies)
    assert "it did not answer in time" in words or "Too many requests wait" in words
    assert "Too many requests wait" in words or any(answer.status_code == 503 for answer in tried)


def test_without_providers_there_is_no_look_at_them(api, stack, account):
    """The promise of no SQL for a call holds for articles of tenants without providers."""
    api.post(GENERATE, BRIEF, account.key)

    def looks():
        return stack.value("""SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
            WHERE query LIKE '%%ai_providers%%' AND query NOT LIKE '%%pg_stat_statements%%'""")
    with stack.frozen("watch"):             # it looks for work of its own
        before = looks()
        for _ in range(10):
            assert api.post(GENERATE, BRIEF, account.key).status == 200
        assert looks() == before


# ---- pictures

IMAGES = "/api/v1/images"


@pytest.fixture
def painter(api, models, tenant):
    answer = api.post(IMAGES + "/providers/configure", {
        "provider_type": "stability_ai", "api_key": "sk-good", "base_url": "http://models.test", "name": "painter"}, tenant.key)
    assert answer.status == 200, answer
    return tenant


def test_without_a_provider_there_is_no_picture(api, account):
    for path, body in (("generate", {"prompt": "A cat"}), ("variations", {"source_image_url": "http://127.0.0.1:9/a.png"}),
                       ("upscale", {"source_image_url": "x"}), ("edit", {"source_image_url": "x", "prompt": "a hat"})):
        refused = api.post(f"{IMAGES}/{path}", body, account.key)
        assert refused.status == 503 and refused.code == "no_image_provider"
    job = api.post(IMAGES + "/jobs", {"prompt": "  A cat ", "tags": [" Cat ", ""]}, account.key)["job_id"]
    over = eventually(lambda: (found := api.get(f"{IMAGES}/jobs/{job}", key=account.key))["status"] == "failed" and found)
    assert "POST /api/v1/images/providers/configure" in over["error_message"] and over["request"]["prompt"] == "A cat"
    assert over["request"]["tags"] == ["cat"] and over["result"] is None
    assert api.delete(f"{IMAGES}/jobs/{job}", key=account.key).status == 400
    assert [found["job_id"] for found in api.get(IMAGES + "/jobs?status=failed", key=account.key).json] == [job]


def test_pictures_are_drawn_varied_enlarged_and_edited(api, models, painter):
    drawn = api.post(IMAGES + "/generate", {"prompt": "A happy puppy", "style": "watercolor", "aspect_ratio": "3:4", "tags": ["Dog"]},
                     painter.key)
    image = drawn["images"][0]
    assert image["format"] == "png" and (image["width"], image["height"]) == (8, 8) and image["tags"] == ["dog"]
    assert drawn["provider"] == "painter" and drawn["cost"] > 0 and any("4:5" in warning for warning in drawn["warnings"])
    source = image["image_data"]
    varied = api.post(IMAGES + "/variations", {"source_image_url": source, "num_variations": 2}, painter.key)
    assert len(varied["images"]) == 2
    assert len(api.post(IMAGES + "/upscale", {"source_image_url": source, "scale_factor": 4}, painter.key)["images"]) == 1
    edited = api.post(IMAGES + "/edit", {"source_image_url": source, "mask_image_url": source, "prompt": "a hat"}, painter.key)
    assert edited["warnings"] == []
    for address in ("http://127.0.0.1:9/a.png", "data:image/png;base64,AAAA", "data:text/html;base64,PGI+"):
        assert api.post(IMAGES + "/upscale", {"source_image_url": address}, painter.key).status == 422
        assert api.post(IMAGES + "/edit", {"source_image_url": address, "prompt": "x"}, painter.key).status == 422
    books = api.get(IMAGES + "/providers", key=painter.key)["painter"]
    assert books["successful_requests"] == 4 and books["failed_requests"] == 0


def test_a_picture_that_fails_is_a_problem_and_never_a_fake(api, models, painter):
    failed = api.post(IMAGES + "/generate", {"prompt": "trouble ahead"}, painter.key)
    assert failed.status == 502 and failed.code == "provider_failed" and "it failed (500)" in failed["detail"]
    refused = api.post(IMAGES + "/generate", {"prompt": "something forbidden"}, painter.key)
    assert refused.status == 502 and "safety system" in refused["detail"]
    assert api.get(IMAGES + "/providers/health", key=painter.key)["painter"]["consecutive_failures"] == 2


def test_a_job_draws_in_the_background(api, models, painter):
    job = api.post(IMAGES + "/jobs", {"prompt": "A cat"}, painter.key)["job_id"]
    done = eventually(lambda: (found := api.get(f"{IMAGES}/jobs/{job}", key=painter.key))["status"] == "completed" and found)
    assert done["progress_percentage"] == 100 and done["result"]["images"][0]["image_data"].startswith("data:image/png")
    assert api.get(IMAGES + "/jobs", key=painter.key).json[0]["result"] is None


def test_a_job_that_has_not_begun_can_be_cancelled(api, models, painter, stack):
    with stack.frozen("watch"):
        time.sleep(0.3)
        job = api.post(IMAGES + "/jobs", {"prompt": "A cat"}, painter.key)["job_id"]
        assert api.delete(f"{IMAGES}/jobs/{job}", key=painter.key)["message"] == f"Job {job} cancelled successfully"
        assert api.delete(f"{IMAGES}/jobs/{job}", key=painter.key).status == 400
    time.sleep(1.5)
    assert api.get(f"{IMAGES}/jobs/{job}", key=painter.key)["status"] == "cancelled"


def test_image_providers_are_administered(api, models, painter, account):
    bad = api.post(IMAGES + "/providers/configure", {
        "provider_type": "stability_ai", "api_key": "sk-bad", "base_url": "http://models.test"}, painter.key)
    assert bad.status == 400 and b"sk-bad" not in bad.body
    twice = api.post(IMAGES + "/providers/configure", {
        "provider_type": "stability_ai", "api_key": "sk-good", "base_url": "http://models.test", "name": "painter"}, painter.key)
    assert twice.status == 409 and twice.code == "provider_name_taken"
    assert api.post(IMAGES + "/providers/configure", {"provider_type": "midjourney", "api_key": "k"}, painter.key).status == 400
    assert api.post(IMAGES + "/providers/configure?provider_type=stability_ai&api_key=k", key=painter.key).code == "credential_in_url"
    assert api.get(IMAGES + "/providers", key=account.key).json == {}
    assert api.delete(IMAGES + "/providers/painter", key=painter.key).status == 200
    assert api.post(IMAGES + "/generate", {"prompt": "A cat"}, painter.key).code == "no_image_provider"


# ---- the cache

def test_the_cache_is_shown_and_cleared(api, stack, account):
    shown = api.get("/api/v1/cache/stats", key=account.key)
    assert shown["redis_available"] and 0 < shown["memory_cache_size"] <= shown["max_memory_cache_size"]
    assert shown["redis_connected_clients"] > 0 and shown["redis_total_commands_processed"] > 0
    epoch = stack.value("SELECT auth_epoch FROM users WHERE id = %s", account.id)
    cleared = api.delete("/api/v1/cache/clear", key=account.key)
    assert cleared["success"] and cleared["cleared_items"] >= 1 and cleared["message"] == "All cache cleared"
    assert stack.value("SELECT auth_epoch FROM users WHERE id = %s", account.id) == epoch + 1
    assert api.delete("/api/v1/cache/clear?pattern=other:*", key=account.key).json == {
        "success": True, "cleared_items": 0, "pattern": "other:*"}
    assert api.delete("/api/v1/cache/clear?pattern=" + "x" * 201, key=account.key).status == 422
    assert api.profile(account.key).status == 200
