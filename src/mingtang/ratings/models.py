"""Ratings as pages need them. A projection: `rebuild` recreates it.

No column leads from a ballot to a rating: what they have in common is what the public log says of
a service (docs/adr/0025).
"""

from django.db import models


class BallotRow(models.Model):
    """评价凭证: the right to rate one finished service."""

    digest = models.CharField(max_length=64, primary_key=True)  # of its token
    origin = models.CharField(max_length=100)  # stream of what was finished
    item = models.CharField(max_length=40)  # stream key of the item
    department = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    last_date = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["origin"], name="ballot_of_origin")]


class RatingRow(models.Model):
    """评价. `grade` is text: an erased one shows that it was erased."""

    key = models.CharField(max_length=26, primary_key=True)
    item = models.CharField(max_length=40)
    department = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    grade = models.CharField(max_length=1)
    aspects = models.TextField()  # JSON: aspect → grade
    text = models.TextField()
    contact = models.TextField()
    reply = models.CharField(max_length=64, db_index=True)  # digest
    given_at = models.DateTimeField()
    index = models.BigIntegerField()  # of its entry

    class Meta:
        indexes = [models.Index(fields=["grade", "given_at"], name="ratings_by_grade")]


class TallyRow(models.Model):
    """公布: ratings that were counted together."""

    key = models.CharField(max_length=20, primary_key=True)  # 2026-11-27-1
    month = models.CharField(max_length=7)
    ratings = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    index = models.BigIntegerField()  # of its entry


class CountedRow(models.Model):
    """已计入: under what one rating was counted."""

    rating = models.CharField(max_length=26, primary_key=True)
    department = models.CharField(max_length=60)  # empty: all, too few to be told apart
    item = models.CharField(max_length=40)  # empty: likewise
    month = models.CharField(max_length=7)
    tally = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["department", "item", "month"], name="counted_in_cell")]


class RatingFigureRow(models.Model):
    """评价统计: so many ratings of one grade, counted in one month under one item."""

    id = models.CharField(max_length=120, primary_key=True)  # <department>.<item>.<month>.<grade>
    department = models.CharField(max_length=60)
    item = models.CharField(max_length=40)
    month = models.CharField(max_length=7)
    grade = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["month", "department"], name="rating_figures_of_month")]


class CallbackRow(models.Model):
    """回访和整改 of a bad rating, from the first act on."""

    key = models.CharField(max_length=26, primary_key=True)
    rating = models.CharField(max_length=26, unique=True)
    stage = models.CharField(max_length=10)
    since = models.DateField(null=True)  # when the rater said it is not settled
    reached = models.CharField(max_length=3)  # yes | no, the last time
    note = models.TextField()
    result = models.TextField()
    called_at = models.DateTimeField()
    rectified_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()  # of the newest entry that changed this row
