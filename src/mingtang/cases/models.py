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
    department = models.CharField(max_length=60)  # that has it: a first review's, until handed up
    applicant_kind = models.CharField(max_length=12)
    applicant = models.CharField(max_length=60)
    applicant_name = models.CharField(max_length=200)
    agent = models.CharField(max_length=40)
    phone_tail = models.CharField(max_length=4)
    channel = models.CharField(max_length=10)
    office = models.CharField(max_length=60)
    taken_by = models.CharField(max_length=40)  # clerk at a window, or ""
    collected_at = models.CharField(max_length=60)  # 代收: body that took it in for another, or ""
    statutory_days = models.PositiveIntegerField()
    promised_days = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    received_date = models.DateField()
    intake_due = models.DateField()
    accepted_date = models.DateField(null=True)
    first_review_days = models.PositiveIntegerField()  # 初审; 0: there is none
    handed_up_date = models.DateField(null=True)  # from which the deciding organ's term runs
    deemed = models.BooleanField()
    statutory_due = models.DateField(null=True)
    promised_due = models.DateField(null=True)
    provisional = models.BooleanField()
    extended_days = models.PositiveSmallIntegerField()  # working days
    special = models.CharField(max_length=16)  # procedure the clock stands still for
    paused_since = models.DateField(null=True)  # first day of it that is not counted
    pauses = models.JSONField()  # [{kind, from_date, until_date, expected_days}, …]
    contracted = models.JSONField()  # [{service, body_name, counted, pause}, …]
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
    joint = models.CharField(max_length=20)  # number of the joint case it is a branch of, or ""
    last_index = models.BigIntegerField()  # of the newest entry that changed this row

    class Meta:
        indexes = [
            models.Index(fields=["batch", "place"], name="cases_of_batch"),
            models.Index(fields=["joint", "number"], name="cases_of_joint"),
            models.Index(fields=["applicant", "-filed_at"], name="cases_of_applicant"),
            models.Index(fields=["agent", "-filed_at"], name="cases_of_agent"),
            models.Index(fields=["stage", "intake_due"], name="cases_time_acts_on"),
            models.Index(fields=["department", "stage", "filed_at"], name="cases_of_department"),
            models.Index(fields=["-filed_at"], name="cases_newest"),
            models.Index(fields=["item", "closed_at"], name="cases_closed_of_item"),
            models.Index(
                fields=["taken_by", "-filed_at"],
                name="cases_collected",
                condition=~models.Q(collected_at=""),
            ),
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
    """待办/已办: something to do in a case, by whoever of the department may, or by its holder."""

    # <number>.<key>, and .<round> from the second on
    id = models.CharField(max_length=80, primary_key=True)
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    key = models.CharField(max_length=40)  # intake, decision, a step, or _<n>: a signature asked
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
    holder = models.CharField(max_length=40)  # whose it is; empty: the department's
    holder_no = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField()
    returned = models.BooleanField()  # to be done again
    reminded_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder", "done_at"], name="tasks_held"),
            models.Index(
                fields=["department", "power", "done_at", "opened_at"], name="tasks_to_do"
            ),
            models.Index(fields=["person", "-done_at"], name="tasks_done"),
            models.Index(fields=["batch", "key"], name="tasks_of_batch"),
        ]


class FirstReviewRow(models.Model):
    """初审: what a lower organ reviews first, or reviewed, with a clock of its own."""

    number = models.CharField(max_length=20, primary_key=True)  # of the case
    item = models.CharField(max_length=40)  # stream key of the item
    organ = models.CharField(max_length=60)  # that reviews first
    decider = models.CharField(max_length=60)  # organ it goes up to
    days = models.PositiveIntegerField()  # working days it has
    basis = models.TextField()
    begun_date = models.DateField()
    due = models.DateField()  # while the clock stands still, as it was before
    pauses = models.JSONField()  # as in CaseRow, of this clock
    restarts = models.JSONField()
    finding = models.CharField(max_length=20)
    handed_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)  # handed up, or withdrawn meanwhile

    class Meta:
        indexes = [
            models.Index(fields=["organ", "item", "handed_date"], name="first_reviews_of_organ"),
        ]


class LegRow(models.Model):
    """转报: a case with a body outside the system. Its due day is worked out, not kept."""

    id = models.CharField(max_length=30, primary_key=True)  # <number>.<leg>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    leg = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=60)
    body = models.TextField()  # as the item, or the officer, wrote it
    days = models.PositiveIntegerField()  # working days it has
    basis = models.TextField()
    standstill = models.BooleanField()  # the case's own clock stands still meanwhile
    ordered_date = models.DateField()
    handed_date = models.DateField(null=True)
    reminded = models.CharField(max_length=4)  # near, over
    urged = models.PositiveSmallIntegerField()  # times
    answer = models.CharField(max_length=10)
    answer_no = models.TextField()
    answer_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["department", "closed_date"], name="legs_of_department"),
            models.Index(fields=["closed_date", "handed_date"], name="legs_open"),
        ]


class OpinionRow(models.Model):
    """法律意见: asked of counsel of a body, and what became of it. What was said is sealed."""

    id = models.CharField(max_length=30, primary_key=True)  # <number>.<request>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    request = models.PositiveSmallIntegerField()
    body = models.CharField(max_length=60)
    due_date = models.DateField()
    declined_by = models.JSONField()  # [person, …]
    person = models.CharField(max_length=40)  # who gave it
    conclusion = models.CharField(max_length=12)
    closed_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["body", "closed_date", "due_date"], name="opinions_to_give"),
            models.Index(fields=["person", "-closed_date"], name="opinions_given"),
        ]


class HearingRow(models.Model):
    """听证: where a hearing stands. What was said in it is sealed."""

    id = models.CharField(max_length=30, primary_key=True)  # <number>.<hearing>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    hearing = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=60)
    ground = models.CharField(max_length=16)  # of the organ's own accord; empty: asked for
    matter = models.TextField()  # what is announced to everybody; empty: the item's name is enough
    stage = models.CharField(max_length=10)  # told, needed, scheduled, held, off, closed
    next_date = models.DateField(null=True)  # to be asked for by, held by, or held on
    starts_at = models.DateTimeField(null=True)
    place = models.TextField()
    public = models.BooleanField()
    chair = models.CharField(max_length=40)  # person
    challenged = models.BooleanField()  # a challenge waits for a ruling
    ended_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["department", "stage", "next_date"], name="hearings_ahead"),
            models.Index(fields=["stage", "public", "starts_at"], name="hearings_in_public"),
            models.Index(fields=["chair", "stage"], name="hearings_to_chair"),
        ]


class HearingPartyRow(models.Model):
    """听证当事人: whom a hearing concerns, and what they made of their right."""

    id = models.CharField(max_length=36, primary_key=True)  # <number>.<hearing>.<party>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    hearing = models.PositiveSmallIntegerField()
    party = models.PositiveSmallIntegerField()  # 0: the applicant, who is named in the case
    name = models.CharField(max_length=200)
    person = models.CharField(max_length=40)
    reached_date = models.DateField(null=True)
    ask_due = models.DateField(null=True)
    stand = models.CharField(max_length=10)  # core.cases.Stand

    class Meta:
        indexes = [models.Index(fields=["person", "case"], name="hearings_of_person")]


class CopyRow(models.Model):
    """抄送: who may read a case because a colleague wished it."""

    id = models.CharField(max_length=80, primary_key=True)  # <number>.<person>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=60)  # whose staff they are read as
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="copies_of_person")]


class StartedRow(models.Model):
    """我发起的: a case somebody took in, or asked something of colleagues in; the newest of it."""

    id = models.CharField(max_length=80, primary_key=True)  # <number>.<person>
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_constraint=False)
    person = models.CharField(max_length=40)
    what = models.CharField(max_length=12)  # filed, signers, reassigned, returned, reminded, copied
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="started_by_person")]


class DelegationRow(models.Model):
    """委托代办: who does whose tasks on which days."""

    key = models.CharField(max_length=20, primary_key=True)
    giver = models.CharField(max_length=40)
    giver_no = models.CharField(max_length=40)
    deputy = models.CharField(max_length=40)
    deputy_no = models.CharField(max_length=40)
    department = models.CharField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField()
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["deputy", "until_date"], name="delegations_to"),
            models.Index(fields=["giver", "until_date"], name="delegations_by"),
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


class SharedRow(models.Model):
    """免提交材料: a material that was looked up in the directory when a case was filed."""

    id = models.CharField(max_length=80, primary_key=True)  # <number>.<key of the material>
    case = models.CharField(max_length=20, db_index=True)
    item = models.CharField(max_length=40)  # stream key of the item
    department = models.CharField(max_length=60)  # whose case it is
    material = models.CharField(max_length=40)
    resource = models.CharField(max_length=40)  # code of the entry
    supplier = models.CharField(max_length=60)  # organ that issued what was found
    outcome = models.CharField(max_length=16)  # core.cases.SharedOutcome
    paper = models.CharField(max_length=60)  # what was found
    looked_up_at = models.DateTimeField()
    index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["outcome", "department"], name="shared_by_outcome"),
            models.Index(fields=["outcome", "looked_up_at"], name="shared_by_moment"),
        ]


class HandoverRow(models.Model):
    """交接单: a list one clerk hands to another."""

    key = models.CharField(max_length=20, primary_key=True)  # random
    stage = models.CharField(max_length=12)  # core.handovers.HandoverStage
    giver = models.CharField(max_length=40)
    office = models.CharField(max_length=60)  # of the giver
    receiver = models.CharField(max_length=40)
    cases = models.JSONField()  # numbers; once confirmed, those taken over
    note = models.TextField()
    reason = models.TextField()  # why it was declined
    offered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()  # of the newest entry that changed this row

    class Meta:
        indexes = [
            models.Index(fields=["receiver", "stage"], name="handovers_to_confirm"),
            models.Index(fields=["giver", "-offered_at"], name="handovers_given"),
        ]


class HeldRow(models.Model):
    """Who took a case over last (接手人), as long as it waits at the window and after."""

    number = models.CharField(max_length=20, primary_key=True)
    person = models.CharField(max_length=40, db_index=True)
    handover = models.CharField(max_length=20)
    since = models.DateTimeField()
    last_index = models.BigIntegerField()  # of the newest entry that changed this row


class JointRow(models.Model):
    """并联审批件: one application for several items. Where its branches stand is asked of them."""

    number = models.CharField(max_length=20, primary_key=True)  # J-7K2P-9QXD, not guessable
    stage = models.CharField(max_length=12)
    bundle = models.CharField(max_length=40)  # stream key of the bundle
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    lead = models.CharField(max_length=60)  # organisation codes
    government = models.CharField(max_length=60)
    branches = models.PositiveIntegerField()  # cases it has
    closed = models.PositiveIntegerField()  # of them that have ended
    applicant_kind = models.CharField(max_length=12)
    applicant = models.CharField(max_length=60)
    applicant_name = models.CharField(max_length=200)
    agent = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    filed_at = models.DateTimeField()
    accepted_date = models.DateField(null=True)
    due = models.DateField(null=True)  # last day of the joint term
    promised_days = models.PositiveSmallIntegerField()
    promised_due = models.DateField(null=True)  # null: no more is promised than the law says
    provisional = models.BooleanField()
    extended_days = models.PositiveSmallIntegerField()  # working days
    asked_days = models.PositiveSmallIntegerField()  # an extension asked for, not answered yet
    pauses = models.JSONField()  # of all branches: [{kind, from_date, until_date, …}, …]
    joined_at = models.DateTimeField(null=True)  # when the last branch ended
    closed_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()  # of the newest entry that changed this row

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-filed_at"], name="joints_of_applicant"),
            models.Index(fields=["agent", "-filed_at"], name="joints_of_agent"),
            models.Index(fields=["lead", "stage", "filed_at"], name="joints_of_lead"),
            models.Index(fields=["government", "asked_days"], name="joints_to_extend"),
        ]


class ConsultationRow(models.Model):
    """会商: what one department was asked, and whether it has answered."""

    id = models.CharField(max_length=90, primary_key=True)  # <number>.<n>.<department>
    joint = models.ForeignKey(JointRow, models.DO_NOTHING, db_constraint=False)
    number = models.PositiveIntegerField()  # of the consultation within its joint case
    department = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["department", "answered_at", "asked_at"], name="asked_of"),
        ]


class EfficiencyRow(models.Model):
    """效能: sums over the decided cases of one item in one month that took so many days."""

    # <department>.<item>.<month>.<days>, and .<act> of a first review
    id = models.CharField(max_length=120, primary_key=True)
    department = models.CharField(max_length=60)
    act = models.CharField(max_length=12)  # decision, first_review (初审)
    item = models.CharField(max_length=40)  # stream key
    month = models.CharField(max_length=7)  # 2026-11
    used_days = models.PositiveIntegerField()  # working days each of them took
    cases = models.BigIntegerField()
    in_time = models.BigIntegerField()
    on_the_spot = models.BigIntegerField()
    statutory_days = models.BigIntegerField()  # of all of them together
    promised_days = models.BigIntegerField()
    compared = models.BigIntegerField()  # cases whose item says what they took before; of those:
    visits = models.BigIntegerField()
    steps = models.BigIntegerField()
    seals = models.BigIntegerField()
    visits_before = models.BigIntegerField()
    steps_before = models.BigIntegerField()
    seals_before = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["month", "department"], name="efficiency_of_month")]
