"""The pages about papers: who opens which, what opening does, what stands still and why."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from mingtang.core.papers import Need, PaperKind, Reader, ServedHow
from mingtang.core.sheets import text as block
from mingtang.ledger.models import LedgerEntry
from mingtang.papers import access, actions, queries
from mingtang.papers.actions import making
from mingtang.papers.models import MakingRow
from mingtang.trust import actions as trust
from mingtang.vault import actions as vault_actions
from mingtang.vault import queries as vault
from tests.rooms import paper_words
from tests.rooms.case_town import signed_in
from tests.rooms.paper_words import SHEET, draft, drafts, licence, order, row
from tests.rooms.people_words import MONDAY

pytestmark = pytest.mark.django_db
KEY = "MT-7K2P-9QXD-2"
BATCH = "B-7K2P-9QXD"
UNDRAWN = "\U00030000"


@pytest.fixture(autouse=True)
def home(log_home):
    return log_home


@pytest.fixture
def office():
    return paper_words.build()


@pytest.fixture
def handles(office, monkeypatch):
    """The rule a room above has: the reviewer and the chief handle what the papers are about."""
    staff = {office.reviewer, office.chief}
    monkeypatch.setattr(access, "rules", [lambda actor, row: actor.person in staff])
    monkeypatch.setattr(access, "addressees", [])
    return office


@pytest.fixture
def made(office):
    order(draft(owner=office.citizen))
    assert making.make_due(at=MONDAY) == 1
    return KEY


def page(name, *args):
    return reverse(f"papers:{name}", args=args)


def text(response):
    return response.content.decode()


def opened(someone, key=KEY, query=""):
    """Open the file in a browser of this person, to the end; return the response and the bytes."""
    response = signed_in(someone).get(page("pdf", key) + query)
    assert response.status_code == 200
    return response, b"".join(response.streaming_content)


def services():
    return LedgerEntry.objects.filter(kind="paper.served.v1").count()


# ── One paper ───────────────────────────────────────────────────────────────


def test_a_paper_is_shown_to_whom_it_is_for_with_all_that_proves_it(office, made):
    response = signed_in(office.citizen).get(page("paper", made))
    paper, said = row(), text(response)
    assert response.status_code == 200
    for wanted in ("受理通知书", paper.number, "您提交的申请已经受理。", "演示事项许可"):
        assert wanted in said
    code = " ".join(re.findall("....", paper.code))
    for wanted in (code, paper.sha256, paper.seal_no, paper.letter_no, "测试印章，没有法律效力"):
        assert wanted in said
    assert reverse("portal:check_code", args=[paper.code]) in said
    assert reverse("portal:receipt", args=[paper.issued_index]) in said
    assert "打开或下载即为送达" in said
    assert services() == 0  # looking at the page is not opening the paper


@pytest.mark.parametrize("name", ["paper", "pdf"])
def test_a_paper_does_not_exist_for_anybody_else(handles, made, name):
    for stranger in (handles.neighbour, handles.manager, handles.overseer, handles.stranger):
        assert signed_in(stranger).get(page(name, made)).status_code == 404
    assert signed_in(handles.citizen).get(page(name, "MT-0000-0000-1")).status_code == 404
    assert services() == 0


def test_with_no_rule_from_above_only_its_owner_opens_a_paper(office, made, monkeypatch):
    monkeypatch.setattr(access, "rules", [])
    monkeypatch.setattr(access, "addressees", [])
    assert signed_in(office.reviewer).get(page("paper", made)).status_code == 404
    assert signed_in(office.citizen).get(page("paper", made)).status_code == 200


def test_a_paper_of_nobody_in_particular_is_not_everybodys(office, handles):
    order()
    making.make_due(at=MONDAY)
    assert row().owner == ""
    assert signed_in(office.citizen).get(page("paper", KEY)).status_code == 404


def test_the_file_is_sent_to_be_read_and_nothing_in_it_may_run(office, made):
    response, sent = opened(office.citizen)
    assert sent == vault.path_of(row().file).read_bytes()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_downloading_it_gives_it_its_name(office, made):
    response, _ = opened(office.citizen, query="?download")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_what_is_not_made_or_was_erased_has_no_file(office, made):
    order(draft("A-1", owner=office.citizen))
    browser = signed_in(office.citizen)
    assert browser.get(page("pdf", "A-1")).status_code == 404
    vault_actions.erase_document(id=row().file, at=MONDAY)
    assert browser.get(page("pdf", made)).status_code == 404
    assert services() == 0


def test_a_file_that_is_gone_is_not_served(office, made):
    vault.path_of(row().file).unlink()
    assert signed_in(office.citizen).get(page("pdf", made)).status_code == 404
    assert services() == 0


# ── Service ─────────────────────────────────────────────────────────────────


def test_the_addressee_opening_it_is_service_and_is_recorded_once(office, made):
    for _ in range(3):
        opened(office.citizen)
    assert services() == 1
    paper = row()
    assert (paper.served_how, paper.recipient, paper.served_by) == (
        "online",
        "演示甲",
        office.citizen,
    )
    assert "电子送达" in text(signed_in(office.citizen).get(page("paper", made)))


def test_staff_opening_it_is_no_service(handles, made):
    opened(handles.reviewer)
    assert services() == 0


def test_whoever_stands_for_the_addressee_is_known_by_the_room_above(office, made, monkeypatch):
    monkeypatch.setattr(access, "addressees", [lambda actor, row: actor.name == "演示乙"])
    opened(office.neighbour)
    assert (row().served_how, row().recipient) == ("online", "演示乙")


def test_a_record_of_service_is_itself_not_served(office):
    order(draft(paper=PaperKind.SERVICE, owner=office.citizen))
    making.make_due(at=MONDAY)
    opened(office.citizen)
    assert services() == 0
    said = text(signed_in(office.citizen).get(page("paper", KEY)))
    assert "打开或下载即为送达" not in said


def test_staff_record_that_it_was_handed_over(handles, made):
    browser = signed_in(handles.chief)
    assert "登记送达" in text(browser.get(page("paper", made)))
    sent = {"how": "window", "recipient": "演示丙"}
    response = browser.post(page("serve", made), sent)
    assert response.status_code == 302
    paper = row()
    assert (paper.served_how, paper.recipient, paper.served_by) == (
        "window",
        "演示丙",
        handles.chief,
    )
    assert "登记送达" not in text(browser.get(page("paper", made)))


@pytest.mark.parametrize(
    "sent",
    [{"how": "window", "recipient": " "}, {"how": "online", "recipient": "演示丙"}, {}],
)
def test_what_is_filled_in_badly_is_not_recorded(handles, made, sent):
    response = signed_in(handles.chief).post(page("serve", made), sent)
    assert response.status_code == 422
    assert "error-summary" in text(response)
    assert services() == 0


def test_what_was_served_already_is_not_served_again(handles, made):
    paper_words.serve(made)
    response = signed_in(handles.chief).post(
        page("serve", made), {"how": "post", "recipient": "演示丙"}
    )
    assert response.status_code == 409
    assert row().served_how == "window"
    assert services() == 1


def test_nobody_records_the_service_of_what_is_for_them_or_of_what_they_may_not_open(handles, made):
    """Reviewers hand nothing over; the chief of this department may not open another's paper."""
    sent = {"how": "window", "recipient": "演示丙"}
    assert signed_in(handles.reviewer).post(page("serve", made), sent).status_code == 403
    order(draft("A-1", owner=handles.chief))
    making.make_due(at=MONDAY)
    assert signed_in(handles.chief).post(page("serve", "A-1"), sent).status_code == 404
    assert services() == 0


def test_the_holder_sees_who_looked_and_staff_do_not(handles):
    [key] = order(licence(owner=handles.citizen))
    making.make_due(at=MONDAY)
    reader = Reader(person=handles.reviewer, staff_no="N-003", organisation="education")
    need = Need(handed_in=False, closed=False, in_hand=True, asked=True)
    said = {"case": "MT-1111-2222", "purpose": "核对资质", "need": lambda: need}
    actions.read(key=key, reader=reader, at=MONDAY, **said)
    mine = text(signed_in(handles.citizen).get(page("paper", key)))
    assert "谁查阅过" in mine
    assert "MT-1111-2222" in mine
    assert "谁查阅过" not in text(signed_in(handles.reviewer).get(page("paper", key)))


# ── Waiting ─────────────────────────────────────────────────────────────────


@pytest.fixture
def stuck(office):
    odd = replace(SHEET, blocks=(block(UNDRAWN),))
    order(draft("A-1", sheet=odd), draft("A-2", item="E-2"), draft("A-3", organ="health"))
    assert making.make_due(at=MONDAY) == 0
    order(draft("A-4"))
    return office


def test_managers_see_what_stands_still_why_and_what_to_do(stuck):
    said = text(signed_in(stuck.manager).get(page("waiting")))
    assert f"字体里没有这些字，没有制作：{UNDRAWN}。" in said
    assert "授权书没有包括这个事项。" in said
    assert reverse("people:mandates") in said
    assert "演示health" not in said
    assert said.count("制作中") == 1


def test_those_who_oversee_the_centre_see_every_department(stuck):
    for person in (stuck.overseer, stuck.inspector):
        said = text(signed_in(person).get(page("waiting")))
        assert "这个部门还没有行政审批专用章。" in said
        assert reverse("people:mandates") not in said  # not theirs to grant


def test_whoever_decides_sees_what_became_of_it_in_their_own_department(stuck):
    said = text(signed_in(stuck.chief).get(page("waiting")))
    assert "授权书没有包括这个事项。" in said
    assert "演示health" not in said


def test_another_departments_manager_sees_their_own(stuck):
    said = text(signed_in(stuck.stranger).get(page("waiting")))
    assert "这个部门还没有行政审批专用章。" in said
    assert "演示education" not in said


def test_nothing_waiting_says_so(office):
    assert "没有等待制作的文书" in text(signed_in(office.manager).get(page("waiting")))


def test_asking_for_another_try_concerns_ones_own_department(stuck):
    before = dict(MakingRow.objects.values_list("key", "next_try_at"))
    response = signed_in(stuck.manager).post(page("again"), follow=True)
    assert "已安排重新制作 2 份。" in text(response)
    after = dict(MakingRow.objects.values_list("key", "next_try_at"))
    assert {key for key in after if after[key] != before[key]} == {"A-1", "A-2"}
    making.make_due(at=after["A-1"])
    assert dict(MakingRow.objects.values_list("key", "attempts"))["A-1"] == 2


def test_what_is_being_made_is_no_affair_of_citizens(stuck):
    assert signed_in(stuck.citizen).get(page("waiting")).status_code == 403
    assert signed_in(stuck.citizen).post(page("again")).status_code == 403


# ── Progress of a batch ─────────────────────────────────────────────────────


def progress(office, query="", person=""):
    return signed_in(person or office.citizen).get(page("progress", BATCH) + query)


def test_progress_asks_for_itself_until_all_is_made(office):
    order(*drafts(3, batch=BATCH, owner=office.citizen))
    assert 'hx-trigger="every 2s"' in text(progress(office))
    assert "已制作 0 份，共 3 份" in text(progress(office))
    making.make_due(at=MONDAY, limit=2)
    said = text(progress(office))
    assert "已制作 2 份，共 3 份" in said
    assert '<progress value="2" max="3"' in said
    making.make_due(at=MONDAY)
    said = text(progress(office))
    assert "3 份已全部制作、签章并核验" in said
    assert "hx-trigger" not in said


def test_progress_waits_for_as_many_as_it_is_told_of_the_kind_it_is_told(office):
    order(*drafts(2, batch=BATCH, owner=office.citizen))
    making.make_due(at=MONDAY)
    said = text(progress(office, "?kind=granted&of=2"))
    assert "已制作 0 份，共 2 份" in said
    assert f"{page('progress', BATCH)}?kind=granted&amp;of=2" in said
    assert "hx-trigger" not in text(progress(office, "?kind=accepted&of=2"))
    assert "hx-trigger" not in text(progress(office, "?kind=nonsense&of=-1"))


def test_progress_says_what_stands_still(office):
    trust.suspend_seal(key="education-1", reason="疑似盗用", by=office.chief, at=MONDAY)
    order(*drafts(3, batch=BATCH, owner=office.citizen))
    making.make_due(at=MONDAY)
    said = text(progress(office))
    assert "3 份停下：这枚印章已停用，恢复后才能用印。" in said
    assert "hx-trigger" in said


def test_progress_is_nobody_elses(office):
    order(*drafts(1, batch=BATCH, owner=office.citizen))
    assert progress(office, person=office.neighbour).status_code == 404
    assert signed_in(office.citizen).get(page("progress", "B-0000-0000")).status_code == 404


# ── Uses of a seal ──────────────────────────────────────────────────────────


def test_every_use_of_a_seal_names_document_decision_and_letter(office, made):
    paper = row()
    for person in (office.manager, office.chief, office.inspector):
        said = text(signed_in(person).get(page("uses", "education-1")))
        for wanted in (paper.number, paper.sha256, paper.letter_no, "演示2"):
            assert wanted in said
        assert reverse("portal:entry", args=[paper.cause]) in said
        assert reverse("portal:entry", args=[paper.issued_index]) in said
        assert "演示甲" not in said  # whose paper it is, is no affair of the seal


def test_the_uses_of_a_seal_are_not_for_other_departments(office, made):
    assert signed_in(office.stranger).get(page("uses", "education-1")).status_code == 404
    assert signed_in(office.overseer).get(page("uses", "education-1")).status_code == 404
    assert signed_in(office.manager).get(page("uses", "education-2")).status_code == 404


def test_uses_of_an_earlier_seal_stay_its_own(office, made):
    trust.destroy_seal(key="education-1", reason="换章", by=office.manager, at=MONDAY)
    paper_words.make_seal(office, seal_no="9900000000017")
    assert "还没有用过" in text(signed_in(office.manager).get(page("uses", "education-2")))
    assert row().number in text(signed_in(office.manager).get(page("uses", "education-1")))


def test_uses_come_in_pages(office):
    order(*drafts(51))
    while making.make_due(at=MONDAY):
        pass
    browser = signed_in(office.manager)
    first = text(browser.get(page("uses", "education-1")))
    second = text(browser.get(page("uses", "education-1") + "?page=2"))
    assert (first.count("受理通知书"), second.count("受理通知书")) == (50, 1)
    assert "共 51 条" in first


# ── The list other rooms include ────────────────────────────────────────────


def test_a_list_says_of_each_paper_where_it_stands(office, made):
    from django.template.loader import render_to_string

    order(draft("A-1"), draft("A-2", organ="health"))
    making.make_due(at=MONDAY, limit=2)
    order(draft("A-3"))
    paper_words.serve("A-1", at=MONDAY + timedelta(hours=1), how=ServedHow.POST)
    rows = [row(key) for key in (made, "A-1", "A-2", "A-3")]
    said = render_to_string("papers/_list.html", {"papers": queries.lines(rows)})
    lamps = re.findall(r"</svg>([^<]+)</span>", said)
    assert lamps == ["已制作", "已送达", "等待用印", "制作中"]
    assert "邮寄送达 2026-03-02 10:00:00" in said
    assert "这个部门还没有行政审批专用章。" in said
    assert said.count(".pdf") == 2
