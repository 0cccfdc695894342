"""The log. Entries are only ever inserted; `LedgerHead` is the one row that moves."""

from django.db import models


class LedgerEntry(models.Model):
    index = models.BigIntegerField(primary_key=True)  # leaf index, dense from 0
    stream = models.CharField(max_length=80)  # e.g. "case/7K2P9QXD"
    version = models.PositiveIntegerField()  # place within the stream, from 1
    kind = models.CharField(max_length=60)
    body = models.BinaryField()  # exactly the bytes that were hashed: the public face
    leaf = models.BinaryField()  # 32 bytes
    once = models.CharField(
        max_length=64, null=True, unique=True
    )  # digest: a retry finds its first act

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "version"], name="one_event_per_version")
        ]


class Opened(models.Model):
    """Salt and value of one sealed field. Erasable: the entry and its proofs stand without it."""

    pk = models.CompositePrimaryKey("index", "name")
    index = models.BigIntegerField()
    name = models.CharField(max_length=60)
    salt = models.CharField(max_length=44)
    value = models.TextField()


class TreeNode(models.Model):
    """Root of a full tile (levels 8, 16, ...). What lies below is recomputed from leaves."""

    pk = models.CompositePrimaryKey("level", "n")
    level = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    hash = models.BinaryField()


class LedgerHead(models.Model):
    size = models.BigIntegerField(default=0)
    edge = models.BinaryField(default=b"")  # 32 bytes per complete subtree, largest first


class Checkpoint(models.Model):
    """A signed tree head. Written once, by compare-and-swap against the one before it."""

    size = models.BigIntegerField(primary_key=True)
    previous = models.BigIntegerField(unique=True)  # two sequencers cannot follow the same one
    note = models.TextField()  # the signed note, as the log signed it
    signed_at = models.DateTimeField()


class Cosignature(models.Model):
    """One witness's line under a checkpoint, kept only after it was checked."""

    pk = models.CompositePrimaryKey("size", "witness")
    size = models.BigIntegerField()
    witness = models.CharField(max_length=120)
    line = models.TextField()
    cosigned_at = models.DateTimeField()


class Place(models.Model):
    """How far one reader of the ledger has come: its next index."""

    reader = models.CharField(max_length=60, primary_key=True)
    index = models.BigIntegerField(default=0)


class SetAside(models.Model):
    """An entry a reader failed on and went past. It is shown to it again until it is done."""

    pk = models.CompositePrimaryKey("reader", "index")
    reader = models.CharField(max_length=60)
    index = models.BigIntegerField()
