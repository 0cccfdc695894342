"""A need of an inspection for a case: what the examples begin with."""

from dataclasses import replace
from datetime import date, timedelta

from mingtang.core.cases.special import SpecialKind
from mingtang.core.catalogue import LegalBasis
from mingtang.core.decider import Refused
from mingtang.core.intermediaries import needs
from mingtang.core.intermediaries.choosing import Entrant, Way, seed_digest, sign_up_digest
from mingtang.core.intermediaries.needs import commands, events
from mingtang.core.intermediaries.needs.terms import (
    Candidate,
    Criterion,
    Mark,
    NeedContent,
    NeedTerms,
    Publisher,
    PublisherKind,
    Scorer,
)
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.wire import Sealed
from tests.core.case_examples import day as day
from tests.core.case_examples import document
from tests.core.work_calendars import KNOWN

NEED = "n-1"
SEED = "seed-of-the-centre"
NONCES = {"A": "nonce-of-body-AAAA", "B": "nonce-of-body-BBBB", "C": "nonce-of-body-CCCC"}
DEADLINE = day(3, 4, 12)
SERVICE = ServiceContent(
    code="fire-inspection",
    name="消防设施检验",
    bases=(LegalBasis(title="演示消防条例", article="第一条"),),
    procedure=SpecialKind.INSPECTION,
    items=("DEMO-001",),
    conditions="办理演示许可前",
    flow="委托、检验、出具报告",
    longest_days=10,
    fee_rule="市场调节价",
    qualification="消防检验资质",
    direct_most_fen=500_000,
    direct_note="演示规定",
)
CONTENT = NeedContent(
    title="演示商店消防设施检验",
    service="fire-inspection",
    summary="200 平方米",
    ceiling_fen=800_000,
    days=8,
    sign_up_until=DEADLINE,
    way=Way.DRAW,
)
QUOTING = replace(CONTENT, way=Way.QUOTE)
SCORED = replace(
    CONTENT,
    way=Way.BEST,
    criteria=(
        Criterion(key="team", name="人员", most=60),
        Criterion(key="plan", name="方案", most=40),
    ),
    scorers=2,
    organ="market",
)
DIRECT = replace(CONTENT, way=Way.DIRECT, ceiling_fen=400_000)
PUBLISHER = Publisher(kind=PublisherKind.PERSON, id="P-wang", name="演示甲")
CASE = "MT-7K2P-9QXD"


def candidate(name, **changed):
    values = {"listed": True, "suspended": False, "qualified": True, "own_interest": False}
    return Candidate(**{"body": name, "name": f"演示机构{name}", **values, **changed})


def publish(content=CONTENT, **changed):
    values = {
        "need": NEED,
        "content": content,
        "service": SERVICE,
        "publisher": PUBLISHER,
        "own": True,
        "case": CASE,
        "case_own": True,
        "invited": None,
        "seed": SEED,
        "by": "P-wang",
        "at": day(3, 2),
    }
    return commands.PublishNeed(**{**values, **changed})


def published(content=CONTENT, **changed):
    terms = NeedTerms(
        key=NEED, content=content, service=SERVICE, seed_digest=seed_digest(NEED, SEED)
    )
    values = {
        "terms": terms,
        "publisher_kind": PublisherKind.PERSON,
        "publisher": Sealed("P-wang"),
        "publisher_name": Sealed("演示甲"),
        "case": Sealed(CASE),
        "seed": Sealed(SEED),
        "by": Sealed("P-wang"),
        "at": day(3, 2),
    }
    return events.NeedPublished(**{**values, **changed})


def sign_up(name="A", price_fen=0, **changed):
    values = {
        "candidate": candidate(name),
        "price_fen": price_fen,
        "nonce": NONCES.get(name, "nonce-of-body-nobody"),
        "represents": True,
        "by": f"P-{name}",
        "at": day(3, 3),
    }
    return commands.SignUp(**{**values, **changed})


def withdraw(name="A", **changed):
    values = {"body": name, "represents": True, "by": f"P-{name}", "at": day(3, 3, 18)}
    return commands.WithdrawSignUp(**{**values, **changed})


def signed_up(no, name, price_fen=0):
    digest = sign_up_digest(NEED, body=name, price_fen=price_fen, nonce=NONCES[name])
    return events.NeedSignedUp(
        no=no,
        digest=digest,
        body=Sealed(name),
        body_name=Sealed(f"演示机构{name}"),
        price_fen=Sealed(str(price_fen)),
        nonce=Sealed(NONCES[name]),
        by=Sealed(f"P-{name}"),
        at=day(3, 3),
    )


def entrant(no, name, price_fen=0, barred=""):
    return Entrant(
        no=no,
        body=name,
        name=f"演示机构{name}",
        price_fen=price_fen,
        nonce=NONCES[name],
        barred=barred,
    )


OPEN = commands.OpenNeed(barred=(), at=DEADLINE)


def score(name="A", scorer="P-s1", points=(50, 30), **changed):
    marks = (
        Mark(criterion="team", points=points[0], reason="人员齐备"),
        Mark(criterion="plan", points=points[1], reason="方案可行"),
    )
    who = Scorer(person=scorer, name="演示评审", staff_no="21")
    values = {"body": name, "marks": marks, "scorer": who, "may": True, "at": day(3, 5)}
    return commands.ScoreBody(**{**values, **changed})


CHOOSE = commands.ChooseBest(own=True, by="P-rev", at=day(3, 6))
CONTRACT = commands.NoteContract(price_fen=700_000, days=5, own=True, by="P-wang", at=day(3, 5))
BEGIN = commands.BeginService(represents=True, by="P-A", at=day(3, 9), calendar=KNOWN)
DELIVER = commands.DeliverResult(
    documents=(document("report"),),
    note="合格",
    represents=True,
    by="P-A",
    at=day(3, 13),
    calendar=KNOWN,
)
ACCEPT = commands.AcceptResult(own=True, by="P-wang", at=day(3, 16))
RETURN = commands.ReturnResult(
    reason="缺少附图", days=2, own=True, by="P-wang", at=day(3, 16), calendar=KNOWN
)
RATE = commands.RateService(stars=4, comment="准时", own=True, by="P-wang", at=day(3, 17))
COMPLAIN = commands.ComplainOfService(text="态度差", own=True, by="P-wang", at=day(3, 17))
ANSWER = commands.AnswerComplaint(
    upheld=True, reason="查证属实", manages=True, by="P-centre", at=day(3, 18)
)
END = commands.EndNeed(reason="不再需要", own=True, manages=False, by="P-wang", at=day(3, 10))
EXCLUDED = commands.NoteExcluded(round=1, since=date(2026, 3, 9), at=day(3, 9))
COUNTED = commands.NoteCounted(round=1, why="not-needed", at=day(3, 9))
RESUMED = commands.NoteResumed(round=1, days=4, at=day(3, 13))
ONE_BODY = (publish(), sign_up("A"), OPEN)
SERVING = (*ONE_BODY, CONTRACT, BEGIN)
DELIVERED = (*SERVING, DELIVER)
MINUTE = timedelta(minutes=1)


def state(*before):
    """Return what is known after these commands were carried out one after the other."""
    found = needs.State()
    for command in before:
        for event in needs.decide(found, command):
            found = needs.evolve(found, event)
    return found


def decide(command, *before):
    return list(needs.decide(state(*before), command))


def refuses(command, *before):
    """Return the code `command` is refused with; empty: it is not."""
    try:
        decide(command, *before)
    except Refused as refused:
        return refused.code
    return ""
