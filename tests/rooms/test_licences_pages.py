"""The pages of licences: who sees what, what can be done there, and why it cannot."""

from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pyhanko.pdf_utils.reader import PdfFileReader

from mingtang.cases import actions as cases
from mingtang.core.licences import CancellationGround, DeliveredHow, RevocationGround
from mingtang.core.mandates import key as letter_key
from mingtang.core.organisations import Particulars
from mingtang.core.papers import Need, Reader
from mingtang.core.people import Role
from mingtang.ledger import sequencer
from mingtang.ledger.models import LedgerEntry
from mingtang.licences import access, actions, queries
from mingtang.licences.forms.types import TypeEditor, empty
from mingtang.licences.models import LicenceRow, StuckRow
from mingtang.papers import access as papers_access
from mingtang.papers import actions as papers_actions
from mingtang.papers import queries as papers
from mingtang.people import actions as people
from mingtang.people.queries import actor
from mingtang.trust.ports.checking import check
from tests.core.case_examples import MONDAY, day
from tests.core.licence_examples import CODE, CONTENT
from tests.rooms import batch_town, case_town, licence_words
from tests.rooms.case_town import ONCE, SETUP, signed_in
from tests.rooms.licence_words import (
    USCC,
    WORKER,
    begin,
    chief,
    filed_for,
    granted,
    hear,
    in_one,
    licensed,
    registered,
    renewal,
    row,
    work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def office():
    built = licence_words.build()
    begin()
    return built


@pytest.fixture
def key(office):
    return licensed(office)


def at(name, *args):
    return reverse(f"licences:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def get(someone, name, *args, status=200, **asked):
    return text(signed_in(someone).get(at(name, *args), asked), status)


def post(someone, name, *args, follow=True, **said):
    return signed_in(someone).post(at(name, *args), {"once_key": ONCE, **said}, follow=follow)


# ── Of their holders ────────────────────────────────────────────────────────


def test_whoever_holds_a_licence_finds_it_with_its_file(office, key):
    page = get(office.citizen, "mine")
    assert "演示食品经营许可证" in page
    assert reverse("papers:pdf", args=[f"{key}-L1"]) in page
    assert "有效期至 2031-03-01（周六）" in page
    assert key not in get(office.neighbour, "mine")
    assert "还没有电子证照" in get(office.neighbour, "mine")


def test_a_licence_says_what_is_printed_and_how_it_is_checked(office, key):
    page = get(office.citizen, "licence", key)
    code = papers.paper(f"{key}-L1").code
    for words in (
        "演示路 1 号",
        "食品店",
        "E00000001",
        row(key).identifier,
        "演市监证〔2026〕1号",
        f"/check/{code}/",
        "签发证照，编号 演市监证〔2026〕1号",
        "送入演示甲的证照库",
        "还没有部门查阅过",
    ):
        assert words in page


def test_while_it_is_made_the_page_says_so(office):
    number = granted(office)
    hear("licences.register")
    page = get(office.citizen, "licence", number)
    assert "正在制作、用印和核验" in page
    assert reverse("papers:pdf", args=[f"{number}-L1"]) not in page


def test_the_holder_sees_who_read_it_and_why(office, key):
    reader = Reader(person=office.reviewer, staff_no="N-004", organisation="market")
    papers_actions.read(
        key=f"{key}-L1",
        reader=reader,
        case="MT-0000-0001",
        purpose="核对资质",
        need=lambda: Need(handed_in=False, closed=False, in_hand=True, asked=True),
        at=MONDAY,
    )
    for page in (get(office.citizen, "licence", key), get(office.citizen, "readings")):
        assert all(words in page for words in ("N-004", "MT-0000-0001", "核对资质"))
        assert "演示市场监督管理局" in page
    assert "还没有部门查阅过" in get(office.neighbour, "readings")


def test_it_is_renewed_from_its_page(office, key):
    page = get(office.citizen, "licence", key)
    assert f"{reverse('cases:apply', args=[case_town.ITEM])}?renews={key}" in page
    assert "2031-01-30（周四）前申请" in page
    number = renewal(office, key, at=day(3, 3))
    hear()
    page = get(office.citizen, "licence", key)
    assert "延续办理中，在期限内提出" in page
    assert reverse("cases:progress", args=[number]) in page
    assert "?renews=" not in page


def test_the_way_to_renew_leads_through_the_wizard(office, key):
    browser = signed_in(office.citizen)
    url = f"{reverse('cases:apply', args=[case_town.ITEM])}?renews={key}"
    assert f"由办件 {key} 核发的证照" in text(browser.get(url, follow=True))


def test_one_that_has_no_end_or_has_ended_is_not_renewed(office, key):
    licence_words.revoked(office, key, RevocationGround.OTHER)
    page = get(office.citizen, "licence", key)
    assert "?renews=" not in page
    assert "撤销证照：依法可以撤销的其他情形" in page
    assert "演示；依据授权书" in page  # the holder reads why


def test_an_agent_of_the_applicant_sees_it_and_a_former_one_no_more(office):
    batch_town.found(office)
    licence_words.publish(office, WORKER)
    _, [number] = in_one(office, 1)
    work()
    page = get(office.citizen, "mine")
    assert "演示员1" in page
    assert get(office.citizen, "licence", number)
    people.remove_agent(
        organisation=batch_town.HOSPITAL,
        person=office.citizen,
        reason="换人",
        by=SETUP,
        by_staff=True,
        at=MONDAY,
    )
    get(office.citizen, "licence", number, status=404)
    assert "演示员1" not in get(office.citizen, "mine")


def test_whoever_is_entrusted_sees_what_they_applied_for_while_they_are(office):
    people.entrust(person=office.neighbour, agent=office.citizen, scope="", at=MONDAY)
    number = granted(office, number=filed_for(office.neighbour, by=office.citizen))
    work()
    assert number in get(office.citizen, "mine")
    assert get(office.citizen, "licence", number)
    people.end_entrustment(
        person=office.neighbour, agent=office.citizen, reason="", by=office.neighbour, at=MONDAY
    )
    assert number not in get(office.citizen, "mine")
    get(office.citizen, "licence", number, status=404)


def test_a_worker_who_registered_holds_it_and_sees_no_other(office):
    batch_town.found(office)
    licence_words.publish(office, WORKER)
    someone = registered(1, "演示员1")
    _, numbers = in_one(office, 2)
    work()
    assert "演示员1" in get(someone, "licence", numbers[0])
    get(someone, "licence", numbers[1], status=404)
    assert "演示员2" not in get(someone, "mine")


def test_what_was_replaced_leads_to_what_took_its_place(office):
    licence_words.publish(office, licence_words.SHORT)
    old = licensed(office)
    new = granted(office, day(4, 2), number=renewal(office, old, at=day(4, 1)))
    work(day(4, 2))
    assert at("licence", new) in get(office.citizen, "licence", old)


@pytest.mark.parametrize("name", ["licence", "desk-licence", "hand-over"])
def test_a_stranger_sees_nothing(office, key, name):
    get(office.neighbour, name, key, status=404 if name == "licence" else 403)
    get(office.stranger, name, key, status=404)
    assert Client().get(at(name, key)).status_code == 302


def test_the_receipt_of_every_act_is_there_for_its_holder(office, key):
    sequencer.advance(at=MONDAY)
    index = queries.history_of(key)[0].index
    got = signed_in(office.citizen).get(at("receipt", key, index))
    name = f"{key}-{index}.receipt.json"
    assert got.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "演示甲" in text(got)
    held = signed_in(office.chief).get(at("receipt", key, index))
    assert "演示甲" not in text(held)  # staff gets the proof, not what is sealed
    get(office.citizen, "receipt", key, index + 999, status=404)
    get(office.neighbour, "receipt", key, index, status=404)


def test_a_receipt_that_is_not_covered_yet_asks_for_a_second(office, key):
    index = queries.history_of(key)[0].index
    assert "回执正在生成" in get(office.citizen, "receipt", key, index, status=202)


# ── Papers ──────────────────────────────────────────────────────────────────


def test_who_may_open_the_paper_of_a_licence(office, key):
    paper = papers.paper(f"{key}-L1")
    may = {
        name: papers_access.may_open(actor(getattr(office, name)), paper)
        for name in ("citizen", "neighbour", "clerk", "reviewer", "chief", "stranger", "overseer")
    }
    assert may == {
        "citizen": True,
        "neighbour": False,
        "clerk": True,  # took the application in
        "reviewer": True,
        "chief": True,
        "stranger": False,
        "overseer": False,
    }
    assert papers_access.is_addressee(actor(office.citizen), paper)
    assert not papers_access.is_addressee(actor(office.chief), paper)
    other = papers.papers_about("case/none")
    assert not any(access.may_open_paper(actor(office.chief), one) for one in other)


# ── Of the organ ────────────────────────────────────────────────────────────


def test_the_organ_finds_its_licences_and_nobody_elses(office, key):
    assert "演示甲" in get(office.chief, "desk")
    assert "演示甲" in get(office.manager, "desk")
    assert "演示甲" not in get(office.stranger, "desk")
    page = get(office.overseer, "desk")
    assert "演**" in page
    assert "演示甲" not in page


def test_a_list_is_narrowed_by_how_they_stand_and_by_words(office, key):
    actions.suspend(key=key, reason="演示", officer=chief(office), at=MONDAY)
    assert key in get(office.chief, "desk", standing="suspended")
    assert key not in get(office.chief, "desk", standing="valid")
    assert key in get(office.chief, "desk", q=row(key).identifier)
    assert "没有符合条件的证照" in get(office.chief, "desk", q="没有这个人")
    assert key in get(office.chief, "desk", type=CODE, standing="nonsense")


def test_what_can_be_done_depends_on_post_and_state(office, key):
    row_now, can = row(key), lambda who: desk_acts(office, who, key)
    assert row_now.stage == "valid"
    assert can("chief") == {"suspend", "reissue", "tell", "cancel"}
    assert can("reviewer") == set()
    actions.suspend(key=key, reason="演示", officer=chief(office), at=MONDAY)
    assert can("chief") == {"resume", "tell", "cancel"}
    licence_words.tell(office, key)
    assert can("chief") == {"resume", "drop", "revoke", "cancel"}  # the days to answer are over
    actions.cancel(
        key=key,
        ground=CancellationGround.REQUESTED,
        reason="演示",
        officer=chief(office),
        at=MONDAY,
    )
    assert can("chief") == set()


def desk_acts(office, who, key):
    page = get(getattr(office, who), "desk-licence", key)
    names = ("suspend", "resume", "tell", "drop", "revoke", "cancel", "reissue")
    return {name for name in names if f'href="{at("act", key, name)}"' in page}


ACTS = {
    "suspend": ({}, "suspended", "证照已暂停"),
    "tell": ({"ground": "fraud"}, "valid", "已告知持有人"),
    "drop": ({}, "valid", "撤销程序已经终止"),
    "revoke": ({}, "revoked", "证照已撤销"),
    "cancel": ({"ground": "requested"}, "cancelled", "证照已注销"),
    "reissue": ({"why": "lost", "holder_name": "演示甲"}, "making", "正在制作新的一版"),
}


@pytest.mark.parametrize(
    ("name", "said", "stage", "words"), [(n, *a) for n, a in ACTS.items()], ids=ACTS
)
def test_an_act_is_asked_for_done_and_told(office, key, name, said, stage, words):
    if name in ("drop", "revoke"):
        licence_words.heard(office, key)
    page = get(office.chief, "act", key, name)
    assert "授权有效" in page
    assert case_town.LETTER in page
    done = post(office.chief, "act", key, name, reason="演示理由", **said)
    assert words in text(done)
    assert row(key).stage == stage


def test_sent_twice_it_is_done_once(office, key):
    for _ in range(2):
        post(office.chief, "act", key, "suspend", reason="演示理由")
    entries = LedgerEntry.objects.filter(kind="licence.suspended.v1")
    assert entries.count() == 1


def test_what_is_not_filled_in_is_asked_for_and_nothing_happens(office, key):
    said = post(office.chief, "act", key, "revoke", reason="")
    page = text(said, 422)
    assert page.count("error-summary") == 1
    assert row(key).stage == "valid"


def test_a_refusal_is_worded_and_what_was_typed_is_still_there(office, key):
    people.revoke_mandate(
        key=letter_key(case_town.LETTER), reason="演示", by=office.manager, at=MONDAY
    )
    page = get(office.chief, "act", key, "suspend")
    assert "不能办理" in page
    assert "这份授权书已经撤销。" in page
    page = text(post(office.chief, "act", key, "suspend", reason="停业整改"), 409)
    assert "这份授权书已经撤销。" in page
    assert "停业整改" in page
    assert row(key).stage == "valid"


def test_changed_it_is_made_with_what_was_typed(office, key):
    post(
        office.chief,
        "act",
        key,
        "reissue",
        why="changed",
        reason="搬迁",
        holder_name="演示甲",
        holder_number="E00000001",
        value_premises="演示路 9 号",
        value_kind="餐馆",
    )
    work()
    page = get(office.citizen, "licence", key)
    assert "演示路 9 号" in page
    assert "历次版本" in page
    assert "登记事项变更" in page


@pytest.mark.parametrize("name", ["nothing", "publish"])
def test_there_is_no_other_act(office, key, name):
    get(office.chief, "act", key, name, status=404)


def test_nobody_but_a_chief_representative_of_the_organ_acts(office, key):
    get(office.reviewer, "act", key, "suspend", status=403)
    post(office.clerk, "act", key, "suspend", reason="演示")
    assert row(key).stage == "valid"


def test_a_licence_at_work_shows_what_its_reader_may_see(office, key):
    full = get(office.reviewer, "desk-licence", key)
    assert "演示路 1 号" in full
    assert "E00000001" in full
    masked = get(office.overseer, "desk-licence", key)
    assert "演**" in masked
    assert "演示路 1 号" not in masked
    assert "E00000001" not in masked
    window = get(office.clerk, "desk-licence", key)
    assert "演示甲" in window
    assert "演示路 1 号" not in window
    assert "E00000001" not in window


# ── Handing over ────────────────────────────────────────────────────────────


def test_a_window_hands_a_licence_over_once(office, key):
    assert "登记发证" in get(office.clerk, "desk-licence", key)
    done = post(office.clerk, "hand-over", key, how="window", recipient="演示甲")
    assert "发证已记入账本" in text(done)
    assert (row(key).delivered_how, row(key).delivered_by) == ("window", office.clerk)
    again = {"how": "post", "recipient": "演示乙", "once_key": "another"}
    page = text(signed_in(office.chief).post(at("hand-over", key), again), 409)
    assert "这份证照已经发过证。" in page


def test_what_was_handed_over_by_a_colleague_is_out_of_a_clerks_sight(office, key):
    other = case_town.official(12, Role.WINDOW_CLERK, "centre", office="window-7")
    actions.hand_over(
        recipients={key: "演示甲"}, how=DeliveredHow.WINDOW, by=office.clerk, at=MONDAY
    )
    assert key in get(office.clerk, "desk")
    assert key not in get(other, "desk")
    get(other, "desk-licence", key, status=404)


def test_a_clerk_hands_over_nothing_of_their_own(office):
    number = case_town.filed(office, office.clerk)
    other = case_town.official(12, Role.WINDOW_CLERK, "centre", office="window-7")
    cases_accept(office, number, other)
    work()
    get(office.clerk, "hand-over", number, status=404)
    assert get(other, "hand-over", number)


def cases_accept(office, number, clerk):
    officer = case_town.officer(clerk, "N-012", "centre")
    cases.accept(number=number, officer=officer, at=MONDAY)
    for step, person, staff_no, body in (
        ("papers", office.reviewer, "N-004", "market"),
        ("site", office.inspector, "N-005", "inspection"),
        ("merge", office.reviewer, "N-004", "market"),
    ):
        licence_words.review(number, step, case_town.officer(person, staff_no, body), MONDAY)
    cases.decide(number=number, granted=True, reason="", officer=chief(office), at=MONDAY)


# ── Batches ─────────────────────────────────────────────────────────────────


@pytest.fixture
def batch(office):
    batch_town.found(office)
    licence_words.publish(office, WORKER)
    number, _ = in_one(office, 3)
    work()
    return number


def test_a_batch_is_listed_with_how_far_it_is(office, batch):
    page = get(office.chief, "batches")
    assert at("batch", batch) in page
    [line] = queries.batches_among(queries.of_organs(["market"]))
    assert (line["count"], line["made"], line["in_hand"]) == (3, 3, 0)
    assert batch not in get(office.stranger, "batches")


def test_a_batch_page_says_what_is_made_and_what_is_stuck(office, batch):
    page = get(office.chief, "batch", batch)
    assert "3 份已全部制作、签章并核验" in page
    for number in (1, 2, 3):
        assert f"演示员{number}" in page
    StuckRow.objects.create(
        key="MT-0000-0001",
        organ="market",
        item=WORKER.items[0],
        batch=batch,
        code="licence.field-missing",
        facts={"field": ["从事日期"]},
        tried_at=MONDAY,
    )
    assert "缺少要印在证照上的内容：从事日期。" in get(office.chief, "batch", batch)
    get(office.stranger, "batch", batch, status=404)
    clerk = get(office.clerk, "batch", batch)
    assert "已制作 3 份，共 3 份" in clerk
    assert reverse("papers:progress", args=[batch]) not in clerk
    get(office.citizen, "batch", batch, status=403)
    get(office.chief, "batch", "B-0000-0000", status=404)


def test_all_certificates_are_bound_in_row_order_for_the_printer(office, batch):
    got = signed_in(office.clerk).get(at("batch-print", batch, 1))
    assert got.headers["Content-Type"] == "application/pdf"
    bound = PdfFileReader(BytesIO(got.content))
    pages = bound.root["/Pages"]["/Kids"]
    assert len(pages) == 3
    assert bound.embedded_signatures == []
    assert check(got.content).problem == "paper.not-sealed"
    for page in pages:  # the seal is drawn where it stood
        assert page.get_object()["/Contents"].data.endswith(b" cm /Stamp0 Do Q")
    get(office.clerk, "batch-print", batch, 2, status=404)


def test_what_is_suspended_is_neither_printed_nor_on_the_list(office, batch):
    second = queries.of_batch(batch)[1]
    actions.suspend(key=second.key, reason="演示", officer=chief(office), at=MONDAY)
    got = signed_in(office.chief).get(at("batch-print", batch, 1))
    assert len(PdfFileReader(BytesIO(got.content)).root["/Pages"]["/Kids"]) == 2
    page = get(office.chief, "batch-list", batch)
    assert ("演示员1" in page, "演示员2" in page) == (True, False)


def test_the_delivery_list_has_room_to_sign_and_no_whole_number(office, batch):
    page = get(office.clerk, "batch-list", batch)
    assert "领取人签字" in page
    assert batch_town.resident(1) not in page
    assert "110***********" in page
    got = signed_in(office.clerk).get(at("batch-workbook", batch))
    sheet = load_workbook(BytesIO(got.content)).active
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    first = queries.of_batch(batch)[0]
    assert rows[0] == [
        "序号",
        "姓名或者名称",
        "证件号码",
        "证照编号",
        "证照标识",
        "领取人签字",
    ]
    number = batch_town.resident(1)
    masked = f"{number[:3]}{'*' * 11}{number[-4:]}"
    assert rows[1] == ["1", "演示员1", masked, first.number, first.identifier, None]
    assert len(rows) == 4


def test_all_that_are_picked_are_handed_over_in_one_act(office, batch):
    keys = [one.key for one in queries.of_batch(batch)]
    done = post(office.clerk, "batch-hand-over", batch, how="window", key=keys[:2])
    assert "2 份发证已记入账本" in text(done)
    found = [(one.delivered_how, one.recipient) for one in queries.of_batch(batch)]
    assert found == [("window", "演示员1"), ("window", "演示员2"), ("electronic", "演示医院")]


def test_one_person_may_take_them_all(office, batch):
    keys = [one.key for one in queries.of_batch(batch)]
    post(office.clerk, "batch-hand-over", batch, how="window", recipient="演示甲", key=keys)
    assert {one.recipient for one in queries.of_batch(batch)} == {"演示甲"}


def test_each_that_cannot_be_handed_over_is_named_with_its_reason(office, batch):
    keys = [one.key for one in queries.of_batch(batch)]
    actions.suspend(key=keys[1], reason="演示", officer=chief(office), at=MONDAY)
    page = text(
        signed_in(office.chief).post(
            at("batch-hand-over", batch), {"how": "window", "key": keys, "once_key": ONCE}
        ),
        409,
    )
    assert "1 份没有办成" in page
    assert "这份证照现在不是有效状态" in page
    assert "2 份发证已记入账本" in page
    assert [one.delivered_how for one in queries.of_batch(batch)] == [
        "window",
        "electronic",
        "window",
    ]


def test_with_nothing_picked_nothing_is_recorded(office, batch):
    before = LedgerEntry.objects.count()
    page = text(post(office.clerk, "batch-hand-over", batch, how="window"), 422)
    assert "请至少选一份" in page
    assert LedgerEntry.objects.count() == before


def test_licences_of_another_batch_are_not_handed_over_with_it(office, batch, key):
    post(office.clerk, "batch-hand-over", batch, how="window", key=[key])
    assert row(key).delivered_how == "electronic"


# ── What is stuck ───────────────────────────────────────────────────────────


def test_what_is_stuck_is_shown_with_its_reason_and_tried_again_at_once(office):
    bare = Particulars(name="演示市场监督管理局")
    people.amend_organisation(code="market", particulars=bare, by=SETUP, by_staff=True, at=MONDAY)
    number = granted(office)
    hear()
    page = get(office.manager, "desk")
    assert number in page
    assert "核发机关没有登记统一社会信用代码" in page
    assert number not in get(office.stranger, "desk")
    assert "还是没有制成" in text(post(office.manager, "again"))
    whole = Particulars(name="演示市场监督管理局", uscc=USCC)
    people.amend_organisation(code="market", particulars=whole, by=SETUP, by_staff=True, at=MONDAY)
    assert "1 份已继续制作" in text(post(office.manager, "again"))
    assert row(number).stage == "making"


# ── Types ───────────────────────────────────────────────────────────────────


def typed(editor, **changed):
    """Return what a browser sends when the editor is sent as it is, but for the changes."""
    said = {}
    for form in [*editor.forms, *editor.rows.forms, editor.rows.management_form]:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                said[bound.html_name] = "on" if value is True else value
    return {**said, **changed}


def edited(office, **changed):
    browser = signed_in(office.head)
    editor = browser.get(at("type-edit", CODE)).context["editor"]
    return browser.post(at("type-edit", CODE), typed(editor, **changed), follow=True)


def test_a_type_is_shown_with_where_everything_comes_from(office):
    page = get(office.manager, "type", CODE)
    assert "申请表：经营场所" in page
    assert "申请人的姓名或者名称" in page
    assert "5 年" in page
    assert at("type-edit", CODE) not in page  # the department reads, the centre writes
    assert at("type-edit", CODE) in get(office.head, "type", CODE)
    assert "演示食品经营许可证" in get(office.manager, "types")


def test_a_changed_type_is_looked_at_and_then_published(office):
    page = text(edited(office, validity_months="36", name="演示新证"))
    assert "核对并发布" in page
    assert "3 年" in page
    assert queries.licence_type(CODE).version == 1
    done = post(office.head, "type-check", CODE)
    assert "证照类型已发布" in text(done)
    assert queries.licence_type(CODE).version == 2
    assert queries.type_version(CODE, 2) == CONTENT.__class__(
        **{
            **{name: getattr(CONTENT, name) for name in CONTENT.__dataclass_fields__},
            "name": "演示新证",
            "validity_months": 36,
        }
    )


def test_the_specimen_is_a_pdf_without_a_seal(office):
    edited(office, name="演示新证")
    for got in (
        signed_in(office.head).get(at("type-draft-specimen", CODE)),
        signed_in(office.manager).get(at("type-specimen", CODE, 1)),
    ):
        assert got.status_code == 200
        assert got.content.startswith(b"%PDF")
        assert check(got.content).problem == "paper.not-sealed"
    get(office.head, "type-specimen", CODE, 9, status=404)


def test_a_name_no_font_can_draw_is_refused_in_words(office):
    edited(office, name="演示\U0002f9f0证")
    page = get(office.head, "type-draft-specimen", CODE, status=409)
    assert "paper.glyph-missing" in page


def test_unchanged_it_is_not_published(office):
    edited(office)
    page = text(post(office.head, "type-check", CODE), 409)
    assert "与在用的版本相同" in page


def test_rows_are_added_and_taken_away(office):
    page = edited(office, add="1")
    assert "fields-2-label" in text(page)
    changed = {
        "fields-TOTAL_FORMS": "3",
        "fields-2-label": "标语",
        "fields-2-source": "text",
        "fields-2-text": "演示用",
        "fields-1-DELETE": "on",
    }
    edited(office, **changed)
    post(office.head, "type-check", CODE)
    fields = queries.type_version(CODE, 2).fields
    assert [(one.name, one.label, one.source) for one in fields] == [
        ("premises", "经营场所", "form:premises"),
        ("f2", "标语", "text:演示用"),
    ]


def test_a_field_with_fixed_words_says_them(office):
    page = edited(
        office,
        **{"fields-TOTAL_FORMS": "3", "fields-2-label": "标语", "fields-2-source": "text"},
    )
    assert "固定文字不能空着" in text(page, 422)


def test_a_new_type_begins_with_its_code(office):
    batch_town.found(office)
    done = post(office.head, "type-new", organ="market", suffix="w02")
    assert done.redirect_chain[-1][0] == at("type-edit", f"{USCC}W02")
    begun = empty(f"{USCC}W02", "market", "演示市场监督管理局")
    editor = TypeEditor(begun, items=[(WORKER.items[0], "x")])
    said = typed(
        editor,
        name="演示放射工作人员证",
        items=[WORKER.items[0]],
        validity_months="24",
        **{"holder_name-source": "form:name", "holder_number-source": "form:number"},
    )
    written = signed_in(office.head).post(at("type-edit", f"{USCC}W02"), said)
    assert written.headers["Location"] == at("type-check", f"{USCC}W02")
    assert "证照类型已发布" in text(post(office.head, "type-check", f"{USCC}W02"))
    content = queries.types_in_use()[WORKER.items[0]].content
    assert (content.code, content.holder_name.source) == (f"{USCC}W02", "form:name")
    again = post(office.head, "type-new", organ="market", suffix="W02")
    assert "这个代码已有证照类型" in text(again, 422)


def test_an_organ_without_a_code_issues_no_type(office):
    page = text(post(office.head, "type-new", organ="education", suffix="W01"), 422)
    assert "核发机关没有登记统一社会信用代码" in page


def test_what_was_written_can_be_thrown_away(office):
    edited(office, name="演示新证")
    assert "演示新证" in get(office.head, "type-edit", CODE)
    post(office.head, "type-edit", CODE, discard="1")
    assert "演示新证" not in get(office.head, "type-edit", CODE)


def test_a_type_is_withdrawn_with_a_reason(office):
    assert "error-summary" in text(post(office.head, "type-withdraw", CODE, reason=""), 422)
    done = post(office.head, "type-withdraw", CODE, reason="改用新证")
    assert "证照类型已停用" in text(done)
    assert queries.types_in_use() == {}


@pytest.mark.parametrize("name", ["type-edit", "type-check", "type-withdraw"])
def test_a_department_does_not_write_types(office, name):
    get(office.manager, name, CODE, status=403)


# ── In English, and at what cost ────────────────────────────────────────────


@pytest.mark.parametrize("name", ["mine", "licence", "desk", "desk-licence"])
def test_pages_name_a_licence_in_the_readers_language(office, key, name):
    browser = signed_in(office.citizen if name in ("mine", "licence") else office.chief)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    args = [key] if "licence" in name else []
    assert "Food Business Licence</" in text(browser.get(at(name, *args)))


def asked(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_lists_cost_the_same_however_long_they_are(office):
    for _ in range(2):
        licensed(office)
    pages = [("mine", office.citizen), ("desk", office.chief)]
    browsers = {name: signed_in(who) for name, who in pages}
    for name, browser in browsers.items():
        browser.get(at(name))  # warm
    few = {name: asked(lambda b=b, n=name: b.get(at(n))) for name, b in browsers.items()}
    for _ in range(4):
        licensed(office)
    many = {name: asked(lambda b=b, n=name: b.get(at(n))) for name, b in browsers.items()}
    assert many == few
    assert LicenceRow.objects.count() == 6
