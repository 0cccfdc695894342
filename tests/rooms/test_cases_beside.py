"""Beside the main clock: what follows, what was promised, what was changed, what is delivered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.actions import beside
from mingtang.cases.models import CaseRow
from mingtang.cases.queries import PAPERS_READER
from mingtang.cases.reactions import REACTIONS
from mingtang.cases.views import showing
from mingtang.cases.views.clocks import clock_card
from mingtang.catalogue import queries as catalogue
from mingtang.config.wiring import SUBJECTS
from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.papers import PaperKind
from mingtang.core.people import Role
from mingtang.ledger import reactions
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from mingtang.papers.models import PaperRow
from mingtang.vault.models import DocumentRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, clerk, document, kept, officer, page, row, signed_in, upload
from tests.words import refused

pytestmark = pytest.mark.django_db
[ORDERING] = [reaction for reaction in REACTIONS if reaction.reader == PAPERS_READER]
PROMISE = "本单位承诺经营场所符合规定，不实愿承担法律责任。"
MATERIALS = COMPLETE.materials
ITEM = case_town.ITEM
ASKED = replace(
    COMPLETE,
    materials=(
        replace(MATERIALS[0], commitment=PROMISE),
        *MATERIALS[1:],
        replace(MATERIALS[0], key="m3", name="房屋证明", needed="deferrable"),
    ),
)
TUESDAY = MONDAY + timedelta(days=1)
DUE = date(2026, 3, 16)  # ten working days after Monday 2 March


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
    case_town.publish(ASKED, draft=2)
    reactions.begin(ORDERING)
    return built


def text_of(answer):
    return answer.content.decode()


def promised(town, promised=("m1",)):
    """A case that rests on a promise, granted on Monday."""
    applicant = cases.Applicant(
        kind="person", id=town.citizen, name="演示甲", id_number="E00000001", phone="19900000001"
    )
    number = actions.file_case(
        item=ITEM,
        applicant=applicant,
        answers={"s1": "no"},
        form={"premises": "演示路 1 号", "kind": "shop"},
        documents=[document(kept(town.citizen), "m3")],
        promised=promised,
        at=MONDAY,
    ).key
    actions.accept(number=number, officer=clerk(town), at=MONDAY)
    return number


def reviewed(town, number):
    steps = {
        "papers": officer(town.reviewer, "N-004", "market"),
        "site": officer(town.inspector, "N-005", "inspection"),
        "merge": officer(town.reviewer, "N-004", "market"),
    }
    for step, by in steps.items():
        actions.complete_step(
            number=number,
            step=step,
            finding=cases.Finding.MEETS,
            opinion="符合",
            officer=by,
            at=MONDAY,
        )


def granted(town, number, at=MONDAY):
    reviewed(town, number)
    chief = officer(town.chief, "N-006", "market")
    actions.decide(number=number, granted=True, reason="", officer=chief, at=at)
    return number


def hand_in(town, number, at=TUESDAY):
    return beside.hand_in_deferred(
        number=number,
        documents=[document(kept(town.citizen), "m3")],
        person=town.citizen,
        at=at,
    )


def change(town, number, at=TUESDAY, form=None):
    return beside.request_change(
        number=number,
        person=town.citizen,
        what="改为二层",
        documents=[],
        form=form,
        at=at,
    )


def rule(town, number, substantial=True, at=TUESDAY):
    return beside.rule_on_change(
        number=number,
        substantial=substantial,
        reason="场所不同",
        officer=officer(town.reviewer, "N-004", "market"),
        at=at,
    )


def check(town, number, held, at=TUESDAY):
    return beside.record_check(
        number=number,
        held=held,
        finding="实地看过",
        officer=officer(town.reviewer, "N-004", "market"),
        at=at,
    )


# ── Rows ────────────────────────────────────────────────────────────────────


def test_what_follows_is_awaited_until_it_is_there(town):
    number = case_town.accepted(town)
    assert (row(number).deferred, row(number).deferred_due) == (["m3"], DUE)
    assert [one.number for one in queries.awaited({"market"})] == [number]
    assert not queries.awaited({"education"})
    hand_in(town, number)
    assert (row(number).deferred, row(number).deferred_due) == ([], None)
    assert not queries.awaited(None)


def test_what_is_closed_is_awaited_no_more(town):
    number = case_town.accepted(town)
    actions.withdraw(number=number, person=town.citizen, reason="", at=TUESDAY)
    assert not queries.awaited(None)


def test_the_item_says_how_long_it_may_follow(town):
    case_town.publish(replace(ASKED, deferral_days=3), draft=3)
    assert row(case_town.accepted(town)).deferred_due == date(2026, 3, 5)


def test_it_is_not_granted_before(town):
    number = case_town.accepted(town)
    with refused("case.deferred-missing"):
        granted(town, number)
    assert row(number).stage == Stage.DECIDING


def test_a_false_promise_bars_only_whoever_made_it(town):
    number = granted(town, promised(town))
    assert row(number).check_due == date(2026, 5, 1)
    assert [one.number for one in queries.to_check({"market"})] == [number]
    check(town, number, held=False)
    assert (row(number).check_due, row(number).barred_until) == (None, date(2027, 3, 3))
    assert queries.barred_until("person", town.citizen) == date(2027, 3, 3)
    assert queries.barred_until("person", town.neighbour) is None
    with refused("case.commitment-barred"):
        promised(town)
    assert case_town.accepted(town)  # with the material itself


def test_a_promise_that_held_bars_nobody(town):
    check(town, granted(town, promised(town)), held=True)
    assert queries.barred_until("person", town.citizen) is None
    assert not queries.to_check(None)


def test_a_promise_is_refused_where_the_item_takes_none(town):
    with refused("case.commitment-not-allowed"):
        promised(town, ("m1", "m3"))


def test_a_change_in_substance_moves_the_rows_dates(town):
    number = case_town.accepted(town)
    change(town, number)
    assert row(number).change_date == TUESDAY.date()
    assert [one.number for one in queries.to_rule_on({"market"})] == [number]
    rule(town, number, at=MONDAY + timedelta(days=4))
    found = row(number)
    assert (found.change_date, found.restarts) == (None, ["2026-03-03"])
    assert (found.statutory_due, found.promised_due) == (date(2026, 3, 31), date(2026, 3, 10))
    card = clock_card(found, today=TUESDAY.date(), calendar=catalogue.calendar())
    starts = [one["why"] for one in card["days"] if one["kind"] == "start"]
    assert starts[0] == "当天不计，次日起算"
    assert "实质变更" in starts[1]
    assert "自2026-03-03（周二）起重新计算" in card["why"]


def test_a_change_that_is_none_moves_nothing(town):
    number = case_town.accepted(town)
    before = row(number).statutory_due
    change(town, number)
    rule(town, number, substantial=False)
    assert (row(number).change_date, row(number).restarts) == (None, [])
    assert row(number).statutory_due == before


def test_what_was_changed_is_what_is_read(town):
    number = case_town.accepted(town)
    change(town, number, form={"premises": "演示路 2 号", "kind": "shop"})
    case = queries.case_file(row(number))
    assert showing.filled(case) == {"premises": "演示路 2 号", "kind": "shop"}


def test_the_copies_agree_with_the_record(town):
    followed, waits, changed, ruled = (case_town.accepted(town) for _ in range(4))
    hand_in(town, followed)
    change(town, changed)
    change(town, ruled)
    rule(town, ruled)
    one, two = granted(town, promised(town)), granted(town, promised(town))
    check(town, one, held=True)
    check(town, two, held=False)
    actions.withdraw(number=waits, person=town.citizen, reason="", at=TUESDAY)
    assert [found for found in verify(SUBJECTS) if found.code.startswith("verify.row")] == []
    before = list(CaseRow.objects.order_by("pk").values())
    rebuild(SUBJECTS)
    assert list(CaseRow.objects.order_by("pk").values()) == before


# ── The pages of applicants ─────────────────────────────────────────────────


def begin(client, promise=True):
    client.post(case_town.step("situation"), {"s1": "no"})
    if promise:
        client.post(case_town.step("materials"), {"do": "promise", "material": "m1"})


def test_a_promise_is_made_read_and_taken_back_in_the_steps(town):
    client = signed_in(town.citizen)
    begin(client, promise=False)
    materials = case_town.step("materials")
    offered = text_of(client.get(materials))
    assert PROMISE in offered
    assert "受理后 10 个工作日内补交" in offered
    assert client.post(materials, {"do": "next"}).status_code == 422
    made = client.post(materials, {"do": "promise", "material": "m1"})
    assert made.url == f"{materials}#m-m1"
    assert "已承诺" in text_of(client.get(materials))
    assert client.post(materials, {"do": "next"}).status_code == 302
    client.post(materials, {"do": "retract", "material": "m1"})
    assert client.post(materials, {"do": "next"}).status_code == 422
    assert client.post(materials, {"do": "promise", "material": "m3"}).status_code == 404


def test_a_promise_is_filed_with_what_was_shown(town):
    client = signed_in(town.citizen)
    begin(client)
    client.post(case_town.step("materials"), {"do": "next"})
    client.post(case_town.step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    confirm = text_of(client.get(case_town.step("confirm")))
    assert PROMISE in confirm
    assert "容缺：承诺受理后 10 个工作日内补交" in confirm
    client.post(case_town.step("confirm"), {"once_key": ONCE})
    number = CaseRow.objects.get().number
    [event] = [one.event for one in history(f"case/{number}")]
    assert event.commitments == cases.committed(ASKED.materials, ["m1"])
    assert event.deferrable == ("m3",)
    assert "以承诺代替" in text_of(client.get(page("progress", number)))


def test_a_file_takes_the_place_of_a_promise(town):
    client = signed_in(town.citizen)
    begin(client)
    client.post(case_town.step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    client.post(case_town.step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    client.post(case_town.step("confirm"), {"once_key": ONCE})
    assert row(CaseRow.objects.get().number).commitments == []


def test_whose_promise_was_false_is_told_before_they_make_another(town):
    check(town, granted(town, promised(town)), held=False)
    client = signed_in(town.citizen)
    begin(client)
    shown = text_of(client.get(case_town.step("materials")))
    assert "2027-03-03（周三）以前不能以承诺代替这份材料" in shown
    client.post(case_town.step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    answer = client.post(case_town.step("confirm"), {"once_key": ONCE})
    assert answer.status_code == 422
    assert "缺少材料：申请书" in text_of(answer)


def test_the_applicant_hands_in_what_was_missing(town):
    number = case_town.accepted(town)
    client = signed_in(town.citizen)
    progress = text_of(client.get(page("progress", number)))
    assert page("follow", number) in progress
    assert "房屋证明" in progress
    assert client.get(page("follow", number)).status_code == 200
    nothing = client.post(page("follow", number), {"once_key": ONCE, "do": "send"})
    assert nothing.status_code == 409
    assert "没有看到补交的文件" in text_of(nothing)
    sent = {"once_key": "once-key-once-key-2", "do": "send", "file-m3": upload("房屋证明.pdf")}
    assert client.post(page("follow", number), sent).url == page("progress", number)
    assert row(number).deferred_due is None
    assert page("follow", number) not in text_of(client.get(page("progress", number)))
    assert client.get(page("follow", number)).url == page("progress", number)


def test_what_cannot_be_taken_in_is_said_and_kept_apart(town):
    number = case_town.accepted(town)
    client = signed_in(town.citizen)
    wrong = {"once_key": ONCE, "do": "send", "file-m3": upload("a.exe", b"MZ")}
    answer = client.post(page("follow", number), wrong)
    assert answer.status_code == 422
    assert row(number).deferred == ["m3"]
    kept_back = {"once_key": ONCE, "do": "keep", "file-m3": upload()}
    assert "已收下" in text_of(client.post(page("follow", number), kept_back))
    client.post(page("follow", number), {"once_key": "once-key-once-key-3", "do": "send"})
    assert row(number).deferred == []


def test_a_clerk_takes_in_what_somebody_brought(town):
    number = case_town.accepted(town)
    client = signed_in(town.clerk)
    shown = text_of(client.get(page("beside")))
    assert page("follow", number) in shown
    sent = {"once_key": ONCE, "do": "send", "file-m3": upload("房屋证明.pdf")}
    assert client.post(page("follow", number), sent).url == page("beside")
    event = history(f"case/{number}")[-1].event
    assert event.taken_by == clerk(town)
    assert DocumentRow.objects.get(pk=event.documents[0].id).owner == town.citizen


def test_nobody_else_hands_in_anything(town):
    number = case_town.accepted(town)
    for someone in (town.neighbour, town.reviewer, town.stranger):
        assert signed_in(someone).get(page("follow", number)).status_code == 404
        assert signed_in(someone).get(page("change", number)).status_code == 404
    assert signed_in(town.citizen).get(page("follow", "MT-0000-0000")).status_code == 404


def test_past_its_date_it_is_red_everywhere(town, now):
    number = case_town.accepted(town)
    now(MONDAY + timedelta(days=15))  # Tuesday the 17th, the day after
    assert "已过补交期限" in text_of(signed_in(town.citizen).get(page("follow", number)))
    [line] = signed_in(town.clerk).get(page("beside")).context["lines"]
    assert (line["lamp"], line["lamp_word"]) == ("bad", "已过期 1 个工作日")
    tasks = signed_in(town.reviewer).get(page("tasks")).context["lines"]
    assert [one["awaits"] for one in tasks] == [("bad", "容缺逾期")]
    task = text_of(signed_in(town.reviewer).get(page("task", number, "papers")))
    assert "补齐以前不能准予" in task


def test_on_its_last_day_it_is_not_red(town, now):
    case_town.accepted(town)
    now(MONDAY + timedelta(days=14))
    [line] = signed_in(town.clerk).get(page("beside")).context["lines"]
    assert (line["lamp"], line["lamp_word"]) == ("warn", "今天到期")


def test_the_applicant_changes_the_application_and_the_department_rules(town, now):
    number = case_town.accepted(town)
    client = signed_in(town.citizen)
    assert page("change", number) in text_of(client.get(page("progress", number)))
    assert client.get(page("change", number)).status_code == 200
    typed = {"form-premises": "演示路 2 号", "form-kind": "shop", "once_key": ONCE}
    assert client.post(page("change", number), typed).status_code == 422
    now(TUESDAY)
    client = signed_in(town.citizen)  # sessions end with the day
    sent = client.post(page("change", number), {**typed, "what": "换了地方"})
    assert sent.url == page("progress", number)
    assert "变更待认定" in text_of(client.get(page("progress", number)))
    assert client.get(page("change", number)).url == page("progress", number)
    reviewer = signed_in(town.reviewer)
    listed = reviewer.get(page("beside"), {"tab": "change"})
    assert page("dates", number) in text_of(listed)
    assert "换了地方" in text_of(reviewer.get(page("dates", number)))
    assert reviewer.post(page("rule-on-change", number), {"once_key": ONCE}).status_code == 422
    ruling = {"once_key": ONCE, "substantial": "yes", "ruling_reason": "场所不同"}
    assert reviewer.post(page("rule-on-change", number), ruling).url == page("dates", number)
    assert row(number).restarts == ["2026-03-03"]
    assert "重新计算" in text_of(client.get(page("progress", number)))
    again = reviewer.post(page("rule-on-change", number), {**ruling, "once_key": ONCE + "2"})
    assert again.status_code == 409


def test_only_the_department_rules(town):
    number = case_town.accepted(town)
    change(town, number)
    ruling = {"once_key": ONCE, "substantial": "yes", "ruling_reason": "x"}
    for someone in (town.inspector, town.stranger):
        answer = signed_in(someone).post(page("rule-on-change", number), ruling)
        assert answer.status_code == 404
    assert "由承办部门认定" in text_of(signed_in(town.manager).get(page("dates", number)))


# ── The pages of officers ───────────────────────────────────────────────────


def test_a_promise_is_looked_into(town):
    number = granted(town, promised(town))
    reviewer = signed_in(town.reviewer)
    listed = reviewer.get(page("beside"), {"tab": "check"})
    assert page("check", number) in text_of(listed)
    assert page("check", number) in text_of(reviewer.get(page("progress", number)))
    assert PROMISE in text_of(reviewer.get(page("check", number)))
    assert reviewer.post(page("check", number), {"once_key": ONCE}).status_code == 422
    found = {"once_key": ONCE, "held": "no", "finding": "与实际不符"}
    assert reviewer.post(page("check", number), found).url == page("progress", number)
    assert row(number).barred_until == date(2027, 3, 2)
    citizen = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "核查承诺：不实" in citizen
    assert reviewer.get(page("check", number)).url == page("progress", number)


def test_a_promise_is_nobody_elses_to_look_into(town):
    number = granted(town, promised(town))
    for someone in (town.inspector, town.stranger):
        assert signed_in(someone).get(page("check", number)).status_code == 404
    assert signed_in(town.clerk).get(page("check", number)).status_code == 403


def test_each_sees_the_lists_that_are_theirs(town):
    def tabs(someone):
        return [one["key"] for one in signed_in(someone).get(page("beside")).context["tabs"]]

    assert tabs(town.clerk) == ["follow", "deliver"]
    assert tabs(town.reviewer) == ["follow", "change", "hearing", "check", "deliver"]
    assert tabs(town.overseer) == ["follow", "change", "hearing", "check", "deliver"]
    assert signed_in(town.citizen).get(page("beside")).status_code == 403


def test_a_list_counts_what_it_shows_and_masks_who_it_is_about(town):
    case_town.accepted(town)
    shown = signed_in(town.overseer).get(page("beside"))
    assert shown.context["tabs"][0]["count"] == len(shown.context["lines"]) == 1
    assert shown.context["lines"][0]["applicant"] == "演**"
    assert shown.context["lines"][0]["act"] is None
    assert shown.context["lines"][0]["url"] == page("progress", CaseRow.objects.get().number)
    other = signed_in(town.stranger).get(page("beside"))
    assert other.context["lines"] == []


def test_the_desk_says_what_may_follow_and_what_is_promised(town):
    number = case_town.filed(town)
    desk = text_of(signed_in(town.clerk).get(page("desk-case", number)))
    assert "没有交，可容缺受理" in desk
    assert "容缺受理" in desk


def test_the_public_guide_says_what_may_follow_and_what_may_be_promised(town, client):
    guide = text_of(client.get(reverse("portal:guide", args=[ITEM])))
    for shown in ("可容缺", "受理后 10 个工作日内补交", "决定后 60 日内核查", PROMISE):
        assert shown in guide


def test_two_officers_write_down_what_they_saw_on_site(town):
    case_town.official(11, Role.REVIEWER, "inspection")
    number = case_town.accepted(town)
    inspector = signed_in(town.inspector)
    assert page("site-check", number) in text_of(inspector.get(page("task", number, "site")))
    form = inspector.get(page("site-check", number)).context["form"]
    [(colleague, label)] = form.fields["others"].choices
    assert label == "演示11 N-011"
    seen = {
        "once_key": ONCE,
        "others": [colleague],
        "checked_date": "2026-03-02",
        "place": "演示路 1 号",
        "seen": "与平面图一致",
    }
    alone = inspector.post(page("site-check", number), {**seen, "others": []})
    assert alone.status_code == 422
    early = inspector.post(page("site-check", number), {**seen, "checked_date": "2026-03-01"})
    assert early.status_code == 409
    done = inspector.post(page("site-check", number), {**seen, "once_key": ONCE + "2"})
    assert done.url == page("progress", number)
    event = history(f"case/{number}")[-1].event
    assert [one.person for one in (event.officer, *event.others)] == [town.inspector, colleague]
    assert "与平面图一致" in text_of(signed_in(town.citizen).get(page("progress", number)))
    assert signed_in(town.stranger).get(page("site-check", number)).status_code == 404
    assert signed_in(town.clerk).get(page("site-check", number)).status_code == 403


# ── Delivery ────────────────────────────────────────────────────────────────


def test_what_was_decided_is_to_be_delivered_within_ten_working_days(town, now):
    number = granted(town, promised(town))
    assert not queries.to_deliver(None)  # no paper is ordered yet
    reactions.run(ORDERING)
    assert [one.number for one in queries.to_deliver({"market"})] == [number]
    assert not queries.to_deliver({"education"})
    [line] = signed_in(town.clerk).get(page("beside"), {"tab": "deliver"}).context["lines"]
    assert (line["due"], line["lamp"]) == (date(2026, 3, 16), "good")
    assert "送达期限" in text_of(signed_in(town.citizen).get(page("progress", number)))
    now(MONDAY + timedelta(days=15))
    [line] = signed_in(town.clerk).get(page("beside"), {"tab": "deliver"}).context["lines"]
    assert (line["lamp"], line["lamp_word"]) == ("bad", "已过期 1 个工作日")


def test_served_it_is_on_no_list_any_more(town, log_home):
    number = granted(town, promised(town))
    reactions.run(ORDERING)
    about = PaperRow.objects.filter(about=f"case/{number}", paper=PaperKind.GRANTED)
    about.update(served_at=MONDAY)
    assert not queries.to_deliver(None)
    assert "送达期限" not in text_of(signed_in(town.citizen).get(page("progress", number)))


def test_only_the_first_certificate_of_a_case_is_to_be_delivered(town):
    number = granted(town, promised(town))
    reactions.run(ORDERING)
    notice = PaperRow.objects.get(about=f"case/{number}", paper=PaperKind.GRANTED)
    PaperRow.objects.filter(pk=notice.pk).update(served_at=MONDAY)
    for version, expected in ((2, []), (1, [number])):
        licence = PaperRow.objects.get(pk=notice.pk)
        licence.pk, licence.paper = f"{number}-L{version}", PaperKind.LICENCE
        licence.about, licence.served_at = f"licence/{number}", None
        licence.code, licence.serial = f"code-{version}", 100 + version
        licence.save(force_insert=True)
        assert [one.number for one in queries.to_deliver(None)] == expected


def test_a_list_leads_only_where_its_reader_may_go(town):
    number = case_town.accepted(town)
    other = case_town.official(12, Role.WINDOW_CLERK, "centre", office="window-7")
    for someone, expected in (
        (town.reviewer, page("progress", number)),
        (town.clerk, page("progress", number)),  # who accepted it
        (other, ""),
    ):
        client = signed_in(someone)
        [line] = client.get(page("beside")).context["lines"]
        assert line["url"] == expected
        found = client.get(page("progress", number)).status_code
        assert found == (200 if expected else 404)
