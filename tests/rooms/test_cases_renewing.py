"""An application that asks to renew a licence: begun from it, filed with it, seen by officers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingtang.cases.models import CaseRow
from mingtang.catalogue import actions as catalogue
from mingtang.ledger.replay import history
from mingtang.vault.models import DraftRow
from tests.core.case_examples import MONDAY
from tests.rooms import batch_town, case_town
from tests.rooms import licence_words as words
from tests.rooms.case_town import ITEM, ONCE, SETUP, page, signed_in, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, log_home):
    """Return how to say what time it is; at first it is Monday, 2 March 2026, nine o'clock."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def office():
    return words.build()


@pytest.fixture
def held(office):
    """Return the key of a licence the citizen holds."""
    return words.licensed(office)


def start(client, key, item=ITEM):
    """Begin from the licence's page; return the page it leads to."""
    return client.get(f"{page('apply', item)}?renews={key}", follow=True)


def step(name, item=ITEM):
    return case_town.step(name, item)


def fill_in(client, item=ITEM, **form):
    """Hand in the one material and the form."""
    client.post(step("materials", item), {"do": "add", "material": "m1", "upload": upload()})
    client.post(step("materials", item), {"do": "next"})
    client.post(step("form", item), {f"form-{name}": value for name, value in form.items()})


def filed(client, item=ITEM):
    """Send it off; return how the newest case was filed, and its number."""
    answer = client.post(step("confirm", item), {"once_key": ONCE})
    assert answer.status_code == 302
    number = CaseRow.objects.order_by("-filed_at", "-last_index").values_list("pk", flat=True)[0]
    assert answer.url == page("filed", number)
    return history(f"case/{number}")[0].event, number


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def asked(someone):
    """Return which licence this person's draft asks to renew."""
    return start(signed_in(someone), "").context["filing"].renews


SHOP = {"premises": "演示路 1 号", "kind": "shop"}


def renew(client, key):
    start(client, key)
    client.post(step("situation"), {"s1": "no"})
    fill_in(client, **SHOP)
    return filed(client)


# ── From the licence to a case ──────────────────────────────────────────────


def test_what_is_filed_says_which_licence_it_asks_to_renew(office, held):
    event, number = renew(signed_in(office.citizen), held)
    assert event.renews == held
    words.hear()
    assert words.row(held).renewal == number


def test_every_step_says_what_is_renewed(office, held):
    client = signed_in(office.citizen)
    start(client, held)
    client.post(step("situation"), {"s1": "no"})
    fill_in(client, **SHOP)
    for name in ("situation", "materials", "form", "confirm"):
        shown = text_of(client.get(step(name)))
        assert f"申请延续：演示食品经营许可证，由办件 {held} 核发的证照。" in shown


def test_an_application_that_renews_nothing_says_nothing_of_it(office, held):
    client = signed_in(office.citizen)
    assert "申请延续" not in text_of(start(client, ""))
    number = case_town.accepted(office)
    assert "申请延续" not in text_of(client.get(page("progress", number)))


def test_the_form_begins_with_what_was_granted(office, held):
    client = signed_in(office.citizen)
    start(client, held)
    given = client.get(step("form")).context["form"].initial
    assert (given["premises"], given["kind"]) == ("演示路 1 号", "shop")
    client.post(page("apply-discard", ITEM))
    start(client, "")
    client.post(step("situation"), {"s1": "no"})
    assert client.get(step("form")).context["form"].initial == {}


def test_its_applicant_and_officers_see_what_is_renewed(office, held):
    client = signed_in(office.citizen)
    _event, number = renew(client, held)
    own = text_of(client.get(page("progress", number)))
    assert "申请延续" in own
    assert f'href="{reverse("licences:licence", args=[held])}"' in own
    desk = signed_in(office.clerk).get(page("desk-case", number))
    words.cases.accept(number=number, officer=case_town.clerk(office), at=MONDAY)
    task = signed_in(office.reviewer).get(page("task", number, "papers"))
    for shown in map(text_of, (desk, task)):
        assert f'<b>申请延续的证照</b> 演示食品经营许可证 <span class="mono">{held}</span>' in shown
    overseen = text_of(signed_in(office.overseer).get(page("progress", number)))
    assert held not in overseen


# ── What cannot be renewed so ───────────────────────────────────────────────


def test_nobody_renews_anothers_licence(office, held):
    client = signed_in(office.neighbour)
    assert "申请延续" not in text_of(start(client, held))
    assert asked(office.neighbour) == ""


@pytest.mark.parametrize("key", ["MT-0000-0000", "no-such", "B-0000-0000"])
def test_what_is_no_licence_is_not_renewed(office, held, key):
    start(signed_in(office.citizen), key)
    assert asked(office.citizen) == ""


def test_a_case_that_has_given_no_licence_renews_nothing(office, held):
    start(signed_in(office.citizen), case_town.filed(office))
    assert asked(office.citizen) == ""


def test_a_licence_is_renewed_by_the_item_it_came_of_and_by_no_other(office, held):
    batch_town.found(office)
    answer = start(signed_in(office.citizen), held, batch_town.MANY)
    assert answer.context["filing"].renews == ""
    number = words.cases.file_case(
        item=batch_town.MANY,
        applicant=words.Applicant(
            kind="person",
            id=office.citizen,
            name="演示甲",
            id_number="E00000001",
            phone="19900000001",
        ),
        answers={},
        form=batch_town.worker(1),
        documents=[case_town.document(case_town.kept(office.citizen), "m1")],
        renews=held,
        at=MONDAY,
    ).key
    words.hear()
    assert history(f"case/{number}")[0].event.renews == held
    assert words.row(held).renewal == ""


# ── Of one out of many ──────────────────────────────────────────────────────


@pytest.fixture
def worker(office):
    """Return the key of a licence the hospital applied for in a batch."""
    batch_town.found(office)
    words.publish(office, words.WORKER)
    words.begin()
    _batch, [number] = words.in_one(office, 1)
    words.work()
    return number


FIELDS = {name: str(value) for name, value in batch_town.worker(1).items()}


def test_a_renewal_is_of_one_even_where_many_may_be_asked_for(office, worker):
    client = signed_in(office.citizen)
    client.post(step("many", batch_town.MANY), {"many": "yes"})  # a batch was begun before
    answer = start(client, worker, batch_town.MANY)
    assert answer.context["filing"].steps == ["who", "materials", "form", "confirm"]
    client.post(step("who", batch_town.MANY), {"who": answer.context["filing"].who})
    fill_in(client, batch_town.MANY, **FIELDS)
    event, number = filed(client, batch_town.MANY)
    assert (event.renews, event.batch) == (worker, "")
    words.hear()
    assert words.row(worker).renewal == number


def test_it_is_asked_for_in_the_name_of_who_asked_before(office, worker):
    answer = start(signed_in(office.citizen), worker, batch_town.MANY)
    filing = answer.context["filing"]
    assert (filing.who, filing.applicant().name) == (f"o:{batch_town.HOSPITAL}", "演示医院")


def test_the_form_names_the_worker_and_not_who_asks(office, worker):
    client = signed_in(office.citizen)
    start(client, worker, batch_town.MANY)
    given = client.get(step("form", batch_town.MANY)).context["form"].initial
    assert (given["name"], given["since"]) == ("演示员1", "2020-01-31")


def test_one_s_own_is_asked_for_in_one_s_own_name(office, held):
    batch_town.found(office)
    filing = start(signed_in(office.citizen), held).context["filing"]
    assert (filing.who, filing.applicant().id) == ("self", office.citizen)


# ── A draft that had expired ────────────────────────────────────────────────


@pytest.mark.parametrize("choice", ["apply-renew", "apply-discard"])
def test_a_draft_that_had_expired_is_no_way_to_lose_it(office, held, now, choice):
    signed_in(office.citizen).post(step("situation"), {"s1": "no"})
    now(MONDAY + timedelta(days=91))
    client = signed_in(office.citizen)
    answer = start(client, held)
    assert answer.status_code == 410
    assert answer.content.decode().count(f'name="renews" value="{held}"') == 2
    client.post(page(choice, ITEM), {"renews": held}, follow=True)
    assert asked(office.citizen) == held


def test_a_draft_thrown_away_asks_to_renew_nothing(office, held):
    client = signed_in(office.citizen)
    start(client, held)
    client.post(page("apply-discard", ITEM), follow=True)
    assert not DraftRow.objects.exists()
    assert asked(office.citizen) == ""


def test_what_was_typed_before_is_still_there(office, held):
    client = signed_in(office.citizen)
    client.post(step("situation"), {"s1": "yes"})
    filing = start(client, held).context["filing"]
    assert (filing.renews, filing.answers) == (held, {"s1": "yes"})


def test_the_item_may_be_withdrawn_meanwhile(office, held):
    catalogue.withdraw_item(key=ITEM, reason="演示", by=SETUP, at=MONDAY)
    answer = start(signed_in(office.citizen), held)
    assert answer.status_code == 404
    assert not DraftRow.objects.exists()
