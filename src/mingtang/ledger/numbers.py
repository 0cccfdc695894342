"""Numbers nobody can guess: of cases, projects, persons, papers.

What a stream is named after stands in the public log, so it must tell nothing, and nobody may find
the next by counting. Drawn, two may meet: the ledger refuses the second of a kind.
"""

import secrets

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that reads like another
GROUP = 4  # signs, to be read out and typed


def drawn(length: int) -> str:
    """Return so many signs of five random bits each."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def in_groups(length: int) -> str:
    """Return so many signs in fours: "7K2P-9QXD"."""
    signs = drawn(length)
    return "-".join(signs[start : start + GROUP] for start in range(0, length, GROUP))


def drawn_number(prefix: str) -> str:
    """Return a number of 40 random bits: "MT-7K2P-9QXD"."""
    return f"{prefix}-{in_groups(8)}"
