"""A town where a restaurant is opened at once: three departments, one of them in the lead.

The lead is the department of `case_town`; the others look at things in a single step.
"""

from dataclasses import dataclass, replace
from typing import Any

from mingtang.cases import actions, queries
from mingtang.cases.actions import joint, special
from mingtang.cases.reactions import REACTIONS
from mingtang.catalogue import actions as catalogue
from mingtang.core import bundles, cases
from mingtang.core.bundles import ItemPart, SameMaterial
from mingtang.core.catalogue import ItemContent, Step, key_of
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.ledger import reactions
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import history
from mingtang.people import actions as people
from mingtang.people.actions import Body
from tests.core.bundle_examples import BUNDLE, CONTENTS, FIRE, LICENCE, LOOK, SIGN
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import SETUP, Town, document, kept, official

KEY = "restaurant"
KEYS = {name: key_of(content.code) for name, content in CONTENTS.items()}
FOOD = f"{KEYS[LICENCE]}_s1"  # the joint question
ANSWERS = {FOOD: "yes"}
FORM = {
    f"{KEYS[LICENCE]}_premises": "演示路 1 号",
    f"{KEYS[LICENCE]}_kind": "diner",
    f"{KEYS[SIGN]}_size": "3 米",
    f"{KEYS[FIRE]}_kind": "餐馆",
}
CONTENT = replace(
    BUNDLE,
    items=tuple(KEYS[item] for item in BUNDLE.items),
    same=(
        SameMaterial(
            parts=(
                ItemPart(item=KEYS[LICENCE], key="m2"),
                ItemPart(item=KEYS[FIRE], key="m1"),
            )
        ),
    ),
)
[HEARING] = [reaction for reaction in REACTIONS if reaction.reader == "cases.joint"]


@dataclass(frozen=True)
class JointTown:
    town: Town
    chiefs: dict[str, cases.Officer]  # chief representatives by department
    governor: cases.Officer
    reviewers: dict[str, cases.Officer]

    @property
    def clerk(self) -> cases.Officer:
        return case_town.clerk(self.town)

    @property
    def lead(self) -> cases.Officer:
        return self.chiefs["market"]


def build(*, parallel: bool = True) -> JointTown:
    town = case_town.build()
    kinds = {
        "city": OrganisationKind.DEPARTMENT,
        "fire": OrganisationKind.DEPARTMENT,
        "province": OrganisationKind.GOVERNMENT,
    }
    bodies = [
        Body(code=code, kind=kind, particulars=Particulars(name=f"演示{code}"))
        for code, kind in kinds.items()
    ]
    people.register_organisations(bodies=bodies, by=SETUP, at=MONDAY)
    chiefs = {"market": case_town.officer(town.chief, "N-006", "market")}
    reviewers = {"market": case_town.officer(town.reviewer, "N-004", "market")}
    for number, department in ((21, "city"), (22, "fire")):
        someone = official(number, Role.CHIEF_REPRESENTATIVE, department)
        chiefs[department] = case_town.officer(someone, f"N-{number:03}", department)
        someone = official(number + 20, Role.REVIEWER, department)
        reviewers[department] = case_town.officer(someone, f"N-{number + 20:03}", department)
    governor = official(23, Role.GOVERNMENT_HEAD, "province")
    _letters(town, chiefs)
    for name, content in CONTENTS.items():
        if name != LICENCE:
            case_town.publish(content)
        elif not parallel:  # it was published with the town
            case_town.publish(replace(content, steps=(LOOK,)), draft=2)
    catalogue.draft_bundle(key=KEY, content=CONTENT, seen=0, by=SETUP, at=MONDAY)
    catalogue.publish_bundle(key=KEY, draft=1, by=SETUP, at=MONDAY)
    return JointTown(
        town=town,
        chiefs=chiefs,
        governor=case_town.officer(governor, "N-023", "province"),
        reviewers=reviewers,
    )


def _letters(town: Town, chiefs: dict[str, cases.Officer]) -> None:
    for number, department in enumerate(("city", "fire"), 2):
        manager = official(30 + number, Role.DEPARTMENT_MANAGER, department)
        case_town.grant(
            replace(town, manager=manager),
            letter_no=f"演授〔2026〕{number}号",
            organ=department,
            person=chiefs[department].person,
            items=("*",),
        )


def papers(someone: str, at: Any = MONDAY) -> list[cases.Document]:
    """Return what the situation asks for: each material once."""
    contents = {KEYS[name]: content for name, content in CONTENTS.items()}
    asked = bundles.materials(CONTENT, contents, ANSWERS)
    return [document(kept(someone, at=at), one.material.key) for one in asked]


def applicant(town: Town) -> cases.Applicant:
    return cases.Applicant(
        kind="person",
        id=town.citizen,
        name="演示甲",
        id_number="E00000001",
        phone="19900000001",
    )


def file(there: JointTown, *, once: str | None = None, **changed: Any) -> Receipt:
    given = {
        "bundle": KEY,
        "applicant": applicant(there.town),
        "answers": ANSWERS,
        "form": FORM,
        "documents": changed.pop("documents", None) or papers(there.town.citizen),
        "at": MONDAY,
        "once": once,
    }
    return joint.file_joint(**{**given, **changed})


def accept(there: JointTown, number: str, at: Any = MONDAY) -> Receipt:
    return joint.accept_joint(number=number, officer=there.clerk, at=at)


def branch(number: str, item: str) -> str:
    """Return the number of the case this item of a joint case became."""
    [found] = [row.number for row in queries.branches_of(number) if row.item == KEYS[item]]
    return found


def review(there: JointTown, number: str, item: str, at: Any = MONDAY) -> None:
    """Go through the steps of one branch."""
    case = branch(number, item)
    site = case_town.officer(there.town.inspector, "N-005", "inspection")
    own = there.reviewers[CONTENTS[item].department]
    for key in [step.key for step in steps_of(case)]:
        actions.complete_step(
            number=case,
            step=key,
            finding=cases.Finding.MEETS,
            opinion="符合",
            officer=site if key == "site" else own,
            at=at,
        )


def steps_of(case: str) -> tuple[Step, ...]:
    filed = history(f"case/{case}")[0].event
    steps: tuple[Step, ...] = filed.terms.steps
    return steps


def decide(
    there: JointTown, number: str, item: str, *, granted: bool = True, at: Any = MONDAY
) -> Receipt:
    case = branch(number, item)
    content: ItemContent = CONTENTS[item]
    return actions.decide(
        number=case,
        granted=granted,
        reason="" if granted else "不符合设置规范",
        officer=there.chiefs[content.department],
        at=at,
    )


def heard() -> int:
    """Let the joint cases take note of what happened to their branches."""
    return reactions.run(HEARING)


def decided(there: JointTown, number: str, *, sign: bool = True, at: Any = MONDAY) -> None:
    """Accept, review and decide everything; the sign may be refused."""
    accept(there, number, at)
    for item in CONTENTS:
        review(there, number, item, at)
        decide(there, number, item, granted=sign or item != SIGN, at=at)
    heard()


def special_begun(there: JointTown, number: str, at: Any = MONDAY) -> None:
    """The fire department has something tested."""
    special.begin_special(
        number=branch(number, FIRE),
        procedure=cases.SpecialKind.TESTING,
        reason="需要检测",
        expected_days=5,
        officer=there.reviewers["fire"],
        at=at,
    )
    heard()
