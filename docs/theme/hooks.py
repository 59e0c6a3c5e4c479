"""What MkDocs does for these pages beside Markdown: settings and operations come from the files that define them, Swagger
UI is laid beside the pages, and what a site of static files under a strict policy has no use for is taken out."""

import pathlib
import re
import shutil
import subprocess
import sys

import mkdocs_swagger_ui_tag
import yaml

ROOT = pathlib.Path(__file__).parent.parent.parent
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = re.compile(r"(?:petstore\.direct/problems/|http-problem-types#)([a-z_-]+)")


def on_page_markdown(markdown, page, **_):
    """A line that is one of these comments becomes what it names."""
    for marker, made in {"<!-- settings -->": settings, "<!-- operations -->": operations, "<!-- schemas -->": schemas}.items():
        if marker in markdown:
            markdown = markdown.replace(marker, made())
    return markdown


def settings():
    with open(ROOT / "systemd/petstore.env.example") as example:
        return subprocess.run([sys.executable, ROOT / "scripts/make-settings-manual", "--markdown"], stdin=example,
                              capture_output=True, text=True, check=True).stdout


# ------------------------------------------------------------ openapi.yaml as pages

def contract():
    return yaml.safe_load((ROOT / "openapi.yaml").read_text())


def resolve(api, node):
    while isinstance(node, dict) and "$ref" in node:
        target = api
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def cell(text):
    """Text for a cell of a table: one line, no column marks."""
    return re.sub(r"\s+", " ", str(text)).strip().replace("|", "\\|")


def paragraphs(text):
    return str(text or "").strip()


def kind(api, schema):
    """What values are of, in words: a schema with a name is a link to it."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](schemas.md#{name})"
    for word, between in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if word in schema:
            # A part without a name narrows the one beside it.
            parts = [kind(api, part) for part in schema[word] if word != "allOf" or "$ref" in part] or ["object"]
            return between.join(dict.fromkeys(parts))
    if "const" in schema:
        return f"`{cell(yaml_word(schema['const']))}`"
    if "enum" in schema:
        return " ".join(f"`{cell(yaml_word(value))}`" for value in schema["enum"])
    types = schema.get("type", "any value")
    types = types if isinstance(types, list) else [types]
    words = []
    for name in types:
        if name == "array":
            words.append("list of " + kind(api, schema.get("items", {})))
        elif name == "object" and isinstance(schema.get("additionalProperties"), dict):
            words.append("object of " + kind(api, schema["additionalProperties"]))
        else:
            words.append(name)
    return " or ".join(words)


def yaml_word(value):
    return {True: "true", False: "false", None: "null"}.get(value, value) if isinstance(value, (bool, type(None))) else value


BOUNDS = (("format", "{}"), ("minLength", "from {} characters"), ("maxLength", "to {} characters"), ("minItems", "from {} items"),
          ("maxItems", "to {} items"), ("minimum", "from {}"), ("exclusiveMinimum", "above {}"), ("maximum", "to {}"))


def bounds(schema):
    said = [words.format(schema[name]) for name, words in BOUNDS if name in schema]
    if "default" in schema:
        said.append(f"`{cell(yaml_word(schema['default']))}` unless given")
    return ", ".join(said)


def member_rows(api, schema, prefix="", depth=0):
    """Rows of a table of members; those of an object without a name follow it."""
    schema = resolve(api, schema)
    rows = []
    for part in schema.get("allOf", []):
        rows += member_rows(api, part, prefix, depth)
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        told = resolve(api, member)
        said = ". ".join(filter(None, (cell(told.get("description", "")).rstrip("."), bounds(told))))
        rows.append(f"| `{prefix}{name}` | {kind(api, member)} | {'yes' if name in required else ''} | {said} |")
        inner = told.get("items", told) if told.get("type") == "array" else told
        if "$ref" not in member and "$ref" not in inner and inner.get("properties") and depth < 3:
            rows += member_rows(api, inner, f"{prefix}{name}{'[]' if inner is not told else ''}.", depth + 1)
    return rows


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *rows])


def codes(api, node, seen=None):
    """The codes of all problems that an answer may be, from its schemas."""
    seen = seen if seen is not None else set()
    found = []
    if isinstance(node, dict):
        if "$ref" in node:
            if node["$ref"] in seen:
                return []
            return codes(api, resolve(api, node), seen | {node["$ref"]})
        for name, value in node.items():
            if name not in ("description", "example", "examples"):
                found += codes(api, value, seen)
    elif isinstance(node, list):
        for value in node:
            found += codes(api, value, seen)
    elif isinstance(node, str):
        found += PROBLEM.findall(node)
    return list(dict.fromkeys(found))


def operations():
    api = contract()
    out = []
    for tag in api["tags"]:
        out.append(f"## {tag['name'].capitalize()} {{ #{tag['name'].replace(' ', '-')} }}\n\n{paragraphs(tag.get('description'))}")
        for path, item in api["paths"].items():
            for method in METHODS:
                if method in item and item[method]["tags"][0] == tag["name"]:
                    out.append(operation(api, path, method, item))
    return "\n\n".join(out)


def operation(api, path, method, item):
    told = item[method]
    scope, permission = told.get("x-required-scope"), told.get("x-required-permission")
    asks = "Open to everybody." if not scope else ("Any credential." if scope == "any" else f"Scope `{scope}`.")
    if permission:
        asks += f" Permission `{permission}`."
    if told.get("x-fresh-proof"):
        asks += " A [fresh proof](authentication.md#step-up)."
    out = [f"### {told['summary']} {{ #{told['operationId']} }}", f"`{method.upper()} {path}`", f"{asks} Named `{told['operationId']}`.",
           paragraphs(told.get("description"))]
    rows = []
    for parameter in item.get("parameters", []) + told.get("parameters", []):
        parameter = resolve(api, parameter)
        if parameter["name"] != "X-Request-ID":   # every call takes it: the page says so once
            schema = resolve(api, parameter["schema"])
            said = ". ".join(filter(None, (cell(parameter.get("description", "")).rstrip("."), bounds(schema))))
            rows.append(f"| `{parameter['name']}` | {parameter['in']} | {kind(api, parameter['schema'])} | {said} |")
    if rows:
        out.append(table(("parameter", "in", "of", "is"), rows))
    body = resolve(api, told.get("requestBody", {}))
    for media, content in body.get("content", {}).items():
        out.append(f"Body, `{media}`: {kind(api, content.get('schema', {}))}")
    rows = []
    for status, answer in told["responses"].items():
        answer = resolve(api, answer)
        shapes = [kind(api, content["schema"]) if media.endswith("json") else f"`{media}`" for media, content in answer.get("content", {}).items()
                  if media != "application/problem+json" and "schema" in content]
        problems = [f"[{code}](errors.md#{code})" for code in codes(api, answer.get("content", {}).get("application/problem+json", {}))]
        rows.append(f"| {status} | {cell(answer['description'])} | {' '.join(dict.fromkeys(shapes + problems))} |")
    out.append(table(("status", "when", "what"), rows))
    return "\n\n".join(part for part in out if part)


def schemas():
    api = contract()
    out = []
    for name, schema in sorted(api["components"]["schemas"].items(), key=lambda pair: pair[0].lower()):
        out.append(f"## {name} {{ #{name} }}")
        if schema.get("description"):
            out.append(paragraphs(schema["description"]))
        rows = member_rows(api, schema)
        if rows:
            out.append(table(("member", "of", "always there", "is"), rows))
        else:
            pattern = schema.get("pattern")
            said = ". ".join(filter(None, (kind(api, schema), bounds(schema))))
            out.append(said + "." + (f"\n\n```text\n{pattern}\n```" if pattern else ""))
    return "\n\n".join(out)


# ------------------------------------------------------------------ around the pages

def on_post_build(config, **_):
    site = pathlib.Path(config["site_dir"])
    # nginx has an answer of its own for what is not there; a map of the site would need to know its address.
    for name in ("404.html", "sitemap.xml", "sitemap.xml.gz"):
        (site / name).unlink(missing_ok=True)
    # Other languages' stemmers, and what only a debugger reads.
    shutil.rmtree(site / "assets/javascripts/lunr", ignore_errors=True)
    for file in site.rglob("*.map"):
        file.unlink()
    for file in [*site.rglob("*.js"), *site.rglob("*.css")]:
        text = file.read_text()
        shorter = re.sub(r"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ ?\*/)\s*\Z", "\n", text)
        if shorter != text:
            file.write_text(shorter)
    # The plugin would frame a page with scripts inside; its copy of Swagger UI does without a frame: theme/try.html.
    source = pathlib.Path(mkdocs_swagger_ui_tag.__file__).parent / "swagger-ui"
    target = site / "assets/swagger-ui"
    target.mkdir()
    for name in ("javascripts/swagger-ui-bundle.js", "stylesheets/swagger-ui.css", "LICENSE", "NOTICE"):
        text = (source / name).read_text()
        (target / pathlib.Path(name).name).write_text(re.sub(r"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ ?\*/)\s*\Z", "\n", text))
