"""A hearing (听证) from the right told to the record, for examples.

Told on Friday 6 March, served on Monday the 9th: to be asked for until Monday the 16th. Asked for
on Thursday the 12th: to be held until Friday 10 April, past Qingming. The notice of Friday the
13th leaves seven working days: not before Wednesday the 25th.
"""

from datetime import date

from mingtang.core import cases
from mingtang.core.cases import Attendance, Document, Interested, Officer, SpecialKind
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    REVIEWED,
    REVIEWER,
    day,
    filed,
)
from tests.core.work_calendars import KNOWN

CHAIR = Officer(person="P-chair", staff_no="45", organisation="market")
OTHER_CHAIR = Officer(person="P-chair2", staff_no="46", organisation="market")
HEAD = Officer(person="P-head", staff_no="09", organisation="market")
NEIGHBOUR = Interested(name="演示邻居", person="P-zhao")
REVIEWED_CASE = (filed(), ACCEPTED, *REVIEWED)  # to be decided since Friday 6 March, nine o'clock
INTEREST = "排烟口正对相邻住户，直接关系其重大利益"

ANNOUNCE = cases.AnnounceHearing(
    ground=cases.HearingGround.PUBLIC_INTEREST,
    matter="演示路餐饮集中区布点",
    basis="涉及周边居民的重大公共利益",
    interested=(NEIGHBOUR,),
    officer=REVIEWER,
    at=day(3, 6, 10),
)
ANNOUNCED = cases.HearingAnnounced(
    hearing=1,
    ground=cases.HearingGround.PUBLIC_INTEREST,
    matter="演示路餐饮集中区布点",
    basis="涉及周边居民的重大公共利益",
    officer=REVIEWER,
    at=day(3, 6, 10),
)
NAMED = cases.HearingPartyNamed(
    hearing=1,
    party=1,
    name=Sealed("演示邻居"),
    person=Sealed("P-zhao"),
    officer=REVIEWER,
    at=day(3, 6, 10),
)
TELL = cases.TellOfHearing(
    interest=INTEREST, interested=(NEIGHBOUR,), officer=REVIEWER, at=day(3, 6, 10)
)


def told(party: int, name: str = "", person: str = "") -> cases.HearingRightTold:
    return cases.HearingRightTold(
        hearing=1,
        party=party,
        name=Sealed(name),
        person=Sealed(person),
        stake=Sealed(INTEREST),
        officer=REVIEWER,
        at=day(3, 6, 10),
    )


TOLD = (told(0), told(1, "演示邻居", "P-zhao"))
REACH = cases.NoteRightReached(
    hearing=1, party=0, reached_date=date(2026, 3, 9), at=day(3, 9, 10), calendar=KNOWN
)


def reached(party: int, number: int = 9, until: int = 16) -> cases.HearingRightReached:
    return cases.HearingRightReached(
        hearing=1,
        party=party,
        reached_date=date(2026, 3, number),
        ask_due=date(2026, 3, until),
        provisional=False,
        calendar=KNOWN.version,
        at=day(3, number, 10),
    )


WINDOW = (*TOLD, reached(0), reached(1))
ASK = cases.AskForHearing(
    hearing=1, party=1, person="P-zhao", reason="要求听取意见", at=day(3, 12), calendar=KNOWN
)
ASKED = cases.HearingAsked(
    hearing=1,
    party=1,
    reason=Sealed("要求听取意见"),
    taken_by=None,
    hold_due=date(2026, 4, 10),
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 12),
)
FORGO = cases.ForgoHearing(hearing=1, party=0, person="P-wang", at=day(3, 10))
FORGONE = cases.HearingForgone(hearing=1, party=0, taken_by=None, at=day(3, 10))
TAKE_BACK = cases.WithdrawFromHearing(
    hearing=1, party=1, person="P-zhao", reason="已经谈妥", at=day(3, 18), calendar=KNOWN
)
TAKEN_BACK = cases.HearingWithdrawn(
    hearing=1, party=1, reason=Sealed("已经谈妥"), taken_by=None, at=day(3, 18)
)
SCHEDULE = cases.ScheduleHearing(
    hearing=1,
    starts_at=day(3, 25),
    place="演示路 1 号 3 楼会议室",
    chair=CHAIR,
    chair_heads=False,
    officer=REVIEWER,
    at=day(3, 13),
    calendar=KNOWN,
)
SCHEDULED = cases.HearingScheduled(
    hearing=1,
    starts_at=day(3, 25),
    place="演示路 1 号 3 楼会议室",
    chair=CHAIR,
    public=True,
    private_reason=Sealed(""),
    reason=Sealed(""),
    late=False,
    officer=REVIEWER,
    at=day(3, 13),
)


def notified(party: int) -> cases.HearingNotified:
    return cases.HearingNotified(
        hearing=1, party=party, starts_at=day(3, 25), officer=REVIEWER, at=day(3, 13)
    )


STOPPED = cases.SpecialBegun(
    procedure=SpecialKind.HEARING,
    reason=Sealed("举行听证"),
    expected_days=9,  # from the 13th to the 25th
    officer=REVIEWER,
    at=day(3, 13),
)
NOTICE = (SCHEDULED, notified(0), notified(1), STOPPED)
TO_BE_HELD = (*REVIEWED_CASE, *WINDOW, ASKED, *NOTICE)
CHALLENGE = cases.ChallengeChair(
    hearing=1, party=1, person="P-zhao", reason="主持人是申请人的亲属", at=day(3, 16)
)
CHALLENGED = cases.ChairChallenged(
    hearing=1,
    party=1,
    chair=CHAIR,
    reason=Sealed("主持人是申请人的亲属"),
    taken_by=None,
    at=day(3, 16),
)
RULE = cases.RuleOnChallenge(
    hearing=1,
    upheld=True,
    reason="情况属实",
    chair=OTHER_CHAIR,
    chair_heads=False,
    approver=HEAD,
    heads=True,
    at=day(3, 17),
)
RULED = cases.ChallengeRuled(
    hearing=1, party=1, upheld=True, reason=Sealed("情况属实"), approver=HEAD, at=day(3, 17)
)
CHANGED = cases.ChairChanged(
    hearing=1, chair=OTHER_CHAIR, reason=Sealed("情况属实"), officer=HEAD, at=day(3, 17)
)
CHANGE = cases.ChangeChair(
    hearing=1,
    chair=OTHER_CHAIR,
    chair_heads=False,
    reason="原主持人出差",
    officer=REVIEWER,
    at=day(3, 16),
)
SCAN = Document(id="d-record", material="", sha256="ab" * 32, sm3="cd" * 32, size=1234)
RECORD = cases.RecordHearing(
    hearing=1,
    presenters=(REVIEWER,),
    evidence="审查人员出示现场核查记录",
    statements="申请人同意移动排烟口",
    attendance=(
        Attendance(party=0, came=True, signed=True),
        Attendance(party=1, came=True, unsigned_reason="中途退场"),
    ),
    document=SCAN,
    officer=CHAIR,
    at=day(3, 25, 15),
    calendar=KNOWN,
)
HELD = cases.HearingHeld(
    hearing=1,
    held_date=date(2026, 3, 25),
    chair=CHAIR,
    presenters=(REVIEWER,),
    came=(0, 1),
    signed=(0,),
    evidence=Sealed("审查人员出示现场核查记录"),
    statements=Sealed("申请人同意移动排烟口"),
    unsigned=Sealed("演示邻居：中途退场"),
    document=SCAN,
    at=day(3, 25, 15),
)
GOES_ON = cases.SpecialEnded(
    procedure=SpecialKind.HEARING,
    begun_date=date(2026, 3, 13),
    result=Sealed("2026-03-25已举行听证，制作笔录"),
    officer=CHAIR,
    statutory_due_before=date(2026, 4, 1),
    statutory_due=date(2026, 4, 14),  # eight worked days: the 13th to the 24th
    promised_due_before=date(2026, 3, 11),
    promised_due=date(2026, 3, 11),  # it was over before
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 25, 15),
)
HEARD = (*TO_BE_HELD, HELD, GOES_ON)
