"""Trading as pages need it. Projections: `rebuild` recreates them; signs of life are none.

Search (0002_search_of_notices.py): SQLite keeps an FTS5 index of `bigrams` under `rowno`;
PostgreSQL has a GIN index on the same text.
"""

from django.db import models


class ForeignNoticeRow(models.Model):
    """其他平台项目: a notice of another platform as it reads now."""

    key = models.CharField(max_length=20, primary_key=True)  # core.trading.foreign.key_of
    rowno = models.BigIntegerField(unique=True)  # number in the search index, from the key
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    category = models.CharField(max_length=4)
    title = models.CharField(max_length=300)
    project_key = models.CharField(max_length=20)  # of source and project: its notices share it
    area = models.CharField(max_length=200)  # province and prefecture, "贵州省 贵阳市"
    region = models.CharField(max_length=300)  # the whole path
    region_code = models.CharField(max_length=20)
    buyer = models.CharField(max_length=2000)
    amount_fen = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10)  # sold | failed | empty: no result here
    price_fen = models.BigIntegerField(null=True)
    published_date = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)  # where an hour was written
    year = models.PositiveSmallIntegerField(null=True)  # published, or of the lot's number
    content = models.TextField()  # canonical JSON of core.trading.foreign.ForeignNotice
    corrections = models.PositiveIntegerField()
    bigrams = models.TextField()
    recorded_at = models.DateTimeField()
    index = models.BigIntegerField()  # of the entry that says what is shown

    class Meta:
        indexes = [
            models.Index(fields=["category", "-published_date"], name="notices_of_category"),
            models.Index(fields=["area", "-published_date"], name="notices_of_area"),
            models.Index(fields=["region_code"], name="notices_of_region_code"),
            models.Index(fields=["-published_date", "title"], name="notices_by_time"),
            models.Index(fields=["project_key"], name="notices_of_project"),
        ]


class KindRow(models.Model):
    """交易品类: as the newest list has it, or as the last list that had it."""

    code = models.CharField(max_length=3, primary_key=True)
    place = models.PositiveIntegerField()  # in the list
    in_use = models.BooleanField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    category = models.CharField(max_length=12)
    business = models.CharField(max_length=2)
    procedure = models.CharField(max_length=40, db_index=True)
    illustrative = models.BooleanField()
    version = models.PositiveIntegerField()  # of the list it last stood in
    last_index = models.BigIntegerField()


class ProcedureRow(models.Model):
    """交易规程: as it stands."""

    code = models.CharField(max_length=40, primary_key=True)
    version = models.PositiveIntegerField()
    in_use = models.BooleanField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    bidding = models.CharField(max_length=12)
    direction = models.CharField(max_length=12)
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500)
    last_index = models.BigIntegerField()


class ProcedureVersionRow(models.Model):
    """A version of a procedure: a lot keeps the one its notice named."""

    id = models.CharField(max_length=60, primary_key=True)  # <code>.<version>
    code = models.CharField(max_length=40, db_index=True)
    version = models.PositiveIntegerField()
    content = models.TextField()  # canonical JSON of Procedure
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    index = models.BigIntegerField()


class LotRow(models.Model):
    """标的: as it stands. What a bid changes stands in few columns: they are written with it."""

    key = models.CharField(max_length=40, primary_key=True)
    project = models.CharField(max_length=30, db_index=True)
    no = models.PositiveIntegerField()
    again_of = models.CharField(max_length=40, db_index=True)  # the lot it offers anew; or empty
    title = models.CharField(max_length=300)
    procedure = models.CharField(max_length=40)
    procedure_version = models.PositiveIntegerField()
    bidding = models.CharField(max_length=12)
    status = models.CharField(max_length=12)
    content = models.TextField()  # canonical JSON of LotContent
    start_fen = models.BigIntegerField()
    sign_up_until = models.DateTimeField()
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)  # by what is known so far
    running = models.BooleanField()  # announced and not suspended: it is closed when it ends
    best_fen = models.BigIntegerField(null=True)
    best_paddle = models.CharField(max_length=4)
    bids = models.PositiveIntegerField()
    extensions = models.PositiveIntegerField()
    verdict = models.CharField(max_length=14)  # empty before it is closed
    awards = models.TextField()  # canonical JSON of LotAward[]
    winners = models.TextField()  # canonical JSON of WinnerName[], once they are named
    announced_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["running", "ends"], name="lots_to_close")]


class ApplicationRow(models.Model):
    """竞买报名. Seen by the bidder and by whoever admits; by nobody else before the end."""

    key = models.CharField(max_length=40, primary_key=True)
    lot = models.CharField(max_length=40)
    person = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    id_number = models.CharField(max_length=40)
    phone = models.CharField(max_length=40)
    priority = models.CharField(max_length=500)
    documents = models.TextField()
    status = models.CharField(max_length=10)  # filed | admitted | refused | withdrawn
    paddle = models.CharField(max_length=4)
    rank = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    signing_key = models.CharField(max_length=100)
    signing_key_no = models.PositiveIntegerField()
    offers = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["lot", "status"], name="applications_of_lot"),
            models.Index(fields=["person", "-filed_at"], name="applications_of_person"),
            models.Index(fields=["status", "filed_at"], name="applications_waiting"),
        ]


class OutageRow(models.Model):
    """系统中断: when the service was interrupted, and by which rule deadlines moved."""

    key = models.CharField(max_length=40, primary_key=True)
    service = models.CharField(max_length=40)
    began = models.DateTimeField()
    recovered = models.DateTimeField(db_index=True)
    rule = models.TextField()  # canonical JSON of OutageRule
    index = models.BigIntegerField()


class AliveRow(models.Model):
    """存活信号: when any process of a service last said that it lives. Not a copy."""

    service = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()


class ShiftRow(models.Model):
    """顺延: what one interruption moved of one lot."""

    id = models.CharField(max_length=90, primary_key=True)  # <lot>.<outage>
    lot = models.CharField(max_length=40, db_index=True)
    outage = models.CharField(max_length=40, db_index=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    ends = models.DateTimeField()
    index = models.BigIntegerField()


class DepositRow(models.Model):
    """保证金子账号: one for each application."""

    application = models.CharField(max_length=40, primary_key=True)
    account = models.CharField(max_length=40, db_index=True)
    due_fen = models.BigIntegerField()
    deadline = models.DateTimeField(null=True)  # null: erased
    payer_name = models.CharField(max_length=200)  # who is expected to pay
    registered = models.BooleanField()  # the bank has opened it
    arrived_fen = models.BigIntegerField()
    held_fen = models.BigIntegerField()
    surplus_fen = models.BigIntegerField()
    payable_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField()
    forfeited_fen = models.BigIntegerField()  # this and what went into the price: not paid on yet
    transferred_fen = models.BigIntegerField()
    paid_out_fen = models.BigIntegerField()
    paid_on_time = models.BooleanField()
    payer_differs = models.BooleanField()
    ended = models.BooleanField()
    status = models.CharField(max_length=12, db_index=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()


class DepositBookingRow(models.Model):
    """银行入账: one arrival on a sub-account."""

    id = models.CharField(max_length=52, primary_key=True)  # <application>.<number>
    application = models.CharField(max_length=40, db_index=True)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_index=True)  # of the six fields
    institution = models.CharField(max_length=200)
    booked = models.DateTimeField(null=True)
    amount_fen = models.BigIntegerField()
    memo = models.CharField(max_length=200)
    serial = models.CharField(max_length=200)
    sequence = models.CharField(max_length=200)
    payer_account = models.CharField(max_length=200)
    payer_name = models.CharField(max_length=200)
    late = models.BooleanField()
    recorded_at = models.DateTimeField()
    index = models.BigIntegerField()


class DepositRefundRow(models.Model):
    """保证金退款."""

    id = models.CharField(max_length=52, primary_key=True)  # <application>.<number>
    application = models.CharField(max_length=40, db_index=True)
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=25, unique=True)  # what the bank knows it by
    amount_fen = models.BigIntegerField()
    to_account = models.CharField(max_length=200)
    to_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    due_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=8, db_index=True)
    batch = models.CharField(max_length=20, db_index=True)
    booked = models.DateTimeField(null=True)  # by the bank, when it was paid
    failure = models.CharField(max_length=200)
    ordered_by = models.CharField(max_length=40)
    ordered_at = models.DateTimeField()
    last_index = models.BigIntegerField()


class DepositKeptRow(models.Model):
    """不予退还或者转出的保证金, and its payout: the newest, where one failed."""

    id = models.CharField(max_length=52, primary_key=True)  # <application>.<number>
    application = models.CharField(max_length=40, db_index=True)
    number = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    forfeited = models.BooleanField()  # otherwise a winner's
    to = models.CharField(max_length=8)  # TransferTo
    reason = models.CharField(max_length=200)
    due_at = models.DateTimeField(null=True)  # until when it is to be paid on
    kept_by = models.CharField(max_length=40)
    kept_at = models.DateTimeField()
    payout = models.PositiveIntegerField(null=True)  # its number; null: none is ordered
    reference = models.CharField(max_length=25, db_index=True)  # what the bank knows it by
    to_account = models.CharField(max_length=200)
    to_name = models.CharField(max_length=200)
    ordered_by = models.CharField(max_length=40)  # this and what follows: of the payout
    approved_by = models.CharField(max_length=40)  # 复核; empty: not yet
    step = models.CharField(max_length=8, db_index=True)  # RefundStep, empty before a payout
    batch = models.CharField(max_length=20, db_index=True)
    booked = models.DateTimeField(null=True)  # by the bank, when it was paid
    failure = models.CharField(max_length=200)
    last_index = models.BigIntegerField()


class StrayRow(models.Model):
    """不明来款, and its return."""

    key = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64, db_index=True)
    account = models.CharField(max_length=200)  # as the payer wrote it
    institution = models.CharField(max_length=200)
    booked = models.DateTimeField(null=True)
    amount_fen = models.BigIntegerField()
    memo = models.CharField(max_length=200)
    serial = models.CharField(max_length=200)
    sequence = models.CharField(max_length=200)
    payer_account = models.CharField(max_length=200)
    payer_name = models.CharField(max_length=200)
    status = models.CharField(max_length=8, db_index=True)
    reference = models.CharField(max_length=25, db_index=True)  # of the return under way
    reason = models.CharField(max_length=200)
    due_at = models.DateTimeField(null=True)
    batch = models.CharField(max_length=20, db_index=True)
    returned = models.DateTimeField(null=True)  # booked out by the bank
    failure = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    last_index = models.BigIntegerField()


class TradeRow(models.Model):
    """交易项目: as it stands. What it says is nobody's but the staff's before its notice is out."""

    key = models.CharField(max_length=20, primary_key=True)
    centre = models.CharField(max_length=40)
    trade_code = models.CharField(max_length=40, unique=True)
    code_day = models.DateField()
    code_serial = models.PositiveIntegerField()  # of that day
    kind = models.CharField(max_length=3)
    category = models.CharField(max_length=12)
    business = models.CharField(max_length=2)
    status = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    seller = models.CharField(max_length=120)
    region = models.CharField(max_length=120)
    content = models.TextField()  # canonical JSON of ProjectContent; empty once erased
    lots = models.PositiveIntegerField()
    sign_up_from = models.DateTimeField(null=True)  # the first of any lot, as announced
    sign_up_until = models.DateTimeField(null=True)  # the last
    opens = models.DateTimeField(null=True)  # the first
    closes = models.DateTimeField(null=True)  # the last
    number = models.CharField(max_length=60, db_index=True)  # of its notice
    notices = models.PositiveIntegerField()
    returned_reason = models.CharField(max_length=500)
    stopped_reason = models.CharField(max_length=500)  # of a suspension, or of its end
    resumes = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=40)
    reviewed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["centre", "status"], name="trades_of_centre"),
            models.Index(fields=["-published_at", "key"], name="trades_by_time"),
            models.Index(fields=["code_day", "code_serial"], name="trades_of_day"),
        ]


class NoticeRow(models.Model):
    """公告: a notice of a project of our own. What it said it says for ever."""

    id = models.CharField(max_length=30, primary_key=True)  # <project>.<no>
    project = models.CharField(max_length=20, db_index=True)
    no = models.PositiveIntegerField()
    sort = models.CharField(max_length=10)  # NoticeSort
    content = models.TextField()  # canonical JSON of ProjectContent, as it is from then on
    reason = models.CharField(max_length=500)
    resumes = models.DateTimeField(null=True)
    lot = models.PositiveIntegerField(null=True)  # of a result
    outcome = models.CharField(max_length=10)
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField(db_index=True)
    index = models.BigIntegerField()
