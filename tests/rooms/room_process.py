"""A bidding room in a process of its own: python -m tests.rooms.room_process PORT"""

import sys

import django

django.setup()

from mingtang.config import serving  # noqa: E402

if __name__ == "__main__":
    serving.bidding(host="127.0.0.1", port=int(sys.argv[1]))
    serving.leave()
