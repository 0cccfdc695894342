"""Services, bodies and needs as pages need them: copies, `rebuild` makes them anew."""

from django.db import models


class ServiceRow(models.Model):
    """中介服务事项."""

    key = models.CharField(max_length=60, primary_key=True)  # its code
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    procedure = models.CharField(max_length=16)  # of art. 45; empty: none
    content = models.TextField()  # canonical JSON of ServiceContent
    in_force = models.BooleanField()
    reason = models.TextField()  # why it was withdrawn
    published_at = models.DateTimeField()
    last_index = models.BigIntegerField()


class BodyRow(models.Model):
    """中介机构, as published; what waits for review stands beside it."""

    key = models.CharField(max_length=18, primary_key=True)  # 统一社会信用代码
    name = models.CharField(max_length=200)
    standing = models.CharField(max_length=12)
    services = models.TextField()  # " code code ": for which it is qualified, as published
    content = models.TextField()  # canonical JSON of BodyContent; empty: never admitted
    asked = models.TextField()  # the same, waiting for review; empty: nothing does
    reason = models.TextField()  # why it was suspended or removed
    turned_down = models.TextField()  # why the last request was turned down: for the body alone
    asked_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["standing", "name"], name="bodies_by_standing")]


class NeedRow(models.Model):
    """采购需求. Who publishes it, and for which case, is here and not in the public log."""

    key = models.CharField(max_length=20, primary_key=True)
    stage = models.CharField(max_length=12)
    title = models.CharField(max_length=100)
    service = models.CharField(max_length=60)
    service_name = models.CharField(max_length=100)
    way = models.CharField(max_length=8)
    ceiling_fen = models.BigIntegerField()
    sign_up_until = models.DateTimeField()
    organ = models.CharField(max_length=60)
    publisher_kind = models.CharField(max_length=12)
    publisher = models.CharField(max_length=60)
    publisher_name = models.CharField(max_length=200)
    case = models.CharField(max_length=20)
    terms = models.TextField()  # canonical JSON of NeedTerms
    sign_ups = models.PositiveIntegerField()
    seed = models.CharField(max_length=80)  # empty before the opening
    entrants = models.JSONField()  # [] before the opening
    scores = models.JSONField()  # [{body, marks, scorer}, …]
    body = models.CharField(max_length=18)
    body_name = models.CharField(max_length=200)
    price_fen = models.BigIntegerField()
    days = models.PositiveIntegerField()  # contracted
    rounds = models.JSONField()
    due = models.DateField(null=True)  # of the round that runs, or ran last
    served_days = models.PositiveIntegerField()  # working days the body took, all rounds
    late_days = models.PositiveIntegerField()  # of them late
    excluded_days = models.PositiveIntegerField()  # not counted by the clock of the case
    excluded = models.BooleanField()  # a clock stands still now
    documents = models.JSONField()
    note = models.TextField()  # with the result
    returned = models.TextField()  # why it was returned last
    stars = models.PositiveIntegerField()
    comment = models.TextField()
    complaint = models.TextField()
    complaint_open = models.BooleanField()
    answer = models.TextField()
    end_reason = models.TextField()
    published_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["stage", "sign_up_until"], name="needs_by_stage"),
            models.Index(fields=["publisher"], name="needs_of_publisher"),
            models.Index(fields=["body"], name="needs_of_body"),
            models.Index(fields=["case"], name="needs_of_case"),
        ]


class SignUpRow(models.Model):
    """报名: sealed until the opening."""

    key = models.CharField(max_length=30, primary_key=True)  # need.number
    need = models.CharField(max_length=20)
    no = models.PositiveIntegerField()
    body = models.CharField(max_length=18)
    body_name = models.CharField(max_length=200)
    price_fen = models.CharField(max_length=20)
    nonce = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    signed_up_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["body", "need"], name="sign_ups_of_body")]
