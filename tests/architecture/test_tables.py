"""Tables are copies, each of one subject; no key leaves its room; migrations say all of it."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from mingtang.config.wiring import SUBJECTS

MODELS = [m for m in apps.get_models() if m.__module__.startswith("mingtang.")]
ROOMS_OF_COPIES = (
    "people",
    "trust",
    "papers",
    "catalogue",
    "cases",
    "licences",
    "trading",
    "windows",
    "intermediaries",
    "ratings",
)
NOT_COPIED = {
    "licences.StuckRow": "why a granted licence is not there yet: work in progress is no fact",
    "people.Account": "credentials are never recorded in the log",
    "papers.MakingRow": "why a paper is not there yet: work in progress is no fact",
    "papers.KeptFileRow": "files a killed worker may have left",
    "trading.AliveRow": "that a service lives is no fact; that it was interrupted is",
    "people.AccountAct": "who did what to an account; accounts are not in the log either",
    "people.FactorRow": "which one-time codes are spent: credentials are never recorded in the log",
    "people.PhoneRow": "where a phone is called is a preference, and nobody else's business",
    "people.PhraseRow": "what somebody likes to write is a preference, not a fact",
}


def test_no_foreign_key_leaves_its_room():
    """Import contracts cannot see `ForeignKey("cases.CaseRow")`, so look at the tables."""
    leaving = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.get_fields(include_hidden=True)
        if field.concrete
        and field.is_relation
        and field.related_model._meta.app_label != model._meta.app_label
    ]
    assert leaving == []


def test_every_table_of_a_room_is_the_copy_of_one_subject_or_has_a_reason_not_to_be():
    copied = Counter(table._meta.label for subject in SUBJECTS for table in subject.tables)
    assert [label for label, subjects in copied.items() if subjects > 1] == []
    wanted = {m._meta.label for m in MODELS if m._meta.app_label in ROOMS_OF_COPIES}
    assert wanted == set(copied) | set(NOT_COPIED)
    assert not set(copied) & set(NOT_COPIED)


def test_no_default_fills_a_column_that_a_projection_forgot():
    """A copied row says everything it holds; `_put_sql` refuses one that does not."""
    defaults = [
        f"{table._meta.label}.{field.name}"
        for subject in SUBJECTS
        for table in subject.tables
        for field in table._meta.local_concrete_fields
        if field.has_default()
    ]
    assert defaults == []


@pytest.mark.django_db
def test_the_migrations_are_complete():
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    assert said.getvalue().strip() == "No changes detected"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_is_in_its_own_rooms_models(model):
    assert model.__module__ == f"mingtang.{model._meta.app_label}.models"
