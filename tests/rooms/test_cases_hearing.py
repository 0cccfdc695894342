"""Hearings: rows and actions, the page of a case for everybody it concerns, and the public list."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import access, actions, queries
from mingtang.cases.actions import hearings
from mingtang.cases.models import HearingPartyRow, HearingRow
from mingtang.cases.queries import PAPERS_READER
from mingtang.cases.reactions import REACTIONS
from mingtang.config.wiring import SUBJECTS
from mingtang.core import cases
from mingtang.core.cases import Attendance, HearingGround, Interested, Stage
from mingtang.core.papers import PaperKind, PaperServed, ServedHow
from mingtang.core.people import Role
from mingtang.core.wire import Sealed
from mingtang.ledger import reactions
from mingtang.ledger.reactions import Heard
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from mingtang.papers.models import PaperRow
from mingtang.people import queries as people
from mingtang.vault.models import DocumentRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.case_town import (
    ONCE,
    document,
    kept,
    officer,
    official,
    page,
    row,
    signed_in,
    upload,
)
from tests.words import refused

pytestmark = pytest.mark.django_db
[ORDERING] = [reaction for reaction in REACTIONS if reaction.reader == PAPERS_READER]
[SERVING] = [reaction for reaction in REACTIONS if reaction.reader == "cases.hearings"]
TUESDAY = MONDAY + timedelta(days=1)  # 3 March; served that day, to be asked for until the 10th
THURSDAY = MONDAY + timedelta(days=3)
FIRST = date(2026, 3, 17)  # seven working days after a notice of Thursday 5 March
DAY = datetime(2026, 3, 17, 9, tzinfo=MONDAY.tzinfo)


@pytest.fixture
def now(monkeypatch, log_home):
    """Return how to say what time it is; at first it is Monday, 2 March 2026, nine o'clock."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def town(now):
    built = case_town.build()
    reactions.begin(ORDERING)
    return built


def text_of(answer):
    return answer.content.decode()


def reviewer(town):
    return officer(town.reviewer, "N-004", "market")


def a_chair(number=21):
    """Appoint somebody of the department who had no part in any review."""
    return officer(official(number, Role.REVIEWER, "market"), f"N-{number:03d}", "market")


def told(town, at=MONDAY):
    number = case_town.reviewed(town)
    neighbour = Interested(name="演示乙", person=town.neighbour)
    hearings.tell(
        number=number,
        interest="排烟口正对相邻住户",
        interested=[neighbour],
        officer=reviewer(town),
        at=at,
    )
    return number


def reached(number, *parties, at=TUESDAY):
    for party in parties:
        hearings.note_reached(number=number, hearing=1, party=party, reached_date=at.date(), at=at)


def asked(town, at=THURSDAY):
    number = told(town)
    reached(number, 0, 1)
    hearings.ask(number=number, hearing=1, party=1, person=town.neighbour, at=at)
    return number


def scheduled(town, chair, number="", at=THURSDAY):
    number = number or asked(town)
    hearings.schedule(
        number=number,
        hearing=1,
        starts_at=DAY,
        place="演示路 1 号",
        chair=chair,
        officer=reviewer(town),
        at=at,
    )
    return number


def held(town, chair, number=""):
    number = number or scheduled(town, chair)
    hearings.record(
        number=number,
        hearing=1,
        presenters=[reviewer(town)],
        evidence="现场核查记录",
        statements="同意移动排烟口",
        attendance=[
            Attendance(party=0, came=True, signed=True),
            Attendance(party=1, came=False),
        ],
        document=replace(document(kept("", at=DAY), ""), material=""),
        officer=chair,
        at=DAY + timedelta(hours=3),
    )
    return number


def decide(town, number, at, **said):
    chief = officer(town.chief, "N-006", "market")
    return actions.decide(number=number, granted=True, reason="", officer=chief, at=at, **said)


# ── Rows ────────────────────────────────────────────────────────────────────


def hearing(number):
    return HearingRow.objects.get(case=number)


def test_a_right_told_waits_for_its_notices_and_then_for_its_parties(town):
    number = told(town)
    assert (hearing(number).stage, hearing(number).next_date) == ("told", None)
    reached(number, 0, 1)
    assert hearing(number).next_date == date(2026, 3, 10)
    parties = HearingPartyRow.objects.filter(case=number).order_by("id")
    assert [(one.party, one.name, one.person, one.ask_due) for one in parties] == [
        (0, "", "", date(2026, 3, 10)),
        (1, "演示乙", town.neighbour, date(2026, 3, 10)),
    ]


def test_asked_for_it_is_to_be_held_within_twenty_working_days(town):
    number = asked(town)
    assert (hearing(number).stage, hearing(number).next_date) == ("needed", date(2026, 4, 2))
    assert HearingPartyRow.objects.get(case=number, party=1).stand == "asked"


def test_its_notice_stops_the_clocks_and_its_record_lets_them_go_on(town):
    chair = a_chair()
    number = scheduled(town, chair)
    found = hearing(number)
    assert (found.stage, found.starts_at, found.chair) == ("scheduled", DAY, chair.person)
    assert (row(number).special, row(number).paused_since) == ("hearing", date(2026, 3, 5))
    held(town, chair, number)
    assert (hearing(number).stage, hearing(number).ended_date) == ("held", FIRST)
    assert row(number).special == ""
    assert row(number).statutory_due == date(2026, 4, 10)  # eight worked days, past Qingming


def test_all_forgo_and_it_is_off(town):
    number = told(town)
    reached(number, 0, 1)
    hearings.forgo(number=number, hearing=1, person=town.citizen, at=TUESDAY)
    hearings.forgo(number=number, hearing=1, party=1, taken_by=reviewer(town), at=TUESDAY)
    assert hearing(number).stage == "off"
    decide(town, number, TUESDAY)


def test_taken_back_it_is_off_and_the_clocks_go_on(town):
    number = scheduled(town, a_chair())
    at = THURSDAY + timedelta(days=6)  # past everybody's window
    hearings.withdraw(
        number=number, hearing=1, party=1, person=town.neighbour, reason="已谈妥", at=at
    )
    assert (hearing(number).stage, row(number).special) == ("off", "")
    decide(town, number, at)
    assert row(number).stage == Stage.GRANTED


def test_announced_it_is_what_the_public_reads(town):
    number = case_town.reviewed(town)
    hearings.announce(
        number=number,
        ground=HearingGround.LAW,
        matter="演示路布点",
        basis="演示条例第九条",
        interested=[Interested(name="演示商会")],
        officer=reviewer(town),
        at=MONDAY,
    )
    assert (hearing(number).stage, hearing(number).matter) == ("needed", "演示路布点")
    scheduled(town, a_chair(), number)
    assert [one.matter for one in queries.hearings_in_public(THURSDAY)] == ["演示路布点"]
    assert not queries.hearings_in_public(DAY)


def test_what_the_rules_refuse_leaves_no_trace(town):
    number = told(town)
    reached(number, 0, 1)
    late = MONDAY + timedelta(days=9)
    with refused("case.hearing-asked-late"):
        hearings.ask(number=number, hearing=1, person=town.citizen, at=late)
    assert HearingPartyRow.objects.filter(stand="asked").count() == 0


def test_the_decision_waits_and_cites_the_record(town):
    chair = a_chair()
    number = asked(town)
    with refused("case.hearing-not-held"):
        decide(town, number, THURSDAY)
    held(town, chair, scheduled(town, chair, number))
    after = DAY + timedelta(days=1)
    with refused("case.hearing-record-not-cited"):
        decide(town, number, after)
    decide(town, number, after, hearings=[1])
    assert history(f"case/{number}")[-1].event.hearings == (1,)


def test_only_the_head_rules_and_the_head_of_the_organ_chairs_nothing(town):
    chair, other = a_chair(), a_chair(22)
    with refused("case.hearing-chair-heads"):
        scheduled(town, officer(town.manager, "N-007", "market"))
    number = scheduled(town, chair, HearingRow.objects.get().case_id)
    hearings.challenge(
        number=number, hearing=1, party=1, person=town.neighbour, reason="亲属", at=THURSDAY
    )
    assert hearing(number).challenged
    ruling = {
        "number": number,
        "hearing": 1,
        "upheld": True,
        "reason": "属实",
        "chair": other,
        "at": THURSDAY,
    }
    with refused("case.not-organ-head"):
        hearings.rule(**ruling, approver=officer(town.chief, "N-006", "market"))
    hearings.rule(**ruling, approver=officer(town.manager, "N-007", "market"))
    assert (hearing(number).challenged, hearing(number).chair) == (False, other.person)


def test_another_chairs_it(town):
    other = a_chair(22)
    number = scheduled(town, a_chair())
    hearings.change_chair(
        number=number, hearing=1, chair=other, reason="出差", officer=reviewer(town), at=THURSDAY
    )
    assert hearing(number).chair == other.person


def test_whoever_is_registered_under_a_number_acts_online(town):
    assert hearings.interested("演示乙", "E00000002") == Interested(
        name="演示乙", person=town.neighbour
    )
    assert hearings.interested("演示商会", "") == Interested(name="演示商会")
    assert hearings.interested("演示商会", "没有登记") == Interested(name="演示商会")


def test_the_copies_agree_with_the_record(town):
    chair = a_chair()
    told(town)
    off = told(town)
    for party in (0, 1):
        hearings.forgo(number=off, hearing=1, party=party, taken_by=reviewer(town), at=MONDAY)
    held(town, chair)
    ended = scheduled(town, chair)
    actions.withdraw(number=ended, person=town.citizen, reason="", at=DAY - timedelta(days=1))
    assert HearingRow.objects.get(case=ended).stage == "closed"
    assert [found for found in verify(SUBJECTS) if found.code.startswith("verify.row")] == []
    tables = (HearingRow, HearingPartyRow)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    rebuild(SUBJECTS)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


# ── Papers ──────────────────────────────────────────────────────────────────


def papers_of(number, kind):
    return list(PaperRow.objects.filter(about=f"case/{number}", paper=kind).order_by("cause"))


def serve(paper, at):
    event = PaperServed(
        about=paper.about, how=ServedHow.ONLINE, recipient=Sealed("演示乙"), by="P", at=at
    )
    heard = Heard(index=0, stream=f"paper/{paper.key}", event=event)
    SERVING.act(heard)


def test_each_party_has_a_notice_of_its_own(town):
    number = told(town)
    reactions.run(ORDERING)
    papers = papers_of(number, PaperKind.HEARING_RIGHT)
    assert [(one.addressee, one.owner) for one in papers] == [
        ("演示甲", town.citizen),
        ("演示乙", town.neighbour),
    ]
    scheduled(town, a_chair(), asked(town))
    reactions.run(ORDERING)
    notices = PaperRow.objects.filter(paper=PaperKind.HEARING_NOTICE)
    assert sorted(one.addressee for one in notices) == ["演示乙", "演示甲"]


def test_a_notice_that_is_served_begins_the_five_days_of_its_party(town):
    number = told(town)
    reactions.run(ORDERING)
    mine, theirs = papers_of(number, PaperKind.HEARING_RIGHT)
    serve(theirs, TUESDAY)
    serve(theirs, TUESDAY)  # heard twice
    parties = HearingPartyRow.objects.filter(case=number).order_by("id")
    assert [one.ask_due for one in parties] == [None, date(2026, 3, 10)]
    serve(mine, THURSDAY)
    assert hearing(number).next_date == date(2026, 3, 12)


def test_what_is_no_notice_of_a_right_begins_nothing(town):
    number = told(town)
    reactions.run(ORDERING)
    [accepted] = papers_of(number, PaperKind.ACCEPTED)
    serve(accepted, TUESDAY)
    assert hearing(number).next_date is None


def test_a_notice_heard_of_after_something_else_counts_from_its_own_day(town, now):
    number = told(town)
    reactions.run(ORDERING)
    mine, _theirs = papers_of(number, PaperKind.HEARING_RIGHT)
    reached(number, 1, at=THURSDAY)
    now(THURSDAY + timedelta(hours=1))
    serve(mine, TUESDAY)
    assert HearingPartyRow.objects.get(case=number, party=0).reached_date == TUESDAY.date()


def test_a_party_reads_its_own_notice_and_nobody_elses(town):
    number = told(town)
    reactions.run(ORDERING)
    mine, theirs = papers_of(number, PaperKind.HEARING_RIGHT)
    citizen, neighbour = people.actor(town.citizen), people.actor(town.neighbour)
    assert access.may_open_paper(citizen, mine)
    assert access.is_for(citizen, mine)
    assert not access.may_open_paper(citizen, theirs)
    assert not access.is_for(citizen, theirs)
    assert access.may_open_paper(people.actor(town.reviewer), theirs)
    assert not access.is_for(neighbour, mine)
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert shown.count("听证告知书") == 1


# ── The page ────────────────────────────────────────────────────────────────


def act(client, number, name, **said):
    return client.post(page("hearing-act", number, name), {"once_key": ONCE, **said})


def test_officers_tell_of_the_right_from_the_task(town):
    number = case_town.reviewed(town)
    client = signed_in(town.chief)
    task = text_of(client.get(page("task", number, "decision")))
    assert page("hearing", number) in task
    lines = "演示乙 E00000002\n\n演示商会"
    answer = act(client, number, "tell", **{"tell-interest": "采光", "tell-interested": lines})
    assert answer.status_code == 302
    parties = HearingPartyRow.objects.filter(case=number).order_by("id")
    assert [(one.name, one.person) for one in parties] == [
        ("", ""),
        ("演示乙", town.neighbour),
        ("演示商会", ""),
    ]
    decision = text_of(client.get(page("task", number, "decision")))
    assert "听证告知书还没有送达全部当事人" in decision
    assert 'name="granted"' not in decision


def test_what_is_not_filled_in_is_asked_for_again(town):
    number = case_town.reviewed(town)
    answer = act(signed_in(town.chief), number, "tell", **{"tell-interested": "演示乙"})
    assert answer.status_code == 422
    assert "演示乙" in text_of(answer)
    assert not HearingRow.objects.exists()


def test_more_than_a_list_holds_is_not_taken(town):
    number = case_town.reviewed(town)
    many = "\n".join(f"演示{n}" for n in range(31))
    said = {"tell-interest": "采光", "tell-interested": many}
    answer = act(signed_in(town.chief), number, "tell", **said)
    assert answer.status_code == 422
    assert "一次最多列 30 位" in text_of(answer)


def test_the_organ_announces_and_the_public_reads_it(town, now):
    number = case_town.reviewed(town)
    said = {
        "announce-ground": "law",
        "announce-matter": "演示路布点",
        "announce-basis": "演示条例第九条",
    }
    assert act(signed_in(town.chief), number, "announce", **said).status_code == 302
    scheduled(town, a_chair(), number, at=THURSDAY)
    now(THURSDAY)
    public = text_of(case_town.Client().get(page("hearings")))
    assert "演示路布点" in public
    assert "演示路 1 号" in public
    assert "演示甲" not in public
    assert number not in public
    now(DAY)
    assert "最近没有公开举行的听证" in text_of(case_town.Client().get(page("hearings")))


def test_where_the_item_wants_one_the_decision_says_so_and_the_form_is_filled_in(town):
    wanted = replace(COMPLETE, hearing_basis="演示条例第九条")
    case_town.publish(wanted, draft=2)
    number = case_town.reviewed(town)
    client = signed_in(town.chief)
    task = text_of(client.get(page("task", number, "decision")))
    assert "依演示条例第九条，作出决定前应当举行听证" in task
    assert 'name="granted"' not in task
    assert 'value="演示条例第九条"' in text_of(client.get(page("hearing", number)))


def test_the_applicant_asks_takes_it_back_or_forgoes(town, now):
    number = told(town)
    reached(number, 0, 1)
    now(THURSDAY)
    client = signed_in(town.citizen)
    assert page("hearing", number) in text_of(client.get(page("progress", number)))
    shown = text_of(client.get(page("hearing", number)))
    assert "申请听证" in shown
    assert "2026-03-10" in shown
    assert "演示乙" not in shown
    assert act(client, number, "ask-0", **{"ask-said": "要求说明"}).status_code == 302
    assert hearing(number).stage == "needed"
    assert "还没有表示" not in text_of(client.get(page("hearing", number)))
    assert act(client, number, "withdraw-0", **{"back-said": ""}).status_code == 302
    assert HearingPartyRow.objects.get(case=number, party=0).stand == "withdrawn"
    assert act(client, number, "forgo-0").status_code == 409


def test_whoever_has_an_interest_finds_it_among_their_own(town, now):
    number = told(town)
    reached(number, 0, 1)
    now(THURSDAY)
    client = signed_in(town.neighbour)
    assert page("hearing", number) in text_of(client.get(page("mine")))
    shown = text_of(client.get(page("hearing", number)))
    assert "申请听证" in shown
    assert "演示甲" not in text_of(client.get(page("progress", number)))
    assert act(client, number, "forgo-1").status_code == 302
    assert HearingPartyRow.objects.get(case=number, party=1).stand == "forgone"
    assert act(client, number, "ask-0", **{"ask-said": ""}).status_code == 409


def test_nobody_else_opens_the_page(town):
    number = told(town)
    for someone in (town.stranger, town.clerk, town.inspector, town.overseer):
        assert signed_in(someone).get(page("hearing", number)).status_code == 404
    assert signed_in(a_chair().person).get(page("hearing", number)).status_code == 200
    outsider = case_town.person(30)
    assert signed_in(outsider).get(page("hearing", number)).status_code == 404
    waiting = case_town.filed(town)
    assert signed_in(town.reviewer).get(page("hearing", waiting)).status_code == 404


def schedule_form(chair, **changed):
    return {
        "schedule-day": "2026-03-17",
        "schedule-time": "09:00",
        "schedule-place": "演示路 1 号",
        "schedule-chair": chair,
        "schedule-private_reason": "",
        **changed,
    }


def test_the_day_is_set_and_put_off_by_those_who_handle_it(town, now):
    chair = a_chair()
    number = asked(town)
    now(THURSDAY)
    client = signed_in(town.reviewer)
    shown = text_of(client.get(page("hearing", number)))
    assert "最早 2026-03-17" in shown
    assert "N-021" in shown
    assert f'value="{town.manager}"' not in shown
    early = schedule_form(chair.person, **{"schedule-day": "2026-03-16"})
    answer = act(client, number, "schedule", **early)
    assert answer.status_code == 409
    assert "最早 2026-03-17 举行" in text_of(answer)
    assert act(client, number, "schedule", **schedule_form(chair.person)).status_code == 302
    assert hearing(number).starts_at == DAY
    off = schedule_form(
        chair.person, **{"schedule-day": "2026-03-20", "schedule-put_off": "场地检修"}
    )
    answer = client.post(
        page("hearing-act", number, "schedule"), {**off, "once_key": "another-key-another-1"}
    )
    assert answer.status_code == 302
    assert hearing(number).next_date == date(2026, 3, 20)
    assert "场地检修" in text_of(signed_in(town.citizen).get(page("hearing", number)))


def test_a_challenge_is_ruled_on_by_the_head(town, now):
    chair, other = a_chair(), a_chair(22)
    number = scheduled(town, chair)
    now(THURSDAY)
    said = {"challenge-said": "主持人是申请人的亲属"}
    assert act(signed_in(town.neighbour), number, "challenge-1", **said).status_code == 302
    assert "等待决定是否回避" in text_of(signed_in(town.citizen).get(page("hearing", number)))
    assert act(signed_in(town.reviewer), number, "rule").status_code == 409
    head = signed_in(town.manager)
    assert "主持人是申请人的亲属" in text_of(head.get(page("hearing", number)))
    ruling = {"rule-upheld": "yes", "rule-chair": "", "rule-ruling": "属实"}
    answer = act(head, number, "rule", **ruling)
    assert answer.status_code == 409
    assert "请另选一位听证主持人" in text_of(answer)
    ruling["rule-chair"] = other.person
    answer = act(head, number, "rule", **ruling)
    assert answer.status_code == 302
    assert hearing(number).chair == other.person


def test_the_chair_is_changed_and_what_came_on_paper_taken_down(town, now):
    other = a_chair(22)
    number = scheduled(town, a_chair())
    now(THURSDAY)
    client = signed_in(town.reviewer)
    said = {"chair-chair": other.person, "chair-chair_reason": "出差"}
    assert act(client, number, "chair", **said).status_code == 302
    assert hearing(number).chair == other.person
    said = {"take-party": "0", "take-what": "ask", "take-said": "书面申请"}
    assert act(client, number, "take-down", **said).status_code == 302
    [*_, event] = [one.event for one in history(f"case/{number}")]
    assert (event.party, event.taken_by) == (0, reviewer(town))


RECORD = {
    "record-evidence": "现场核查记录",
    "record-statements": "同意移动排烟口",
    "record-party0": "signed",
    "record-party1": "absent",
    "record-unsigned": "",
}


def test_the_chair_records_it_and_the_decision_cites_it(town, now):
    chair = a_chair()
    number = scheduled(town, chair)
    now(DAY - timedelta(minutes=1))
    client = signed_in(chair.person)
    assert act(client, number, "record").status_code == 409
    now(DAY + timedelta(hours=2))
    said = {**RECORD, "record-presenters": [town.reviewer], "record-document": upload("笔录.pdf")}
    assert act(client, number, "record", **said).status_code == 302
    assert hearing(number).stage == "held"
    chief = signed_in(town.chief)
    decision = text_of(chief.get(page("task", number, "decision")))
    assert "根据 2026-03-17（周二）听证笔录" in decision
    post = {"once_key": ONCE, "granted": "yes", "reason": ""}
    assert chief.post(page("task-decide", number), post).status_code == 422
    post["hearings"] = ["1"]
    assert chief.post(page("task-decide", number), post).status_code == 302
    assert row(number).stage == Stage.GRANTED
    own = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "举行听证，制作笔录" in own
    assert "根据 2026-03-17（周二）听证笔录" in own


def test_who_did_not_sign_needs_a_reason_and_the_file_is_not_kept(town, now):
    chair = a_chair()
    number = scheduled(town, chair)
    now(DAY + timedelta(hours=2))
    said = {
        **RECORD,
        "record-party1": "unsigned",
        "record-presenters": [town.inspector],
        "record-document": upload("笔录.pdf"),
    }
    before = DocumentRow.objects.count()
    answer = act(signed_in(chair.person), number, "record", **said)
    assert answer.status_code == 409
    assert "到场没有签字的，请写明原因" in text_of(answer)
    assert DocumentRow.objects.count() == before
    said |= {"record-unsigned": "中途退场", "record-document": upload("笔录.pdf")}
    answer = act(signed_in(chair.person), number, "record", **said)
    assert answer.status_code == 302
    event = queries.record_of(number, 1)
    assert event.unsigned == "演示乙：中途退场"
    assert [one.person for one in event.presenters] == [town.inspector]


def test_the_signed_record_is_read_by_those_it_concerns(town, now):
    number = held(town, a_chair())
    address = page("hearing-record", number, 1)
    for someone in (town.citizen, town.neighbour, town.reviewer, town.chief):
        answer = signed_in(someone).get(address)
        assert b"".join(answer.streaming_content) == case_town.PDF
    for someone in (town.stranger, town.overseer, case_town.person(30)):
        assert signed_in(someone).get(address).status_code == 404
    assert signed_in(town.citizen).get(page("hearing-record", number, 2)).status_code == 404


def test_dates_say_that_the_record_ends_it(town, now):
    number = scheduled(town, a_chair())
    now(THURSDAY)
    shown = text_of(signed_in(town.reviewer).get(page("dates", number)))
    assert "听证笔录记下以后自动恢复计时" in shown
    other = case_town.accepted(town)
    assert 'value="hearing"' not in text_of(signed_in(town.reviewer).get(page("dates", other)))


def test_a_hearing_that_is_ahead_stands_among_the_other_dates(town, now):
    number = asked(town)
    now(THURSDAY)
    waiting = told(town)
    shown = text_of(signed_in(town.reviewer).get(page("beside") + "?tab=hearing"))
    assert shown.index(number) < shown.index(waiting)
    assert page("hearing", number) in shown
    assert "等待送达" in shown


def test_a_phone_says_what_is_waited_for(town, now):
    number = asked(town)
    now(THURSDAY)
    phone = signed_in(town.chief)
    shown = text_of(phone.get(f"/hand/{number}/decision/"))
    assert "听证还没有举行" in shown


def test_a_receipt_does_not_say_who_else_is_heard(town):
    from mingtang.cases.views.mine import _is_of_another_party

    events = [one.event for one in history(f"case/{told(town)}")]
    named = [one for one in events if isinstance(one, cases.HearingRightTold)]
    assert [_is_of_another_party(one) for one in named] == [False, True]


def test_how_far_each_has_come_stands_among_ones_own(town, now):
    chair = a_chair()
    held(town, chair)
    scheduled(town, chair)
    asked(town)
    told(town)
    off = told(town)
    for party in (0, 1):
        hearings.forgo(number=off, hearing=1, party=party, taken_by=reviewer(town), at=MONDAY)
    lapsed = told(town)
    reached(lapsed, 0, 1, at=MONDAY)
    now(DAY - timedelta(days=5))
    shown = text_of(signed_in(town.neighbour).get(page("mine")))
    for said in (
        "已举行",
        "2026-03-17 09:00举行",
        "等待安排",
        "等待当事人表示",
        "不再举行",
        "期满没有人申请",
    ):
        assert said in shown
    assert "与您有重大利益关系的听证" not in text_of(signed_in(town.citizen).get(page("mine")))


def test_a_case_with_one_behind_it_is_listed_once_with_the_one_ahead(town):
    number = held(town, a_chair())
    after = DAY + timedelta(days=1)
    hearings.tell(number=number, interest="采光", officer=reviewer(town), at=after)
    hearings.note_reached(number=number, hearing=2, party=0, reached_date=after.date(), at=after)
    ahead = queries.hearings_ahead({"market"}, today=after.date())
    assert [(one.number, one.hearing_date) for one in ahead] == [(number, date(2026, 3, 25))]
    assert not queries.hearings_ahead({"education"}, today=after.date())
    assert not queries.hearings_ahead(None, today=date(2026, 3, 26))
