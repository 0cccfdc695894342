"""Joint cases against a database: one commit for all, joined whoever comes last, counted once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.cases import actions, queries
from mingtang.cases.actions import joint, special
from mingtang.cases.models import CaseRow, ConsultationRow, JointRow
from mingtang.cases.reactions import REACTIONS
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.config.wiring import SUBJECTS
from mingtang.core import joint as core_joint
from mingtang.core.cases import SpecialKind, Stage
from mingtang.core.joint import JointStage
from mingtang.core.sheets import texts
from mingtang.ledger import queries as ledger
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from mingtang.papers import access as papers_access
from mingtang.papers import queries as papers
from mingtang.people.queries import actor
from mingtang.portal import figures
from mingtang.vault.models import DocumentRow
from tests.core.bundle_examples import CONTENTS, FIRE, LICENCE, SIGN
from tests.core.case_examples import MONDAY
from tests.core.work_calendars import YEAR_2026
from tests.rooms import case_town, joint_town
from tests.rooms.joint_town import KEY, KEYS, accept, branch, decide, decided, file, heard
from tests.words import refused

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def there():
    return joint_town.build()


def row(number):
    return JointRow.objects.get(pk=number)


def kinds(number):
    return [type(one.event).__name__ for one in history(f"joint/{number}")]


def stages(number):
    return {case.item: case.stage for case in queries.branches_of(number)}


# ── Bundles ─────────────────────────────────────────────────────────────────


def test_a_bundle_in_force_knows_its_items_as_they_are(there):
    found = catalogue_queries.bundle_in_force(KEY)
    assert (found.version, found.content) == (1, joint_town.CONTENT)
    assert set(found.contents) == set(KEYS.values())
    assert [one.key for one in catalogue_queries.bundles_of_item(KEYS[FIRE])] == [KEY]
    assert list(verify(SUBJECTS)) == []


def test_a_bundle_is_not_published_with_an_item_that_is_not(there):
    catalogue.withdraw_item(key=KEYS[FIRE], reason="取消", by="t", at=MONDAY)
    changed = catalogue_queries.bundle_row(KEY)
    content = joint_town.replace(joint_town.CONTENT, name="开办小餐馆")
    catalogue.draft_bundle(key=KEY, content=content, seen=changed.drafts, by="t", at=MONDAY)
    with refused("bundle.item-not-published") as caught:
        catalogue.publish_bundle(key=KEY, draft=2, by="t", at=MONDAY)
    assert caught.value.facts == {"items": ("消防安全检查",)}


def test_nobody_applies_for_a_bundle_that_is_withdrawn_or_lacks_an_item(there):
    catalogue.withdraw_item(key=KEYS[FIRE], reason="取消", by="t", at=MONDAY)
    with refused("bundle.item-not-published"):
        file(there)
    catalogue.withdraw_bundle(key=KEY, reason="取消", by="t", at=MONDAY)
    with refused("bundle.not-in-force"):
        file(there)
    assert catalogue_queries.bundles_in_force() == []
    assert JointRow.objects.count() == CaseRow.objects.count() == 0


# ── Filing ──────────────────────────────────────────────────────────────────


def test_one_application_files_a_case_for_every_item_in_one_commit(there):
    before = ledger.size()
    number = file(there).key
    assert ledger.size() == before + 4
    assert stages(number) == dict.fromkeys(KEYS.values(), Stage.FILED)
    filed = row(number)
    assert (filed.stage, filed.lead, filed.branches, filed.closed) == ("filed", "market", 3, 0)
    assert list(verify(SUBJECTS)) == []


def test_what_is_handed_in_once_is_a_document_of_every_branch_that_needs_it(there):
    number = file(there).key
    assert DocumentRow.objects.count() == 4
    of_branch = {
        item: {(d.material, d.id) for d in _filed(branch(number, item)).documents} for item in KEYS
    }
    drawing = dict(of_branch[LICENCE])["m2"]
    assert dict(of_branch[SIGN])["a"] == dict(of_branch[FIRE])["m1"] == drawing
    assert [len(given) for given in of_branch.values()] == [2, 2, 2]


def _filed(number):
    return history(f"case/{number}")[0].event


PROMISE = "本人承诺房屋布局符合要求，不实愿承担法律责任。"
DRAWINGS = f"{KEYS[LICENCE]}_m2"  # declared the same as a material of the fire department's


def promising(*names):
    """Let these items take a promise in place of the drawings."""
    for name, key in ((LICENCE, "m2"), (FIRE, "m1")):
        content = CONTENTS[name]
        if name in names:
            found = tuple(
                replace(one, commitment=PROMISE) if one.key == key else one
                for one in content.materials
            )
            case_town.publish(replace(content, materials=found), draft=2)


def test_one_promise_stands_for_the_material_in_every_branch(there):
    promising(LICENCE, FIRE)
    others = [one for one in joint_town.papers(there.town.citizen) if one.material != DRAWINGS]
    number = file(there, documents=others, promised=(DRAWINGS,)).key
    rests = {case.item: case.commitments for case in queries.branches_of(number)}
    assert rests == {KEYS[LICENCE]: ["m2"], KEYS[FIRE]: ["m1"], KEYS[SIGN]: []}


def test_a_promise_one_item_does_not_take_files_nothing(there):
    promising(LICENCE)
    others = [one for one in joint_town.papers(there.town.citizen) if one.material != DRAWINGS]
    with refused("case.material-missing"):
        file(there, documents=others, promised=(DRAWINGS,))
    assert not CaseRow.objects.exists()


def test_the_same_form_sent_twice_is_one_application(there):
    papers = joint_town.papers(there.town.citizen)
    first = file(there, once="key-1", documents=papers)
    again = file(there, once="key-1", documents=papers)
    assert (again.key, again.repeated) == (first.key, True)
    assert (JointRow.objects.count(), CaseRow.objects.count()) == (1, 3)


def test_where_one_branch_could_not_be_filed_nothing_is(there):
    before = ledger.size()
    with refused("case.material-missing"):
        file(there, documents=joint_town.papers(there.town.citizen)[1:])
    assert ledger.size() == before


def test_filing_takes_a_bounded_number_of_statements(there):
    file(there)
    papers = joint_town.papers(there.town.citizen)
    with CaptureQueriesContext(
        connection,
    ) as said:
        file(there, documents=papers)
    assert len(said) <= 20


# ── Acceptance ──────────────────────────────────────────────────────────────


def test_the_leads_window_accepts_all_at_once_and_the_joint_term_begins(there):
    number = file(there).key
    accept(there, number)
    assert set(stages(number).values()) == {Stage.REVIEWING}
    accepted = row(number)
    assert (accepted.stage, accepted.accepted_date) == ("handling", date(2026, 3, 2))
    assert accepted.due == date(2026, 5, 8)
    assert heard()
    assert kinds(number) == ["JointFiled", "JointAccepted"]


def test_nothing_is_accepted_while_one_branch_waits_for_corrections(there):
    number = file(there).key
    short = case_town.cases.Shortfall(material="b", name="效果图", reason="不清楚")
    actions.notify_corrections(
        number=branch(number, SIGN), shortfalls=[short], officer=there.clerk, at=MONDAY
    )
    with refused("joint.branches-not-accepted"):
        accept(there, number)
    assert stages(number)[KEYS[LICENCE]] == Stage.FILED


def test_what_the_law_accepts_begins_the_joint_term_too(there):
    number = file(there).key
    actions.deem_accepted(at=MONDAY + timedelta(days=8))
    heard()
    assert (row(number).stage, row(number).accepted_date) == ("handling", date(2026, 3, 2))


# ── Joining and the result ──────────────────────────────────────────────────


def test_when_the_last_department_has_decided_the_lead_gives_the_result(there):
    number = file(there).key
    decided(there, number)
    assert row(number).stage == JointStage.CONCLUDING
    joint.conclude(number=number, statement="", officer=there.lead, at=TUESDAY)
    assert (row(number).stage, row(number).closed_at) == ("granted", TUESDAY)
    assert kinds(number) == [
        "JointFiled",
        "JointAccepted",
        "BranchClosed",
        "BranchClosed",
        "BranchClosed",
        "BranchesJoined",
        "JointConcluded",
    ]
    assert list(verify(SUBJECTS)) == []


def test_the_result_needs_nobody_to_have_listened(there):
    """Whoever concludes reads the log, in the same commit."""
    number = file(there).key
    accept(there, number)
    for item in (LICENCE, SIGN, FIRE):
        joint_town.review(there, number, item)
        decide(there, number, item)
    joint.conclude(number=number, statement="", officer=there.lead, at=MONDAY)
    assert row(number).stage == JointStage.GRANTED
    heard()
    heard()
    assert kinds(number).count("BranchesJoined") == kinds(number).count("JointConcluded") == 1


def test_a_refused_branch_leaves_the_others_and_makes_the_result_partial(there):
    number = file(there).key
    accept(there, number)
    joint_town.review(there, number, SIGN)
    decide(there, number, SIGN, granted=False)
    heard()
    with refused("joint.branches-open"):
        joint.conclude(number=number, statement="", officer=there.lead, at=MONDAY)
    for item in (LICENCE, FIRE):
        joint_town.review(there, number, item)
        decide(there, number, item)
    with refused("joint.statement-missing"):
        joint.conclude(number=number, statement="", officer=there.lead, at=MONDAY)
    joint.conclude(number=number, statement="店招未准", officer=there.lead, at=MONDAY)
    assert row(number).stage == JointStage.PARTLY


def test_what_its_applicant_withdraws_branch_by_branch_lapses(there):
    number = file(there).key
    for case in queries.branches_of(number):
        actions.withdraw(number=case.number, person=there.town.citizen, reason="", at=MONDAY)
    heard()
    assert row(number).stage == JointStage.LAPSED


def test_its_applicant_withdraws_all_of_it_in_one_act(there):
    number = file(there).key
    given = {"number": number, "person": there.town.citizen, "reason": "不开了", "at": MONDAY}
    size = LedgerEntry.objects.count()
    receipt = joint.withdraw_all(**given, once="one")
    assert kinds(number)[1:] == ["JointWithdrawn", *["BranchClosed"] * 3, "JointLapsed"]
    assert set(stages(number).values()) == {Stage.WITHDRAWN}
    assert row(number).stage == JointStage.LAPSED
    assert LedgerEntry.objects.count() == size + 8
    again = joint.withdraw_all(**given, once="one")
    assert (again.index, again.repeated) == (receipt.index, True)
    with refused("joint.closed"):
        joint.withdraw_all(**given)
    assert LedgerEntry.objects.count() == size + 8


def test_what_was_decided_stands_when_the_rest_is_withdrawn(there):
    number = file(there).key
    accept(there, number)
    joint_town.review(there, number, LICENCE)
    decide(there, number, LICENCE)
    given = {"number": number, "person": there.town.citizen, "reason": "", "at": TUESDAY}
    with refused("case.not-yours"):
        joint.withdraw_all(**{**given, "person": there.town.neighbour})
    joint.withdraw_all(**given)
    [event] = [
        one.event
        for one in history(f"joint/{number}")
        if isinstance(one.event, core_joint.JointWithdrawn)
    ]
    assert event.kept == (branch(number, LICENCE),)
    assert stages(number) == {
        KEYS[LICENCE]: Stage.GRANTED,
        KEYS[SIGN]: Stage.WITHDRAWN,
        KEYS[FIRE]: Stage.WITHDRAWN,
    }
    assert row(number).stage == JointStage.CONCLUDING
    with refused("joint.nothing-to-withdraw"):
        joint.withdraw_all(**given)


def test_a_joint_case_is_one_application_in_the_public_figures(there):
    case_town.filed(there.town)
    number = file(there).key
    assert queries.counts() == {"filed": 2, "accepted": 0, "decided": 0, "on_the_spot": 0}
    decided(there, number)
    assert queries.counts() == {"filed": 2, "accepted": 1, "decided": 0, "on_the_spot": 0}
    joint.conclude(number=number, statement="", officer=there.lead, at=MONDAY)
    assert queries.counts() == {"filed": 2, "accepted": 1, "decided": 1, "on_the_spot": 0}


def test_its_speed_is_that_of_the_whole_under_the_joint_term(there):
    """Not its branches' days, which are each department's own."""
    number = file(there).key
    decided(there, number)
    assert speed() == (0, 0)
    joint.conclude(number=number, statement="", officer=there.lead, at=TUESDAY)
    assert speed() == (1, 45)
    chief = case_town.officer(there.town.chief, "N-006", "market")
    case = case_town.reviewed(there.town)
    actions.decide(number=case, granted=True, reason="", officer=chief, at=TUESDAY)
    assert speed() == (2, 65)


def speed():
    found = figures.of_cases()
    return found.used_days, found.statutory_days


# ── Term and consultation ───────────────────────────────────────────────────


def test_the_head_of_the_government_extends_the_term(there):
    number = file(there).key
    accept(there, number)
    joint.ask_extension(number=number, days=15, reason="联合勘验", officer=there.lead, at=TUESDAY)
    assert row(number).asked_days == 15
    with refused("joint.not-government-head"):
        joint.answer_extension(
            number=number, granted=True, opinion="", approver=there.lead, at=TUESDAY
        )
    joint.answer_extension(
        number=number, granted=True, opinion="", approver=there.governor, at=TUESDAY
    )
    extended = row(number)
    assert (extended.asked_days, extended.extended_days) == (0, 15)
    assert extended.due == date(2026, 5, 28)
    term = queries.joint_term(extended)
    assert term.allowed_days == 60
    assert list(verify(SUBJECTS)) == []


def test_the_extension_is_a_paper_of_the_lead_for_the_applicant(there):
    [ordering] = [one for one in REACTIONS if one.reader == queries.PAPERS_READER]
    reactions.begin(ordering)
    number = file(there).key
    accept(there, number)
    asked = {"number": number, "days": 15, "reason": "联合勘验"}
    joint.ask_extension(**asked, officer=there.reviewers["market"], at=TUESDAY)
    answered = {"number": number, "granted": True, "opinion": ""}
    joint.answer_extension(**answered, approver=there.governor, at=TUESDAY)
    reactions.run(ordering)
    [paper] = papers.papers_about(f"joint/{number}")
    assert (paper.paper, paper.title, paper.organ) == ("extended", "延期通知书", "market")
    assert (paper.owner, paper.user, paper.item) == (
        there.town.citizen,
        there.reviewers["market"].person,
        "DEMO-001",
    )
    said = "\n".join(texts(papers.sheet_of(paper)))
    for words in ("联合勘验", number, "食品经营许可、店招设置、消防安全检查", "工号 N-023"):
        assert words in said
    sees = {
        there.town.citizen: True,
        there.lead.person: True,
        there.governor.person: True,
        there.town.overseer: False,
        there.town.neighbour: False,
    }
    for person, expected in sees.items():
        assert papers_access.may_open(actor(person), paper) is expected
    assert papers_access.is_addressee(actor(there.town.citizen), paper)
    assert reactions.run(ordering) == 0


def test_a_special_procedure_in_a_branch_stops_the_joint_term(there):
    number = file(there).key
    accept(there, number)
    special.begin_special(
        number=branch(number, FIRE),
        procedure=SpecialKind.TESTING,
        reason="检测",
        expected_days=5,
        officer=there.chiefs["fire"],
        at=MONDAY,
    )
    heard()
    assert row(number).due == date(2026, 5, 8)
    special.end_special(
        number=branch(number, FIRE),
        result="合格",
        officer=there.chiefs["fire"],
        at=MONDAY + timedelta(days=7),
    )
    heard()
    assert row(number).due == date(2026, 5, 13)
    assert list(verify(SUBJECTS)) == []


def test_a_calendar_that_changes_dates_the_joint_term_anew(there):
    number = file(there).key
    accept(there, number)
    catalogue.publish_calendar_year(
        year=2026,
        official=True,
        off_days=(*YEAR_2026.off_days, date(2026, 4, 30)),
        makeup_days=YEAR_2026.makeup_days,
        source="更正的通知",
        by="t",
        at=TUESDAY,
    )
    assert joint.redate_all(at=TUESDAY) == 1
    assert joint.redate_all(at=TUESDAY) == 0
    assert row(number).due == date(2026, 5, 9)


def test_the_lead_asks_and_the_departments_answer(there):
    number = file(there).key
    accept(there, number)
    joint.ask_departments(
        number=number,
        question="通道是否够宽？",
        departments=["fire", "city"],
        officer=there.lead,
        at=MONDAY,
    )
    assert [one.joint_id for one in queries.consultations_waiting(["fire"])] == [number]
    joint.answer_consultation(
        number=number,
        consultation=1,
        answer="够宽",
        officer=there.chiefs["fire"],
        at=TUESDAY,
    )
    assert [one.department for one in queries.consultations_waiting(["fire", "city"])] == ["city"]
    assert ConsultationRow.objects.count() == 2


def test_rows_are_made_again_from_the_log(there):
    number = file(there).key
    decided(there, number, sign=False)
    before = list(JointRow.objects.values())
    rebuild(SUBJECTS)
    assert list(JointRow.objects.values()) == before
    assert not LedgerEntry.objects.filter(body__contains="演示甲".encode()).exists()
