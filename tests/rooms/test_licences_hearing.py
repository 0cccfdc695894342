"""A licence that rests on a false promise: its organ is told, its holder heard, then decided."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.actions import beside
from mingtang.config.wiring import REACTIONS, SUBJECTS
from mingtang.core.licences import RevocationGround
from mingtang.core.papers import ServedHow
from mingtang.core.people import Role
from mingtang.core.sheets import texts
from mingtang.ledger import reactions
from mingtang.ledger.models import SetAside
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from mingtang.licences import actions, queries
from mingtang.licences.actions import hearing, registering
from mingtang.licences.models import LicenceRow
from mingtang.papers import access as papers_access
from mingtang.papers import actions as papers_actions
from mingtang.papers import queries as papers
from mingtang.papers.actions.making import make_due
from mingtang.people.queries import actor
from tests.core.case_examples import MONDAY, day
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town, licence_words
from tests.rooms.case_town import ONCE, officer, signed_in
from tests.rooms.licence_words import chief, row
from tests.words import refused

pytestmark = pytest.mark.django_db
OURS = {one.reader: one for one in REACTIONS if one.reader.startswith("licences.")}
TUESDAY = MONDAY + timedelta(days=1)
LAST = date(2026, 3, 10)  # five working days after Tuesday 3 March
FALSE = "经营场所不符合承诺"
PROMISING = replace(
    COMPLETE,
    materials=(
        replace(COMPLETE.materials[0], commitment="承诺场所符合规定。"),
        *COMPLETE.materials[1:],
    ),
)


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def office():
    built = licence_words.build()
    case_town.publish(PROMISING, draft=2)
    for reaction in OURS.values():
        reactions.begin(reaction)
    return built


@pytest.fixture
def key(office):
    return resting_on_a_promise(office)


@pytest.fixture
def now(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(TUESDAY)
    return set_to


def resting_on_a_promise(office):
    """Return the key of a licence that was granted on a promise and made."""
    number = cases.file_case(
        item=case_town.ITEM,
        applicant=licence_words.Applicant(
            kind="person",
            id=office.citizen,
            name="演示甲",
            id_number="E00000001",
            phone="19900000001",
        ),
        answers={"s1": "no"},
        form={"premises": "演示路 1 号", "kind": "shop"},
        documents=[],
        promised=("m1",),
        at=MONDAY,
    ).key
    licence_words.granted(office, number=number)
    work(MONDAY)
    return number


def work(at=TUESDAY):
    while sum(reactions.run(one) for one in OURS.values()) + make_due(at=at):
        pass


def check(office, key, held=False):
    by = officer(office.reviewer, "N-004", "market")
    beside.record_check(number=key, held=held, finding=FALSE, officer=by, at=TUESDAY)


def about(key):
    """Return the papers of a revocation, in their order."""
    found = papers.papers_about(f"licence/{key}")
    return [paper for paper in found if paper.paper in ("to_be_revoked", "revoked")]


def tell(office, key, at=TUESDAY):
    licence_words.tell(office, key, reason=FALSE, at=at)


def revoke(office, key, at):
    return actions.revoke(key=key, reason=FALSE, officer=chief(office), at=at)


def kinds(key):
    return [type(one.event).__name__ for one in history(f"licence/{key}")][3:]


# ── Opened by the finding ───────────────────────────────────────────────────


def test_a_false_promise_opens_a_hearing_once_and_leaves_the_licence_valid(office, key):
    check(office, key)
    work()
    assert (row(key).stage, row(key).hearing) == ("valid", "opened")
    assert kinds(key) == ["RevocationOpened"]
    assert history(f"licence/{key}")[-1].event.finding == FALSE
    assert not hearing.open_for(case=key, finding=FALSE, at=TUESDAY)
    with refused("licence.holder-not-told"):
        revoke(office, key, TUESDAY)


def test_a_promise_that_held_opens_nothing(office, key):
    check(office, key, held=True)
    work()
    assert row(key).hearing == ""


def test_what_gave_no_licence_opens_nothing_and_holds_up_nobody(office):
    assert not hearing.open_for(case="MT-0000-0000", finding=FALSE, at=TUESDAY)


def test_a_licence_that_is_not_registered_yet_is_waited_for(office, monkeypatch):
    """What keeps it from being registered may be over tomorrow; the finding is not forgotten."""
    registering.stick(
        "MT-0000-0001", ValueError("later"), at=TUESDAY, organ="market", item="DEMO-001", batch=""
    )
    with refused("licence.unknown"):
        hearing.open_for(case="MT-0000-0001", finding=FALSE, at=TUESDAY)
    assert OURS["licences.revocations"].sets_aside
    assert not SetAside.objects.exists()


# ── Told, heard, decided ────────────────────────────────────────────────────


def test_the_holder_is_told_on_paper_and_answers(office, key):
    check(office, key)
    work()
    tell(office, key)
    work()
    assert (row(key).hearing, row(key).answer_due) == ("told", LAST)
    [notice] = about(key)
    assert (notice.paper, notice.title) == ("to_be_revoked", "拟撤销行政许可告知书")
    assert (notice.owner, notice.user, notice.organ) == (office.citizen, office.chief, "market")
    assert notice.issued_at is not None  # sealed, and the licence is what it was
    said = "\n".join(texts(papers.sheet_of(notice)))
    for words in (FALSE, key, "以欺骗、贿赂等不正当手段取得许可", "2026年3月10日（周二）"):
        assert words in said
    assert row(key).paper == f"{key}-L1"
    assert papers_access.may_open(actor(office.citizen), notice)
    assert not papers_access.may_open(actor(office.neighbour), notice)
    with refused("licence.not-yours"):
        hearing.answer(key=key, person=office.neighbour, answer="不对", at=TUESDAY)
    hearing.answer(key=key, person=office.citizen, answer="已经改好", at=TUESDAY)
    assert row(key).hearing == "answered"
    revoke(office, key, TUESDAY)
    assert (row(key).stage, row(key).hearing, row(key).answer_due) == ("revoked", "", None)


@pytest.mark.parametrize(
    ("ground", "named", "interests"),
    [
        (
            RevocationGround.FRAUD,
            "以欺骗、贿赂等不正当手段取得许可",
            "您基于该许可取得的利益不受保护。",
        ),
        (
            RevocationGround.AGAINST_PROCEDURE,
            "违反法定程序作出准予许可决定",
            "您的合法权益因撤销受到损害的，可以依法请求赔偿。",
        ),
    ],
)
def test_what_was_decided_is_a_paper_with_ground_reason_and_remedies(
    office, key, ground, named, interests
):
    licence_words.heard(office, key, ground, at=TUESDAY)
    revoke(office, key, TUESDAY)
    work()
    decision = about(key)[-1]
    assert (decision.paper, decision.title) == ("revoked", "撤销行政许可决定书")
    assert (decision.owner, decision.user, decision.organ) == (
        office.citizen,
        office.chief,
        "market",
    )
    assert decision.number == "演市监撤决〔2026〕1号"
    assert decision.issued_at is not None
    said = "\n".join(texts(papers.sheet_of(decision)))
    for words in (
        named,
        FALSE,
        key,
        interests,
        "您已向本机关陈述和申辩，本机关进行了复核",
        "六十日内，依法向本机关的本级人民政府申请行政复议",
        f"本决定由首席代表（工号 N-006）作出，依据授权书 {case_town.LETTER}",
    ):
        assert words in said
    assert "拟撤销行政许可告知书" in text(signed_in(office.chief).get(at("desk-licence", key)))
    assert "撤销行政许可决定书" in text(signed_in(office.citizen).get(at("licence", key)))
    assert not list(verify(SUBJECTS))


def test_of_who_said_nothing_the_decision_says_so(office, key):
    tell(office, key)
    revoke(office, key, day(3, 11))
    work(day(3, 11))
    said = "\n".join(texts(papers.sheet_of(about(key)[-1])))
    assert "您在期限内没有陈述和申辩。" in said


def test_without_being_told_nobody_is_deprived_of_it(office, key):
    with refused("licence.holder-not-told"):
        revoke(office, key, TUESDAY)
    page = text(signed_in(office.chief).get(at("desk-licence", key)))
    assert at("act", key, "tell") in page
    assert at("act", key, "revoke") not in page


def test_a_notice_handed_over_is_no_licence_handed_over(office, key):
    tell(office, key)
    work()
    [notice] = about(key)
    papers_actions.serve(
        key=notice.key, how=ServedHow.WINDOW, recipient="演示甲", by=office.clerk, at=TUESDAY
    )
    work()
    assert row(key).delivered_how == "electronic"


def test_who_says_nothing_had_their_time(office, key):
    tell(office, key)
    with refused("licence.holder-not-heard"):
        revoke(office, key, day(3, 10, 18))
    revoke(office, key, day(3, 11))
    assert row(key).stage == "revoked"


def test_what_the_holder_shows_may_end_it(office, key):
    check(office, key)
    work()
    tell(office, key)
    hearing.answer(key=key, person=office.citizen, answer="报告在此", at=TUESDAY)
    hearing.drop(key=key, reason="报告属实", officer=chief(office), at=TUESDAY)
    assert (row(key).stage, row(key).hearing) == ("valid", "")
    assert not queries.hearings()
    with refused("licence.no-hearing"):
        hearing.drop(key=key, reason="报告属实", officer=chief(office), at=TUESDAY)


def test_why_it_is_left_is_not_why_it_was_to_be_revoked(office, key):
    tell(office, key)
    chief_of_it = signed_in(office.chief)
    initial = {
        name: chief_of_it.get(at("act", key, name)).context["form"].initial
        for name in ("revoke", "drop")
    }
    assert initial == {"revoke": {"reason": FALSE}, "drop": {}}


def test_rows_are_made_again_from_the_log(office, key):
    check(office, key)
    work()
    tell(office, key)
    before = list(LicenceRow.objects.values())
    rebuild(SUBJECTS)
    assert list(LicenceRow.objects.values()) == before
    assert not list(verify(SUBJECTS))


# ── The pages ───────────────────────────────────────────────────────────────


def at(name, *args):
    return reverse(f"licences:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_the_organs_officer_finds_tells_and_decides(office, key, now):
    check(office, key)
    work()
    officer = signed_in(office.chief)
    desk = text(officer.get(at("desk")))
    assert "待告知持有人" in desk
    assert key in text(officer.get(at("desk"), {"standing": "hearing"}))
    page = text(officer.get(at("desk-licence", key)))
    assert FALSE in page
    assert at("act", key, "tell") in page
    assert at("act", key, "revoke") not in page
    form = text(officer.get(at("act", key, "tell")))
    assert FALSE in form  # what was found is offered as the reason
    said = {"ground": "fraud", "reason": FALSE, "once_key": ONCE}
    for _ in range(2):
        assert officer.post(at("act", key, "tell"), said).url == at("desk-licence", key)
    early = text(officer.post(at("act", key, "revoke"), said), 409)
    assert "持有人的陈述申辩期到" in early
    assert "已告知，等陈述申辩" in text(officer.get(at("desk")))
    now(day(3, 11))
    officer = signed_in(office.chief)
    page = text(officer.get(at("desk-licence", key)))
    assert "申辩期限已过，待决定" in page
    assert at("act", key, "revoke") in page
    asked = text(officer.get(at("act", key, "revoke")))
    assert "以欺骗、贿赂等不正当手段取得" in asked  # what the holder was told; not asked again
    assert 'name="ground"' not in asked
    done = officer.post(at("act", key, "revoke"), {**said, "once_key": f"{ONCE}2"})
    assert done.url == at("desk-licence", key)
    assert row(key).stage == "revoked"


def test_the_holder_reads_why_and_answers_on_the_licences_page(office, key, now):
    check(office, key)
    work()
    holder = signed_in(office.citizen)
    assert "撤销程序</h2>" not in text(holder.get(at("licence", key)))  # nothing is said yet
    assert holder.post(at("answer", key), {"answer": "早"}).status_code == 409
    tell(office, key)
    work()
    page = text(holder.get(at("licence", key)))
    for words in (FALSE, "最迟 2026-03-10", "拟撤销行政许可告知书", "提交陈述申辩"):
        assert words in page
    assert holder.post(at("answer", key), {"answer": ""}).status_code == 422
    said = {"answer": "场所已经改好", "once_key": ONCE}
    for _ in range(2):
        assert holder.post(at("answer", key), said).url == at("licence", key)
    page = text(holder.get(at("licence", key)))
    assert "场所已经改好" in page
    assert "提交陈述申辩" not in page
    assert "场所已经改好" in text(signed_in(office.chief).get(at("desk-licence", key)))
    stranger = signed_in(office.neighbour)
    assert stranger.post(at("answer", key), said).status_code == 404
    assert signed_in(office.chief).post(at("answer", key), said).status_code == 404


def test_what_was_said_is_for_the_organ_and_the_holder(office, key, now):
    check(office, key)
    work()
    tell(office, key)
    hearing.answer(key=key, person=office.citizen, answer="场所已经改好", at=TUESDAY)
    overseer = case_town.official(71, Role.INSPECTOR, "centre")
    page = text(signed_in(overseer).get(at("desk-licence", key)))
    assert "已陈述申辩，待决定" in page
    for hidden in (FALSE, "场所已经改好"):
        assert hidden not in page
