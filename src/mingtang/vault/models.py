"""What may not be public or must be erasable: documents and drafts. Not projections.

The ledger holds salted digests of documents; the bytes, their names and the salts stay here,
where they can be erased without touching a proof.
"""

from django.db import models


class DocumentRow(models.Model):
    id = models.CharField(max_length=26, primary_key=True)  # random, not guessable
    owner = models.CharField(max_length=40, db_index=True)  # person id
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)  # found in the bytes, not in the name
    size = models.BigIntegerField()
    salt = models.CharField(max_length=64)  # hex
    sha256 = models.CharField(max_length=64)  # hex, of salt || bytes
    sm3 = models.CharField(max_length=64)  # hex, of salt || bytes
    kept_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class DraftRow(models.Model):
    """Typing that must not be lost: one draft per person and subject."""

    owner = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)  # e.g. "apply/<item>"
    content = models.TextField()  # JSON
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "subject"], name="one_draft_per_subject")
        ]
