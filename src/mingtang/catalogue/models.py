"""Items and calendar years as pages need them. Projections: `rebuild` recreates them.

Search (0002_search.py): SQLite keeps an FTS5 index of `bigrams` under `rowno`; PostgreSQL has a
GIN index on the same text.
"""

from django.db import models


class ItemRow(models.Model):
    """事项: the version in force, or the draft of what never was."""

    key = models.CharField(max_length=20, primary_key=True)  # core.catalogue.key_of(code)
    rowno = models.BigIntegerField(unique=True)  # number in the search index, from the key
    code = models.CharField(max_length=200, db_index=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    category = models.CharField(max_length=12)
    item_type = models.CharField(max_length=10)
    department = models.CharField(max_length=60)
    department_name = models.CharField(max_length=200)
    audience = models.TextField()  # |1|2|
    topics = models.TextField()  # |food|business|
    statutory_days = models.IntegerField(null=True)  # working days
    promised_days = models.IntegerField(null=True)
    on_the_spot = models.BooleanField()
    visits = models.IntegerField(null=True)
    online_depth = models.IntegerField()
    taken_in_anywhere = models.BooleanField()  # 异地代收: at any office
    adoptable = models.BooleanField()  # 可认领: other organs may handle it
    first_reviewers = models.TextField()  # 初审: |county|other|, organs that review it first
    legacy = models.BooleanField()
    state = models.CharField(max_length=10)  # draft | in_force | withdrawn
    version = models.PositiveIntegerField()  # in force, or last in force; 0: never
    drafts = models.PositiveIntegerField()  # there have been
    draft = models.PositiveIntegerField()  # number of the open one; 0: none
    shortcomings = models.PositiveIntegerField()  # of the open draft
    bigrams = models.TextField()
    updated_index = models.BigIntegerField()  # of the newest entry of this item

    content: str  # no column: `queries.published` looks it up

    class Meta:
        # None by state or category: few values, and SQLite would then scan them before searching.
        indexes = [models.Index(fields=["department", "code"], name="items_of_department")]


class ItemVersionRow(models.Model):
    """事项版本: a version as it was published; cases keep the one they began under."""

    id = models.CharField(max_length=32, primary_key=True)  # <key>.<version>
    key = models.CharField(max_length=20, db_index=True)
    version = models.PositiveIntegerField()
    content = models.TextField()  # canonical JSON of core.catalogue.ItemContent
    published_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    index = models.BigIntegerField()


class DraftRow(models.Model):
    """事项草稿: what is being written, and what it still lacks."""

    key = models.CharField(max_length=20, primary_key=True)
    draft = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    department = models.CharField(max_length=60)
    department_name = models.CharField(max_length=200)
    content = models.TextField()
    shortcomings = models.TextField()  # |quality.hours-missing|…|, each code once, in order
    drafted_by = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    index = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["department", "name"], name="drafts_of_department")]


class AdoptionRow(models.Model):
    """认领: an organ that handles an item another one published, as it last said."""

    id = models.CharField(max_length=90, primary_key=True)  # core.adoptions.key_of(item, organ)
    item = models.CharField(max_length=20)  # key of the shared item
    organ = models.CharField(max_length=60)
    in_force = models.BooleanField()  # False: withdrawn
    version = models.PositiveIntegerField()  # of the item it was said of
    promised_days = models.PositiveIntegerField()  # working days; 0: on the spot
    offices = models.JSONField()  # codes
    phone = models.CharField(max_length=60)
    reason = models.TextField()  # why it was withdrawn
    adopted_by = models.CharField(max_length=60)
    adopted_at = models.DateTimeField()
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["item", "in_force"], name="adoptions_of_item"),
            models.Index(fields=["organ", "in_force"], name="adoptions_by_organ"),
        ]


class BundleRow(models.Model):
    """一件事: several departments' items applied for at once."""

    key = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=200)  # of the version in force, or else of the draft
    name_en = models.CharField(max_length=200)
    lead = models.CharField(max_length=60)
    lead_name = models.TextField()
    state = models.CharField(max_length=10)  # draft | in_force | withdrawn
    version = models.PositiveIntegerField()  # in force, or last in force; 0: never
    drafts = models.PositiveIntegerField()  # there have been
    content = models.TextField()  # in force, canonical JSON of core.bundles.BundleContent, or ""
    draft = models.TextField()  # the open one, likewise
    items = models.TextField()  # |key|key|, of what `content` holds
    updated_index = models.BigIntegerField()  # of the newest entry of this bundle

    class Meta:
        indexes = [models.Index(fields=["state", "name"], name="bundles_by_state")]


class CalendarYearRow(models.Model):
    """年度工作日历."""

    year = models.PositiveIntegerField(primary_key=True)
    official = models.BooleanField()
    off_days = models.TextField()  # 2026-01-01 2026-01-02 …
    makeup_days = models.TextField()
    source = models.TextField()
    published_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    index = models.BigIntegerField()


class ResourceRow(models.Model):
    """资源目录: which organ supplies what to whom, as the entry reads now."""

    code = models.CharField(max_length=40, primary_key=True)
    version = models.PositiveIntegerField()
    supplied = models.BooleanField()  # False: withdrawn
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    supplier = models.CharField(max_length=60)  # organisation code
    supplier_name = models.CharField(max_length=200)
    content = models.TextField()  # canonical JSON of core.resources.ResourceContent
    published_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    reason = models.TextField()  # why it was withdrawn
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["supplier_name", "name"], name="resources_in_order")]
