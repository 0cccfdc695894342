"""Notices as a centre would write them, with much to say and with little: for looking at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mingtang.core import cases, notices
from mingtang.core.cases import Applicant, Ground, Shortfall
from mingtang.core.notices import Facts, JointWording, Letterhead, Wording
from mingtang.core.papers import PaperServed, ServedHow, number_of
from mingtang.core.service import WORD, record_of_service
from mingtang.core.sheets import Sheet
from mingtang.core.wire import Sealed, canonical
from tests.core import joint_examples
from tests.core.case_examples import (
    ACCEPTED,
    CLERK,
    CORRECTED,
    GRANTED,
    NOT_ACCEPTED,
    NOTIFIED,
    PARALLEL,
    REVIEWED,
    after,
    day,
    deemed,
    document,
    filed,
    terms,
)
from tests.core.test_cases_change import REQUESTED, RESTARTED
from tests.core.test_cases_special import BEGUN, EXTENDED

NUMBER, BATCH, SHORT = "MT-7K2P-9QXD", "B-4H8M-2TWC", "明州省卫健委"
HEAD = Letterhead(
    organ="明州省卫生健康委员会",
    phone="0990-0120909",
    address="云岭市观澜区政务大道 1 号明州省公共服务中心 1 层综合服务区 A01 号窗口",
    office="A01 综合服务窗口",
    officer_name="演示陈明",
)
BASIS = (
    "《中华人民共和国职业病防治法》第三十九条",
    "《放射性同位素与射线装置安全和防护条例》第二十八条",
)
MATERIALS = (
    ("m1", "放射工作人员证申请表"),
    ("m2", "放射工作人员职业健康检查报告"),
    ("m3", "放射防护和有关法律知识培训合格证明"),
    ("m4", "个人剂量监测委托协议复印件（加盖公章）"),
)
ITEM = Facts(licence=True, basis=BASIS, materials=MATERIALS, result="放射工作人员证")
SERVICE = Facts(
    licence=False,
    basis=("《社会保险登记管理办法（演示）》第五条",),
    materials=(("m1", "登记表"), ("m2", "身份证件")),
    result="社会保险登记证明",
)
TERMS = replace(PARALLEL, name="放射工作人员证核发")
HOSPITAL = Applicant(
    kind="organisation",
    id="hospital",
    name="演示云岭医院管理有限公司",
    id_number="91990100MA0000000X",
    phone="19900000001",
    agent="P-li",
)
FILED = replace(
    filed(TERMS, HOSPITAL),
    documents=tuple(
        document(key, f"d-{n}") for n, key in enumerate(("m1", "m2", "m2", "m3", "m4"))
    ),
    channel="window",
    taken_by=CLERK,
    batch=BATCH,
    place=17,
)
OF_HOSPITAL = {
    "addressee": HOSPITAL.name,
    "organisation": True,
    "item": ITEM,
    "particulars": (("批量申请", f"{BATCH} 第 17 行，姓名：演示放射员017"),),
}
WRONG = (
    Shortfall(material="m1", name=MATERIALS[0][1], reason="第 2 页没有申请人签字，请补签。"),
    Shortfall(
        material="m2",
        name=MATERIALS[1][1],
        reason="检查日期为 2024 年 5 月，已超过一年。请提交一年以内、由具有资质的职业健康检查机构"
        "出具的报告，报告须载明能否从事放射工作的结论。",
    ),
    Shortfall(material="m4", name=MATERIALS[3][1], reason="复印件没有加盖公章。"),
    Shortfall(material="", name="申请表", reason="从事放射工作的岗位与培训证明不一致，请核对。"),
)
REASON = (
    "经审查，申请人提交的职业健康检查报告结论为“暂时脱离放射工作”，不符合《放射工作人员职业健康"
    "管理办法》第七条第三项规定的“经职业健康检查，符合放射工作人员的职业健康标准”的条件。"
    "申请人在规定期限内就此陈述意见，本机关予以核实，所述复查尚未完成，不能作为依据。"
)
SERVED = PaperServed(
    about=f"case/{NUMBER}",
    how=ServedHow.WINDOW,
    recipient=Sealed("演示李四"),
    by="P-clerk",
    at=day(3, 10, 15),
)


def sheets() -> Iterator[tuple[str, Sheet]]:
    """Yield every notice with a name, numbered and ready to be set in type."""
    found = {}
    for serial, (name, (history, event, said)) in enumerate(_told().items(), 1):
        case = after(*history, event)
        wording = Wording(number=NUMBER, case=case, letterhead=HEAD, **{**OF_HOSPITAL, **said})
        notice = notices.notice(wording, event)
        found[name] = _numbered(notice.sheet, notice.word, serial)
        yield name, found[name]
    found["extended-jointly"] = _numbered(jointly_extended().sheet, "延", len(found) + 1)
    yield "extended-jointly", found["extended-jointly"]
    record = record_of_service(found["granted"], SERVED, index=123_456)
    yield "served", _numbered(record, WORD, 3)


def jointly_extended(**how: object) -> notices.Notice:
    """The joint term of a restaurant is extended."""
    event = joint_examples.EXTENDED
    given = {
        "number": "J-7K2P-9QXD",
        "addressee": HOSPITAL.name,
        "organisation": True,
        "letterhead": HEAD,
        "name": "开办餐馆",
        "joint": joint_examples.after(*joint_examples.ASKED_FOR, event),
        **how,
    }
    return notices.notice(JointWording(**given), event)  # type: ignore[arg-type]


def _numbered(sheet: Sheet, word: str, serial: int) -> Sheet:
    return replace(sheet, number=number_of(SHORT, word, 2026, serial), code="7K2P9QXD4H8M2TWC")


def _told() -> dict[str, tuple[tuple[cases.Event, ...], cases.Event, dict[str, object]]]:
    """Return what happened: history, the act, and what differs from the hospital's case."""
    citizen = {"addressee": "演示张三", "organisation": False, "particulars": ()}
    at_once = replace(terms(promised_days=0), name="社会保险登记")
    notified = replace(NOTIFIED, shortfalls=Sealed(canonical(WRONG)), count=len(WRONG))
    spot = replace(ACCEPTED, promised_due=date(2026, 3, 4), opened=())
    refused = replace(GRANTED, granted=False, reason=Sealed(REASON))
    elsewhere = replace(
        NOT_ACCEPTED,
        ground=Ground.NOT_COMPETENT,
        reason=Sealed("所申请的事项由设区的市级卫生健康主管部门办理，不属于本机关职权范围。"),
        competent_organ="云岭市卫生健康局",
    )
    longer = replace(
        EXTENDED, reason=Sealed("需要向个人剂量监测机构核实近三年监测数据，核实结果尚未反馈。")
    )
    tested = replace(BEGUN, reason=Sealed("对提交的个人剂量监测结果有异议，需要委托复测。"))
    ready = (FILED, ACCEPTED, *REVIEWED)
    return {
        "received": ((), FILED, {}),
        "received-online": (
            (),
            filed(at_once),
            {**citizen, "item": SERVICE},
        ),
        "corrections": ((FILED,), notified, {}),
        "corrections-received": ((FILED, notified), CORRECTED, {}),
        "accepted": ((FILED,), ACCEPTED, {}),
        "accepted-provisionally": (
            (filed(TERMS),),
            replace(ACCEPTED, provisional=True),
            citizen,
        ),
        "deemed": ((FILED,), deemed("papers", "site"), {}),
        "not-accepted": ((FILED,), elsewhere, {}),
        "extended": ((FILED, ACCEPTED), longer, {}),
        "special": ((FILED, ACCEPTED), tested, {}),
        "restarted": ((FILED, ACCEPTED, REQUESTED), RESTARTED, {}),
        "accepted-to-follow": (
            (FILED,),
            replace(ACCEPTED, deferred=("m3", "m4"), deferred_due=date(2026, 3, 18)),
            {},
        ),
        "granted": (ready, GRANTED, {}),
        "granted-on-the-spot": (
            (filed(at_once), spot),
            GRANTED,
            {**citizen, "item": SERVICE},
        ),
        "refused": (ready, refused, {}),
    }
