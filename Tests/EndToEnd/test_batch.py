"""Batches: written once, in the background, whatever is restarted; seen by every worker; followed as events."""

import json
import time

import httpx
import pytest

from conftest import ROOMY

BATCH = "/api/v1/batch"
TOPICS = ["Budgie care for beginners", "Winter care for outdoor rabbits", "How to clean a fish tank", "Best dog toys"]


@pytest.fixture
def writer(new_account):
    return new_account(**ROOMY)


def requests(count):
    return [{"topic": f"{TOPICS[number % 4]} {number}", "length": "short"} for number in range(count)]


def create(api, account, count=3, **more):
    answer = api.post(BATCH + "/generate", {"requests": requests(count), **more}, account.key)
    assert answer.status == 200, answer
    return answer["job_id"]


def finished(api, account, job, seconds=20):
    deadline = time.time() + seconds
    while True:
        answer = api.get(f"{BATCH}/{job}/status", key=account.key)
        assert answer.status == 200
        if answer["completed_at"]:
            return answer
        assert time.time() < deadline, answer["progress"]
        time.sleep(0.1)


def test_a_batch_is_written_in_order_and_seen_by_every_worker(api, writer):
    job = create(api, writer, 5, metadata={"for": "the blog", "n": 1})
    done = finished(api, writer, job)
    assert done["status"] == "completed" and done["progress"] == 100 and done["completed_items"] == 5
    assert done["metadata"] == {"for": "the blog", "n": 1}
    for number, item in enumerate(done["items"]):
        assert item["id"] == f"{job}_{number}" and item["status"] == "completed" and item["error"] is None
        assert item["result"]["success"] and item["result"]["word_count"] > 300
        assert item["request"]["topic"].endswith(str(number)) and item["request"]["tone"] == "professional"
    for _ in range(8):
        assert api.get(f"{BATCH}/{job}/status", key=writer.key)["completed_items"] == 5
    # The same request alone gives the same text.
    alone = api.post("/api/v1/generate", requests(1)[0], writer.key)
    assert alone["blog_post"]["content"] == done["items"][0]["result"]["blog_post"]["content"]


def test_a_batch_counts_as_many_calls_as_it_has_items(api, stack, new_account):
    account = new_account(minute=20, hour=100, day=100)
    before = int(api.profile(account.key).headers["x-ratelimit-remaining"])
    create(api, account, 10)
    after = int(api.profile(account.key).headers["x-ratelimit-remaining"])
    assert before - after == 11                      # ten items and the second look
    refused = api.post(BATCH + "/generate", {"requests": requests(15)}, account.key)
    assert refused.status == 429 and refused.code == "quota-exceeded" and int(refused.headers["retry-after"]) > 0
    left = int(api.profile(account.key).headers["x-ratelimit-remaining"])
    assert after - left <= 3, "a batch that does not fit spends next to nothing"
    assert api.get(BATCH, key=account.key)["statistics"]["jobs"]["total"] == 1


def test_a_killed_watch_loses_no_item_and_writes_none_twice(api, stack, writer):
    job = create(api, writer, 100)
    for _ in range(3):
        time.sleep(0.15)
        stack.wait_for_new("watch", stack.kill("watch"))
    done = finished(api, writer, job, 40)
    assert done["completed_items"] == 100 and done["failed_items"] == 0
    assert len({item["completed_at"] for item in done["items"]}) > 1


def events(stack, api, key, path):
    found = []
    with httpx.Client(verify=stack["CA_CERT"], timeout=30) as client:
        with client.stream("GET", api.url + path, headers={"Authorization": "Bearer " + key}) as response:
            assert response.status_code == 200 and response.headers["content-type"] == "text/event-stream"
            event = {}
            for line in response.iter_lines():
                if not line:
                    if "data" in event:
                        found.append((time.monotonic(), event.get("event"), event.get("id"), json.loads(event["data"])))
                    event = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = value
    return found


def test_a_stream_tells_of_each_item_once_and_ends(api, stack, writer):
    job = create(api, writer, 30)
    found = events(stack, api, writer.key, f"{BATCH}/{job}/stream")
    items = [event for event in found if event[1] == "item"]
    assert [event[2] for event in items] == [str(number) for number in range(30)]
    assert all(event[3]["result"]["success"] for event in items)
    assert found[-1][1] == "done" and found[-1][3]["completed_items"] == 30
    counts = [event[3]["completed_items"] for event in found if event[1] == "progress"]
    assert counts == sorted(counts) and counts[-1] == 30
    later = events(stack, api, writer.key, f"{BATCH}/{job}/stream?after=27")
    assert [event[2] for event in later if event[1] == "item"] == ["28", "29"]
    whole = api.get(f"{BATCH}/{job}/stream", key=writer.key)
    assert whole.status == 200 and whole.body.count(b"event: item\n") == 30
    # Looking twice ran nothing twice.
    assert api.get(f"{BATCH}/{job}/status", key=writer.key)["completed_items"] == 30
    assert api.get(f"{BATCH}/{job}/stream?after=x", key=writer.key).status == 422


def test_what_is_cancelled_or_deleted_is_not_written(api, stack, writer):
    with stack.frozen("watch"):
        time.sleep(0.3)
        job, other = create(api, writer, 5), create(api, writer, 5)
        assert api.get(f"{BATCH}/{job}/status", key=writer.key)["status"] == "pending"
        cancelled = api.post(f"{BATCH}/{job}/cancel", key=writer.key)
        assert cancelled.status == 200 and 4 <= cancelled["cancelled_items"] <= 5
        assert api.delete(f"{BATCH}/{other}", writer.key).status == 200
    after = finished(api, writer, create(api, writer, 1))
    assert after["status"] == "completed"
    ended = api.get(f"{BATCH}/{job}/status", key=writer.key)
    assert ended["status"] == "cancelled" and ended["completed_items"] + cancelled["cancelled_items"] == 5
    assert api.post(f"{BATCH}/{job}/cancel", key=writer.key)["cancelled_items"] == 0
    for method, path in (("GET", "/status"), ("GET", "/stream"), ("POST", "/cancel"), ("DELETE", "")):
        assert api(method, f"{BATCH}/{other}{path}", key=writer.key).status == 404


def test_another_tenants_job_is_none(api, writer, new_account):
    job, stranger = create(api, writer, 1, job_id="november"), new_account(**ROOMY)
    for method, path in (("GET", "/status"), ("GET", "/stream"), ("POST", "/cancel"), ("DELETE", "")):
        assert api(method, f"{BATCH}/{job}{path}", key=stranger.key).status == 404
    assert create(api, stranger, 1, job_id="november") == "november"
    again = api.post(BATCH + "/generate", {"requests": requests(1), "job_id": "november"}, writer.key)
    assert again.status == 409 and again.code == "job_exists"


@pytest.mark.parametrize("body, where", [
    ({}, ["requests"]), ({"requests": []}, ["requests"]), ({"requests": {}}, ["requests"]),
    ({"requests": [{"topic": "cats"}] * 101}, ["requests"]), ({"requests": [{"topic": "cats"}, {"topic": "x"}]}, ["requests", 1, "topic"]),
    ({"requests": ["cats"]}, ["requests", 0]), ({"requests": [{"topic": "cats"}], "job_id": "../x"}, ["job_id"]),
    ({"requests": [{"topic": "cats"}], "metadata": [1]}, ["metadata"]),
    ({"requests": [{"topic": "cats"}], "metadata": {"x": "y" * 20_000}}, ["metadata"])])
def test_what_makes_no_sense_is_a_422_that_says_where(api, writer, body, where):
    answer = api.post(BATCH + "/generate", body, writer.key)
    assert answer.status == 422 and answer["errors"][0]["loc"] == ["body", *where]


def test_jobs_are_listed_with_their_sums(api, writer):
    jobs = [create(api, writer, 2) for _ in range(3)]
    for job in jobs:
        finished(api, writer, job)
    answer = api.get(BATCH, key=writer.key)
    assert [job["id"] for job in answer["jobs"]] == jobs[::-1]
    assert answer["statistics"]["items"] == {"total": 6, "completed": 6, "failed": 0, "success_rate": 100.0}
    assert [job["id"] for job in api.get(BATCH + "?limit=1&offset=1", key=writer.key)["jobs"]] == [jobs[1]]
    assert api.get(BATCH + "?limit=0", key=writer.key).status == 422
