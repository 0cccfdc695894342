"""An e-licence in place of an upload; and the trace of every officer who looked at one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases import queries
from mingtang.config.wiring import REACTIONS
from mingtang.core.cases import Applicant
from mingtang.core.people import Role
from mingtang.ledger import reactions
from mingtang.ledger.replay import history
from mingtang.licences import actions as licences
from mingtang.papers import queries as papers
from mingtang.vault import queries as vault
from tests.core.case_examples import MONDAY
from tests.rooms import batch_town, case_town, sharing_words
from tests.rooms import licence_words as words
from tests.rooms.case_town import ITEM, ONCE, page, row, signed_in, step

pytestmark = pytest.mark.django_db
OURS = [one for one in REACTIONS if one.reader.startswith("licences.")]


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def office():
    office = words.build()
    sharing_words.ask_for_it(office)
    for reaction in OURS:
        reactions.begin(reaction)
    return office


@pytest.fixture
def held(office):
    """Return the paper of a licence the citizen holds."""
    key = words.licensed(office)
    hear()
    return papers.paper(f"{key}-L1")


def hear():
    for reaction in OURS:
        reactions.run(reaction)


def suspend(office, held):
    key = held.about.partition("/")[2]
    licences.suspend(key=key, reason="核查", officer=words.chief(office), at=MONDAY)
    hear()


def text_of(answer):
    return answer.content.decode()


def fetch(someone, *args):
    """Return status and bytes of what this person is sent."""
    answer = signed_in(someone).get(page(*args))
    sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, sent


def traces(held):
    """Return who looked, for which case and why, newest first."""
    return [
        (one.reader, one.staff_no, one.organisation, one.case, one.purpose)
        for one in papers.readings_of(held.key)
    ]


def entries(held):
    return len(history(f"paper/{held.key}"))


# ── In place of an upload ───────────────────────────────────────────────────


@pytest.fixture
def applicant(office, held):
    client = signed_in(office.citizen)
    client.post(step("situation"), {"s1": "no"})
    return client


def choose(client, file):
    return client.post(step("materials"), {"do": "add", "material": "m1", "earlier": file})


def test_ones_own_licence_is_offered_first_with_number_and_term(applicant, held):
    answer = applicant.get(step("materials"))
    [(file, paper, until)] = answer.context["licences"]
    assert (file.id, paper.key) == (held.file, held.key)
    assert until == "2026年3月2日至2031年3月1日"
    assert held.file not in {row.id for row in answer.context["earlier"]}
    shown = text_of(answer)
    assert shown.index("使用这份证照") < shown.index("选文件上传")
    for part in (held.title, held.number, "2026年3月2日至2031年3月1日"):
        assert part in shown


def test_what_was_uploaded_before_is_offered_after_them(applicant, office, held):
    old = case_town.kept(office.citizen, "旧材料.pdf")
    answer = applicant.get(step("materials"))
    assert old.id in [row.id for row in answer.context["earlier"]]
    shown = text_of(answer)
    assert shown.index("使用这份证照") < shown.index("旧材料.pdf")
    assert choose(applicant, old.id).status_code == 302


def test_a_click_hands_it_in(applicant, office, held):
    assert choose(applicant, held.file).status_code == 302
    applicant.post(step("materials"), {"do": "next"})
    applicant.post(step("form"), {"form-premises": "演示路 2 号", "form-kind": "shop"})
    number = applicant.post(step("confirm"), {"once_key": ONCE}).url.split("/")[2]
    [document] = history(f"case/{number}")[0].event.documents
    kept = vault.document(held.file)
    assert (document.id, document.sha256, document.sm3) == (held.file, kept.sha256, kept.sm3)


def test_what_is_not_good_today_is_neither_offered_nor_taken(applicant, office, held):
    suspend(office, held)
    assert applicant.get(step("materials")).context["licences"] == []
    assert choose(applicant, held.file).status_code == 404


def test_what_was_chosen_and_is_suspended_since_does_not_count(applicant, office, held):
    choose(applicant, held.file)
    suspend(office, held)
    answer = applicant.post(step("materials"), {"do": "next"})
    assert answer.status_code == 422
    assert "这份材料是必要的" in text_of(answer)


def test_nobody_hands_in_anothers_licence(office, held):
    client = signed_in(office.neighbour)
    client.post(step("situation"), {"s1": "no"})
    assert client.get(step("materials")).context["licences"] == []
    assert choose(client, held.file).status_code == 404


# ── Handed in, it leaves a trace when an officer opens it ───────────────────


@pytest.fixture
def handed_in(office, held):
    """Return a case among whose documents the licence is."""
    applicant = Applicant(
        kind="person",
        id=office.citizen,
        name="演示甲",
        id_number="E00000001",
        phone="19900000001",
    )
    number = cases.file_case(
        item=ITEM,
        applicant=applicant,
        answers={"s1": "no"},
        form={"premises": "演示路 2 号", "kind": "shop"},
        documents=[case_town.document(vault.document(held.file), "m1")],
        at=MONDAY,
    ).key
    cases.accept(number=number, officer=case_town.clerk(office), at=MONDAY)
    return number


def test_an_officer_who_opens_it_is_named_to_its_holder(office, held, handed_in):
    status, sent = fetch(office.reviewer, "document", handed_in, held.file)
    assert (status, sent[:5]) == (200, b"%PDF-")
    assert traces(held) == [(office.reviewer, "N-004", "market", handed_in, "食品经营许可")]
    citizen = signed_in(office.citizen)
    shown = text_of(citizen.get(reverse("licences:licence", args=[held.about[8:]])))
    for part in ("N-004", "演示市场监督管理局", handed_in, "食品经营许可"):
        assert part in shown


def test_a_second_look_on_the_day_is_no_second_trace_and_the_next_day_is(
    office, held, handed_in, monkeypatch
):
    for _twice in range(2):
        fetch(office.reviewer, "document", handed_in, held.file)
    assert len(traces(held)) == 1
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=1))
    fetch(office.reviewer, "document", handed_in, held.file)
    assert len(traces(held)) == 2


def test_its_holder_and_those_kept_out_leave_none(office, held, handed_in):
    before = entries(held)
    assert fetch(office.citizen, "document", handed_in, held.file)[0] == 200
    assert fetch(office.stranger, "document", handed_in, held.file)[0] == 404
    assert entries(held) == before


def test_an_upload_leaves_none(office, held):
    number = case_town.accepted(office)
    before = entries(held)
    [upload] = queries.documents_of(number)
    assert fetch(office.reviewer, "document", number, upload) == (200, case_town.PDF)
    assert entries(held) == before


# ── Not handed in: for the case in hand, by name ────────────────────────────


def looked(office, who, number, key):
    return fetch(getattr(office, who), "licence", number, key)[0]


def test_whoever_has_the_case_in_hand_finds_the_licence_by_name_and_not_what_is_on_it(office, held):
    number = case_town.accepted(office)
    for who, task in (("reviewer", "papers"), ("inspector", "site")):
        answer = signed_in(getattr(office, who)).get(page("task", number, task))
        assert answer.context["licences"] == [(held, "演示市场监督管理局")]
        assert page("licence", number, held.key) in text_of(answer)
        assert "查阅（留痕）" in text_of(answer)
        assert held.number not in text_of(answer)
    assert traces(held) == []


def test_a_look_is_recorded_before_it_is_shown(office, held):
    number = case_town.accepted(office)
    vault.path_of(held.file).unlink()  # so that there is nothing to send
    assert looked(office, "inspector", number, held.key) == 404
    assert traces(held) == [(office.inspector, "N-005", "inspection", number, "食品经营许可")]
    assert len(history(f"paper/{held.key}")) == 3  # ordered, issued, read


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 404),
        ("citizen", 403),
        ("neighbour", 403),
        ("manager", 403),
        ("overseer", 403),
        ("administrator", 403),
    ],
)
def test_nobody_else_looks(office, held, who, status):
    number = case_town.accepted(office)
    before = entries(held)
    assert looked(office, who, number, held.key) == status
    assert entries(held) == before


def test_once_the_step_is_done_nobody_looks_any_more(office, held):
    number = case_town.accepted(office)
    words.review(number, "papers", case_town.officer(office.reviewer, "N-004", "market"), MONDAY)
    assert looked(office, "reviewer", number, held.key) == 404
    done = signed_in(office.reviewer).get(page("task", number, "papers"))
    assert done.context["licences"] == []
    assert traces(held) == []


def test_in_anothers_case_it_is_not_there(office, held):
    number = case_town.accepted(office, someone=office.neighbour)
    assert queries.licences_of(row(number)) == []
    assert looked(office, "reviewer", number, held.key) == 404
    assert traces(held) == []


def test_what_is_suspended_is_not_there(office, held):
    number = case_town.accepted(office)
    suspend(office, held)
    assert looked(office, "reviewer", number, held.key) == 404
    assert traces(held) == []


def test_an_officer_does_not_look_at_their_own(office):
    key = words.licensed(office)
    assert papers.paper(f"{key}-L1").issued_at is not None
    number = case_town.accepted(office, someone=office.reviewer)
    assert looked(office, "reviewer", number, f"{key}-L1") == 404


# ── Of an organisation ──────────────────────────────────────────────────────


def hospital(agent):
    return Applicant(
        kind="organisation",
        id=batch_town.HOSPITAL,
        name="演示医院",
        id_number=words.USCC,
        phone="19900000001",
        agent=agent,
    )


def file_for_the_hospital(agent):
    return cases.file_case(
        item=ITEM,
        applicant=hospital(agent),
        answers={"s1": "no"},
        form={"premises": "演示路 3 号", "kind": "shop"},
        documents=[case_town.document(case_town.kept(agent), "m1")],
        at=MONDAY,
    ).key


def test_an_organisation_s_licences_are_those_in_its_name_whoever_filed(office, held):
    """Not those its agent holds in person, though they lie in the same vault."""
    batch_town.found(office)
    granted = words.granted(office, number=file_for_the_hospital(office.citizen))
    words.work()
    hear()
    number = file_for_the_hospital(office.neighbour)
    assert [one.key for one in queries.licences_of(row(number))] == [f"{granted}-L1"]
    own = case_town.filed(office)
    assert [one.key for one in queries.licences_of(row(own))] == [held.key]


def test_a_clerk_looks_while_it_waits_at_the_window(office, held):
    number = case_town.filed(office)
    newcomer = case_town.official(40, Role.WINDOW_CLERK, "centre", office="window-7")
    assert fetch(newcomer, "licence", number, held.key)[0] == 200
    assert traces(held) == [(newcomer, "N-040", "centre", number, "食品经营许可")]
