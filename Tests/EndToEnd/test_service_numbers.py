"""What the service says of itself: every number is one that was counted or read, and none costs a wait."""

import time

import pytest

PATHS = ["/api/v1/metrics", "/api/v1/health/detailed", "/api/v1/cloudrun/status", "/api/v1/abstraction/status"]


@pytest.mark.parametrize("path", PATHS)
def test_none_is_for_strangers_and_none_waits(api, shared_roomy, path):
    assert api.get(path).status == 401
    times = []
    for _ in range(5):
        began = time.monotonic()
        assert api.get(path, key=shared_roomy.key).status == 200
        times.append(time.monotonic() - began)
    assert min(times) < 0.25


def test_no_member_tells_of_logins_or_refusals(api, account):
    answer = api.get("/api/v1/metrics", key=account.key)
    assert answer["counters"] and all("rticle" in name for name in answer["counters"])
    assert api.post("/api/v1/auth/login", {"email": "nobody@example.com", "password": "not the one it is"}).status == 401
    times = api.get("/api/v1/metrics", key=account.key)["requests"]["avg_response_times"]
    assert "show_service_metrics" in times and not {"log_in", "register", "show_profile", "list_users"} & set(times)


def test_articles_and_their_words_are_counted(api, shared_roomy):
    before = api.get("/api/v1/metrics", key=shared_roomy.key)
    written = [api.post("/api/v1/blog/generate", {"topic": topic}, shared_roomy.key)
               for topic in ("Cat litter", "Hamster wheels", "Puppy teeth")]
    assert api.post("/api/v1/blog/generate", {"topic": ""}, shared_roomy.key).status == 422
    after = api.get("/api/v1/metrics", key=shared_roomy.key)
    was, now = before["blog_generation"], after["blog_generation"]
    assert now["total_generated"] - was["total_generated"] == 3
    assert now["total_words"] - was["total_words"] == sum(answer["word_count"] for answer in written)
    assert 0 < now["avg_generation_time"] < 1 and now["avg_seo_score"] > 0
    # Three articles, a refusal and the question itself; the bystander may call meanwhile.
    assert after["requests"]["total"] - before["requests"]["total"] >= 5
    assert after["requests"]["avg_response_times"]["generate_article"] > 0


def test_a_strategy_is_counted_by_its_name(api, shared_roomy):
    def statistics():
        return api.get("/api/v1/abstraction/status", key=shared_roomy.key)["generation_statistics"]
    before = statistics()
    for _ in range(2):
        assert api.post("/api/v1/abstraction/blog/generate", {"topic": "Budgie cages", "content_strategy": "technical"},
                        shared_roomy.key).status == 200
    after = statistics()
    assert after["strategy_usage"]["technical"] - before["strategy_usage"].get("technical", 0) == 2
    assert after["provider_usage"]["builtin"] - before["provider_usage"]["builtin"] == 2


def test_the_host_is_the_one_of_the_kernel(api, shared_roomy):
    status = api.get("/api/v1/cloudrun/status", key=shared_roomy.key)
    with open("/proc/meminfo") as lines:
        total = int(next(line for line in lines if line.startswith("MemTotal:")).split()[1]) / 1_048_576
    assert abs(status["system"]["memory"]["total_gb"] - total) < 0.02
    health = api.get("/api/v1/health/detailed", key=shared_roomy.key)
    exceeded = [name for name, check in health["checks"].items() if check["status"] == "warning"]
    assert (health["status"] == "unhealthy") == bool(exceeded) and len(health["issues"]) == len(exceeded)
