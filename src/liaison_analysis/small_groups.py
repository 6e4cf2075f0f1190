"""A ledger in which no group of enterprises is so small that a figure tells of one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis.privacy import suppress_small_groups
from liaison_analysis.schema import TABLES

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

# Columns of words that figures are counted by, in every table that has them: one and the same officer or
# owner may not be told apart in one table and suppressed in the next.
_GROUPED: Final = ("town", "category", "industry_code", "owner", "officer_id")


def without_small_groups(ledger: Ledger, *, least: int = 3) -> Ledger:
    """Put together towns, categories, industries, owners and officers that have few enterprises.

    What is worked out from such a ledger shows no figure of a single town, category, industry, owner or
    officer with fewer than ``least`` enterprises, since there is none (``suppress_small_groups``). Clauses
    of policies keep their towns: they are no groups of enterprises.

    Parameters
    ----------
    ledger
        Any ledger.
    least
        Fewest enterprises of a group that is shown; at least 2.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> shown = without_small_groups(load_liangjiang(), least=3)
    >>> bool(shown.enterprises.groupby("town").size().min() >= 3)
    True
    """
    if least < 2:
        raise ValueError(f"expected least of 2 or more, got {least!r}; every group has a member")
    frames = {name: frame.copy() for name, frame in ledger.tables.items()}
    for column in _GROUPED:
        held = [name for name, frame in frames.items() if {"enterprise_id", column} <= set(frame)]
        both = pd.concat([frames[name][["enterprise_id", column]] for name in held], ignore_index=True)
        shown = suppress_small_groups(both[column], both["enterprise_id"], least=least).astype("str")
        at = 0
        for name in held:
            n = len(frames[name])
            frames[name][column] = shown.iloc[at : at + n].to_numpy()
            frames[name][column] = frames[name][column].astype("str")
            at += n
    # Rows of a key that became one are one: an officer's link among others' to the same enterprise.
    frames = {
        name: frame.drop_duplicates(list(TABLES[name].key), ignore_index=True)
        for name, frame in frames.items()
    }
    return replace(ledger, **frames)  # type: ignore[arg-type]  # each is named as its table
