"""The public ledger (公开账本): its head, its entries, and how anybody checks them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.core import note
from mingtang.core.documents import parse_object
from mingtang.core.policy import NONE, Policy
from mingtang.core.strict import Malformed, format_base64
from mingtang.core.tlogproof import TlogProof, parse_proof
from mingtang.ledger import keys, queries, receipts, witnesses
from mingtang.portal import entries
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public
from mingtang.ui.pages import explain

LATEST = 20


@public("the ledger is there for everybody to check")
@require_safe
@kept_while_unchanged
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, what it means, the newest entries, and the verifier."""
    wanted = request.GET.get("entry", "").replace(",", "").strip()
    if wanted.isascii() and wanted.isdigit():
        return redirect("portal:entry", int(wanted[:15]))
    head, signed, size = queries.head(), queries.newest_checkpoint(), queries.size()
    context = {
        "head": head,
        "pending": signed if signed and (head is None or signed.size > head.size) else None,
        "unsigned": size - (signed.size if signed else 0),
        "lines": [entries.line(entry) for entry in queries.latest(LATEST)],
        "log_url": request.build_absolute_uri(reverse("ledger:checkpoint")).rpartition("/")[0],
        **_keys(),
    }
    return render(request, "portal/ledger.html", context)


@public("an entry shows its public face only")
@require_safe
@kept_while_unchanged
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry: what it says, what is sealed in it, and the proof that it is in the log."""
    found = queries.entry(index)
    if found is None:
        return explain(
            request,
            status=404,
            happened=_("账本里还没有这个序号"),
            kept=_("账本从 0 号开始，一条接一条，不会跳号，也不会删去。"),
            next_steps=[(_("看最新的记录"), reverse("portal:ledger"))],
            code="ledger.no-such-entry",
        )
    context = {
        "face": entries.face(found),
        "hash": format_base64(bytes(found.leaf)),
        "proof": _proof(index),
        "next": index + 1 if queries.size() > index + 1 else None,
        **_keys(),
    }
    return render(request, "portal/entry.html", context)


@public("a receipt that opens nothing that is sealed")
@require_safe
@kept_while_unchanged
def receipt(request: HttpRequest, index: int) -> HttpResponse:
    """The public receipt of an entry, as a file to keep."""
    document = receipts.receipt_file(index, disclose=())
    if document is None:
        raise Http404("no checkpoint covers this entry yet")
    return _file(document, "application/json", f"mingtang-{index}.receipt.json")


@public("who witnesses the log is what a checker needs to know")
@require_safe
@kept_while_unchanged
def policy(request: HttpRequest) -> HttpResponse:
    """The witness policy in the tlog-policy format, for the verifier's --policy."""
    return _file(_public_policy(), "text/plain; charset=utf-8", "mingtang.policy")


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(text, content_type=media_type, headers={"Content-Disposition": disposition})


def _proof(index: int) -> dict[str, Any] | None:
    """Return the parts of the public receipt's proof, None while no checkpoint covers it."""
    document = receipts.receipt_file(index, disclose=())
    if document is None:
        return None
    proof: TlogProof = parse_proof(parse_object(document)["proof"])
    size, root = note.parse_note(proof.checkpoint).text.split("\n")[1:3]
    return {
        "path": [format_base64(hash) for hash in proof.hashes],
        "size": int(size),
        "root": root,
        "note": proof.checkpoint,
    }


def _keys() -> dict[str, Any]:
    """Return what a checker needs: the log's key, and those of its witnesses."""
    rules = _policy()
    return {
        "vkey": _vkey(),
        "witness_keys": [note.format_vkey(w.key) for w in rules.witnesses.values()],
        "policy": _public_policy(),
        "quorum": rules.quorum != NONE,
    }


def _vkey() -> str:
    """Return the log's public key, empty on a copy of the site without it: the page says so."""
    try:
        return note.format_vkey(keys.public())
    except keys.KeyUnusable:
        return ""


def _policy() -> Policy:
    try:
        return witnesses.policy_in_force()
    except Malformed:
        return witnesses.NOBODY


def _public_policy() -> str:
    """Return the policy without the addresses its witnesses are asked at."""
    rules = _policy()
    vkey = _vkey()
    lines = [f"log {vkey}"] if vkey else []
    lines += [f"witness {name} {note.format_vkey(w.key)}" for name, w in rules.witnesses.items()]
    lines += [
        f"group {name} {group.threshold} {' '.join(group.members)}"
        for name, group in rules.groups.items()
    ]
    return "\n".join([*lines, f"quorum {rules.quorum}"]) + "\n"
