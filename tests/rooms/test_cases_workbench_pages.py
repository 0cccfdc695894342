"""The workbench and the acts of colleagues as pages: who finds what, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.actions import teamwork
from mingtang.cases.models import CopyRow, DelegationRow, TaskRow
from mingtang.core.cases import DECISION, Need, Stage, When
from mingtang.core.people import Role
from mingtang.people import actions as people
from mingtang.people.actions import Post
from mingtang.vault import actions as vault
from mingtang.vault.queries import path_of
from tests.core.case_examples import MONDAY
from tests.rooms import case_town, package_words, pdf_words
from tests.rooms.case_town import ONCE, officer, official, page, row, signed_in

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def town(log_home, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)
    return case_town.build()


@pytest.fixture
def second(town):
    return official(11, Role.REVIEWER, "market")


def text_of(answer):
    return answer.content.decode()


def act(client, number, key, name, **typed):
    return client.post(page("team-act", number, key, name), {"once_key": ONCE, **typed})


def reviewer(town):
    return officer(town.reviewer, "N-004", "market")


# ── The workbench ───────────────────────────────────────────────────────────


def test_everybody_finds_their_lists_on_one_page(town):
    number = case_town.accepted(town)
    answer = signed_in(town.reviewer).get(page("workbench"))
    assert [tab["count"] for tab in answer.context["tabs"]] == [1, 0, 0, 0]
    assert number in text_of(answer)
    overseen = signed_in(town.manager).get(page("workbench"))
    assert [tab["key"] for tab in overseen.context["tabs"]][-1] == "supervised"
    assert overseen.context["tab"] == "supervised"


def test_a_case_to_be_accepted_leads_to_the_desk_and_a_step_to_its_task(town):
    number = case_town.filed(town)
    [line] = signed_in(town.clerk).get(page("workbench")).context["lines"]
    assert line["url"] == page("desk-case", number)
    other = case_town.accepted(town)
    [line] = signed_in(town.reviewer).get(page("workbench")).context["lines"]
    assert line["url"] == page("task", other, "papers")


def test_pages_are_turned_and_a_search_is_kept(town, monkeypatch):
    monkeypatch.setattr("mingtang.cases.views.workbench.SIZE", 2)
    numbers = sorted(case_town.accepted(town) for _ in range(3))
    client = signed_in(town.reviewer)
    first = client.get(page("workbench"), {"q": "演示甲"})
    assert [line["number"] for line in first.context["lines"]] == numbers[:2]
    later = client.get(page("workbench") + first.context["later"])
    assert [line["number"] for line in later.context["lines"]] == numbers[2:]
    assert later.context["q"] == "演示甲"
    back = client.get(page("workbench") + later.context["earlier"])
    assert [line["number"] for line in back.context["lines"]] == numbers[:2]


def test_what_was_looked_for_and_not_found_says_so(town):
    answer = signed_in(town.reviewer).get(page("workbench"), {"q": "没有的", "lamp": "nonsense"})
    assert "没有符合条件的办件" in text_of(answer)


def test_who_oversees_does_not_search_by_names_they_read_masked(town):
    number = case_town.accepted(town)
    teamwork.remind(number=number, task="", words="", person=town.citizen, officer=None, at=TUESDAY)
    client = signed_in(town.manager)
    assert len(client.get(page("workbench")).context["lines"]) == 1
    assert client.get(page("workbench"), {"q": "演示甲"}).context["lines"] == []


def test_all_lists_of_a_busy_officer_are_shown(town, second):
    number = case_town.reviewed(town)
    client = signed_in(town.chief)
    assert act(client, number, DECISION, "copy", copy_to=second).status_code == 302
    for tab in ("todo", "done", "started", "copied"):
        assert client.get(page("workbench"), {"tab": tab}).status_code == 200
    [line] = signed_in(second).get(page("workbench"), {"tab": "copied"}).context["lines"]
    assert line["url"] == page("progress", number)


# ── Acts ────────────────────────────────────────────────────────────────────


def test_a_task_is_taken_on_and_given_back(town, second):
    number = case_town.accepted(town)
    client = signed_in(town.reviewer)
    assert "领取" in text_of(client.get(page("task", number, "papers")))
    assert act(client, number, "papers", "claim").status_code == 302
    other = signed_in(second)
    shown = other.get(page("task", number, "papers"))
    assert shown.context["form"] is None
    assert "这一步归 演示4 N-004 办理" in text_of(shown)
    told = act(other, number, "papers", "claim")
    assert (told.status_code, told.context["code"]) == (409, "case.task-held")
    act(client, number, "papers", "give-back")
    # The same key again is the same act again: the first receipt, and nothing more.
    assert TaskRow.objects.get(pk=f"{number}.papers").holder == ""


def test_a_case_goes_back_and_is_done_again(town):
    number = case_town.reviewed(town)
    client = signed_in(town.chief)
    form = client.get(page("task", number, DECISION)).context["team"]["return"]
    assert [key for key, _ in form.fields["return_step"].choices] == [
        "",
        "papers",
        "site",
        "merge",
    ]
    typed = {"return_step": "papers", "return_reason": ""}
    assert act(client, number, DECISION, "return", **typed).status_code == 422
    typed["return_reason"] = "面积没有核对"
    assert act(client, number, DECISION, "return", **typed).status_code == 302
    assert row(number).stage == Stage.REVIEWING
    done = client.get(page("task", number, DECISION))
    text = text_of(done)
    assert 'data-edge="decided--step.papers"' in text  # the way back on the picture
    assert "退回重办" in text
    assert "面积没有核对" in text
    again = signed_in(town.reviewer).get(page("task", number, "papers"))
    assert again.context["task"].round == 2
    assert again.context["form"] is not None
    assert signed_in(town.citizen).get(page("progress", number)).status_code == 200


def test_colleagues_sign_and_the_step_waits_for_them(town, second):
    number = case_town.accepted(town)
    client = signed_in(town.reviewer)
    typed = {
        "signers": [second, town.chief],
        "signing_when": When.BEFORE,
        "signing_need": Need.ALL,
        "signing_note": "请看消防一节",
    }
    assert act(client, number, "papers", "signers", **typed).status_code == 302
    waiting = client.get(page("task", number, "papers"))
    assert waiting.context["form"] is None
    assert "他们签完才能办" in text_of(waiting)
    signer = signed_in(second)
    assert signer.get(page("task", number, "_1")).context["signing"] is not None
    no = act(signer, number, "_1", "sign", agreement="dissents", opinion="")
    assert (no.status_code, no.context["code"]) == (409, "case.opinion-missing")
    assert act(signer, number, "_1", "sign", agreement="agrees", opinion="看过").status_code == 302
    dropped = act(client, number, "papers", "drop", signature="2", drop_reason="出差")
    assert dropped.status_code == 302
    ready = client.get(page("task", number, "papers"))
    assert ready.context["form"] is not None
    assert "看过" in text_of(ready)


def test_a_signature_asked_of_another_is_not_mine_to_give(town, second):
    number = case_town.accepted(town)
    teamwork.ask_signers(
        number=number,
        task="papers",
        signers=[second],
        when=When.BEFORE,
        need=Need.ALL,
        note="",
        officer=reviewer(town),
        at=TUESDAY,
    )
    client = signed_in(town.chief)
    assert client.get(page("task", number, "_1")).context["signing"] is None
    told = act(client, number, "_1", "sign", agreement="agrees", opinion="")
    assert told.context["code"] == "case.signature-of-another"
    assert act(signed_in(town.stranger), number, "_1", "sign").status_code == 404


def test_the_manager_passes_a_task_on_without_reading_the_case(town, second):
    number = case_town.accepted(town)
    client = signed_in(town.manager)
    assert client.get(page("task", number, "papers")).status_code == 403
    assert page("team", number, "papers") in text_of(client.get(page("progress", number)))
    shown = client.get(page("team", number, "papers"))
    assert "演示路 1 号" not in text_of(shown)
    typed = {"reassign_to": second, "reassign_reason": "请假"}
    told = act(client, number, "papers", "reassign", **{**typed, "reassign_reason": ""})
    assert (told.status_code, "演示路 1 号" in text_of(told)) == (422, False)
    answer = act(client, number, "papers", "reassign", **typed)
    assert answer.url == page("team", number, "papers")
    assert TaskRow.objects.get(pk=f"{number}.papers").holder == second
    assert client.get(page("team", number, "site")).status_code == 404
    assert signed_in(town.overseer).get(page("team", number, "papers")).status_code == 403


def test_of_acts_that_are_none_there_is_no_page(town):
    number = case_town.accepted(town)
    client = signed_in(town.reviewer)
    assert act(client, number, "papers", "unheard-of").status_code == 404
    assert act(client, number, "papers", "drop", drop_reason="x").status_code == 404
    assert act(client, number, "papers", "sign", agreement="agrees").status_code == 404
    assert act(signed_in(town.stranger), number, "papers", "claim").status_code == 404


def test_one_s_own_case_is_nobody_s_favour(town):
    number = case_town.filed(town, someone=town.reviewer)
    actions.accept(number=number, officer=case_town.clerk(town), at=MONDAY)
    client = signed_in(town.reviewer)
    told = act(client, number, "papers", "claim")
    assert told.context["code"] == "case.own-case"
    shown = client.get(page("task", number, "papers"))
    assert shown.context["claimable"] is False
    assert not any(shown.context["team"].values())


def test_a_copied_case_is_read_by_whom_it_was_copied_to(town, second):
    number = case_town.accepted(town)
    manager = signed_in(town.manager)
    assert "演示路 1 号" not in text_of(manager.get(page("progress", number)))
    answer = act(signed_in(town.reviewer), number, "papers", "copy", copy_to=town.manager)
    assert answer.status_code == 302
    assert "演示路 1 号" in text_of(manager.get(page("progress", number)))
    assert CopyRow.objects.count() == 1


def test_the_applicant_reminds_on_the_progress_page(town):
    number = case_town.accepted(town)
    client = signed_in(town.citizen)
    assert client.get(page("progress", number)).context["reminder"] is not None
    typed = {"once_key": ONCE, "remind_words": "等着开业"}
    assert client.post(page("remind", number), typed).status_code == 302
    again = client.post(page("remind", number), {**typed, "once_key": ONCE[:-1] + "2"})
    assert (again.status_code, again.context["code"]) == (409, "case.reminded-today")
    too_long = client.post(page("remind", number), {**typed, "remind_words": "x" * 1001})
    assert too_long.status_code == 422
    assert signed_in(town.neighbour).post(page("remind", number), typed).status_code == 404
    assert signed_in(town.inspector).post(page("remind", number), typed).status_code == 404


def test_the_supervisor_reminds_as_well(town):
    number = case_town.accepted(town)
    client = signed_in(town.manager)
    assert client.post(page("remind", number), {"once_key": ONCE}).status_code == 302
    [line] = client.get(page("workbench")).context["lines"]
    assert (line["number"], line["reminded"]) == (number, TUESDAY.date())


# ── Delegation ──────────────────────────────────────────────────────────────


def test_a_colleague_stands_in_for_some_days(town, second):
    client = signed_in(town.reviewer)
    typed = {
        "once_key": ONCE,
        "deputy": f"market/{second}",
        "from_date": "2026-03-03",
        "until_date": "2026-03-05",
    }
    assert client.post(page("delegate"), {**typed, "from_date": "x"}).status_code == 422
    assert client.post(page("delegate"), {**typed, "from_date": "2026-03-01"}).status_code == 409
    assert client.post(page("delegate"), typed).status_code == 302
    assert "您正代 演示4 N-004 办理" in text_of(signed_in(second).get(page("workbench")))
    key = DelegationRow.objects.get().key
    assert signed_in(second).post(page("end-delegation", key)).status_code == 404
    assert "收回" in text_of(client.get(page("delegations")))
    assert client.post(page("end-delegation", key)).status_code == 302
    assert client.post(page("end-delegation", key)).status_code == 409
    assert signed_in(town.manager).get(page("delegations")).status_code == 403


def test_whoever_belongs_to_two_departments_delegates_for_each(town, second):
    posts = [
        Post(person=someone, role=Role.REVIEWER, organisation="inspection", staff_no=f"N-{no}")
        for someone, no in ((town.reviewer, "104"), (second, "111"))
    ]
    for post in posts:
        people.appoint(post=post, by=case_town.SETUP, at=TUESDAY)
    client = signed_in(town.reviewer)
    shown = client.get(page("delegations"))
    groups = dict(shown.context["form"].fields["deputy"].choices[1:])
    assert [[value for value, _name in found] for found in groups.values()] == [
        [f"market/{town.chief}", f"market/{second}"],
        [f"inspection/{town.inspector}", f"inspection/{second}"],
    ]
    assert list(groups) == ["演示市场监督管理局", "演示核查中心"]
    assert "每个部门的任务分别委托" in text_of(shown)
    days = {"from_date": "2026-03-03", "until_date": "2026-03-05"}
    for place, department in enumerate(("market", "inspection")):
        typed = {"once_key": f"{ONCE}{place}", "deputy": f"{department}/{second}", **days}
        assert client.post(page("delegate"), typed).status_code == 302
    assert list(
        DelegationRow.objects.order_by("department").values_list(
            "department", "giver_no", "deputy_no"
        )
    ) == [("inspection", "N-104", "N-111"), ("market", "N-004", "N-011")]
    again = client.post(
        page("delegate"),
        {"once_key": f"{ONCE}2", "deputy": f"market/{town.chief}", **days},
    )
    assert (again.status_code, again.context["code"]) == (409, "delegation.overlaps")
    told = text_of(signed_in(second).get(page("workbench")))
    assert "办理演示市场监督管理局的任务" in told
    assert "办理演示核查中心的任务" in told


def test_only_who_may_do_all_of_it_is_offered_and_nobody_of_elsewhere(town, second):
    client = signed_in(town.chief)
    shown = client.get(page("delegations"))
    assert shown.context["form"] is None
    assert "没有岗位权力相同的同事" in text_of(shown)
    typed = {"once_key": ONCE, "from_date": "2026-03-03", "until_date": "2026-03-05"}
    for value in (second, f"market/{second}", f"education/{town.stranger}"):
        assert client.post(page("delegate"), {**typed, "deputy": value}).status_code == 422
    assert DelegationRow.objects.count() == 0


def test_the_own_page_leads_to_delegation(town):
    assert page("delegations") in text_of(signed_in(town.reviewer).get("/me/"))
    assert page("delegations") not in text_of(signed_in(town.manager).get("/me/"))


def test_a_deputy_finds_the_task_and_is_told_whose_it_is(town, second):
    number = case_town.accepted(town)
    giver = signed_in(town.reviewer)
    act(giver, number, "papers", "claim")
    typed = {"deputy": f"market/{second}", "from_date": "2026-03-03", "until_date": "2026-03-05"}
    giver.post(page("delegate"), {"once_key": ONCE, **typed})
    client = signed_in(second)
    assert "您代其办理" in text_of(client.get(page("task", number, "papers")))
    meets = {"once_key": ONCE, "finding": "meets", "opinion": ""}
    assert client.post(page("task-complete", number, "papers"), meets).status_code == 302
    assert "代工号 N-004 办理" in text_of(giver.get(page("progress", number)))


# ── Compared ────────────────────────────────────────────────────────────────


def corrected(town, before=case_town.PDF, after=case_town.PDF):
    """Hand in a material anew; return the number of the case."""

    def paper(name, data):
        return vault.keep_document(owner=town.citizen, name=name, chunks=[data], at=MONDAY)

    number = case_town.notified(town, paper=paper("材料.pdf", before))
    actions.submit_corrections(
        number=number,
        person=town.citizen,
        documents=[case_town.document(paper("新材料.pdf", after), "m1")],
        form={"premises": "演示路 2 号", "kind": "shop"},
        at=TUESDAY,
    )
    return number


def test_what_was_handed_in_anew_stands_beside_what_it_replaced(town):
    number = corrected(town)
    client = signed_in(town.clerk)
    assert page("compare", number) in text_of(client.get(page("progress", number)))
    answer = client.get(page("compare", number))
    [field] = answer.context["fields"]
    assert (field["before"], field["after"]) == ("演示路 1 号", "演示路 2 号")
    [line] = answer.context["materials"]
    assert [one["name"] for one in line["before"] + line["after"]] == ["材料.pdf", "新材料.pdf"]
    assert line["text"] == page("compare-text", number, 1)


OLD = pdf_words.pages(pdf_words.text("Floor area 120 sqm", "Two storeys"))


def test_the_words_of_two_files_are_compared_with_more_than_colour(town):
    number = corrected(
        town, OLD, pdf_words.pages(pdf_words.text("Floor area 200 sqm", "Two storeys"))
    )
    client = signed_in(town.clerk)
    answer = client.get(page("compare-text", number, 1))
    shown = text_of(answer)
    assert '<del><span class="unseen">删去：</span>120<' in shown
    assert '<ins><span class="unseen">新增：</span>200<' in shown
    assert "删去 1 处，新增 1 处" in shown
    part = client.get(page("compare-text", number, 1), headers={"HX-Request": "true"})
    assert text_of(part).startswith('<div class="text-differences"')
    assert client.get(page("compare-text", number, 2)).status_code == 404
    assert signed_in(town.citizen).get(page("compare-text", number, 1)).status_code == 200


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (OLD, OLD, "文字相同"),
        (OLD, case_town.PDF, "新材料.pdf：文件打不开或者已经损坏"),
        (pdf_words.pages(b""), OLD, "材料.pdf：没有可读的文字，多半是扫描件"),
    ],
    ids=["same", "broken", "scan"],
)
def test_where_there_is_no_difference_or_no_text_it_is_said(town, before, after, told):
    number = corrected(town, before, after)
    answer = signed_in(town.clerk).get(page("compare-text", number, 1))
    assert answer.status_code == 200
    assert told in text_of(answer)


def test_an_ofd_that_replaced_a_docx_is_compared_with_it(town):
    number = corrected(
        town,
        package_words.docx(package_words.run("面积 120 平方米")),
        package_words.ofd(package_words.put("面积 200 平方米", 20, 30)),
    )
    client = signed_in(town.clerk)
    [line] = client.get(page("compare", number)).context["materials"]
    assert line["text"] == page("compare-text", number, 1)
    shown = text_of(client.get(line["text"]))
    assert "删去 1 处，新增 1 处" in shown
    assert '<ins><span class="unseen">新增：</span>200<' in shown


PNG = b"\x89PNG\r\n\x1a\n made up"


def test_a_picture_has_no_text_to_compare(town):
    number = corrected(town, OLD, PNG)
    client = signed_in(town.clerk)
    [line] = client.get(page("compare", number)).context["materials"]
    assert line["text"] == ""
    assert client.get(page("compare-text", number, 1)).status_code == 404


def test_a_file_that_is_gone_has_no_text_to_compare(town):
    number = corrected(town, OLD, OLD)
    document = queries.documents_of(number)
    vault.erase_document(id=sorted(document)[0], at=TUESDAY)
    client = signed_in(town.clerk)
    [line] = client.get(page("compare", number)).context["materials"]
    assert line["text"] == ""
    assert client.get(page("compare-text", number, 1)).status_code == 404


def test_bytes_that_are_not_there_are_no_error(town):
    number = corrected(town, OLD, OLD)
    for id in queries.documents_of(number):
        path_of(id).unlink()
    assert "打不开" in text_of(signed_in(town.clerk).get(page("compare-text", number, 1)))


def test_only_who_reads_the_case_compares(town):
    number = corrected(town)
    assert signed_in(town.manager).get(page("compare", number)).status_code == 404
    assert signed_in(town.neighbour).get(page("compare", number)).status_code == 404
    assert signed_in(town.neighbour).get(page("compare-text", number, 1)).status_code == 404
    other = case_town.filed(town)
    assert signed_in(town.clerk).get(page("compare", other)).status_code == 404


def test_a_receipt_tells_the_applicant_nothing_colleagues_wrote(town):
    number = case_town.reviewed(town)
    teamwork.return_to_step(
        number=number,
        task=DECISION,
        step="papers",
        reason="面积没有核对",
        officer=officer(town.chief, "N-006", "market"),
        at=TUESDAY,
    )
    text = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "从“决定”退回到“" in text
    assert "面积没有核对" not in text
