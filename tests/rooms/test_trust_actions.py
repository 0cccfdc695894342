"""What can be done to a seal, with a database; and under which letter it may be used."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.core.mandates import EVERY_ITEM, MandatePower
from mingtang.core.people import Role
from mingtang.core.seals import SealDestroyed, SealMade, Standing, why_not
from mingtang.ledger import replay
from mingtang.ledger.models import LedgerEntry
from mingtang.people import actions as people
from mingtang.trust import actions, queries
from mingtang.trust.actions import SealOrder
from mingtang.trust.models import SealRow
from mingtang.trust.ports.checking import check
from mingtang.trust.projection import SEAL
from tests.rooms.people_words import MONDAY, letter, official, town
from tests.rooms.trust_words import sealed
from tests.words import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ORDER = SealOrder(
    seal_no="9900000000017",
    organ="education",
    name="行政审批专用章",
    custodian="",
    sealer="local",
    valid_from=date(2026, 1, 1),
    valid_to=date(2030, 12, 31),
)


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
    """The key of a seal the chief representative keeps."""
    return make(manager, chief).key


def make(manager, chief, **changed):
    order = replace(ORDER, custodian=chief, **changed)
    return actions.make_seal(order=order, by=manager, at=MONDAY)


def keys(home) -> set[str]:
    folder = home / "keys" / "seals"
    return {path.stem for path in folder.glob("*")} - {"authority"} if folder.exists() else set()


# ── Making one ──────────────────────────────────────────────────────────────


def test_a_seal_is_made_with_a_key_of_its_own_and_can_seal(manager, chief, home):
    receipt = make(manager, chief)
    assert receipt.key == "education-1"
    row = queries.seal("education-1")
    assert (row.seal_no, row.organ_name, row.name) == (
        "9900000000017",
        "演示education",
        "行政审批专用章",
    )
    assert (row.custodian, row.standing, row.made_by) == (chief, "active", manager)
    assert (row.made_index, row.last_index) == (receipt.index, receipt.index)
    assert keys(home) == {row.fingerprint}
    verdict = check(sealed(queries.seal_of("education")))
    assert (verdict.problem, verdict.fingerprint) == ("", row.fingerprint)


def test_the_log_holds_the_fingerprint_and_no_key(manager, chief, home):
    receipt = make(manager, chief)
    body = bytes(LedgerEntry.objects.get(pk=receipt.index).body)
    assert queries.seal(receipt.key).fingerprint.encode() in body
    assert b"PRIVATE" not in body


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"seal_no": " "}, "seal.number-missing"),
        ({"name": ""}, "seal.name-missing"),
        ({"valid_from": date(2026, 3, 3)}, "seal.certificate-period"),
        ({"valid_to": date(2026, 3, 1)}, "seal.certificate-period"),
        ({"organ": "health"}, "seal.orderer-not-manager"),
        ({"sealer": "device"}, "seal.sealer-unavailable"),
    ],
)
def test_what_the_rules_refuse_leaves_no_key_behind(manager, chief, home, changed, code):
    before = LedgerEntry.objects.count()
    with refused(code):
        make(manager, chief, **changed)
    assert (LedgerEntry.objects.count(), keys(home)) == (before, set())


def test_only_who_serves_the_organ_keeps_its_seal_and_only_its_manager_orders_one(manager, chief):
    stranger = official(3, Role.CHIEF_REPRESENTATIVE, "health")
    with refused("seal.custodian-not-serving"):
        make(manager, stranger)
    with refused("seal.orderer-not-manager"):
        make(chief, chief)
    assert make(manager, manager).key == "education-1"


def test_a_centres_seal_is_ordered_by_its_manager_and_kept_by_its_trade_officer(manager):
    head = official(3, Role.CENTRE_MANAGER, "mingzhou")
    trader = official(4, Role.TRADE_OFFICER, "mingzhou")
    host = official(5, Role.TRADE_HOST, "mingzhou")
    said = {"organ": "mingzhou", "name": "公共资源交易专用章"}
    with refused("seal.custodian-not-serving"):
        make(head, host, **said)
    with refused("seal.orderer-not-manager"):
        make(manager, trader, **said)
    assert make(head, trader, **said).key == "mingzhou-1"


def test_an_organ_has_one_seal_and_a_new_one_after_that_is_destroyed(manager, chief, key, home):
    with refused("seal.organ-has-one"):
        make(manager, chief)
    first = queries.seal(key).fingerprint
    actions.destroy_seal(key=key, reason="损坏", by=manager, at=MONDAY)
    assert queries.seal_of("education") is None
    assert make(manager, chief, seal_no="9900000000025").key == "education-2"
    assert queries.seal_of("education").seal_no == "9900000000025"
    assert [row.key for row in queries.seals()] == ["education-2", "education-1"]
    assert queries.seal_with(first).standing is Standing.DESTROYED


def test_asked_for_twice_a_seal_is_made_once(manager, chief, home):
    order = replace(ORDER, custodian=chief)
    first, again = (
        actions.make_seal(order=order, by=manager, at=MONDAY, once="a-form") for _ in range(2)
    )
    assert (again.index, again.repeated) == (first.index, True)
    assert len(keys(home)) == 1


def test_killed_before_it_is_recorded_there_is_a_key_and_no_seal(manager, chief, home, monkeypatch):
    def killed(order):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(actions, "enact_one", killed)
        with pytest.raises(SystemExit):
            make(manager, chief)
    assert (len(keys(home)), SealRow.objects.count()) == (1, 0)
    make(manager, chief)
    assert len(keys(home)) == 2
    assert check(sealed(queries.seal_of("education"))).problem == ""


# ── Its life ────────────────────────────────────────────────────────────────


def test_it_is_handed_over_with_everything_else_as_it_was(manager, chief, key):
    other = official(3, Role.CHIEF_REPRESENTATIVE)
    later = MONDAY + DAY
    receipt = actions.hand_over_seal(key=key, to=other, reason="轮岗", by=chief, at=later)
    row = queries.seal(key)
    assert (row.custodian, row.kept_since, row.last_index) == (other, later, receipt.index)
    assert row.standing == "active"
    assert queries.kept_by(chief) == []
    assert [kept.key for kept in queries.kept_by(other)] == [key]


def test_it_is_handed_to_nobody_who_does_not_serve_the_organ(manager, chief, key):
    stranger = official(3, Role.CHIEF_REPRESENTATIVE, "health")
    with refused("seal.custodian-not-serving"):
        actions.hand_over_seal(key=key, to=stranger, reason="", by=chief, at=MONDAY)
    with refused("seal.not-keeper"):
        actions.hand_over_seal(key=key, to=manager, reason="", by=stranger, at=MONDAY)
    assert queries.seal(key).custodian == chief


def test_it_is_suspended_resumed_and_destroyed(manager, chief, key, home):
    stopped = actions.suspend_seal(key=key, reason="疑似盗用", by=chief, at=MONDAY)
    assert standing(key) == ("suspended", "疑似盗用", chief, stopped.index)
    assert queries.seal_of("education").standing is Standing.SUSPENDED

    resumed = actions.resume_seal(key=key, reason="查明无事", by=manager, at=MONDAY)
    assert standing(key) == ("active", "查明无事", manager, resumed.index)

    gone = actions.destroy_seal(key=key, reason="机构撤并", by=manager, at=MONDAY)
    assert standing(key) == ("destroyed", "机构撤并", manager, gone.index)
    assert keys(home) == set()
    assert queries.kept_by(chief) == []


def standing(key):
    row = queries.seal(key)
    return row.standing, row.change_reason, row.changed_by, row.changed_index


def test_a_keeper_suspends_and_only_the_manager_does_the_rest(manager, chief, key, home):
    other = official(3, Role.DEPARTMENT_MANAGER, "health")
    with refused("seal.not-keeper"):
        actions.suspend_seal(key=key, reason="x", by=other, at=MONDAY)
    actions.suspend_seal(key=key, reason="x", by=chief, at=MONDAY)
    for act in (actions.resume_seal, actions.destroy_seal):
        for by in (chief, other):
            with refused("seal.orderer-not-manager"):
                act(key=key, reason="x", by=by, at=MONDAY)
    assert queries.seal(key).standing == "suspended"
    assert len(keys(home)) == 1


def test_what_is_no_seal_stays_as_it_is(manager):
    for act in (actions.suspend_seal, actions.resume_seal, actions.destroy_seal):
        with refused("seal.unknown"):
            act(key="education-1", reason="x", by=manager, at=MONDAY)
    with refused("seal.unknown"):
        actions.hand_over_seal(key="education-1", to=manager, reason="", by=manager, at=MONDAY)


def test_its_history_is_what_happened_in_order(manager, chief, key):
    actions.destroy_seal(key=key, reason="损坏", by=manager, at=MONDAY)
    made, gone = queries.history_of(key)
    assert isinstance(made.event, SealMade)
    assert isinstance(gone.event, SealDestroyed)
    assert gone.index == made.index + 1


def test_the_table_can_be_thrown_away_and_made_again_from_the_ledger(manager, chief, key):
    other = official(3, Role.CHIEF_REPRESENTATIVE)
    actions.hand_over_seal(key=key, to=other, reason="轮岗", by=chief, at=MONDAY)
    actions.suspend_seal(key=key, reason="x", by=other, at=MONDAY)
    actions.resume_seal(key=key, reason="y", by=manager, at=MONDAY)
    before = list(SealRow.objects.values())
    replay.rebuild([SEAL, *people.SUBJECTS])
    assert list(SealRow.objects.values()) == before
    assert len(before) == 1


# ── Who may use it ──────────────────────────────────────────────────────────


def granted(manager, person, number, **changed):
    """Grant a letter with the power to seal and hang it at the window."""
    said = {"powers": (MandatePower.SEAL,), "letter_no": f"演示授权〔2026〕{number}号", **changed}
    given = letter(person, **said)
    receipt = people.grant_mandate(letter=given, by=manager, at=MONDAY)
    people.publish_mandate(key=receipt.key, office="window-1", by=manager, at=MONDAY)
    return replace(given, published=True)


def to_seal(user, *, item="E-1", day=date(2026, 3, 2)):
    found = queries.seal_of("education")
    mandate = queries.mandate_to_seal(user=user, seal=found, item=item, day=day)
    return mandate, why_not(found, mandate, organ="education", item=item, day=day)


def test_whoever_was_given_the_power_to_seal_uses_it_in_their_own_name(manager, chief, key):
    other = official(3, Role.CHIEF_REPRESENTATIVE)
    keepers = granted(manager, chief, 1)
    own = granted(manager, other, 2)
    assert to_seal(other) == (own, None)
    assert to_seal(chief) == (keepers, None)


def test_for_anybody_else_it_is_whoever_keeps_the_seal(manager, chief, key):
    keepers = granted(manager, chief, 1, items=(EVERY_ITEM,))
    clerk = official(3, Role.WINDOW_CLERK, "education")
    assert to_seal(clerk, item="E-9") == (keepers, None)
    assert to_seal("", item="E-9") == (keepers, None)


def test_whose_own_letter_has_run_out_does_not_seal_in_anothers_name(manager, chief, key):
    granted(manager, chief, 1)
    other = official(3, Role.CHIEF_REPRESENTATIVE)
    own = granted(manager, other, 2, valid_to=date(2026, 3, 1))
    assert to_seal(other) == (own, "mandate.expired")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 2, 28), "mandate.not-yet-valid"),
        (date(2026, 3, 1), None),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), "mandate.expired"),
    ],
)
def test_a_letter_carries_the_seal_from_its_first_day_to_its_last(manager, chief, key, day, code):
    granted(manager, chief, 1)
    assert to_seal(chief, day=day)[1] == code


def test_of_several_letters_the_one_that_carries_it_is_taken(manager, chief, key):
    granted(manager, chief, 1, items=("E-2",))
    right = granted(manager, chief, 2)
    granted(manager, chief, 3, powers=(MandatePower.DECIDE,))
    assert to_seal(chief) == (right, None)


def test_why_nobody_may_is_said_by_the_nearest_letter(manager, chief, key):
    assert to_seal(chief) == (None, "seal.no-mandate")
    decides = granted(manager, chief, 1, powers=(MandatePower.DECIDE,))
    assert to_seal(chief) == (decides, "mandate.power-not-given")
    other_item = granted(manager, chief, 2, items=("E-2",))
    assert to_seal(chief) == (other_item, "mandate.item-not-covered")


def test_where_there_is_no_seal_there_is_no_letter_for_it(manager, chief):
    granted(manager, chief, 1)
    assert to_seal(chief) == (None, "seal.none")


def test_a_suspended_seal_is_named_before_any_letter(manager, chief, key):
    own = granted(manager, chief, 1)
    actions.suspend_seal(key=key, reason="x", by=chief, at=MONDAY)
    assert to_seal(chief) == (own, "seal.suspended")


def test_the_letters_under_which_it_may_be_used_are_those_in_force(manager, chief, key):
    carries = granted(manager, chief, 1)
    granted(manager, chief, 2, powers=(MandatePower.DECIDE,))
    granted(manager, chief, 3, valid_to=date(2026, 3, 1))
    assert queries.letters_to_seal("education", MONDAY.date()) == [carries]
    assert queries.letters_to_seal("health", MONDAY.date()) == []
