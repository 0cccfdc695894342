"""Second factors and phrases: codes that are good once, secrets nobody reads in the tables."""

from datetime import datetime, timedelta, timezone

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.exceptions import InvalidTag
from django.db import connection

from mingtang.core.decider import Refused
from mingtang.core.phrases import MOST_PHRASES, PhraseUse
from mingtang.core.totp import ProofMethod, code_of, step_at
from mingtang.people import actions, queries
from mingtang.people.adapters import FactorAdapter
from mingtang.people.models import Account, FactorRow, PhraseRow
from tests.words import refused

pytestmark = pytest.mark.django_db
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=timezone(timedelta(hours=8)))
LATER = timedelta(seconds=30)


@pytest.fixture
def account():
    kept = Account.objects.create_user("chief", "bright-hall-2026", person="P-CHIEF")
    TOTP.activate(kept, SECRET)
    return kept


def code(at=NOON):
    return code_of(SECRET, step_at(at))


def prove(account, typed, at=NOON):
    return actions.prove(account=account.pk, code=typed, at=at)


def test_a_code_is_good_once(account):
    assert prove(account, code()) is ProofMethod.TOTP
    with refused("factor.replayed"):
        prove(account, code())
    assert prove(account, code(NOON + LATER), NOON + LATER) is ProofMethod.TOTP


def test_a_code_older_than_the_last_one_is_spent_too(account):
    prove(account, code())
    with refused("factor.replayed"):
        prove(account, code(NOON - LATER))


def test_blanks_people_type_between_the_digits_do_not_matter(account):
    assert prove(account, f" {code()[:3]} {code()[3:]} ") is ProofMethod.TOTP


def test_after_five_wrong_ones_even_the_right_one_waits(account):
    for _again in range(5):
        with refused("factor.wrong"):
            prove(account, "000000")
    with pytest.raises(Refused, match=r"^factor\.locked$") as locked:
        prove(account, code())
    assert locked.value.facts == {"minutes": 15}
    last = NOON + timedelta(minutes=14, seconds=1)
    with pytest.raises(Refused, match=r"^factor\.locked$") as locked:
        prove(account, code(last), last)
    assert locked.value.facts == {"minutes": 1}
    free = NOON + timedelta(minutes=15)
    assert prove(account, code(free), free) is ProofMethod.TOTP
    row = FactorRow.objects.get(account=account.pk)
    assert (row.failures, row.failed_at) == (0, None)


def test_failures_of_another_hour_do_not_add_up(account):
    for _again in range(5):
        with refused("factor.wrong"):
            prove(account, "000000")
    later = NOON + timedelta(minutes=20)
    with refused("factor.wrong"):
        prove(account, "000000", later)
    assert prove(account, code(later), later) is ProofMethod.TOTP


def test_a_recovery_code_stands_in_once(account):
    spare = RecoveryCodes.activate(account).generate_codes()[0]
    assert prove(account, spare) is ProofMethod.RECOVERY_CODE
    with refused("factor.wrong"):
        prove(account, spare)


def test_without_a_second_factor_there_is_nothing_to_give():
    bare = Account.objects.create_user("bare", "bright-hall-2026", person="P-BARE")
    with refused("factor.not-set-up"):
        prove(bare, "123456")
    assert not FactorRow.objects.exists()


def test_the_code_it_was_set_up_with_is_spent(account):
    actions.spend_code(account=account.pk, secret=SECRET, code=code(), at=NOON)
    with refused("factor.replayed"):
        prove(account, code())


def test_one_account_does_not_spend_anothers_code(account):
    other = Account.objects.create_user("other", "bright-hall-2026", person="P-OTHER")
    TOTP.activate(other, SECRET)
    prove(account, code())
    assert prove(other, code()) is ProofMethod.TOTP


def test_secrets_are_not_legible_in_the_tables(account):
    RecoveryCodes.activate(account)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = "".join(str(data) for (data,) in cursor.fetchall())
    assert SECRET not in kept
    assert kept.count("v1.") == 2


def test_what_an_earlier_version_kept_in_the_clear_still_opens(account):
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).update(data={"secret": SECRET})
    assert prove(account, code()) is ProofMethod.TOTP


def test_an_encrypted_secret_is_never_the_same_twice_and_needs_the_installations_own(settings):
    adapter = FactorAdapter()
    one, other = adapter.encrypt(SECRET), adapter.encrypt(SECRET)
    assert one != other
    assert adapter.decrypt(one) == adapter.decrypt(other) == SECRET
    settings.SECRET_KEY = "another installation"
    with pytest.raises(InvalidTag):
        adapter.decrypt(one)


# ── Phrases ─────────────────────────────────────────────────────────────────


def texts(*owners, use=PhraseUse.OPINION):
    return [row.text for row in queries.phrases(*owners, use=use)]


def test_phrases_are_kept_once_each_and_apart_by_owner_and_use():
    for owner, use, text in (
        ("P-1", PhraseUse.OPINION, " 符合 规定。 "),
        ("P-1", PhraseUse.OPINION, "符合 规定。"),
        ("market", PhraseUse.OPINION, "同意。"),
        ("market", PhraseUse.SHORTFALL, "缺少盖章"),
    ):
        actions.keep_phrase(owner=owner, use=use, text=text)
    assert texts("P-1") == ["符合 规定。"]
    assert texts("P-1", "market") == ["符合 规定。", "同意。"]
    assert texts("market", use=PhraseUse.SHORTFALL) == ["缺少盖章"]


def test_a_phrase_is_dropped_by_whoever_keeps_it():
    actions.keep_phrase(owner="P-1", use=PhraseUse.OPINION, text="同意。")
    [row] = queries.phrases("P-1", use=PhraseUse.OPINION)
    actions.drop_phrase(id=row.pk, owners=["P-2"])
    assert texts("P-1") == ["同意。"]
    actions.drop_phrase(id=row.pk, owners=["P-2", "P-1"])
    assert texts("P-1") == []


def test_there_is_an_end_to_phrases():
    for number in range(MOST_PHRASES):
        actions.keep_phrase(owner="P-1", use=PhraseUse.OPINION, text=f"第 {number} 句")
    with refused("phrase.too-many"):
        actions.keep_phrase(owner="P-1", use=PhraseUse.OPINION, text="又一句")
    actions.keep_phrase(owner="P-1", use=PhraseUse.OPINION, text="第 0 句")
    assert PhraseRow.objects.count() == MOST_PHRASES
