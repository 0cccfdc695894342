"""What an applicant sees and does; and what everybody else does not see."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.views import words
from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.ledger import sequencer
from mingtang.ledger.replay import history
from mingtang.vault import actions as vault
from mingtang.vault.models import DocumentRow
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, PDF, page, row, signed_in, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town():
    return case_town.build()


def text_of(answer):
    return answer.content.decode()


# ── Mine ────────────────────────────────────────────────────────────────────


def test_my_cases_stand_under_their_tabs_with_counts_of_what_is_listed(town):
    waiting, open_case = case_town.notified(town), case_town.filed(town)
    actions.withdraw(number=case_town.filed(town), person=town.citizen, reason="", at=MONDAY)
    client = signed_in(town.citizen)
    shown = text_of(client.get(page("mine")))
    assert waiting in shown
    assert open_case not in shown
    assert open_case in text_of(client.get(page("mine") + "?tab=open"))
    context = client.get(page("mine") + "?tab=closed").context
    assert [entry["count"] for entry in context["tabs"]] == [1, 1, 1, 0]
    assert len(context["lines"]) == 1


def test_nobody_sees_anothers_cases_and_an_account_of_nobody_sees_none(town):
    number = case_town.filed(town)
    assert number not in text_of(signed_in(town.neighbour).get(page("mine") + "?tab=open"))
    nobody = signed_in("")
    assert number not in text_of(nobody.get(page("mine") + "?tab=open"))
    assert nobody.get(page("progress", number)).status_code == 404


# ── Progress ────────────────────────────────────────────────────────────────


def test_progress_shows_the_items_own_steps_the_clock_and_every_event(town):
    number = case_town.accepted(town)
    client = signed_in(town.citizen)
    answer = client.get(page("progress", number))
    names = [(step["name"], step["state"]) for step in answer.context["steps"]]
    assert names == [
        ("申请", "done"),
        ("受理", "done"),
        ("书面审查", "now"),
        ("现场核查", "now"),
        ("汇总", "next"),
        ("决定", "next"),
        ("办结", "next"),
    ]
    clock = answer.context["clock"]
    assert (clock["statutory_days"], clock["limit_days"], clock["used_days"]) == (20, 5, 0)
    assert clock["due_date"].isoformat() == "2026-03-09"
    assert [day["number"] for day in clock["days"] if day["counts"]] == [1, 2, 3, 4, 5]
    shown = text_of(answer)
    for written in history(f"case/{number}"):
        assert f"№ {written.index}" in shown
        assert page("receipt", number, written.index) in shown


@pytest.mark.parametrize(
    ("make", "states"),
    [
        (case_town.filed, ["done", "now", "next", "next", "next", "next", "next"]),
        (case_town.notified, ["done", "paused", "next", "next", "next", "next", "next", "next"]),
        (case_town.reviewed, ["done", "done", "done", "done", "done", "now", "next"]),
    ],
)
def test_the_step_line_follows_the_case(town, make, states):
    number = make(town)
    answer = signed_in(town.citizen).get(page("progress", number))
    assert [step["state"] for step in answer.context["steps"]] == states


def test_a_case_that_ended_early_passes_the_rest_by(town):
    number = case_town.filed(town)
    actions.withdraw(number=number, person=town.citizen, reason="改期", at=MONDAY)
    answer = signed_in(town.citizen).get(page("progress", number))
    steps = answer.context["steps"]
    assert (steps[-1]["name"], steps[-1]["state"]) == ("已撤回", "done")
    assert {step["state"] for step in steps[1:-1]} == {"skipped"}
    assert answer.context["clock"] is None
    assert "改期" in text_of(answer)


def test_a_case_accepted_by_law_says_so(town, monkeypatch):
    number = case_town.filed(town)
    later = MONDAY + timedelta(days=8)
    actions.deem_accepted(at=later)
    monkeypatch.setattr(timezone, "now", lambda: later)
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "视为受理" in shown
    assert "依法自收到申请的 2026-03-02（周一）起视为受理" in shown
    assert "已超承诺时限" in shown or "临近承诺时限" in shown


def test_a_date_in_a_year_nobody_announced_is_marked(town, monkeypatch):
    december = MONDAY.replace(month=12, day=29)
    monkeypatch.setattr(timezone, "now", lambda: december)
    number = case_town.filed(town, at=december)
    assert "暂定" in text_of(signed_in(town.citizen).get(page("progress", number)))


# ── Who sees what ───────────────────────────────────────────────────────────


def test_progress_is_for_those_it_concerns(town):
    number = case_town.accepted(town)
    seen = {
        who: signed_in(getattr(town, who)).get(page("progress", number)).status_code
        for who in ("citizen", "reviewer", "inspector", "clerk", "manager", "overseer")
    }
    assert set(seen.values()) == {200}
    for who in ("neighbour", "stranger", "administrator"):
        client = signed_in(getattr(town, who))
        assert client.get(page("progress", number)).status_code == 404
        assert client.post(page("withdraw", number), {"once_key": ONCE}).status_code == 404
        assert client.post(page("correct", number), {"once_key": ONCE}).status_code == 404
        assert client.get(page("filed", number)).status_code == 404
        index = queries.case_file(row(number)).history[0].index
        assert client.get(page("receipt", number, index)).status_code == 404


def test_those_who_oversee_see_progress_but_no_names_and_no_papers(town):
    number = case_town.accepted(town)
    shown = text_of(signed_in(town.overseer).get(page("progress", number)))
    assert "演示甲" not in shown
    assert "E00000001" not in shown
    assert "材料.pdf" not in shown
    assert "演示路 1 号" not in shown
    assert "演**" in shown


def test_a_manager_oversees_the_own_department_only(town):
    number = case_town.filed(town)
    other = case_town.official(20, case_town.Role.DEPARTMENT_MANAGER, "education")
    assert signed_in(town.manager).get(page("progress", number)).status_code == 200
    assert signed_in(other).get(page("progress", number)).status_code == 404
    assert number in text_of(signed_in(town.manager).get(page("all")))
    assert number not in text_of(signed_in(other).get(page("all")))
    assert number in text_of(signed_in(town.overseer).get(page("all")))


@pytest.mark.parametrize("who", ["citizen", "clerk", "reviewer", "chief", "administrator"])
def test_the_list_of_all_cases_needs_its_power(town, who):
    assert signed_in(getattr(town, who)).get(page("all")).status_code == 403


def test_all_cases_are_filtered_by_stage_lamp_department_and_number(town, monkeypatch):
    waiting, under_way = case_town.filed(town), case_town.accepted(town)
    client = signed_in(town.overseer)

    def numbers(query):
        return {line["number"] for line in client.get(f"{page('all')}?{query}").context["lines"]}

    assert numbers("stage=filed") == {waiting}
    assert numbers("stage=nonsense&lamp=nonsense") == {waiting, under_way}
    assert numbers("department=education") == set()
    assert numbers(f"q={waiting.lower().replace('-', '')}") == {waiting}
    assert numbers("lamp=over") == set()
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=7))
    client = signed_in(town.overseer)
    assert numbers("lamp=near") == {under_way}
    assert numbers("lamp=answer") == {waiting}
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=8))
    client = signed_in(town.overseer)
    assert numbers("lamp=over") == {under_way}


# ── Tracking ────────────────────────────────────────────────────────────────


def track(client, number, tail):
    return client.post(page("track"), {"number": number, "tail": tail})


def test_number_and_phone_tail_open_the_masked_progress(town, client):
    number = case_town.filed(town)
    answer = track(client, number.lower().replace("-", " "), "0001")
    assert answer.url == page("progress", number)
    shown = text_of(client.get(answer.url))
    assert number in shown
    assert "演示甲" not in shown
    assert "撤回申请</button>" not in shown


def test_a_wrong_tail_and_an_unknown_number_get_the_same_answer(town, client):
    number = case_town.filed(town)
    wrong = text_of(track(client, number, "9999"))
    unknown = text_of(track(client, "MT-0000-0000", "9999"))
    plain = [text.split('<form method="post" novalidate')[1] for text in (wrong, unknown)]
    assert plain[0].count("没有查到") == plain[1].count("没有查到") == 1
    assert client.get(page("progress", number)).url == f"{page('track')}?number={number}"
    other = client.get(page("progress", "MT-0000-0000"))
    assert other.url == f"{page('track')}?number=MT-0000-0000"


def test_guessing_is_slowed_down(town, client):
    number = case_town.filed(town)
    for guess in range(8):
        assert track(client, number, f"{guess:04d}" if guess != 1 else "7777").status_code == 422
    assert track(client, number, "0001").status_code == 429


@pytest.mark.parametrize(("number", "tail"), [("", ""), ("MT-1", "0001"), ("x" * 500, "ab")])
def test_what_cannot_be_a_number_is_said_in_place(client, number, tail):
    answer = track(client, number, tail)
    assert answer.status_code == 422


# ── Corrections ─────────────────────────────────────────────────────────────


def correction(**changes):
    return {
        "once_key": ONCE,
        "do": "send",
        "file-m1": upload("已签字.pdf", PDF + b" signed"),
        "form-premises": "演示路 1 号 2 楼",
        "form-kind": "shop",
        **changes,
    }


def test_corrections_are_handed_in_where_they_are_asked_for(town):
    number = case_town.notified(town)
    client = signed_in(town.citizen)
    shown = text_of(client.get(page("progress", number)))
    assert "没有签字" in shown
    assert "地址不详" in shown
    answer = client.post(page("correct", number), correction())
    assert answer.url == page("progress", number)
    assert row(number).stage == Stage.FILED
    event = history(f"case/{number}")[-1].event
    assert json.loads(event.form)["fields"]["premises"] == "演示路 1 号 2 楼"
    assert [d.material for d in event.documents] == ["m1"]
    again = client.post(page("correct", number), correction())
    assert again.status_code == 302
    assert len(history(f"case/{number}")) == 3


def test_an_unfinished_correction_is_kept_until_it_is_complete(town):
    number = case_town.notified(town)
    client = signed_in(town.citizen)
    answer = client.post(page("correct", number), correction(do="keep"))
    assert answer.status_code == 200
    assert row(number).stage == Stage.CORRECTING
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "已签字.pdf" in shown
    assert "演示路 1 号 2 楼" in shown
    sent = correction()
    del sent["file-m1"]
    assert client.post(page("correct", number), sent).status_code == 302
    assert [d.material for d in history(f"case/{number}")[-1].event.documents] == ["m1"]


def test_a_wrong_file_or_answer_is_said_and_the_rest_is_kept(town):
    number = case_town.notified(town)
    client = signed_in(town.citizen)
    bad = correction(**{"file-m1": upload("空.pdf", b""), "form-kind": "moon"})
    answer = client.post(page("correct", number), bad)
    assert answer.status_code == 422
    assert "空.pdf" in text_of(answer)
    assert "演示路 1 号 2 楼" in text_of(answer)
    assert row(number).stage == Stage.CORRECTING


def test_nobody_corrects_what_is_not_theirs(town):
    number = case_town.notified(town)
    answer = signed_in(town.clerk).post(page("correct", number), correction())
    assert answer.status_code == 409
    assert row(number).stage == Stage.CORRECTING


# ── Withdrawal ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [case_town.filed, case_town.notified, case_town.reviewed])
def test_an_applicant_withdraws_at_any_stage_before_the_decision(town, make):
    number = make(town)
    client = signed_in(town.citizen)
    answer = client.post(page("withdraw", number), {"once_key": ONCE, "reason": "改期"})
    assert answer.url == page("progress", number)
    assert row(number).stage == Stage.WITHDRAWN
    assert not queries.TaskRow.objects.filter(case=number, done_at=None).exists()
    assert client.post(page("withdraw", number), {"once_key": ONCE}).status_code == 302
    answer = client.post(page("withdraw", number), {"once_key": "another-key-another"})
    assert answer.status_code == 409
    assert "已经办结" in text_of(answer)


# ── Receipts ────────────────────────────────────────────────────────────────


def test_a_receipt_waits_for_a_checkpoint_and_then_opens_only_ones_own_fields(town):
    number = case_town.reviewed(town)
    entries = history(f"case/{number}")
    filed, step = entries[0].index, entries[2].index
    citizen, overseer = signed_in(town.citizen), signed_in(town.overseer)
    early = citizen.get(page("receipt", number, filed))
    assert (early.status_code, early.headers["Refresh"]) == (202, "2")
    assert "一两秒后可下载" in text_of(early)

    sequencer.advance(at=MONDAY)
    mine = citizen.get(page("receipt", number, filed))
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert "演示甲" in text_of(mine)
    theirs = overseer.get(page("receipt", number, filed))
    assert json.loads(text_of(theirs))["disclosures"] == []
    opinion = json.loads(text_of(citizen.get(page("receipt", number, step))))
    assert opinion["disclosures"] == []


def test_a_receipt_of_another_case_is_not_found_under_this_one(town):
    first, second = case_town.filed(town), case_town.filed(town, town.neighbour)
    other = history(f"case/{second}")[0].index
    assert signed_in(town.citizen).get(page("receipt", first, other)).status_code == 404


# ── Documents ───────────────────────────────────────────────────────────────


def fetch(someone, url):
    """Return the status of a file's address, the file read to its end."""
    answer = signed_in(someone).get(url)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


def document_of(number):
    return history(f"case/{number}")[0].event.documents[0].id


def test_a_document_is_for_its_applicant_and_whoever_handles_the_case(town):
    number = case_town.accepted(town)
    url = page("document", number, document_of(number))
    assert fetch(town.citizen, url) == fetch(town.reviewer, url) == 200
    for who in ("neighbour", "stranger", "administrator", "manager", "overseer"):
        assert fetch(getattr(town, who), url) == 404
    assert fetch(town.citizen, page("document", number, "f" * 26)) == 404


def test_the_window_reads_documents_only_while_or_because_it_handles_the_case(town):
    elsewhere = case_town.official(21, case_town.Role.WINDOW_CLERK, "centre")
    waiting, taken = case_town.filed(town), case_town.accepted(town)
    assert fetch(elsewhere, page("document", waiting, document_of(waiting))) == 200
    assert fetch(elsewhere, page("document", taken, document_of(taken))) == 404
    assert fetch(town.clerk, page("document", taken, document_of(taken))) == 200


def test_a_document_of_another_case_is_not_served_under_this_one(town):
    first, second = case_town.filed(town), case_town.filed(town, town.neighbour)
    url = page("document", first, document_of(second))
    assert signed_in(town.citizen).get(url).status_code == 404


def test_a_document_is_never_run(town):
    number = case_town.filed(town)
    answer = signed_in(town.citizen).get(page("document", number, document_of(number)))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == PDF


def test_what_a_browser_cannot_show_safely_is_only_downloaded(town):
    held = vault.keep_document(
        owner=town.citizen, name="表.docx", chunks=[b"PK\x03\x04 word/document"], at=MONDAY
    )
    answer = signed_in(town.citizen).get(page("own-document", held.id))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert fetch(town.neighbour, page("own-document", held.id)) == 404


def test_an_erased_document_is_gone(town):
    number = case_town.filed(town)
    vault.erase_document(id=document_of(number), at=MONDAY)
    client = signed_in(town.citizen)
    assert client.get(page("document", number, document_of(number))).status_code == 404
    assert "文件（已删除）" in text_of(client.get(page("progress", number)))
    assert DocumentRow.objects.get(pk=document_of(number)).name == ""


def test_pages_that_need_a_person_ask_them_to_sign_in(town, client):
    number = case_town.filed(town)
    for url in (page("mine"), page("desk"), page("tasks"), page("all")):
        assert client.get(url).url.startswith(reverse("account_login"))
    assert client.get(page("document", number, document_of(number))).status_code == 302


def test_every_finding_and_ground_has_a_sentence():
    assert set(words.GROUNDS) == set(cases.Ground)
    assert set(words.STAGES) == set(Stage) - {Stage.NONE}
