"""From a decision to a licence in its holder's box: registered, printed, issued, renewed."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.cases import actions as cases
from mingtang.config.checking import findings
from mingtang.config.wiring import SUBJECTS
from mingtang.config.working import pulse
from mingtang.core import licences
from mingtang.core.licences import CancellationGround, types
from mingtang.core.licences.identifier import Identifier, parse_identifier
from mingtang.core.organisations import Particulars
from mingtang.core.papers import PaperIssued, PaperOrdered
from mingtang.core.wire import ERASED
from mingtang.ledger.actions import erase
from mingtang.ledger.models import LedgerEntry, Place
from mingtang.ledger.numbers import SIGNS
from mingtang.ledger.replay import rebuild
from mingtang.licences import actions, queries
from mingtang.licences.actions import healing, renewing
from mingtang.licences.models import (
    LicenceRow,
    LicenceTypeRow,
    StuckRow,
    TypeVersionRow,
    VersionRow,
)
from mingtang.papers import queries as papers
from mingtang.papers.actions.making import make_due
from mingtang.people import actions as people
from mingtang.vault import queries as vault
from tests.core.case_examples import MONDAY, day
from tests.core.item_examples import COMPLETE
from tests.core.licence_examples import CODE, CONTENT
from tests.rooms import batch_town, case_town, licence_words
from tests.rooms.case_town import SETUP
from tests.rooms.licence_words import (
    END,
    READERS,
    SEAL_LETTER,
    SHORT,
    USCC,
    WORKER,
    batch_lacking,
    begin,
    chief,
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
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def office():
    built = licence_words.build()
    begin()
    return built


def happened(key):
    return [written.event for written in queries.history_of(key)]


def kinds(key):
    return [type(event).__name__ for event in happened(key)]


LIFE = ["LicenceRegistered", "LicenceIssued", "LicenceDelivered"]


def forget_places():
    """The readers died before they could say how far they had come."""
    Place.objects.filter(reader__in=READERS).update(index=0)


# ── From the decision to the holder ─────────────────────────────────────────


def test_a_grant_becomes_a_licence_in_its_holders_box(office):
    number = granted(office)
    work()
    found = row(number)
    assert (found.stage, found.version, found.name) == ("valid", 1, "演示食品经营许可证")
    assert (found.holder, found.holder_name, found.holder_number) == (
        office.citizen,
        "演示甲",
        "E00000001",
    )
    assert (found.valid_from, found.valid_to) == (date(2026, 3, 2), END)
    assert (found.number, found.paper) == ("演市监证〔2026〕1号", f"{number}-L1")
    assert (found.delivered_how, found.recipient, found.delivered_by) == (
        "electronic",
        "演示甲",
        "",
    )
    assert kinds(number) == LIFE


def test_the_identifier_names_type_and_organ_and_a_serial_nobody_can_guess(office):
    first, second = licensed(office), licensed(office)
    identifiers = [parse_identifier(row(key).identifier) for key in (first, second)]
    for identifier in identifiers:
        serial = identifier.serial
        assert identifier == Identifier(CODE, USCC, serial, 1)
        assert (len(serial), serial[:4]) == (20, "2026")
        assert set(serial) <= {*SIGNS}
    assert identifiers[0].serial != identifiers[1].serial


def test_what_is_printed_is_what_was_decided(office):
    key = licensed(office)
    paper = papers.paper(f"{key}-L1")
    sheet = papers.sheet_of(paper)
    assert [(line.label, line.value) for line in sheet.blocks[0].lines] == [
        ("经营者名称", "演示甲"),
        ("证件号码", "E00000001"),
        ("经营场所", "演示路 1 号"),
        ("业态", "食品店"),
        ("有效期", "2026年3月2日至2031年3月1日"),
    ]
    assert (sheet.identifier, sheet.number) == (row(key).identifier, "演市监证〔2026〕1号")
    assert sheet.notes == (
        f"依据2026年3月2日准予许可决定核发，办件编号 {key}，授权书 演市监授〔2026〕1号。",
        "悬挂于显著位置（演示）。",
    )
    assert (paper.organ, paper.user, paper.owner) == ("market", office.chief, office.citizen)
    assert (paper.about, paper.title) == (f"licence/{key}", "演示食品经营许可证")


def test_the_file_lies_among_the_holders_own_documents(office):
    key = licensed(office)
    file = papers.paper(f"{key}-L1").file
    assert file in [document.id for document in vault.documents_of(office.citizen)]


def test_corrections_count(office):
    number = case_town.notified(office)
    cases.submit_corrections(
        number=number,
        person=office.citizen,
        documents=[],
        form={"premises": "演示路 2 号", "kind": "diner"},
        at=MONDAY,
    )
    granted(office, number=number)
    work()
    values = queries.values_of(queries.version_of(row(number)))
    assert [value.value for value in values] == ["演示路 2 号", "餐馆"]


def test_what_is_refused_gives_no_licence(office):
    number = case_town.reviewed(office)
    cases.decide(number=number, granted=False, reason="不符合", officer=chief(office), at=MONDAY)
    work()
    assert LicenceRow.objects.count() == 0


@pytest.mark.parametrize("withdrawn", [False, True])
def test_an_item_no_type_serves_gives_no_licence(withdrawn):
    office = licence_words.build(typed=withdrawn)
    begin()
    if withdrawn:
        actions.withdraw_type(key=CODE, reason="改用新证", by=office.head, at=MONDAY)
    granted(office)
    hear()
    assert (LicenceRow.objects.count(), StuckRow.objects.count()) == (0, 0)


def test_a_new_version_of_the_type_does_not_touch_what_was_made_by_the_old(office):
    first = licensed(office)
    licence_words.publish(office, replace(CONTENT, name="演示新版许可证", validity_months=12))
    second = licensed(office)
    assert (row(first).type_version, row(first).name) == (1, "演示食品经营许可证")
    assert (row(second).type_version, row(second).name) == (2, "演示新版许可证")
    assert row(second).valid_to == date(2027, 3, 1)


def test_on_an_installation_that_has_a_history_only_what_is_new_is_heard():
    office = licence_words.build()
    old = granted(office)
    hear()
    new = granted(office)
    hear()
    assert (queries.licence(old), row(new).stage) == (None, "making")


# ── Killed between any two steps ────────────────────────────────────────────


def test_whatever_is_shown_twice_is_done_once(office):
    number = granted(office)
    work()
    before = LedgerEntry.objects.count()
    for reader in READERS:
        forget_places()
        hear(reader)
    work()
    assert LedgerEntry.objects.count() == before
    assert (kinds(number), StuckRow.objects.count()) == (LIFE, 0)


@pytest.mark.parametrize("last", READERS[1:])
def test_after_a_crash_between_two_steps_the_next_round_goes_on(office, last):
    number = granted(office)
    for reader in READERS[: READERS.index(last) + 1]:
        hear(reader)
    forget_places()
    work()
    assert kinds(number) == LIFE
    assert len(papers.papers_about(f"licence/{number}")) == 1


def test_killed_after_the_seal_was_set_it_is_issued_when_the_worker_is_back(office):
    number = granted(office)
    hear()
    make_due(at=MONDAY)
    assert (row(number).stage, papers.paper(f"{number}-L1").issued_at) == ("making", MONDAY)
    work()
    assert kinds(number) == LIFE


def test_a_worker_that_comes_late_dates_what_it_does_by_what_happened_since(office):
    number = granted(office)
    hear()
    make_due(at=MONDAY)
    later = MONDAY + 5 * MINUTE
    actions.enact_many(
        [
            actions.Order(
                actions.LICENCE,
                number,
                licences.ApplyForRenewal(
                    case="MT-0000-0009",
                    item=COMPLETE.code,
                    applicant=office.citizen,
                    filed_date=date(2026, 3, 2),
                    at=later,
                ),
            )
        ]
    )
    hear("licences.issue")
    issued = [event for event in happened(number) if isinstance(event, licences.LicenceIssued)]
    assert [event.at for event in issued] == [later]


def test_what_was_revoked_while_its_paper_was_made_stays_revoked(office):
    number = granted(office)
    hear()
    licence_words.revoked(office, number, at=MONDAY)
    work()
    assert papers.paper(f"{number}-L1").issued_at == MONDAY
    assert kinds(number) == [
        "LicenceRegistered",
        "RevocationTold",
        "RevocationAnswered",
        "LicenceRevoked",
    ]


# ── Many at once ────────────────────────────────────────────────────────────


@pytest.fixture
def hospital(office):
    batch_town.found(office)
    licence_words.publish(office, WORKER)
    return office


def test_every_row_of_a_batch_has_a_licence_in_the_order_of_its_rows(hospital):
    batch, numbers = in_one(hospital, 3)
    work()
    found = list(queries.of_batch(batch))
    assert [(one.key, one.place, one.stage) for one in found] == [
        (number, place, "valid") for place, number in enumerate(numbers, 1)
    ]
    assert [one.holder_name for one in found] == ["演示员1", "演示员2", "演示员3"]
    assert [one.number for one in found] == [f"演市监证〔2026〕{n}号" for n in (1, 2, 3)]
    assert {paper.batch for paper in papers.papers_about(f"licence/{numbers[0]}")} == {batch}


def test_a_worker_who_is_registered_holds_the_licence_in_their_own_name(hospital):
    someone = registered(1, "演示员1")
    namesake = registered(2, "另一个名字")  # a number typed wrongly is nobody else's licence
    _, numbers = in_one(hospital, 3)
    work()
    first, second, third = (row(number) for number in numbers)
    assert (first.holder, first.holder_kind, first.recipient) == (someone, "person", "演示员1")
    assert (second.holder, second.recipient) == ("", "演示医院")
    assert third.holder == ""
    assert papers.paper(first.paper).owner == someone
    assert papers.paper(third.paper).owner == hospital.citizen  # who filed for the hospital
    assert [one.key for one in queries.of_person(someone)] == [numbers[0]]
    assert list(queries.of_person(namesake)) == []
    everyone = queries.of_person(hospital.citizen, [batch_town.HOSPITAL])
    assert {one.key for one in everyone} == {*numbers}


def test_answers_are_printed_in_words(hospital):
    _, [number] = in_one(hospital, 1)
    work()
    values = queries.values_of(queries.version_of(row(number)))
    assert [(value.label, value.value) for value in values] == [
        ("工作单位", "演示医院"),
        ("岗位类别", "放射诊断"),
        ("从事日期", "2020年1月31日"),
    ]


def test_one_that_lacks_something_holds_up_nobody(hospital):
    since = replace(WORKER.fields[2], required=True)
    licence_words.publish(hospital, replace(WORKER, fields=(*WORKER.fields[:2], since)))
    numbers = batch_lacking(hospital, "since", place=2)
    work()
    assert [row(numbers[0]).stage, row(numbers[2]).stage] == ["valid", "valid"]
    [stuck] = queries.stuck(batch=row(numbers[0]).batch)
    assert (stuck.key, stuck.facts) == (numbers[1], {"field": ["从事日期"]})


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    kept = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in captured if not q["sql"].lstrip().upper().startswith(kept)]


def test_what_is_done_for_many_costs_little_more_than_for_one(hospital):
    in_one(hospital, 2)
    work()
    costs = {}
    for count in (2, 12):
        in_one(hospital, count)
        cost = {reader: len(statements(lambda reader=reader: hear(reader))) for reader in STEPS}
        make_due(at=MONDAY)
        costs[count] = {**cost, "issue": len(statements(lambda: hear("licences.issue")))}
    assert {step: costs[12][step] - cost for step, cost in costs[2].items()} == {
        "licences.renewals": 0,
        "licences.register": 10,  # ten holders are looked for among the registered
        "licences.papers": 0,
        "issue": 0,
    }


STEPS = READERS[:3]


# ── What is stuck ───────────────────────────────────────────────────────────


def test_an_organ_without_a_code_is_named_as_what_is_missing_until_it_has_one():
    office = licence_words.build()
    begin()
    bare = Particulars(name="演示市场监督管理局")
    people.amend_organisation(code="market", particulars=bare, by=SETUP, by_staff=True, at=MONDAY)
    number = granted(office)
    hear()
    [stuck] = queries.stuck(organs=["market"])
    assert (stuck.key, stuck.code, stuck.attempts, stuck.item) == (
        number,
        "licence.issuer-unknown",
        1,
        "DEMO-001",
    )
    whole = replace(bare, uscc=USCC)
    people.amend_organisation(code="market", particulars=whole, by=SETUP, by_staff=True, at=MONDAY)
    assert healing.try_again([number], at=MONDAY) == 1
    work()
    assert (kinds(number), StuckRow.objects.count()) == (LIFE, 0)


def test_a_missing_field_is_named_and_tried_again_by_time(office):
    number = case_town.filed(office)
    form = ({"premises": " ", "kind": "shop"},)
    cases.notify_corrections(
        number=number,
        shortfalls=[case_town.cases.Shortfall(material="", name="申请表", reason="地址不详")],
        officer=case_town.clerk(office),
        at=MONDAY,
    )
    cases.submit_corrections(
        number=number, person=office.citizen, documents=[], form=form[0], at=MONDAY
    )
    granted(office, number=number)
    hear()
    [stuck] = queries.stuck()
    assert (stuck.code, stuck.facts) == ("licence.field-missing", {"field": ["经营场所"]})
    optional = tuple(replace(field, required=False) for field in CONTENT.fields)
    licence_words.publish(office, replace(CONTENT, fields=optional))
    pulse(at=MONDAY + 9 * MINUTE)
    assert queries.licence(number) is None
    pulse(at=MONDAY + 11 * MINUTE)
    work()
    assert (kinds(number), StuckRow.objects.count()) == (LIFE, 0)
    assert row(number).type_version == 2


def test_what_stays_stuck_is_counted_and_keeps_when_it_was_tried_last(office):
    people.amend_organisation(
        code="market", particulars=Particulars(name="演"), by=SETUP, by_staff=True, at=MONDAY
    )
    number = granted(office)
    hear()
    later = MONDAY + 20 * MINUTE
    assert healing.try_stuck(at=later) == 0
    assert healing.try_stuck(at=later + 9 * MINUTE) == 0
    [stuck] = queries.stuck()
    assert (stuck.key, stuck.attempts, stuck.tried_at) == (number, 2, later)


# ── Renewal ─────────────────────────────────────────────────────────────────


@pytest.fixture
def ending(office):
    """A licence that is good until the first of May."""
    licence_words.publish(office, SHORT)
    return licensed(office)


def test_a_case_that_names_a_licence_applies_for_its_renewal(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    hear()
    assert happened(ending)[-1] == licences.RenewalAppliedFor(
        case=number, in_time=True, at=day(4, 1)
    )
    assert (row(ending).renewal, row(ending).renewal_in_time) == (number, True)


def test_a_stranger_renews_nobodys_licence(office, ending):
    number = renewal(office, ending, at=day(4, 1), applicant=office.neighbour)
    hear()
    assert (kinds(ending), row(ending).renewal) == (LIFE, "")
    granted(office, day(4, 2), number=number)
    work(day(4, 2))
    assert (row(number).related, row(number).stage, row(ending).stage) == ("", "valid", "valid")


def refuse(office, number):
    reviewed(office, number)
    cases.decide(number=number, granted=False, reason="不符合", officer=chief(office), at=day(4, 3))


def reviewed(office, number):
    cases.accept(number=number, officer=case_town.clerk(office), at=day(4, 2))
    for step, person, staff_no, body in (
        ("papers", office.reviewer, "N-004", "market"),
        ("site", office.inspector, "N-005", "inspection"),
        ("merge", office.reviewer, "N-004", "market"),
    ):
        licence_words.review(number, step, case_town.officer(person, staff_no, body), day(4, 2))


def withdraw(office, number):
    cases.withdraw(number=number, person=office.citizen, reason="演示", at=day(4, 3))


def turn_away(office, number):
    cases.refuse_acceptance(
        number=number,
        ground="not_required",
        reason="演示",
        competent_organ="",
        officer=case_town.clerk(office),
        at=day(4, 3),
    )


@pytest.mark.parametrize("end", [refuse, withdraw, turn_away])
@pytest.mark.parametrize("at_once", [False, True])
def test_what_comes_to_nothing_ends_the_renewal(office, ending, end, at_once):
    number = renewal(office, ending, at=day(4, 1))
    if not at_once:
        hear()
    end(office, number)
    hear()
    assert happened(ending)[-1] == licences.RenewalEnded(case=number, at=day(4, 3))
    assert (row(ending).renewal, row(ending).stage) == ("", "valid")
    assert queries.licence(number) is None


def test_the_new_licence_takes_the_place_of_the_old_when_it_is_issued(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    granted(office, day(4, 2), number=number)
    hear("licences.register", "licences.papers")  # heard before the application was
    assert (row(number).stage, row(number).related) == ("making", ending)
    assert row(ending).stage == "valid"
    work(day(4, 2))
    assert (row(number).stage, row(number).valid_to) == ("valid", date(2026, 6, 1))
    assert (row(ending).stage, row(ending).successor) == ("replaced", number)
    assert happened(ending)[-1] == licences.LicenceReplaced(successor=number, at=day(4, 2))


def test_a_new_licence_that_is_revoked_before_it_is_issued_takes_nobodys_place(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    granted(office, day(4, 2), number=number)
    hear()
    licence_words.revoked(office, number, at=day(4, 2))
    work(day(4, 2))
    assert (row(number).stage, row(ending).stage) == ("revoked", "valid")


def test_what_nobody_decides_before_the_last_day_is_over_is_renewed_by_law(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    work(day(4, 1))
    pulse(at=day(5, 1, 23))
    assert row(ending).version == 1
    pulse(at=day(5, 2, 0))
    work(day(5, 2, 0))
    found = row(ending)
    assert (found.stage, found.version, found.renewal) == ("valid", 2, "")
    assert (found.valid_from, found.valid_to) == (date(2026, 5, 2), date(2026, 7, 1))
    sheet = papers.sheet_of(papers.paper(f"{ending}-L2"))
    assert sheet.notes[0] == (
        "依据《中华人民共和国行政许可法》第五十条，延续申请逾期未作决定，视为准予延续，"
        f"办件编号 {number}。由系统依法自动制证。"
    )
    assert sheet.number == "演市监证〔2026〕1号"
    assert papers.paper(f"{ending}-L2").user == ""


def test_a_decision_after_that_gives_no_second_licence(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    work(day(4, 1))
    assert renewing.deem_renewed(at=day(5, 2)) == 1
    granted(office, day(5, 3), number=number)
    work(day(5, 3))
    assert queries.licence(number) is None
    assert (row(ending).stage, row(ending).version) == ("valid", 2)
    assert StuckRow.objects.count() == 0


def test_a_decision_the_worker_has_not_heard_of_yet_counts(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    hear()
    granted(office, day(5, 1, 23), number=number)
    assert renewing.deem_renewed(at=day(5, 2, 0)) == 0
    work(day(5, 2))
    assert (row(ending).stage, row(ending).version, row(number).stage) == ("replaced", 1, "valid")


def test_applied_for_too_late_it_expires(office, ending):
    renewal(office, ending, at=day(4, 2))
    hear()
    assert renewing.deem_renewed(at=day(5, 2)) == 0
    assert queries.check_by_identifier(row(ending).identifier, today=date(2026, 5, 2)).state == (
        "expired"
    )


def test_an_ended_licence_is_not_renewed(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    hear()
    actions.cancel(
        key=ending,
        ground=CancellationGround.REQUESTED,
        reason="演示",
        officer=chief(office),
        at=day(4, 2),
    )
    granted(office, day(4, 3), number=number)
    work(day(4, 3))
    assert (row(ending).stage, row(number).related) == ("cancelled", "")


# ── Copies ──────────────────────────────────────────────────────────────────

TABLES = (LicenceRow, VersionRow, LicenceTypeRow, TypeVersionRow)


def copies():
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def test_every_row_is_what_a_replay_says_and_what_a_rebuild_makes(office, ending):
    number = renewal(office, ending, at=day(4, 1))
    work(day(4, 1))
    pulse(at=day(5, 2))
    work(day(5, 2))
    assert number
    assert list(findings()) == []
    before = copies()
    rebuild(SUBJECTS)
    assert copies() == before


def test_a_licence_edited_by_hand_is_found(office):
    key = licensed(office)
    LicenceRow.objects.update(stage="revoked")
    [finding] = findings()
    assert (finding.code, finding.where) == ("verify.row-altered", f"licences_licencerow {key}")


def test_what_is_erased_is_gone_from_the_rows_and_is_not_found_by_its_identifier(office):
    key = licensed(office)
    identifier = row(key).identifier
    [entry] = LedgerEntry.objects.filter(kind="licence.registered.v1")
    names = ("serial", "identifier", "holder", "holder_name", "holder_number", "values")
    erase(index=entry.index, names=names, basis="演示", by="P", at=MONDAY, subjects=SUBJECTS)
    found, version = row(key), VersionRow.objects.get()
    assert {found.identifier, found.holder, found.holder_name, version.values} == {ERASED}
    assert queries.check_by_identifier(identifier, today=MONDAY.date()) is None
    assert queries.values_of(version) == ()


def test_the_letter_that_carries_the_seal_is_named_by_the_paper(office):
    key = licensed(office)
    assert papers.paper(f"{key}-L1").letter_no == SEAL_LETTER
    order, issue = (
        LedgerEntry.objects.get(stream=f"paper/{key}-L1", kind=kind)
        for kind in (PaperOrdered.kind, PaperIssued.kind)
    )
    registered_at = LedgerEntry.objects.get(stream=f"licence/{key}", version=1)
    assert registered_at.index < order.index < issue.index
    assert json.loads(bytes(order.body))["cause"] == registered_at.index


def test_a_type_read_back_is_the_one_that_was_published(office):
    assert queries.type_version(CODE, 1) == CONTENT
    assert queries.types_in_use() == {"DEMO-001": queries.TypeInUse(CODE, 1, CONTENT)}
    assert isinstance(queries.types_in_use()["DEMO-001"].content, types.TypeContent)
