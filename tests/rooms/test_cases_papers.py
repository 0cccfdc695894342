"""Every decision point of a case orders its paper: which, for whom, under which number, once."""

import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingtang.cases import actions
from mingtang.cases.actions import batches, special
from mingtang.cases.queries import PAPERS_READER
from mingtang.cases.reactions import REACTIONS
from mingtang.catalogue.models import ItemVersionRow
from mingtang.config.wiring import SUBJECTS
from mingtang.core import cases
from mingtang.core.cases import Finding, Ground, SpecialKind
from mingtang.core.catalogue import key_of
from mingtang.core.mandates import MandatePower
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import texts
from mingtang.ledger import reactions
from mingtang.ledger.memory import memory
from mingtang.ledger.models import LedgerEntry, Place, SetAside
from mingtang.ledger.replay import rebuild
from mingtang.papers import queries as papers
from mingtang.papers.actions import making
from mingtang.papers.models import PaperRow
from mingtang.papers.ports.typesetting import missing_glyphs, typeset
from mingtang.ratings import actions as ratings
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder
from tests.core.case_examples import MONDAY, day
from tests.core.item_examples import COMPLETE
from tests.core.notice_examples import sheets
from tests.rooms import batch_town, case_town
from tests.rooms.case_town import (
    LETTER,
    ONCE,
    clerk,
    document,
    kept,
    officer,
    page,
    signed_in,
)
from tests.rooms.conftest import ROOT
from tests.rooms.paper_words import words_of

pytestmark = pytest.mark.django_db
[ORDERING] = [reaction for reaction in REACTIONS if reaction.reader == PAPERS_READER]
HOUR = timedelta(hours=1)
ORGAN = "演示市场监督管理局"


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def town():
    return case_town.build()


@pytest.fixture(autouse=True)
def opened(home):
    reactions.begin(ORDERING)


def ordered() -> list[PaperRow]:
    """Let the reaction hear what happened; return every paper there is, the oldest first."""
    reactions.run(ORDERING)
    return list(PaperRow.objects.order_by("ordered_index"))


def newest() -> PaperRow:
    return ordered()[-1]


def sheet(paper: PaperRow):
    found = papers.sheet_of(paper)
    assert found is not None
    return found


def fact(paper: PaperRow, label: str) -> str:
    """Return what a paper says of a matter."""
    lines = [line for block in sheet(paper).blocks for line in block.lines]
    [value] = [line.value for line in lines if line.label == label]
    return value


def words(paper: PaperRow) -> str:
    return "\n".join(texts(sheet(paper)))


def chief(town) -> cases.Officer:
    return officer(town.chief, "N-006", "market")


def manager(town) -> cases.Officer:
    return officer(town.manager, "N-007", "market")


def decide(town, number: str, granted: bool = True, at: datetime = MONDAY) -> None:
    reason = "" if granted else "场所不符合规定"
    actions.decide(number=number, granted=granted, reason=reason, officer=chief(town), at=at)


# ── Each decision point ─────────────────────────────────────────────────────


def file(town) -> str:
    return case_town.filed(town)


def correct(town) -> str:
    number = case_town.notified(town)
    actions.submit_corrections(
        number=number,
        person=town.citizen,
        documents=[document(kept(town.citizen), "m1")],
        form=None,
        at=MONDAY + HOUR,
    )
    return number


def not_accept(town) -> str:
    number = case_town.filed(town)
    actions.refuse_acceptance(
        number=number,
        ground=Ground.NOT_COMPETENT,
        reason="由县级机关办理",
        competent_organ="演示县市场监督管理局",
        officer=clerk(town),
        at=MONDAY,
    )
    return number


def wait(town) -> str:
    number = case_town.filed(town)
    actions.deem_accepted(at=day(3, 10, 0))
    return number


def extend(town) -> str:
    number = case_town.accepted(town)
    special.extend(
        number=number, days=5, reason="需要核实", approver=manager(town), at=MONDAY + HOUR
    )
    return number


def begin(town) -> str:
    number = case_town.accepted(town)
    special.begin_special(
        number=number,
        procedure=SpecialKind.TESTING,
        reason="需要抽样检测",
        expected_days=5,
        officer=chief(town),
        at=MONDAY + HOUR,
    )
    return number


def grant(town) -> str:
    number = case_town.reviewed(town)
    decide(town, number)
    return number


def refuse(town) -> str:
    number = case_town.reviewed(town)
    decide(town, number, granted=False)
    return number


# what is done, then: kind of paper, its word, how many papers that makes, who uses the seal
Way = tuple[Callable[..., str], PaperKind, str, int, str]
WAYS: dict[str, Way] = {
    "filed": (file, PaperKind.RECEIVED, "收", 1, ""),
    "notified": (case_town.notified, PaperKind.CORRECTIONS, "补", 2, ""),
    "corrected": (correct, PaperKind.RECEIVED, "收", 3, ""),
    "accepted": (case_town.accepted, PaperKind.ACCEPTED, "受", 2, ""),
    "deemed": (wait, PaperKind.ACCEPTED, "受", 2, ""),
    "not accepted": (not_accept, PaperKind.NOT_ACCEPTED, "不受", 2, ""),
    "extended": (extend, PaperKind.EXTENDED, "延", 3, "manager"),
    "special": (begin, PaperKind.SPECIAL, "特", 3, "chief"),
    "granted": (grant, PaperKind.GRANTED, "准", 3, "chief"),
    "refused": (refuse, PaperKind.REFUSED, "不准", 3, "chief"),
}
EACH = pytest.mark.parametrize("way", WAYS)


@EACH
def test_every_decision_point_orders_its_paper(town, way):
    act, kind, word, count, user = WAYS[way]
    number = act(town)
    act_entry = LedgerEntry.objects.filter(stream=f"case/{number}").order_by("version").last()
    made = ordered()
    paper = made[-1]
    assert (len(made), paper.paper, paper.about) == (count, kind, f"case/{number}")
    assert (paper.key, paper.cause) == (f"{number}-{act_entry.version}", act_entry.index)
    assert (paper.organ, paper.series) == ("market", f"market/{word}/2026")
    assert (paper.addressee, paper.owner, paper.batch) == ("演示甲", town.citizen, "")
    assert paper.user == (getattr(town, user) if user else "")
    assert fact(paper, "办件编号") == number
    assert sheet(paper).organ == ORGAN
    assert (paper.issued_at, paper.served_at) == (None, None)


def test_numbers_run_on_within_each_register(town):
    case_town.accepted(town)
    case_town.accepted(town)
    assert [paper.number for paper in ordered()] == [
        f"{ORGAN}收〔2026〕1号",
        f"{ORGAN}受〔2026〕1号",
        f"{ORGAN}收〔2026〕2号",
        f"{ORGAN}受〔2026〕2号",
    ]


@EACH
def test_what_is_heard_twice_is_ordered_once(town, way):
    act, _kind, _word, count, _user = WAYS[way]
    act(town)
    ordered()
    Place.objects.filter(reader=PAPERS_READER).update(index=0)  # it died before moving on
    before = LedgerEntry.objects.count()
    assert len(ordered()) == count
    assert LedgerEntry.objects.count() == before


def test_a_withdrawal_asks_for_no_paper(town):
    number = case_town.filed(town)
    actions.withdraw(number=number, person=town.citizen, reason="改期", at=MONDAY)
    assert [paper.paper for paper in ordered()] == [PaperKind.RECEIVED]


def test_a_paper_ordered_late_says_what_was_so_at_its_act(town):
    """The reaction hears everything at once, and each notice keeps to its own moment."""
    number = extend(town)
    accepted, extended = ordered()[1:]
    assert fact(accepted, "法定办结期限") == "20 个工作日，至2026年3月30日（周一）"
    assert fact(extended, "原法定届满日") == "2026年3月30日（周一）"
    assert fact(extended, "延长后届满日") == "2026年4月7日（周二）"
    assert number in words(extended)


# ── What stands on them ─────────────────────────────────────────────────────


def test_an_automatic_paper_says_so_and_names_nobody(town):
    wait(town)
    paper = newest()
    assert sheet(paper).notes[0] == "本文书由系统依法自动生成，未经人工处理。"
    assert "工号" not in words(paper)


def test_a_clerks_paper_names_window_and_staff_number(town):
    case_town.accepted(town)
    assert sheet(newest()).notes == (
        "经办：7 号综合窗口，工号 N-003。",
        "咨询电话 0990-0120101；演示市大道 1 号政务大厅 2 楼 7 号窗口。",
    )


def test_a_decision_names_who_took_it_and_under_which_letter(town):
    grant(town)
    assert sheet(newest()).notes[0] == (
        f"本决定由{ORGAN}的首席代表演示6（工号 N-006）以本机关名义作出。"
        f"依据授权书 {LETTER}，有效期至2026年12月31日。"
    )


def test_materials_stand_by_their_names(town):
    case_town.filed(town)
    assert fact(newest(), "申请书") == "1 个文件"


@pytest.mark.parametrize(
    ("level", "organ"), [("3", "本机关的本级人民政府"), ("1", "本机关")], ids=["city", "state"]
)
def test_reconsideration_is_asked_of_whom_the_law_says(town, level, organ):
    case_town.publish(replace(COMPLETE, authority_level=level), draft=2)
    refuse(town)
    assert f"依法向{organ}申请行政复议" in words(newest())


# ── Many ────────────────────────────────────────────────────────────────────


def filed_batch(town, count: int) -> str:
    batch_town.found(town)
    return batch_town.batch(town, count)


def test_every_row_of_a_batch_has_a_paper_that_says_which_it_is(town):
    batch = filed_batch(town, 3)
    made = ordered()
    assert [(paper.batch, paper.addressee, paper.owner) for paper in made] == [
        (batch, "演示医院", town.citizen)
    ] * 3
    assert [fact(paper, "批量申请") for paper in made] == [
        f"{batch} 第 {place} 行，姓名：演示员{place}" for place in (1, 2, 3)
    ]
    assert [paper.about for paper in made] == [
        f"case/{number}" for number in batch_town.numbers(batch)
    ]
    assert words(made[0]).count("演示员") == 1  # nobody else's name


def test_a_corrected_row_is_named_as_corrected(town):
    batch = filed_batch(town, 1)
    [number] = batch_town.numbers(batch)
    shortfall = cases.Shortfall(material="", name="申请表", reason="姓名有误")
    actions.notify_corrections(
        number=number, shortfalls=[shortfall], officer=clerk(town), at=MONDAY
    )
    fields = {**batch_town.worker(1), "name": "演示员改", "since": "2020-01-31"}
    actions.submit_corrections(
        number=number, person=town.citizen, documents=[], form=fields, at=MONDAY
    )
    assert [fact(paper, "批量申请") for paper in ordered()] == [
        f"{batch} 第 1 行，姓名：{name}" for name in ("演示员1", "演示员1", "演示员改")
    ]


def statements(town, count: int) -> int:
    batch_town.batch(town, count)
    with CaptureQueriesContext(connection) as captured:
        assert reactions.run(ORDERING) == count
    return len(captured)


def test_a_batch_costs_no_statement_more_for_each_row(town):
    batch_town.found(town)
    statements(town, 1)  # what is remembered from here on
    assert statements(town, 10) == statements(town, 40)


def test_a_batch_accepted_and_decided_has_all_its_papers(town):
    numbers = batch_town.numbers(filed_batch(town, 2))
    for act in ("accept", "decide"):
        once = {number: f"{act}/{number}" for number in numbers}
        if act == "accept":
            batches.accept_each(once=once, officer=clerk(town), at=MONDAY)
            review(town, numbers)
        else:
            batches.decide_each(once=once, granted=True, reason="", officer=chief(town), at=MONDAY)
    kinds = [paper.paper for paper in ordered()]
    assert kinds == [
        *[PaperKind.RECEIVED] * 2,
        *[PaperKind.ACCEPTED] * 2,
        *[PaperKind.GRANTED] * 2,
    ]


def review(town, numbers) -> None:
    by = {
        "papers": officer(town.reviewer, "N-004", "market"),
        "site": officer(town.inspector, "N-005", "inspection"),
        "merge": officer(town.reviewer, "N-004", "market"),
    }
    for step, reviewer in by.items():
        batches.complete_each(
            once={number: f"{step}/{number}" for number in numbers},
            step=step,
            finding=Finding.MEETS,
            opinion="符合",
            officer=reviewer,
            at=MONDAY,
        )


# ── What may go wrong ───────────────────────────────────────────────────────


def test_what_was_done_before_there_were_papers_gets_none(town):
    case_town.accepted(town)
    Place.objects.all().delete()  # as an older version left it
    assert ordered() == []
    number = case_town.filed(town)
    assert [paper.about for paper in ordered()] == [f"case/{number}"]


def spoil(town) -> str:
    """File a case whose item's version then vanishes from the database; return its number."""
    other = replace(COMPLETE, code="DEMO-GONE", name="演示消失的事项")
    case_town.publish(other)
    number = case_town.filed(town, item=key_of(other.code))
    ItemVersionRow.objects.filter(key=key_of(other.code)).delete()
    memory.forget()
    return number


def test_one_that_cannot_be_written_holds_up_no_other_and_is_tried_again(town, caplog):
    before = case_town.filed(town)
    spoilt = spoil(town)
    after = case_town.filed(town)
    with caplog.at_level(logging.ERROR):
        made = ordered()
        assert reactions.try_again(ORDERING) == 0
    assert [paper.about for paper in made] == [f"case/{before}", f"case/{after}"]
    assert "cases.papers failed on entry" in caplog.text
    filed = LedgerEntry.objects.get(stream=f"case/{spoilt}")
    assert [aside.index for aside in SetAside.objects.all()] == [filed.index]

    rebuild(SUBJECTS)
    assert reactions.try_again(ORDERING) == 1
    assert (newest().about, newest().number) == (f"case/{spoilt}", f"{ORGAN}收〔2026〕3号")
    assert not SetAside.objects.exists()


# ── On the pages ────────────────────────────────────────────────────────────

MAKING, FAILED = "文书正在制作。", "没有写成，系统每半分钟再试一次。"


def text_of(someone: str, name: str, *args) -> str:
    answer = signed_in(someone).get(page(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_decision_point_says_its_paper_is_being_made_until_it_is_there(town):
    number = case_town.filed(town)
    before = text_of(town.citizen, "progress", number)
    assert ("收件回执" in before, MAKING in before) == (True, True)
    paper = newest()
    after = text_of(town.citizen, "progress", number)
    assert (f"/papers/{paper.key}/" in after, paper.number in after) == (True, True)
    assert MAKING not in after


def test_officers_see_the_papers_of_what_they_handle(town):
    number = case_town.reviewed(town)
    paper = newest()
    pages = [(town.clerk, "desk-case", number), (town.chief, "task", number, "decision")]
    for someone, *where in pages:
        assert paper.number in text_of(someone, *where)


def test_officers_are_told_what_could_not_be_written_and_applicants_that_it_is_being_made(
    town, caplog
):
    number = spoil(town)
    with caplog.at_level(logging.ERROR):
        assert ordered() == []
    rebuild(SUBJECTS)
    entry = LedgerEntry.objects.get(stream=f"case/{number}")
    officers = text_of(town.clerk, "desk-case", number)
    assert f"{FAILED}请告知系统管理员，账本记录 {entry.index}。" in officers
    applicants = text_of(town.citizen, "progress", number)
    assert (MAKING in applicants, FAILED in applicants) == (True, False)


def test_what_was_done_before_there_were_papers_promises_none(town):
    number = case_town.filed(town)
    Place.objects.filter(reader=PAPERS_READER).update(index=LedgerEntry.objects.count())
    assert MAKING not in text_of(town.citizen, "progress", number)


def test_who_sees_no_more_than_progress_sees_no_paper(town):
    number = case_town.filed(town)
    paper = newest()
    assert paper.number not in text_of(town.overseer, "progress", number)
    tracking = Client()
    tracking.post(page("track"), {"number": number, "tail": "0001"})
    tracked = tracking.get(page("progress", number))
    assert (tracked.status_code, paper.number in tracked.content.decode()) == (200, False)


def addresses(paper: PaperRow) -> tuple[str, str]:
    """Return where a paper is looked at, and its file."""
    return f"/papers/{paper.key}/", f"/papers/{paper.key}.pdf"


@pytest.mark.parametrize("someone", ["neighbour", "stranger", "overseer", "administrator"])
def test_nobody_else_opens_a_paper(town, someone):
    case_town.filed(town)
    paper = made(town)
    for address in addresses(paper):
        assert signed_in(getattr(town, someone)).get(address).status_code == 404
    paper.refresh_from_db()
    assert paper.served_at is None


def test_who_tracks_a_case_opens_none_of_its_papers(town):
    number = case_town.filed(town)
    tracking = Client()
    tracking.post(page("track"), {"number": number, "tail": "0001"})
    for address in addresses(made(town)):
        answer = tracking.get(address)
        assert (answer.status_code, answer.url) == (302, f"/account/login/?next={address}")


@pytest.mark.parametrize("someone", ["citizen", "clerk", "chief"])
def test_those_it_concerns_open_it(town, someone):
    case_town.reviewed(town)
    answer = signed_in(getattr(town, someone)).get(f"/papers/{newest().key}/")
    assert answer.status_code == 200


MARK = "文书制作中"


def test_the_list_of_what_was_done_marks_what_has_no_paper_yet(town):
    number = case_town.accepted(town)
    done = f"{page('desk')}?tab=done"
    clerks = signed_in(town.clerk)
    assert MARK in clerks.get(done).content.decode()  # nothing has been ordered
    ordered()
    assert MARK in clerks.get(done).content.decode()  # nothing has been made
    make_seal(town)
    assert making.make_due(at=MONDAY) == 2
    listed = clerks.get(done).content.decode()
    assert (number in listed, MARK in listed) == (True, False)


def test_so_does_the_list_of_decisions(town):
    number = grant(town)
    ordered()
    chiefs = signed_in(town.chief)
    listed = chiefs.get(f"{page('tasks')}?tab=done").content.decode()
    assert (number in listed, MARK in listed) == (True, True)
    to_do = chiefs.get(f"{page('tasks')}?tab=todo").content.decode()
    assert MARK not in to_do


def test_so_does_a_batch(town):
    batch = filed_batch(town, 2)
    once = {number: f"accept/{number}" for number in batch_town.numbers(batch)}
    batches.accept_each(once=once, officer=clerk(town), at=MONDAY)
    ordered()
    listed = signed_in(town.clerk).get(f"{page('desk')}?tab=done").content.decode()
    assert (batch in listed, MARK in listed) == (True, True)


def make_seal(town) -> None:
    """Give the department a seal, and its chief the letter to use it."""
    case_town.grant(town, letter_no="演市监授〔2026〕8号", powers=(MandatePower.SEAL,))
    trust.make_seal(
        order=SealOrder(
            seal_no="9900000000017",
            organ="market",
            name="行政审批专用章",
            custodian=town.chief,
            sealer="local",
            valid_from=date(2026, 1, 1),
            valid_to=date(2099, 12, 31),
        ),
        by=town.manager,
        at=MONDAY,
    )


def made(town) -> PaperRow:
    """Return the newest paper, sealed and kept."""
    make_seal(town)
    paper = newest()
    making.make_due(at=MONDAY)
    paper.refresh_from_db()
    assert paper.issued_at == MONDAY
    return paper


# ── Handed over at the window ───────────────────────────────────────────────


def test_the_window_prints_a_paper_and_records_that_it_was_handed_over(town):
    case_town.accepted(town)
    paper = made(town)
    clerks = signed_in(town.clerk)
    printed = clerks.get(f"/papers/{paper.key}.pdf")
    assert b"".join(printed.streaming_content).startswith(b"%PDF-")
    paper.refresh_from_db()
    assert paper.served_at is None  # a clerk who prints it has not served it
    form = {"how": "window", "recipient": "演示甲", "once_key": ONCE}
    assert clerks.post(f"/papers/{paper.key}/serve/", form).status_code == 302
    paper.refresh_from_db()
    assert (paper.served_how, paper.recipient, paper.served_by) == ("window", "演示甲", town.clerk)
    assert "窗口领取" in text_of(town.citizen, "progress", paper.about.partition("/")[2])


def test_an_applicant_who_opens_a_paper_has_been_served(town):
    case_town.accepted(town)
    paper = made(town)
    for _twice in range(2):
        opened = signed_in(town.citizen).get(f"/papers/{paper.key}.pdf")
        assert b"".join(opened.streaming_content).startswith(b"%PDF-")
    paper.refresh_from_db()
    assert (paper.served_how, paper.recipient) == ("online", "演示甲")
    assert LedgerEntry.objects.filter(kind="paper.served.v1").count() == 1


def test_a_receipt_leads_to_where_its_case_stands_and_no_paper_to_a_rating(town, settings):
    number = case_town.accepted(town)
    receipt, acceptance = ordered()[:2]
    leads = f"{settings.URL}/cases/track/?number={number}"
    assert [making.tracking_of(one) for one in (receipt, acceptance)] == [leads, ""]
    shown = Client().get(leads.removeprefix(settings.URL)).content.decode()
    assert f'value="{number}"' in shown
    pdf = typeset(sheet(receipt), address=making.address_of("X"), test=True, tracking=leads).pdf
    assert "扫码查进度" in words_of(pdf)
    token = ratings.token_of(f"case/{number}")
    assert not any(token in words for words in (*texts(sheet(receipt)), words_of(pdf)))


# ── Set in type ─────────────────────────────────────────────────────────────

SHEETS = dict(sheets())


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("tracking", ["", "https://hall.example/cases/track/?number=MT-7K2P-9QXD"])
def test_every_notice_fits_one_page_and_leaves_no_sign_blank(name, tracking):
    assert missing_glyphs(SHEETS[name]) == ""
    address = "https://hall.example/check/"
    page = typeset(SHEETS[name], address=address, test=True, tracking=tracking)
    assert page.pages == 1
    assert ("扫码查进度" in words_of(page.pdf)) is bool(tracking)


def test_all_of_them_can_be_looked_at(tmp_path):
    command = [sys.executable, "script/papers", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.stem for path in tmp_path.glob("*.pdf")} == set(SHEETS)
