"""On the spot (当场办结): one screen at the window, from acceptance to the papers in the hand."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases.actions import onthespot
from mingtang.cases.models import TaskRow
from mingtang.cases.views import onthespot as screen
from mingtang.config.wiring import REACTIONS
from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.catalogue import key_of
from mingtang.core.mandates import MandatePower
from mingtang.core.papers import PaperKind
from mingtang.ledger import queries as ledger
from mingtang.ledger import reactions
from mingtang.papers.actions import making
from mingtang.papers.models import PaperRow
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, officer, row, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db
AT_ONCE = replace(COMPLETE, code="DEMO-AT-ONCE", name="演示即办事项", promised_days=0, steps=())


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def town():
    town = case_town.build()
    case_town.publish(AT_ONCE)
    case_town.grant(
        town,
        letter_no="演市监授〔2026〕9号",
        items=(AT_ONCE.code,),
        powers=(MandatePower.DECIDE, MandatePower.SEAL),
    )
    return town


def filed(town, **changed):
    return case_town.filed(town, item=key_of(AT_ONCE.code), **changed)


def chief(town):
    return officer(town.chief, "N-006", "market")


def settle(town, number, **changed):
    given = {"granted": True, "reason": "", "officer": chief(town), "at": MONDAY}
    return onthespot.settle(number=number, **{**given, **changed})


def test_one_act_leaves_a_decided_case_and_two_entries(town):
    number = filed(town)
    before = ledger.size()
    receipt = settle(town, number)
    case = row(number)
    assert (case.stage, case.accepted_date, case.closed_at) == (
        Stage.GRANTED,
        MONDAY.date(),
        MONDAY,
    )
    assert (ledger.size() - before, receipt.index) == (2, before + 1)
    done = TaskRow.objects.filter(case=number).values_list("key", "person", "finding")
    assert sorted(done) == [
        ("decision", town.chief, "granted"),
        ("intake", town.chief, "accepted"),
    ]


def test_what_has_something_to_review_is_refused_and_nothing_happened(town):
    number = case_town.filed(town)
    before = ledger.size()
    with refused("case.not-on-the-spot"):
        settle(town, number)
    assert (row(number).stage, ledger.size()) == (Stage.FILED, before)


def test_sent_twice_it_is_done_once(town):
    number = filed(town)
    first = settle(town, number, once="key")
    again = settle(town, number, once="key")
    assert (again.index, again.repeated) == (first.index, True)


# ── The screen ──────────────────────────────────────────────────────────────


def page(name, number):
    return reverse(f"cases:{name}", args=[number])


def checked():
    return {"once_key": ONCE, "check-m1": "yes", "check-_form": "yes"}


def make_seal(town):
    order = SealOrder(
        seal_no="9901000000001",
        organ="market",
        name="行政审批专用章",
        custodian=town.chief,
        sealer="local",
        valid_from=date(2026, 1, 1),
        valid_to=date(2028, 12, 31),
    )
    trust.make_seal(order=order, by=town.manager, at=MONDAY)


@pytest.fixture
def opened():
    for reaction in REACTIONS:
        reactions.begin(reaction)


def now():
    return timezone.localtime()


def work():
    for _ in range(3):
        for reaction in REACTIONS:
            reactions.run(reaction)
        making.make_due(at=now())


def test_the_desk_offers_it_to_who_may_decide_and_to_nobody_else(town):
    number = filed(town, at=now())
    offered = signed_in(town.chief).get(page("desk-case", number)).content.decode()
    assert page("desk-settle", number) in offered
    clerk = signed_in(town.clerk).get(page("desk-case", number)).content.decode()
    assert page("desk-settle", number) not in clerk
    other = case_town.filed(town, at=now())
    assert page("desk-settle", other) not in (
        signed_in(town.chief).get(page("desk-case", other)).content.decode()
    )


def test_from_the_press_of_a_button_to_the_papers_in_the_hand(town, opened):
    make_seal(town)
    number, browser = filed(town, at=now()), signed_in(town.chief)
    answer = browser.post(page("desk-settle", number), checked())
    assert answer.headers["Location"] == page("desk-settled", number)

    making_page = browser.get(page("desk-settled", number)).content.decode()
    assert 'hx-trigger="every 1s"' in making_page
    assert page("desk-hand-over", number) not in making_page

    work()
    made = list(PaperRow.objects.filter(about=f"case/{number}").order_by("ordered_index"))
    assert [paper.paper for paper in made] == [
        PaperKind.RECEIVED,
        PaperKind.ACCEPTED,
        PaperKind.GRANTED,
    ]
    assert all(paper.issued_at for paper in made)

    browser.post(page("desk-hand-over", number), {"recipient": "演示甲", "once_key": ONCE})
    served = PaperRow.objects.filter(about=f"case/{number}", served_how="window")
    assert sorted(served.values_list("paper", "recipient")) == [
        ("accepted", "演示甲"),
        ("granted", "演示甲"),
        ("received", "演示甲"),
    ]
    handed = "已全部交给申请人，送达已记入账本。"
    assert handed in browser.get(page("desk-settled", number)).content.decode()
    work()  # records of service are made of two of them, and are handed to nobody
    assert PaperRow.objects.filter(paper=PaperKind.SERVICE, issued_at__isnull=False).count() == 2
    after = browser.get(page("desk-settled", number)).content.decode()
    assert (handed in after, page("desk-hand-over", number) in after) == (True, False)


def test_what_the_applicant_opened_meanwhile_keeps_nothing_else_from_being_handed_over(
    town, opened, monkeypatch
):
    make_seal(town)
    number, browser = filed(town, at=now()), signed_in(town.chief)
    browser.post(page("desk-settle", number), checked())
    work()
    seen = screen._papers(number)  # as the page's handler finds them
    opened_now = signed_in(town.citizen).get(f"/papers/{seen[0].key}.pdf")
    assert b"".join(opened_now.streaming_content).startswith(b"%PDF-")
    monkeypatch.setattr(screen, "_papers", lambda _number: seen)
    answer = browser.post(page("desk-hand-over", number), {"recipient": "演示甲", "once_key": ONCE})
    assert answer.status_code == 302
    served = PaperRow.objects.filter(about=f"case/{number}").order_by("ordered_index")
    assert list(served.values_list("served_how", flat=True)) == ["online", "window", "window"]


def test_what_is_marked_as_not_in_order_is_not_settled(town):
    number = filed(town, at=now())
    sent = {**checked(), "check-m1": "no", "why-m1": "没有签字"}
    answer = signed_in(town.chief).post(page("desk-settle", number), sent)
    assert answer.status_code == 422
    assert "没有签字" in answer.content.decode()
    assert row(number).stage == Stage.FILED


def test_a_refusal_of_the_rules_is_shown_and_nothing_happened(town):
    number = case_town.filed(town, at=now())
    answer = signed_in(town.chief).post(page("desk-settle", number), checked())
    assert answer.status_code == 409
    assert "case.not-on-the-spot" in answer.content.decode()
    assert row(number).stage == Stage.FILED


def test_the_screen_is_for_who_decided_it(town):
    number = filed(town, at=now())
    settle(town, number, at=now())
    assert signed_in(town.chief).get(page("desk-settled", number)).status_code == 200
    for someone in (town.clerk, town.reviewer, town.citizen):
        answer = signed_in(someone).get(page("desk-settled", number))
        assert answer.status_code in (403, 404)
    assert (
        signed_in(town.chief).get(page("desk-settled", case_town.filed(town, at=now()))).status_code
        == 404
    )


def test_its_own_applicant_does_not_settle_it(town):
    applicant = cases.Applicant(
        kind="person", id=town.chief, name="演示6", id_number="E00000006", phone="19900000006"
    )
    number = filed(town, someone=applicant.id)
    with refused("case.own-case"):
        settle(town, number)
