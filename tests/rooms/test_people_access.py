"""Who may open a page: nobody, unless the page says so."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse

from mingtang.core.people import POWERS, Power, Role
from mingtang.people import actions, urls
from mingtang.people.access import actor_of, needs, public, signed_in
from mingtang.people.models import Account
from tests.rooms.people_words import MONDAY, PASSWORD, SETUP, letter, official, person, seat, town

pytestmark = pytest.mark.django_db

PAGES = {
    "staff": Power.PERSON_APPOINT,
    "appoint": Power.PERSON_APPOINT,
    "bodies": Power.ORGANISATION_MANAGE,
    "register_body": Power.ORGANISATION_MANAGE,
    "open_office": Power.ORGANISATION_MANAGE,
    "accounts": Power.ACCOUNT_MANAGE,
    "open_account": Power.ACCOUNT_MANAGE,
    "mandates": Power.MANDATE_GRANT,
    "grant": Power.MANDATE_GRANT,
    "audit": Power.AUDIT_READ,
}

PHRASES = (Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.MANDATE_GRANT)


def page(request):
    return HttpResponse("open")


def request_of(rf, account):
    request = rf.get("/somewhere/?a=1")
    request.user = account
    return request


def account(someone: str) -> Account:
    return Account.objects.create_user(f"user-{someone}", PASSWORD, someone)


def test_nobody_in_particular_is_sent_to_sign_in_and_back(rf):
    for guard in (signed_in, needs(Power.CASE_REVIEW)):
        answer = guard(page)(request_of(rf, AnonymousUser()))
        assert (answer.status_code, answer.url) == (
            302,
            f"{reverse('account_login')}?next=/somewhere/%3Fa%3D1",
        )


def test_a_part_of_a_page_that_asks_by_itself_has_the_whole_page_loaded_again(rf):
    """So that the sign-in page does not end up inside of it."""
    request = request_of(rf, AnonymousUser())
    request.META["HTTP_HX_REQUEST"] = "true"
    answer = signed_in(page)(request)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")
    assert answer.content == b""


def test_a_page_that_names_no_power_is_open_to_nobody(rf):
    town()
    for number, role in enumerate(Role, start=1):
        officer = account(official(number, role, seat(role)))
        with pytest.raises(PermissionDenied):
            needs()(page)(request_of(rf, officer))


def test_one_of_the_powers_is_enough_and_another_is_not(rf):
    town()
    reviewer = account(official(1, Role.REVIEWER))
    either = needs(Power.CASE_REVIEW, Power.CASE_DECIDE)(page)
    assert either(request_of(rf, reviewer)).content == b"open"
    with pytest.raises(PermissionDenied, match="没有办理这件事的权限"):
        needs(Power.CASE_DECIDE)(page)(request_of(rf, reviewer))


def test_a_power_ends_with_the_post(rf):
    town()
    someone = official(1, Role.REVIEWER)
    actions.end_appointment(person=someone, number=1, reason="轮岗", by=SETUP, at=MONDAY)
    with pytest.raises(PermissionDenied):
        needs(Power.CASE_REVIEW)(page)(request_of(rf, account(someone)))


def test_who_asks_is_worked_out_once_per_request(rf):
    someone = person(1)
    request = request_of(rf, account(someone))
    assert actor_of(request) is actor_of(request)
    assert actor_of(request).person == someone


def test_a_one_time_password_opens_no_page_but_its_own_change(client):
    someone = person(1)
    actions.open_account(person=someone, username="somebody", by=SETUP, at=MONDAY)
    client.force_login(Account.objects.get())
    assert client.get(reverse("people:home")).url == reverse("account_change_password")
    assert client.get(reverse("account_change_password")).status_code == 200


def test_every_page_of_the_room_says_who_may_open_it():
    marks = {pattern.name: pattern.callback.access for pattern in urls.urlpatterns}
    assert {name: mark[1] for name, mark in marks.items() if mark[0] == "powers"} == {
        **{name: (power,) for name, power in PAGES.items()},
        "end_post": (Power.PERSON_APPOINT,),
        "close_office": (Power.ORGANISATION_MANAGE,),
        "account_act": (Power.ACCOUNT_MANAGE,),
        "mandate": (Power.MANDATE_GRANT,),
        "publish": (Power.MANDATE_GRANT,),
        "revoke": (Power.MANDATE_GRANT,),
        "phrases": PHRASES,
        "drop_phrase": PHRASES,
    }
    assert {name for name, mark in marks.items() if mark[0] == "public"} == {
        "register",
        "sign_in",
        "sign_up",
        "no_email",
        "letters",
        "letter",
    }
    assert public("because")(page).access == ("public", "because")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_exactly_the_pages_of_its_powers(client, role):
    town()
    client.force_login(account(official(1, role, seat(role))))
    opened = {name for name in PAGES if client.get(reverse(f"people:{name}")).status_code == 200}
    assert opened == {name for name, power in PAGES.items() if power in POWERS[role]}


def test_a_citizen_opens_no_page_of_the_staff_and_nobody_elses_unit(client):
    client.force_login(account(person(1)))
    statuses = {client.get(reverse(f"people:{name}")).status_code for name in PAGES}
    assert statuses == {403}
    assert client.get(reverse("people:organisation", args=["x"])).status_code == 404


def test_a_manager_does_not_see_the_unpublished_letters_of_another_organ(client):
    town()
    manager, chief = official(1, Role.DEPARTMENT_MANAGER), official(2, Role.CHIEF_REPRESENTATIVE)
    key = actions.grant_mandate(letter=letter(chief), by=manager, at=MONDAY).key
    client.force_login(account(official(3, Role.DEPARTMENT_MANAGER, "health")))
    for name in ("mandate", "publish", "revoke"):
        assert client.get(reverse(f"people:{name}", args=[key])).status_code == 404
    assert client.get(reverse("people:letter", args=[key])).status_code == 404
