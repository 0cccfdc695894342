"""The search index over what `core.bigrams` made of each notice.

SQLite: FTS5 without a copy of the text, kept in step by triggers. The ascii tokenizer takes
every other character as part of a token, so that it cuts exactly where the spaces are.
PostgreSQL: a GIN index; the text is cut there by the parser of `simple`.
"""

from typing import Any

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE trading_notice_search USING fts5(
           bigrams, content='trading_foreignnoticerow', content_rowid='rowno',
           tokenize='ascii', columnsize=0, detail=full)""",
    """CREATE TRIGGER trading_notice_search_insert AFTER INSERT ON trading_foreignnoticerow BEGIN
           INSERT INTO trading_notice_search(rowid, bigrams) VALUES (new.rowno, new.bigrams);
       END""",
    """CREATE TRIGGER trading_notice_search_delete AFTER DELETE ON trading_foreignnoticerow BEGIN
           INSERT INTO trading_notice_search(trading_notice_search, rowid, bigrams)
           VALUES ('delete', old.rowno, old.bigrams);
       END""",
    """CREATE TRIGGER trading_notice_search_update AFTER UPDATE ON trading_foreignnoticerow
       WHEN old.bigrams <> new.bigrams OR old.rowno <> new.rowno BEGIN
           INSERT INTO trading_notice_search(trading_notice_search, rowid, bigrams)
           VALUES ('delete', old.rowno, old.bigrams);
           INSERT INTO trading_notice_search(rowid, bigrams) VALUES (new.rowno, new.bigrams);
       END""",
]
SQLITE_REVERSE = [
    "DROP TRIGGER trading_notice_search_insert",
    "DROP TRIGGER trading_notice_search_delete",
    "DROP TRIGGER trading_notice_search_update",
    "DROP TABLE trading_notice_search",
]
POSTGRESQL = [
    """CREATE INDEX trading_notice_search ON trading_foreignnoticerow
       USING gin (to_tsvector('simple'::regconfig, bigrams))"""
]
POSTGRESQL_REVERSE = ["DROP INDEX trading_notice_search"]


def index(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_REVERSE if sqlite else POSTGRESQL_REVERSE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("trading", "0001_notices_of_other_platforms")]
    operations = [migrations.RunPython(index, drop)]
