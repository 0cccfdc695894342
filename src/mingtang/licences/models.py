"""Licences as pages and the public check need them: copies. What is stuck is no fact, and apart."""

from django.db import models


class LicenceRow(models.Model):
    """证照: as it stands, with its newest version."""

    key = models.CharField(max_length=20, primary_key=True)  # number of the case that granted it
    stage = models.CharField(max_length=12)
    stage_since = models.DateTimeField()
    type = models.CharField(max_length=21)
    type_version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    organ = models.CharField(max_length=60)
    organ_name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=18)
    item = models.CharField(max_length=200)  # code
    batch = models.CharField(max_length=20)
    place = models.PositiveIntegerField()  # row of the batch
    version = models.PositiveIntegerField()
    identifier = models.CharField(max_length=90)  # 证照标识
    number = models.CharField(max_length=120)  # 证照编号; empty until the first paper is made
    holder_kind = models.CharField(max_length=12)
    holder = models.CharField(max_length=60)
    holder_name = models.CharField(max_length=200)
    holder_number = models.CharField(max_length=100)
    applicant = models.CharField(max_length=60)
    agent = models.CharField(max_length=40)
    related = models.CharField(max_length=20)  # the licence it renews
    successor = models.CharField(max_length=20)  # the one that took its place
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    renewal_days = models.PositiveIntegerField()
    renewal = models.CharField(max_length=20)  # case that applies for its renewal
    renewal_in_time = models.BooleanField()
    hearing = models.CharField(max_length=10)  # before a revocation: opened, told, answered, or ""
    answer_due = models.DateField(null=True)  # last day to answer, once the holder was told
    registered_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)  # of this version
    paper = models.CharField(max_length=60)  # of this version; empty until it is made
    delivered_at = models.DateTimeField(null=True)  # of this version
    delivered_how = models.CharField(max_length=12)
    recipient = models.CharField(max_length=200)
    delivered_by = models.CharField(max_length=40)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["holder", "-registered_at"], name="licences_of_holder"),
            models.Index(fields=["applicant", "-registered_at"], name="licences_of_applicant"),
            models.Index(fields=["agent", "-registered_at"], name="licences_of_agent"),
            models.Index(fields=["organ", "-registered_at"], name="licences_of_organ"),
            models.Index(fields=["organ", "stage", "-registered_at"], name="licences_by_stage"),
            models.Index(fields=["organ", "valid_to"], name="licences_by_end"),
            models.Index(fields=["batch", "place"], name="licences_of_batch"),
            models.Index(fields=["stage", "valid_to"], name="licences_that_ended"),
            models.Index(fields=["holder_number"], name="licences_by_number"),
            models.Index(fields=["renewal"], name="licences_by_renewal"),
            models.Index(
                fields=["organ", "answer_due"],
                name="licences_to_hear",
                condition=~models.Q(hearing=""),
            ),
            models.Index(
                fields=["valid_to"],
                name="licences_to_deem_renewed",
                condition=models.Q(renewal_in_time=True),
            ),
        ]


class VersionRow(models.Model):
    """一版证照: what was printed. The identifiers of older versions stay checkable."""

    id = models.CharField(max_length=30, primary_key=True)  # <key>.<version>
    licence = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    why = models.CharField(max_length=12)  # granted, deemed, or why it was issued anew
    identifier = models.CharField(max_length=90)
    holder_name = models.CharField(max_length=200)
    values = models.TextField()  # canonical JSON, a list of Value
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    paper = models.CharField(max_length=60)
    registered_at = models.DateTimeField()
    index = models.BigIntegerField()  # of the act that gave this version
    issued_at = models.DateTimeField(null=True)
    issued_index = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["identifier"], name="licences_by_identifier"),
            models.Index(fields=["licence", "version"], name="versions_of_licence"),
        ]


class LicenceTypeRow(models.Model):
    """证照类型: as it stands."""

    key = models.CharField(max_length=21, primary_key=True)  # its code
    version = models.PositiveIntegerField()
    in_use = models.BooleanField()
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    organ = models.CharField(max_length=60)
    organ_name = models.CharField(max_length=200)
    layout = models.CharField(max_length=16)
    validity_months = models.PositiveIntegerField()
    items = models.JSONField()  # codes
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()


class TypeVersionRow(models.Model):
    """A version of a type: licences keep the one they were made by."""

    id = models.CharField(max_length=30, primary_key=True)  # <key>.<version>
    key = models.CharField(max_length=21, db_index=True)
    version = models.PositiveIntegerField()
    content = models.TextField()  # canonical JSON of TypeContent
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    index = models.BigIntegerField()


class StuckRow(models.Model):
    """卡住的证照: what keeps a granted licence from being registered or printed. Not a copy."""

    key = models.CharField(max_length=20, primary_key=True)  # of the licence
    organ = models.CharField(max_length=60, db_index=True)
    item = models.CharField(max_length=200)  # code
    batch = models.CharField(max_length=20, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=60)  # of the refusal, or "licence.failed"
    facts = models.JSONField(default=dict)
    tried_at = models.DateTimeField()
