"""The search index over what `core.bigrams` made of each item.

SQLite: FTS5 without a copy of the text, kept in step by triggers. The ascii tokenizer takes
every other character as part of a token, so that it cuts exactly where the spaces are.
PostgreSQL: a GIN index; the text is cut there by the parser of `simple`.
"""

from typing import Any

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE catalogue_search USING fts5(
           bigrams, content='catalogue_itemrow', content_rowid='rowno',
           tokenize='ascii', columnsize=0, detail=full)""",
    """CREATE TRIGGER catalogue_search_insert AFTER INSERT ON catalogue_itemrow BEGIN
           INSERT INTO catalogue_search(rowid, bigrams) VALUES (new.rowno, new.bigrams);
       END""",
    """CREATE TRIGGER catalogue_search_delete AFTER DELETE ON catalogue_itemrow BEGIN
           INSERT INTO catalogue_search(catalogue_search, rowid, bigrams)
           VALUES ('delete', old.rowno, old.bigrams);
       END""",
    """CREATE TRIGGER catalogue_search_update AFTER UPDATE ON catalogue_itemrow
       WHEN old.bigrams <> new.bigrams OR old.rowno <> new.rowno BEGIN
           INSERT INTO catalogue_search(catalogue_search, rowid, bigrams)
           VALUES ('delete', old.rowno, old.bigrams);
           INSERT INTO catalogue_search(rowid, bigrams) VALUES (new.rowno, new.bigrams);
       END""",
]
SQLITE_REVERSE = [
    "DROP TRIGGER catalogue_search_insert",
    "DROP TRIGGER catalogue_search_delete",
    "DROP TRIGGER catalogue_search_update",
    "DROP TABLE catalogue_search",
]
POSTGRESQL = [
    """CREATE INDEX catalogue_search ON catalogue_itemrow
       USING gin (to_tsvector('simple'::regconfig, bigrams))"""
]
POSTGRESQL_REVERSE = ["DROP INDEX catalogue_search"]


def index(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_REVERSE if sqlite else POSTGRESQL_REVERSE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(index, drop)]
