"""Options that many calls share, set once for a block of code."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import threading
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis

Language = Literal["zh", "en"]

_LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class _Options:
    engine: ibis.BaseBackend | None = None
    language: Language | None = None


_NOTHING_SET = _Options()

# A context variable, so that threads and asynchronous tasks do not set each other's options.
_CURRENT: ContextVar[_Options] = ContextVar("liaison_options", default=_NOTHING_SET)


@contextlib.contextmanager
def options(*, engine: ibis.BaseBackend | None = None, language: Language | None = None) -> Iterator[None]:
    """Set defaults for calls in a block; arguments of a call take precedence.

    Parameters
    ----------
    engine
        Ibis backend that carries out joins and counts, such as ``ibis.pyspark.connect(session)``; without
        it DuckDB in memory.
    language
        Language of reasons and texts, ``"zh"`` or ``"en"``.

    Raises
    ------
    ValueError
        Another language.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang, options, rank_introductions
    >>> with options(language="en"):
    ...     ranked = rank_introductions(load_liangjiang(), ["E001"], k=1)
    >>> ranked["reason"].str.contains("chain").item()
    True
    """
    if language is not None and language not in _LANGUAGES:
        raise ValueError(f"expected language 'zh' or 'en', got {language!r}")
    given: dict[str, Any] = {"engine": engine, "language": language}
    changed = replace(_CURRENT.get(), **{name: value for name, value in given.items() if value is not None})
    token = _CURRENT.set(changed)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def engine_for(engine: ibis.BaseBackend | None) -> ibis.BaseBackend:
    """Engine of a call: its argument, else that of the block, else this thread's DuckDB in memory.

    Examples
    --------
    >>> engine_for(None).name
    'duckdb'
    """
    chosen = _CURRENT.get().engine if engine is None else engine
    if chosen is not None:
        return chosen
    return _duckdb_of(threading.get_ident(), os.getpid())


# To connect takes a fiftieth of a second, and an analysis counts a hundred times. A connection is one
# thread's, and a process that was forked cannot use its parent's.
@functools.lru_cache(maxsize=8)
def _duckdb_of(thread: int, process: int) -> ibis.BaseBackend:  # noqa: ARG001 - what it is kept by
    import ibis

    # A connection that is still kept when Python ends is reported as a leak on the console.
    atexit.register(_duckdb_of.cache_clear)
    return ibis.duckdb.connect()


def language_for(language: Language | None, *, otherwise: Language = "zh") -> Language:
    """Language of a call: its argument, else that of the block, else ``otherwise``.

    Examples
    --------
    >>> language_for(None), language_for("en")
    ('zh', 'en')
    """
    return language or _CURRENT.get().language or otherwise
