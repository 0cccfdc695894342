"""The pages about seals: who opens which, what they say, what is refused and kept."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.core.mandates import EVERY_ITEM, MandatePower
from mingtang.core.people import Power, Role
from mingtang.people import actions as people
from mingtang.people.models import Account
from mingtang.trust import actions, queries, urls
from mingtang.trust.models import SealRow
from mingtang.trust.templatetags import trust_seal
from tests.rooms.people_words import MONDAY, PASSWORD, letter, official, person, seat, town
from tests.rooms.test_trust_actions import ORDER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def manager():
    town()
    return official(1, Role.DEPARTMENT_MANAGER)


@pytest.fixture
def chief(manager):
    return official(2, Role.CHIEF_REPRESENTATIVE)


@pytest.fixture
def key(manager, chief):
    order = replace(ORDER, custodian=chief, valid_to=date(2099, 12, 31))
    return actions.make_seal(order=order, by=manager, at=MONDAY).key


def signed_in(client, someone):
    account = Account.objects.filter(person=someone).first()
    client.force_login(account or Account.objects.create_user(f"u-{someone}", PASSWORD, someone))
    return client


def text(response) -> str:
    return response.content.decode()


def page(name, *args):
    return reverse(f"trust:{name}", args=args)


def filled_in(chief, **changed):
    return {
        "keeper": f"education {chief}",
        "seal_no": "9900000000017",
        "name": "行政审批专用章",
        "sealer": "local",
        "valid_from": "2026-01-01",
        "valid_to": "2099-12-31",
        "confirmed": "on",
        "once_key": "one",
        **changed,
    }


# ── Who opens which ─────────────────────────────────────────────────────────


def test_every_page_says_who_may_open_it():
    marks = {pattern.name: pattern.callback.access for pattern in urls.urlpatterns}
    managers = (Power.MANDATE_GRANT,)
    both = (Power.MANDATE_GRANT, Power.CASE_DECIDE, Power.TRADE_ENTER)
    assert {name: mark[1] for name, mark in marks.items() if mark[0] == "powers"} == {
        "desk": both,
        "make": managers,
        "seal": both,
        "hand_over": both,
        "suspend": both,
        "resume": managers,
        "destroy": managers,
    }
    assert [name for name, mark in marks.items() if mark[0] == "public"] == ["board"]


@pytest.mark.parametrize("role", list(Role))
def test_only_managers_and_those_who_may_keep_a_seal_get_in(client, manager, role):
    signed_in(client, official(5, role, seat(role)))
    opened = {name for name in ("desk", "make") if client.get(page(name)).status_code == 200}
    assert opened == {
        Role.DEPARTMENT_MANAGER: {"desk", "make"},
        Role.CHIEF_REPRESENTATIVE: {"desk"},
        Role.CENTRE_MANAGER: {"desk", "make"},
        Role.TRADE_OFFICER: {"desk"},
    }.get(role, set())


def test_for_others_a_seal_does_not_exist(client, key):
    acts = ("seal", "hand_over", "suspend", "resume", "destroy")
    signed_in(client, official(3, Role.DEPARTMENT_MANAGER, "health"))
    assert {client.get(page(name, key)).status_code for name in acts} == {404}
    signed_in(client, official(4, Role.CHIEF_REPRESENTATIVE))
    statuses = [client.get(page(name, key)).status_code for name in acts]
    assert statuses == [404, 404, 404, 403, 403]
    assert client.post(page("suspend", key), {"reason": "x"}).status_code == 404
    assert queries.seal(key).standing == "active"


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, key):
    for name in ("seal", "hand_over", "suspend", "resume", "destroy"):
        assert client.get(page(name, key)).url.startswith(reverse("account_login"))


# ── Making one ──────────────────────────────────────────────────────────────


def test_the_manager_orders_a_seal_and_sees_it(client, manager, chief):
    signed_in(client, manager)
    assert "本部门还没有行政审批专用章" in text(client.get(page("desk")))
    answer = client.post(page("make"), filled_in(chief), follow=True)
    assert answer.redirect_chain == [(page("seal", "education-1"), 302)]
    row = SealRow.objects.get()
    assert (row.seal_no, row.custodian, row.sealer) == ("9900000000017", chief, "local")
    assert "印章已制作" in text(answer)
    assert "演示2" in text(answer)
    assert " ".join([row.fingerprint[:4], row.fingerprint[4:8]]) in text(answer)
    assert "测试印章，没有法律效力" in text(answer)


def test_the_form_offers_only_who_may_keep_the_seal_and_what_is_set_up(client, manager, chief):
    official(3, Role.REVIEWER)
    official(4, Role.CHIEF_REPRESENTATIVE, "health")
    signed_in(client, manager)
    form = client.get(page("make")).context["form"]
    assert {key for key, _ in form.fields["keeper"].choices} == {
        f"education {chief}",
        f"education {manager}",
    }
    assert [key for key, _ in form.fields["sealer"].choices] == ["local"]


def test_a_demonstration_suggests_a_number_of_a_division_there_is_not(client, manager, settings):
    signed_in(client, manager)
    settings.DEMO = True
    assert client.get(page("make")).context["form"]["seal_no"].value().startswith("990000")
    settings.DEMO = False
    assert client.get(page("make")).context["form"]["seal_no"].value() is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"seal_no": "123"}, "seal_no"),
        ({"name": ""}, "name"),
        ({"keeper": "health X"}, "keeper"),
        ({"sealer": "device"}, "sealer"),
        ({"valid_to": "2025-12-31"}, "valid_to"),
        ({"valid_from": ""}, "valid_from"),
        ({"confirmed": ""}, "confirmed"),
    ],
)
def test_a_form_filled_in_wrongly_says_where_and_makes_nothing(
    client, manager, chief, home, changed, field
):
    signed_in(client, manager)
    answer = client.post(page("make"), filled_in(chief, **changed))
    assert set(answer.context["form"].errors) == {field}
    assert SealRow.objects.count() == 0
    assert not (home / "keys").exists()


def test_a_refusal_says_why_and_keeps_what_was_typed(client, manager, chief, key):
    signed_in(client, manager)
    answer = client.post(page("make"), filled_in(chief, seal_no="9900000000025"))
    assert answer.status_code == 409
    assert "这个单位已有一枚印章" in text(answer)
    assert 'value="9900000000025"' in text(answer)
    assert SealRow.objects.count() == 1


def test_sent_twice_a_seal_is_made_once(client, manager, chief):
    signed_in(client, manager)
    for _ in range(2):
        answer = client.post(page("make"), filled_in(chief))
        assert answer.url == page("seal", "education-1")
    assert SealRow.objects.count() == 1


# ── What happens to it ──────────────────────────────────────────────────────


def test_the_manager_stops_resumes_and_destroys_it(client, manager, key):
    signed_in(client, manager)
    for name, said, standing in (
        ("suspend", "印章已停用", "suspended"),
        ("resume", "印章已恢复使用", "active"),
        ("destroy", "印章已销毁", "destroyed"),
    ):
        fields = {"reason": f"因为{name}", "confirmed": "on"}
        answer = client.post(page(name, key), fields, follow=True)
        assert said in text(answer)
        assert f"因为{name}" in text(answer)
        assert queries.seal(key).standing == standing
    assert page("destroy", key) not in text(answer)


def test_destroying_wants_to_be_confirmed(client, manager, key):
    signed_in(client, manager)
    answer = client.post(page("destroy", key), {"reason": "损坏"})
    assert set(answer.context["form"].errors) == {"confirmed"}
    assert "损坏" in text(answer)
    assert queries.seal(key).standing == "active"


def test_what_the_rules_refuse_is_a_409_with_the_reason_typed_still_there(client, manager, key):
    signed_in(client, manager)
    answer = client.post(page("resume", key), {"reason": "查明无事"})
    assert answer.status_code == 409
    assert "这枚印章没有停用" in text(answer)
    assert "查明无事" in text(answer)


def test_the_keeper_sees_it_stops_it_and_hands_it_over(client, manager, chief, key):
    signed_in(client, chief)
    seen = text(client.get(page("seal", key)))
    assert page("suspend", key) in seen
    assert page("destroy", key) not in seen
    client.post(page("suspend", key), {"reason": "疑似盗用"})
    assert queries.seal(key).standing == "suspended"

    answer = client.post(
        page("hand_over", key), {"keeper": f"education {manager}", "reason": "轮岗"}
    )
    assert answer.url == page("seal", key)
    assert queries.seal(key).custodian == manager
    assert client.get(page("seal", key)).status_code == 404


def test_it_is_handed_only_to_who_may_keep_it_and_not_to_who_does(client, chief, manager, key):
    signed_in(client, chief)
    form = client.get(page("hand_over", key)).context["form"]
    assert [key for key, _ in form.fields["keeper"].choices] == [f"education {manager}"]


def test_its_page_tells_who_may_use_it_and_what_happened(client, manager, chief, key):
    today = timezone.localdate()
    given = letter(
        chief,
        items=(EVERY_ITEM,),
        powers=(MandatePower.SEAL,),
        valid_from=today,
        valid_to=today,
    )
    receipt = people.grant_mandate(letter=given, by=manager, at=MONDAY)
    people.publish_mandate(key=receipt.key, office="window-1", by=manager, at=MONDAY)
    actions.hand_over_seal(key=key, to=manager, reason="轮岗", by=chief, at=MONDAY)
    signed_in(client, manager)
    answer = client.get(page("seal", key))
    assert [one.letter_no for one in answer.context["letters"]] == ["演示授权〔2026〕1号"]
    assert reverse("people:letter", args=[receipt.key]) in text(answer)
    assert [line["what"] for line in answer.context["timeline"]] == [
        "由演示2移交给演示1保管",
        "制作印章，由演示2保管",
    ]
    newest = queries.seal(key).last_index
    assert answer.context["timeline"][0]["index"] == newest
    assert reverse("portal:entry", args=[newest]) in text(answer)


# ── For anybody ─────────────────────────────────────────────────────────────


def test_anybody_compares_a_paper_with_the_board(client, key):
    row = queries.seal(key)
    answer = client.get(page("board"))
    said = text(answer)
    for mark in (row.organ_name, row.seal_no, trust_seal.grouped(row.fingerprint), "在用"):
        assert mark in said
    assert "演示2" not in said  # who keeps it is nobody's business


def test_the_board_is_searched_by_what_stands_on_a_paper(client, manager, key):
    row = queries.seal(key)

    def found(words):
        shown = client.get(page("board"), {"q": words}).context["seals"]
        return [one["row"].key for one in shown]

    for words in ("education", row.seal_no[:6], row.fingerprint[:12], "!"):
        assert found(words) == ([] if words == "!" else [key])
    assert found(trust_seal.grouped(row.fingerprint).upper()) == [key]
    assert found("00" * 32) == []


def test_a_destroyed_seal_stays_on_the_board(client, manager, key):
    actions.destroy_seal(key=key, reason="机构撤并", by=manager, at=MONDAY)
    said = text(client.get(page("board")))
    assert "已销毁" in said
    assert "机构撤并" not in said


def test_a_citizen_has_no_seal_to_manage(client, key):
    signed_in(client, person(9))
    assert client.get(page("desk")).status_code == 403
    assert client.get(page("board")).status_code == 200


# ── The picture and the lamp ────────────────────────────────────────────────


def row(**changed) -> SealRow:
    said = {
        "organ_name": "演示明州省教育厅",
        "name": "行政审批专用章",
        "standing": "active",
        "test": False,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return SealRow(**{**said, **changed})


@pytest.mark.parametrize(
    ("changed", "today", "lamp"),
    [
        ({}, date(2026, 1, 1), "good"),
        ({}, date(2026, 12, 31), "good"),
        ({}, date(2027, 1, 1), "bad"),
        ({}, date(2025, 12, 31), "paused"),
        ({"standing": "suspended"}, date(2026, 6, 1), "paused"),
        ({"standing": "destroyed"}, date(2027, 6, 1), "idle"),
    ],
)
def test_a_lamp_says_what_a_seal_is_worth_today(changed, today, lamp):
    assert trust_seal.standing(row(**changed), today)[0] == lamp


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("CN=演示根,OU=TEST,O=mingtang.example/log,C=CN", "演示根 · mingtang.example/log"),
        ("CN=演示根", "演示根"),
        ("C=CN", "C=CN"),
    ],
)
def test_an_authority_is_called_by_its_name_and_whose_it_is(issuer, said):
    assert trust_seal.authority(issuer) == said


def test_the_organs_name_runs_evenly_around_the_star():
    drawn = trust_seal.seal_picture(row())
    assert [sign for sign, _ in drawn["signs"]] == list("演示明州省教育厅")
    assert [turn for _, turn in drawn["signs"]] == [-91, -65, -39, -13, 13, 39, 65, 91]
    first, *_, last = trust_seal.seal_picture(row(organ_name="长" * 30))["signs"]
    assert (first[1], last[1]) == (-112, 112)
    corners = drawn["star"].split()
    assert (len(corners), corners[0]) == (10, "0.000,-5.600")
