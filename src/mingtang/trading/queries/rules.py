"""What pages ask about kinds of trades and procedures."""

import json

from mingtang.core.trading.kinds import Kind, TradeCategory
from mingtang.core.trading.parameters import Procedure
from mingtang.core.wire import read
from mingtang.ledger.memory import until_changed
from mingtang.trading.models import KindRow, ProcedureRow, ProcedureVersionRow


@until_changed("trade-kinds")
def kinds() -> list[KindRow]:
    """Return every kind traded now, in the order of the list."""
    return list(KindRow.objects.filter(in_use=True).order_by("place"))


def kinds_by(procedure: str) -> list[KindRow]:
    """Return the kinds that usually use a procedure."""
    return [row for row in kinds() if row.procedure == procedure]


def kind(code: str) -> KindRow | None:
    return KindRow.objects.filter(pk=code).first()


@until_changed("trade-procedure")
def procedures() -> list[ProcedureRow]:
    """Return every procedure there is, those in use first."""
    return list(ProcedureRow.objects.order_by("-in_use", "code"))


def procedure(code: str) -> ProcedureRow | None:
    return ProcedureRow.objects.filter(pk=code).first()


@until_changed("trade-procedure")
def procedure_version(code: str, version: int) -> Procedure:
    """Return a version as it was published. Raises ProcedureVersionRow.DoesNotExist."""
    text = ProcedureVersionRow.objects.values_list("content", flat=True).get(pk=f"{code}.{version}")
    content: Procedure = read(Procedure, json.loads(text))
    return content


def procedure_versions(code: str) -> list[ProcedureVersionRow]:
    """Return every version there was, newest first, without their contents."""
    return list(ProcedureVersionRow.objects.filter(code=code).order_by("-version").defer("content"))


def kind_of(row: KindRow) -> Kind:
    """Return a kind's row as what the rules know."""
    return Kind(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        category=TradeCategory(row.category),
        business=row.business,
        procedure=row.procedure,
        illustrative=row.illustrative,
    )
