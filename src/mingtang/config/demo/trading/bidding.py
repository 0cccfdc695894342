"""The auction that is going on, and what the bidders' own process is handed."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from mingtang.config.demo.trading.floor import (
    DAY,
    MINUTE,
    WAN,
    Crew,
    Hand,
    Offered,
    land_facts,
    offered,
    times_of,
)
from mingtang.config.serving import BIDDERS
from mingtang.core.trading.lots.terms import LotContent
from mingtang.trading.actions import hosting

SOON = timedelta(seconds=20)  # from opening the demonstration to its timed part


def open_live(who: Crew, team: Sequence[Hand], *, now: datetime, no: int) -> Offered:
    """Open a lot that is about to enter its timed part; the last of the team can sign in."""
    closes = now + SOON
    noticed, opens = closes - 32 * DAY, closes - 11 * DAY
    content = LotContent(
        no=1,
        title=f"云岭市观澜区演示挂G（2026）{no:02}号地块国有建设用地使用权",
        facts=land_facts(no),
        procedure="land-listing",
        procedure_version=1,
        times=times_of("land-listing", noticed=noticed, opens=opens, closes=closes),
        start_fen=12_000 * WAN,
        step_fen=100 * WAN,
        deposit_fen=2_400 * WAN,
    )
    lot = offered(
        who,
        kind="B02",
        title=f"云岭市观澜区演示挂G（2026）{no:02}号地块使用权挂牌出让",
        seller="云岭市自然资源局（演示）",
        number=f"明交告字〔2026〕第{100 + no:03}号（演示）",
        noticed=noticed,
        content=content,
        bidders=team,
    )
    price, at = content.start_fen, opens + 2 * DAY
    for number in range(6):
        lot.bid(team[number % 4], price, at, ref=f"demo-live-{no}-free-{number:04}")
        price += content.step_fen
        at += timedelta(hours=29)
    for host in who.hosts:
        hosting.enter_reserve(lot=lot.lot, amount_fen=12_500 * WAN, by=host, at=now - 10 * MINUTE)
    return lot


def keep(who: Crew, team: Sequence[Hand]) -> None:
    """Keep who bids by themselves, with their keys, where only this installation reads them."""
    said = {
        "crew": {
            "officer": who.officer,
            "manager": who.manager,
            "hosts": list(who.hosts),
            "treasurers": list(who.treasurers),
        },
        "hands": [
            {
                "person": hand.person,
                "name": hand.name,
                "id_number": hand.id_number,
                "phone": hand.phone,
                "key": hand.key.private_bytes(
                    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
                ).decode(),
            }
            for hand in team
        ],
    }
    path = kept_at()
    path.touch(mode=0o600)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def kept_at() -> Path:
    return Path(settings.HOME) / "keys" / BIDDERS


def kept() -> tuple[Crew, list[Hand]] | None:
    """Return who bids by themselves; None where this is no demonstration."""
    path = kept_at()
    if not path.exists():
        return None
    said = json.loads(path.read_text(encoding="utf-8"))
    pairs = {name: tuple(said["crew"][name]) for name in ("hosts", "treasurers")}
    crew_said = said["crew"] | pairs
    team = [
        Hand(**{**one, "key": load_pem_private_key(one["key"].encode(), None)})
        for one in said["hands"]
    ]
    return Crew(**crew_said), team
