"""How many processors this process may use."""

from __future__ import annotations

import os


def usable_processors() -> int:
    """Count the processors that this process may use; two where the system does not say.

    Examples
    --------
    >>> usable_processors() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
