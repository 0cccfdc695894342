"""Which push services are asked, what a browser may give, and when it is called again."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mingtang.core.decider import Refused
from mingtang.core.p256 import G
from mingtang.core.phones import (
    LONGEST,
    RESTS,
    Subscription,
    is_allowed,
    next_try,
    service_of,
    subscription,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
POINT = b"\x04" + b"".join(half.to_bytes(32, "big") for half in G)
SECRET = bytes(range(16))
SERVICE = "https://push.example"


def text(octets):
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def given_by_a_browser(**changed):
    values = {"endpoint": f"{SERVICE}/a/b", "key": text(POINT), "secret": text(SECRET)}
    return {**values, "services": [SERVICE], **changed}


def test_what_a_browser_gives_is_read():
    found = subscription(**given_by_a_browser())
    assert found == Subscription(f"{SERVICE}/a/b", POINT, SECRET)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"services": []}, "phone.calls-are-off"),
        ({"services": ["https://other.example"]}, "phone.service-not-allowed"),
        ({"endpoint": ""}, "phone.service-not-allowed"),
        ({"endpoint": "file:///etc/passwd"}, "phone.service-not-allowed"),
        ({"endpoint": "https://push.example/a\r\nX: y"}, "phone.service-not-allowed"),
        ({"endpoint": "https://push.example/a\x00"}, "phone.service-not-allowed"),
        ({"endpoint": "https://push.example/a b"}, "phone.service-not-allowed"),
        ({"endpoint": "https://push.example:8443/a"}, "phone.service-not-allowed"),
        ({"endpoint": "http://push.example/a"}, "phone.service-not-allowed"),
        ({"endpoint": "https://push.example@evil.example/a"}, "phone.service-not-allowed"),
        ({"endpoint": "https://push.example.evil.example/a"}, "phone.service-not-allowed"),
        ({"endpoint": f"{SERVICE}/" + "a" * LONGEST}, "phone.service-not-allowed"),
        ({"key": text(POINT[:-1] + b"\x00")}, "phone.key-wrong"),
        ({"key": text(POINT[:33])}, "phone.key-wrong"),
        ({"key": "这不是"}, "phone.key-wrong"),
        ({"secret": text(SECRET[:8])}, "phone.key-wrong"),
    ],
)
def test_everything_else_is_refused(changed, code):
    with pytest.raises(Refused) as refused:
        subscription(**given_by_a_browser(**changed))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("endpoint", "allowed", "may"),
    [
        ("https://wns.push.example/w", "https://*.push.example", True),
        ("https://a.b.push.example/w", "https://*.push.example", True),
        ("https://push.example/w", "https://*.push.example", False),
        ("https://evilpush.example/w", "https://*.push.example", False),
        ("http://a.push.example/w", "https://*.push.example", False),
        ("https://PUSH.example/w", "https://push.EXAMPLE/", True),
        ("http://10.0.0.7:8080/w", "http://10.0.0.7:8080", True),
    ],
)
def test_a_service_is_allowed_by_its_origin_or_by_the_hosts_below_one(endpoint, allowed, may):
    assert is_allowed(endpoint, [allowed]) is may


@given(some.text(max_size=60))
def test_whatever_is_given_as_an_address_is_an_origin_or_nothing(endpoint):
    found = service_of(endpoint)
    assert found == "" or found.startswith(("http://", "https://"))
    assert not is_allowed(endpoint, [])


def test_a_service_that_fails_is_left_alone_longer_each_time_and_then_until_the_next_work():
    waits = [next_try(number, NOW) - NOW for number in range(1, len(RESTS) + 1)]
    assert waits == sorted(RESTS) == list(RESTS)
    assert next_try(len(RESTS) + 1, NOW) is None


def test_what_a_service_asks_for_is_waited_and_never_less_than_its_turn():
    assert next_try(1, NOW, timedelta(hours=2)) == NOW + timedelta(hours=2)
    assert next_try(2, NOW, timedelta(seconds=1)) == NOW + RESTS[1]
