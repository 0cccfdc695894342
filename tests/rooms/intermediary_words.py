"""A town with a service, three bodies of the register, and a case: what the tests begin with."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from mingtang.config.wiring import REACTIONS
from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.needs.terms import NeedContent, Publisher, PublisherKind
from mingtang.core.intermediaries.register import BodyContent, Qualification
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.intermediaries import queries
from mingtang.intermediaries.actions import listing, selecting, serving
from mingtang.ledger import reactions
from mingtang.people import actions as people
from mingtang.people.actions import Body
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.core.need_examples import SERVICE as EXAMPLE
from tests.rooms import case_town
from tests.rooms.case_town import accepted, document, kept, official, person

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SERVICE = replace(EXAMPLE, items=(COMPLETE.code,))
# Codes of made-up bodies; their check characters are right.
CODES = ("91990000MA0000001B", "91990000MA0000002E", "91990000MA0000003H")
NONCES = {code: f"nonce-of-body-{letter * 4}" for code, letter in zip(CODES, "ABC", strict=True)}


@dataclass(frozen=True)
class Town:
    """Person ids by what they do."""

    citizen: str
    neighbour: str
    reviewer: str
    chief: str
    stranger: str
    centre: str  # runs the register
    agents: tuple[str, ...]  # of CODES
    case: str  # the citizen's, accepted on Monday


def build(at=MONDAY):
    """Return the people of a town that has a service and three listed bodies."""
    town = case_town.build()
    centre = official(31, Role.CENTRE_MANAGER, "centre")
    listing.publish_service(content=SERVICE, by=centre, at=at)
    agents = tuple(person(41 + n, f"演示代理{n}") for n in range(len(CODES)))
    for code, agent in zip(CODES, agents, strict=True):
        particulars = Particulars(name=f"演示机构{code[-2:]}", uscc=code)
        body = Body(code=code, kind=OrganisationKind.ENTERPRISE, particulars=particulars)
        people.register_organisation(body=body, by=agent, by_staff=False, at=at)
        ask(code, agent, at=at)
        listing.admit(body=code, by=centre, at=at)
    return Town(
        citizen=town.citizen,
        neighbour=town.neighbour,
        reviewer=town.reviewer,
        chief=town.chief,
        stranger=town.stranger,
        centre=centre,
        agents=agents,
        case=accepted(town, at),
    )


def body_content(code, agent, **changed):
    held = Qualification(
        service=SERVICE.code, name="演示资质", number=f"演-{code[-3:]}", until=date(2099, 12, 31)
    )
    content = BodyContent(
        code=code,
        name=f"演示机构{code[-2:]}",
        contact="演示联系人",
        phone="0990-0110001",
        qualifications=(held,),
        documents=(document(kept(agent, "资质.pdf"), "qualification"),),
    )
    return replace(content, **changed)


def ask(code, agent, *, at=MONDAY, **changed):
    return listing.ask_to_join(content=body_content(code, agent, **changed), by=agent, at=at)


def citizen_of(town):
    return Publisher(kind=PublisherKind.PERSON, id=town.citizen, name="演示甲")


MARKET = Publisher(kind=PublisherKind.DEPARTMENT, id="market", name="演示市场监督管理局")


def content(way=Way.DRAW, *, at=MONDAY, **changed):
    found = NeedContent(
        title="演示商店消防设施检验",
        service=SERVICE.code,
        summary="200 平方米",
        ceiling_fen=400_000,
        days=8,
        sign_up_until=at + 60 * MINUTE,
        way=way,
    )
    return replace(found, **changed)


def published(town, way=Way.DRAW, *, at=MONDAY, case=None, publisher=None, by="", **changed):
    """Publish a need of the citizen's for their case; return its key."""
    return selecting.publish(
        content=content(way, at=at, **changed),
        publisher=publisher or citizen_of(town),
        case=town.case if case is None else case,
        by=by or town.citizen,
        at=at,
    ).key


def signed_up(town, need, n=0, price_fen=0, at=MONDAY + MINUTE):
    selecting.sign_up(
        need=need,
        body=CODES[n],
        nonce=NONCES[CODES[n]],
        price_fen=price_fen,
        by=town.agents[n],
        at=at,
    )


def agent_of(town, need):
    """Return who acts for the body that was chosen."""
    return town.agents[CODES.index(queries.need(need).body)]


def contracted(town, *, at=MONDAY, **changed):
    """A need for which the first body was drawn and contracted; return its key."""
    need = published(town, at=at, **changed)
    signed_up(town, need, at=at + MINUTE)
    selecting.open_need(need=need, at=at + 60 * MINUTE)
    serving.contract(
        need=need,
        price_fen=300_000,
        days=5,
        by=changed.get("by") or town.citizen,
        at=at + 61 * MINUTE,
    )
    return need


def serving_since(town, at=MONDAY + DAY, **changed):
    need = contracted(town, **changed)
    serving.begin(need=need, by=agent_of(town, need), at=at)
    react()
    return need


def delivered(town, at=MONDAY + 8 * DAY, **changed):
    need = serving_since(town, **changed)
    deliver(town, need, at)
    return need


def deliver(town, need, at):
    agent = agent_of(town, need)
    files = (document(kept(agent, "报告.pdf"), "result"),)
    serving.deliver(need=need, documents=files, note="合格", by=agent, at=at)
    react()


def react():
    """Let every room of this slice hear what happened, until nobody has anything to say."""
    ours = [r for r in REACTIONS if r.reader.startswith(("cases.contracted", "intermediaries."))]
    while sum(reactions.run(one) for one in ours):
        pass
