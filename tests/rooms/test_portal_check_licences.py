"""A licence checked by anybody: how it stands today, and whose name a stranger may read."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.core.licences.identifier import parse_identifier
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order
from mingtang.licences.projection import LICENCE
from mingtang.licences.queries import LicenceRow
from mingtang.papers.actions.making import make_due
from tests.core import licence_examples as examples
from tests.rooms import paper_words
from tests.rooms.people_words import MONDAY
from tests.rooms.test_portal_check import heading, lamp, pdf_of, sent, words

pytestmark = pytest.mark.django_db
KEY = "MT-7K2P-9QXD"
TODAY = date(2026, 3, 20)
NAME = "演示某甲"
HELD = replace(examples.HOLDER, name=NAME)
REISSUE = replace(examples.REISSUE, holder=HELD)


@pytest.fixture(autouse=True)
def on_a_friday(monkeypatch):
    cache.clear()
    monkeypatch.setattr("mingtang.portal.views.check.today", lambda: TODAY)


def act(command, key=KEY):
    return enact_one(Order(LICENCE, key, command))


def printed(version):
    """Have the paper of a version made and issued; return its row."""
    sheet = replace(paper_words.SHEET, addressee=NAME)
    draft = replace(paper_words.licence(sheet), key=f"{KEY}-L{version}")
    paper_words.order(draft)
    assert make_due(at=MONDAY) == 1
    return paper_words.row(draft.key)


@pytest.fixture
def office(log_home):
    return paper_words.build()


@pytest.fixture
def licence(office):
    """A person's licence, valid for five years, its paper in their hands."""
    act(replace(examples.REGISTER, holder=HELD))
    paper = printed(1)
    act(examples.ISSUE)
    return paper


def identifier():
    return LicenceRow.objects.get(pk=KEY).identifier


def asked(client, row):
    """Return the answers by code, by the file, and by the identifier."""
    return (
        client.get(f"/check/{row.code}/"),
        sent(pdf_of(row)),
        client.get("/check/", {"q": identifier()}),
    )


# ── How it stands ───────────────────────────────────────────────────────────


def test_a_valid_licence_is_valid_by_code_by_file_and_by_identifier(licence, client):
    by_code, by_file, by_identifier = asked(client, licence)
    assert heading(by_code) == heading(by_identifier) == "确有记录，今天有效"
    assert heading(by_file) == "原件完整，今天有效"
    for answer in (by_code, by_file, by_identifier):
        said = words(answer)
        assert "今天的效力今天有效有效期自2026-03-16（周一）至2031-03-15（周六）。" in said
        assert "名称演示许可证编号演示证〔2026〕第1号持证人" in said


@pytest.mark.parametrize(
    ("turns", "standing", "since"),
    [
        ([examples.SUSPEND], "证照已暂停", "自2026-03-16（周一）起如此。"),
        ([*examples.HEARD, examples.REVOKE], "证照已撤销", "自2026-03-19（周四）起如此。"),
        ([examples.CANCEL], "证照已注销", "自2026-03-16（周一）起如此。"),
        ([examples.SUSPEND, examples.RESUME], None, None),
        ([examples.APPLY, examples.REPLACE], "证照已换发", "这张证照已由延续后的新证照代替"),
        ([REISSUE], "证照已换发", "这张证照已有更新的版本"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_every_turn_is_seen_at_once(licence, client, turns, standing, since):
    old = identifier()
    for turn in turns:
        act(turn)
    by_identifier = client.get("/check/", {"q": old})
    answers = [client.get(f"/check/{licence.code}/"), sent(pdf_of(licence)), by_identifier]
    for answer in answers:
        if standing is None:
            assert heading(answer).endswith("，今天有效")
            continue
        assert (heading(answer).endswith(f"，但{standing}"), lamp(answer)) == (True, "bad")
        assert since in words(answer)


def test_after_its_last_day_it_has_expired(licence, client, monkeypatch):
    for day, standing in ((examples.LAST, "，今天有效"), (date(2031, 3, 16), "，但证照已过期")):
        monkeypatch.setattr("mingtang.portal.views.check.today", lambda day=day: day)
        for answer in asked(client, licence):
            assert heading(answer).endswith(standing)


def test_the_new_version_is_good_and_the_old_one_says_there_is_a_newer(licence, client):
    first = identifier()
    act(REISSUE)
    second = printed(2)
    act(examples.ISSUE_2)
    assert first != identifier()
    for answer in asked(client, second):
        assert heading(answer).endswith("，今天有效")
    old = client.get("/check/", {"q": first})
    assert heading(old) == "确有记录，但证照已换发"
    assert "这张证照已有更新的版本，请查看新的一张。" in words(old)
    assert "编号演示证〔2026〕第1号" in words(old)
    assert identifier() not in old.content.decode()


def test_what_is_registered_and_not_yet_on_paper_is_unknown(office, client):
    act(examples.REGISTER)
    answer = client.get("/check/", {"q": identifier()})
    assert heading(answer) == "没有查到"
    assert f"没有证照标识为{identifier()}的证照。" in words(answer)


def test_one_wrong_sign_is_said_to_be_wrong_before_anything_is_looked_up(licence, client):
    right = identifier()
    wrong = right[:-5] + ("2" if right[-5] != "2" else "3") + right[-4:]
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/check/", {"q": wrong})
    assert (answer.status_code, len(queries)) == (422, 0)
    assert "证照标识的校验码不对" in words(answer)
    other = parse_identifier(right)
    unknown = str(replace(other, serial="2026QXXXXXXXXXXXXXXX"))
    assert heading(client.get("/check/", {"q": unknown})) == "没有查到"


# ── Whose name ──────────────────────────────────────────────────────────────


def test_by_identifier_a_persons_name_is_masked(licence, client):
    by_code, by_file, by_identifier = asked(client, licence)
    assert f"持证人{NAME}" in words(by_code)
    assert f"持证人{NAME}" in words(by_file)
    assert "持证人演***" in words(by_identifier)
    assert NAME not in by_identifier.content.decode()
    assert "个人的姓名只显示姓" in words(by_identifier)


def test_by_identifier_an_organisations_name_is_not(office, client):
    body = replace(HELD, kind="organisation")
    act(replace(examples.REGISTER, holder=body))
    printed(1)
    act(examples.ISSUE)
    assert f"持证人{NAME}" in words(client.get("/check/", {"q": identifier()}))


def test_nothing_is_shown_that_is_not_printed(licence, client):
    """No number of an identity, no reason, no officer, no person's key, no batch, no vault."""
    act(examples.SUSPEND)
    secrets = [
        examples.HOLDER.number, examples.HOLDER.id, examples.SUSPEND.reason, "P-li", "P-chief",
        "N-006", "演示路 1 号", licence.file, licence.about,
    ]  # fmt: skip
    for answer in asked(client, licence):
        page = answer.content.decode()
        assert [secret for secret in secrets if secret in page] == []


# ── What it costs ───────────────────────────────────────────────────────────


def test_the_cost_does_not_depend_on_how_many_licences_there_are(licence, client):
    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    addresses = (f"/check/{licence.code}/", f"/check/?q={identifier()}")
    client.get(addresses[0])
    before = [cost(address) for address in addresses]
    assert before == [4, 4]  # paper, version, licence, and whether seals changed
    for number in range(30):
        act(replace(examples.REGISTER, case=f"MT-0000-{number:04}", serial=f"{number:020}"),
            f"MT-0000-{number:04}")  # fmt: skip
    client.get(addresses[0])
    assert [cost(address) for address in addresses] == before


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="small tables are always scanned there")
def test_no_check_reads_a_whole_table(licence, client):
    with CaptureQueriesContext(connection) as queries:
        for answer in asked(client, licence):
            assert answer.status_code == 200
        client.get(f"/check/digest/{licence.sha256}/")
    plans = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans += [step[3] for step in cursor.fetchall()]
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
