"""The second factor (第二重验证): which codes are spent."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import transaction

from mingtang.core import totp
from mingtang.core.decider import Refused
from mingtang.core.totp import ProofMethod
from mingtang.people.models import FactorRow

MOST_FAILURES = 5  # then none is taken for a while: the figures of signing in [C]
REST = timedelta(minutes=15)


def prove(*, account: int, code: str, at: datetime) -> ProofMethod:
    """Take a code of the account's second factor (第二重验证) and say what kind it was.

    It is good once, at whichever page; what fails is counted even where nothing else is written.
    Raises Refused: factor.not-set-up, factor.locked (facts: minutes), factor.replayed,
    factor.wrong.
    """
    with transaction.atomic():
        verdict = _verdict(account, "".join(code.split()), at)
    if isinstance(verdict, Refused):
        raise verdict
    return verdict


def _verdict(account: int, code: str, at: datetime) -> ProofMethod | Refused:
    kept = {one.type: one for one in Authenticator.objects.filter(user_id=account)}
    device = kept.get(Authenticator.Type.TOTP)
    if device is None:
        return Refused("factor.not-set-up")
    FactorRow.objects.get_or_create(account=account)
    row = FactorRow.objects.select_for_update().get(account=account)
    if row.failures >= MOST_FAILURES and row.failed_at and at < row.failed_at + REST:
        left = row.failed_at + REST - at
        return Refused("factor.locked", minutes=-(-int(left.total_seconds()) // 60))
    step = totp.step_of(decrypt(device.data["secret"]), code, at)
    if step is not None and step > row.step:
        _good(row, step)
        return ProofMethod.TOTP
    spare = kept.get(Authenticator.Type.RECOVERY_CODES)
    if step is None and spare is not None and spare.wrap().validate_code(code):
        _good(row, row.step)
        return ProofMethod.RECOVERY_CODE
    rested = row.failed_at is not None and at >= row.failed_at + REST
    row.failures, row.failed_at = 1 if rested else row.failures + 1, at
    row.save(update_fields=["failures", "failed_at"])
    return Refused("factor.wrong") if step is None else Refused("factor.replayed")


def spend_code(*, account: int, secret: str, code: str, at: datetime) -> None:
    """Remember the code a second factor was set up with: it opens nothing any more."""
    row, _made = FactorRow.objects.get_or_create(account=account)
    _good(row, totp.step_of(secret, code, at) or row.step)


def _good(row: FactorRow, step: int) -> None:
    row.step, row.failures, row.failed_at = step, 0, None
    row.save(update_fields=["step", "failures", "failed_at"])
