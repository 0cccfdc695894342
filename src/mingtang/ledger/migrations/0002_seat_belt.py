"""The head row, and triggers that keep honest programs from editing the log by accident.

A seat belt, not the proof: whoever can drop a trigger is found by `mingtang verify`.
"""

from typing import Any

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER ledger_entries_are_only_inserted_{action}
       BEFORE {action} ON ledger_ledgerentry
       BEGIN SELECT RAISE(ABORT, 'ledger entries are only ever inserted'); END""",
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'ledger entries are only ever inserted'; END $$""",
    """CREATE TRIGGER ledger_entries_are_only_inserted
       BEFORE UPDATE OR DELETE ON ledger_ledgerentry
       FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
]


def fasten(apps: Any, schema_editor: Any) -> None:
    apps.get_model("ledger", "LedgerHead").objects.create(pk=1, size=0, edge=b"")
    if schema_editor.connection.vendor == "sqlite":
        for action in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE[0].format(action=action))
    else:
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(fasten, migrations.RunPython.noop, elidable=False)]
