"""Seals as pages need them: a projection, `rebuild` makes it. The keys are in no table."""

from django.db import models


class SealRow(models.Model):
    key = models.CharField(max_length=70, primary_key=True)  # <organ>-<n>
    seal_no = models.CharField(max_length=40)
    organ = models.CharField(max_length=60, db_index=True)
    organ_name = models.CharField(max_length=200)
    name = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64, db_index=True)  # SHA-256, hex
    issuer = models.CharField(max_length=500)
    sealer = models.CharField(max_length=20)
    test = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    custodian = models.CharField(max_length=12, db_index=True)
    standing = models.CharField(max_length=12)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_index = models.BigIntegerField()
    kept_since = models.DateTimeField()  # when the custodian received it
    changed_by = models.CharField(max_length=40)  # of the last change of its standing
    changed_at = models.DateTimeField(null=True)
    changed_index = models.BigIntegerField(null=True)
    change_reason = models.TextField()
    last_index = models.BigIntegerField()
