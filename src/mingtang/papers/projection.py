"""Paper events as rows. Only copies."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.core import papers
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row
from mingtang.papers.models import PaperRow, ReadingRow


def project(fact: Fact) -> Iterable[Row]:
    event: papers.Event = fact.event
    match event:
        case papers.PaperOrdered():
            yield Put(PaperRow, fact.key, _ordered(fact, event))
        case papers.PaperIssued():
            yield Change(PaperRow, fact.key, _issued(fact, event))
        case papers.PaperServed():
            yield Change(PaperRow, fact.key, _served(fact, event))
        case papers.PaperRead():
            yield Put(ReadingRow, f"{fact.key}.{fact.version}", _read(fact, event))
        case _:
            assert_never(event)


def _ordered(fact: Fact, event: papers.PaperOrdered) -> dict[str, Any]:
    return {
        "paper": event.paper,
        "series": event.series,
        "serial": event.serial,
        "number": event.number,
        "title": event.title,
        "about": event.about,
        "cause": event.cause,
        "batch": event.batch,
        "organ": event.organ,
        "item": event.item,
        "user": event.user,
        "owner": event.owner,
        "addressee": event.addressee,
        "code": event.code,
        "ordered_at": event.at,
        "ordered_index": fact.index,
        "issued_at": None,
        "issued_index": None,
        "file": "",
        "sha256": "",
        "sm3": "",
        "size": None,
        "seal_no": "",
        "certificate": "",
        "test": None,
        "letter_no": "",
        "sealed_by": "",
        "served_at": None,
        "served_index": None,
        "served_how": "",
        "recipient": "",
        "served_by": "",
        "last_index": fact.index,
    }


def _issued(fact: Fact, event: papers.PaperIssued) -> dict[str, Any]:
    use = event.use
    return {
        "issued_at": event.at,
        "issued_index": fact.index,
        "file": event.file.id,
        "sha256": event.file.sha256,
        "sm3": event.file.sm3,
        "size": event.file.size,
        "seal_no": use.seal_no,
        "certificate": use.certificate,
        "test": use.test,
        "letter_no": use.authority.letter_no,
        "sealed_by": use.authority.person,
        "last_index": fact.index,
    }


def _served(fact: Fact, event: papers.PaperServed) -> dict[str, Any]:
    return {
        "served_at": event.at,
        "served_index": fact.index,
        "served_how": event.how,
        "recipient": event.recipient,
        "served_by": event.by,
        "last_index": fact.index,
    }


def _read(fact: Fact, event: papers.PaperRead) -> dict[str, Any]:
    return {
        "paper": fact.key,
        "reader": event.reader.person,
        "staff_no": event.reader.staff_no,
        "organisation": event.reader.organisation,
        "case": event.case,
        "purpose": event.purpose,
        "read_at": event.at,
        "index": fact.index,
    }


PAPER = Subject("paper", papers.DECIDER, project, (PaperRow, ReadingRow))
