"""The written part says what is so: commands, settings, events, codes, names, links, examples."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest

from mingtang.config.cli import main as commands
from mingtang.config.importing.columns import NAMES, SICHUAN
from mingtang.core import merkle
from mingtang.core.cases import CaseWithdrawn
from mingtang.core.history import WIRE
from mingtang.core.wire import Sealed

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mingtang"
SCREENSHOTS = ("home", "guide", "progress", "workbench", "ledger", "phone")
SCREENSHOTS += ("lists", "hand-phone", "joint", "sharing", "ratings", "efficiency")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def committed():
    """Every file git knows, as paths from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


def pages():
    return [ROOT / name for name in committed() if name.endswith(".md")]


def sources():
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.read_text(encoding="utf-8")


OPERATIONS = [read("README.md"), *map(read, sorted((ROOT / "docs" / "operations").glob("*.md")))]

# ── What can be done and set ────────────────────────────────────────────────


@pytest.mark.parametrize(
    "command", sorted(name for name, one in commands.commands.items() if not one.hidden)
)
def test_every_command_is_told_of(command):
    assert f"mingtang {command}" in read("docs/operations/README.md")
    assert any(f"mingtang {command}" in text for text in OPERATIONS)


def test_no_page_tells_of_a_command_that_is_not_there():
    told = {
        name
        for page in pages()
        for name in re.findall(r"`?(?:bin/)?mingtang ([a-z][a-z-]+)(?=[` \n])", _code(page))
    }
    assert told - set(commands.commands) == set()


def _code(page):
    """What a page shows as something to type: fenced, indented, or in backticks."""
    text = page.read_text(encoding="utf-8")
    fenced = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    indented = re.findall(r"^ {4,}(?:\S*/)?mingtang .*$", text, re.MULTILINE)
    return "\n".join([*fenced, *indented, *re.findall(r"`[^`\n]+`", text)]) + "\n"


def settings_read():
    pattern = re.compile(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"")
    names = {name for text in sources() for name in pattern.findall(text)}
    return names - {"DJANGO_SETTINGS_MODULE"}


@pytest.mark.parametrize(
    "page",
    ["README.md", "README.zh.md", "docs/operations/install.md", "src/mingtang/config/settings.py"],
)
def test_every_setting_is_told_of(page):
    named = set(re.findall(r"MINGTANG_[A-Z_]+|DATABASE_URL|SECRET_KEY", read(page)))
    assert settings_read() - named == set()


def test_no_page_tells_of_a_setting_that_is_not_there():
    told = {
        name
        for page in [*pages(), *(ROOT / "deploy").iterdir()]
        for name in re.findall(r"MINGTANG_[A-Z_]+", page.read_text(encoding="utf-8"))
    }
    assert told - settings_read() == set()


@pytest.mark.parametrize("name", ["demo", "test"])
@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_two_commands_of_the_readme_are_there(page, name):
    assert f"script/{name}" in read(page)
    assert os.access(ROOT / "script" / name, os.X_OK)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "script").iterdir()))
def test_every_script_can_be_run(name):
    assert os.access(ROOT / "script" / name, os.X_OK)


def test_every_script_a_page_names_is_there():
    named = {
        name
        for page in pages()
        for name in re.findall(r"\bscript/([a-z][a-z-]*)", page.read_text(encoding="utf-8"))
    }
    assert named - {path.name for path in (ROOT / "script").iterdir()} == set()


# ── What is recorded, imported, found ───────────────────────────────────────


def test_every_event_is_in_the_page_of_events():
    done = subprocess.run(
        [sys.executable, "script/event-docs", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = read("docs/formats/events.md")
    assert [kind for kind in WIRE.events if f"### {kind}\n" not in page] == []


def test_the_example_of_an_entry_is_what_the_code_makes():
    event = CaseWithdrawn(
        reason=Sealed("演示：不再需要"),
        at=datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8))),
    )
    place = {
        "_stream": "case/MT-7K2P-9QXD",
        "_seq": 4,
        "_once": sha256(b"form-7").hexdigest(),
    }
    entry, [disclosure] = WIRE.encode(event, iter(["AAECAwQFBgcICQoLDA0ODw"]), place=place)
    page = read("docs/formats/entry.md")
    assert f"```json\n{entry.decode()}\n```" in page
    assert f"| length | {len(entry)} bytes |" in page
    assert f"| leaf | `{merkle.leaf_hash(entry).hex()}` |" in page
    assert json.loads(entry)["_sd"] == [disclosure.digest]


def test_every_column_of_an_import_is_told_of():
    page = read("docs/formats/import.md")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert set(rows) == set(NAMES)
    missing = [
        other for name, others in NAMES.items() for other in others if other not in rows[name]
    ]
    assert missing == []
    headings = {heading for _element, names, _reader in SICHUAN.columns for heading in names}
    assert headings - set(re.findall(r"`(\w+)`", page.lower())) == set()


def test_every_finding_is_explained_to_operators():
    codes = {code for text in sources() for code in re.findall(r"\"verify\.([a-z-]+)\"", text)}
    codes |= {"erasure-undone", "disclosure-missing"}  # put together where they are found
    told = set(
        re.findall(r"^\| `verify\.([a-z-]+)` \|", read("docs/operations/incident.md"), re.MULTILINE)
    )
    assert told == codes


# ── Words ───────────────────────────────────────────────────────────────────


def test_every_name_of_the_glossary_is_in_the_code():
    words = {word for text in sources() for word in re.findall(r"\w+", text)}
    named = re.findall(r"\| `([\w.]+)` \|$", read("GLOSSARY.md"), re.MULTILINE)
    assert len(named) > 80
    assert [name for name in named if not set(name.split(".")) <= words] == []


def test_no_term_of_the_glossary_is_told_twice():
    terms = re.findall(r"^\| ([\u4e00-\u9fff]+) \|", read("GLOSSARY.md"), re.MULTILINE)
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


# ── Links ───────────────────────────────────────────────────────────────────


def links():
    for page in pages():
        text = re.sub(
            r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" not in target and "docs/screenshots/" not in target:
                yield page, target


def test_every_link_leads_somewhere():
    broken = []
    for page, target in links():
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_file_of_the_code_a_page_names_is_there():
    named = {
        (page, name)
        for page in pages()
        for name in re.findall(r"`([a-z_/.]+/[a-z_.]+\.py)`", page.read_text(encoding="utf-8"))
    }
    assert [
        f"{page.relative_to(ROOT)}: {name}"
        for page, name in sorted(named)
        if not (ROOT / name).exists() and not (SOURCE / name).exists()
    ] == []


def test_every_function_the_architecture_follows_is_there():
    words = {word for text in sources() for word in re.findall(r"\w+", text)}
    [trace] = re.findall(r"^```\nPOST .*?^```", read("ARCHITECTURE.md"), re.DOTALL | re.MULTILINE)
    places = re.findall(r"(?<= )(?:cases|core|ledger)/\w+(?:/\w+)?", trace)
    assert len(places) == 15
    assert [p for p in places if not any(SOURCE.glob(f"{p}*"))] == []
    assert set(re.findall(r"(\w+)\(", trace)) - words == set()


def _anchors(page):
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings}


@pytest.mark.parametrize("name", SCREENSHOTS)
def test_the_screenshots_of_the_readmes_are_there(name):
    path = f"docs/screenshots/{name}.png"
    assert path in read("README.md")
    assert path in read("README.zh.md")
    assert (ROOT / path).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_every_decision_is_in_the_list():
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", read("docs/adr/README.md"))
    assert listed == sorted(path.name for path in (ROOT / "docs" / "adr").glob("0*.md"))


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "adr").glob("0*.md")), ids=lambda p: p.name
)
def test_a_decision_says_why_what_and_what_follows(page):
    text = page.read_text(encoding="utf-8")
    number = int(page.name[:4])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Tags: .+\. Status: .+\.", text, re.MULTILINE)
    places = [text.index(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
    assert places == sorted(places)


# ── What must not be in the repository ──────────────────────────────────────

# Spelled in parts, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"work/(?:main|shared)",
            r"(?<![\w.])/" + r"root/",
            r"(?<![\w.])/" + r"home/[a-z]",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs\.org",
            "registry" + r"\.yarnpkg\.com",
            r"--(?:extra-)?index" + "-url",
        ]
    )
)
BINARY = (".png", ".mo", ".woff2", ".xlsx", ".ico")


def test_no_committed_file_names_a_machine_or_a_registry():
    found = []
    for name in committed():
        path = ROOT / name
        if name.endswith(BINARY) or not path.is_file():
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        ):
            if FOREIGN.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert found == []
