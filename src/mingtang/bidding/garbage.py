"""How often a process of the room looks for circles of objects (循环垃圾)."""

import gc

# A bid leaves no circles behind, and looking for some walks through everything that is remembered:
# at the interpreter's own pace that was a third of what a bid costs.
SELDOM = (50_000, 20, 100)


def look_seldom() -> None:
    """Leave out what is there now, and look for the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
