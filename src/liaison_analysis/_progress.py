"""Progress of long steps: a progress bar, and messages in the log at the start and the end."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator, Sequence

_T = TypeVar("_T")


@contextlib.contextmanager
def long_step(logger: logging.Logger, what: str) -> Iterator[None]:
    """Log the start and the end of a step, with its duration; the end also where the step fails.

    Parameters
    ----------
    logger
        Logger of the calling module.
    what
        Name of the step.

    Examples
    --------
    >>> import logging
    >>> with long_step(logging.getLogger("liaison_analysis"), "mentions"):
    ...     pass
    """
    logger.info("%s: begins", what)
    began = time.perf_counter()
    try:
        yield
    finally:
        logger.info("%s: ends after %.1f s", what, time.perf_counter() - began)


def parts_of_step(
    logger: logging.Logger, what: str, parts: Sequence[_T], *, unit: str = "it", hidden: bool = False
) -> Iterator[_T]:
    """Iterate over the parts of a long step with a progress bar, and log its start and end.

    Parameters
    ----------
    logger, what
        As for ``long_step``; ``what`` is also the label of the bar.
    parts
        Items to iterate over.
    unit
        Unit of the bar.
    hidden
        Whether to show no bar, such as for a single part.

    Examples
    --------
    >>> import logging
    >>> list(parts_of_step(logging.getLogger("liaison_analysis"), "mentions", ["a", "b"], hidden=True))
    ['a', 'b']
    """
    from tqdm import tqdm

    with long_step(logger, what):
        yield from tqdm(parts, desc=what, unit=unit, disable=hidden)
