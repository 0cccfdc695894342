"""The look: pieces as HTML, contrast from the stylesheet, nothing inline, two languages."""

import ast
import importlib.machinery
import importlib.util
import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import translation

from mingtang.core.decider import Refused
from mingtang.ui import access, calendar_sheet, context, formats, pages, refusals, samples, views

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mingtang"
CSS = (SOURCE / "ui" / "static" / "ui" / "mingtang.css").read_text(encoding="utf-8")
TEMPLATES = sorted(
    path for path in SOURCE.rglob("*.html") if "templates" in path.relative_to(SOURCE).parts
)


def show(source: str, **values: object) -> str:
    """A template rendered with the pieces loaded."""
    values.setdefault("request", RequestFactory().get("/items/?q=%E9%A3%9F%E5%93%81&page=7"))
    return Template("{% load i18n mingtang_ui %}" + source).render(Context(values))


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def english(tmp_path):
    """English pages, compiled from the catalogue as it is in the tree."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from django.utils.translation import trans_real

    compiled = tmp_path / "en" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    text = (SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po").read_bytes()
    with compiled.open("wb") as stream:
        write_mo(stream, read_po(io.BytesIO(text)))
    with override_settings(LOCALE_PATHS=[tmp_path]):
        trans_real._translations.pop("en", None)
        with translation.override("en"):
            yield
    trans_real._translations.pop("en", None)


# --- how values are written ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "yuan", "wan"),
    [
        (0, "0.00 元", "0.00 万元"),
        (1, "0.01 元", "0.000001 万元"),
        (1_234_567, "12,345.67 元", "1.234567 万元"),
        (1_234_000_000_00, "1,234,000,000.00 元", "123,400.00 万元"),
        (-150, "-1.50 元", "-0.00015 万元"),
    ],
)
def test_money_is_exact_and_grouped(fen, yuan, wan):
    assert formats.yuan(fen) == yuan
    assert formats.wan(fen) == wan


def test_an_absent_value_is_an_empty_text():
    writers = ("number", "yuan", "wan", "civil_date", "moment", "clock_time", "masked")
    for write in (*writers, "fingerprint", "file_size"):
        assert getattr(formats, write)(None) == ""


def test_a_moment_shows_chinas_clock_and_a_late_evening_in_utc_is_the_next_day():
    late = datetime(2026, 3, 15, 16, 30, 5, tzinfo=UTC)
    assert formats.moment(late) == "2026-03-16 00:30:05"
    assert formats.moment("2026-03-15T16:30:05+00:00") == "2026-03-16 00:30:05"
    assert formats.clock_time(late) == "00:30:05"
    assert formats.civil_date(late) == "2026-03-16（周一）"
    assert formats.civil_date(date(2026, 3, 22)) == "2026-03-22（周日）"


def test_a_moment_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        formats.moment("2026-03-15T16:30:05")


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("11010519491231123X", "id", "110***********123X"),
        ("13800005678", "phone", "138****5678"),
        ("演示甲", "name", "演**"),
        ("甲", "name", "甲*"),
        ("1234567", "id", "*******"),
    ],
)
def test_personal_values_are_masked(value, kind, shown):
    assert formats.masked(value, kind) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 字节"), (1023, "1023 字节"), (1536, "1.5 KB"), (10 * 1024**2, "10.0 MB")],
)
def test_a_file_size_is_readable(size, shown):
    assert formats.file_size(size) == shown


def test_a_fingerprint_is_grouped_in_fours():
    assert formats.fingerprint("9f86d081884c7d659a2f") == "9f86-d081-884c-7d65"


def test_english_writes_dates_and_money_its_own_way(english):
    assert formats.civil_date(date(2026, 3, 16)) == "2026-03-16 (Mon)"
    assert formats.yuan(1_234_567) == "CNY 12,345.67"
    assert formats.wan(1_234_000_000_00) == "CNY 1,234,000,000.00"


# --- pieces -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "shape", "word"),
    [
        ("good", '<circle cx="6" cy="6" r="5" />', "在时限内"),
        ("warn", '<path d="M6 .8 11.6 11H.4z" />', "临近时限"),
        ("bad", '<path d="M1 1h10v10H1z" />', "已超时限"),
        ("paused", '<path d="M2 1h3v10H2zM7 1h3v10H7z" />', "暂停计时"),
        ("idle", '<circle class="ring" cx="6" cy="6" r="4.4" />', "未开始"),
    ],
)
def test_a_lamp_has_shape_and_word_beside_its_colour(state, shape, word):
    assert show("{% lamp state %}", state=state) == (
        f'<span class="lamp {state}"><svg viewBox="0 0 12 12" aria-hidden="true" '
        f'focusable="false">{shape}</svg>{word}</span>\n'
    )


def test_a_breadcrumb_ends_with_this_page():
    assert show('{% breadcrumb "首页" "/" "办事" "/items/" name %}', name="食品 <许可>") == (
        '<nav class="breadcrumb" aria-label="当前位置"><ol>'
        '<li><a href="/">首页</a></li><li><a href="/items/">办事</a></li>'
        '<li><span aria-current="page">食品 &lt;许可&gt;</span></li></ol></nav>\n'
    )


def test_figures_show_what_they_replace():
    item = {"label": "承诺时限", "was": "20", "value": "5", "unit": "个工作日"}
    assert show("{% figures items %}", items=[item]) == (
        '<dl class="figures"><div><dt>承诺时限</dt><dd><s><span class="unseen">原来</span>20</s>'
        '<span class="arrow" aria-hidden="true">→</span><b>5</b> <small>个工作日</small></dd>'
        "</div></dl>\n"
    )


def test_the_step_line_says_each_state_in_words():
    steps = [{"name": "受理", "state": "done"}, {"name": "审查", "state": "paused", "note": "核查"}]
    assert show("{% step_line steps %}", steps=steps) == (
        '<ol class="steps" aria-label="办理进度">'
        '<li class="done"><span class="name">受理</span><span class="unseen">（已完成）</span></li>'
        '<li class="paused" aria-current="step"><span class="name">审查</span>'
        '<span class="unseen">（暂停计时）</span><span class="note">核查</span></li></ol>\n'
    )


def test_the_clock_card_draws_a_cell_a_day_and_marks_the_days_over():
    clock = {"limit_days": 5, "used_days": 7, "left_days": -2, "lamp": "bad",
             "due_date": date(2026, 3, 23)}  # fmt: skip
    html = show("{% clock_card clock %}", clock=clock)
    assert [html.count(f'<rect class="{state}"') for state in ("used", "over", "left")] == [5, 2, 0]
    assert "<dt>超期</dt><dd><b>2</b> <small>个工作日</small>" in html
    assert "本应办结 <b>2026-03-23（周一）</b>" in html


def test_the_clock_card_explains_its_date_day_by_day():
    html = show("{% clock_card clock %}", clock=samples._clocks()[0])
    assert "为什么是这一天？" in html
    assert '<time datetime="2026-03-13">3/13</time><span>起</span>' in html
    assert '<td class="rests paused"><time datetime="2026-03-16">16</time><span>停</span>' in html
    assert '<td class="counts due"><time datetime="2026-03-23">23</time><span>第5天</span>' in html


def test_a_calendar_sheet_begins_on_monday_and_names_the_month():
    days = [{"date": date(2026, 3, 31)}, {"date": date(2026, 4, 1)}]
    assert calendar_sheet.weeks(days) == [
        [None, {"date": date(2026, 3, 31), "month": True},
         {"date": date(2026, 4, 1), "month": True}, None, None, None, None]
    ]  # fmt: skip
    assert calendar_sheet.weeks([]) == []


def test_a_timeline_line_carries_its_receipt_number():
    line = {"at": datetime(2026, 3, 17, 2, 22, 9, tzinfo=UTC), "what": "受理", "who": "窗口 3",
            "index": 1_284_655, "receipt_url": "/r/1"}  # fmt: skip
    assert show("{% timeline lines %}", lines=[line]) == (
        '<ol class="log"><li><time datetime="2026-03-17T10:22:09+08:00">2026-03-17 10:22:09</time>'
        "<div>受理<small>窗口 3</small></div>"
        '<span class="receipt"><a href="/r/1" aria-label="存证回执 第 1,284,655 号">'
        "№ 1,284,655</a></span></li></ol>\n"
    )


def test_a_receipt_stub_can_be_compared_scanned_and_kept():
    html = show("{% receipt_stub receipt %}", receipt=samples._receipt())
    assert "№ 1,280,118" in html
    assert ">9f86-d081-884c-7d65</code>" in html
    assert f'data-copy="{samples.FINGERPRINT}" hidden>' in html
    assert '<svg viewBox="0 0' in html
    assert 'href="#" download>下载回执</a>' in html
    assert "3 家机构已会签" in html


def test_every_submission_gets_its_own_key():
    one, other = (show("{% once_key %}") for _ in range(2))
    assert re.fullmatch(r'<input type="hidden" name="once_key" value="[\w-]{22}">', one)
    assert one != other


def test_a_decision_is_a_form_of_its_own_with_a_key_and_a_question():
    action = {"label": "不予受理", "url": "/x", "kind": "danger", "confirm": "确定吗？",
              "fields": {"version": 3}}  # fmt: skip
    html = show("{% decision_bar actions %}", actions=[action], csrf_token="token")
    assert '<form method="post" action="/x">' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert 'name="once_key"' in html
    assert '<input type="hidden" name="version" value="3">' in html
    assert '<button class="btn danger" data-confirm="确定吗？">不予受理</button>' in html


def test_buttons_of_one_form_say_where_they_send_it():
    action = {"label": "同意", "url": "/x", "kind": "primary", "name": "verb", "value": "agree"}
    html = show('{% decision_bar actions form="decide" %}', actions=[action])
    assert html == (
        '<div class="bar decisions" role="group" aria-label="可以办理"><button class="btn primary" '
        'form="decide" formaction="/x" name="verb" value="agree">同意</button></div>\n'
    )


def test_pages_keep_the_rest_of_the_query():
    html = show("{% pagination page %}", page=Paginator(range(11_820), 10).page(7))
    assert "共 11,820 条 · 第 7/1,182 页" in html
    assert 'rel="prev" href="?q=%E9%A3%9F%E5%93%81&amp;page=6"' in html
    assert '<span aria-current="page">7</span>' in html
    assert 'href="?q=%E9%A3%9F%E5%93%81&amp;page=1182"' in html


def test_a_wrong_field_is_named_above_linked_and_described():
    html = show("{% fields form %}", form=samples._wrong_form())
    assert "有 3 处需要修改" in html
    assert '<a href="#id_phone">手机号码</a>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert '<p class="error" id="id_phone_error">' in html
    assert '<label for="id_phone">手机号码 <span class="required">必填</span></label>' in html


def test_a_bar_says_its_figures_in_words():
    assert show('{% progress 3 5 "已用 3" "warn" %}') == (
        '<div class="progress warn"><progress value="3" max="5" aria-label="已用 3"></progress>'
        "<span>已用 3</span></div>\n"
    )


# --- pages --------------------------------------------------------------------------------------


def anonymous(path: str = "/", **headers: str):
    request = RequestFactory().get(path, **headers)
    request.session = {}
    return request


def test_a_choice_is_kept_in_a_cookie_and_leads_back():
    answer = views.set_preference(anonymous("/ui/preference/?view=elder&lang=en&next=/items/?q=1"))
    assert (answer.status_code, answer["Location"]) == (302, "/items/?q=1")
    assert answer.cookies["mt_view"].value == "elder"
    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["mt_view"]["httponly"] is True


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_a_choice_never_leads_to_another_host(target):
    assert views.set_preference(anonymous(f"/ui/preference/?next={target}"))["Location"] == "/"


def test_a_forged_choice_is_ignored():
    answer = views.set_preference(anonymous("/ui/preference/?view=%3Cscript%3E&lang=xx"))
    assert not answer.cookies
    request = anonymous("/", HTTP_COOKIE='mt_view=bad; mt_theme="dark onclick"')
    assert (context.preferences(request)["elder"], context.preferences(request)["theme"]) == (
        False,
        "auto",
    )


def test_the_longest_address_is_the_current_one(monkeypatch):
    monkeypatch.setattr(context, "address", {"a": "/", "b": "/items/", "c": ""}.get)
    entries = [("首页", "a"), ("办事", "b"), ("没有", "c")]
    assert context.navigation("/items/7/", entries) == [
        {"label": "首页", "url": "/", "current": False},
        {"label": "办事", "url": "/items/", "current": True},
    ]
    assert context.navigation("/elsewhere/", entries)[0]["current"] is False


def test_a_public_view_says_why():
    assert views.components.access == (
        "public",
        "shows every piece of the interface with made-up values",
    )

    @access.public("a reason")
    def view(request):
        return None

    assert view.access == ("public", "a reason")


def test_a_refusal_names_what_happened_and_its_code(monkeypatch):
    monkeypatch.setattr(pages, "render", lambda request, template, values, status: values)
    values = pages.explain(anonymous(), status=409, happened="已由他人受理", code="case.taken")
    assert values == {
        "happened": "已由他人受理",
        "kept": "",
        "next_steps": [],
        "code": "case.taken",
    }


# --- refusals -----------------------------------------------------------------------------------


def _refusals_in_the_rules() -> dict[str, set[str]]:
    """Every stable code of the product with the facts that come with it."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        if "verifier" in path.parts:  # speaks for itself, on the command line
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in (
                "require",
                "Refused",
            ):
                continue
            for argument in node.args:
                code = getattr(argument, "value", None)
                if isinstance(code, str) and re.fullmatch(r"[a-z-]+\.[a-z-]+", code):
                    facts = {keyword.arg for keyword in node.keywords}
                    found[code] = found.get(code, facts) & facts
    return found


def test_every_refusal_has_a_sentence_that_its_facts_can_fill():
    rules = _refusals_in_the_rules()
    assert sorted(set(rules) - set(refusals.SENTENCES)) == []
    for code, facts in rules.items():
        needed = set(re.findall(r"%\((\w+)\)s", str(refusals.SENTENCES[code])))
        assert needed <= facts, code


def test_a_sentence_lists_its_facts():
    refused = Refused("case.material-missing", materials=("营业执照", "平面图"))
    assert refusals.sentence(refused) == "还缺这些材料：营业执照、平面图。"
    assert refusals.sentence(Refused("new.code")) == "现在不能这样办理（new.code）。"


# --- stylesheet and templates -------------------------------------------------------------------

TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9A-F]{6})", re.IGNORECASE)
PAIRS = [
    *[(text, ground) for text in ("ink", "muted", "brand", "link", "good", "warn", "bad")
      for ground in ("paper", "surface")],
    ("on-brand", "brand"), ("paper", "ink"), ("good", "good-bg"), ("warn", "warn-bg"),
    ("bad", "bad-bg"), ("link", "info-bg"), ("ink", "good-bg"), ("ink", "warn-bg"),
    ("ink", "bad-bg"), ("ink", "info-bg"), ("ink", "rest-bg"), ("muted", "rest-bg"),
    ("muted", "info-bg"), ("link", "rest-bg"),
]  # fmt: skip


def _tokens(selector: str) -> dict[str, str]:
    start = CSS.index(selector)
    return dict(TOKEN.findall(CSS[start : CSS.index("}", start)]))


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [":root {", ":root[data-theme=dark] {"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(selector, text, ground):
    tokens = _tokens(selector)
    assert contrast(tokens[text], tokens[ground]) >= 4.5


def test_both_ways_to_be_dark_are_the_same():
    assert _tokens(":root[data-theme=dark] {") == _tokens(":root:not([data-theme=light]) {")
    assert set(_tokens(":root[data-theme=dark] {")) == set(_tokens(":root {"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_nothing_inline_and_asks_no_other_host(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|javascript:", text)
    assert not re.search(r"<script\b[^>]*>\s*[^<\s]", text)
    assert not re.search(r"""(?:src|href|action|content)\s*=\s*["'](?:https?:)?//""", text)


def test_the_stylesheet_asks_no_other_host():
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "@font-face" not in CSS


def test_the_lock_names_no_download_address():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert list(packages) == [
        "node_modules/@expo-google-fonts/noto-sans-sc",
        "node_modules/@expo-google-fonts/noto-serif-sc",
        "node_modules/htmx.org",
    ]
    for entry in packages.values():
        assert "resolved" not in entry
        assert entry["integrity"].startswith("sha512-")


# --- translations -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def translate() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("translate", str(ROOT / "script" / "translate"))
    spec = importlib.util.spec_from_loader("translate", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_check_names_what_is_missing_untranslated_wrong_and_gone(translate, monkeypatch):
    from babel.messages.catalog import Catalog

    sources, kept = Catalog(), Catalog(locale="en")
    for message in ("新的", "空的", "有 %(n)s 处", "好的"):
        sources.add(message, locations=[("ui/x.html", None)])
    kept.add("空的", "")
    kept.add("有 %(n)s 处", "%(m)s places")
    kept.add("好的", "fine")
    kept.add("旧的", "old")
    monkeypatch.setattr(translate, "_outside_of_translation", lambda: iter(()))
    lines = list(translate.faults(sources, kept))
    assert lines[0] == "missing: '新的' (ui/x.html)"
    assert lines[1] == "untranslated: '空的' (ui/x.html)"
    assert lines[2].startswith("wrong: '有 %(n)s 处'")
    assert lines[3:] == ["no longer used: '旧的'"]


def test_chinese_outside_a_translation_tag_is_found(translate, monkeypatch, tmp_path):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text('{# 注释 #}<p>{% translate "好" %}漏了 {{ x }}</p>', encoding="utf-8")
    monkeypatch.setattr(translate, "SOURCE", tmp_path)
    assert list(translate._outside_of_translation()) == [
        "not in a translation tag: '漏了' (templates/page.html)"
    ]


def test_bringing_up_to_date_keeps_translations_and_drops_what_is_gone(translate):
    from babel.messages.catalog import Catalog

    sources, kept = Catalog(), Catalog(locale="en")
    sources.add("好的")
    sources.add("新的")
    kept.add("好的", "fine")
    kept.add("旧的", "old")
    translate.bring_up_to_date(kept, sources)
    assert {message.id: message.string or "" for message in kept if message.id} == {
        "好的": "fine",
        "新的": "",
    }
    assert not kept.obsolete
