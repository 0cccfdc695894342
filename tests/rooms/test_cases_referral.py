"""Referrals in the rows and on pages: sent above, taken in, answered, and who may see what."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.actions import referral
from mingtang.cases.models import LegRow
from mingtang.config.wiring import SUBJECTS
from mingtang.core.cases import Answer
from mingtang.core.catalogue import Referral
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from mingtang.vault.models import DocumentRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import item
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, PDF, officer, page, row, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db
ABOVE = Referral(body="演示部", days=5, basis="演示法 第十条")
STOPS = Referral(body="演示部", days=5, basis="演示法 第十条", standstill_basis="演示法 第十一条")
TUESDAY = MONDAY + timedelta(days=1)
NEXT_TUESDAY = MONDAY + timedelta(days=8)  # the last of the body's five days
NEXT_WEDNESDAY = MONDAY + timedelta(days=9)
REFER = {"once_key": ONCE, "named": "演示部", "referral_reason": "依法由上级审查"}
HAND_OVER = {
    "once_key": ONCE,
    "leg1-receipt_no": "收〔2026〕3号",
    "leg1-received_by": "演示丙",
    "leg1-received_date": "2026-03-03",
}
ANSWER = {
    "once_key": ONCE,
    "leg1-answer": "granted",
    "leg1-answer_no": "演示部函〔2026〕9号",
    "leg1-answer_date": "2026-03-09",
    "leg1-arrived_date": "2026-03-10",
}


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
    case_town.publish(item(referred_to=(ABOVE,)), draft=2)
    return built


def text_of(answer):
    return answer.content.decode()


def leg_row(number):
    return LegRow.objects.get(case=number)


def reviewer(town):
    return officer(town.reviewer, "N-004", "market")


def papers(number):
    return tuple(document.id for document in queries.case_file(row(number)).state.documents)


def refer(town, number, *, at=TUESDAY, **changed):
    given = {
        "body": "演示部",
        "days": 0,
        "basis": "",
        "reason": "依法由上级审查",
        "documents": papers(number),
    } | changed
    return referral.refer(number=number, officer=reviewer(town), at=at, **given)


def hand_over(town, number, *, at=TUESDAY):
    return referral.hand_over(
        number=number,
        leg=1,
        receipt_no="收〔2026〕3号",
        received_by="演示丙",
        received_date=date(2026, 3, 3),
        officer=reviewer(town),
        at=at,
    )


def answer(town, number, *, at=NEXT_TUESDAY, said=Answer.GRANTED):
    kept = case_town.kept("", name="答复.pdf", at=at)
    return referral.answer(
        number=number,
        leg=1,
        answer=said,
        answer_no="演示部函〔2026〕9号",
        answer_date=date(2026, 3, 9),
        received_date=date(2026, 3, 10),
        document=case_town.document(kept, ""),
        officer=reviewer(town),
        at=at,
    )


def away(town, **changed):
    """Return the number of a case that lies with the body since Tuesday."""
    number = case_town.accepted(town, **changed)
    refer(town, number)
    hand_over(town, number)
    return number


# ── What is done, and the rows ──────────────────────────────────────────────


def test_a_case_is_sent_handed_over_and_answered(town):
    number = case_town.accepted(town)
    refer(town, number)
    found = leg_row(number)
    assert (found.pk, found.body, found.days, found.department) == (
        f"{number}.1",
        "演示部",
        5,
        "market",
    )
    assert (found.ordered_date, found.handed_date) == (date(2026, 3, 3), None)
    hand_over(town, number)
    assert leg_row(number).handed_date == date(2026, 3, 3)
    answer(town, number)
    found = leg_row(number)
    assert (found.answer, found.answer_no, found.answer_date, found.closed_date) == (
        "granted",
        "演示部函〔2026〕9号",
        date(2026, 3, 9),
        date(2026, 3, 10),
    )
    assert row(number).special == ""


def test_it_is_urged_and_recalled(town):
    number = away(town)
    referral.urge(
        number=number, leg=1, message="电话催办", officer=reviewer(town), at=NEXT_WEDNESDAY
    )
    assert leg_row(number).urged == 1
    referral.recall(
        number=number, leg=1, reason="报送有误", officer=reviewer(town), at=NEXT_WEDNESDAY
    )
    assert (leg_row(number).closed_date, leg_row(number).answer) == (date(2026, 3, 11), "")


def test_time_reminds_once_near_and_once_over(town):
    number = away(town)
    assert referral.remind(at=MONDAY + timedelta(days=4)) == 0
    assert [referral.remind(at=NEXT_TUESDAY) for _ in "ab"] == [1, 0]
    assert leg_row(number).reminded == "near"
    assert [referral.remind(at=NEXT_WEDNESDAY) for _ in "ab"] == [1, 0]
    assert leg_row(number).reminded == "over"
    kinds = [written.event.kind for written in history(f"case/{number}")]
    assert kinds.count("case.leg-reminded.v1") == 2


def test_a_leg_that_stops_the_clock_moves_both_dates(town):
    case_town.publish(item(referred_to=(STOPS,)), draft=3)
    number = away(town)
    assert (row(number).special, row(number).paused_since) == ("referral", date(2026, 3, 3))
    before = row(number).statutory_due, row(number).promised_due
    answer(town, number)
    found = row(number)
    assert before == (date(2026, 3, 30), date(2026, 3, 9))
    # Five worked days lay between: 3, 4, 5, 6 and 9 March.
    assert (found.special, found.statutory_due, found.promised_due) == (
        "",
        date(2026, 4, 7),
        date(2026, 3, 16),
    )


def test_who_withdraws_leaves_no_leg_open(town):
    number = away(town)
    actions.withdraw(number=number, person=town.citizen, reason="", at=NEXT_TUESDAY)
    assert leg_row(number).closed_date == date(2026, 3, 10)
    assert list(queries.open_legs(None)) == []


def test_the_decision_waits_for_the_answer_and_cites_it(town):
    number = case_town.reviewed(town)
    chief = officer(town.chief, "N-006", "market")
    decide = {"number": number, "granted": True, "reason": "", "officer": chief}
    with refused("case.referral-missing"):
        actions.decide(**decide, at=TUESDAY)
    refer(town, number)
    hand_over(town, number)
    with refused("case.leg-open"):
        actions.decide(**decide, at=TUESDAY)
    answer(town, number)
    actions.decide(**decide, at=NEXT_TUESDAY, cites=(1,))
    assert row(number).stage == "granted"


def test_the_rows_come_from_the_log_alone_and_the_letter_is_checked_against_it(town):
    number = away(town)
    answer(town, number)
    before = LegRow.objects.values().get()
    rebuild(SUBJECTS)
    assert LegRow.objects.values().get() == before
    assert [found for found in verify(SUBJECTS) if found.code.startswith("verify.row")] == []
    letters = [one.id for one in queries.documents_recorded() if one.material == ""]
    assert letters == [queries.letter_of(number, 1).id]


# ── Pages ───────────────────────────────────────────────────────────────────


def test_a_referral_goes_its_way_on_the_page(town, now):
    number = case_town.accepted(town)
    now(TUESDAY)
    browser = signed_in(town.reviewer)
    shown = text_of(browser.get(page("case-legs", number)))
    assert "准予之前须报送演示部；本机关最迟 2026-03-30 审查完毕并报送" in shown
    given = {**REFER, "documents": papers(number)}
    assert browser.post(page("refer", number), given).status_code == 302
    assert browser.post(page("leg-hand-over", number, 1), HAND_OVER).status_code == 302
    now(NEXT_TUESDAY)
    browser = signed_in(town.reviewer)
    letter = SimpleUploadedFile("答复.pdf", PDF)
    answered = browser.post(page("leg-answer", number, 1), {**ANSWER, "leg1-document": letter})
    assert answered.status_code == 302
    shown = text_of(browser.get(page("case-legs", number)))
    for said in ("收〔2026〕3号", "演示丙", "演示部函〔2026〕9号", "按期答复", "申请书"):
        assert said in shown
    opened = browser.get(page("leg-letter", number, 1))
    assert b"".join(opened.streaming_content) == PDF


def test_urging_and_recalling_on_the_page(town, now):
    number = away(town)
    now(TUESDAY)
    browser = signed_in(town.reviewer)
    assert page("leg-urge", number, 1) not in text_of(browser.get(page("case-legs", number)))
    now(NEXT_WEDNESDAY)
    browser = signed_in(town.reviewer)
    assert page("leg-urge", number, 1) in text_of(browser.get(page("case-legs", number)))
    urged = {"once_key": ONCE, "leg1-message": "电话催办"}
    assert browser.post(page("leg-urge", number, 1), urged).status_code == 302
    assert "电话催办" in text_of(browser.get(page("case-legs", number)))
    recalled = {"once_key": ONCE, "leg1-recall_reason": "报送有误"}
    assert browser.post(page("leg-recall", number, 1), recalled).status_code == 302
    assert leg_row(number).closed_date == date(2026, 3, 11)


def test_what_was_typed_stays_and_an_unrecorded_letter_does_not(town, now):
    number = away(town)
    now(NEXT_TUESDAY)
    browser = signed_in(town.reviewer)
    wrong = {**ANSWER, "leg1-arrived_date": "2026-03-20"}
    letter = SimpleUploadedFile("答复.pdf", PDF)
    files = DocumentRow.objects.count()
    answered = browser.post(page("leg-answer", number, 1), {**wrong, "leg1-document": letter})
    assert answered.status_code == 409
    assert "日期应在 2026-03-03 与 2026-03-10 之间。" in text_of(answered)
    assert "演示部函〔2026〕9号" in text_of(answered)
    assert DocumentRow.objects.count() == files
    empty = browser.post(page("leg-answer", number, 1), {"once_key": ONCE})
    assert empty.status_code == 422


def test_another_body_needs_days_and_a_basis(town, now):
    number = case_town.accepted(town)
    now(TUESDAY)
    browser = signed_in(town.reviewer)
    other = {**REFER, "named": "", "body": "演示局", "documents": papers(number)}
    assert browser.post(page("refer", number), other).status_code == 422
    other |= {"days": "7", "basis": "演示条例 第五条"}
    assert browser.post(page("refer", number), other).status_code == 302
    assert (leg_row(number).body, leg_row(number).days) == ("演示局", 7)


def test_only_officers_of_the_department_send_it(town, now):
    number = case_town.accepted(town)
    given = {**REFER, "documents": papers(number)}
    for someone in (town.stranger, town.inspector):
        browser = signed_in(someone)
        assert browser.get(page("case-legs", number)).status_code == 404
        assert browser.post(page("refer", number), given).status_code == 404
    for someone in (town.clerk, town.citizen):
        assert signed_in(someone).get(page("case-legs", number)).status_code == 403
    waiting = case_town.filed(town)
    assert signed_in(town.reviewer).get(page("case-legs", waiting)).status_code == 404


def test_the_list_says_who_is_late(town, now):
    number = away(town)
    now(NEXT_WEDNESDAY)
    for someone in (town.reviewer, town.manager, town.overseer):
        shown = text_of(signed_in(someone).get(page("legs")))
        assert number in shown
        assert "对方已逾期" in shown
        assert "对方逾期 1 件" in shown
    assert number not in text_of(signed_in(town.stranger).get(page("legs")))
    answer(town, number, at=NEXT_WEDNESDAY)
    browser = signed_in(town.reviewer)
    assert number not in text_of(browser.get(page("legs")))
    assert number in text_of(browser.get(page("legs") + "?tab=done"))


def test_the_applicant_sees_where_it_lies_and_not_the_letter(town, now):
    number = away(town)
    now(NEXT_TUESDAY)
    answer(town, number)
    browser = signed_in(town.citizen)
    shown = text_of(browser.get(page("progress", number)))
    for said in ("演示部", "2026-03-10", "按期答复", "演示部函〔2026〕9号"):
        assert said in shown
    assert "演示丙" not in shown
    assert browser.get(page("leg-letter", number, 1)).status_code == 404
    letter = queries.letter_of(number, 1).id
    assert browser.get(page("document", number, letter)).status_code == 404


def test_whoever_decides_sees_that_it_is_away_and_then_what_may_be_cited(town, now):
    number = case_town.reviewed(town)
    refer(town, number)
    hand_over(town, number)
    now(NEXT_TUESDAY)
    browser = signed_in(town.chief)
    task = page("task", number, "decision")
    shown = text_of(browser.get(task))
    assert "这件已报送演示部，登记答复或者撤回以后才能作出决定。" in shown
    assert "转报中" in shown
    assert page("task-decide", number) not in shown
    answer(town, number)
    shown = text_of(browser.get(task))
    assert "演示部 演示部函〔2026〕9号 同意" in shown
    decided = {"once_key": ONCE, "granted": "yes", "cites": "1"}
    assert browser.post(page("task-decide", number), decided).status_code == 302
    assert row(number).stage == "granted"
    event = history(f"case/{number}")[-1].event
    assert event.cites == (1,)
    assert "引用演示部的答复 演示部函〔2026〕9号" in text_of(browser.get(page("progress", number)))


def test_a_clock_that_stands_still_for_a_leg_says_so(town, now):
    case_town.publish(item(referred_to=(STOPS,)), draft=3)
    number = away(town)
    now(NEXT_TUESDAY)
    browser = signed_in(town.reviewer)
    shown = text_of(browser.get(page("dates", number)))
    assert "转报自2026-03-03（周二）起进行" in shown
    assert page("end-special", number) not in shown
    answer(town, number)
    shown = text_of(browser.get(page("progress", number)))
    assert "转报，不计" in shown
