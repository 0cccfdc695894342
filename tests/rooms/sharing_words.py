"""A town in which the market office's licence is a material of the education office's item."""

from dataclasses import replace

from mingtang.cases import actions as cases
from mingtang.catalogue import actions as catalogue
from mingtang.core.cases.terms import Applicant
from mingtang.core.catalogue import ItemContent, Material, Step, key_of
from mingtang.core.resources import ResourceContent
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.licence_words import Office

ENTRY = ResourceContent(
    code="food-licence",
    name="食品经营许可证",
    name_en="Food business licence",
    supplier="market",
    supplier_name="演示市场监督管理局",
    items=(COMPLETE.code,),
    basis="食品安全法 第三十五条",
)
PERMIT = Material(
    key="m3",
    name="食品经营许可证",
    source="government",
    basis="学校食品安全与营养健康管理规定 第二十六条",
    supplied_by="food-licence",
    shared=True,
)
CANTEEN = replace(
    COMPLETE,
    code="DEMO-900",
    name="校园供餐备案",
    name_en="School meals",
    department="education",
    department_name="演示education",
    materials=(PERMIT,),
    situations=(),
    steps=(Step(key="look", name="审核", days=2),),
)
TAKER = key_of(CANTEEN.code)
ANSWERS = {"premises": "演示路 2 号", "kind": "diner"}


def supply(office: Office, entry: ResourceContent = ENTRY) -> None:
    """Enter the licence into the directory."""
    catalogue.publish_resource(content=entry, by=office.head, at=MONDAY)


def share(office: Office, content: ItemContent = CANTEEN) -> None:
    """Enter the licence into the directory, and publish an item that reads it."""
    supply(office)
    case_town.publish(content)


def ask_for_it(office: Office) -> None:
    """Let the market's own item read the licence it gave before, as one does to renew it."""
    supply(office)
    asking = replace(PERMIT, needed="optional")
    case_town.publish(replace(COMPLETE, materials=(*COMPLETE.materials, asking)), draft=2)


def applicant(person: str, name: str = "演示甲") -> Applicant:
    return Applicant(
        kind="person", id=person, name=name, id_number="E00000001", phone="19900000001"
    )


def filed(office: Office, someone: str = "", **changes: object) -> str:
    """File a case of the education office's item; return its number."""
    values = {
        "item": TAKER,
        "applicant": applicant(someone or office.citizen),
        "answers": {},
        "form": ANSWERS,
        "documents": [],
        "at": MONDAY,
    }
    return cases.file_case(**{**values, **changes}).key
