"""What another item gave is not asked for: looked up, read for the case in hand, and on record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases import queries
from mingtang.cases.actions import joint
from mingtang.cases.models import CaseRow, SharedRow
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.config.wiring import REACTIONS
from mingtang.core.bundles import BundleContent
from mingtang.core.cases import MaterialsShared, SharedMaterial, SharedOutcome
from mingtang.core.catalogue import FormField
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.ledger import reactions
from mingtang.ledger.replay import history
from mingtang.licences import actions as licences
from mingtang.papers import actions as papers_actions
from mingtang.papers import queries as papers
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.vault import queries as vault
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.core.licence_examples import CONTENT
from tests.rooms import case_town, sharing_words
from tests.rooms import licence_words as words
from tests.rooms.case_town import ONCE, page, signed_in, step
from tests.rooms.sharing_words import CANTEEN, ENTRY, TAKER, filed
from tests.words import refused

pytestmark = pytest.mark.django_db
OURS = [one for one in REACTIONS if one.reader.startswith("licences.")]
FOUND = SharedMaterial(
    material="m3", resource="food-licence", supplier="market", outcome=SharedOutcome.FOUND
)


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def office():
    office = words.build()
    sharing_words.share(office)
    for reaction in OURS:
        reactions.begin(reaction)
    return office


def hear():
    for reaction in OURS:
        reactions.run(reaction)


@pytest.fixture
def held(office):
    """Return the paper of a licence the citizen holds, given by the market office."""
    key = words.licensed(office)
    hear()
    return papers.paper(f"{key}-L1")


def suspend(office, held):
    key = held.about.partition("/")[2]
    licences.suspend(key=key, reason="核查", officer=words.chief(office), at=MONDAY)
    hear()


def shared(number):
    return history(f"case/{number}")[1].event


def outcomes(number):
    return [(one.material, one.outcome) for one in shared(number).shared]


# ── Filed ───────────────────────────────────────────────────────────────────


def test_what_the_applicant_holds_is_not_asked_for(office, held):
    number = filed(office)
    assert shared(number) == MaterialsShared(
        shared=(FOUND,), papers=f'{{"m3":"{held.key}"}}', at=MONDAY
    )
    row = SharedRow.objects.get()
    said = (row.id, row.department, row.supplier, row.outcome, row.paper)
    assert said == (f"{number}.m3", "education", "market", "found", held.key)
    assert history(f"case/{number}")[0].event.documents == ()


def test_who_holds_none_hands_it_in_and_the_record_says_why(office):
    with refused("case.material-missing"):
        filed(office)
    scan = case_town.document(case_town.kept(office.citizen), "m3")
    assert outcomes(filed(office, documents=[scan])) == [("m3", "not_held")]


def test_what_is_not_good_today_does_not_count(office, held):
    suspend(office, held)
    scan = case_town.document(case_town.kept(office.citizen), "m3")
    assert outcomes(filed(office, documents=[scan])) == [("m3", "lapsed")]


def test_anothers_licence_does_not_count(office, held):
    with refused("case.material-missing"):
        filed(office, applicant=sharing_words.applicant(office.neighbour, "演示乙"))


def test_once_its_entry_is_withdrawn_it_is_asked_for_again(office, held):
    catalogue.withdraw_resource(code="food-licence", reason="系统停用", by=office.head, at=MONDAY)
    with refused("case.material-missing"):
        filed(office)
    scan = case_town.document(case_town.kept(office.citizen), "m3")
    number = filed(office, documents=[scan])
    assert outcomes(number) == [("m3", "not_supplied")]
    assert shared(number).shared[0].supplier == ""


def test_a_licence_counts_by_its_type_whichever_level_gave_it(office, held):
    """证照互认: the entry names the type and not a single item."""
    by_type = replace(ENTRY, items=(), types=(CONTENT.code,))
    sharing_words.supply(office, by_type)
    assert outcomes(filed(office)) == [("m3", "found")]
    other = replace(by_type, types=(words.WORKER_CODE,))
    sharing_words.supply(office, other)
    with refused("case.material-missing"):
        filed(office)


def test_every_row_of_a_batch_goes_without_it(office, held):
    many = replace(
        CANTEEN,
        form=(*CANTEEN.form, FormField(name="name", label="姓名")),
        batch_fields=("name",),
    )
    case_town.publish(many, draft=2)
    batch = words.batches.file_batch(
        item=TAKER,
        applicant=sharing_words.applicant(office.citizen),
        answers={},
        rows=[{**sharing_words.ANSWERS, "name": name} for name in ("演示丙", "演示丁")],
        documents=[],
        at=MONDAY,
    )
    numbers = [row.number for row in queries.of_batch(batch.key)]
    assert [outcomes(number) for number in numbers] == [[("m3", "found")]] * 2


def test_an_item_that_shares_nothing_leaves_no_event(office, held):
    assert len(history(f"case/{case_town.filed(office)}")) == 1


def test_what_was_spared_is_counted_by_department(office, held):
    filed(office)
    filed(office)
    scan = case_town.document(case_town.kept(office.neighbour), "m3")
    other = sharing_words.applicant(office.neighbour, "演示乙")
    filed(office, applicant=other, documents=[scan])
    everything = [queries.Spared("education", 3, 2, 1)]
    assert queries.materials_spared() == everything
    assert queries.materials_spared(department="education", item=TAKER) == everything
    assert queries.materials_spared(department="market") == []
    assert queries.materials_spared(since=MONDAY + timedelta(seconds=1)) == []


# ── Read by those who handle it ─────────────────────────────────────────────


def accepted(office, **changes):
    number = filed(office, **changes)
    cases.accept(number=number, officer=case_town.clerk(office), at=MONDAY)
    return number


def look(someone, number, held):
    answer = signed_in(someone).get(page("licence", number, held.key))
    if answer.streaming:
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    return answer.status_code


def readers(held):
    return [(one.reader, one.case, one.purpose) for one in papers.readings_of(held.key)]


def test_another_department_reads_it_for_its_case_and_the_holder_sees_that(office, held):
    number = accepted(office)
    answer = signed_in(office.stranger).get(page("task", number, "look"))
    shown = answer.content.decode()
    assert "共享获取" in shown
    assert page("licence", number, held.key) in shown
    assert look(office.stranger, number, held) == 200
    assert readers(held) == [(office.stranger, number, "校园供餐备案")]
    mine = signed_in(office.citizen).get(reverse("licences:readings")).content.decode()
    for said in ("N-008", "演示education", number, "校园供餐备案"):
        assert said in mine
    assert reverse("licences:readings") in signed_in(office.citizen).get("/me/").content.decode()


def test_a_clerk_reads_it_from_the_desk(office, held):
    number = filed(office)
    newcomer = case_town.official(40, Role.WINDOW_CLERK, "centre", office="window-7")
    shown = signed_in(newcomer).get(page("desk-case", number)).content.decode()
    assert page("licence", number, held.key) in shown
    assert look(newcomer, number, held) == 200


def test_who_has_no_case_of_it_does_not_read_it(office, held):
    number = accepted(office)
    assert look(office.reviewer, number, held) == 404  # of the organ that issued it
    assert look(office.overseer, number, held) == 403
    assert readers(held) == []


def test_what_the_case_does_not_ask_for_is_not_read(office, held):
    case_town.publish(replace(CANTEEN, materials=COMPLETE.materials[:1]), draft=2)
    paper = case_town.document(case_town.kept(office.citizen), "m1")
    number = accepted(office, documents=[paper])
    answer = signed_in(office.stranger).get(page("task", number, "look"))
    assert answer.context["licences"] == []
    assert look(office.stranger, number, held) == 404
    assert readers(held) == []


def test_once_the_case_is_closed_nobody_reads_it(office, held):
    number = accepted(office)
    assert look(office.stranger, number, held) == 200
    cases.withdraw(number=number, person=office.citizen, reason="不办了", at=MONDAY)
    assert look(office.stranger, number, held) == 404
    assert len(readers(held)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closed": True}, "paper.case-closed"),
        ({"in_hand": False}, "paper.case-not-in-hand"),
        ({"asked": False}, "paper.not-asked"),
    ],
)
def test_a_second_look_on_the_day_is_allowed_no_longer_than_the_first(office, held, changes, code):
    number = accepted(office)
    assert look(office.stranger, number, held) == 200
    reader = papers_actions.Reader(
        person=office.stranger, staff_no="N-008", organisation="education"
    )
    values = {"handed_in": False, "closed": False, "in_hand": True, "asked": True, **changes}
    with refused(code):
        papers_actions.read(
            key=held.key,
            reader=reader,
            case=number,
            purpose="校园供餐备案",
            need=lambda: papers_actions.papers.Need(**values),
            at=MONDAY,
        )


def test_who_read_how_often_is_counted_and_nobody_named(office, held):
    look(office.stranger, accepted(office), held)
    assert papers.looks_counted() == [papers.Looks("education", "market", 1)]


# ── In the wizard ───────────────────────────────────────────────────────────


def text_of(answer):
    return answer.content.decode()


def test_the_applicant_sees_where_it_is_taken_from_and_uploads_nothing(office, held):
    client = signed_in(office.citizen)
    shown = text_of(client.get(step("materials", TAKER)))
    assert "取自演示市场监督管理局签发的“演示食品经营许可证”" in shown
    assert "选文件上传" not in shown
    sent = {"do": "add", "material": "m3", "upload": case_town.upload()}
    assert client.post(step("materials", TAKER), sent).status_code == 404
    assert client.post(step("materials", TAKER), {"do": "next"}).status_code == 302
    answers = {f"form-{name}": value for name, value in sharing_words.ANSWERS.items()}
    client.post(step("form", TAKER), answers)
    assert "已共享获取" in text_of(client.get(step("confirm", TAKER)))
    number = client.post(step("confirm", TAKER), {"once_key": ONCE}).url.split("/")[2]
    assert outcomes(number) == [("m3", "found")]
    told = text_of(client.get(page("progress", number)))
    assert "共享获取材料 1 份，不用提交" in told


def test_what_is_not_found_is_asked_for_with_the_reason(office):
    client = signed_in(office.citizen)
    shown = text_of(client.get(step("materials", TAKER)))
    assert "没有查到，须自行提交" in shown
    assert "选文件上传" in shown
    assert client.post(step("materials", TAKER), {"do": "next"}).status_code == 422


def test_what_was_uploaded_before_it_was_found_is_left_out(office):
    client = signed_in(office.citizen)
    sent = {"do": "add", "material": "m3", "upload": case_town.upload()}
    assert client.post(step("materials", TAKER), sent).status_code == 302
    words.licensed(office)
    hear()
    assert "选文件上传" not in text_of(client.get(step("materials", TAKER)))
    answers = {f"form-{name}": value for name, value in sharing_words.ANSWERS.items()}
    client.post(step("form", TAKER), answers)
    number = client.post(step("confirm", TAKER), {"once_key": ONCE}).url.split("/")[2]
    assert history(f"case/{number}")[0].event.documents == ()
    assert [row.name for row in vault.documents_of(office.citizen) if row.name == "申请书.pdf"]


# ── In a bundle ─────────────────────────────────────────────────────────────

BUNDLE = BundleContent(
    name="开办学校食堂",
    lead="education",
    lead_name="演示education",
    government="province",
    government_name="演示省人民政府",
    items=(TAKER, case_town.ITEM),
)


def bundled(office, **changes):
    """Apply for both items at once; return the number of the joint case."""
    paper = case_town.document(case_town.kept(office.citizen), f"{case_town.ITEM}_m1")
    given = {
        "bundle": "canteen",
        "applicant": sharing_words.applicant(office.citizen),
        "answers": {f"{case_town.ITEM}_s1": "no"},
        "form": {f"{TAKER}_{name}": value for name, value in sharing_words.ANSWERS.items()},
        "documents": [paper],
        "at": MONDAY,
    }
    return joint.file_joint(**{**given, **changes}).key


@pytest.fixture
def canteen(office):
    body = Body(
        code="province", kind=OrganisationKind.GOVERNMENT, particulars=Particulars(name="演示省")
    )
    people.register_organisations(bodies=[body], by="t", at=MONDAY)
    catalogue.draft_bundle(key="canteen", content=BUNDLE, seen=0, by="t", at=MONDAY)
    catalogue.publish_bundle(key="canteen", draft=1, by="t", at=MONDAY)


def test_in_a_bundle_what_is_shared_is_not_handed_in_either(office, canteen, held):
    number = bundled(office)
    [case] = [one.number for one in queries.branches_of(number) if one.item == TAKER]
    assert shared(case).shared == (FOUND,)
    found, together = queries.sharing_for_bundle(
        catalogue_queries.bundle_in_force("canteen"), {}, sharing_words.applicant(office.citizen)
    )
    assert found[TAKER].found == {"m3"}
    assert together.found == {f"{TAKER}_m3"}
    assert together.papers == {f"{TAKER}_m3": held.key}


def test_in_a_bundle_what_is_not_held_is_missing_and_nothing_is_filed(office, canteen):
    with refused("case.material-missing"):
        bundled(office)
    assert not CaseRow.objects.exists()


def test_the_bundles_form_says_what_need_not_be_handed_in(office, canteen, held):
    citizen = signed_in(office.citizen)
    citizen.get(reverse("cases:joint-apply", args=["canteen"]))

    def at(name):
        return reverse("cases:joint-apply-step", args=["canteen", name])

    citizen.post(at("situation"), {f"{case_town.ITEM}_s1": "no"})
    shown = citizen.get(at("materials")).content.decode()
    assert "演示食品经营许可证" in shown
    citizen.post(
        at("materials"),
        {"do": "add", "material": f"{case_town.ITEM}_m1", "upload": case_town.upload()},
    )
    assert citizen.post(at("materials"), {"do": "next"}).url == at("form")
