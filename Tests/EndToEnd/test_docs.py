"""The documents say what is: their tables, links, commands and clients. Links are looked at in the site that is served,
commands are those of the pages' sources as scripts/docs-commands finds them."""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

import browser
from stack import REPOSITORY

DOCS = REPOSITORY / "docs"
SITE = REPOSITORY / ".build-docs/site"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))


def blocks_of(page):
    """Every fenced block of a page; see scripts/docs-commands."""
    out = subprocess.run([sys.executable, REPOSITORY / "scripts/docs-commands", page, "--json"], capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    return json.loads(out.stdout)


BLOCKS = {page: blocks_of(page) for page in PAGES}


def is_for_the_stack(block):
    return block["language"] == "sh" and set(block["classes"]) <= {"premium"}


# ------------------------------------------------------------------------ the site

class Page(HTMLParser):
    """What of a page leads somewhere, is loaded, or would be forbidden by the policy."""

    def __init__(self, path):
        super().__init__()
        self.path, self.anchors, self.links, self.loads, self.inline, self.title = path, set(), [], [], [], ""
        self.opened = None
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.opened = tag
        if "id" in attributes:
            assert attributes["id"] not in self.anchors, f"{self.path}: {attributes['id']} twice"
            self.anchors.add(attributes["id"])
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        for name in ("src", "srcset", "data", "poster", *(["href"] if tag in ("link", "image", "use") else [])):
            if attributes.get(name):
                self.loads.append(attributes[name])
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json" or tag in ("style", "base", "iframe"):
            self.inline.append(self.get_starttag_text())
        self.inline += [f"{tag} {name}" for name in attributes if name == "style" or name.startswith("on")]

    def handle_data(self, data):
        if self.opened == "title":
            self.title += data

    def handle_endtag(self, tag):
        self.opened = None


@pytest.fixture(scope="session")
def site():
    """The pages of the site, as scripts/up serves it: built anew if a source has changed since."""
    done = subprocess.run([REPOSITORY / "scripts/docs"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return {path: Page(path) for path in sorted(SITE.rglob("*.html"))}


def target_of(page, link):
    """File and anchor that a link of a page leads to; None where it leads to another host."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None, ""
    path = unquote(parts.path)
    if path == "/openapi.yaml":
        return REPOSITORY / "openapi.yaml", ""
    assert not path.startswith("/"), f"{page.name}: {link}"
    file = (page.parent / path).resolve() if path else page
    return (file / "index.html" if file.is_dir() else file), unquote(parts.fragment)


def test_every_link_of_the_site_leads_somewhere(site):
    dead = []
    for path, page in site.items():
        for link in page.links + page.loads:
            file, anchor = target_of(path, link)
            if file and (not file.exists() or anchor and file in site and anchor not in site[file].anchors):
                dead.append(f"{path.name}: {link}")
    assert not dead, "\n".join(dead)


def test_nothing_is_loaded_from_elsewhere(site):
    outside = [f"{path.name}: {load}" for path, page in site.items() for load in page.loads
               if target_of(path, load)[0] is None and not load.startswith("data:")]
    for sheet in SITE.rglob("*.css"):
        text = sheet.read_text()
        outside += [f"{sheet.name}: {url}" for url in re.findall(r"url\(\s*['\"]?([a-z]+:[^)]*)", text) if not url.startswith("data:")]
        outside += [f"{sheet.name}: @import" for _ in re.findall(r"@import", text)]
    assert not outside, "\n".join(outside)


def test_pages_hold_no_script_and_no_style_that_the_policy_forbids(site, api):
    inline = [f"{path.name}: {what}" for path, page in site.items() for what in page.inline]
    assert not inline, "\n".join(inline)
    policy = api.client.get(api.url + "/docs/try.html").headers["content-security-policy"]
    assert "unsafe" not in policy and "script-src 'self';" in policy and "worker-src 'self';" in policy, policy


def test_every_page_can_be_reached_from_the_first_and_has_a_title_of_its_own(site):
    reached, todo = set(), [SITE / "index.html"]
    while todo:
        path = todo.pop()
        if path not in reached and path in site:
            reached.add(path)
            todo += [file for link in site[path].links if (file := target_of(path, link)[0])]
    # Letters lead to those two.
    assert {path.name for path in set(site) - reached} == {"verify-email.html", "reset-password.html"}
    titles = [page.title.strip() for page in site.values()]
    assert all(titles) and len(set(titles)) == len(titles), sorted(titles)


def test_what_is_not_a_page_is_not_in_the_site(site):
    left = [path for path in SITE.rglob("*") if path.suffix in (".map", ".md", ".yml") or path.name in ("404.html", "requirements.txt", "hooks.py")]
    assert not left


def test_the_search_index_knows_every_page_and_is_json(site, api):
    answer = api.client.get(api.url + "/docs/search/search_index.json", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-type"].startswith("application/json") and answer.headers["content-encoding"] == "gzip"
    known = {entry["location"].partition("#")[0] or "index.html" for entry in answer.json()["docs"]}
    assert known == {path.name for path in site if path.parent == SITE}
    assert any(entry["location"] == "errors.html#quota-exceeded" for entry in answer.json()["docs"])


@pytest.fixture
def chromium(tmp_path):
    if not browser.executable():
        pytest.skip("chromium is not installed (scripts/up --install-only)")
    with browser.Browser(tmp_path) as running:
        yield running


def test_a_browser_shows_and_searches_the_pages_without_a_complaint(chromium, site, stack):
    base = f"{stack['BASE_URL']}/docs/"
    for path in site:
        chromium.go(base + str(path.relative_to(SITE)))
    chromium.go(base)
    chromium.evaluate("""(() => {
        const query = document.querySelector("input[name=query]");
        query.focus();
        query.value = "quota";
        query.dispatchEvent(new Event("input", {bubbles: true}));
        query.dispatchEvent(new KeyboardEvent("keyup", {bubbles: true}));
    })()""")
    found = chromium.until("[...document.querySelectorAll('.md-search-result__link')].map((link) => link.href).join(' ')")
    assert "/docs/errors.html?h=quota" in found, found
    assert not chromium.complaints, "\n".join(chromium.complaints)
    outside = [url for url in chromium.asked if not url.startswith((stack["BASE_URL"] + "/", "data:", "blob:"))]
    assert not outside, outside


def test_a_reader_tries_a_call_from_the_page(chromium, site, stack, account):
    chromium.go(f"{stack['BASE_URL']}/docs/try.html")
    chromium.until("!!document.querySelector('#operations-account-show_profile')")
    chromium.evaluate("document.querySelector('button.authorize').click()")
    chromium.until("!!document.querySelector('.auth-container input')")
    # What a keyboard does, as far as React looks.
    chromium.evaluate(f"""(() => {{
        const field = document.querySelector(".auth-container input");
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, {json.dumps(account.key)});
        field.dispatchEvent(new Event("input", {{bubbles: true}}));
        field.dispatchEvent(new Event("change", {{bubbles: true}}));
        document.querySelector(".auth-btn-wrapper .authorize").click();
        document.querySelector(".close-modal").click();
        document.querySelector("#operations-account-show_profile .opblock-summary-control").click();
    }})()""")
    chromium.until("!!document.querySelector('#operations-account-show_profile .execute')")
    chromium.evaluate("document.querySelector('#operations-account-show_profile .execute').click()")
    shown = chromium.until("document.querySelector('#operations-account-show_profile .live-responses-table .response')?.innerText")
    assert shown.startswith("200") and account.email in shown, shown
    assert not chromium.complaints, "\n".join(chromium.complaints)


# ------------------------------------------------------------- tables that tests hold

def test_the_table_of_roles_is_the_routers(stack):
    rows = re.findall(r"^\| `(\w+) (/\S*)` \| (\w+) \| (\S+) \| (\S+) \| (\S+) \|$", (DOCS / "roles.md").read_text(), re.M)
    told = {(method, path): (scope, permission, proof) for method, path, _, scope, permission, proof in rows}
    assert told == {route: access for route, access in stack.access().items() if access[0] != "-"}


def test_every_problem_has_its_place_in_the_guide_of_errors(contract, site):
    codes = set(re.findall(r"petstore\.direct/problems/([a-z_]+)", contract.text))
    assert codes - site[SITE / "errors.html"].anchors == set()


def test_every_setting_has_its_place_in_the_page_of_settings(site):
    settings = re.findall(r"^#?([A-Z][A-Z0-9_]{3,})=", (REPOSITORY / "systemd/petstore.env.example").read_text(), re.M)
    assert settings and set(settings) - site[SITE / "configure.html"].anchors == set()


def test_every_call_has_its_place_in_the_reference(stack, site):
    assert {name for _, _, name in stack.routes()} - site[SITE / "reference.html"].anchors == set()


# ------------------------------------------------------------------- every command runs

# Instead of the real curl, first on the path: it notes every answer's status.
NOTING_CURL = """#!/bin/bash
errors=$(mktemp)
{curl} -w '%{{stderr}}\\n@@%{{http_code}}\\n' "$@" 2> "$errors"
status=$?
sed -n 's/^@@//p' "$errors" >> "$NOTES"
sed '/^@@/d' "$errors" >&2
rm "$errors"
exit $status
"""


@pytest.fixture
def reader(stack, new_account, tmp_path):
    """Somebody who types a page's commands in the source folder, with an account of their own."""
    account = new_account(minute=1000)
    run = tmp_path / ".run"
    run.mkdir()
    mine = {"API_KEY": account.key, "USER_EMAIL": account.email, "USER_PASSWORD": account.password}
    (run / "env").write_text(pathlib.Path(os.environ["PETSTORE_ENV"]).read_text() + "".join(f"{name}='{value}'\n" for name, value in mine.items()))
    (tmp_path / "docs").symlink_to(DOCS)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "curl").write_text(NOTING_CURL.format(curl=shutil.which("curl")))
    (programs / "curl").chmod(0o755)

    def read(blocks):
        """Runs the blocks in one shell. Gives the statuses that each block's calls had, and what was printed."""
        notes = tmp_path / "notes"
        script = ""
        for number, block in enumerate(blocks):
            # Its own key serves for what only premium accounts may.
            text = block["text"] if "premium" not in block["classes"] else f"(API_KEY=$ADMIN_API_KEY\n{block['text']})\n"
            script += f'echo "block {number}" >> "$NOTES"\n{text}'
        path = os.pathsep.join([str(programs), str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=150,
                              env={**os.environ, "PATH": path, "NOTES": str(notes)})
        statuses = [part.split()[1:] for part in notes.read_text().split("block ")[1:]]
        at = blocks[min(len(statuses), len(blocks)) - 1]
        assert done.returncode == 0, f"{at['page']}:{at['line']}: {done.stderr[-2000:]}{done.stdout[-2000:]}"
        return statuses, done.stdout
    return read


# Pages that would be worth little if their answers were lost.
SHOWN_AS_ANSWER = {"authentication.md": 8, "migration.md": 1}


@pytest.mark.parametrize("page", [page for page in PAGES if any(map(is_for_the_stack, BLOCKS[page]))])
def test_the_commands_of_a_page_run_as_they_stand(reader, page):
    if page == "authentication.md" and not shutil.which("oathtool"):
        pytest.skip("oathtool is not installed (scripts/up --install-only)")
    blocks = [block for block in BLOCKS[page] if is_for_the_stack(block)]
    statuses, printed = reader(blocks)
    for block, got in zip(blocks, statuses):
        said = block["attributes"].get("data-status")
        if said:
            assert got == said.split(), f"{page}:{block['line']}: {got}"
        else:
            assert all(status < "400" for status in got), f"{page}:{block['line']}: {got}"
    assert not re.search(r"^null$", printed, re.M), printed
    # Sentences and problems that are shown as answers are the same each time.
    shown = [line for block in BLOCKS[page] if block["classes"] == ["answer"] and block["language"] == "text" for line in block["text"].splitlines()
             if re.fullmatch(r"https://petstore\.direct/problems/\w+|(?:You are|The (?:password|address)|If there is|A letter|String should) .*", line)]
    assert len(shown) >= SHOWN_AS_ANSWER.get(page, 0)
    for line in shown:
        assert line in printed.splitlines(), f"{page}: {line}"


# What no test runs as it stands, and why.
EXCEPTIONS = {
    ("install.md", "install-package"): "scripts/test-host installs the package that it has just built, with dpkg: the testbed has no archive to ask",
    ("install.md", "remove-package"): "scripts/test-host removes and purges with dpkg, for the same reason",
    ("upgrade.md", "upgrade-package"): "scripts/test-host upgrades under load, with dpkg, for the same reason",
    ("upgrade.md", "take-back"): "scripts/test-host takes the package back under load; its file has another name",
    ("tls.md", "with-certbot"): "needs a public name and an authority; scripts/test-host runs the hook itself",
    ("backup.md", "by-hand"): "scripts/test-recovery opens backups; this is for a cluster without petstore",
    ("backup.md", "archive-wal"): "scripts/test-recovery does it on a cluster of its own, whose folders are elsewhere",
    ("scale.md", "front-host"): "an editor is for people; scripts/test-hosts sets a front up from the same files",
    ("backup.md", "play-forward"): "scripts/test-recovery does it on a cluster of its own, whose folders are elsewhere",
}
# What is shown of files and not of a shell.
SHOWN = {"json", "text", "yaml", "ini", "nginx", "sql"}


def test_every_block_is_claimed_by_a_test():
    host = (REPOSITORY / "scripts/test-host").read_text()
    pages = re.search(r"^PAGES=\((.*?)\)", host, re.M | re.S)[1].split()
    unclaimed, seen = [], set()
    for page, blocks in BLOCKS.items():
        # Markdown's other way to show a command has no place for a claim.
        outside = re.sub(r"^```.*?^```$", "", (DOCS / page).read_text(), flags=re.M | re.S)
        assert not re.search(r"\n\n    (?!\*\*)", outside), f"{page}: an indented block; give it a fence"
        for block in blocks:
            where = f"{page}:{block['line']}"
            if block["language"] in ("bash", "python", "javascript", "swift"):
                # Clients: whole files, which tests below run.
                assert re.fullmatch(r'--8<-- "clients/petstore\.\w+"\n', block["text"]), where
            elif block["language"] != "sh":
                assert block["language"] in SHOWN, f"{where}: {block['language']}"
            elif block["id"]:
                assert (page, block["id"]) not in seen, where
                seen.add((page, block["id"]))
                if f"{page.removesuffix('.md')} --id {block['id']}" not in host and (page, block["id"]) not in EXCEPTIONS:
                    unclaimed.append(where)
            elif block["classes"] == ["host"]:
                if page.removesuffix(".md") not in pages:
                    unclaimed.append(where)
            elif not is_for_the_stack(block):
                unclaimed.append(where)
    assert not unclaimed, unclaimed
    assert set(EXCEPTIONS) <= seen, "an exception for what is not there"


def test_prometheus_takes_the_settings_that_are_shown(tmp_path):
    if not shutil.which("promtool"):
        pytest.skip("promtool is not installed (scripts/up --install-only)")
    shown = [block["text"] for block in BLOCKS["monitor.md"] if block["language"] == "yaml"]
    assert len(shown) == 1
    (tmp_path / "prometheus.yml").write_text(shown[0])
    done = subprocess.run(["promtool", "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# ----------------------------------------------------------------------------- clients

def client_command(name, directory):
    """How a client is run; skips where its language is not here."""
    file = DOCS / "clients" / name
    tool = {".sh": "bash", ".py": "python3", ".mjs": "node", ".swift": "swiftc"}[file.suffix]
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    if file.suffix != ".swift":
        return [tool, str(file)]
    made = directory / "petstore-client"
    if not made.exists():
        built = subprocess.run(["swiftc", "-warnings-as-errors", "-o", made, file], capture_output=True, text=True, timeout=600)
        assert built.returncode == 0, built.stderr
    return [str(made)]


@pytest.fixture(scope="session", params=["petstore.sh", "petstore.py", "petstore.mjs", "petstore.swift"])
def client(request, tmp_path_factory):
    """Runs a client: its topic and environment; gives what became of it."""
    command = client_command(request.param, tmp_path_factory.mktemp("client"))

    def run(topic, **variables):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        return subprocess.run([*trusting(command, variables.get("CA_CERT")), topic], capture_output=True, text=True, timeout=90,
                              env={**kept, "NODE_EXTRA_CA_CERTS": variables.get("CA_CERT", ""), **variables})
    return run


def trusting(command, authority):
    """Foundation trusts the system's list and no other: a namespace of its own has another list."""
    if not authority or not command[0].endswith("petstore-client"):
        return command
    return ["unshare", "--map-root-user", "--mount", "bash", "-c",
            f'mount --bind "{authority}" /etc/ssl/certs/ca-certificates.crt && exec "$@"', "sh", *command]


def test_a_client_writes_an_article_with_a_key_and_with_a_password(client, stack, new_account):
    account = new_account()
    for credential in ({"API_KEY": account.key}, {"EMAIL": account.email, "PASSWORD": account.password}):
        done = client("Feeding a hedgehog", BASE_URL=stack["BASE_URL"], CA_CERT=stack["CA_CERT"], **credential)
        assert done.returncode == 0, done.stderr
        email, title = done.stdout.splitlines()
        assert email == account.email and "hedgehog" in title.lower()


def test_a_client_says_what_is_wrong(client, stack, account):
    done = client("ab", BASE_URL=stack["BASE_URL"], CA_CERT=stack["CA_CERT"], API_KEY=account.key)
    assert done.returncode == 1 and "422 validation_failed" in done.stderr and "(request " in done.stderr, done.stderr
    assert "body.topic: String should have at least 3 characters" in done.stderr
    done = client("Feeding a hedgehog", BASE_URL=stack["BASE_URL"], CA_CERT=stack["CA_CERT"], EMAIL=account.email, PASSWORD="not-this-one")
    assert done.returncode == 1 and "401 wrong_credentials" in done.stderr, done.stderr


class Service(http.server.ThreadingHTTPServer):
    """Stands in for the service where it must refuse at a known moment: gives the answers of a list, one after the other."""

    def __init__(self, *answers):
        self.answers, self.asked, self.times = list(answers), [], []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        credential = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        self.server.times.append(time.monotonic())
        self.server.asked.append((self.command, self.path.removeprefix("/api/v1/"), credential, json.loads(body) if body else None))
        status, value, fields = self.server.answers.pop(0) if self.server.answers else problem(500, "internal_error")
        text = json.dumps(value).encode()
        self.send_response(status)
        for name, field in {"Content-Type": "application/json", "Content-Length": str(len(text)), **fields}.items():
            self.send_header(name, field)
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def problem(status, code, **fields):
    return status, {"type": f"https://petstore.direct/problems/{code}", "title": "No", "status": status, "detail": "Not so.", "instance": "/",
                    "request_id": "stand-in"}, {name.replace("_", "-"): value for name, value in fields.items()}


def pair(number):
    return 200, {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}, {}


PROFILE = 200, {"email": "you@example.com"}, {}
ARTICLE = 200, {"blog_post": {"title": "A title"}}, {}


def test_a_client_refreshes_once_and_waits_as_it_is_told(client):
    service = Service(pair(1), problem(401, "invalid_credential"), pair(2), problem(429, "quota-exceeded", Retry_After="2"), PROFILE,
                      problem(503, "unavailable", Retry_After="1"), ARTICLE)
    done = client("A topic", BASE_URL=service.url, EMAIL="you@example.com", PASSWORD='Tabby-and-"7"-kittens')
    assert (done.returncode, done.stdout) == (0, "you@example.com\nA title\n"), done.stderr
    assert [asked[:3] for asked in service.asked] == [
        ("POST", "auth/login", ""), ("GET", "auth/profile", "access-1"), ("POST", "auth/refresh", ""), ("GET", "auth/profile", "access-2"),
        ("GET", "auth/profile", "access-2"), ("POST", "blog/generate", "access-2"), ("POST", "blog/generate", "access-2")]
    assert service.asked[0][3] == {"email": "you@example.com", "password": 'Tabby-and-"7"-kittens'}
    assert service.asked[2][3] == {"refresh_token": "refresh-1"}
    assert service.times[4] - service.times[3] >= 1.9 and service.times[6] - service.times[5] >= 0.9


def test_a_client_logs_in_again_where_the_session_has_ended(client):
    service = Service(pair(1), problem(401, "invalid_credential"), problem(401, "invalid_grant"), pair(2), PROFILE, ARTICLE)
    done = client("A topic", BASE_URL=service.url, EMAIL="you@example.com", PASSWORD="p")
    assert done.returncode == 0, done.stderr
    assert [asked[1] for asked in service.asked] == ["auth/login", "auth/profile", "auth/refresh", "auth/login", "auth/profile", "blog/generate"]


def test_a_client_does_not_wait_for_ever_and_does_not_repeat_what_is_refused(client):
    service = Service(problem(429, "quota-exceeded", Retry_After="3600"))
    done = client("A topic", BASE_URL=service.url, API_KEY="a-key")
    assert done.returncode == 1 and "429 quota-exceeded: Not so. (request stand-in)" in done.stderr and len(service.asked) == 1
    service = Service(problem(401, "invalid_credential"))
    done = client("A topic", BASE_URL=service.url, API_KEY="a-key")
    assert done.returncode == 1 and "401 invalid_credential" in done.stderr and len(service.asked) == 1
