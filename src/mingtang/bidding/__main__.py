"""The process that writes for a room: started by it, and of no use to anybody else."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.config.settings")
django.setup()

from mingtang.bidding.writing import write_until_the_room_goes  # noqa: E402

write_until_the_room_goes()
