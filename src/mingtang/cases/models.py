"""Cases as pages need them. A projection: `rebuild` recreates it."""

from django.db import models


class CaseRow(models.Model):
    number = models.CharField(max_length=20, primary_key=True)  # MT-7K2P-9QXD, not guessable
    stage = models.CharField(max_length=12)
    item = models.CharField(max_length=40)  # stream key of the item
    item_code = models.CharField(max_length=200)
    item_version = models.PositiveIntegerField()
    item_name = models.CharField(max_length=300)
    item_name_en = models.CharField(max_length=300)
    department = models.CharField(max_length=60)
    applicant_kind = models.CharField(max_length=12)
    applicant = models.CharField(max_length=60)
    applicant_name = models.CharField(max_length=200)
    agent = models.CharField(max_length=40)
    phone_tail = models.CharField(max_length=4)
    channel = models.CharField(max_length=10)
    office = models.CharField(max_length=60)
    statutory_days = models.PositiveIntegerField()
    promised_days = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    received_date = models.DateField()
    intake_due = models.DateField()
    accepted_date = models.DateField(null=True)
    deemed = models.BooleanField()
    statutory_due = models.DateField(null=True)
    promised_due = models.DateField(null=True)
    provisional = models.BooleanField()
    extended_days = models.PositiveSmallIntegerField()  # working days
    special = models.CharField(max_length=16)  # procedure the clock stands still for
    paused_since = models.DateField(null=True)  # first day of it that is not counted
    pauses = models.JSONField()  # [{kind, from_date, until_date, expected_days}, …]
    restarts = models.JSONField()  # 中断: days from which the terms ran anew
    change_date = models.DateField(null=True)  # a change waits for a ruling since
    deferred = models.JSONField()  # 容缺: keys of materials that are to follow
    deferred_due = models.DateField(null=True)  # None: nothing is waited for
    commitments = models.JSONField()  # 告知承诺: keys of materials a promise stands for
    check_due = models.DateField(null=True)  # None: there is nothing to look into
    barred_until = models.DateField(null=True)  # last day the applicant's word does not do
    closed_at = models.DateTimeField(null=True)
    batch = models.CharField(max_length=20)  # number of the batch it is a row of, or ""
    place = models.PositiveIntegerField()  # its row there, from 1
    last_index = models.BigIntegerField()  # of the newest entry that changed this row

    class Meta:
        indexes = [
            models.Index(fields=["batch", "place"], name="cases_of_batch"),
            models.Index(fields=["applicant", "-filed_at"], name="cases_of_applicant"),
            models.Index(fields=["agent", "-filed_at"], name="cases_of_agent"),
            models.Index(fields=["stage", "intake_due"], name="cases_time_acts_on"),
            models.Index(fields=["department", "stage", "filed_at"], name="cases_of_department"),
            models.Index(fields=["-filed_at"], name="cases_newest"),
            models.Index(
                fields=["deferred_due"],
                name="cases_that_wait",
                condition=models.Q(deferred_due__isnull=False),
            ),
            models.Index(
                fields=["check_due"],
                name="cases_to_check",
                condition=models.Q(check_due__isnull=False),
            ),
            models.Index(
                fields=["applicant", "barred_until"],
                name="cases_that_bar",
                condition=models.Q(barred_until__isnull=False),
            ),
        ]


class TaskRow(models.Model):
    """待办/已办: something to do in a case, by whoever of the department may."""

    id = models.CharField(max_length=80, primary_key=True)  # <number>.<key>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    key = models.CharField(max_length=40)  # intake, decision, or a step of the item
    name = models.TextField()  # as long as the item says
    name_en = models.TextField()
    batch = models.CharField(max_length=20)  # of the case
    department = models.CharField(max_length=60)
    power = models.CharField(max_length=20)  # what it takes: case.intake, .review, .decide
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    person = models.CharField(max_length=40)
    staff_no = models.CharField(max_length=40)
    finding = models.CharField(max_length=20)

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "power", "done_at", "opened_at"], name="tasks_to_do"
            ),
            models.Index(fields=["person", "-done_at"], name="tasks_done"),
            models.Index(fields=["batch", "key"], name="tasks_of_batch"),
        ]


class BatchRow(models.Model):
    """批量申请: what many cases have in common. Where they stand is asked of their own rows."""

    number = models.CharField(max_length=20, primary_key=True)  # B-7K2P-9QXD, not guessable
    item = models.CharField(max_length=40)  # stream key of the item
    item_code = models.CharField(max_length=200)
    item_version = models.PositiveIntegerField()
    item_name = models.CharField(max_length=300)
    item_name_en = models.CharField(max_length=300)
    department = models.CharField(max_length=60)
    applicant_kind = models.CharField(max_length=12)
    applicant = models.CharField(max_length=60)
    applicant_name = models.CharField(max_length=200)
    agent = models.CharField(max_length=40)
    phone_tail = models.CharField(max_length=4)
    count = models.PositiveIntegerField()  # rows
    channel = models.CharField(max_length=10)
    office = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    last_index = models.BigIntegerField()  # of the newest entry that changed this row

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-filed_at"], name="batches_of_applicant"),
            models.Index(fields=["agent", "-filed_at"], name="batches_of_agent"),
        ]


class ForeignCaseRow(models.Model):
    """外部办件: a case of another system as its log reads now."""

    key = models.CharField(max_length=20, primary_key=True)  # core.foreigncases.key_of
    source = models.CharField(max_length=200)
    number = models.CharField(max_length=200)  # of the case there
    channel = models.CharField(max_length=200)
    department = models.CharField(max_length=200)
    responsible = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    began_date = models.DateField()  # days are those of the place
    due_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)
    standing = models.CharField(max_length=12)  # core.foreigncases.ForeignStanding
    seconds = models.BigIntegerField(null=True)  # from its beginning to its end
    steps = models.PositiveIntegerField()
    activities = models.JSONField()  # [[name, how often], …], by name
    searched = models.TextField()  # in small letters
    recorded_at = models.DateTimeField()
    last_index = models.BigIntegerField()  # of the newest entry that changed this row

    class Meta:
        indexes = [
            models.Index(fields=["source", "-began_at"], name="foreign_cases_of_source"),
            models.Index(fields=["-began_at", "key"], name="foreign_cases_newest"),
            models.Index(fields=["standing", "-began_at"], name="foreign_cases_standing"),
        ]
