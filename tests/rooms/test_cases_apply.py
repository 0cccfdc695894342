"""Applying from home: step by step, kept at every step, filed once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases.models import CaseRow
from mingtang.catalogue import actions as catalogue
from mingtang.core.catalogue import FormField, Material
from mingtang.ledger.replay import history
from mingtang.vault.models import DocumentRow, DraftRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE, item
from tests.rooms import case_town
from tests.rooms.case_town import ITEM, ONCE, PDF, page, signed_in, step, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town():
    return case_town.build()


@pytest.fixture
def client(town):
    return signed_in(town.citizen)


FORM = {"form-premises": "演示路 1 号", "form-kind": "shop"}


def go_to_confirm(client):
    """Answer every step the short way: no catering, one material, the form."""
    client.post(step("situation"), {"s1": "no"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    client.post(step("materials"), {"do": "next"})
    return client.post(step("form"), FORM)


def submit(client, once=ONCE):
    return client.post(step("confirm"), {"once_key": once})


def test_a_citizen_applies_from_the_first_question_to_the_receipt(client, town):
    answer = client.get(page("apply", ITEM))
    assert (answer.status_code, answer.url) == (302, step("situation"))

    answer = client.post(step("situation"), {"s1": "yes"})
    assert answer.url == step("materials")
    text = client.get(step("materials")).content.decode()
    assert "申请书" in text
    assert "平面图" in text

    client.post(step("situation"), {"s1": "no"})
    assert "平面图" not in client.get(step("materials")).content.decode()
    assert go_to_confirm(client).url == step("confirm")

    text = client.get(step("confirm")).content.decode()
    for shown in ("演示甲", "演示路 1 号", "食品店", "申请书.pdf", "提交申请"):
        assert shown in text
    assert "E00000001" not in text

    answer = submit(client)
    case = CaseRow.objects.get()
    assert answer.url == page("filed", case.number)
    assert (case.applicant, case.phone_tail, case.channel) == (town.citizen, "0001", "online")
    [written] = history(f"case/{case.number}")
    assert written.event.documents[0].material == "m1"
    text = client.get(answer.url).content.decode()
    assert case.number in text
    assert "我们最迟于 2026-03-09（周一）告知是否受理" in text
    assert not DraftRow.objects.exists()


def test_a_double_click_gives_the_same_case(client):
    go_to_confirm(client)
    first, second = submit(client), submit(client)
    assert first.url == second.url
    assert CaseRow.objects.count() == 1


def test_the_same_key_sent_while_the_first_is_under_way_files_nothing_more(client, town):
    """The draft is still there when the second click is read: the ledger tells them apart."""
    go_to_confirm(client)
    draft = DraftRow.objects.get()
    first = submit(client)
    draft.save(force_insert=True)
    assert submit(client).url == first.url
    assert CaseRow.objects.count() == 1


def test_two_tabs_with_one_draft_carry_one_key(client):
    go_to_confirm(client)
    keys = {
        re.search(r'name="once_key" value="([^"]+)"', client.get(step("confirm")).content.decode())[
            1
        ]
        for _tab in range(2)
    }
    [key] = keys
    assert submit(client, key).url == submit(client, key).url

    go_to_confirm(client)
    again = client.get(step("confirm")).content.decode()
    assert key not in again  # another application of the same person is another one


@pytest.mark.parametrize("once", ["", "short", "x" * 65, "<script>alert(1)</script>"])
def test_a_made_up_once_key_files_nothing_and_loses_nothing(client, once):
    go_to_confirm(client)
    answer = submit(client, once)
    assert answer.status_code == 422
    assert "没有提交" in answer.content.decode()
    assert not CaseRow.objects.exists()
    assert submit(client).status_code == 302


def test_another_persons_once_key_is_not_mine(client, town):
    go_to_confirm(client)
    first = submit(client)
    neighbour = signed_in(town.neighbour)
    go_to_confirm(neighbour)
    second = submit(neighbour)
    assert first.url != second.url
    assert CaseRow.objects.count() == 2


def test_without_a_token_nothing_is_taken(town):
    client = signed_in(town.citizen)
    client.handler.enforce_csrf_checks = True
    answer = client.post(step("situation"), {"s1": "no"})
    assert answer.status_code == 403
    assert not DraftRow.objects.exists()


# ── Drafts ──────────────────────────────────────────────────────────────────


def test_a_draft_survives_signing_out_and_another_browser(client, town):
    client.post(step("situation"), {"s1": "no"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    client.post(step("materials"), {"do": "next"})
    client.post(step("form"), {"form-premises": "写了一半"})
    client.logout()

    again = signed_in(town.citizen)
    answer = again.get(page("apply", ITEM))
    assert answer.url == step("form")
    assert "写了一半" in again.get(step("form")).content.decode()
    assert "申请书.pdf" in again.get(step("materials")).content.decode()
    drafts = again.get(page("mine") + "?tab=drafts").content.decode()
    assert COMPLETE.name in drafts


def test_typing_is_saved_by_itself_and_only_for_who_is_signed_in(client):
    answer = client.post(reverse("cases:apply-draft", args=[ITEM]), {"form-premises": "半句"})
    assert answer.status_code == 204
    assert "半句" in DraftRow.objects.get().content
    client.logout()
    answer = client.post(reverse("cases:apply-draft", args=[ITEM]), {"form-premises": "x"})
    assert answer.status_code == 401


def test_an_expired_draft_says_what_was_kept_and_can_go_on(client, town, monkeypatch):
    client.post(step("situation"), {"s1": "no"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=91))
    client = signed_in(town.citizen)
    answer = client.get(step("materials"))
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "草稿已过期" in text
    assert "申请书.pdf" in text

    answer = client.post(reverse("cases:apply-renew", args=[ITEM]))
    assert answer.status_code == 302
    assert "申请书.pdf" in client.get(step("materials")).content.decode()


def test_a_draft_that_is_gone_says_so(client):
    answer = client.get(step("form"))
    assert answer.status_code == 410
    assert "没有找到这份申请的草稿" in answer.content.decode()


def test_discarding_a_draft_keeps_the_files(client):
    client.post(step("situation"), {"s1": "no"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    client.post(reverse("cases:apply-discard", args=[ITEM]))
    assert not DraftRow.objects.exists()
    client.post(step("situation"), {"s1": "no"})
    assert "申请书.pdf" in client.get(step("materials")).content.decode()


def test_a_draft_begun_under_an_older_version_says_what_changed(client):
    go_to_confirm(client)
    case_town.publish(
        item(
            materials=(*COMPLETE.materials, Material(key="m3", name="租赁合同", basis="办法")),
            form=(*COMPLETE.form, FormField(name="area", label="面积", kind="integer")),
        ),
        draft=2,
    )
    text = client.get(step("confirm")).content.decode()
    for shown in ("新版本", "增加材料：租赁合同", "申请表增加：面积", "缺少材料：租赁合同"):
        assert shown in text
    assert submit(client).status_code == 422
    client.post(reverse("cases:apply-renew", args=[ITEM]))
    assert "新版本" not in client.get(step("situation")).content.decode()
    assert "申请书.pdf" in client.get(step("materials")).content.decode()


def test_an_item_that_closed_meanwhile_says_so_and_keeps_the_draft(client):
    client.post(step("situation"), {"s1": "no"})
    catalogue.withdraw_item(key=ITEM, reason="停办", by="t", at=MONDAY)
    answer = client.get(page("apply", ITEM))
    assert answer.status_code == 409
    assert "草稿和上传的文件都还在" in answer.content.decode()
    assert client.get(page("apply", "no-such-item")).status_code == 404


# ── Files ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.pdf", b"", "空"),
        ("页面.pdf", b"<html><script>alert(1)</script>", "不是允许的格式"),
        ("程序.exe", b"MZ\x90\x00", "不是允许的格式"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_the_others_stay(client, name, content, said):
    client.post(step("situation"), {"s1": "no"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    answer = client.post(
        step("materials"), {"do": "add", "material": "m1", "upload": upload(name, content)}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert name in text
    assert said in text
    assert "申请书.pdf" in text
    assert DocumentRow.objects.count() == 1


def test_a_file_over_the_limit_is_refused_with_the_limit(client, settings):
    settings.UPLOAD_LIMIT = 1024 * 1024
    client.post(step("situation"), {"s1": "no"})
    big = upload("大.pdf", PDF + b"0" * 1024 * 1024)
    answer = client.post(step("materials"), {"do": "add", "material": "m1", "upload": big})
    assert answer.status_code == 422
    assert "最多 1 MB" in answer.content.decode()
    assert not DocumentRow.objects.exists()


def test_nothing_chosen_or_something_missing_is_said_where_it_is(client):
    client.post(step("situation"), {"s1": "no"})
    answer = client.post(step("materials"), {"do": "add", "material": "m1"})
    assert (answer.status_code, "请先选一个文件" in answer.content.decode()) == (422, True)
    answer = client.post(step("materials"), {"do": "next"})
    assert (answer.status_code, "这份材料是必要的" in answer.content.decode()) == (422, True)
    assert client.post(step("materials"), {"do": "add", "material": "m9"}).status_code == 404


def test_an_earlier_file_is_used_again_but_never_somebody_elses(client, town):
    mine, theirs = case_town.kept(town.citizen), case_town.kept(town.neighbour)
    client.post(step("situation"), {"s1": "no"})
    add = {"do": "add", "material": "m1"}
    assert client.post(step("materials"), {**add, "earlier": theirs.id}).status_code == 404
    assert client.post(step("materials"), {**add, "earlier": mine.id}).status_code == 302
    client.post(step("materials"), {"do": "next"})
    client.post(step("form"), FORM)
    submit(client)
    [written] = history(f"case/{CaseRow.objects.get().number}")
    assert [d.id for d in written.event.documents] == [mine.id]


def test_a_draft_that_was_tampered_with_does_not_hand_in_a_strangers_file(client, town):
    theirs = case_town.kept(town.neighbour)
    go_to_confirm(client)
    draft = DraftRow.objects.get()
    draft.content = draft.content.replace(DocumentRow.objects.get(owner=town.citizen).id, theirs.id)
    draft.save()
    answer = submit(client)
    assert answer.status_code == 422
    assert not CaseRow.objects.exists()


def test_a_file_can_be_removed_again(client):
    client.post(step("situation"), {"s1": "no"})
    client.post(step("materials"), {"do": "add", "material": "m1", "upload": upload()})
    id = DocumentRow.objects.get().id
    client.post(step("materials"), {"do": "remove", "file": f"m1:{id}"})
    assert client.post(step("materials"), {"do": "next"}).status_code == 422
    assert DocumentRow.objects.count() == 1


# ── The form, and who applies ───────────────────────────────────────────────


def test_a_wrong_answer_stays_as_it_was_typed(client):
    client.post(step("situation"), {"s1": "no"})
    answer = client.post(step("form"), {"form-premises": "演示路", "form-kind": "moon"})
    assert answer.status_code == 422
    assert "演示路" in answer.content.decode()
    assert client.get(step("confirm")).status_code == 200
    assert submit(client).status_code == 422


def test_a_situation_must_be_chosen_among_its_options(client):
    assert client.post(step("situation"), {}).status_code == 422
    assert client.post(step("situation"), {"s1": "forged"}).status_code == 422


def test_an_agent_chooses_for_whom_and_a_stranger_cannot(client, town):
    case_town.people.name_agent(
        organisation="education", person=town.citizen, scope="", by="t", by_staff=True, at=MONDAY
    )
    assert client.get(page("apply", ITEM)).url == step("who")
    assert client.post(step("who"), {"who": "o:market"}).status_code == 422
    assert client.post(step("who"), {"who": "o:education"}).url == step("situation")
    go_to_confirm(client)
    submit(client)
    case = CaseRow.objects.get()
    assert (case.applicant_kind, case.applicant, case.agent) == (
        "organisation",
        "education",
        town.citizen,
    )


def test_nobody_in_particular_signs_in_first_and_comes_back(town, client):
    client.logout()
    answer = client.get(page("apply", ITEM))
    assert (answer.status_code, answer.url.startswith(reverse("account_login"))) == (302, True)


def test_a_step_this_item_does_not_have_is_not_there(client):
    client.post(step("situation"), {"s1": "no"})
    assert client.get(step("who")).status_code == 404
    assert client.get(step("nonsense")).status_code == 404
