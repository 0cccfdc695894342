"""What a day's queue is called, and what is asked of whoever takes a number."""

from datetime import date
from enum import StrEnum

LONGEST = 40  # signs of a name or a phone number
MOST_ITEMS = 5  # somebody may come for at once


class Channel(StrEnum):
    COUNTER = "counter"  # 现场
    ONLINE = "online"  # 网上


def stream_key(hall: str, day: date) -> str:
    """Return the key of the stream that holds a hall's day."""
    return f"{hall}.{day:%Y%m%d}"
