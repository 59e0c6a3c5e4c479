"""The documents say what is: their tables, links and commands."""

import os
import pathlib
import re
import subprocess
from html import unescape
from html.parser import HTMLParser

import pytest

DOCS = pathlib.Path(__file__).parent.parent.parent / "docs"
PAGES = sorted(DOCS.rglob("*.html"))


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path, self.anchors, self.links = path, set(), []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            assert attributes["id"] not in self.anchors, f"{self.path}: {attributes['id']} twice"
            self.anchors.add(attributes["id"])
        for name in ("href", "src"):
            if name in attributes:
                self.links.append(attributes[name])


def test_every_link_leads_somewhere():
    pages = {page: Page(page) for page in PAGES}
    for page, parsed in pages.items():
        for link in parsed.links:
            if re.match(r"[a-z]+:", link) or link in ("/openapi.yaml",):
                continue
            target, _, anchor = link.partition("#")
            file = (DOCS / target.removeprefix("/docs/") if target.startswith("/") else page.parent / target) if target else page
            if file.is_dir():
                file = file / "index.html"
            assert file.exists(), f"{page.name}: {link}"
            if anchor and file.suffix == ".html":
                assert anchor in pages[file.resolve()].anchors, f"{page.name}: {link}"


def test_the_table_of_roles_is_the_routers(stack):
    rows = re.findall(r"<tr><td><code>(\w+) (/\S*)</code></td><td>(\w+)</td><td>(\S+?)</td><td>(\S+?)</td><td>(\S+?)</td></tr>",
                      (DOCS / "roles.html").read_text())
    told = {(method, path): (scope, permission, proof) for method, path, _, scope, permission, proof in rows}
    assert told == {route: access for route, access in stack.access().items() if access[0] != "-"}


def test_every_problem_has_its_place_in_the_guide_of_errors(contract):
    codes = set(re.findall(r"petstore\.direct/problems/([a-z_]+)", contract.text))
    assert codes - Page(DOCS / "errors.html").anchors == set()


@pytest.mark.parametrize("page", ["content.html", "usage.html"])
def test_the_commands_of_a_page_run_as_they_stand(stack, page, tmp_path):
    blocks = [unescape(block) for block in re.findall(r'<pre class="sh"><code>(.*?)</code></pre>', (DOCS / page).read_text(), re.S)]
    assert blocks
    script = "\n".join(blocks).replace(". .run/env", ". " + os.environ["PETSTORE_ENV"])
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    assert not re.search(r"^null$", done.stdout, re.M) and "/problems/" not in done.stdout, done.stdout
