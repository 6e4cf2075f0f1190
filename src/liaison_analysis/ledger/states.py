"""Understand the words that bureaus use for the state of a demand.

``states.csv`` maps them to the schema's states, a line a state, with ``|`` between the words.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources
from typing import Final

# A word inside a longer text counts from this length on: 是 or 办结 may be part of anything.
_INSIDE: Final = 3
_LONGEST: Final = 40
_DECORATION: Final = re.compile(r"[\s。.!！;；,，:：()\[\]【】\"'“”●○■□▲◆·]+")


@functools.cache
def state_words() -> dict[str, str]:
    """State of the schema by each word that is known, longest words first.

    Examples
    --------
    >>> state_words()["持续跟踪"], len(state_words()) > 60
    ('solving', True)
    """
    text = resources.files("liaison_analysis.ledger").joinpath("states.csv").read_text(encoding="utf-8")
    words = {
        _plain(word): status
        for status, written in (line.split(",", 1) for line in text.splitlines()[1:] if line)
        for word in written.split("|")
    }
    return dict(sorted(words.items(), key=lambda item: (-len(item[0]), item[0])))


def _plain(written: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", written).casefold())


@functools.lru_cache(maxsize=8192)
def status_of(written: str, *, exact: bool = False) -> str | None:
    """State that a cell's words mean; None where they mean none, or several that differ.

    Parameters
    ----------
    written
        The cell.
    exact
        Whether the words must be all of the cell; else they may stand in a short sentence.

    Examples
    --------
    >>> status_of("正在推进"), status_of("√"), status_of("尚未办结。"), status_of("经协调，已办结")
    ('solving', 'settled', 'solving', 'settled')
    >>> status_of("不予受理"), status_of("解释说明") , status_of("下周再说") is None
    ('not accepted', 'cannot be solved', True)
    """
    words = state_words()
    plain = _plain(written)
    if plain in words:
        return words[plain]
    if exact or not plain or len(written) > _LONGEST:
        return None
    found: set[str] = set()
    rest = plain
    for word, status in words.items():
        if len(word) < _INSIDE:
            break
        if word in rest:
            found.add(status)
            rest = rest.replace(word, " ")
    return found.pop() if len(found) == 1 else None
