"""What each notice says: its words, whose they are, and what none of them may leave out."""

from dataclasses import replace
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import cases, notices, papers
from mingtang.core.cases import Ground
from mingtang.core.catalogue import FirstReview
from mingtang.core.notices import BY_ITSELF, Facts, Letterhead, Remedies, Wording
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Layout, texts
from mingtang.core.wire import ERASED, Sealed
from tests.core import joint_examples
from tests.core.case_examples import (
    ACCEPTED,
    AGENT,
    CHIEF,
    CLERK,
    CORRECTED,
    GRANTED,
    MANDATE,
    NOT_ACCEPTED,
    NOTIFIED,
    PARALLEL,
    REVIEWED,
    REVIEWER,
    accepted,
    after,
    day,
    deemed,
    filed,
    terms,
)
from tests.core.hearing_examples import (
    ASKED,
    HEARD,
    REVIEWED_CASE,
    SCHEDULED,
    TO_BE_HELD,
    WINDOW,
    notified,
)
from tests.core.hearing_examples import told as told_of
from tests.core.notice_examples import jointly_extended
from tests.core.test_cases_change import CHANGED, RESTARTED
from tests.core.test_cases_contracted import BEGUN as CONTRACTED
from tests.core.test_cases_referral import ANSWERED, AWAY
from tests.core.test_cases_special import BEGUN, EXTENDED

NUMBER = "MT-7K2P-9QXD"
HEAD = Letterhead(
    organ="演示市场监督管理局",
    phone="0990-0120000",
    address="演示路 1 号 7 号窗口",
    office="7 号综合窗口",
    officer_name="演示乙",
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
    "contracted": ((filed(), ACCEPTED), CONTRACTED),
    "restarted": (CHANGED, RESTARTED),
    "right to a hearing": (REVIEWED_CASE, told_of(0)),
    "hearing": ((*REVIEWED_CASE, *WINDOW, ASKED, SCHEDULED), notified(0)),
    "granted": (READY, GRANTED),
    "refused": (READY, REFUSED),
}
EACH = pytest.mark.parametrize("point", POINTS)


def written(history, event, *, item=ITEM, organisation=False, head=HEAD, particulars=()):
    wording = Wording(
        number=NUMBER,
        case=after(*history, event),
        addressee="演示甲",
        organisation=organisation,
        letterhead=head,
        item=item,
        particulars=particulars,
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

MATTER = f"申请事项=食品经营许可｜办件编号={NUMBER}"
LAW = "《中华人民共和国行政许可法》"
REMEDIES = (
    "如不服本决定，您可以自收到本决定书之日起六十日内，依法向本机关的本级人民政府申请行政复议；"
    "也可以自收到本决定书之日起六个月内，依法向有管辖权的人民法院提起行政诉讼。"
)
CONTACT = "咨询电话 0990-0120000；演示路 1 号 7 号窗口。"
TRACKING = "凭办件编号和申请时所留电话号码的后四位，可以在网上查询办理进度。"
EXCLUDED = (
    f"依据{LAW}第四十五条，依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，"
    "所需时间不计算在上述期限内，本机关另行书面告知。"
)


def told(notice):
    """Return kind, register and title; whose hand sets the seal; body; small print."""
    sheet = notice.sheet
    return (notice.paper, notice.word, sheet.title), notice.user, body(notice), sheet.notes


def test_the_receipt_lists_what_came_in_and_says_when_silence_accepts():
    assert told(at("received")) == (
        (PaperKind.RECEIVED, "收", "收件回执"),
        "",
        [
            "今收到您提出的下列申请：",
            f"{MATTER}｜收件=2026年3月2日9时00分，网上提交｜最迟答复日=2026年3月9日（周一）",
            "收到的材料（2 项，2 个文件）",
            "平面图=1 个文件｜申请书=1 个文件",
            f"依据{LAW}第三十二条，本机关最迟在上列答复日告知是否受理，"
            "或者一次性告知需要补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理。"
            "受理后，法定 20 个工作日、承诺 5 个工作日内办结。本回执不代表申请已被受理。",
        ],
        ("本文书由系统依法自动生成，未经人工处理。", TRACKING, CONTACT),
    )


def test_a_receipt_of_corrections_lists_those_and_promises_no_second_round():
    assert body(at("corrected")) == [
        "今收到您对下列申请提交的补正材料：",
        f"{MATTER}｜收件=2026年3月20日9时00分，提交补正｜最迟答复日=2026年3月27日（周五）",
        "收到的材料（1 项，1 个文件）",
        "平面图=1 个文件",
        f"依据{LAW}第三十二条，本机关最迟在上列答复日告知是否受理；"
        "逾期不告知的，自收到补正材料之日起即为受理。"
        "受理后，法定 20 个工作日、承诺 5 个工作日内办结。本回执不代表申请已被受理。",
    ]


def test_a_receipt_at_the_window_says_who_took_it_in():
    notice = written((), replace(filed(), channel="window", taken_by=CLERK))
    assert notice.sheet.notes == ("经办：7 号综合窗口，工号 07。", TRACKING, CONTACT)
    assert "，窗口提交｜" in body(notice)[1]


def test_a_receipt_is_timed_by_the_clock_in_china():
    elsewhere = filed().at.astimezone(UTC)
    assert "收件=2026年3月2日9时00分" in body(written((), replace(filed(), at=elsewhere)))[1]


def test_corrections_are_told_once_and_all_of_them():
    assert told(at("corrections")) == (
        (PaperKind.CORRECTIONS, "补", "材料补正一次性告知书"),
        "",
        [
            "您提出的下列申请，材料不齐全或者不符合法定形式。"
            f"依据{LAW}第三十二条第一款第四项，现将需要补正的全部内容一次告知如下。",
            MATTER,
            "需要补正的全部内容（共 1 项）",
            "平面图=没有标注面积",
            "以上是需要补正的全部内容，请一并补正后在网上“我的办件”中或者到窗口提交。"
            "本机关在收到补正材料之日起五个工作日内告知是否受理；逾期不告知的，"
            "自收到补正材料之日起即为受理。办理期限自受理之日起计算。",
        ],
        ("经办：7 号综合窗口，工号 07。", CONTACT),
    )


def test_the_acceptance_says_both_limits_and_what_is_not_counted():
    notice = at("accepted")
    assert notice.sheet.date == date(2026, 3, 4)
    assert told(notice) == (
        (PaperKind.ACCEPTED, "受", "受理通知书"),
        "",
        [
            "您提出的下列申请，材料齐全、符合法定形式。"
            f"依据{LAW}第三十二条第一款第五项，本机关自2026年3月4日起予以受理。",
            f"{MATTER}｜受理日期=2026年3月4日（周三）"
            "｜法定办结期限=20 个工作日，至2026年4月1日（周三）"
            "｜承诺办结期限=5 个工作日，至2026年3月11日（周三）",
            EXCLUDED,
        ],
        ("经办：7 号综合窗口，工号 07。", CONTACT),
    )


FIRST_REVIEWED = replace(PARALLEL, first_review=FirstReview(organ="county", basis="演示条例"))
ABOVE = "演示省局"


def below(event):
    """Return the paper of an act of the lower organ (初审)."""
    wording = Wording(
        number=NUMBER,
        case=after(filed(FIRST_REVIEWED), *([event] if event else [])),
        letterhead=replace(HEAD, organ="演示县局"),
        addressee="演示甲",
        organisation=False,
        item=ITEM,
        decider=ABOVE,
    )
    return body(notices.notice(wording, event or filed(FIRST_REVIEWED)))


def test_of_a_first_review_the_papers_say_who_reviews_who_decides_and_both_terms():
    taken = replace(accepted(), promised_due=date(2026, 4, 1))
    lines = below(taken)
    assert lines[1] == (
        f"{MATTER}｜受理日期=2026年3月4日（周三）"
        "｜初审期限=20 个工作日，至2026年4月1日（周三）"
        f"｜决定机关={ABOVE}｜决定期限=自报送之日起 20 个工作日"
        "｜承诺决定期限=自报送之日起 5 个工作日"
    )
    assert lines[2] == (
        f"依据{LAW}第三十五条、第四十三条，本机关先行审查，并在上述初审期限内将初步审查意见和全部"
        f"申请材料直接报送{ABOVE}，由其作出决定。您不需要重复提供申请材料。"
    )
    assert below(None)[-1].endswith(
        f"受理后，本机关 20 个工作日内初审并报送{ABOVE}；自报送之日起，法定 20 个工作日、"
        "承诺 5 个工作日内作出决定。本回执不代表申请已被受理。"
    )


def test_what_the_law_accepted_names_no_officer_and_says_it_is_automatic():
    assert told(at("deemed")) == (
        (PaperKind.ACCEPTED, "受", "受理通知书"),
        "",
        [
            "对您提出的下列申请，本机关在收到申请材料之日起五个工作日内没有告知是否受理，"
            f"也没有告知需要补正的内容。依据{LAW}第三十二条第一款第四项，"
            "自收到申请材料之日（2026年3月2日）起即为受理。",
            f"{MATTER}｜受理日期=2026年3月2日（周一）"
            "｜法定办结期限=20 个工作日，至2026年3月30日（周一）"
            "｜承诺办结期限=5 个工作日，至2026年3月9日（周一）",
            EXCLUDED,
        ],
        ("本文书由系统依法自动生成，未经人工处理。", CONTACT),
    )


def test_what_the_law_accepted_after_corrections_counts_from_those():
    notice = written((filed(), NOTIFIED, CORRECTED), deemed(at=day(3, 28)))
    assert body(notice)[0].startswith("对您提出的下列申请，本机关在收到补正材料之日起")


def test_a_provisional_date_is_printed_as_one():
    known, guessed = (
        body(written((filed(),), replace(ACCEPTED, provisional=maybe))) for maybe in (False, True)
    )
    assert guessed[1] == known[1].replace("周三）｜承", "周三）（暂定）｜承") + "（暂定）"
    assert guessed[2].startswith("国务院尚未公布该年度放假安排，标明“暂定”的日期")
    assert (len(known), len(guessed)) == (3, 4)


def test_on_the_spot_has_no_date_to_wait_for():
    at_once = filed(terms(promised_days=0))
    event = accepted(promised_due=date(2026, 3, 4))
    assert "承诺办结期限=当场办结" in body(written((at_once,), event))[1]
    assert "本事项材料齐全、符合规定的，当场办结。" in body(written((), at_once))[-1]
    granted = body(written((at_once, event), GRANTED))
    assert granted[-1].startswith("“食品经营许可证”当场颁发、送达；")


def test_who_is_not_competent_says_who_is():
    assert told(at("not accepted")) == (
        (PaperKind.NOT_ACCEPTED, "不受", "不予受理决定书"),
        "",
        [
            "您提出的下列申请，经审核，申请事项依法不属于本机关职权范围。"
            f"依据{LAW}第三十二条第一款第二项，本机关决定不予受理。",
            MATTER,
            "理由",
            "由县级机关办理",
            "请向演示县市场监督管理局提出申请。",
            REMEDIES,
        ],
        ("经办：7 号综合窗口，工号 07。", CONTACT),
    )
    left = body(written((filed(),), LEFT))
    assert not any("提出申请" in part for part in left)


def test_the_grant_names_who_decided_under_which_letter_and_what_follows():
    assert told(at("granted")) == (
        (PaperKind.GRANTED, "准", "准予行政许可决定书"),
        CHIEF.person,
        [
            "您提出的下列申请，经审查，符合法定条件、标准。"
            f"依据《中华人民共和国食品安全法》第三十五条、{LAW}第三十八条第一款，"
            "本机关决定准予行政许可。",
            MATTER,
            "本机关自本决定作出之日起十个工作日内向您颁发、送达“食品经营许可证”。",
        ],
        (
            "本决定由演示市场监督管理局的首席代表演示乙（工号 01）以本机关名义作出。"
            f"依据授权书 {MANDATE.letter_no}，有效期至2026年3月31日。",
            CONTACT,
        ),
    )


def test_a_grant_may_say_more():
    event = replace(GRANTED, reason=Sealed("限经营预包装食品"))
    assert body(written(READY, event))[2:4] == ["说明", "限经营预包装食品"]


def test_a_decision_names_the_answers_it_rests_on():
    event = replace(GRANTED, cites=(1,), at=day(3, 13))
    said = body(written((*READY, *AWAY, ANSWERED), event))
    assert "演示部 演示部函〔2026〕9号（2026年3月11日）" in str(said)
    assert "演示部函" not in str(body(written((*READY, *AWAY, ANSWERED), replace(event, cites=()))))


def test_a_refusal_says_why_and_where_to_turn():
    kind, user, parts, notes = told(at("refused"))
    assert (user, notes) == (CHIEF.person, at("granted").sheet.notes)
    assert kind == (PaperKind.REFUSED, "不准", "不予行政许可决定书")
    assert parts == [
        "您提出的下列申请，经审查，不符合法定条件、标准。"
        f"依据《中华人民共和国食品安全法》第三十五条、{LAW}第三十八条第二款，"
        "本机关决定不予行政许可。",
        MATTER,
        "理由",
        "场所不符合规定",
        REMEDIES,
    ]


def test_an_extension_says_both_dates_and_why():
    assert told(at("extended")) == (
        (PaperKind.EXTENDED, "延", "延期通知书"),
        EXTENDED.approver.person,
        [
            "您提出的下列申请，在法定期限内不能作出决定。"
            f"依据{LAW}第四十二条第一款，经本机关负责人批准，办理期限延长 10 个工作日。",
            f"{MATTER}｜原法定届满日=2026年4月1日（周三）｜延长后届满日=2026年4月16日（周四）",
            "延长期限的理由",
            "需要核实",
        ],
        (
            f"经本机关负责人批准：7 号综合窗口，工号 {EXTENDED.approver.staff_no}。",
            CONTACT,
        ),
    )


def test_a_special_procedure_says_which_why_and_for_how_long():
    assert told(at("special")) == (
        (PaperKind.SPECIAL, "特", "特别程序告知书"),
        BEGUN.officer.person,
        [
            f"办理您提出的下列申请，依法需要进行检测。依据{LAW}第四十五条，"
            "自2026年3月10日起至检测结束，所需时间不计算在办理期限内。",
            f"{MATTER}｜特别程序=检测｜预计所需时间=5 个工作日",
            "事由",
            "需要抽样检测",
            "检测结束后继续计算期限，新的届满日可以在办理进度中查看。",
        ],
        (f"经办：7 号综合窗口，工号 {BEGUN.officer.staff_no}。", CONTACT),
    )


def test_a_contracted_service_is_told_with_the_body_and_its_days():
    told_now = told(at("contracted"))
    assert told_now[0] == (PaperKind.SPECIAL, "特", "特别程序告知书")
    assert f"{MATTER}｜特别程序=检验｜中介机构=演示机构A｜合同约定时间=5 个工作日" in told_now[2]


def test_what_begins_anew_says_since_when_both_dates_and_why():
    assert told(at("restarted")) == (
        (PaperKind.RESTARTED, "重", "期限重新起算告知书"),
        RESTARTED.officer.person,
        [
            "您于2026年3月9日提出变更下列申请的内容。经审查，这是对申请内容的实质变更，"
            f"依据{LAW}第四十二条第一款，办理期限自2026年3月9日起重新计算。",
            f"{MATTER}｜原法定届满日=2026年4月1日（周三）"
            "｜重新计算后的法定届满日=2026年4月7日（周二）"
            "｜重新计算后的承诺届满日=2026年3月16日（周一）",
            "理由",
            "场所不同，须重新核查",
        ],
        (f"经办：7 号综合窗口，工号 {RESTARTED.officer.staff_no}。", CONTACT),
    )


def test_who_may_ask_for_a_hearing_is_told_why_until_when_and_that_it_costs_nothing():
    assert told(at("right to a hearing")) == (
        (PaperKind.HEARING_RIGHT, "听告", "听证告知书"),
        REVIEWER.person,
        [
            "您提出的下列申请，直接涉及申请人与他人之间的重大利益关系。"
            f"依据{LAW}第四十七条，在作出决定前，您享有要求听证的权利。",
            MATTER,
            "涉及的重大利益",
            "排烟口正对相邻住户，直接关系其重大利益",
            "您要求听证的，应当自收到本告知书之日起五个工作日内提出：登录后在办件页面提出，"
            "或者向本机关书面提出。逾期没有提出的，本机关依法作出决定。"
            "提出听证申请的，本机关在二十个工作日内组织听证，您不承担组织听证的费用。",
        ],
        (f"经办：7 号综合窗口，工号 {REVIEWER.staff_no}。", CONTACT),
    )


def test_the_notice_of_a_hearing_says_when_where_and_who_chairs_it():
    assert told(at("hearing"))[2] == [
        f"您提出的下列申请，依据{LAW}第四十七条，本机关决定举行听证，现将时间、地点通知如下：",
        f"{MATTER}｜听证时间=2026年3月25日9时00分｜听证地点=演示路 1 号 3 楼会议室"
        "｜听证主持人=演示乙（工号 45）｜举行方式=公开举行",
        "审查该申请的工作人员将在听证中提供审查意见的证据、理由，"
        "您可以提出证据，并进行申辩和质证。",
        "您认为主持人与该申请有直接利害关系的，有权申请其回避，请在听证开始前提出。",
        "听证制作笔录，交您确认无误后签字或者盖章；本机关根据听证笔录作出决定。"
        "您不承担组织听证的费用。",
    ]


def test_to_whoever_did_not_apply_it_says_that_somebody_did():
    history = (*REVIEWED_CASE, told_of(0))
    parts = body(written(history, told_of(1, "演示邻居", "P-zhao")))
    assert parts[0].startswith("申请人提出的下列申请")


def test_a_hearing_put_off_or_in_private_says_why():
    off = replace(
        SCHEDULED, reason=Sealed("场地检修"), private_reason=Sealed("涉及商业秘密"), public=False
    )
    parts = body(written((*TO_BE_HELD, off), notified(1)))
    assert parts[2:6] == ["改期的理由", "场地检修", "不公开举行的理由", "涉及商业秘密"]
    assert "举行方式=不公开举行" in parts[1]


@pytest.mark.parametrize("granted", [True, False], ids=["granted", "refused"])
def test_a_decision_names_the_record_it_is_taken_on(granted):
    decided = replace(GRANTED, granted=granted, reason=Sealed("场所不符"), hearings=(1,))
    parts = body(written(HEARD, decided))
    assert parts[1] == f"{MATTER}｜依据的听证笔录=2026年3月25日听证笔录"


def test_an_acceptance_without_all_materials_says_which_follow_and_until_when():
    follows = replace(ACCEPTED, deferred=("m1", "m9"), deferred_due=date(2026, 3, 18))
    parts = body(written((filed(),), follows))
    place = parts.index("容缺受理")
    assert parts[place + 1] == (
        "下列材料尚未提交，按照您的承诺，须在2026年3月18日（周三）前（含当日）补交：平面图、m9。"
        "补齐以前不作出准予的决定；逾期没有补齐的，本机关可以据此作出不予许可的决定。"
        "补交期间不停止计算办理期限。"
    )


def test_what_is_no_licence_is_not_called_one_and_follows_the_law_by_analogy():
    service = replace(ITEM, licence=False)
    granted, refused = at("granted", item=service), at("refused", item=service)
    assert (granted.sheet.title, refused.sheet.title) == ("准予决定书", "不予决定书")
    assert "行政许可" not in everything(granted)
    assert body(refused)[0].endswith(
        "不符合规定的条件、标准。依据《中华人民共和国食品安全法》第三十五条，本机关决定不予办理。"
    )
    assert f"参照{LAW}第三十二条第一款第五项" in body(at("accepted", item=service))[0]


def test_an_organisation_is_spoken_to_as_one():
    assert body(at("received", organisation=True))[0] == "今收到你单位提出的下列申请："


def test_the_remedies_name_whom_the_caller_names():
    named = Remedies(reconsideration="明州省人民政府", court="云岭市中级人民法院")
    last = body(at("refused", head=replace(HEAD, remedies=named)))[-1]
    assert "依法向明州省人民政府申请行政复议" in last
    assert "依法向云岭市中级人民法院提起行政诉讼" in last
    itself = body(at("refused", head=replace(HEAD, remedies=BY_ITSELF)))[-1]
    assert "依法向本机关申请行政复议" in itself


@EACH
def test_a_row_of_a_batch_says_which_one_it_is(point):
    row = "B-7K2P-9QXD 第 3 行，姓名：演示丙"
    parts = body(at(point, particulars=(("批量申请", row),)))
    assert any(part.startswith(f"{MATTER}｜批量申请={row}") for part in parts)


# ── Of a joint case ─────────────────────────────────────────────────────────


def test_a_joint_case_is_extended_in_the_leads_name_with_the_governments_approval():
    notice = jointly_extended(addressee="演示甲", organisation=False, letterhead=HEAD)
    assert told(notice) == (
        (PaperKind.EXTENDED, "延", "延期通知书"),
        "",  # whoever of the lead asked for it uses the seal: their action says so
        [
            "您一次提出的下列申请，由几个部门联合办理，在法定期限内不能全部办结。"
            f"依据{LAW}第四十二条第二款，经本级人民政府负责人批准，联办期限延长 15 个工作日。",
            "申请事项=开办餐馆｜联办编号=J-7K2P-9QXD｜分项=食品经营许可、店招设置、消防安全检查｜"
            "原法定届满日=2026年5月11日（周一）｜延长后届满日=2026年6月1日（周一）",
            "延长期限的理由",
            "需要多部门联合勘验",
            "各部门仍按各自的期限办理自己的分项。",
        ],
        ("经本级人民政府负责人批准：7 号综合窗口，工号 G1。", CONTACT),
    )
    assert notices.kind_of(joint_examples.EXTENDED) is PaperKind.EXTENDED
    assert notices.officer_of(joint_examples.EXTENDED) == joint_examples.GOVERNOR


def test_a_joint_day_in_a_year_not_announced_is_marked():
    event = replace(joint_examples.EXTENDED, provisional=True)
    state = joint_examples.after(*joint_examples.ASKED_FOR, event)
    said = body(jointly_extended(joint=state, addressee="演示甲"))
    assert "延长后届满日=2026年6月1日（周一）（暂定）" in said[1]
    assert "国务院尚未公布" in said[2]


def test_while_a_branch_stands_still_no_last_day_is_promised():
    noted = joint_examples.joint.JointPauseNoted(
        pauses=(cases.Pausing("testing", date(2026, 3, 10), None, 5),),
        due_before=joint_examples.ACCEPTED.due,
        due=joint_examples.ACCEPTED.due,
        provisional=False,
        calendar="",
        at=day(3, 10),
    )
    asked, event = joint_examples.ASKED_FOR, joint_examples.EXTENDED
    said = body(jointly_extended(joint=joint_examples.after(*asked, noted, event)))
    assert said[1].endswith("延长后届满日=有分项在进行特别程序，所需时间不计算在内，结束后另行计算")


# ── Of every one ────────────────────────────────────────────────────────────


def test_every_event_that_ends_a_stage_asks_for_a_paper():
    silent = {
        cases.CaseWithdrawn,  # the applicant's own act
        cases.StepCompleted,  # within the house
        cases.CaseHandedUp,  # among the organs: the acceptance said to whom it goes
        cases.ActProven,  # the decision it stands before is told
        cases.SpecialEnded,  # the notice of its beginning said what follows
        cases.CaseRedated,
        # With a body outside the system, and within the house: the progress page tells of both.
        cases.CaseReferred,
        cases.LegHandedOver,
        cases.LegReminded,
        cases.LegUrged,
        cases.LegAnswered,
        cases.LegRecalled,
        cases.OpinionAsked,
        cases.OpinionGiven,
        cases.OpinionDeclined,
        cases.OpinionForgone,
        cases.ContractedCounted,  # nothing moved
        cases.ContractedEnded,  # as with a special procedure
        cases.DeferredReceived,  # what was to follow: the notice of acceptance said which
        cases.ChangeRequested,  # the applicant's own act
        cases.ChangeNoted,  # no date moves
        cases.CommitmentsChecked,
        cases.SiteChecked,
        cases.MaterialsShared,  # the applicant's page says what need not be handed in
        # Among colleagues: no date moves, and the progress page shows where the case stands.
        cases.TaskClaimed,
        cases.TaskGivenBack,
        cases.TaskReassigned,
        cases.TaskTakenOver,
        cases.CaseCopied,
        cases.StepHeld,
        cases.SignersAsked,
        cases.TaskSigned,
        cases.SignerDropped,
        cases.CaseReturned,
        cases.TasksReminded,
        # Of a hearing each party has the notice of its right, and of the day; what it does itself,
        # and what becomes of it, the case's page shows.
        cases.HearingAnnounced,
        cases.HearingPartyNamed,
        cases.HearingRightReached,
        cases.HearingAsked,
        cases.HearingForgone,
        cases.HearingWithdrawn,
        cases.HearingScheduled,
        cases.ChairChallenged,
        cases.ChallengeRuled,
        cases.ChairChanged,
        cases.HearingHeld,
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


@EACH
def test_every_paper_says_what_it_will_be_before_it_is_written(point):
    assert notices.kind_of(POINTS[point][1]) == at(point).paper


@EACH
def test_every_paper_says_who_acted_or_that_nobody_did(point):
    officer = notices.officer_of(POINTS[point][1])
    who = f"工号 {officer.staff_no}" if officer else "由系统依法自动生成"
    assert who in at(point).sheet.notes[0]
    assert (point in ("received", "corrected", "deemed", "contracted")) == (officer is None)


@pytest.mark.parametrize("point", ["refused", "not accepted"])
def test_what_is_refused_has_its_reason_and_both_remedies(point):
    """行政许可法 art. 38: the reason, and the right to reconsideration and suit."""
    parts = body(at(point))
    assert parts[parts.index("理由") + 1] == POINTS[point][1].reason
    assert parts[-1] == REMEDIES


@pytest.mark.parametrize("point", ["received", "corrections", "accepted", "deemed", "granted"])
def test_what_is_no_refusal_speaks_of_no_suit(point):
    assert "行政诉讼" not in everything(at(point))


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_has_its_words(ground):
    event = replace(NOT_ACCEPTED, ground=ground)
    assert body(written((filed(),), event))[0].startswith("您提出的下列申请，经审核，")


def test_what_was_erased_is_left_out_and_the_rest_stands():
    event = replace(NOTIFIED, shortfalls=ERASED)
    assert body(written((filed(),), event))[2:4] == ["需要补正的全部内容（共 1 项）", ""]


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
