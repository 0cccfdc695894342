"""Papers as pages need them: copies. What is being made is no fact yet, and stands apart."""

from django.db import models

from mingtang.core.wire import ERASED


class PaperRow(models.Model):
    key = models.CharField(max_length=60, primary_key=True)
    paper = models.CharField(max_length=16)  # PaperKind
    series = models.CharField(max_length=90)  # organ/word/year
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=300)  # 文号, or a licence's own number
    title = models.CharField(max_length=300)
    about = models.CharField(max_length=80)  # stream of what it states
    cause = models.BigIntegerField()  # entry of the act it states
    batch = models.CharField(max_length=20)
    organ = models.CharField(max_length=60)
    item = models.CharField(max_length=200)
    user = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    addressee = models.CharField(max_length=200)
    code = models.CharField(max_length=40)  # check code
    ordered_at = models.DateTimeField()
    ordered_index = models.BigIntegerField()
    issued_at = models.DateTimeField(null=True)
    issued_index = models.BigIntegerField(null=True)
    file = models.CharField(max_length=26)  # of the vault
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    size = models.BigIntegerField(null=True)
    seal_no = models.CharField(max_length=60)
    certificate = models.CharField(max_length=64)
    test = models.BooleanField(null=True)
    letter_no = models.CharField(max_length=120)
    sealed_by = models.CharField(max_length=40)  # whose mandate it was
    served_at = models.DateTimeField(null=True)
    served_index = models.BigIntegerField(null=True)
    served_how = models.CharField(max_length=12)
    recipient = models.CharField(max_length=200)
    served_by = models.CharField(max_length=40)
    last_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="one_paper_per_number"),
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=ERASED), name="one_paper_per_code"
            ),
        ]
        indexes = [
            models.Index(fields=["about", "ordered_index"], name="papers_about"),
            models.Index(fields=["batch", "ordered_index"], name="papers_of_batch"),
            models.Index(fields=["sha256"], name="papers_by_digest"),
            models.Index(fields=["file"], name="papers_by_file"),
            models.Index(fields=["seal_no", "-issued_index"], name="papers_by_seal"),
            models.Index(fields=["owner", "paper"], name="papers_of_owner"),
            models.Index(
                fields=["ordered_index"],
                name="papers_to_make",
                condition=models.Q(issued_at=None),
            ),
            models.Index(
                fields=["paper", "about"],
                name="papers_to_serve",
                condition=models.Q(served_at=None),
            ),
        ]


class ReadingRow(models.Model):
    """查阅: a member of staff opened a licence for a case. The holder sees this."""

    id = models.CharField(max_length=80, primary_key=True)  # <key>.<version>
    paper = models.CharField(max_length=60, db_index=True)
    reader = models.CharField(max_length=40)
    staff_no = models.CharField(max_length=40)
    organisation = models.CharField(max_length=60)
    case = models.CharField(max_length=20)
    purpose = models.TextField()
    read_at = models.DateTimeField()
    index = models.BigIntegerField()


class MakingRow(models.Model):
    """制作中: what stands in the way of a paper. Not a copy; gone once it is issued."""

    key = models.CharField(max_length=60, primary_key=True)
    attempts = models.PositiveIntegerField()
    code = models.CharField(max_length=60)  # of the last refusal
    facts = models.JSONField()
    tried_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)  # None: only when somebody asks for it


class KeptFileRow(models.Model):
    """A file kept for a paper and not known to be recorded. Not a copy.

    Written before the file is, so that whatever a killed worker leaves behind can be found
    without looking through the vault. Once it is given up, no paper may be issued with it.
    """

    file = models.CharField(max_length=26, primary_key=True)
    key = models.CharField(max_length=60)  # of the paper
    kept_at = models.DateTimeField()
    given_up = models.BooleanField(default=False)
