"""What guards every page: language, content policy, size of uploads, refusals, CSRF."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_chinese_comes_first_whatever_the_browser_prefers(client):
    page = client.get("/", headers={"accept-language": "en-GB,en"})
    assert page.headers["Content-Language"] == "zh-hans"
    assert "办一件事" in page.content.decode()


def test_english_is_for_whoever_chose_it(client):
    client.cookies["django_language"] = "en"
    page = client.get("/")
    assert page.headers["Content-Language"] == "en"
    assert "办一件事" not in page.content.decode()


def test_an_unknown_language_is_ignored(client):
    client.cookies["django_language"] = "../../etc"
    assert client.get("/").headers["Content-Language"] == "zh-hans"


def test_every_page_forbids_inline_script_and_other_hosts(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
        " form-action 'self'; frame-ancestors 'none'"
    )


def test_two_hundred_megabytes_are_refused_before_they_are_read(client):
    page = client.post("/account/login/", {}, headers={"content-length": str(200 * 2**20)})
    assert page.status_code == 413
    assert "20 MB" in page.content.decode()


@pytest.mark.parametrize("length", ["-1", "1e9", "many"])
def test_a_length_that_is_no_number_is_refused(client, length):
    assert client.post("/account/login/", {}, headers={"content-length": length}).status_code == 413


def test_a_form_without_its_token_is_refused_in_plain_words(log_home):
    page = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a"})
    assert page.status_code == 403
    assert "页面" in page.content.decode()


def test_an_unknown_address_says_what_to_do_next(client):
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "首页" in page.content.decode()


def _address(client, settings, forwarded, proxies):
    settings.PROXIES = proxies
    page = client.get("/", headers={"x-forwarded-for": forwarded})
    return page.wsgi_request.META["REMOTE_ADDR"]


def test_without_proxies_of_ours_nobody_can_name_their_own_address(client, settings):
    assert _address(client, settings, "203.0.113.9", 0) == "127.0.0.1"


def test_behind_one_proxy_the_address_it_wrote_counts(client, settings):
    assert _address(client, settings, "198.51.100.1, 203.0.113.9", 1) == "203.0.113.9"


def test_a_shorter_chain_than_ours_is_not_believed(client, settings):
    assert _address(client, settings, "203.0.113.9", 2) == "127.0.0.1"
