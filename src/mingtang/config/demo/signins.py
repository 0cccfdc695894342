"""The accounts of the demonstration, as its page and the console show them."""

import json
from pathlib import Path

from django.conf import settings

from mingtang.config.demo import levels
from mingtang.config.demo.inhabitants import PASSWORD, Staff

SIGN_INS = "demo-signins.json"


def keep_sign_ins(staff: list[Staff]) -> None:
    """Write the sign-ins the demonstration page shows."""
    citizens = [
        ("citizen", "办事群众", "Citizen", "网上申请、看进度", "Applies, follows"),
        ("agent", "企业代理人", "Agent of enterprises", "替企业办事", "Files for enterprises"),
        (
            "agency",
            "中介机构代理人",
            "Agent of intermediaries",
            "入驻、报名、交付",
            "Signs up, delivers",
        ),
        ("bidder", "竞买人", "Bidder", "参加网上竞价", "Bids in online auctions"),
    ]
    lines = [
        {"role": zh, "role_en": en, "username": username, "what": what, "what_en": what_en}
        for username, zh, en, what, what_en in citizens
    ]
    for one in staff:
        assert one.shown is not None
        zh, en, what, what_en = one.shown
        lines.append(
            {"role": zh, "role_en": en, "username": one.username, "what": what, "what_en": what_en}
        )
    lines += levels.sign_ins()
    for line in lines:
        line["password"] = PASSWORD
    text = json.dumps(lines, ensure_ascii=False, indent=1)
    (Path(settings.HOME) / SIGN_INS).write_text(text, encoding="utf-8")


def print_sign_ins(counts: dict[str, int]) -> None:
    """Print what there is, and who can sign in."""
    lines = json.loads((Path(settings.HOME) / SIGN_INS).read_text(encoding="utf-8"))
    print("明州省（演示）: " + "  ".join(f"{name} {n}" for name, n in counts.items()))
    print(f"登录密码 password: {PASSWORD}")
    for line in lines:
        print(f"  {line['username']:<16} {line['role']} {line['role_en']}")
