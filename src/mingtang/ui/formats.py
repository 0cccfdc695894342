"""How values are written for people (显示格式): money, dates, sizes, fingerprints, masks.

Every function takes a plain value and returns text in the active language; an absent value
gives an empty text, so that a template need not ask first.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

CHINA = ZoneInfo("Asia/Shanghai")
FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


def number(value: int | None) -> str:
    """`1284655` as `1,284,655`."""
    return "" if value is None else f"{value:,}"


def yuan(fen: int | None) -> str:
    """Integer fen in yuan (元), always two decimals: `1234567` as `12,345.67 元`."""
    if fen is None:
        return ""
    return _("%(amount)s 元") % {"amount": _decimal(fen, FEN_PER_YUAN, places=2)}


def wan(fen: int | None) -> str:
    """Integer fen in ten thousands of yuan (万元), exact: at least two decimals, more if needed.

    English has no word for 万, so an English page gets the amount in yuan.
    """
    if fen is None:
        return ""
    if (get_language() or "").startswith("en"):
        return yuan(fen)
    return f"{_decimal(fen, FEN_PER_WAN, places=6)} 万元"


def _decimal(value: int, divisor: int, *, places: int) -> str:
    whole, rest = divmod(abs(value), divisor)
    decimals = f"{rest:0{places}d}".rstrip("0").ljust(2, "0")
    return f"{'-' if value < 0 else ''}{whole:,}.{decimals}"


def civil_date(day: date | str | None) -> str:
    """A civil day in China with its weekday: `2026-03-16（周一）`. A moment gives its day there."""
    if not day:
        return ""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    if isinstance(day, datetime):
        day = day.astimezone(CHINA).date()
    return _("%(date)s（%(weekday)s）") % {"date": day.isoformat(), "weekday": weekday(day)}


def weekday(day: date) -> str:
    """`周一` to `周日`."""
    return weekdays()[day.weekday()]


def weekdays() -> tuple[str, ...]:
    """The seven short names, Monday first (GB/T 7408)."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def moment(at: datetime | str | None) -> str:
    """A moment with offset, as China's clock shows it: `2026-03-16 10:04:12`."""
    if not at:
        return ""
    return _in_china(at).strftime("%Y-%m-%d %H:%M:%S")


def clock_time(at: datetime | str | None) -> str:
    """Only the time of day in China: `10:04:12`."""
    return "" if not at else _in_china(at).strftime("%H:%M:%S")


def _in_china(at: datetime | str) -> datetime:
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if at.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return at.astimezone(CHINA)


def masked(value: str | None, kind: str = "id") -> str:
    """Hide the middle of a personal value (脱敏).

    `id` keeps 3 + 4 (`110***********123X`), `phone` 3 + 4 (`138****5678`), `name` the family name.
    A value too short to keep both ends is hidden whole.
    """
    if not value:
        return ""
    if kind == "name":
        return value[0] + "*" * max(1, len(value) - 1)
    if kind not in ("id", "phone"):
        raise ValueError(f"no mask for {kind!r}")
    hidden = len(value) - 7
    return value[:3] + "*" * hidden + value[-4:] if hidden > 0 else "*" * len(value)


def fingerprint(digest: str | None) -> str:
    """The first 16 characters of a digest in fours, to compare by eye: `9f86-d081-884c-7d65`."""
    short = (digest or "")[:16]
    return "-".join(short[start : start + 4] for start in range(0, len(short), 4))


def file_size(size: int | None) -> str:
    """Bytes as a person reads them: `812 字节`, `1.5 KB`, `200.0 MB`."""
    if size is None:
        return ""
    if size < 1024:
        return pgettext("file size", "%(size)s 字节") % {"size": size}
    scale, unit = next(
        (scale, unit)
        for scale, unit in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))
        if size >= scale
    )
    tenths = (size * 10 + scale // 2) // scale
    return f"{tenths // 10:,}.{tenths % 10} {unit}"
