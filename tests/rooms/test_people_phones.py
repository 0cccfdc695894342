"""Calling phones: what is sealed for whom, who is asked, and what a service may answer."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from mingtang.core.decider import Refused
from mingtang.core.phones import MOST_PHONES, RESTS, Subscription
from mingtang.people import actions as people
from mingtang.people import queries
from mingtang.people.actions import phones
from mingtang.people.actions.phones import Browser
from mingtang.people.models import Account, PhoneRow
from mingtang.people.ports import webpush
from tests.rooms import people_words
from tests.rooms.people_words import MONDAY
from tests.rooms.push_service import Phone, octets, text

pytestmark = pytest.mark.django_db
WORK = {"todo": 3}


@pytest.fixture
def account():
    people_words.town()
    someone = people_words.person(7)
    return Account.objects.create_user("seven", people_words.PASSWORD, someone)


def keep(account, phone, **changed):
    browser = Browser(**{**phone.given, "language": "zh-hans", **changed})
    phones.keep_phone(account=account.pk, browser=browser, at=MONDAY)


def call(at=MONDAY, say=lambda _person: WORK):
    return phones.call_due(at=at, say=say)


def due(account, at=MONDAY):
    phones.have_called(persons=[account.person], at=at)


def test_a_message_is_sealed_as_rfc_8291_prints_it():
    """RFC 8291, section 5 and appendix A."""
    private = octets("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    to = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        octets(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        octets("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    sealed = webpush.sealed(
        b"When I grow up, I want to be a watermelon",
        to,
        salt=octets("DGv6ra1nlYgDCS1FRnbzlw"),
        key=ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1()),
    )
    assert text(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_phone_that_is_due_is_called_once(push_service, account, settings):
    phone = Phone(push_service.url)
    keep(account, phone)
    assert call() == 0
    due(account)
    assert call() == 1
    assert call() == 0
    [asked] = push_service.asked
    assert asked.path == "/push/one"
    assert phone.open(asked.body) == {"todo": 3, "language": "zh-hans"}
    assert asked.claims() == {
        "aud": push_service.url,
        "exp": int((MONDAY + timedelta(hours=12)).timestamp()),
        "sub": settings.URL,
        "key": webpush.house_key(),
    }
    assert asked.headers["TTL"] == "43200"
    assert asked.headers["Topic"] == "work"
    assert asked.headers["Content-Encoding"] == "aes128gcm"


def test_the_key_of_the_house_goes_with_its_secret(settings):
    settings.SECRET_KEY = "one"
    one = webpush.house_key()
    settings.SECRET_KEY = "two"
    two = webpush.house_key()
    assert len(octets(one)) == 65
    assert one != two
    settings.SECRET_KEY = "one"
    assert webpush.house_key() == one


def test_nobody_is_called_for_work_that_is_done(push_service, account):
    keep(account, Phone(push_service.url))
    due(account)
    assert call(say=lambda _person: None) == 0
    assert push_service.asked == []
    assert PhoneRow.objects.get().due_at is None


def test_the_work_of_somebody_is_counted_once_for_all_their_phones(
    push_service, account, django_assert_num_queries
):
    for number in range(3):
        keep(account, Phone(push_service.url, str(number)))
    due(account)
    asked = []
    # which are due, whose they are, and each is noted when it was called
    with django_assert_num_queries(2 + 3):
        assert call(say=lambda person: asked.append(person) or WORK) == 3
    assert asked == [account.person]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 302])
def test_a_subscription_that_is_void_is_forgotten(push_service, account, status, caplog):
    keep(account, Phone(push_service.url))
    due(account)
    push_service.status = status
    assert call() == 0
    assert len(push_service.asked) == 1
    assert queries.phones_of(account.pk) == []
    told = [] if status in (404, 410) else [f"{push_service.url} refused a call: {status}"]
    assert [line.message for line in caplog.records] == told


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_service_that_cannot_now_is_asked_again_later(push_service, account, status):
    keep(account, Phone(push_service.url))
    due(account)
    push_service.status = status
    assert call() == 0
    assert PhoneRow.objects.get().due_at == MONDAY + RESTS[0]
    assert call() == 0
    assert len(push_service.asked) == 1
    push_service.status = 201
    assert call(MONDAY + RESTS[0]) == 1
    row = PhoneRow.objects.get()
    assert (row.due_at, row.failures) == (None, 0)


def test_it_is_waited_as_long_as_the_service_asks(push_service, account):
    keep(account, Phone(push_service.url))
    due(account)
    push_service.status, push_service.retry_after = 429, "7200"
    call()
    assert PhoneRow.objects.get().due_at == MONDAY + timedelta(hours=2)


def test_a_service_that_never_answers_is_given_up_until_there_is_new_work(push_service, account):
    keep(account, Phone(push_service.url))
    due(account)
    push_service.status = 503
    at = MONDAY
    for rest in RESTS:
        assert call(at) == 0
        at += rest
    assert PhoneRow.objects.get().due_at == at
    assert call(at) == 0
    assert PhoneRow.objects.get().due_at is None
    due(account, at)
    push_service.status = 201
    assert call(at) == 1


def test_a_service_that_is_not_there_is_asked_once_for_all_its_phones(
    push_service, account, monkeypatch
):
    for number in range(3):
        keep(account, Phone(push_service.url, str(number)))
    due(account)
    asked = []

    def refuse(request, timeout):
        asked.append(request.full_url)
        raise ConnectionRefusedError

    monkeypatch.setattr(webpush._opener, "open", refuse)
    assert call() == 0
    assert len(asked) == 1
    assert {row.due_at for row in PhoneRow.objects.all()} == {MONDAY + RESTS[0]}


def test_work_that_comes_while_a_phone_is_being_called_calls_it_again(push_service, account):
    keep(account, Phone(push_service.url))
    due(account)
    later = MONDAY + timedelta(seconds=1)

    def say(_person):
        due(account, later)
        return WORK

    assert call(say=say) == 1
    assert PhoneRow.objects.get().due_at == later


def test_a_service_that_is_not_allowed_any_more_is_never_asked(push_service, account, settings):
    keep(account, Phone(push_service.url))
    due(account)
    settings.PUSH_SERVICES = ("https://push.example",)
    assert call() == 0
    assert push_service.asked == []
    assert not PhoneRow.objects.exists()


def test_nothing_is_kept_where_no_service_is_allowed(account, settings):
    settings.PUSH_SERVICES = ()
    with pytest.raises(Refused) as refused:
        keep(account, Phone("https://push.example"))
    assert refused.value.code == "phone.calls-are-off"
    assert not PhoneRow.objects.exists()


def test_a_browser_is_called_for_whoever_gave_it_last(push_service, account):
    phone = Phone(push_service.url)
    keep(account, phone)
    other = Account.objects.create_user("eight", people_words.PASSWORD, people_words.person(8))
    keep(other, phone, language="en")
    due(account)
    assert call() == 0
    due(other)
    assert call() == 1
    assert phone.open(push_service.asked[0].body)["language"] == "en"


def test_where_a_phone_is_called_from_now_on_takes_the_place_of_where_it_was(push_service, account):
    theirs = Account.objects.create_user("eight", people_words.PASSWORD, people_words.person(8))
    old, new, other = (Phone(push_service.url, name) for name in ("old", "new", "other"))
    keep(account, old)
    keep(theirs, other)
    for before in (old.endpoint, other.endpoint):  # the other is not this account's to drop
        browser = Browser(**new.given, language="zh-hans")
        phones.keep_phone(account=account.pk, browser=browser, before=before, at=MONDAY)
    assert [row.endpoint for row in queries.phones_of(account.pk)] == [new.endpoint]
    assert [row.endpoint for row in queries.phones_of(theirs.pk)] == [other.endpoint]


def test_of_many_phones_the_oldest_makes_room(push_service, account):
    for number in range(MOST_PHONES + 1):
        browser = Browser(**Phone(push_service.url, str(number)).given, language="en")
        at = MONDAY + timedelta(minutes=number)
        phones.keep_phone(account=account.pk, browser=browser, at=at)
    ends = [row.endpoint[-1] for row in queries.phones_of(account.pk)]
    assert ends == ["5", "4", "3", "2", "1"]


def test_an_account_that_is_stopped_or_reset_is_called_no_more(push_service, account):
    keep(account, Phone(push_service.url))
    people.disable_account(username="seven", by="admin", at=MONDAY)
    due(account)
    assert call() == 0
    people.enable_account(username="seven", by="admin", at=MONDAY)
    keep(account, Phone(push_service.url))
    people.reset_account(username="seven", by="admin", at=MONDAY)
    assert queries.phones_of(account.pk) == []
    assert push_service.asked == []


def test_only_ones_own_phone_is_dropped(push_service, account):
    keep(account, Phone(push_service.url))
    [row] = queries.phones_of(account.pk)
    phones.drop_phone(account=account.pk + 1, digest=row.digest)
    assert queries.phones_of(account.pk) == [row]
    phones.drop_phone(account=account.pk, digest=row.digest)
    assert queries.phones_of(account.pk) == []
