"""The public pages: what they show, how few questions they ask, and what they never show."""

import csv
import io
import json
import re
from base64 import b64decode

import pytest
from django.urls import reverse

from mingtang.catalogue import actions as catalogue
from mingtang.core.history import WIRE
from mingtang.ledger import keys, queries
from mingtang.portal import entries, figures, words
from mingtang.portal.urls import urlpatterns
from tests.core.item_examples import item
from tests.rooms import portal_words
from tests.rooms.portal_words import FOOD, WHO, catalogue_of, small_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(log_home, settings, monkeypatch):
    settings.DEMO = False
    outcomes = small_hall()
    portal_words.published(settings, monkeypatch)
    return outcomes


def show(client, address, **headers):
    """Return the page as text, runs of space made one."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.status_code
    body = answer.getvalue() if answer.streaming else answer.content
    return re.sub(r"\s+", " ", body.decode())


# ── Home ────────────────────────────────────────────────────────────────────


def test_home_counts_what_there_is(client, hall):
    html = show(client, "/")
    assert "3 个事项，2 个部门，一个窗口" in html
    for label, value in (("累计申请", "1"), ("已经受理", "1"), ("已作决定", "1")):
        assert f"<dt>{label}</dt><dd><b>{value}</b> <small>件</small>" in html
    assert "<dt>当场办结</dt><dd><b>0.0</b> <small>%</small>" in html
    assert "<dt>实际用时 / 法定时限</dt><dd><b>10.0</b> <small>%</small>" in html
    assert '<a class="card" href="/items/?category=licence"><h3>行政许可</h3>' in html


def test_home_leads_to_what_most_people_came_for(client, hall):
    html = show(client, "/")
    quick = html[html.index('class="links quick"') : html.index("查进度")]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', quick) == [
        (f"/items/{FOOD}/", "食品经营许可"),
        (f"/items/{portal_words.key_of('DEMO-002')}/", "社保卡申领"),
    ]


def test_home_says_what_was_just_written(client, hall):
    html = show(client, "/")
    assert '作出决定</div><span class="receipt"><a href="/ledger/8/"' in html
    assert "收到申请<small>食品经营许可</small>" in html


def test_the_number_of_a_case_is_handed_on_to_where_it_is_looked_up(client, hall):
    html = show(client, "/")
    form = re.search(r'<form action="([^"]+)"><div class="field"><label for="track-number">', html)
    assert form[1] == reverse("cases:track")
    answer = client.get(form[1], {"number": "MT-7K2P-9QXD"})
    assert "MT-7K2P-9QXD" in answer.content.decode()


def test_an_empty_hall_has_a_front_page(client, log_home):
    html = show(client, "/")
    assert "还没有发布事项" in html
    assert "<b>—</b>" in html


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(914, 1000, "91.4"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 1, "100.0"), (0, 0, "—")],
)
def test_a_share_is_rounded_to_a_tenth_without_floats(part, whole, shown):
    assert figures.percent(part, whole) == shown


# ── Items ───────────────────────────────────────────────────────────────────


def test_a_row_says_how_it_is_done_and_leads_to_doing_it(client, hall):
    html = show(
        client,
        "/items/",
    )
    row = html[html.index(">食品经营许可</a></h3>") :]
    row = row[: row.index("</li>")]
    assert re.findall(r'class="chip[^"]*">([^<]+)<', row) == [
        "行政许可", "承诺 5 个工作日", "到现场 0 次", "全程网办",
    ]  # fmt: skip
    assert f'href="{reverse("cases:apply", args=[FOOD])}">在线办理</a>' in row
    assert f'href="/items/{FOOD}/">办事指南</a>' in row


def test_what_closed_in_2015_can_be_read_and_not_applied_for(client, hall):
    html = show(client, "/items/?category=non_licence")
    assert "已取消，仅供查阅" in html
    assert "在线办理" not in html
    guide = show(client, reverse("portal:guide", args=[portal_words.key_of("DEMO-003")]))
    assert "不再受理申请" in guide
    assert "在线办理" not in guide


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=食品", ["食品经营许可"]),
        ("q=社保", ["社保卡申领"]),
        ("department=social", ["社保卡申领"]),
        ("topic=business", ["演示资格认定"]),
        ("audience=1", ["社保卡申领"]),
        ("pace=spot", ["社保卡申领"]),
        ("pace=promised", ["食品经营许可"]),
        ("visits=1", ["社保卡申领"]),
        ("visits=0&category=licence", ["食品经营许可"]),
        ("q=没有的东西", []),
        ("category=no-such&audience=99&visits=7&pace=x&page=zzz", None),
    ],
)
def test_each_choice_narrows_the_list(client, hall, query, names):
    found = re.findall(r'<h3><a href="[^"]+">([^<]+)</a></h3>', show(client, f"/items/?{query}"))
    assert found == (names if names is not None else ["演示资格认定", "食品经营许可", "社保卡申领"])


def test_a_choice_keeps_the_others_and_says_how_many_it_leaves(client, hall):
    html = show(client, "/items/?q=食品&page=3")
    assert (
        '<a href="/items/?q=%E9%A3%9F%E5%93%81&amp;category=licence">行政许可 <small>1</small></a>'
    ) in html
    html = show(client, "/items/?category=licence")
    assert '<a href="/items/?category=licence" aria-current="true">行政许可' in html
    assert '<input type="hidden" form="find" name="category" value="licence">' in html


def test_typing_gets_the_list_alone(client, hall):
    part = show(client, "/items/?q=食品", hx_request="true")
    assert "<html" not in part
    assert "“食品”找到 1 个事项" in part
    again = show(client, "/items/?q=食品", hx_request="true", hx_history_restore_request="true")
    assert "<html" in again


def test_departments_are_tiles_with_their_counts(client, hall):
    html = show(client, "/departments/")
    assert '<a class="card" href="/items/?department=market"><h3>演示市场监督管理局</h3>' in html
    assert "2 个部门，3 个事项" in html


# ── Guide ───────────────────────────────────────────────────────────────────


def test_a_guide_shows_every_element_and_where_it_is_recorded(client, hall):
    html = show(client, f"/items/{FOOD}/")
    for element in ("第三十五条", "有与经营品种、数量相适应的场所", "平面图", "现场核查",
                    "政务大厅 2 楼 7 号窗口", "0990-0120101", "多久能拿到"):  # fmt: skip
        assert element in html
    assert "本指南第 1 版，发布于账本第 3 号" in html
    assert 'href="/ledger/3/receipt" download>下载回执</a>' in html
    assert f'href="{reverse("cases:apply", args=[FOOD])}">在线办理</a>' in html
    assert '<svg class="flow-chart"' in html


def test_every_anchor_leads_somewhere(client, hall):
    html = show(client, f"/items/{FOOD}/")
    tabs = html[html.index('<nav class="tabs"') :]
    for anchor in re.findall(r'href="#([^"]+)"', tabs[: tabs.index("</nav>")]):
        assert f'id="{anchor}"' in html


def test_a_new_version_shows_its_number_and_the_one_before(client, hall):
    catalogue_of(item(topics=("food",), conditions="有新的场所"))
    html = show(client, f"/items/{FOOD}/")
    assert "本指南第 2 版，发布于账本第 10 号" in html
    assert 'href="/ledger/3/">№ 3</a>' in html


def test_a_guide_can_be_asked_for_by_code(client, hall):
    assert client.get("/items/DEMO-001/")["Location"] == f"/items/{FOOD}/"


def test_a_withdrawn_item_says_so(client, hall):
    catalogue.withdraw_item(key=FOOD, reason="并入其他事项", **WHO)
    answer = client.get(f"/items/{FOOD}/")
    assert answer.status_code == 410
    assert "“食品经营许可”已取消，不再受理" in answer.content.decode()
    assert client.get("/items/never-was/").status_code == 404


# ── Ledger ──────────────────────────────────────────────────────────────────


def test_the_ledger_page_shows_head_witness_key_and_policy(client, hall):
    html = show(client, "/ledger/")
    head = queries.head()
    assert f'<code class="wraps">{head.root}</code>' in html
    assert "<b>9</b> 条" in html
    assert 'audit.example/witness</span> <time datetime="2026-03-09T10:00:00+08:00">' in html
    vkey = keys.path().with_suffix(".vkey").read_text().strip()
    assert f'data-vkey="{vkey}"' in html
    assert "python -m mingtang.verifier log http://testserver/log --vkey" in html
    assert "quorum audit" in html
    assert "127.0.0.1:9" not in html


def test_the_policy_can_be_given_to_the_verifier(client, hall, tmp_path):
    from mingtang.verifier.__main__ import VALID, main

    policy, receipt = tmp_path / "policy.txt", tmp_path / "r.receipt.json"
    policy.write_bytes(client.get("/ledger/policy").content)
    receipt.write_bytes(client.get("/ledger/6/receipt").content)
    vkey = keys.path().with_suffix(".vkey").read_text().strip()
    assert main(["receipt", str(receipt), "--vkey", vkey, "--policy", str(policy)]) == VALID


def test_a_head_that_waits_for_its_witness_is_pending(client, log_home, settings, monkeypatch):
    small_hall()
    portal_words.published(settings, monkeypatch)
    portal_words.decided_case("MT-AAAA-BBBB")
    portal_words.sequencer.advance(at=portal_words.day(3, 10))
    html = show(client, "/ledger/")
    assert "2026-03-10 09:00:00 已签名到第 12 条，等见证机构会签够数后发布。" in html
    assert "<b>9</b> 条" in html


def test_an_entry_shows_its_face_its_seals_and_its_proof(client, hall):
    html = show(client, "/ledger/6/")
    assert "<h1>收到申请：食品经营许可</h1>" in html
    assert "case/MT-7K2P-9QXD" in html
    assert "有 6 项内容不公开" in html
    assert "申请人证件号码" in html
    assert '<a class="btn" href="/ledger/6/receipt" download>' in html
    assert 'rel="prev" href="/ledger/5/"' in html
    assert 'rel="next" href="/ledger/7/"' in html
    assert 'rel="next"' not in show(client, "/ledger/8/")
    assert 'rel="prev"' not in show(client, "/ledger/0/")


def test_an_entry_that_is_not_there_is_explained(client, hall):
    for index in ("9", "99999999999999999999999"):
        answer = client.get(f"/ledger/{index}/")
        assert answer.status_code == 404
        assert "账本里还没有这个序号" in answer.content.decode()
        assert client.get(f"/ledger/{index}/receipt").status_code == 404


def test_a_number_leads_to_its_entry(client, hall):
    assert client.get("/ledger/?entry=1,234")["Location"] == "/ledger/1234/"
    assert client.get("/ledger/?entry=abc").status_code == 200


def test_every_kind_and_field_of_event_has_plain_words():
    assert sorted(set(WIRE.events) - set(entries.KINDS)) == []
    sealed = {name for kind in WIRE.events for name in WIRE.sealed_fields(kind)}
    assert sorted(sealed - set(entries.FIELDS)) == []


# ── The rest ────────────────────────────────────────────────────────────────


def test_open_data_holds_every_item_in_both_forms(client, hall):
    answer = client.get("/open-data/items.json")
    data = json.loads(answer.getvalue())
    assert data["format"] == "mingtang.items.v1"
    assert {one["code"] for one in data["items"]} == {"DEMO-001", "DEMO-002", "DEMO-003"}
    food = next(one for one in data["items"] if one["key"] == FOOD)
    assert food["version"] == 1
    assert food["materials"][1]["name"] == "平面图"
    lines = list(csv.DictReader(io.StringIO(show_raw(client, "/open-data/items.csv"))))
    assert {line["code"] for line in lines} == {"DEMO-001", "DEMO-002", "DEMO-003"}
    line = next(line for line in lines if line["key"] == FOOD)
    assert (line["materials"], line["promised_days"]) == ("申请书|平面图", "5")


def show_raw(client, address):
    return b"".join(client.get(address).streaming_content).decode("utf-8-sig")


def test_a_cell_that_a_spreadsheet_would_run_is_text(client, log_home):
    catalogue_of(item(conditions="=HYPERLINK(1)"))
    [line] = csv.DictReader(io.StringIO(show_raw(client, "/open-data/items.csv")))
    assert line["conditions"] == "'=HYPERLINK(1)"


def test_the_sign_ins_are_shown_in_a_demonstration_only(client, log_home, settings):
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    settings.DEMO = True
    assert "还没有演示账号" in show(client, "/demo/")
    one = {"role": "窗口人员", "role_en": "Clerk", "username": "demo-clerk",
           "password": "demo-password", "what": "收件", "what_en": "Takes in"}  # fmt: skip
    (log_home / "demo-signins.json").write_text(json.dumps([one]), encoding="utf-8")
    html = show(client, "/demo/")
    assert '<th scope="row">窗口人员</th><td>收件</td>' in html
    assert "<code>demo-clerk</code>" in html
    assert 'href="/demo/"' in show(client, "/")


@pytest.mark.parametrize("address", ["/about/", "/accessibility/", "/sitemap/"])
def test_pages_that_explain_are_there(client, log_home, address):
    assert "<h1>" in show(client, address)


def test_the_map_leaves_nothing_out_that_is_public(client, hall):
    html = show(client, "/sitemap/")
    for name in ("items", "departments", "ledger", "policy", "items_json", "items_csv",
                 "about", "accessibility", "home"):  # fmt: skip
        assert f'href="{reverse(f"portal:{name}")}"' in html
    for name in ("cases:track", "people:letters", "account_login"):
        assert f'href="{reverse(name)}"' in html


# ── What holds for all of them ──────────────────────────────────────────────

PAGES = [
    "/", "/items/", "/items/?q=食品", "/departments/", f"/items/{FOOD}/", "/ledger/",
    *(f"/ledger/{index}/" for index in range(9)), *(f"/ledger/{n}/receipt" for n in range(9)),
    "/ledger/policy", "/open-data/items.json", "/open-data/items.csv", "/about/",
    "/accessibility/", "/sitemap/", "/log/checkpoint",
]  # fmt: skip
HTML = [page for page in PAGES if page.endswith("/") or "?" in page]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_personal_is_on_a_public_page(client, hall, address):
    html = show(client, address)
    if address.endswith("receipt"):
        html += b64decode(json.loads(html)["leaf"]).decode()
    for value in (*portal_words.NOBODYS_BUSINESS.values(), "P-hidden", "隐名"):
        assert value not in html


@pytest.mark.parametrize("address", HTML)
def test_pages_ask_no_other_host_and_hold_nothing_inline(client, hall, address):
    html = show(client, address)
    assert not re.search(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|javascript:", html)
    assert not re.search(r"<script\b[^>]*>\s*[^<\s]", html)
    own = html.replace("http://testserver", "").replace('"http://www.w3.org/2000/svg"', "")
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", own)


@pytest.mark.parametrize("address", HTML)
def test_a_page_is_kept_until_the_ledger_grows(client, hall, address):
    first = client.get(address)
    assert first["Cache-Control"] == "no-cache"
    assert "Cookie" in first["Vary"]
    assert "Accept-Language" in first["Vary"]
    assert not first.cookies
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    portal_words.decided_case("MT-AAAA-BBBB")
    later = client.get(address, headers={"if-none-match": first["ETag"]})
    assert later.status_code == 200


def test_another_language_or_view_is_another_page(client, hall):
    first = client.get("/")
    client.cookies["django_language"] = "en"
    english = client.get("/", headers={"if-none-match": first["ETag"]})
    assert english.status_code == 200
    client.cookies["mt_view"] = "elder"
    elder = client.get("/", headers={"if-none-match": english["ETag"]})
    assert 'data-view="elder"' in elder.content.decode()


def test_a_signed_in_reader_gets_a_page_nobody_keeps(client, hall, django_user_model):
    client.force_login(
        django_user_model.objects.create_user("demo", "demo-password"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    answer = client.get("/")
    assert "ETag" not in answer
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("address", "most"),
    [("/", 4), ("/items/", 4), ("/items/?q=食品&audience=2", 4), ("/departments/", 2),
     (f"/items/{FOOD}/", 6), ("/ledger/", 5), ("/about/", 1), ("/open-data/items.json", 2)],
)  # fmt: skip
def test_a_page_asks_the_database_little(
    client, hall, address, most, django_assert_max_num_queries
):
    show(client, address)  # what is remembered until it changes is remembered now
    with django_assert_max_num_queries(most):
        show(client, address)


def test_every_page_says_why_it_is_public():
    for pattern in urlpatterns:
        kind, why = pattern.callback.access
        assert kind == "public"
        assert len(why) > 10


def test_topics_have_words_and_others_are_their_own():
    assert words.topic("food") == "食品与餐饮"
    assert words.topic("别处的主题") == "别处的主题"
    assert words.category("licence") == "行政许可"
