"""What each notice says: its words, whose they are, and what none of them may leave out."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import cases, notices, papers
from mingtang.core.cases import Ground
from mingtang.core.notices import Facts, Letterhead, Wording
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Layout, texts
from mingtang.core.wire import ERASED, Sealed
from tests.core.case_examples import (
    ACCEPTED,
    AGENT,
    CHIEF,
    CORRECTED,
    GRANTED,
    MANDATE,
    NOT_ACCEPTED,
    NOTIFIED,
    PARALLEL,
    REVIEWED,
    accepted,
    after,
    deemed,
    filed,
    terms,
)
from tests.core.test_cases_special import BEGUN, EXTENDED

NUMBER = "MT-7K2P-9QXD"
HEAD = Letterhead(
    organ="演示市场监督管理局",
    phone="0990-0120000",
    address="演示路 1 号 7 号窗口",
    office="7 号综合窗口",
)
ITEM = Facts(
    licence=True,
    basis=("《中华人民共和国食品安全法》第三十五条",),
    materials=(("m1", "平面图"), ("m2", "申请书")),
    result="食品经营许可证",
)
READY = (filed(), ACCEPTED, *REVIEWED)
REFUSED = replace(GRANTED, granted=False, reason=Sealed("场所不符合规定"))
LEFT = replace(NOT_ACCEPTED, ground=Ground.NOT_REQUIRED, competent_organ="")
POINTS = {
    "received": ((), filed()),
    "corrected": ((filed(), NOTIFIED), CORRECTED),
    "corrections": ((filed(),), NOTIFIED),
    "accepted": ((filed(),), ACCEPTED),
    "deemed": ((filed(),), deemed("papers", "site")),
    "not accepted": ((filed(),), NOT_ACCEPTED),
    "extended": ((filed(), ACCEPTED), EXTENDED),
    "special": ((filed(), ACCEPTED), BEGUN),
    "granted": (READY, GRANTED),
    "refused": (READY, REFUSED),
}
EACH = pytest.mark.parametrize("point", POINTS)


def written(history, event, *, item=ITEM, organisation=False):
    wording = Wording(
        number=NUMBER,
        case=after(*history, event),
        addressee="演示甲",
        organisation=organisation,
        letterhead=HEAD,
        item=item,
    )
    return notices.notice(wording, event)


def at(point, **how):
    history, event = POINTS[point]
    return written(history, event, **how)


def body(notice):
    """Return the words of the body, a part a line."""
    return [
        block.text or "｜".join(f"{line.label}={line.value}" for line in block.lines)
        for block in notice.sheet.blocks
    ]


def everything(notice):
    return "\n".join(texts(notice.sheet))


# ── Word for word ───────────────────────────────────────────────────────────


def test_the_receipt_lists_what_came_in_and_says_when_silence_accepts():
    notice = at("received")
    assert (notice.paper, notice.word, notice.sheet.title) == (
        PaperKind.RECEIVED,
        "收",
        "收件回执",
    )
    assert body(notice) == [
        "今收到您提交的下列申请。",
        f"申请事项=食品经营许可｜办件编号={NUMBER}｜申请人=演示甲"
        "｜收件时间=2026年3月2日9时00分｜提交方式=网上提交",
        "收到的材料",
        "平面图=1 个文件｜申请书=1 个文件",
        "本机关将在2026年3月9日（周一）前告知是否受理，或者一次性告知需要补正的全部内容；"
        "逾期不告知的，自收到申请材料之日起即为受理。",
        "本回执仅证明收到上述材料，不代表申请已被受理。",
    ]


def test_corrections_are_told_once_and_all_of_them():
    notice = at("corrections")
    assert (notice.paper, notice.sheet.title) == (
        PaperKind.CORRECTIONS,
        "材料补正一次性告知书",
    )
    assert body(notice)[1] == "平面图=没有标注面积"
    assert "第三十二条第一款第四项" in body(notice)[0]
    assert "不会再次要求补正" in body(notice)[2]


def test_the_acceptance_says_both_limits_and_who_took_it_in():
    notice = at("accepted")
    assert (notice.paper, notice.word, notice.sheet.date) == (
        PaperKind.ACCEPTED,
        "受",
        date(2026, 3, 4),
    )
    assert body(notice)[1] == (
        f"申请事项=食品经营许可｜办件编号={NUMBER}｜申请人=演示甲｜受理日期=2026年3月4日（周三）"
        "｜法定办结期限=20 个工作日，至2026年4月1日（周三）"
        "｜承诺办结期限=5 个工作日，至2026年3月11日（周三）"
    )
    assert notice.sheet.notes == (
        "经办：7 号综合窗口，工号 07。",
        "咨询电话 0990-0120000；演示路 1 号 7 号窗口。",
    )


def test_what_the_law_accepted_names_no_officer_and_says_it_is_automatic():
    notice = at("deemed")
    assert (notice.paper, notice.user) == (PaperKind.ACCEPTED, "")
    assert "2026年3月2日）起即为受理" in body(notice)[0]
    assert notice.sheet.notes[0] == "本文书由系统依法自动生成，无需经办人操作。"
    assert "工号" not in everything(notice)


def test_a_provisional_date_is_printed_as_one():
    event = replace(ACCEPTED, provisional=True)
    assert "（暂定：国务院尚未公布该年度放假安排）" in body(written((filed(),), event))[1]


def test_on_the_spot_has_no_date_to_wait_for():
    at_once = terms(promised_days=0)
    event = accepted(promised_due=date(2026, 3, 4))
    assert "承诺办结期限=当场办结" in body(written((filed(at_once),), event))[1]


def test_the_grant_names_the_letter_and_the_certificate_that_follows():
    notice = at("granted")
    assert (notice.paper, notice.word, notice.user) == (PaperKind.GRANTED, "准", CHIEF.person)
    assert notice.sheet.title == "准予行政许可决定书"
    assert (
        "《中华人民共和国食品安全法》第三十五条、《中华人民共和国行政许可法》第三十八条"
        in (body(notice)[0])
    )
    assert "“食品经营许可证”自作出决定之日起十日内" in body(notice)[-1]
    assert notice.sheet.notes[0] == (
        f"本决定由首席代表依据授权书 {MANDATE.letter_no} 以本机关名义作出，"
        "授权有效期至2026年3月31日。"
    )


def test_an_extension_says_both_dates_and_why():
    notice = at("extended")
    assert (notice.paper, notice.word, notice.sheet.title) == (
        PaperKind.EXTENDED,
        "延",
        "延期通知书",
    )
    assert "延长 10 个工作日" in body(notice)[0]
    assert body(notice)[1:4] == [
        f"申请事项=食品经营许可｜办件编号={NUMBER}｜申请人=演示甲"
        "｜原法定期限届满日=2026年4月1日（周三）｜延长后届满日=2026年4月16日（周四）",
        "延长期限的理由",
        "需要核实",
    ]


def test_a_special_procedure_says_which_why_and_for_how_long():
    notice = at("special")
    assert (notice.paper, notice.word, notice.sheet.title) == (
        PaperKind.SPECIAL,
        "特",
        "特别程序告知书",
    )
    assert "依据《中华人民共和国行政许可法》第四十五条，自2026年3月10日起" in body(notice)[0]
    assert body(notice)[1].endswith("｜特别程序=检测｜预计所需时间=5 个工作日")
    assert body(notice)[3] == "需要抽样检测"


def test_what_is_no_licence_is_not_called_one():
    service = replace(ITEM, licence=False)
    assert at("granted", item=service).sheet.title == "准予决定书"
    assert at("refused", item=service).sheet.title == "不予决定书"
    assert "行政许可" not in everything(at("granted", item=service))


def test_an_organisation_is_spoken_to_as_one():
    assert body(at("received", organisation=True))[0] == "今收到你单位提交的下列申请。"


def test_who_is_not_competent_says_who_is():
    assert "请向演示县市场监督管理局提出申请。" in body(at("not accepted"))
    assert not any("提出申请" in part for part in body(written((filed(),), LEFT)))


# ── Of every one ────────────────────────────────────────────────────────────


def test_every_event_that_ends_a_stage_asks_for_a_paper():
    silent = {
        cases.CaseWithdrawn,  # the applicant's own act
        cases.StepCompleted,  # within the house
        cases.SpecialEnded,  # the notice of its beginning said what follows
        cases.CaseRedated,
    }
    assert {*cases.EVENTS} - {*notices.HEARD} == silent


@EACH
def test_every_paper_names_organ_case_date_and_addressee(point):
    sheet = at(point).sheet
    assert (sheet.layout, sheet.organ, sheet.addressee) == (
        Layout.NOTICE,
        "演示市场监督管理局",
        "演示甲",
    )
    assert NUMBER in everything(at(point))
    assert sheet.date == POINTS[point][1].at.date()
    assert (sheet.number, sheet.code) == ("", "")  # given when it is ordered


@pytest.mark.parametrize("point", ["refused", "not accepted"])
def test_what_is_refused_has_its_reason_and_both_remedies(point):
    """行政许可法 art. 38: the reason, and the right to reconsideration and suit."""
    parts = body(at(point))
    reason = parts[parts.index("理由") + 1]
    assert reason == POINTS[point][1].reason
    assert "六十日内，依法向本机关的同级人民政府申请行政复议" in parts[-1]
    assert "六个月内，依法向有管辖权的人民法院提起行政诉讼" in parts[-1]


@pytest.mark.parametrize("point", ["received", "corrections", "accepted", "deemed", "granted"])
def test_what_is_no_refusal_speaks_of_no_suit(point):
    assert "行政诉讼" not in everything(at(point))


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_has_its_words(ground):
    event = replace(NOT_ACCEPTED, ground=ground)
    assert body(written((filed(),), event))[0].startswith("您提出的“食品经营许可”申请")


def test_what_was_erased_is_left_out_and_the_rest_stands():
    event = replace(NOTIFIED, shortfalls=ERASED)
    assert body(written((filed(),), event))[1] == ""


@given(st.text(min_size=1).filter(str.strip))
def test_whatever_the_reason_is_it_is_said_as_it_was_written(reason):
    event = replace(REFUSED, reason=Sealed(reason))
    assert reason in body(written(READY, event)) or reason == ERASED


@EACH
def test_what_is_composed_can_be_ordered(point):
    """The sheet goes through the record and comes back the same."""
    notice = at(point)
    order = papers.OrderPaper(
        paper=notice.paper,
        series="market/x/2026",
        serial=1,
        about=f"case/{NUMBER}",
        cause=7,
        batch="",
        organ=PARALLEL.department,
        item=PARALLEL.code,
        user=notice.user,
        owner=AGENT.agent,
        sheet=replace(notice.sheet, number="市受〔2026〕1号", code="0" * 16),
        at=POINTS[point][1].at,
    )
    [event] = papers.DECIDER.decide(papers.State(), order)
    assert (event.number, event.addressee) == ("市受〔2026〕1号", "演示甲")
