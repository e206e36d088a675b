"""The garbage collector, tuned for a process that keeps a large index for long and makes few cycles.

The values that every turn makes (contacts, conversations, messages, decisions) hold only other values, so none can be
part of a cycle: their classes say ``gc=False``, and the collector never looks at them. A class that could lead back to
itself, over a list, a future or a callback, must not say so.
"""

import gc

YOUNG = 20_000
"""Objects made and not freed that lead to a look at the young ones; Python's own 700 means one each few messages."""
MIDDLE = 20
OLD = 20


def settle() -> None:
    """Leave all that lives now out of every later collection, and look for cycles less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def keep() -> None:
    """Leave all that lives now out of every later collection, without a pause: for a new edition of the index."""
    gc.freeze()
