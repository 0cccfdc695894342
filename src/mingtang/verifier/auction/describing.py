"""What a checked record proves, in words, and what it does not."""

from collections.abc import Iterator

from mingtang.core.trading.banking import yuan_text
from mingtang.core.trading.lots.state import Closing, Status
from mingtang.verifier.auction.bidding import offers as bids_under_seal
from mingtang.verifier.auction.checking import Checked
from mingtang.verifier.receipt import describe_signers
from mingtang.verifier.words import Say, plain


def describe_auction(checked: Checked, say: Say) -> str:
    """Return in words what is proved, and what is not."""
    lines = [
        say("auction-valid"),
        *_facts(checked, say),
        *_outcome(checked, say),
        *_money(checked, say),
        *describe_signers(checked.opened, say),
        say("auction-unchecked"),
    ]
    return "\n".join(lines)


def _facts(checked: Checked, say: Say) -> Iterator[str]:
    state, head = checked.auction.lot, checked.checkpoint
    content, procedure = state.terms
    yield f"{say('log')}: {plain(head.origin)}"
    yield f"{say('size')}: {head.size}"
    yield f"{say('lot')}: {plain(checked.record.lot)} {plain(content.title)}"
    version = content.procedure_version
    yield f"{say('procedure')}: {plain(procedure.name)} ({plain(content.procedure)} {version})"
    yield f"{say('entries-checked')}: {len(checked.record.pieces)}"
    offers = len(bids_under_seal(checked.auction))
    yield f"{say('bids')}: {state.bids + offers}"
    yield f"{say('extensions')}: {state.extensions}"


def _outcome(checked: Checked, say: Say) -> Iterator[str]:
    state = checked.auction.lot
    if state.status is Status.STOPPED or state.closing is None:
        yield say("stopped")
        return
    closing = state.closing
    yield f"{say('ended')}: {closing.ended.isoformat()}"
    yield f"{say('verdict')}: {say('verdict-' + closing.verdict.value)}"
    yield from _awards(checked, closing, say)
    if closing.reserve_fen:
        yield f"{say('reserve')}: {yuan_text(closing.reserve_fen)} {say('yuan')}"


def _awards(checked: Checked, closing: Closing, say: Say) -> Iterator[str]:
    unit = checked.auction.lot.terms[0].unit
    for award in closing.awards:
        price = yuan_text(award.price_fen)
        got = f" × {award.quantity} {plain(unit)}" if unit else ""
        yield f"{say('winner')}: {award.paddle}, {price} {say('yuan')}{got}"


def _money(checked: Checked, say: Say) -> Iterator[str]:
    books = checked.books
    for name in ("arrived", "refunded", "forfeited", "transferred", "here"):
        yield f"{say('deposits-' + name)}: {yuan_text(getattr(books, name))} {say('yuan')}"
    if checked.auction.payments_late:
        yield say("payments-late", count=checked.auction.payments_late)
