"""Halls and the numbers of their queues as pages need them: copies, `rebuild` makes them anew."""

from django.db import models


class HallRow(models.Model):
    """大厅: with the rules that hold now."""

    key = models.CharField(max_length=60, primary_key=True)  # code of its centre
    name = models.CharField(max_length=100)
    rules = models.TextField()  # canonical JSON of HallRules
    windows = models.JSONField()  # offices
    arranged_by = models.CharField(max_length=40)
    arranged_at = models.DateTimeField()
    last_index = models.BigIntegerField()


class TicketRow(models.Model):
    """一个号: who holds it is here and not in the public log."""

    key = models.CharField(max_length=90, primary_key=True)  # hall.day.number
    hall = models.CharField(max_length=60)
    day = models.DateField()
    number = models.CharField(max_length=8)
    serial = models.PositiveIntegerField()
    moment = models.DateTimeField()  # its place in the queue
    booked = models.BooleanField()
    stage = models.CharField(max_length=12)
    window = models.CharField(max_length=60)  # where it was called last
    wants = models.CharField(max_length=60)  # the window it waits for; empty: any
    page_key = models.CharField(max_length=40)
    visitor = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=40)
    purposes = models.JSONField()  # what they come for: items with their topics
    channel = models.CharField(max_length=8)
    taken_at = models.DateTimeField()
    taken_index = models.BigIntegerField()  # last entry of its taking
    calls = models.PositiveIntegerField()
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["hall", "day", "stage", "moment"], name="tickets_in_line"),
            models.Index(fields=["page_key"], name="tickets_by_page"),
            models.Index(fields=["visitor", "day"], name="tickets_of_visitor"),
            models.Index(fields=["taken_index"], name="tickets_by_taking"),
        ]
