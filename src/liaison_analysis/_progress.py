"""Long steps: a bar for whoever watches, begin and end in the log for whoever reads it later."""

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
    """Log when a step begins and ends, with its seconds; one that fails ends too.

    Parameters
    ----------
    logger
        That of the module that takes the step.
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
    """Go through the parts of a long step, with a bar and with its begin and end in the log.

    Parameters
    ----------
    logger, what
        As for ``long_step``; the bar is called the same.
    parts
        What the step is made of.
    unit
        What the bar counts.
    hidden
        Whether the bar is left out, as where there is one part.

    Examples
    --------
    >>> import logging
    >>> list(parts_of_step(logging.getLogger("liaison_analysis"), "mentions", ["a", "b"], hidden=True))
    ['a', 'b']
    """
    from tqdm.auto import tqdm

    with long_step(logger, what):
        yield from tqdm(parts, desc=what, unit=unit, disable=hidden)
