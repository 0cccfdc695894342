"""Everything done to services, bodies and needs, with its rows; and what a case's clock does."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.cases import actions as case_actions
from mingtang.cases import queries as cases
from mingtang.cases.actions import special
from mingtang.cases.views.clocks import clock_card
from mingtang.catalogue import queries as catalogue
from mingtang.config import checking
from mingtang.config.wiring import SUBJECTS
from mingtang.core.intermediaries.choosing import Way, choose
from mingtang.core.intermediaries.needs.terms import Criterion, Mark, NeedTerms
from mingtang.core.wire import ERASED
from mingtang.intermediaries import queries
from mingtang.intermediaries.actions import listing, selecting, serving
from mingtang.intermediaries.models import SignUpRow
from mingtang.ledger.models import LedgerEntry, Opened, Place
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from mingtang.people import actions as people
from mingtang.vault import actions as vault
from tests.core.case_examples import MONDAY
from tests.rooms import intermediary_words as words
from tests.rooms.case_town import officer
from tests.rooms.intermediary_words import (
    CODES,
    DAY,
    MARKET,
    MINUTE,
    SERVICE,
    contracted,
    deliver,
    delivered,
    published,
    react,
    serving_since,
    signed_up,
)
from tests.words import refused

pytestmark = pytest.mark.django_db
HOUR = 60 * MINUTE
MOST_STATEMENTS = 20  # to sign up: the need, the register, whoever acts, one append with its rows
CRITERIA = (
    Criterion(key="team", name="人员", most=60),
    Criterion(key="plan", name="方案", most=40),
)


@pytest.fixture
def town(log_home):
    return words.build()


def need(key):
    return queries.need(key)


# ── Services and the register ───────────────────────────────────────────────


def test_a_service_is_published_and_withdrawn_by_the_centre(town):
    [row] = queries.services()
    assert (row.key, row.procedure, queries.service_content(row)) == (
        "fire-inspection",
        "inspection",
        SERVICE,
    )
    with refused("intermediary-service.not-its-manager"):
        listing.withdraw_service(code=row.key, reason="停", by=town.reviewer, at=MONDAY)
    listing.withdraw_service(code=row.key, reason="依据废止", by=town.centre, at=MONDAY)
    assert queries.services() == []
    assert queries.service(row.key).reason == "依据废止"
    with refused("need.service-unknown"):
        published(town)
    with refused("intermediary.service-unknown"):
        words.ask(CODES[0], town.agents[0], phone="0990-0110009")


def test_a_body_is_listed_suspended_reinstated_and_removed(town):
    code = CODES[0]
    row = queries.body(code)
    assert (row.standing, row.services, row.asked) == ("listed", " fire-inspection ", "")
    assert [one.key for one in queries.listed("fire-inspection")] == list(CODES)
    listing.suspend(body=code, reason="核查中", by=town.centre, at=MONDAY)
    assert (queries.body(code).standing, queries.body(code).reason) == ("suspended", "核查中")
    listing.reinstate(body=code, reason="已整改", by=town.centre, at=MONDAY)
    assert (queries.body(code).standing, queries.body(code).reason) == ("listed", "")
    listing.remove(body=code, reason="资质吊销", by=town.centre, at=MONDAY)
    assert [one.key for one in queries.registered()] == [*CODES[1:], code]
    assert [one.key for one in queries.registered(words="演示机构2E")] == [CODES[1]]


def test_a_body_that_asks_again_is_reviewed_again(town):
    words.ask(CODES[0], town.agents[0], phone="0990-0110009")
    row = queries.body(CODES[0])
    assert queries.asked_of(row).phone == "0990-0110009"
    assert queries.content_of(row).phone == "0990-0110001"
    assert queries.to_review() == [row]
    listing.turn_down(body=CODES[0], reason="看不清", by=town.centre, at=MONDAY)
    row = queries.body(CODES[0])
    assert (row.standing, row.turned_down, row.asked) == ("listed", "看不清", "")


@pytest.mark.parametrize("act", ["suspend", "reinstate", "remove", "turn_down"])
def test_only_the_centre_changes_the_register(town, act):
    with refused("intermediary.not-its-manager"):
        getattr(listing, act)(body=CODES[0], reason="因", by=town.reviewer, at=MONDAY)


def test_nobody_asks_for_a_body_they_do_not_act_for_or_admits_their_own(town):
    with refused("intermediary.not-its-agent"):
        words.ask(CODES[0], town.neighbour)
    people.name_agent(
        organisation=CODES[0],
        person=town.centre,
        scope="入驻",
        by=town.agents[0],
        by_staff=False,
        at=MONDAY,
    )
    words.ask(CODES[0], town.agents[0], phone="0990-0110009")
    with refused("intermediary.own-body"):
        listing.admit(body=CODES[0], by=town.centre, at=MONDAY)


def test_whom_to_ask_for_is_erased_once_it_is_published_no_more(town):
    code, said = CODES[0], {"basis": "个人信息保护法第四十七条（演示）", "at": MONDAY}
    with refused("intermediary.nothing-to-erase"):
        listing.erase_contacts(body=code, by=town.centre, **said)
    words.ask(code, town.agents[0], contact="演示新联系人", phone="0990-0110009")
    listing.admit(body=code, by=town.centre, at=MONDAY)
    with refused("intermediary.not-its-manager"):
        listing.erase_contacts(body=code, by=town.agents[0], **said)
    assert listing.erase_contacts(body=code, by=town.centre, **said) == 1
    assert not Opened.objects.filter(value="演示联系人", index__in=entries(code)).exists()
    assert queries.content_of(queries.body(code)).contact == "演示新联系人"

    listing.remove(body=code, reason="资质吊销", by=town.centre, at=MONDAY)
    assert listing.erase_contacts(body=code, by=town.centre, **said) == 1
    left = queries.content_of(queries.body(code))
    assert (left.contact, left.phone, left.name) == (ERASED, ERASED, "演示机构1B")
    assert queries.content_of(queries.body(CODES[1])).contact == "演示联系人"
    with refused("intermediary.nothing-to-erase"):
        listing.erase_contacts(body=code, by=town.centre, **said)
    assert list(verify(SUBJECTS)) == []


def entries(code):
    """Return the numbers of a body's entries."""
    found = LedgerEntry.objects.filter(stream=f"intermediary/{code}")
    return list(found.values_list("index", flat=True))


# ── Choosing ────────────────────────────────────────────────────────────────


def test_a_need_is_drawn_when_its_time_comes_and_the_draw_is_recomputed(town):
    key = published(town)
    for n in range(3):
        signed_up(town, key, n)
    row = need(key)
    assert (row.stage, row.seed, row.entrants, row.sign_ups) == ("open", "", [], 3)
    assert selecting.open_due(at=MONDAY + HOUR - MINUTE) == 0
    assert selecting.open_due(at=MONDAY + HOUR) == 1
    assert selecting.open_due(at=MONDAY + HOUR) == 0
    row = need(key)
    opened = history(f"need/{key}")[-2].event
    assert (row.stage, row.seed) == ("chosen", opened.seed)
    assert row.body == choose(Way.DRAW, key, row.seed, opened.entrants).body
    assert [one["body"] for one in row.entrants] == list(CODES)


def test_a_sign_up_is_withdrawn_before_its_time_is_over_and_nobody_learns_whose(town):
    key = published(town)
    signed_up(town, key, 0)
    signed_up(town, key, 1)
    with refused("need.not-its-agent"):
        selecting.withdraw(need=key, body=CODES[0], by=town.agents[1], at=MONDAY + 2 * MINUTE)
    said = {"need": key, "body": CODES[0], "by": town.agents[0]}
    selecting.withdraw(**said, at=MONDAY + 2 * MINUTE, once="one")
    assert selecting.withdraw(**said, at=MONDAY + 3 * MINUTE, once="one").repeated
    row = SignUpRow.objects.get(body=CODES[0])
    assert (need(key).sign_ups, row.withdrawn_at) == (1, MONDAY + 2 * MINUTE)
    assert queries.sign_up(key, CODES[0]) is None
    assert queries.entered(key) == [CODES[1]]

    selecting.open_need(need=key, at=MONDAY + HOUR)
    assert need(key).body == CODES[1]
    with refused("need.sign-up-over"):
        selecting.withdraw(**said, at=MONDAY + HOUR)
    entries = LedgerEntry.objects.filter(stream=f"need/{key}")
    assert not any(CODES[0].encode() in bytes(entry.body) for entry in entries)


def test_the_same_publication_asked_for_again_is_one(town):
    said = {"content": words.content(), "publisher": words.citizen_of(town), "by": town.citizen}
    first = selecting.publish(**said, at=MONDAY, once="one")
    second = selecting.publish(**said, at=MONDAY, once="one")
    assert second.repeated
    assert need(first.key) is not None


def test_nothing_of_a_sign_up_is_public_before_the_opening(town):
    key = published(town, Way.QUOTE)
    signed_up(town, key, 0, 300_000)
    bodies = b"".join(
        bytes(body)
        for body in LedgerEntry.objects.filter(stream=f"need/{key}").values_list("body", flat=True)
    )
    for secret in (CODES[0], "nonce-of-body-AAAA", "300000", town.case, town.citizen):
        assert secret.encode() not in bodies


def test_the_lowest_quotation_wins(town):
    key = published(town, Way.QUOTE)
    signed_up(town, key, 0, 300_000)
    signed_up(town, key, 1, 290_000)
    selecting.open_need(need=key, at=MONDAY + HOUR)
    row = need(key)
    assert (row.body, row.price_fen) == (CODES[1], 290_000)
    with refused("need.price-not-quoted"):
        serving.contract(need=key, price_fen=280_000, days=5, by=town.citizen, at=MONDAY + HOUR)


def test_a_body_is_named_directly(town):
    key = selecting.publish(
        content=words.content(Way.DIRECT),
        publisher=words.citizen_of(town),
        invited=CODES[2],
        by=town.citizen,
        at=MONDAY,
    ).key
    assert (need(key).stage, need(key).body) == ("chosen", CODES[2])


def test_a_department_scores_and_chooses_the_best(town):
    scored = {"criteria": CRITERIA, "scorers": 2, "organ": "market"}
    key = published(town, Way.BEST, case="", publisher=MARKET, by=town.reviewer, **scored)
    signed_up(town, key, 0)
    signed_up(town, key, 1)
    selecting.open_need(need=key, at=MONDAY + HOUR)
    for scorer in (town.reviewer, town.chief):
        for n, points in ((0, 30), (1, 40)):
            marks = tuple(Mark(criterion=c.key, points=points, reason="可行") for c in CRITERIA)
            selecting.score(need=key, body=CODES[n], marks=marks, by=scorer, at=MONDAY + HOUR)
    with refused("need.not-a-scorer"):
        selecting.score(need=key, body=CODES[0], marks=marks, by=town.stranger, at=MONDAY + HOUR)
    selecting.choose_best(need=key, by=town.reviewer, at=MONDAY + HOUR)
    row = need(key)
    assert (row.stage, row.body, len(row.scores)) == ("chosen", CODES[1], 4)
    assert {one["scorer"]["staff_no"] for one in row.scores} == {"N-004", "N-006"}


def test_who_may_publish_and_for_which_case(town):
    with refused("need.not-publisher"):
        published(town, by=town.neighbour)
    with refused("need.not-publisher"):
        published(town, publisher=MARKET, by=town.stranger, organ="market")
    neighbour = replace(words.citizen_of(town), id=town.neighbour, name="演示乙")
    with refused("need.case-not-yours"):
        published(town, publisher=neighbour, by=town.neighbour)
    with refused("need.case-not-yours"):
        published(town, case="MT-0000-0000")
    assert published(town, publisher=MARKET, by=town.reviewer, organ="market")


def test_whoever_has_an_interest_does_not_sign_up(town):
    people.name_agent(
        organisation=CODES[0],
        person=town.citizen,
        scope="演示",
        by=town.agents[0],
        by_staff=False,
        at=MONDAY,
    )
    key = published(town)
    with refused("need.own-interest"):
        signed_up(town, key, 0)
    listing.suspend(body=CODES[1], reason="核查中", by=town.centre, at=MONDAY)
    with refused("need.suspended"):
        signed_up(town, key, 1)
    with refused("need.not-its-agent"):
        selecting.sign_up(
            need=key, body=CODES[2], nonce="x" * 16, by=town.agents[0], at=MONDAY + MINUTE
        )
    with refused("need.sign-up-over"):
        signed_up(town, key, 2, at=MONDAY + HOUR)
    with refused("need.unknown"):
        signed_up(town, "ZJ-0000-0000")


def test_whoever_is_suspended_meanwhile_is_barred_at_the_opening(town):
    key = published(town)
    signed_up(town, key, 0)
    listing.suspend(body=CODES[0], reason="核查中", by=town.centre, at=MONDAY + 2 * MINUTE)
    selecting.open_need(need=key, at=MONDAY + HOUR)
    row = need(key)
    assert (row.stage, row.body, row.entrants[0]["barred"]) == ("failed", "", "suspended")


# ── The service, and the clock of the case ──────────────────────────────────


def test_the_clock_of_the_case_stands_still_from_begin_to_delivery(town):
    before = cases.by_number(town.case)
    key = serving_since(town)  # Tuesday
    row, case = need(key), cases.by_number(town.case)
    assert (case.special, case.paused_since) == ("inspection", date(2026, 3, 3))
    assert case.contracted == [
        {"service": f"{key}.1", "body_name": "演示机构1B", "counted": "", "pause": 0}
    ]
    assert (row.stage, row.excluded, row.due) == ("serving", True, date(2026, 3, 9))
    said = clock_card(case, today=date(2026, 3, 4), calendar=catalogue.calendar())["paused"]
    assert said.startswith("演示机构1B承担的检验自")

    deliver(town, key, MONDAY + 8 * DAY)  # Tuesday next week, a day late
    row, case = need(key), cases.by_number(town.case)
    assert (row.stage, row.excluded, row.excluded_days) == ("delivered", False, 5)
    assert (row.served_days, row.late_days) == (6, 1)
    assert case.special == ""
    assert (case.statutory_due - before.statutory_due).days >= 5
    why = clock_card(case, today=date(2026, 3, 10), calendar=catalogue.calendar())["why"]
    assert "其中演示机构1B提供服务的 5 个工作日不计入" in why
    serving.accept(need=key, by=town.citizen, at=MONDAY + 9 * DAY)
    serving.rate(need=key, stars=4, comment="准时", by=town.citizen, at=MONDAY + 9 * DAY)
    assert (need(key).stars, need(key).comment) == (4, "准时")


def test_where_the_item_does_not_need_it_by_law_the_clock_goes_on(town):
    other = replace(SERVICE, items=())
    listing.publish_service(content=other, by=town.centre, at=MONDAY)
    key = serving_since(town)
    case = cases.by_number(town.case)
    assert (case.special, case.contracted[0]["counted"]) == ("", "not-needed")
    assert queries.rounds_of(need(key))[0].counted == "not-needed"
    why = clock_card(case, today=date(2026, 3, 4), calendar=catalogue.calendar())["why"]
    assert "演示机构1B的服务时间照常计入，因为这个事项的审批依法不需要这项服务" in why


def test_a_service_for_no_case_moves_no_clock(town):
    key = serving_since(town, case="")
    assert cases.by_number(town.case).special == ""
    assert not queries.rounds_of(need(key))[0].noted


def test_what_is_heard_twice_is_done_once(town):
    key = delivered(town)
    size = LedgerEntry.objects.count()
    Place.objects.all().update(index=0)
    react()
    assert LedgerEntry.objects.count() == size
    assert need(key).excluded_days == 5


def test_a_result_that_is_returned_stops_the_clock_again(town):
    key = delivered(town)
    at = MONDAY + 9 * DAY
    serving.return_result(need=key, reason="缺附图", days=2, by=town.citizen, at=at)
    react()
    assert cases.by_number(town.case).special == "inspection"
    assert (need(key).stage, need(key).returned) == ("serving", "缺附图")
    deliver(town, key, at + DAY)
    assert need(key).excluded_days == 6
    assert [one.number for one in queries.rounds_of(need(key))] == [1, 2]


def test_no_officer_ends_what_a_body_is_at(town):
    serving_since(town)
    with refused("case.contracted-open"):
        special.end_special(
            number=town.case,
            result="够了",
            officer=officer(town.reviewer, "N-004", "market"),
            at=MONDAY + 2 * DAY,
        )


def test_ending_the_need_lets_the_clock_go_on(town):
    key = serving_since(town)
    serving.end(need=key, reason="机构失联", by=town.centre, at=MONDAY + 3 * DAY)
    react()
    assert (need(key).stage, need(key).excluded_days) == ("ended", 2)
    assert cases.by_number(town.case).special == ""


def test_a_case_that_is_withdrawn_ends_it_too(town):
    key = serving_since(town)
    case_actions.withdraw(
        number=town.case, person=town.citizen, reason="不办了", at=MONDAY + 2 * DAY
    )
    react()
    assert (need(key).excluded, need(key).excluded_days) == (False, 1)


def test_only_the_parties_do_what_is_theirs(town):
    key = contracted(town)
    with refused("need.not-its-agent"):
        serving.begin(need=key, by=town.agents[1], at=MONDAY + DAY)
    serving.begin(need=key, by=town.agents[0], at=MONDAY + DAY)
    deliver(town, key, MONDAY + 2 * DAY)
    for act in (
        lambda: serving.accept(need=key, by=town.neighbour, at=MONDAY + 2 * DAY),
        lambda: serving.complain(need=key, text="差", by=town.agents[0], at=MONDAY + 2 * DAY),
        lambda: serving.end(need=key, reason="停", by=town.neighbour, at=MONDAY + 2 * DAY),
    ):
        with refused("need.not-publisher"):
            act()
    with refused("need.not-its-centre"):
        serving.answer(need=key, upheld=True, reason="是", by=town.citizen, at=MONDAY + 2 * DAY)


def test_a_complaint_that_is_upheld_suspends_the_body(town):
    key = delivered(town)
    at = MONDAY + 9 * DAY
    serving.complain(need=key, text="报告有误", by=town.citizen, at=at)
    assert queries.complaints() == [need(key)]
    serving.answer(need=key, upheld=True, reason="查证属实", by=town.centre, at=at)
    react()
    assert (need(key).complaint_open, need(key).answer) == (False, "查证属实")
    assert queries.body(CODES[0]).standing == "suspended"
    suspended = history(f"intermediary/{CODES[0]}")[-1].event
    assert (suspended.need, suspended.reason) == (key, "查证属实")


def test_a_complaint_that_is_not_upheld_suspends_nobody(town):
    key = delivered(town)
    serving.complain(need=key, text="太慢", by=town.citizen, at=MONDAY + 9 * DAY)
    serving.answer(
        need=key, upheld=False, reason="在约定时间内", by=town.centre, at=MONDAY + 9 * DAY
    )
    react()
    assert queries.body(CODES[0]).standing == "listed"


# ── Figures, copies, files ──────────────────────────────────────────────────


def test_figures_are_those_of_the_ledger(town):
    delivered(town)
    assert queries.figures(by_body=False) == [
        queries.Figures(
            service="消防设施检验",
            body="",
            body_name="",
            needs=1,
            mean_days=6.0,
            late=1,
            excluded_days=5,
            mean_excluded=5.0,
            rated=0,
            mean_stars=0.0,
        )
    ]
    [by_body] = queries.figures(by_body=True)
    assert (by_body.body, by_body.body_name) == (CODES[0], "演示机构1B")


def test_what_is_late_is_shown(town):
    key = serving_since(town)
    assert queries.overdue(date(2026, 3, 9)) == []
    assert queries.overdue(date(2026, 3, 10)) == [need(key)]


def test_the_rows_are_those_of_the_ledger(town):
    delivered(town)
    assert list(verify(SUBJECTS)) == []
    rows = list(SignUpRow.objects.values())
    rebuild(SUBJECTS)
    assert list(SignUpRow.objects.values()) == rows
    assert list(verify(SUBJECTS)) == []


def test_a_result_that_is_missing_from_the_vault_is_found(town):
    key = delivered(town)
    recorded = need(key).documents[0]["id"]
    assert [one.code for one in checking._documents()] == []
    vault.drop_document(recorded)
    assert [one.code for one in checking._documents()] == ["verify.document-missing"]


def test_a_sign_up_costs_few_statements_however_many_there_are(town):
    key = published(town)
    counts = []
    for n in range(3):
        with CaptureQueriesContext(connection) as made:
            signed_up(town, key, n)
        counts.append(len(made))
    assert max(counts) <= MOST_STATEMENTS


def test_the_terms_of_a_need_are_frozen(town):
    key = published(town)
    listing.publish_service(content=replace(SERVICE, longest_days=3), by=town.centre, at=MONDAY)
    terms = queries.terms_of(need(key))
    assert isinstance(terms, NeedTerms)
    assert terms.service.longest_days == 10
