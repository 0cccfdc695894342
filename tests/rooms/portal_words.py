"""A small hall to look at from outside: items, cases with a name to look for, a witness."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingtang.cases import actions as cases_actions
from mingtang.cases.projection import CASE
from mingtang.catalogue import actions as catalogue
from mingtang.core import cases, cosignature, note
from mingtang.core.cases import Applicant
from mingtang.core.catalogue import Category, key_of
from mingtang.core.wire import canonical
from mingtang.ledger import sequencer
from mingtang.ledger.models import Cosignature
from mingtang.ledger.orders import Order, Receipt
from tests.core.case_examples import ACCEPT, CHIEF, FILE, MANDATE, MONDAY, PLAIN, day
from tests.core.item_examples import item

WHO = {"by": "p-1", "at": MONDAY}
FOOD = key_of("DEMO-001")
LICENCE = item(topics=("food",), name_en="Food business licence")
CARD = item(
    code="DEMO-002",
    name="社保卡申领",
    summary="",
    name_en="",
    category=Category.SERVICE,
    item_type="20",
    department="social",
    department_name="演示人力资源和社会保障局",
    audience=("1",),
    topics=("social",),
    promised_days=0,
    steps=(),
    visits=1,
    visit_reason="本人核验身份",
    online_depth=3,
)
OLD = item(
    code="DEMO-003",
    name="演示资格认定",
    summary="",
    name_en="",
    category=Category.NON_LICENCE,
    item_type="10",
    topics=("business",),
    legacy=True,
)
# Whoever they belong to, they must be on no public page.
NOBODYS_BUSINESS = {
    "name": "演示隐名者",
    "id_number": "110101199003079999",
    "phone": "13877776666",
}
WITNESS = "audit.example/witness"


def catalogue_of(*contents):
    assert not [o for o in catalogue.import_items(contents, **WHO) if isinstance(o, Exception)]
    keys = [key_of(content.code) for content in contents]
    outcomes = catalogue.publish_items(keys, **WHO)
    assert {type(outcome) for outcome in outcomes} == {Receipt}, outcomes


def decided_case(number="MT-7K2P-9QXD"):
    """File, accept on Wednesday the 4th, decide on Friday the 6th: 2 of 20 days."""
    applicant = Applicant(kind="person", id="P-hidden", **NOBODYS_BUSINESS)
    form = canonical({"fields": {"premises": "演示隐名路 9 号"}})
    file = replace(FILE, applicant=applicant, form=form, terms=replace(PLAIN, item=FOOD))
    decide = cases.DecideCase(
        granted=True, reason="演示隐名理由", officer=CHIEF, mandate=MANDATE, at=day(3, 6)
    )
    orders = [Order(CASE, number, command) for command in (file, ACCEPT, decide)]
    outcomes = cases_actions.enact_many(orders)
    assert {type(outcome) for outcome in outcomes} == {Receipt}, outcomes
    return outcomes


def small_hall():
    catalogue_of(LICENCE, CARD, OLD)
    return decided_case()


def witness(settings, name=WITNESS):
    """Name a witness whose word is enough, and return what cosigns in its name."""
    secret = Ed25519PrivateKey.generate()
    public = secret.public_key().public_bytes_raw()
    key = note.ed25519_key(name, public, type=note.COSIGNATURE)
    vkey = note.format_vkey(key)
    settings.POLICY_FILE.write_text(
        f"witness audit {vkey} http://127.0.0.1:9/inside\nquorum audit\n", encoding="utf-8"
    )

    def cosign(checkpoint, at):
        text = note.parse_note(checkpoint.note).text
        line = cosignature.cosign(text, key=key, timestamp=int(at.timestamp()), signer=secret.sign)
        Cosignature.objects.create(
            size=checkpoint.size,
            witness=name,
            line=note.format_signatures([line]),
            cosigned_at=at,
        )

    return vkey, cosign


def published(settings, monkeypatch):
    """Sign, cosign and publish the head as it is. Return the witness's key."""
    vkey, cosign = witness(settings)
    monkeypatch.setattr(sequencer.witnesses, "cosign", lambda checkpoint: None)
    checkpoint = sequencer.advance(at=day(3, 9))
    cosign(checkpoint, day(3, 9, 10))
    sequencer.advance(at=day(3, 9))
    return vkey
