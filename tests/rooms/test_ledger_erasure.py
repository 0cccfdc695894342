"""What is erased is gone, everywhere; what was proved stays proved; nobody undoes it unseen."""

import pytest
from django.db import connection

from mingtang.cases.models import CaseRow
from mingtang.config.wiring import SUBJECTS
from mingtang.core import note
from mingtang.core.history import WIRE
from mingtang.core.receipt import parse_receipt
from mingtang.core.wire import ERASED, Disclosure
from mingtang.ledger import actions, keys, queries, receipts, sequencer
from mingtang.ledger.memory import Known, memory
from mingtang.ledger.models import LedgerEntry, Opened
from mingtang.ledger.verify import Finding, verify
from mingtang.people import actions as people
from mingtang.people import queries as who
from mingtang.people.models import EntrustmentRow, PersonRow
from mingtang.verifier.__main__ import VALID, main
from tests.core.case_examples import APPLICANT
from tests.rooms import case_words
from tests.rooms.ledger_subjects import NOON
from tests.rooms.people_words import MONDAY, identity, person
from tests.words import refused

pytestmark = pytest.mark.django_db
SEALED = ("id_number", "name", "phone")
BASIS = "个人信息保护法第四十七条（演示）"


def erase(index, *names, basis=BASIS):
    return actions.erase(
        index=index, names=names, basis=basis, by="P-officer", at=MONDAY, subjects=SUBJECTS
    )


def everything():
    """Return every value of every table of the database, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value)
                    found.append(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw)
    return "\n".join(found)


def findings():
    return list(verify(SUBJECTS))


@pytest.fixture
def somebody(log_home):
    """Entry 0 registers them; a second person stands beside."""
    someone = person(1)
    person(2)
    sequencer.advance(at=NOON)
    return someone


def test_an_erased_value_is_in_no_table_and_everything_else_stands(somebody):
    neighbour = identity(2)
    assert everything().count("E00000001") == 2  # what opens the entry, and the row
    body = bytes(LedgerEntry.objects.get(pk=0).body)

    erase(0, *SEALED)

    left = everything()
    for gone in ("E00000001", "演示1"):
        assert gone not in left
    assert neighbour.id_number in left
    row = PersonRow.objects.get(pk=somebody)
    assert (row.name, row.id_number, row.phone) == (ERASED, ERASED, ERASED)
    assert bytes(LedgerEntry.objects.get(pk=0).body) == body
    assert findings() == []


def test_one_field_may_go_and_the_others_stay(somebody):
    erase(0, "phone")
    row = PersonRow.objects.get(pk=somebody)
    assert (row.name, row.phone) == ("演示1", ERASED)
    erase(0, "name")
    row = PersonRow.objects.get(pk=somebody)
    assert (row.name, row.id_number) == (ERASED, "E00000001")
    assert findings() == []


def test_two_erased_persons_are_two_rows(somebody):
    erase(0, *SEALED)
    erase(1, *SEALED)
    assert PersonRow.objects.filter(id_number=ERASED).count() == 2
    assert findings() == []


def test_what_this_process_remembers_forgets_it_too(somebody):
    assert who.actor(somebody).name == "演示1"
    erase(0, *SEALED)
    assert who.actor(somebody).name == ERASED
    assert f"person/{somebody}" not in memory.streams


def test_what_other_processes_remember_forgets_it_as_soon_as_they_look(somebody):
    assert who.actor(somebody).name == "演示1"
    seen, edge = memory.seen, list(memory.edge)
    changes, trusted = memory.changes.copy(), memory.all_changed
    known = Known(1, memory.streams[f"person/{somebody}"].state)
    erase(0, *SEALED)
    # as a process that has not looked since still has it
    memory.seen, memory.edge, memory.changes, memory.all_changed = seen, edge, changes, trusted
    memory.streams[f"person/{somebody}"] = known

    assert who.actor(somebody).name == ERASED
    assert f"person/{somebody}" not in memory.streams


def test_rows_a_stream_dropped_and_made_again_are_there_after_an_erasure(somebody):
    agent = person(3)
    entrust = {"person": somebody, "agent": agent, "at": MONDAY}
    people.entrust(**entrust, scope="全部")
    people.end_entrustment(**entrust, reason="", by=somebody)
    people.entrust(**entrust, scope="食品经营")
    erase(0, "phone")
    assert EntrustmentRow.objects.get().scope == "食品经营"
    assert findings() == []


def test_a_row_that_is_gone_stays_gone_after_an_erasure(somebody):
    agent = person(3)
    entrust = {"person": somebody, "agent": agent, "at": MONDAY}
    people.entrust(**entrust, scope="全部")
    people.end_entrustment(**entrust, reason="", by=somebody)
    erase(0, "phone")
    assert EntrustmentRow.objects.count() == 0
    assert findings() == []


def test_an_applicants_name_can_be_erased_from_a_case_under_way(log_home):
    case_words.calendar_of_the_year()
    [filed] = case_words.file("MT-1")
    case_words.accept("MT-1")
    erase(filed.index, "applicant_name", "applicant_id_number", "phone", "form")
    row = CaseRow.objects.get()
    assert (row.applicant_name, row.phone_tail, row.applicant) == (ERASED, ERASED, APPLICANT.id)
    left = everything()
    assert APPLICANT.name not in left
    assert APPLICANT.id_number not in left
    case_words.complete("MT-1", "papers")
    case_words.complete("MT-1", "site")
    assert CaseRow.objects.get().stage == "deciding"
    assert findings() == []


# ── What was proved stays proved ────────────────────────────────────────────


def test_receipts_still_check_and_withhold_what_was_erased(somebody, log_home, capsys):
    erase(0, "name", "id_number")
    path = log_home / "kept.receipt.json"
    path.write_text(receipts.receipt_file(0), encoding="utf-8")

    vkey = note.format_vkey(keys.public())
    assert main(["receipt", str(path), "--vkey", vkey, "--lang", "en"]) == VALID
    said = capsys.readouterr().out
    assert "phone = 19900000001" in said
    withheld = said.partition("withheld (digests only):\n")[2].partition("Cosignatures")[0]
    assert len(withheld.splitlines()) == 2


def test_a_dictionary_of_the_true_value_fails_once_the_salt_is_gone(somebody):
    [kept] = [d for d in parse_receipt(receipts.receipt_file(0)).disclosures if d.name == "name"]
    body = bytes(LedgerEntry.objects.get(pk=0).body).decode()
    assert kept.digest in body
    erase(0, *SEALED)

    assert len(kept.salt) >= 22  # 128 bits in base64
    assert kept.salt not in everything()
    salts = ["", somebody, *Opened.objects.values_list("salt", flat=True)]
    for salt in salts:
        assert Disclosure("name", salt, kept.value).digest not in body


# ── Nobody undoes it, or does it, unseen ────────────────────────────────────


def test_putting_an_erased_value_back_is_found(somebody):
    before = Opened.objects.get(index=0, name="name")
    erase(0, "name")
    before.save(force_insert=True)
    assert Finding("verify.erasure-undone", "entry 0", "name") in findings()


def test_an_opened_value_that_was_removed_without_an_erasure_is_found(somebody):
    Opened.objects.filter(index=0, name="name").delete()
    assert findings()[0] == Finding("verify.disclosure-missing", "entry 0", "name")


def test_an_opened_value_that_was_altered_is_found(somebody):
    Opened.objects.filter(index=0, name="name").update(value="演示他人")
    assert findings()[0] == Finding("verify.disclosure-altered", "entry 0", "name")


def test_an_opened_value_that_belongs_to_no_entry_is_found(somebody):
    Opened.objects.create(index=77, name="name", salt="s", value="v")
    codes = [finding.code for finding in findings()]
    assert codes == ["verify.disclosure-added"]


# ── What is refused leaves everything as it was ─────────────────────────────


@pytest.mark.parametrize(
    ("index", "names", "basis", "code"),
    [
        (99, ["name"], BASIS, "ledger.no-such-entry"),
        (0, [], BASIS, "erasure.nothing-named"),
        (0, ["by"], BASIS, "erasure.not-sealed"),
        (0, ["name"], " ", "erasure.basis-missing"),
    ],
)
def test_an_erasure_that_is_refused_erases_nothing(somebody, index, names, basis, code):
    with refused(code):
        erase(index, *names, basis=basis)
    assert Opened.objects.filter(index=0).count() == 3
    assert queries.size() == 2
    assert findings() == []


def test_nothing_is_erased_twice(somebody):
    erase(0, "name")
    with refused("erasure.already-erased"):
        erase(0, "name", "phone")
    assert Opened.objects.filter(index=0, name="phone").exists()


def test_the_log_says_who_erased_what_and_on_which_basis(somebody):
    receipt = erase(0, "name")
    entry = LedgerEntry.objects.get(pk=receipt.index)
    event = WIRE.decode(bytes(entry.body))
    assert (event.index, event.names, event.basis, event.by) == (0, ("name",), BASIS, "P-officer")
    assert entry.stream == "erasure/0"
