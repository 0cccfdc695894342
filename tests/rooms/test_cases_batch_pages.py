"""Pages of a batch: filed from a list at home and at the window, handled row by row, looked up."""

import io
import json
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mingtang.cases import actions, queries
from mingtang.cases.actions import batches
from mingtang.cases.forms import workbooks
from mingtang.cases.models import BatchRow, CaseRow
from mingtang.cases.reactions import REACTIONS
from mingtang.core import cases
from mingtang.core.batches import differing
from mingtang.core.cases import Stage
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry
from mingtang.papers.models import PaperRow
from mingtang.vault.models import DraftRow
from tests.core.case_examples import MONDAY
from tests.rooms import batch_town, case_town
from tests.rooms.batch_town import MANY, resident
from tests.rooms.case_town import ONCE, clerk, officer, page, signed_in, upload

pytestmark = pytest.mark.django_db
FIELDS = differing(batch_town.WORKERS)
HEADINGS = "姓名,身份证号码,岗位,从事日期"


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def town():
    built = case_town.build()
    batch_town.found(built)
    return built


@pytest.fixture
def agent(town):
    return signed_in(town.citizen)


def step(name):
    return case_town.step(name, MANY)


def sheet(*lines, name="名单.csv"):
    return SimpleUploadedFile(name, "\n".join([HEADINGS, *lines]).encode())


def line(number, name="", job="放射诊断"):
    return f"{name or f'演示员{number}'},{resident(number)},{job},2020-01-31"


def begun(client):
    """Choose a batch for the hospital, hand in what is common; return where the list goes."""
    client.post(step("many"), {"many": "yes"})
    client.post(step("who"), {"who": f"o:{batch_town.HOSPITAL}"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    client.post(step("materials"), {"do": "next"})
    return client.post(step("form"), {"form-unit": "演示医院"}).url


def listed(client, *lines):
    return client.post(step("rows"), {"do": "upload", "sheet": sheet(*lines)})


def kept():
    """Return the list in the draft: line → cells."""
    return dict(json.loads(DraftRow.objects.get().content)["rows"])


# ── Filing at home ──────────────────────────────────────────────────────────


def test_an_item_that_takes_batches_asks_how_many(agent):
    assert agent.get(page("apply", MANY)).url == step("many")
    shown = agent.get(f"{step('many')}?many=yes").content.decode()
    assert re.search(r'value="yes"[^>]* checked', shown)


def test_one_application_goes_the_usual_way_with_the_whole_form(agent):
    assert agent.post(step("many"), {"many": "no"}).url == step("who")
    shown = agent.get(step("form")).content.decode()
    assert 'name="form-unit"' in shown
    assert 'name="form-number"' in shown
    assert agent.get(step("rows")).status_code == 404


def test_in_a_batch_the_form_asks_for_what_is_common_and_the_list_for_the_rest(agent):
    assert begun(agent) == step("rows")
    shown = agent.get(step("form")).content.decode()
    assert 'name="form-unit"' in shown
    assert 'name="form-number"' not in shown
    assert "下载名单模板" in agent.get(step("rows")).content.decode()


def test_a_promise_is_made_for_every_row(agent, town):
    [material] = batch_town.WORKERS.materials
    promising = replace(material, commitment="承诺每名人员体检合格。")
    case_town.publish(replace(batch_town.WORKERS, materials=(promising,)), draft=2)
    agent.post(step("many"), {"many": "yes"})
    agent.post(step("who"), {"who": f"o:{batch_town.HOSPITAL}"})
    assert "对名单里的每一行各作一份承诺" in agent.get(step("materials")).content.decode()
    agent.post(step("materials"), {"do": "promise", "material": "m1"})
    assert agent.post(step("materials"), {"do": "next"}).url == step("form")
    agent.post(step("form"), {"form-unit": "演示医院"})
    listed(agent, *map(line, range(3)))
    agent.post(step("rows"), {"do": "next"})
    assert "以承诺代替：承诺每名人员体检合格。" in agent.get(step("confirm")).content.decode()
    agent.post(step("confirm"), {"once_key": ONCE})
    assert [row.commitments for row in CaseRow.objects.all()] == [["m1"]] * 3


def test_a_hospital_files_fifty_in_one(agent, town):
    begun(agent)
    assert listed(agent, *map(line, range(50))).url == step("rows")
    assert agent.post(step("rows"), {"do": "next"}).url == step("confirm")
    shown = agent.get(step("confirm")).content.decode()
    assert "提交申请：共 50 件" in shown
    assert "演示员49" in shown
    answer = agent.post(step("confirm"), {"once_key": ONCE})
    number = BatchRow.objects.get().number
    assert answer.url == page("batch", number)
    assert (CaseRow.objects.count(), DraftRow.objects.count()) == (50, 0)
    first = queries.forms_of([queries.of_batch(number)[0].number])
    assert list(first.values()) == [
        {
            "unit": "演示医院",
            "name": "演示员0",
            "number": resident(0),
            "job": "x",
            "since": "2020-01-31",
        }
    ]


def test_sent_twice_it_is_one_batch(agent):
    begun(agent)
    listed(agent, line(1))
    first = agent.post(step("confirm"), {"once_key": ONCE})
    again = agent.post(step("confirm"), {"once_key": ONCE})
    assert (again.url, BatchRow.objects.count()) == (first.url, 1)


def test_nothing_is_filed_while_a_row_is_wrong(agent):
    begun(agent)
    listed(agent, line(1), line(1, "别名"))
    answer = agent.post(step("confirm"), {"once_key": ONCE})
    assert (answer.status_code, BatchRow.objects.count()) == (422, 0)
    assert "名单有 1 行需要改正" in answer.content.decode()
    assert agent.post(step("rows"), {"do": "next"}).status_code == 422


def test_a_batch_without_a_list_is_not_filed(agent):
    begun(agent)
    assert "名单里还没有一行" in agent.get(step("confirm")).content.decode()
    assert agent.post(step("rows"), {"do": "next"}).status_code == 422
    assert agent.post(step("confirm"), {"once_key": ONCE}).status_code == 422


# ── The list ────────────────────────────────────────────────────────────────


def test_wrong_cells_are_marked_where_they_are_and_the_rest_is_kept(agent):
    begun(agent)
    shown = agent.get(listed(agent, line(1), line(2, job="外科"), "演示员3,1.1E+17,核医学,").url)
    text = shown.content.decode()
    assert "名单有 2 行需要改正" in text
    assert re.search(r'<select[^>]* aria-invalid="true"[^>]* name="cell-3-job"', text)
    assert re.search(r'<input[^>]* name="cell-4-number" value="1.1E\+17"', text)
    assert "号码被表格软件变成了科学计数法" in text
    assert "填好的 1 行" in text
    assert 'name="cell-2-name"' not in text


def test_a_corrected_cell_leaves_the_rest_of_its_row(agent):
    begun(agent)
    listed(agent, line(1), line(2, job="外科"))
    agent.post(step("rows"), {"do": "cells", "cell-3-job": "核医学"})
    assert kept()[3] == {
        "name": "演示员2",
        "number": resident(2),
        "job": "核医学",
        "since": "2020-01-31",
    }
    assert agent.post(step("rows"), {"do": "next"}).url == step("confirm")


def test_what_is_being_corrected_is_kept_while_it_is_typed(agent):
    begun(agent)
    listed(agent, line(2, job="外科"))
    typed = {"do": "cells", "cell-2-job": "核"}
    assert agent.post(page("apply-draft", MANY), typed).status_code == 204
    assert kept()[2]["job"] == "核"
    assert 'value="演示医院"' in agent.get(step("form")).content.decode()


def test_a_row_may_be_left_out(agent):
    begun(agent)
    listed(agent, line(1), line(1, "别名"))
    agent.post(step("rows"), {"do": "cells", "drop": ["3"]})
    assert list(kept()) == [2]


def test_a_corrected_sheet_takes_the_place_of_the_list(agent):
    begun(agent)
    listed(agent, line(1), line(2, job="外科"))
    listed(agent, line(3))
    assert [cells["name"] for cells in kept().values()] == ["演示员3"]


def test_a_refused_sheet_leaves_the_list_as_it_was(agent):
    begun(agent)
    listed(agent, line(1))
    scan = SimpleUploadedFile("名单.pdf", b"%PDF-1.7")
    answer = agent.post(step("rows"), {"do": "upload", "sheet": scan})
    assert answer.status_code == 422
    assert "这是 PDF 文件。请上传 .xlsx 或 .csv 表格。" in answer.content.decode()
    assert list(kept()) == [2]
    assert agent.post(step("rows"), {"do": "upload"}).status_code == 422


def test_columns_nobody_asked_for_are_named(agent):
    begun(agent)
    data = f"{HEADINGS},备注\n{line(1)},夜班".encode()
    agent.post(step("rows"), {"do": "upload", "sheet": SimpleUploadedFile("a.csv", data)})
    assert "表里这些列没有用到：备注" in agent.get(step("rows")).content.decode()


def test_rows_are_written_and_changed_by_hand(agent):
    begun(agent)
    values = {"row-name": "演示甲", "row-number": resident(1), "row-job": "n", "row-since": ""}
    answer = agent.post(step("rows"), {"do": "row", "line": "", **values})
    assert answer.url == f"{step('rows')}#line-2"
    assert kept()[2] == {"name": "演示甲", "number": resident(1), "job": "核医学", "since": ""}
    shown = agent.get(f"{step('rows')}?line=2").content.decode()
    assert "修改第 2 行" in shown
    assert re.search(r'name="row-job" value="n"[^>]* checked', shown)
    agent.post(step("rows"), {"do": "row", "line": "2", **values, "row-name": "演示乙"})
    assert [cells["name"] for cells in kept().values()] == ["演示乙"]
    assert agent.get(f"{step('rows')}?line=9").status_code == 404


def test_what_is_written_wrongly_by_hand_is_kept_and_marked(agent):
    begun(agent)
    agent.post(step("rows"), {"do": "row", "row-name": "", "row-number": "12"})
    assert kept()[2]["number"] == "12"
    assert 'name="cell-2-name"' in agent.get(step("rows")).content.decode()


def test_five_hundred_and_one_are_too_many_by_hand_too(agent):
    begun(agent)
    listed(agent, *(f"演示{n},1,x," for n in range(500)))
    answer = agent.post(step("rows"), {"do": "row", "row-name": "x"})
    assert answer.status_code == 422
    assert "一批最多 500 行" in answer.content.decode()
    shown = agent.get(step("rows")).content.decode()
    assert shown.count('name="drop"') == 50
    assert "还有 450 行有错" in shown


# ── The template ────────────────────────────────────────────────────────────


def test_anybody_may_download_the_template_of_an_item_that_takes_batches(town):
    answer = Client().get(page("batch-template", MANY))
    assert answer.headers["Content-Type"] == workbooks.XLSX
    book = load_workbook(io.BytesIO(answer.content))
    assert book["申请表"]["B1"].value == "身份证号码*"


def test_there_is_no_template_where_there_are_no_batches(town):
    assert Client().get(page("batch-template", case_town.ITEM)).status_code == 409


def test_the_guide_says_so_and_leads_there(town):
    shown = Client().get(f"/items/{MANY}/", follow=True).content.decode()
    assert "可批量申请" in shown
    assert page("batch-template", MANY) in shown
    assert f"{step('many')}?many=yes" in shown
    other = Client().get(f"/items/{case_town.ITEM}/", follow=True).content.decode()
    assert "批量申请" not in other


# ── At the window ───────────────────────────────────────────────────────────


def test_a_clerk_takes_a_batch_in_and_goes_on_with_it(town):
    client = signed_in(town.clerk)

    def at(name):
        return page("counter-step", MANY, town.citizen, name)

    client.post(at("many"), {"many": "yes"})
    client.post(at("who"), {"who": f"o:{batch_town.HOSPITAL}"})
    client.post(at("materials"), {"do": "add", "material": "m1", "upload": upload()})
    client.post(at("form"), {"form-unit": "演示医院"})
    client.post(at("rows"), {"do": "upload", "sheet": sheet(line(1), line(2))})
    answer = client.post(at("confirm"), {"once_key": ONCE})
    batch = BatchRow.objects.get()
    assert answer.url == page("batch-desk", batch.number)
    assert (batch.office, batch.agent, batch.applicant) == (
        "window-7",
        town.citizen,
        batch_town.HOSPITAL,
    )
    assert client.post(at("confirm"), {"once_key": ONCE}).url == answer.url


# ── One line in the lists ───────────────────────────────────────────────────


def test_the_desk_shows_a_batch_as_one_line_with_where_its_rows_stand(town):
    number = batch_town.batch(town, 50)
    for row in batch_town.numbers(number)[:2]:
        actions.notify_corrections(
            number=row,
            shortfalls=[cases.Shortfall(material="m1", name="体检汇总表", reason="缺页")],
            officer=clerk(town),
            at=MONDAY,
        )
    alone = case_town.filed(town)
    shown = signed_in(town.clerk).get(page("desk")).content.decode()
    assert "50 件：待受理 48，待补正 2" in shown
    assert shown.count(page("batch-desk", number)) == 1
    assert page("desk-case", alone) in shown
    assert not any(page("desk-case", row) in shown for row in batch_town.numbers(number))
    assert re.findall(r'<span class="count">(\d+)</span>', shown) == ["2", "1", "0"]


def test_beside_a_batch_the_list_is_the_same_list(town):
    number = batch_town.batch(town, 3)
    shown = signed_in(town.clerk).get(page("batch-desk", number)).content.decode()
    listed, detail = shown.split('<main id="main"')
    assert f'href="{page("batch-desk", number)}?tab=todo" aria-current="true"' in listed
    assert "MT-" not in listed
    assert all(row in detail for row in batch_town.numbers(number))


def test_the_tasks_show_one_line_for_each_step_of_a_batch(town):
    number = accepted(town, 3)
    shown = signed_in(town.reviewer).get(page("tasks")).content.decode()
    assert shown.count(page("batch-task", number, "papers")) == 1
    assert "3 件：审查中 3" in shown
    other = signed_in(town.inspector).get(page("tasks")).content.decode()
    assert page("batch-task", number, "site") in other


def test_a_batch_stands_where_its_most_urgent_case_would(town):
    number = batch_town.batch(town, 2, at=MONDAY)
    later = case_town.filed(town, at=MONDAY.replace(day=4))
    last = MONDAY.replace(day=5)
    for row in batch_town.numbers(number)[:1]:
        actions.notify_corrections(
            number=row,
            shortfalls=[cases.Shortfall(material="m1", name="体检汇总表", reason="缺页")],
            officer=clerk(town),
            at=last,
        )
        paper = case_town.document(case_town.kept(town.citizen), "m1")
        actions.submit_corrections(
            number=row, person=town.citizen, documents=[paper], form=None, at=last
        )
    shown = signed_in(town.clerk).get(page("desk")).content.decode()
    assert shown.index(page("batch-desk", number)) < shown.index(page("desk-case", later))


def test_a_list_with_batches_takes_as_many_statements_as_one_without(
    town, django_assert_num_queries
):
    client = signed_in(town.clerk)
    batch_town.batch(town, 3)
    client.get(page("desk"))
    with django_assert_num_queries(25, exact=False):
        client.get(page("desk"))


def test_the_applicants_list_shows_it_once(agent, town):
    number = batch_town.batch(town, 3)
    shown = agent.get(page("mine")).content.decode()
    assert shown.count(f'<a href="{page("batch", number)}">') == 1
    assert "3 件：待受理 3" in shown


# ── One act on many ─────────────────────────────────────────────────────────


def today(town, count):
    return batch_town.batch(town, count, at=timezone.localtime())


def accepted(town, count=3):
    number = batch_town.batch(town, count)
    for row in batch_town.numbers(number):
        actions.accept(number=row, officer=clerk(town), at=MONDAY)
    return number


def reviewed(town, count=3):
    number = accepted(town, count)
    by = {"site": officer(town.inspector, "N-005", "inspection")}
    for key in ("papers", "site", "merge"):
        batches.complete_each(
            once={row: f"{row}/{key}" for row in batch_town.numbers(number)},
            step=key,
            finding=cases.Finding.MEETS,
            opinion="符合",
            officer=by.get(key, officer(town.reviewer, "N-004", "market")),
            at=MONDAY,
        )
    return number


def marked(shown):
    """Return the numbers marked on a page, and all that can be."""
    boxes = re.findall(r'name="case" value="([^"]+)"( checked)?', shown.content.decode())
    return [number for number, checked in boxes if checked], [number for number, _ in boxes]


def receipts(shown):
    return re.findall(r'receipts/(\d+)\.receipt\.json">\d+</a>', shown.content.decode())


def test_all_that_wait_are_marked_and_accepted_in_one(town):
    number = today(town, 3)
    rows, client = batch_town.numbers(number), signed_in(town.clerk)
    assert marked(client.get(page("batch-desk", number))) == (rows, rows)
    answer = client.post(page("batch-accept", number), {"case": rows, "once_key": ONCE})
    assert "3 <small>件已记入账本" in answer.content.decode()
    entries = LedgerEntry.objects.filter(kind="case.accepted.v1").order_by("index")
    assert receipts(answer) == [str(entry.index) for entry in entries]
    assert set(queries.of_batch(number).values_list("stage", flat=True)) == {Stage.REVIEWING}
    assert marked(client.get(page("batch-desk", number))) == ([], [])


def test_accepting_too_late_says_that_the_law_had_accepted_already(town):
    number = batch_town.batch(town, 2)
    rows, client = batch_town.numbers(number), signed_in(town.clerk)
    answer = client.post(page("batch-accept", number), {"case": rows, "once_key": ONCE})
    assert answer.content.decode().count(">视为受理 <") == 2


def test_only_what_is_marked_is_accepted(town):
    number = today(town, 3)
    rows, client = batch_town.numbers(number), signed_in(town.clerk)
    client.post(page("batch-accept", number), {"case": rows[1:], "once_key": ONCE})
    assert [row.stage for row in queries.of_batch(number)] == ["filed", "reviewing", "reviewing"]


def test_sent_again_it_gives_the_first_receipts_and_does_the_rest(town):
    number = today(town, 3)
    rows, client = batch_town.numbers(number), signed_in(town.clerk)
    first = client.post(page("batch-accept", number), {"case": rows[:1], "once_key": ONCE})
    again = client.post(page("batch-accept", number), {"case": rows, "once_key": ONCE})
    assert receipts(again)[0] == receipts(first)[0]
    assert again.content.decode().count("先前已办") == 1
    assert LedgerEntry.objects.filter(kind="case.accepted.v1").count() == 3


def test_what_a_colleague_has_done_meanwhile_is_said_in_words(town):
    number = today(town, 2)
    rows = batch_town.numbers(number)
    now = timezone.localtime()
    actions.withdraw(number=rows[0], person=town.citizen, reason="", at=now)
    client = signed_in(town.clerk)
    answer = client.post(page("batch-accept", number), {"case": rows, "once_key": ONCE})
    text = answer.content.decode()
    assert "1 <small>件已记入账本" in text
    assert "1 <small>件没有办成" in text
    assert '<code class="mono small muted">case.not-awaiting-acceptance</code>' in text


@pytest.mark.parametrize("form", [{}, {"once_key": ONCE}, {"case": ["x"], "once_key": ONCE}])
def test_nothing_marked_is_nothing_done(town, form):
    number = batch_town.batch(town, 2)
    answer = signed_in(town.clerk).post(page("batch-accept", number), form)
    assert answer.status_code == 422
    assert LedgerEntry.objects.filter(kind="case.accepted.v1").count() == 0


def test_a_case_of_another_batch_is_not_touched(town):
    number, other = batch_town.batch(town, 1), batch_town.batch(town, 1)
    form = {"case": batch_town.numbers(number) + batch_town.numbers(other), "once_key": ONCE}
    signed_in(town.clerk).post(page("batch-accept", number), form)
    assert queries.of_batch(other)[0].stage == Stage.FILED


def test_a_step_is_finished_for_all_with_one_opinion(town):
    number = accepted(town)
    rows, client = batch_town.numbers(number), signed_in(town.reviewer)
    form = {"case": rows, "once_key": ONCE, "finding": "meets", "opinion": "材料齐全"}
    answer = client.post(page("batch-complete", number, "papers"), form)
    assert len(receipts(answer)) == 3
    opinions = {
        event.opinion
        for row in queries.of_batch(number)
        if (event := queries.case_file(row).event(cases.StepCompleted))
    }
    assert opinions == {"材料齐全"}


def test_a_finding_that_is_missing_is_asked_for_and_marks_stay(town):
    number = accepted(town)
    rows, client = batch_town.numbers(number), signed_in(town.reviewer)
    form = {"case": rows[:1], "once_key": ONCE, "opinion": "写好的意见"}
    answer = client.post(page("batch-complete", number, "papers"), form)
    assert answer.status_code == 422
    assert marked(answer) == (rows[:1], rows)
    assert "写好的意见" in answer.content.decode()
    assert LedgerEntry.objects.filter(kind="case.step-completed.v1").count() == 0


def test_the_chief_decides_all_in_one_ceremony_under_the_letter_shown(town):
    number = reviewed(town)
    rows, client = batch_town.numbers(number), signed_in(town.chief)
    shown = client.get(page("batch-task", number, "decision"))
    assert batch_town.LETTER_MANY in shown.content.decode()
    form = {"case": rows, "once_key": ONCE, "granted": "yes", "reason": ""}
    answer = client.post(page("batch-decide", number), form)
    assert len(receipts(answer)) == 3
    letters = {
        queries.case_file(row).event(cases.CaseDecided).authority.letter_no
        for row in queries.of_batch(number)
    }
    assert letters == {batch_town.LETTER_MANY}


def test_each_refusal_to_decide_is_said_for_its_own_row(town):
    number = reviewed(town)
    rows, client = batch_town.numbers(number), signed_in(town.chief)
    form = {"case": rows, "once_key": ONCE, "granted": "no", "reason": ""}
    answer = client.post(page("batch-decide", number), form)
    assert (receipts(answer), answer.content.decode().count("case.reason-missing")) == ([], 3)
    assert "0 <small>件已记入账本" in answer.content.decode()


def test_after_one_act_the_way_leads_to_ones_next(town):
    number = reviewed(town)
    manager = signed_in(town.chief)
    shown = manager.get(page("batch-task", number, "decision")).content.decode()
    assert "对勾选的作出决定" in shown
    number = accepted(town)
    rows, client = batch_town.numbers(number), signed_in(town.reviewer)
    form = {"case": rows[:1], "once_key": ONCE, "finding": "meets", "opinion": ""}
    text = client.post(page("batch-complete", number, "papers"), form).content.decode()
    assert "接着办：书面审查（2 件）" in text


def test_nobody_handles_a_batch_of_their_own(town):
    case_town.people.appoint(
        post=case_town.Post(
            person=town.citizen,
            role=case_town.Role.WINDOW_CLERK,
            organisation="centre",
            office="window-7",
            staff_no="N-099",
        ),
        by="setup",
        at=MONDAY,
    )
    number = batch_town.batch(town, 2)
    shown = signed_in(town.citizen).get(page("batch-desk", number))
    assert "这是您本人的申请" in shown.content.decode()
    assert marked(shown) == ([], [])


# ── Looking it up ───────────────────────────────────────────────────────────


def test_the_applicant_sees_every_row_with_where_it_stands(agent, town):
    number = batch_town.batch(town, 2)
    first, second = batch_town.numbers(number)
    actions.accept(number=first, officer=clerk(town), at=MONDAY)
    shown = agent.get(page("batch", number)).content.decode()
    assert "2 件：待受理 1，审查中 1" in shown
    assert resident(2) in shown
    assert page("progress", second) in shown
    assert "体检汇总表" in shown


def test_what_is_to_be_corrected_is_said_first(agent, town):
    number = batch_town.batch(town, 3)
    row = batch_town.numbers(number)[1]
    assert 'id="correct"' not in agent.get(page("batch", number)).content.decode()
    actions.notify_corrections(
        number=row,
        shortfalls=[cases.Shortfall(material="", name="申请表", reason="姓名写错")],
        officer=clerk(town),
        at=MONDAY,
    )
    shown = agent.get(page("batch", number)).content.decode()
    assert f'<a href="{page("progress", row)}#correct">第 2 件 演示员2</a>' in shown


def test_a_row_shows_what_it_says_after_corrections(agent, town):
    number = batch_town.batch(town, 2)
    row = batch_town.numbers(number)[0]
    actions.notify_corrections(
        number=row,
        shortfalls=[cases.Shortfall(material="", name="申请表", reason="姓名写错")],
        officer=clerk(town),
        at=MONDAY,
    )
    form = {**batch_town.worker(1), "name": "演示改名"}
    actions.submit_corrections(number=row, person=town.citizen, documents=[], form=form, at=MONDAY)
    shown = agent.get(page("batch", number)).content.decode()
    assert "演示改名" in shown
    assert "演示员1" not in shown


def test_a_row_knows_its_batch_and_leads_back_to_it(agent, town):
    number = today(town, 2)
    row = batch_town.numbers(number)[1]
    shown = agent.get(page("progress", row)).content.decode()
    assert f'href="{page("batch", number)}">{number}</a> 第 2 件' in shown
    at_desk = signed_in(town.clerk).get(page("desk-case", row)).content.decode()
    assert f'href="{page("batch-desk", number)}">批量 {number} 第 2 件' in at_desk
    actions.accept(number=row, officer=clerk(town), at=timezone.localtime())
    task = signed_in(town.reviewer).get(page("task", row, "papers")).content.decode()
    assert f'href="{page("batch-task", number, "papers")}">批量 {number} 第 2 件' in task


def test_the_results_are_a_list_to_download(agent, town):
    number = batch_town.batch(town, 2)
    actions.accept(number=batch_town.numbers(number)[0], officer=clerk(town), at=MONDAY)
    answer = agent.get(page("batch-results", number))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    lines = [[cell.value for cell in row] for row in sheet]
    assert lines[0][:4] == ["行", "办件编号", "姓名", "身份证号码"]
    assert [line[1] for line in lines[1:]] == batch_town.numbers(number)
    assert [line[6] for line in lines[1:]] == ["审查中", "待受理"]


def test_the_receipt_of_a_batch_opens_its_rows_to_the_applicant_alone(agent, town):
    number = batch_town.batch(town, 1)
    index = BatchRow.objects.get().last_index
    later = agent.get(page("batch-receipt", number, index))
    assert (later.status_code, later.headers["Refresh"]) == (202, "2")
    assert agent.get(page("batch-receipt", number, index + 1)).status_code == 404


def test_a_row_that_is_not_filed_yet_is_said_to_be_on_its_way(agent, town, monkeypatch):
    monkeypatch.setattr(batches, "file_rows", lambda number: 0)
    number = batch_town.batch(town, 3)
    shown = agent.get(page("batch", number)).content.decode()
    assert "还有 3 件正在逐件立案" in shown


def test_those_who_oversee_see_progress_without_names(town):
    number = batch_town.batch(town, 2)
    client = signed_in(town.overseer)
    shown = client.get(page("batch", number)).content.decode()
    assert "2 件：待受理 2" in shown
    assert "演示员1" not in shown
    assert client.get(page("batch-results", number)).status_code == 404


def hear():
    """Do what `mingtang work` does with what was written: order the papers."""
    for reaction in REACTIONS:
        reactions.run(reaction)


def test_papers_are_shown_being_made_kind_by_kind(agent, town):
    hear()  # from now on
    number = batch_town.batch(town, 2)
    assert "文书和证照" not in agent.get(page("batch", number)).content.decode()
    hear()
    shown = agent.get(page("batch", number)).content.decode()
    assert "收件回执" in shown
    assert "已制作 0 份，共 2 份" in shown
    assert f'hx-get="{reverse("papers:progress", args=[number])}?kind=received&amp;of=2"' in shown


def test_after_the_decision_each_row_leads_to_its_own(agent, town):
    hear()
    number = reviewed(town, 2)
    decide_all(town, number)
    hear()
    shown = agent.get(page("batch", number)).content.decode()
    assert "准予许可决定书" in shown
    assert "已制作 0 份，共 2 份" in shown
    row = queries.of_batch(number)[0]
    paper = PaperRow.objects.get(about=f"case/{row.number}", paper="granted")
    PaperRow.objects.filter(pk=paper.key).update(issued_at=MONDAY, issued_index=1)
    shown = agent.get(page("batch", number)).content.decode()
    assert f'<a href="{reverse("papers:paper", args=[paper.key])}">' in shown
    sheet = load_workbook(io.BytesIO(agent.get(page("batch-results", number)).content)).active
    assert [cell.value for cell in sheet["J"]] == ["决定书文号", paper.number, None]


def decide_all(town, number):
    batches.decide_each(
        once={row: f"{row}/decide" for row in batch_town.numbers(number)},
        granted=True,
        reason="",
        officer=officer(town.chief, "N-006", "market"),
        at=MONDAY,
    )


def test_those_who_oversee_find_the_cases_of_a_batch_by_its_number(town):
    number = batch_town.batch(town, 2)
    case_town.filed(town)
    shown = signed_in(town.overseer).get(page("all"), {"q": number}).content.decode()
    assert len(re.findall(r'<tr><th scope="row"><a href="/cases/MT-', shown)) == 2


# ── Nobody else ─────────────────────────────────────────────────────────────

STRANGERS = {
    "neighbour": ["batch", "batch-results"],
    "stranger": ["batch", "batch-results"],
    "administrator": ["batch", "batch-results"],
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_batch_is_nobody_elses_business(town, who):
    number, client = batch_town.batch(town, 1), signed_in(getattr(town, who))
    assert [client.get(page(name, number)).status_code for name in STRANGERS[who]] == [404, 404]
    index = BatchRow.objects.get().last_index
    assert client.get(page("batch-receipt", number, index)).status_code == 404


@pytest.mark.parametrize(
    ("who", "name", "arguments"),
    [
        ("stranger", "batch-task", ["papers"]),
        ("stranger", "batch-complete", ["papers"]),
        ("reviewer", "batch-task", ["site"]),
        ("reviewer", "batch-task", ["nothing"]),
        ("inspector", "batch-task", ["papers"]),
    ],
)
def test_work_of_another_department_is_not_there(town, who, name, arguments):
    number, client = accepted(town, 1), signed_in(getattr(town, who))
    go = client.post if name == "batch-complete" else client.get
    assert go(page(name, number, *arguments)).status_code == 404


@pytest.mark.parametrize("who", ["citizen", "reviewer", "neighbour"])
def test_the_windows_pages_are_the_windows(town, who):
    number, client = batch_town.batch(town, 1), signed_in(getattr(town, who))
    assert client.get(page("batch-desk", number)).status_code in (403, 404)
    form = {"case": batch_town.numbers(number), "once_key": ONCE}
    assert client.post(page("batch-accept", number), form).status_code in (403, 404)
    assert queries.of_batch(number)[0].stage == Stage.FILED


def test_only_a_chief_decides(town):
    number = reviewed(town, 1)
    form = {"case": batch_town.numbers(number), "once_key": ONCE, "granted": "yes"}
    answer = signed_in(town.reviewer).post(page("batch-decide", number), form)
    assert answer.status_code == 403
    assert queries.of_batch(number)[0].stage == Stage.DECIDING


def test_who_is_not_signed_in_is_sent_to_sign_in(town):
    number = batch_town.batch(town, 1)
    answer = Client().get(page("batch", number))
    assert answer.status_code == 302
    assert "next=" in answer.url
