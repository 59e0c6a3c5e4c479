"""/, /health, /live, /ready and /metrics."""

import re
import shutil
import subprocess
import time

import pytest

import fastcgi
from stack import at_once


def values(text):
    """Name with labels -> value."""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line and line[0] != "#"}


def metrics(api):
    return values(api.get("/metrics").body.decode())


def test_the_root_names_paths_that_exist(api, contract):
    answer = api.get("/")
    paths = {path for _, path, _ in contract.operations()}
    assert set(answer["endpoints"].values()) | {answer["health"], answer["ready"], answer["live"]} <= paths
    for target in (answer["openapi"], answer["docs"]):
        assert api.client.get(api.url + target).status_code == 200, target


def test_health_and_live_and_ready_say_that_all_is_well(api):
    assert api.get("/health")["status"] == "healthy"
    live = api.get("/live")
    assert live["status"] == "alive" and 0 < live["uptime"] < 10_000_000
    ready = api.get("/ready")
    assert ready["status"] == "ready"
    assert {name: one["status"] for name, one in ready["dependencies"].items()} == {"postgresql": "up", "redis": "up"}
    for answer in (live, ready):
        assert abs(answer["timestamp"] - time.time()) < 5


@pytest.mark.parametrize("target", ["/", "/health", "/live", "/ready", "/metrics", "/api/v1/config"])
def test_head_is_answered_like_get_without_a_body(api, target):
    get, head = api.get(target), api("HEAD", target)
    assert head.status == 200 and head.body == b""
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("target", ["/health", "/live", "/metrics", "/api/v1/config"])
def test_a_query_changes_nothing(api, target):
    assert api.get(target + "?x=1&y").status == 200


def test_the_metrics_are_clean_for_promtool(api):
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool is not installed (Debian package prometheus)")
    page = api.get("/metrics").body
    result = subprocess.run([promtool, "check", "metrics"], input=page, capture_output=True)
    assert result.returncode == 0 and not result.stdout and not result.stderr, (result.stdout + result.stderr).decode()


def test_the_metrics_speak_prometheus_text_0_0_4(api):
    answer = api.get("/metrics")
    assert answer.headers["content-type"].replace(" ", "").startswith("text/plain;version=0.0.4")
    names = re.findall(r"^# TYPE (\S+) ", answer.body.decode(), re.MULTILINE)
    assert len(names) == len(set(names))


def test_every_worker_gives_the_sum_of_all(api, stack, quiet):
    page = metrics(api)
    assert page["petstore_instances"] == len(stack.workers)
    for socket in stack.sockets.values():
        status, headers, body = fastcgi.call(socket, "GET", "/metrics")
        assert status == 200
        own = values(body.decode())
        assert own.keys() == page.keys()
        for name, value in own.items():
            if "show_metrics" not in name and "in_flight" not in name:
                assert value == page[name], name


def test_the_counters_move_by_exactly_what_was_called(api, new_account, quiet):
    account = new_account(minute=30, hour=1000, day=1000)
    before = metrics(api)
    at_once([lambda: api.profile(account.key)] * 40, 8)
    for _ in range(7):
        api.get("/health")
    for _ in range(5):
        api.post("/api/v1/generate", {}, account.key)
    for _ in range(3):
        api.get("/nowhere")
    for _ in range(4):
        api.profile("psd_live_nonsense")
    api.register()
    api.log_in(account.email)
    api.log_in(account.email, "Wrong-password-1")
    after = metrics(api)
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    requests = {name: value for name, value in moved.items() if name.startswith("petstore_requests_total")}

    def of(endpoint, status):
        return f'petstore_requests_total{{endpoint="{endpoint}",status="{status}xx"}}'
    assert requests == {
        of("show_profile", 2): 30, of("show_profile", 4): 14, of("show_health", 2): 7,
        of("generate_article_alias", 4): 5, of("unknown", 4): 3, of("register", 2): 1, of("log_in", 2): 1,
        of("log_in", 4): 1, of("show_metrics", 2): 1}
    assert moved['petstore_admissions_total{outcome="admitted",by="redis"}'] == 30
    assert moved['petstore_admissions_total{outcome="refused",by="redis"}'] == 15
    assert moved["petstore_credentials_refused_total"] == 4
    assert moved["petstore_registrations_total"] == 1
    assert moved['petstore_logins_total{outcome="succeeded"}'] == moved['petstore_logins_total{outcome="failed"}'] == 1
    assert moved['petstore_request_duration_seconds_count{endpoint="show_profile"}'] == 44
    assert moved['petstore_request_duration_seconds_bucket{endpoint="show_profile",le="+Inf"}'] == 44
    assert 0 < moved['petstore_request_duration_seconds_sum{endpoint="show_profile"}'] < 44
    assert after["petstore_unforeseen_errors_total"] == before["petstore_unforeseen_errors_total"]
    assert "petstore_requests_in_flight" not in moved


def test_no_metric_names_a_person(api, account):
    page = api.get("/metrics").body.decode()
    assert account.id not in page and account.email not in page and "psd_live" not in page
