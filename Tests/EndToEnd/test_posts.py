"""A tenant's posts: kept, listed, changed, published, exported, and nobody else's."""

import json

import pytest

from conftest import ROOMY

POSTS = "/api/v1/posts"
TEXT = ("# Rabbit nails\n\nRabbit nails grow all the time. Trim them every four to six weeks. Hold the rabbit on a towel. "
        "Cut only the clear tip of each nail. Stop and call a vet when a nail bleeds for ten minutes.\n")


@pytest.fixture
def writer(new_account):
    return new_account(**ROOMY)


def create(api, account, title="Rabbit nails", content=TEXT, **more):
    answer = api.post(POSTS, {"title": title, "content": content, **more}, account.key)
    assert answer.status == 201, answer
    return answer


def test_a_post_is_kept_shown_changed_published_and_deleted(api, writer):
    made = create(api, writer, keywords=["rabbit nails"], tags=["rabbits"], excerpt="How to trim them.")
    path = f"{POSTS}/{made['id']}"
    assert made.headers["location"] == path
    assert made["slug"] == "rabbit-nails" and made["status"] == "draft" and made["author_id"] == writer.id
    shown = api.get(path, key=writer.key)
    assert shown["content"] == TEXT and shown["keywords"] == ["rabbit nails"] and shown["published_at"] is None
    changed = api.patch(path, {"title": "Nails of rabbits", "status": "published"}, writer.key)
    assert changed["title"] == "Nails of rabbits" and changed["slug"] == "rabbit-nails" and changed["published_at"]
    again = api.patch(path, {"status": "archived"}, writer.key)
    assert again["status"] == "archived" and again["published_at"] == changed["published_at"]
    assert api.patch(path, {"tags": []}, writer.key)["tags"] == []
    assert api.delete(path, writer.key).status == 204
    for method, body in (("GET", None), ("PATCH", {"title": "X"}), ("DELETE", None)):
        assert api(method, path, body, key=writer.key).status == 404
    assert api.get(path + "/export", key=writer.key).status == 404


def test_a_generated_article_can_be_kept_as_it_came(api, writer):
    post = api.post("/api/v1/generate", {"topic": "Budgie care for beginners", "length": "short"}, writer.key)["blog_post"]
    kept = create(api, writer, post["title"], post["content"], slug=post["slug"], excerpt=post["excerpt"],
                  description=post["meta_tags"]["description"], tags=post["tags"], categories=post["categories"])
    assert kept["content"] == post["content"] and kept["description"] == post["meta_tags"]["description"]


def test_a_change_that_makes_no_sense_changes_nothing(api, writer):
    path = f"{POSTS}/{create(api, writer)['id']}"
    for body in ({"status": "gone"}, {"title": ""}, {"title": "x" * 201}, {"content": 5}, {"tags": "rabbits"}, {"slug": "A b"}, []):
        assert api.patch(path, body, writer.key).status == 422, body
    answer = api("PATCH", path, content=b"<a/>", key=writer.key, headers={"Content-Type": "text/xml"})
    assert answer.status == 415
    assert api.get(path, key=writer.key)["content"] == TEXT


def test_another_tenant_sees_nothing_of_it(api, writer, new_account):
    made, stranger = create(api, writer), new_account(**ROOMY)
    path = f"{POSTS}/{made['id']}"
    assert api.get(path, key=stranger.key).status == 404
    assert api.patch(path, {"title": "Mine now"}, stranger.key).status == 404
    assert api.delete(path, stranger.key).status == 404
    assert api.get(POSTS, key=stranger.key)["total"] == 0
    assert api.get(path, key=writer.key)["title"] == "Rabbit nails"


def test_slugs_are_one_of_a_kind_in_a_tenant(api, writer, new_account):
    assert [create(api, writer)["slug"] for _ in range(3)] == ["rabbit-nails", "rabbit-nails-2", "rabbit-nails-3"]
    taken = api.post(POSTS, {"title": "X", "content": TEXT, "slug": "rabbit-nails"}, writer.key)
    assert taken.status == 409 and taken.code == "slug_taken"
    other = create(api, writer, "Other")
    assert api.patch(f"{POSTS}/{other['id']}", {"slug": "rabbit-nails-2"}, writer.key).code == "slug_taken"
    assert create(api, new_account(**ROOMY))["slug"] == "rabbit-nails"
    assert create(api, writer, "猫")["slug"] == "post"
    for slug in ("A", "a--b", "-a", "a-", "a b", "ä", "../x", ""):
        assert api.post(POSTS, {"title": "X", "content": TEXT, "slug": slug}, writer.key).status == 422, slug


def test_a_list_is_paged_and_filtered(api, writer):
    made = [create(api, writer, f"Post {number}")["id"] for number in range(5)]
    api.patch(f"{POSTS}/{made[2]}", {"status": "published"}, writer.key)
    seen, cursor = [], ""
    while True:
        page = api.get(f"{POSTS}?limit=2{cursor}", key=writer.key)
        assert page["total"] == 5 and all("content" not in post for post in page["posts"])
        seen += [post["id"] for post in page["posts"]]
        if not page["next_cursor"]:
            break
        cursor = "&cursor=" + page["next_cursor"]
    assert seen == made[::-1]
    published = api.get(POSTS + "?status=published", key=writer.key)
    assert [post["id"] for post in published["posts"]] == [made[2]] and published["total"] == 1
    for query in ("?limit=0", "?limit=101", "?status=gone", "?cursor=x", "?limit=x"):
        assert api.get(POSTS + query, key=writer.key).status == 422, query


@pytest.mark.parametrize("format, type, ending", [
    ("markdown", "text/markdown", "md"), ("html", "text/html", "html"), ("plain_text", "text/plain", "txt")])
def test_an_export_is_a_file_of_the_posts_own_format(api, writer, format, type, ending):
    text = "<script>alert(1)</script><p>Cats sleep a lot.</p>"
    made = create(api, writer, "Cats", text, format=format)
    answer = api.get(f"{POSTS}/{made['id']}/export", key=writer.key)
    assert answer.body.decode() == text and answer.headers["content-type"].startswith(type)
    assert answer.headers["content-disposition"] == f'attachment; filename="cats.{ending}"'
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_text_that_repeats_an_earlier_post_or_endangers_an_animal_is_warned_of(api, writer):
    assert create(api, writer)["warnings"] == []
    assert "Rabbit nails" in create(api, writer, "Nails again")["warnings"][0]
    assert "grape" in create(api, writer, "Snacks", "Dogs love fruit. Give your dog a grape after each meal.")["warnings"][0]
    assert create(api, writer, "Dangers", "Never give your dog a grape, since it can damage the kidneys.")["warnings"] == []


def test_a_key_that_may_only_read_writes_nothing(api, writer):
    made = create(api, writer)
    reader = api.post("/api/v1/auth/keys", {"name": "reader", "scopes": ["content:read"]}, writer.key)["api_key"]
    path = f"{POSTS}/{made['id']}"
    assert api.get(path, key=reader).status == 200 and api.get(POSTS, key=reader).status == 200
    assert api.post(POSTS, {"title": "X", "content": "Y"}, reader).code == "insufficient_scope"
    assert api.patch(path, {"title": "X"}, reader).code == "insufficient_scope"
    assert api.delete(path, reader).code == "insufficient_scope"
    assert api.get(path).status == 401


def test_posts_go_with_their_account(api, stack, writer):
    create(api, writer)
    tenant = stack.value("SELECT tenant_id FROM memberships WHERE user_id = %s", writer.id)
    assert stack.value("SELECT count(*) FROM posts WHERE tenant_id = %s", tenant) == 1
    token = api.log_in(writer.email)["access_token"]
    export = api.get("/api/v1/auth/profile/export", key=token)
    assert [post["title"] for post in export["posts"]] == ["Rabbit nails"]
    assert api("DELETE", "/api/v1/auth/profile", {"password": writer.password}, key=token).status == 200
    assert stack.value("SELECT count(*) FROM posts WHERE tenant_id = %s", tenant) == 0


def test_a_markdown_post_is_exported_in_every_format(api, writer):
    text = "# Rabbit nails\n\n## How often\n\nTrim them **every six weeks**.<script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    post = api.post(POSTS, {"title": "Rabbit nails", "content": text}, writer.key)["id"]

    def export(format):
        return api.get(f"{POSTS}/{post}/export?format={format}", key=writer.key)
    page = export("html")
    assert page.headers["content-type"] == "text/html; charset=utf-8" and "sandbox" in page.headers["content-security-policy"]
    assert b'<h2 id="how-often">' in page.body and b"<td>1</td>" in page.body and b"<script" not in page.body
    plain = export("plain_text").body.decode()
    assert "Trim them every six weeks." in plain and "**" not in plain and "#" not in plain
    assert [block["type"] for block in json.loads(export("json").body)] == ["heading", "heading", "paragraph", "table"]
    assert export("markdown").body.decode() == text
    assert export("docx").status == 422
    other = api.post(POSTS, {"title": "A page", "content": "<p>Rabbits</p>", "format": "html"}, writer.key)["id"]
    assert api.get(f"{POSTS}/{other}/export?format=markdown", key=writer.key).status == 422
