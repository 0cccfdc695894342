"""No page is open by forgetting, no form without its token, nothing from another host."""

import ast
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from mingtang.config import urls
from mingtang.core.people import Power
from mingtang.portal.context import hall
from mingtang.ui.context import preferences
from tests.architecture.sources import ROOT, SOURCE, files, tree, where

# Pages of other packages: they ask who you are themselves.
THIRD_PARTY = ("allauth.account", "allauth.mfa", "allauth.urls")
LEADING_ELSEWHERE = {"account/signup/": "registering is done on a page of ours"}
MADE_UP = {
    "int": 7,
    "str": "x",
    "slug": "x",
    "path": "0/000",
    "case": "MT-7K2P-9QXD",
    "batch": "B-7K2P-9QXD",
    "joint": "J-7K2P-9QXD",
}


def _walk(resolver, route="", namespace=""):
    for pattern in resolver.url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from _walk(pattern, whole, inner)
        elif isinstance(pattern, URLPattern):
            yield whole, pattern


def test_no_page_takes_a_name_that_every_page_has():
    """Whoever calls its own list `places` loses the way home and to the sign-in."""
    request = RequestFactory().get("/")
    every = {*preferences(request), *hall(request)} - {"lang"}  # which a manifest has, too
    taken = [
        f"{where(path, key)} {key.value}"
        for path in files("*.py")
        if "views" in path.parts or path.name == "views.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in every
    ]
    assert taken == []


def _access(view):
    return getattr(view, "access", ("nobody said",))[0]


ADDRESSES = list(_walk(get_resolver()))
OURS = [
    (route, p.callback) for route, p in ADDRESSES if p.callback.__module__.startswith("mingtang.")
]
EACH = pytest.mark.parametrize(("route", "view"), OURS, ids=[route or "/" for route, _ in OURS])
GUARDED = [(route, view) for route, view in OURS if _access(view) != "public"]
EACH_GUARDED = pytest.mark.parametrize(
    ("route", "view"), GUARDED, ids=[route for route, _ in GUARDED]
)


@EACH
def test_every_view_says_who_may_open_it(route, view):
    match getattr(view, "access", None):
        case ("public", str(why)):
            assert len(why) > 10
        case ("signed-in",):
            pass
        case ("powers", tuple(powers)):
            assert powers
            assert all(isinstance(power, Power) for power in powers)
        case other:
            pytest.fail(f"{route}: {other}")


def test_views_that_are_not_ours_are_those_we_know():
    known = ("mingtang.", *THIRD_PARTY)
    others = {route for route, p in ADDRESSES if not p.callback.__module__.startswith(known)}
    assert others == set(LEADING_ELSEWHERE)


@pytest.mark.parametrize("handler", ["handler403", "handler404", "handler500"])
def test_pages_for_errors_are_ours(handler):
    assert getattr(urls, handler).startswith("mingtang.ui.views.")


def _path(route):
    """Return an address that fits a route, made up."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: str(MADE_UP[m[1] or "str"]), route)


def _answers(client, route):
    """Return what a page answers to reading and to writing, those it does not do left out."""
    path = _path(route)
    codes = {client.get(path).status_code, client.post(path).status_code}
    return codes - {405}


@EACH_GUARDED
@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(route, view):
    assert _answers(Client(), route) <= {302, 401}
    assert _answers(Client(), route)


@pytest.mark.parametrize(
    ("route", "view"),
    [(route, view) for route, view in GUARDED if _access(view) == "powers"],
    ids=[route for route, view in GUARDED if _access(view) == "powers"],
)
@pytest.mark.django_db
def test_whoever_has_no_power_is_turned_away(route, view):
    citizen = get_user_model().objects.create_user("citizen", "x", person="P-CITIZEN")
    client = Client()
    client.force_login(citizen, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert _answers(client, route) == {403}


# ── What pages are made of ──────────────────────────────────────────────────

TEMPLATES = files("*.html")
FACES = [*TEMPLATES, *files("*.js"), *files("*.css"), *files("*.svg")]
FORM = re.compile(r"<form\b(?P<opening>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL | re.IGNORECASE)
POST = re.compile(r"method=[\"']?post", re.IGNORECASE)
INCLUDE = re.compile(r"{%\s*include\s+\"([^\"]+)\"")
# Names of what a file is, not addresses anything is asked of.
NAMESPACES = ("http://www.w3.org/",)
SHOWN_ONLY = {"ui/templates/ui/components.html"}  # the pieces with made-up values: goes nowhere


def _text(path):
    return path.read_text(encoding="utf-8")


def _with_includes(text):
    for name in INCLUDE.findall(text):
        for path in TEMPLATES:
            if path.as_posix().endswith(f"/templates/{name}"):
                text += _text(path)
    return text


def test_every_form_that_writes_carries_its_token():
    forms = [(path, form) for path in TEMPLATES for form in FORM.finditer(_text(path))]
    writing = [(p, f) for p, f in forms if POST.search(f["opening"])]
    assert len(writing) > 15
    bare = [
        f"{path.relative_to(SOURCE)}: {form['opening'].strip()[:60]}"
        for path, form in writing
        if "csrf_token" not in _with_includes(form["inside"])
        and str(path.relative_to(SOURCE)) not in SHOWN_ONLY
    ]
    assert bare == []


CLASS = re.compile(r"\sclass=\"([^\"]*)\"")
TAG = re.compile(r"{%.*?%}")
FILLED_IN = re.compile(r"\S*{{.*?}}\S*")  # names put together while the page is written
STYLED = re.compile(r"\.([a-zA-Z][\w-]*)")


def test_every_class_on_a_page_is_styled_by_the_house_or_its_room():
    """Or the page looks otherwise than whoever wrote it believed."""
    sheets = {}
    for path in files("*.css"):
        room = path.relative_to(SOURCE).parts[0]
        sheets[room] = sheets.get(room, set()) | set(STYLED.findall(_text(path)))
    classes = 0
    unstyled = set()
    for path in TEMPLATES:
        room = path.relative_to(SOURCE).parts[0]
        for said in CLASS.findall(TAG.sub(" ", _text(path))):
            names = FILLED_IN.sub(" ", said).split()
            classes += len(names)
            known = sheets["ui"] | sheets.get(room, set())
            unstyled |= {
                (str(path.relative_to(SOURCE)), name) for name in names if name not in known
            }
    assert classes > 1_000
    assert unstyled == set()


def test_nothing_is_asked_of_another_host():
    pattern = re.compile(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^\s\"')]*", re.IGNORECASE)
    found = [
        f"{path.relative_to(SOURCE)}: {address}"
        for path in FACES
        for address in pattern.findall(_text(path))
        if not address.startswith(NAMESPACES)
    ]
    assert found == []


def test_nothing_runs_or_looks_that_the_content_policy_forbids():
    """No inline script, no handler in an attribute, no style in an attribute."""
    forbidden = re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))|\son[a-z]+=[\"']"
        r"|\sstyle=[\"']|javascript:|<style\b",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0].strip()}"
        for path in TEMPLATES
        for match in forbidden.finditer(
            re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", _text(path), flags=re.DOTALL)
        )
    ]
    assert found == []
