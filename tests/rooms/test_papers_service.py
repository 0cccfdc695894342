"""What papers do when something happens elsewhere: records of service, another try."""

from datetime import timedelta

import pytest

from mingtang.config.wiring import SUBJECTS
from mingtang.core.papers import PaperKind, ServedHow
from mingtang.core.wire import ERASED
from mingtang.ledger import reactions
from mingtang.ledger.actions import erase
from mingtang.ledger.models import Place
from mingtang.papers import queries
from mingtang.papers.actions import making
from mingtang.papers.models import MakingRow, PaperRow
from mingtang.papers.reactions import REACTIONS
from mingtang.trust import actions as trust
from tests.rooms import paper_words
from tests.rooms.paper_words import draft, licence, order, row, serve
from tests.rooms.people_words import MONDAY

pytestmark = pytest.mark.django_db
KEY = "MT-7K2P-9QXD-2"
HOUR = timedelta(hours=1)
RECORDS, AGAIN = REACTIONS


@pytest.fixture(autouse=True)
def home(log_home):
    return log_home


@pytest.fixture
def office():
    return paper_words.build()


def made(*wanted):
    keys = order(*wanted)
    assert making.make_due(at=MONDAY) == len(keys)
    return keys


def facts_of(paper):
    [table] = [block for block in queries.sheet_of(paper).blocks if block.lines]
    return {line.label: line.value for line in table.lines}


# ── Records of service ──────────────────────────────────────────────────────


def test_a_served_decision_has_a_record_of_its_own(office):
    made(draft(paper=PaperKind.GRANTED, owner=office.citizen, batch="B-7K2P-9QXD"))
    receipt = serve(KEY, at=MONDAY + HOUR, how=ServedHow.ONLINE, by=office.citizen)
    assert reactions.run(RECORDS) == 1
    record, served = row(f"{KEY}-S"), row()
    assert (record.paper, record.title, record.series) == (
        "service",
        "送达回证",
        "education/送/2026",
    )
    assert (record.about, record.cause) == ("case/MT-7K2P-9QXD", receipt.index)
    assert (record.owner, record.batch, record.user) == (
        office.citizen,
        "B-7K2P-9QXD",
        office.citizen,
    )
    assert (record.organ, record.item) == (served.organ, served.item)
    assert facts_of(record) == {
        "受送达人": "演示甲",
        "送达文书": "受理通知书",
        "文书文号": served.number,
        "送达方式": "电子送达",
        "送达时间": "2026年3月2日10时00分",
        "收件人": "演示甲",
        "存证序号": str(receipt.index),
    }
    assert making.make_due(at=MONDAY + HOUR) == 1


@pytest.mark.parametrize("kind", [PaperKind.RECEIVED, PaperKind.LICENCE, PaperKind.SERVICE])
def test_what_is_handed_over_as_a_mere_receipt_has_none(office, kind):
    made(licence() if kind is PaperKind.LICENCE else draft(paper=kind))
    serve(PaperRow.objects.get().key)
    assert reactions.run(RECORDS) == 1
    assert PaperRow.objects.count() == 1


def test_a_record_is_ordered_once_however_often_it_is_heard_of(office):
    made(draft("A-1"), draft("A-2"))
    for key in ("A-1", "A-2"):
        serve(key)
    reactions.run(RECORDS)
    Place.objects.filter(reader="papers.service").update(index=0)
    assert reactions.run(RECORDS) == 2
    assert sorted(PaperRow.objects.filter(paper="service").values_list("key", "serial")) == [
        ("A-1-S", 1),
        ("A-2-S", 2),
    ]


def test_of_what_was_erased_meanwhile_nothing_is_said(office):
    made(draft("A-1"), draft("A-2"))
    receipts = {key: serve(key) for key in ("A-1", "A-2")}
    said = {"basis": "演示", "by": "P", "at": MONDAY, "subjects": SUBJECTS}
    erase(index=row("A-1").ordered_index, names=("sheet",), **said)
    erase(index=receipts["A-2"].index, names=("recipient",), **said)
    assert reactions.run(RECORDS) == 2
    assert row("A-2").recipient == ERASED
    assert PaperRow.objects.filter(paper="service").count() == 0


# ── Another try ─────────────────────────────────────────────────────────────


def test_a_seal_put_to_use_again_does_not_wait_for_the_next_try(office):
    reactions.begin(AGAIN)
    order(draft("A-1"), draft("A-2", organ="health"))
    trust.suspend_seal(key="education-1", reason="疑似盗用", by=office.chief, at=MONDAY)
    assert making.make_due(at=MONDAY) == 0
    assert making.make_due(at=MONDAY) == 0
    assert reactions.run(AGAIN) == 0
    trust.resume_seal(key="education-1", reason="查明无事", by=office.manager, at=MONDAY)
    assert reactions.run(AGAIN) == 1
    assert making.make_due(at=MONDAY) == 1
    assert row("A-1").issued_at == MONDAY
    assert MakingRow.objects.get(pk="A-2").attempts == 2


def test_a_new_letter_does_not_wait_and_what_stands_still_for_good_is_left_alone(office):
    reactions.begin(AGAIN)
    order(draft("A-1", item="E-2"))
    making.make_due(at=MONDAY)
    MakingRow.objects.create(
        key="B-1", attempts=1, code="paper.erased", facts={}, tried_at=MONDAY, next_try_at=None
    )
    paper_words.grant(office, letter_no="演示授权〔2026〕2号", items=("E-2",))
    assert reactions.run(AGAIN) == 2  # granted, published
    assert making.make_due(at=MONDAY) == 1
    assert MakingRow.objects.get().next_try_at is None
