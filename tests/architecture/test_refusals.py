"""Every refusal has a sentence, every sentence a refusal, and each is told what it needs."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from mingtang.catalogue.templatetags.shortcoming_words import SHORTCOMINGS
from mingtang.core import mandates, quality, seals
from mingtang.core.trading.lots import bidding
from mingtang.ui.refusals import SENTENCES
from tests.architecture.sources import SOURCE, files, tree, where

CODE = re.compile(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+")
ANY = r"[a-z-]+"
# The verifier words its findings itself: nothing of it is shown by a page.
APART = (SOURCE / "verifier", SOURCE / "witness")
# Codes that reach a refusal by a name, not where they are written.
BY_NAME = [
    (Path(mandates.__file__), "why_not", {"letter_no"}),
    (Path(seals.__file__), "why_not", {"letter_no"}),
    (Path(bidding.__file__), "CODES", {"until"}),
]


@dataclass(frozen=True)
class Raised:
    code: str  # a pattern
    facts: frozenset[str]
    where: str


def raised() -> list[Raised]:
    found = []
    for path in files("*.py"):
        if any(path.is_relative_to(apart) for apart in APART):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                code = _code_of(node)
                if code is not None:
                    facts = frozenset(k.arg for k in node.keywords if k.arg)
                    found.append(Raised(code, facts, where(path, node)))
    return found + _by_name()


def _by_name() -> list[Raised]:
    found = []
    for path, name, facts in BY_NAME:
        [body] = [n for n in tree(path).body if name in _named(n)]
        for node in ast.walk(body):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and CODE.fullmatch(text):
                found.append(Raised(re.escape(text), frozenset(facts), name))
    return found


def _named(node: ast.stmt) -> set[str]:
    """Return the names a statement at the top of a file gives something."""
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {getattr(node, "name", "")}


def _code_of(call: ast.Call) -> str | None:
    """Return the code a call of Refused or require gives, as a pattern."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    place = {"Refused": 0, "require": 1, "Shortcoming": 0}.get(name)
    if place is None or len(call.args) <= place:
        return None
    return _pattern(call.args[place])


def _pattern(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(code)):
            return re.escape(code)
        case ast.JoinedStr(values=parts):
            return "".join(
                re.escape(p.value) if isinstance(p, ast.Constant) else ANY for p in parts
            )
        case _:
            return None


RAISED = raised()
WORDED = {code: str(words) for code, words in SENTENCES.items()}
WORDED |= {code: str(sentence) for code, (sentence, _) in SHORTCOMINGS.items()}


def test_the_scan_finds_what_there_is():
    """So that a change of habit in the code does not quietly empty these tests."""
    assert len(RAISED) > 150
    codes = {one.code for one in RAISED}
    assert {re.escape("mandate.expired"), rf"account\.already\-{ANY}"} <= codes


def test_every_refusal_has_a_sentence():
    silent = [
        f"{one.where} {one.code}"
        for one in RAISED
        if not any(re.fullmatch(one.code, code) for code in WORDED)
    ]
    assert silent == []


def test_every_sentence_has_a_refusal():
    orphans = [code for code in WORDED if not any(re.fullmatch(one.code, code) for one in RAISED)]
    assert orphans == []


def test_a_refusal_gives_every_fact_its_sentence_needs():
    wanting = [
        f"{one.where} {code} needs {needed - one.facts}"
        for one in RAISED
        for code, words in WORDED.items()
        if re.fullmatch(one.code, code)
        and (needed := set(re.findall(r"%\((\w+)\)s", words))) - one.facts
    ]
    assert wanting == []


@pytest.mark.parametrize("code", sorted(WORDED))
def test_a_code_is_one_a_page_can_show_and_statistics_can_count(code):
    assert CODE.fullmatch(code)
    assert len(code) <= 60


def test_every_quality_rule_of_an_item_is_worded_where_items_are_edited():
    assert {code for code in WORDED if code.startswith("quality.")} == set(SHORTCOMINGS)
    assert len(quality.RULES) > 20
